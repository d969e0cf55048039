"""XQuAD with Romanian, the twelve languages of XTREME-R."""

from dataclasses import replace

from replicate.data import languages
from replicate.tasks import xquad

TASK = replace(
    xquad.TASK, name="xquad_ro", title="XQuAD (XTREME-R)", trains_on=("squad",), languages=languages.XQUAD_R
)

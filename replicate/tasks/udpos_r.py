"""UDPOS with the longer language list of XTREME-R (38)."""

from dataclasses import replace

from replicate.data import languages
from replicate.tasks import udpos

TASK = replace(
    udpos.TASK,
    name="udpos_r",
    title="POS (XTREME-R)",
    trains_on=("udpos",),
    languages=languages.UDPOS_R,
    header=replace(
        udpos.TASK.header,
        source="Universal Dependencies v2.7 for lt, pl, ro, uk, wo; v2.5 for the rest",
        hub="google/xtreme (udpos.<Language>) for 33; the five of XTREME-R from a folder",
    ),
)

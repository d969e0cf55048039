"""Tatoeba with the 41 languages of XTREME-R."""

from dataclasses import replace

from replicate.data import languages
from replicate.tasks import tatoeba

TASK = replace(tatoeba.TASK, name="tatoeba_r", title="Tatoeba (XTREME-R)", languages=languages.TATOEBA_R)

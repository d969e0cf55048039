"""Tatoeba: the nearest translation of an English sentence, in 36 languages; no training."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read_pool import parallel
from replicate.tasks.task import Header, Task

_OBTAIN = (
    "az, lt, pl, ro and uk (XTREME-R) are not in google/xtreme but in facebookresearch/LASER, data/tatoeba/v1"
)
_TEST = Part(
    "tatoeba",
    "{lang}",
    "validation",
    (HubSplit("google/xtreme", "tatoeba.{iso3}", "validation"),),
    _OBTAIN,
    ("source_sentence", "target_sentence"),
)

TASK = Task(
    name="tatoeba",
    title="Tatoeba",
    kind="retrieval",
    role="target",
    group="retrieval",
    read=parallel,
    splits={"test": (_TEST,)},
    metric="retrieval",
    primary="acc",
    languages=languages.TATOEBA,
    header=Header(
        source="Artetxe and Schwenk 2019, Massively Multilingual Sentence Embeddings (data/tatoeba/v1 of LASER)",
        licence="CC BY 2.0 FR",
        hub="google/xtreme (tatoeba.<iso3>)",
        sizes="205 (jv) to 1,000 pairs per language; the hub calls the only split validation",
        traps=(
            "sentences end in a newline on the hub; it is cut off",
            "direction: for each English sentence its nearest foreign one, never the reverse",
            "there is no dev split: layer and pooling cannot be selected without touching the report",
            "XTREME-R fine-tunes on SQuAD before Tatoeba, XTREME does not",
        ),
    ),
)

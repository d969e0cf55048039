"""UDPOS: universal part-of-speech tags, trained on English, in 33 (XTREME) or 38 (XTREME-R) languages."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read import tags
from replicate.tasks.task import Header, Task

LABELS = (
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
)  # fmt: skip
_OBTAIN = (
    "google/xtreme has no such split; lt, pl, ro, uk and wo are in UD v2.7 only (XTREME-R): convert them"
)


def _part(split: str) -> Part:
    hub = HubSplit("google/xtreme", "udpos.{ud}", split)
    return Part("udpos", "{lang}", split, (hub,), _OBTAIN, ("tokens", "pos_tags"))


TASK = Task(
    name="udpos",
    title="POS",
    kind="tag",
    role="target",
    group="tagging",
    read=tags("tokens", "pos_tags"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="chunk_f1",
    primary="f1",
    labels=LABELS,
    languages=languages.UDPOS,
    header=Header(
        source="Universal Dependencies v2.5 (Nivre et al. 2020), as sampled by XTREME",
        licence="by treebank, mostly CC BY-SA 4.0",
        hub="google/xtreme (udpos.<Language>)",
        sizes="train 21,253 (English); dev 3,974 (English); test 47 to 22,458",
        traps=(
            "Kazakh, Tagalog, Thai and Yoruba have no dev split",
            "XTREME's F1 is seqeval 0.0.12's chunk F1 over bare tags: neighbouring equal tags merge, and the first"
            " letter of INTJ, SCONJ, SYM, ... acts as a chunk prefix; seqeval >= 0.0.19 gives other numbers",
        ),
    ),
)

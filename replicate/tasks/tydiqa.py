"""TyDiQA-GoldP: questions written by speakers of nine languages without seeing the answer."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read_span import COLUMNS, spans
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    hub = HubSplit("google/xtreme", "tydiqa", split, keep=("id", "{tydiqa}-"))
    return Part("tydiqa", "{lang}", split, (hub,), columns=COLUMNS)


_GOLD = (_part("validation"),)

TASK = Task(
    name="tydiqa",
    title="TyDiQA-GoldP",
    kind="span",
    role="target",
    group="qa",
    read=spans(),
    splits={"train": (_part("train"),), "dev": _GOLD, "test": _GOLD},
    metric="squad",
    primary="score",
    languages=languages.TYDIQA,
    header=Header(
        source="Clark et al. 2020, TyDi QA; gold passage task",
        licence="Apache-2.0",
        hub="google/xtreme (tydiqa); also google-research-datasets/tydiqa (secondary_task)",
        sizes="train 3,696 (English, of 49,881); test 113 (bn) to 921 (ar)",
        traps=(
            "all languages lie in one configuration: the language is the id up to the first '-'",
            "dev is test: selection and report share data, as in v1",
            "XTREME's preprocessing cuts training ids so that they are no longer unique; here they are whole",
            "scored with the English normaliser in every language",
        ),
    ),
)

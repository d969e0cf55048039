"""XNLI: inference in fifteen languages; trained on MNLI."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks import mnli
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    return Part("xnli", "{lang}", split, (HubSplit("facebook/xnli", "{lang}", split),), columns=mnli.COLUMNS)


TASK = Task(
    name="xnli",
    title="XNLI",
    kind="pair",
    role="target",
    group="classification",
    read=pairs("premise", "hypothesis", "label"),
    splits={"train": mnli.TASK.splits["train"], "dev": (_part("validation"),), "test": (_part("test"),)},
    trains_on=("mnli",),
    metric="accuracy",
    primary="acc",
    labels=mnli.LABELS,
    languages=languages.XNLI,
    header=Header(
        source="Conneau et al. 2018, XNLI: Evaluating Cross-lingual Sentence Representations",
        licence="CC BY-NC 4.0",
        hub="facebook/xnli (one configuration per language)",
        sizes="dev 2,490 and test 5,010 per language; training rows are MNLI's 392,702",
        traps=(
            "the training splits of the other languages are machine translations: not zero-shot",
            "google/xtreme XNLI has all languages in one configuration and no training split",
        ),
    ),
)

"""QQP: are two questions on Quora duplicates?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("not_duplicate", "duplicate")


def _part(split: str) -> Part:
    return Part(
        "qqp",
        "qqp",
        split,
        (HubSplit("nyu-mll/glue", "qqp", split),),
        columns=("question1", "question2", "label"),
    )


TASK = Task(
    name="qqp",
    title="QQP",
    kind="pair",
    role="intermediate",
    read=pairs("question1", "question2", "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    label_texts=("different", "duplicate"),
    header=Header(
        source="Quora 2017, First Quora Dataset Release: Question Pairs (as in GLUE)",
        licence="Quora terms of service",
        hub="nyu-mll/glue (qqp)",
        sizes="train 363,846; validation 40,430; test 390,965 without labels",
        traps=(
            "test labels are -1: no test split is offered",
            "classes are unbalanced (37 % duplicates): majority accuracy is 0.63",
        ),
    ),
)

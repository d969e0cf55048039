"""HellaSwag: which of four endings continues the context?"""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices, listed
from replicate.tasks.task import Header, Task


def _endings(table: Table) -> list[tuple[str, ...]]:
    return listed(table, "endings", 4, "HellaSwag has four")


def _part(split: str) -> Part:
    return Part(
        "hellaswag",
        "default",
        split,
        (HubSplit("Rowan/hellaswag", "default", split),),
        columns=("ctx", "endings", "label"),
    )


TASK = Task(
    name="hellaswag",
    title="HellaSwag",
    kind="choice",
    role="intermediate",
    read=choices("ctx", None, _endings, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=("0", "1", "2", "3"),
    header=Header(
        source="Zellers et al. 2019, HellaSwag: Can a Machine Really Finish Your Sentence?",
        licence="MIT",
        hub="Rowan/hellaswag (default)",
        sizes="train 39,905; validation 10,042; test 10,003 without labels",
        traps=(
            "the label is a string, '0' to '3', and '' in test",
            "`ind` is not unique and no row key",
            "half of validation is out of domain (split_type), training is in domain only",
        ),
    ),
)

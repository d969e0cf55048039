"""Social IQa: three-way choice about people's motives; the first training stage of XCOPA in XTREME-R."""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices
from replicate.tasks.task import Header, Task

_ANSWERS = ("answerA", "answerB", "answerC")


def _options(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*table.need(*_ANSWERS), strict=True))


def _part(split: str) -> Part:
    hub = HubSplit("lighteval/siqa", "default", split)
    return Part("social_i_qa", "default", split, (hub,), columns=("context", "question", *_ANSWERS, "label"))


TASK = Task(
    name="siqa",
    title="Social IQa",
    kind="choice",
    role="intermediate",
    read=choices("context", "question", _options, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=("1", "2", "3"),
    header=Header(
        source="Sap et al. 2019, Social IQa",
        licence="CC BY 4.0",
        hub="lighteval/siqa (default), equal to allenai/social_i_qa, which is a refused loading script",
        sizes="train 33,410; validation 1,954",
        traps=("the label is a string, '1' to '3'",),
    ),
)

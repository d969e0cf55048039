"""COPA: which of two alternatives is the cause or the effect? Second training stage of XCOPA in XTREME-R."""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices
from replicate.tasks.task import Header, Reader, Task

COLUMNS = ("premise", "choice1", "choice2", "question", "label")
PHRASE = {"cause": "What was the cause?", "effect": "What was the effect?"}


def _options(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*table.need("choice1", "choice2"), strict=True))


READ: Reader = choices("premise", "question", _options, "label", PHRASE)


def _part(split: str) -> Part:
    return Part("copa", "copa", split, (HubSplit("aps/super_glue", "copa", split),), columns=COLUMNS)


TASK = Task(
    name="copa",
    title="COPA",
    kind="choice",
    role="intermediate",
    read=READ,
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=("choice1", "choice2"),
    header=Header(
        source="Roemmele, Bejan and Gordon 2011, Choice of Plausible Alternatives (as in SuperGLUE)",
        licence="BSD-2-Clause",
        hub="aps/super_glue (copa)",
        sizes="train 400; validation 100; test 500 without labels",
        traps=("test labels are -1",),
    ),
)

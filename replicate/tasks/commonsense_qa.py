"""CommonsenseQA: five-way choice without a context."""

from analysis.errors import InputError, Problem
from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices
from replicate.tasks.task import Header, Task

LETTERS = ("A", "B", "C", "D", "E")


def _options(table: Table) -> list[tuple[str, ...]]:
    (several,) = table.need("choices")
    rows: list[tuple[str, ...]] = []
    for row, choice in enumerate(several):
        if tuple(choice["label"]) != LETTERS:
            raise InputError(
                Problem(f"row {row}: options are lettered {choice['label']}", "expected A to E", table.origin)
            )
        rows.append(tuple(choice["text"]))
    return rows


def _part(split: str) -> Part:
    return Part(
        "commonsense_qa",
        "default",
        split,
        (HubSplit("tau/commonsense_qa", "default", split),),
        columns=("question", "choices", "answerKey"),
    )


TASK = Task(
    name="commonsense_qa",
    title="CommonsenseQA",
    kind="choice",
    role="intermediate",
    read=choices(None, "question", _options, "answerKey"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LETTERS,
    header=Header(
        source="Talmor et al. 2019, CommonsenseQA",
        licence="MIT",
        hub="tau/commonsense_qa (default)",
        sizes="train 9,741; validation 1,221; test 1,140 without labels",
        traps=("answerKey is '' in test", "choices is a struct of two lists, not a list of structs"),
    ),
)

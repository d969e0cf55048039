"""Cosmos QA: four-way choice that needs commonsense reading of blog posts."""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices
from replicate.tasks.task import Header, Task

_ANSWERS = ("answer0", "answer1", "answer2", "answer3")


def _options(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*table.need(*_ANSWERS), strict=True))


def _part(split: str) -> Part:
    hub = HubSplit(
        "allenai/cosmos_qa", None, split, "refs/convert/parquet", files=f"default/{split}/*.parquet"
    )
    return Part("cosmos_qa", "default", split, (hub,), columns=("context", "question", *_ANSWERS, "label"))


TASK = Task(
    name="cosmos_qa",
    title="Cosmos QA",
    kind="choice",
    role="intermediate",
    read=choices("context", "question", _options, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=("0", "1", "2", "3"),
    header=Header(
        source="Huang et al. 2019, Cosmos QA: Machine Reading Comprehension with Contextual Commonsense",
        licence="CC BY 4.0",
        hub="allenai/cosmos_qa at refs/convert/parquet (main is a loading script, refused by datasets >= 4)",
        sizes="train 25,262; validation 2,985; test 6,963 without labels",
        traps=(
            "v1 of the paper prints 25,588 / 3,000; the release has 25,262 / 2,985",
            "test labels are -1",
        ),
    ),
)

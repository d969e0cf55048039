"""SciTail: does a web sentence entail a science statement?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("entails", "neutral")


def _part(split: str) -> Part:
    hub = HubSplit(
        "allenai/scitail", None, split, "refs/convert/parquet", files=f"tsv_format/{split}/*.parquet"
    )
    return Part("scitail", "tsv_format", split, (hub,), columns=("premise", "hypothesis", "label"))


TASK = Task(
    name="scitail",
    title="SciTail",
    kind="pair",
    role="intermediate",
    read=pairs("premise", "hypothesis", "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Khot, Sabharwal and Clark 2018, SciTail",
        licence="Apache-2.0 (code and data page)",
        hub="allenai/scitail (tsv_format) at refs/convert/parquet",
        sizes="train 23,097; validation 1,304; test 2,126",
        traps=("the label is a string: entails or neutral",),
    ),
)

"""SST-2: is a sentence of a film review positive?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("negative", "positive")


def _part(split: str) -> Part:
    return Part(
        "sst2", "sst2", split, (HubSplit("nyu-mll/glue", "sst2", split),), columns=("sentence", "label")
    )


TASK = Task(
    name="sst2",
    title="SST-2",
    kind="pair",
    role="intermediate",
    read=pairs("sentence", None, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Socher et al. 2013, Recursive Deep Models for Semantic Compositionality (as in GLUE)",
        licence="not stated",
        hub="nyu-mll/glue (sst2)",
        sizes="train 67,349; validation 872; test 1,821 without labels",
        traps=(
            "training rows are phrases cut out of the sentences, validation rows are whole sentences",
            "sentences end in a blank",
            "test labels are -1: no test split is offered",
        ),
    ),
)

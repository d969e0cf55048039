"""BoolQ: does a passage say yes to a naturally asked question?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("False", "True")


def _part(split: str) -> Part:
    hub = HubSplit("aps/super_glue", "boolq", split)
    return Part("boolq", "boolq", split, (hub,), columns=("question", "passage", "label"))


TASK = Task(
    name="boolq",
    title="BoolQ",
    kind="pair",
    role="intermediate",
    read=pairs("question", "passage", "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    label_texts=("no", "yes"),
    header=Header(
        source="Clark et al. 2019, BoolQ (as in SuperGLUE)",
        licence="CC BY-SA 3.0",
        hub="aps/super_glue (boolq)",
        sizes="train 9,427; validation 3,270; test 3,245 without labels",
        traps=(
            "62 % of the answers are yes",
            "google/boolq has a boolean column `answer` instead of the label",
        ),
    ),
)

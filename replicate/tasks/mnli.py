"""MNLI: natural-language inference over ten genres; the English training set of XNLI."""

from replicate.data.languages import XNLI
from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("entailment", "neutral", "contradiction")
COLUMNS = ("premise", "hypothesis", "label")
_OBTAIN = "translate the training rows and put them there; facebook/xnli has them in: " + ", ".join(
    code for code in XNLI if code != "en"
)
TRAIN = Part("mnli", "mnli", "train", (HubSplit("nyu-mll/glue", "mnli", "train"),), columns=COLUMNS)

TASK = Task(
    name="mnli",
    title="MNLI",
    kind="pair",
    role="intermediate",
    read=pairs("premise", "hypothesis", "label"),
    splits={
        "train": (TRAIN,),
        "dev": (
            Part(
                "mnli",
                "mnli",
                "validation_matched",
                (HubSplit("nyu-mll/glue", "mnli", "validation_matched"),),
                columns=COLUMNS,
            ),
        ),
    },
    translated=(
        Part(
            "mnli", "mnli.{lang}", "train", (HubSplit("facebook/xnli", "{lang}", "train"),), _OBTAIN, COLUMNS
        ),
    ),
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Williams, Nangia and Bowman 2018, A Broad-Coverage Challenge Corpus",
        licence="OANC, CC BY 3.0, CC BY-SA 3.0, MIT or public domain, by genre",
        hub="nyu-mll/glue (mnli)",
        sizes="train 392,702; validation_matched 9,815; validation_mismatched 9,832",
        traps=(
            "test_matched and test_mismatched have label -1 everywhere: no test split is offered",
            "hypothesis-only baselines reach 0.53 to 0.55 (Poliak et al. 2018; Gururangan et al. 2018)",
        ),
    ),
)

"""Adversarial MNLI: premises and hypotheses that people and algorithms rewrote so that models err."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.mnli import COLUMNS, LABELS
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task


def _part(config: str, hub: str) -> Part:
    return Part(
        "adv_glue",
        config,
        "validation",
        (HubSplit("AI-Secure/adv_glue", hub, "validation"),),
        columns=COLUMNS,
    )


TASK = Task(
    name="adv_mnli",
    title="AdvGLUE MNLI",
    kind="pair",
    role="target",
    group="classification",
    read=pairs("premise", "hypothesis", "label"),
    splits=dict.fromkeys(
        ("dev", "test"), (_part("mnli", "adv_mnli"), _part("mnli-mm", "adv_mnli_mismatched"))
    ),
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    trains_on=("mnli",),
    header=Header(
        source="Wang et al. 2021, Adversarial GLUE: A Multi-Task Benchmark for Robustness Evaluation",
        licence="CC BY-SA 4.0",
        hub="AI-Secure/adv_glue (adv_mnli, adv_mnli_mismatched)",
        sizes="validation 121 matched and 162 mismatched, read together",
        traps=(
            "English only, and outside the XTREME average",
            "the rows were chosen because models err on them: the score says nothing of clean accuracy",
            "its test labels are not published: the dev rows stand for both splits; nothing is selected on them",
        ),
    ),
)

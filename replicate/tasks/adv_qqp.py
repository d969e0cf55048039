"""Adversarial QQP: question pairs that people and algorithms rewrote so that models err."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.qqp import TASK as QQP
from replicate.tasks.task import Header, Task

_PART = Part(
    "adv_glue",
    "qqp",
    "validation",
    (HubSplit("AI-Secure/adv_glue", "adv_qqp", "validation"),),
    columns=("question1", "question2", "label"),
)

TASK = Task(
    name="adv_qqp",
    title="AdvGLUE QQP",
    kind="pair",
    role="target",
    group="classification",
    read=QQP.read,
    splits=dict.fromkeys(("dev", "test"), (_PART,)),
    metric=QQP.metric,
    primary=QQP.primary,
    labels=QQP.labels,
    label_texts=QQP.label_texts,
    trains_on=("qqp",),
    header=Header(
        source="Wang et al. 2021, Adversarial GLUE: A Multi-Task Benchmark for Robustness Evaluation",
        licence="CC BY-SA 4.0",
        hub="AI-Secure/adv_glue (adv_qqp)",
        sizes="validation 78",
        traps=(
            "78 rows: one is 1.3 points of accuracy",
            "English only, and outside the XTREME average",
            "its test labels are not published: the dev rows stand for both splits; nothing is selected on them",
        ),
    ),
)

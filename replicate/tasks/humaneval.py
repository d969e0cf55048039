"""HumanEval: functions to be written from an English description."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read_code import COLUMNS, functions
from replicate.tasks.task import Header, Task

TASK = Task(
    name="humaneval",
    title="HumanEval",
    kind="code",
    role="target",
    group="code",
    read=functions(),
    splits={
        "test": (
            Part(
                "humaneval",
                "openai_humaneval",
                "test",
                (HubSplit("openai/openai_humaneval", "openai_humaneval", "test"),),
                columns=COLUMNS,
            ),
        )
    },
    metric="pass_at_k",
    primary="pass@1",
    trains_on=("mbpp",),
    header=Header(
        source="Chen et al. 2021, Evaluating Large Language Models Trained on Code",
        licence="MIT",
        hub="openai/openai_humaneval (openai_humaneval)",
        sizes="test 164",
        traps=(
            "there is no training split: a causal model is trained on MBPP and goes on from the prompt",
            "programs that a model wrote are run, in the sandbox and nowhere else",
        ),
    ),
)

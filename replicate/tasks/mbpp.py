"""MBPP: Python functions with an English sentence each; what models are trained on before they write functions."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read_code import WHOLE, whole_functions
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    return Part(
        "mbpp", "full", split, (HubSplit("google-research-datasets/mbpp", "full", split),), columns=WHOLE
    )


TASK = Task(
    name="mbpp",
    title="MBPP",
    kind="code",
    role="intermediate",
    read=whole_functions(),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="pass_at_k",
    primary="pass@1",
    header=Header(
        source="Austin et al. 2021, Program Synthesis with Large Language Models",
        licence="CC BY 4.0",
        hub="google-research-datasets/mbpp (full)",
        sizes="train 374, validation 90, test 500, prompts 10",
        traps=(
            "the sentence becomes a docstring behind the signature, as in HumanEval; no tests are in the prompt",
            "rows that do not end with the function that is tested are left out",
            "line ends are those of Windows in many rows",
        ),
    ),
)

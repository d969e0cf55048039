"""HumanEval-XL, Python: functions to be written from a description in one of 23 languages."""

from replicate.data.languages import HUMANEVAL_XL
from replicate.data.place import HubSplit, Part
from replicate.tasks.read_code import COLUMNS, functions
from replicate.tasks.task import Header, Task

TASK = Task(
    name="humaneval_xl",
    title="HumanEval-XL (Python)",
    kind="code",
    role="target",
    group="code",
    read=functions(),
    splits={
        "test": (
            Part(
                "humaneval_xl_python",
                "{ud}",
                "test",
                (HubSplit("iNeil77/HumanEval-XL", "python", "{name}"),),
                columns=COLUMNS,
            ),
        )
    },
    metric="pass_at_k",
    primary="pass@1",
    trains_on=("mbpp",),
    languages=HUMANEVAL_XL,
    header=Header(
        source="Peng, Chai and Li 2024, HumanEval-XL: A Multilingual Code Generation Benchmark",
        licence="MIT",
        hub="iNeil77/HumanEval-XL (python), a Parquet mirror of FloatAI/humaneval-xl, whose script is refused",
        sizes="test 80 in each of 23 languages",
        traps=(
            "the 80 problems are the same in every language, and a part of HumanEval: languages are paired",
            "names, types and examples in the prompt are English in every language",
            "outside XTREME and XTREME-R, which have no code generation",
        ),
    ),
)

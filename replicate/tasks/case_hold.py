"""CaseHOLD: which of five holdings does a passage of a court decision cite?"""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.tasks.read import choices, listed
from replicate.tasks.task import Header, Task


def _endings(table: Table) -> list[tuple[str, ...]]:
    return listed(table, "endings", 5, "CaseHOLD has five")


def _part(split: str) -> Part:
    hub = HubSplit("coastalcph/lex_glue", "case_hold", split)
    return Part("lex_glue", "case_hold", split, (hub,), columns=("context", "endings", "label"))


TASK = Task(
    name="case_hold",
    title="CaseHOLD",
    kind="choice",
    role="intermediate",
    read=choices("context", None, _endings, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="accuracy",
    primary="acc",
    labels=("0", "1", "2", "3", "4"),
    header=Header(
        source="Zheng et al. 2021, When Does Pretraining Help? (as in LexGLUE, Chalkidis et al. 2022)",
        licence="CC BY 4.0 (LexGLUE's card; terms of the source are not stated there)",
        hub="coastalcph/lex_glue (case_hold)",
        sizes="train 45,000; validation 3,900; test 3,600",
        traps=(
            "the card's table says 3,900 test rows; the file has 3,600",
            "lighteval/lexglue is the same as prompts: columns input, references, gold",
            "casehold/casehold has other splits (ten folds)",
        ),
    ),
)

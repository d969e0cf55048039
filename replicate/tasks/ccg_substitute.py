"""Supertags derived from English Universal Dependencies: the declared substitute for CCG."""

from replicate.data.place import Part
from replicate.tasks.read import tags
from replicate.tasks.task import Header, Task

_OBTAIN = (
    "it is derived from UD_English-LinES and UD_English-ParTUT; see docs/replication/tasks.md for the rule"
)


def _part(split: str) -> Part:
    return Part("ccg_substitute", "ud_supertag_en", split, obtain=_OBTAIN, columns=("tokens", "tags"))


TASK = Task(
    name="ccg_substitute",
    title="CCG (substitute)",
    kind="tag",
    role="intermediate",
    read=tags("tokens", "tags"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    open_column="tags",
    metric="token_accuracy",
    primary="acc",
    header=Header(
        source="Universal Dependencies: UD_English-LinES, UD_English-ParTUT; supertag rule of this project",
        licence="CC BY-NC-SA 4.0 (LinES, ParTUT)",
        hub="none",
        sizes="train 5,238; dev 500; test 500",
        traps=(
            "a SUBSTITUTE: its numbers are never those of CCG; name it in every table",
            "a tag is UPOS, direction to the head, relation, and the core relations of the dependents",
        ),
    ),
)

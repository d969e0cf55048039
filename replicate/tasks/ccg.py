"""CCG supertagging of the Wall Street Journal; licensed, so loaded from a folder of the user."""

from replicate.data.place import Part
from replicate.tasks.read import tags
from replicate.tasks.task import Header, Task

OBTAIN = (
    "CCGbank is licensed (LDC2005T13): convert sections 02-21, 00 and 23 to {id, tokens, tags} rows in "
    "ccg/ccgbank/{train,validation,test}.parquet (or .jsonl), or use the declared substitute, task ccg_substitute"
)


def _part(split: str) -> Part:
    return Part("ccg", "ccgbank", split, obtain=OBTAIN, columns=("tokens", "tags"))


TASK = Task(
    name="ccg",
    title="CCG",
    kind="tag",
    role="intermediate",
    read=tags("tokens", "tags"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    open_column="tags",
    metric="token_accuracy",
    primary="acc",
    header=Header(
        source="Hockenmaier and Steedman 2007, CCGbank",
        licence="LDC User Agreement (LDC2005T13)",
        hub="none: may not be redistributed",
        sizes="train 38,015; dev 5,484 (v1, Table 1); 1,363 tags in jiant's preparation",
        traps=(
            "39,604 sentences of sections 02-21 lose those that jiant could not align: 38,015 remain",
            "the tag set is open: tags that training never shows count as wrong, never as missing",
        ),
    ),
)

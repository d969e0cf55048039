"""SQuAD v1.1: spans of Wikipedia paragraphs; English training set of XQuAD and MLQA."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read_span import COLUMNS, spans
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    return Part(
        "squad", "plain_text", split, (HubSplit("rajpurkar/squad", "plain_text", split),), columns=COLUMNS
    )


TASK = Task(
    name="squad",
    title="SQuAD v1.1",
    kind="span",
    role="intermediate",
    read=spans(),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="squad",
    primary="score",
    header=Header(
        source="Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text",
        licence="CC BY-SA 4.0",
        hub="rajpurkar/squad (plain_text)",
        sizes="train 87,599; validation 10,570",
        traps=(
            "v1 of the paper prints 34,726 dev examples: the number of answer annotations, not of questions",
            "some questions start with blanks; they are cut off",
        ),
    ),
)

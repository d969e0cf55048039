"""SQuAD v2.0: SQuAD with questions that the paragraph does not answer."""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read_span import COLUMNS, spans
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    return Part(
        "squad_v2", "squad_v2", split, (HubSplit("rajpurkar/squad_v2", "squad_v2", split),), columns=COLUMNS
    )


TASK = Task(
    name="squad_v2",
    title="SQuAD v2.0",
    kind="span",
    role="intermediate",
    read=spans(unanswerable=True),
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="squad_v2",
    primary="score",
    header=Header(
        source="Rajpurkar, Jia and Liang 2018, Know What You Don't Know",
        licence="CC BY-SA 4.0",
        hub="rajpurkar/squad_v2 (squad_v2)",
        sizes="train 130,319 (43,498 without answer); validation 11,873 (5,945 without answer)",
        traps=(
            "there is no is_impossible column: an empty answer list says so",
            "an empty prediction is right for every unanswerable question: always '' scores 50.1 on dev",
        ),
    ),
)

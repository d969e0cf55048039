"""MLQA: extractive question answering in seven languages; trained on SQuAD v1.1."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks import squad
from replicate.tasks.read_span import COLUMNS, spans
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    hub = HubSplit("google/xtreme", "MLQA.{lang}.{lang}", split)
    return Part("mlqa", "{lang}", split, (hub,), columns=COLUMNS)


TASK = Task(
    name="mlqa",
    title="MLQA",
    kind="span",
    role="target",
    group="qa",
    read=spans(),
    splits={"train": squad.TASK.splits["train"], "dev": (_part("validation"),), "test": (_part("test"),)},
    trains_on=("squad",),
    metric="mlqa",
    primary="score",
    languages=languages.MLQA,
    header=Header(
        source="Lewis et al. 2020, MLQA: Evaluating Cross-lingual Extractive Question Answering",
        licence="CC BY-SA 3.0",
        hub="google/xtreme (MLQA.<context>.<question>, the diagonal); also facebook/mlqa",
        sizes="dev 504 to 1,148; test 4,517 to 11,590",
        traps=(
            "articles and segmentation go by language; the Arabic rule strips every 'ال', not only articles",
            "XTREME uses the 7 pairs with question and context in one language, of 49",
        ),
    ),
)

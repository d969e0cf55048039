"""XQuAD: 1,190 SQuAD questions translated by people into ten languages; trained on SQuAD v1.1."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks import squad
from replicate.tasks.read_span import COLUMNS, spans
from replicate.tasks.task import Header, Task

_TEST = Part(
    "xquad",
    "{lang}",
    "validation",
    (HubSplit("google/xquad", "xquad.{lang}", "validation"),),
    columns=COLUMNS,
)

TASK = Task(
    name="xquad",
    title="XQuAD",
    kind="span",
    role="target",
    group="qa",
    read=spans(),
    splits={"train": squad.TASK.splits["train"], "dev": squad.TASK.splits["dev"], "test": (_TEST,)},
    trains_on=("squad",),
    metric="squad",
    primary="score",
    languages=languages.XQUAD,
    header=Header(
        source="Artetxe, Ruder and Yogatama 2020, Cross-lingual Transferability of Monolingual Representations",
        licence="CC BY-SA 4.0",
        hub="google/xquad (xquad.<lang>)",
        sizes="test 1,190 per language (the hub calls it validation); dev is SQuAD's, English",
        traps=(
            "there is no dev split: v1's dev table reports these 1,190, so selection and report share data",
            "no title column; answers are scored with the English normaliser in every language",
        ),
    ),
)

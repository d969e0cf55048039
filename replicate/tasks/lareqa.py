"""LAReQA (XQuAD-R): find the sentence that answers a question, in a pool of eleven languages."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read_pool import sentence_answers
from replicate.tasks.task import Header, Task

_OBTAIN = (
    "flatten xquad-r/<lang>.json of github.com/google-research-datasets/lareqa to rows {id, context, question,"
    " answers, sentence_breaks} in xquad_r/<lang>/validation.parquet (or .jsonl); the hub copy has no sentence_breaks"
)
_COLUMNS = ("id", "context", "question", "answers", "sentence_breaks")

TASK = Task(
    name="lareqa",
    title="LAReQA",
    kind="ranking",
    role="target",
    group="retrieval",
    read=sentence_answers,
    splits={
        "test": (
            Part(
                "xquad_r",
                "{lang}",
                "validation",
                (HubSplit("google-research-datasets/xquad_r", "{lang}", "validation"),),
                _OBTAIN,
                _COLUMNS,
            ),
        )
    },
    trains_on=("squad",),
    metric="map_at_20",
    primary="map@20",
    languages=languages.XQUAD,
    pools=languages.XQUAD,
    header=Header(
        source="Roy et al. 2020, LAReQA: Language-agnostic Answer Retrieval from a Multilingual Pool",
        licence="CC BY-SA 4.0",
        hub="google-research-datasets/xquad_r (without sentence_breaks, which the task needs)",
        sizes="1,190 questions per language against about 13,000 sentences of eleven languages",
        traps=(
            "the hub copy lacks sentence_breaks; only the JSON on GitHub has them",
            "XTREME-R's evaluate.py does not score it ('lareqa': []); mAP@20 is the paper's metric",
        ),
    ),
)

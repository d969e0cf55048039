"""PubMedQA: yes, no or maybe, from the abstract of a paper."""

from replicate.data.place import HubSplit, Part
from replicate.data.table import Table
from replicate.examples import Example, Pair
from replicate.tasks.read import indices
from replicate.tasks.task import Header, Task

LABELS = ("yes", "no", "maybe")
COLUMNS = ("question", "context", "final_decision")


def _read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
    rows: list[Example] = []
    for table in tables:
        questions, contexts, answers = table.need(*COLUMNS)
        found = indices(table, "final_decision", answers, labels)
        for question, context, gold in zip(questions, contexts, found, strict=True):
            if gold is not None:
                rows.append(Pair(question, " ".join(context["contexts"]), gold, language))
    return rows


def _part(split: str) -> Part:
    # The hub has one split of 1,000; the folder layout has train and validation cut from it.
    hub = (HubSplit("qiaojin/PubMedQA", "pqa_labeled", "train"),) if split == "train" else ()
    return Part(
        "pubmed_qa",
        "pqa_labeled",
        split,
        hub,
        "the hub has no dev split: cut one from its 1,000 rows and put it there",
        COLUMNS,
    )


TASK = Task(
    name="pubmed_qa",
    title="PubMedQA",
    kind="pair",
    role="intermediate",
    read=_read,
    splits={"train": (_part("train"),), "dev": (_part("validation"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Jin et al. 2019, PubMedQA",
        licence="MIT",
        hub="qiaojin/PubMedQA (pqa_labeled)",
        sizes="1,000 labelled rows in one split called train",
        traps=("the official cross-validation folds are not on the hub", "55 % of the answers are yes"),
    ),
)

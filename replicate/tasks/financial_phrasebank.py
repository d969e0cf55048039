"""Financial PhraseBank: is a sentence of financial news good, bad or neither for an investor?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("negative", "neutral", "positive")


def _part(split: str) -> Part:
    hub = HubSplit("atrost/financial_phrasebank", None, split)
    return Part("financial_phrasebank", "sentences_50agree", split, (hub,), columns=("sentence", "label"))


TASK = Task(
    name="financial_phrasebank",
    title="Financial PhraseBank",
    kind="pair",
    role="intermediate",
    read=pairs("sentence", None, "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Malo et al. 2014, Good Debt or Bad Debt; split as Araci 2019, FinBERT",
        licence="CC BY-NC-SA 3.0",
        hub="atrost/financial_phrasebank, a Parquet copy; takala/financial_phrasebank is a refused loading script",
        sizes="train 3,100; validation 776; test 970: the 4,846 sentences on which half of the annotators agree",
        traps=(
            "the release has no splits: other papers cut others",
            "classes are unbalanced: three in five sentences are neutral",
            "sentences on which all annotators agree (2,264) are easier; scores on them are not these",
        ),
    ),
)

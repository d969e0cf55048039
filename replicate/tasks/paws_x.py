"""PAWS-X: paraphrase identification against word scrambling, in seven languages."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("0", "1")


def _part(split: str, config: str = "{lang}") -> Part:
    hub = HubSplit("google-research-datasets/paws-x", config, split)
    return Part("paws-x", config, split, (hub,), columns=("sentence1", "sentence2", "label"))


TASK = Task(
    name="paws_x",
    title="PAWS-X",
    kind="pair",
    role="target",
    group="classification",
    read=pairs("sentence1", "sentence2", "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    label_texts=("different", "paraphrase"),
    languages=languages.PAWSX,
    header=Header(
        source="Yang et al. 2019, PAWS-X: A Cross-lingual Adversarial Dataset",
        licence="free use with attribution (Google LLC)",
        hub="google-research-datasets/paws-x (one configuration per language)",
        sizes="train 49,401 (English); dev 2,000 and test 2,000 per language",
        traps=(
            "the label is an integer here and a string in google/xtreme; both are read",
            "the training splits of the other languages are machine translations",
            "languages are parallel, but 3 to 32 of the 2,000 dev labels differ between them",
        ),
    ),
)

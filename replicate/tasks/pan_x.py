"""PAN-X (WikiAnn): person, organisation and location names in 40 (XTREME) or 48 (XTREME-R) languages."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read import tags
from replicate.tasks.task import Header, Task

LABELS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")


def _part(split: str) -> Part:
    hub = HubSplit("google/xtreme", "PAN-X.{lang}", split)
    return Part("panx", "{lang}", split, (hub,), columns=("tokens", "ner_tags"))


TASK = Task(
    name="panx",
    title="NER",
    kind="tag",
    role="target",
    group="tagging",
    read=tags("tokens", "ner_tags"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="chunk_f1",
    primary="f1",
    labels=LABELS,
    languages=languages.PANX,
    header=Header(
        source="Pan et al. 2017; balanced splits of Rahimi et al. 2019",
        licence="by Wikipedia, CC BY-SA 3.0",
        hub="google/xtreme (PAN-X.<lang>)",
        sizes="train 20,000 (English); dev and test 100 to 10,000",
        traps=(
            "words carry no 'xx:' prefix here, unlike in the original files",
            "labels are made by linking, not by people",
        ),
    ),
)

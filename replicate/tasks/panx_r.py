"""PAN-X with the longer language list of XTREME-R (48)."""

from dataclasses import replace

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks import pan_x


def _part(split: str) -> Part:
    hub = HubSplit("unimelb-nlp/wikiann", "{lang}", split)
    return Part("panx", "{lang}", split, (hub,), columns=("tokens", "ner_tags"))


TASK = replace(
    pan_x.TASK,
    name="panx_r",
    title="NER (XTREME-R)",
    splits={
        "train": pan_x.TASK.splits["train"],
        "dev": (_part("validation"),),
        "test": (_part("test"),),
    },
    trains_on=("panx",),
    languages=languages.PANX_R,
    header=replace(
        pan_x.TASK.header,
        hub="unimelb-nlp/wikiann (one configuration per language); google/xtreme has 40 of the 48",
        sizes="train 20,000 (English); dev and test 100 to 10,000; Quechua 100",
    ),
)

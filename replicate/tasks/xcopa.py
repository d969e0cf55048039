"""XCOPA: COPA in eleven languages; XTREME-R trains on Social IQa, then on COPA."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks import copa
from replicate.tasks.task import Header, Task


def _part(split: str) -> Part:
    hub = HubSplit("cambridgeltl/xcopa", "{lang}", split)
    return Part("xcopa", "{lang}", split, (hub,), columns=copa.COLUMNS)


TASK = Task(
    name="xcopa",
    title="XCOPA",
    kind="choice",
    role="target",
    group="multi_choice",
    read=copa.READ,
    splits={"dev": (_part("validation"),), "test": (_part("test"),)},
    trains_on=("siqa", "copa"),
    metric="accuracy",
    primary="acc",
    labels=("0", "1"),
    languages=languages.XCOPA,
    header=Header(
        source="Ponti et al. 2020, XCOPA: A Multilingual Dataset for Causal Commonsense Reasoning",
        licence="CC BY 4.0",
        hub="cambridgeltl/xcopa (one configuration per language)",
        sizes="dev 100 and test 500 per language",
        traps=(
            "English is not among the languages: select on COPA's dev split",
            "questions of cause and effect stay English in every language, as in XTREME-R",
            "XTREME-R's evaluate.py averages XCOPA twice (classification and multi_choice)",
        ),
    ),
)

"""ANLI+: SNLI, MNLI and the three rounds of ANLI joined; 1,104,934 training rows."""

from replicate.data.place import HubSplit, Part
from replicate.tasks import mnli
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

_ROUNDS = ("r1", "r2", "r3")


def _snli(split: str) -> Part:
    return Part(
        "snli",
        "plain_text",
        split,
        (HubSplit("stanfordnlp/snli", "plain_text", split),),
        columns=mnli.COLUMNS,
    )


def _anli(split: str, prefix: str) -> Part:
    rounds = tuple(HubSplit("facebook/anli", "plain_text", f"{prefix}_{part}") for part in _ROUNDS)
    return Part("anli", "plain_text", split, rounds, columns=mnli.COLUMNS)


TASK = Task(
    name="anli_plus",
    title="ANLI+",
    kind="pair",
    role="intermediate",
    read=pairs("premise", "hypothesis", "label"),
    splits={
        "train": (_snli("train"), *mnli.TASK.splits["train"], _anli("train", "train")),
        "dev": (_snli("validation"), *mnli.TASK.splits["dev"], _anli("validation", "dev")),
        "test": tuple(
            Part(
                "anli",
                "plain_text",
                f"test_{part}",
                (HubSplit("facebook/anli", "plain_text", f"test_{part}"),),
            )
            for part in _ROUNDS
        ),
    },
    metric="accuracy",
    primary="acc",
    labels=mnli.LABELS,
    header=Header(
        source="Nie et al. 2020, Adversarial NLI; Bowman et al. 2015; Williams et al. 2018",
        licence="ANLI CC BY-NC 4.0; SNLI CC BY-SA 4.0; MNLI by genre",
        hub="stanfordnlp/snli (plain_text), nyu-mll/glue (mnli), facebook/anli (plain_text)",
        sizes="train 549,367 + 392,702 + 162,865 = 1,104,934; dev 9,842 + 9,815 + 3,200 = 22,857; "
        "test is ANLI's alone, 1,000 + 1,000 + 1,200",
        traps=(
            "SNLI on the hub has 550,152 training rows; the 785 with label -1 have no gold label and are left out",
            "facebook/anli keeps the rounds in splits train_r1 to train_r3, not in one train split",
        ),
    ),
)

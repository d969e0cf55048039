"""Mining of translated news with distractors in de, fr, ru: the declared substitute for BUCC's pools."""

from replicate.tasks.bucc2018 import _parts
from replicate.tasks.read_pool import mining
from replicate.tasks.task import Header, Task

_OBTAIN = "it is cut from NTREX-128; see docs/replication/tasks.md for the rule"

TASK = Task(
    name="bucc_substitute",
    title="BUCC (substitute)",
    kind="mining",
    role="target",
    group="retrieval",
    read=mining,
    splits={"dev": _parts("bucc_like_ntrex", "validation", _OBTAIN)},
    metric="mining_f1",
    primary="f1",
    languages=("de", "fr", "ru"),
    header=Header(
        source="Federmann, Kocmi and Xin 2022, NTREX-128",
        licence="CC BY-SA 4.0",
        hub="none",
        sizes="1,950 source, 1,950 target sentences and 900 gold pairs over three languages",
        traps=(
            "a SUBSTITUTE: pools are a thousandth of BUCC's, so F1 is much easier; name it in every table",
            "only dev: the threshold must be tuned on one half and applied to the other",
        ),
    ),
)

"""BUCC 2018: mining translations out of two large pools; no training, the threshold is tuned on dev."""

from replicate.data import languages
from replicate.data.place import HubSplit, Part
from replicate.tasks.read_pool import mining
from replicate.tasks.task import Header, Task

OBTAIN = (
    "the dev pools are on no hub: take bucc2018 <xx>-en.sample-gold from comparable.limsi.fr/bucc2018 and write"
    " {id, text} rows to bucc2018/<xx>/validation_{source,target}.parquet and {source_id, target_id} rows to"
    " validation_gold.parquet (.jsonl is read too); declared substitute: task bucc_substitute"
)
_POOLS = HubSplit(
    "mteb/bucc-bitext-mining",
    None,
    "test",
    "d51519689f32196a32af33b075a01d0e7c51e252",
    files="{lang}-en/test.json.gz",
)


def _parts(dataset: str, split: str, obtain: str) -> tuple[Part, ...]:
    return (
        Part(dataset, "{lang}", f"{split}_source", obtain=obtain, columns=("id", "text")),
        Part(dataset, "{lang}", f"{split}_target", obtain=obtain, columns=("id", "text")),
        Part(dataset, "{lang}", f"{split}_gold", obtain=obtain, columns=("source_id", "target_id")),
    )


TASK = Task(
    name="bucc2018",
    title="BUCC",
    kind="mining",
    role="target",
    group="retrieval",
    read=mining,
    splits={
        "dev": _parts("bucc2018", "validation", OBTAIN),
        "test": (Part("bucc2018", "{lang}", "test", (_POOLS,), OBTAIN, ("sentence1", "sentence2", "gold")),),
    },
    metric="mining_f1",
    primary="f1",
    languages=languages.BUCC,
    header=Header(
        source="Zweigenbaum, Sharoff and Rapp 2018, third BUCC shared task",
        licence="research use, derived from Wikipedia and News Commentary",
        hub="mteb/bucc-bitext-mining (test pools); google/xtreme bucc18 has the gold pairs only",
        sizes="gold pairs de 9,580, fr 9,086, ru 14,435, zh 1,899 (test); 1,038, 929, 2,374, 257 (dev)",
        traps=(
            "XTREME's test is the shared task's training data, its dev is the shared task's sample data",
            "the threshold is tuned on dev and applied to test; repeated sentences count once",
            "mteb keeps gold as 1-based row numbers",
        ),
    ),
)

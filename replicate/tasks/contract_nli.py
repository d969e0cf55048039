"""ContractNLI: does a part of a non-disclosure agreement entail or contradict a statement about it?"""

from replicate.data.place import HubSplit, Part
from replicate.tasks.read import pairs
from replicate.tasks.task import Header, Task

LABELS = ("contradiction", "entailment", "neutral")


def _part(split: str) -> Part:
    hub = HubSplit(
        "kiddothe2b/contract-nli",
        None,
        split,
        "refs/convert/parquet",
        files=f"contractnli_a/{split}/*.parquet",
    )
    return Part("contract_nli", "contractnli_a", split, (hub,), columns=("premise", "hypothesis", "label"))


TASK = Task(
    name="contract_nli",
    title="ContractNLI",
    kind="pair",
    role="intermediate",
    read=pairs("premise", "hypothesis", "label"),
    splits={"train": (_part("train"),), "dev": (_part("validation"),), "test": (_part("test"),)},
    metric="accuracy",
    primary="acc",
    labels=LABELS,
    header=Header(
        source="Koreeda and Manning 2021, ContractNLI: Document-level Natural Language Inference for Contracts",
        licence="CC BY-NC-SA 4.0",
        hub="kiddothe2b/contract-nli (contractnli_a) at refs/convert/parquet (main is a refused loading script)",
        sizes="train about 6,820; validation 978; test about 1,990 (as the hub's viewer rounds them)",
        traps=(
            "labels are numbered otherwise than MNLI's: 0 is contradiction, 1 entailment, 2 neutral",
            "the hypotheses are 17 sentences: a model may learn what is usual for each without the contract",
            "contractnli_a has the segments that decide; contractnli_b and presencesw/contract-nli have whole"
            " contracts, of which 256 pieces hold only the beginning",
        ),
    ),
)

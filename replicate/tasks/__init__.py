"""What is trained and evaluated: one file per task, listed literally below.

Room plan
---------
task        `Task`, `Header`: the record; loading, languages, fingerprints
read        readers of pairs, choices and tags; labels that fall outside their set
read_span   reader of SQuAD-shaped rows
read_pool   readers of sentence pools: parallel, mining, ranking
read_code   readers of functions that are to be written
describe    the list of docs/replication/tasks.md, made from the tasks
<name>      one task: source, licence, hub, sizes, metric, traps
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from analysis.errors import InputError, Problem
from replicate.tasks import (
    adv_mnli,
    adv_qqp,
    anli_plus,
    boolq,
    bucc2018,
    bucc_substitute,
    case_hold,
    ccg,
    ccg_substitute,
    commonsense_qa,
    contract_nli,
    copa,
    cosmos_qa,
    financial_phrasebank,
    hellaswag,
    humaneval,
    humaneval_xl,
    lareqa,
    mbpp,
    mewsli_x,
    mlqa,
    mnli,
    pan_x,
    panx_r,
    paws_x,
    pubmed_qa,
    qqp,
    scitail,
    siqa,
    squad,
    squad_v2,
    sst2,
    tatoeba,
    tatoeba_r,
    tydiqa,
    udpos,
    udpos_r,
    xcopa,
    xnli,
    xquad,
    xquad_ro,
)
from replicate.tasks.task import Header, Loaded, Split, Task

__all__ = [
    "NINE_INTERMEDIATE",
    "NINE_TARGETS",
    "TASKS",
    "Header",
    "Loaded",
    "Split",
    "Task",
    "get",
    "registry",
]


def registry(tasks: Iterable[Task]) -> dict[str, Task]:
    """Tasks by name; a name that occurs twice is an error, because the second would silently win."""
    named: dict[str, Task] = {}
    for task in tasks:
        if task.name in named:
            raise InputError(Problem(f"two tasks are named {task.name!r}", "give each task its own name"))
        named[task.name] = task
    return named


TASKS: Final[dict[str, Task]] = registry(
    (
        anli_plus.TASK,
        mnli.TASK,
        qqp.TASK,
        squad_v2.TASK,
        squad.TASK,
        hellaswag.TASK,
        ccg.TASK,
        ccg_substitute.TASK,
        cosmos_qa.TASK,
        commonsense_qa.TASK,
        siqa.TASK,
        copa.TASK,
        scitail.TASK,
        boolq.TASK,
        pubmed_qa.TASK,
        contract_nli.TASK,
        sst2.TASK,
        financial_phrasebank.TASK,
        case_hold.TASK,
        xnli.TASK,
        paws_x.TASK,
        udpos.TASK,
        pan_x.TASK,
        xquad.TASK,
        mlqa.TASK,
        tydiqa.TASK,
        bucc2018.TASK,
        bucc_substitute.TASK,
        tatoeba.TASK,
        xcopa.TASK,
        lareqa.TASK,
        mewsli_x.TASK,
        udpos_r.TASK,
        panx_r.TASK,
        xquad_ro.TASK,
        tatoeba_r.TASK,
        adv_mnli.TASK,
        adv_qqp.TASK,
        mbpp.TASK,
        humaneval.TASK,
        humaneval_xl.TASK,
    )
)
"""Every task by name."""

NINE_INTERMEDIATE: Final = (
    "anli_plus", "mnli", "qqp", "squad_v2", "squad", "hellaswag", "ccg", "cosmos_qa", "commonsense_qa",
)  # fmt: skip
NINE_TARGETS: Final = (
    "xnli", "paws_x", "udpos", "panx", "xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba",
)  # fmt: skip


def get(name: str) -> Task:
    """Task of that name.

    Raises
    ------
    InputError
        For an unknown name, with the nearest known one.
    """
    if name in TASKS:
        return TASKS[name]
    near = get_close_matches(name.replace("-", "_").lower(), TASKS, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"known tasks: {', '.join(TASKS)}"
    raise InputError(Problem(f"there is no task {name!r}", remedy))

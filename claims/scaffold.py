"""A small working study for a user's own paper: claims, results and sources to overwrite."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem

CLAIMS: Final = """\
# The claims of your paper and how each is checked. `verify-claims check` decides them; `verify-claims explain ID`
# shows why; `verify-claims schema` prints the JSON Schema of this file. Printed numbers are quoted.
schema: verify-claims/1
study: my-paper
title: What my paper claims
evidence: [results.csv]

averages:
  overall:
    text: mean over the three tasks
    mean:
      - {target: nli, metric: acc}
      - {target: qa, metric: f1}
      - {target: tagging, metric: f1}

claims:
  - id: gain.average
    text: Our method improves the average by 2.2 points.
    scope: {source: my-paper, split: test, model: ours}
    assert:
      - kind: gain
        of: {variant: method}
        over: {variant: baseline}
        mean: overall
        equals: "2.2"

  - id: best.nli
    text: It reaches 84.0 on NLI and is better than the baseline on every task.
    scope: {source: my-paper, split: test, model: ours}
    assert:
      - {kind: value, of: {variant: method, target: nli, metric: acc}, equals: "84.0"}
      - kind: share
        cells: {variant: method}
        tasks_of: overall
        above_cell: {variant: baseline}
        at_least: 3
        out_of: 3

  - id: size.train
    text: The training set has 12,500 examples.
    scope: {source: my-paper}
    assert:
      - {kind: fact, take: sum, cells: {target: [nli, qa, tagging], metric: train_examples}, equals: "12,500"}
"""
RESULTS: Final = """\
source,locator,split,model,variant,target,metric,value,printed,status
my-paper,Table 1,test,ours,baseline,nli,acc,81.5,81.5,seen
my-paper,Table 1,test,ours,baseline,qa,f1,70.2,70.2,seen
my-paper,Table 1,test,ours,baseline,tagging,f1,90.3,90.3,seen
my-paper,Table 1,test,ours,method,nli,acc,84.0,84.0,seen
my-paper,Table 1,test,ours,method,qa,f1,73.1,73.1,seen
my-paper,Table 1,test,ours,method,tagging,f1,91.4,91.4,seen
my-paper,Section 3,,,,nli,train_examples,8000,"8,000",seen
my-paper,Section 3,,,,qa,train_examples,3500,"3,500",seen
my-paper,Section 3,,,,tagging,train_examples,1000,"1,000",seen
"""
SOURCES: Final = """\
# The documents that the numbers come from. Two versions of one paper share a root.
schema: verify-claims/sources/1
sources:
  - id: my-paper
    title: The title of my paper
    version: v1
    holding: full
    at_hand: Table 1 and Section 3
"""
FILES: Final = {"claims.yaml": CLAIMS, "sources.yaml": SOURCES, "results.csv": RESULTS}


def make_study(folder: Path) -> list[Path]:
    """Paths of the files made.

    Raises
    ------
    InputError
        The folder holds one of the files already, or cannot be written; nothing was written then.
    """
    made: list[Path] = []
    try:
        taken = [name for name in FILES if (folder / name).exists()]
        if taken:
            raise InputError(
                *(Problem(f"{folder / name} is there already", "choose an empty folder") for name in taken)
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in FILES.items():
            made.append(folder / name)
            made[-1].write_text(text, encoding="utf-8")
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise InputError(
            Problem(f"cannot write: {error.strerror}", "choose another folder", str(folder))
        ) from error
    return made

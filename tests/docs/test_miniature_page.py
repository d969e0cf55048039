"""docs/replication/miniature.md: its table is what the committed scores give."""

import math
import re

import pandas
import pytest
from scipy import stats

from .runnable import ROOT

PAGE = ROOT / "docs" / "replication" / "miniature.md"
SCORES = ROOT / "replicate" / "reference" / "xstilts" / "miniature.csv"
NAMES = {
    "XNLI acc": ("xnli", "acc"),
    "PAWS-X acc": ("pawsx", "acc"),
    "UDPOS F1": ("udpos", "f1"),
    "PAN-X F1": ("panx", "f1"),
    "XQuAD": ("xquad", "score"),
    "MLQA": ("mlqa", "score"),
    "TyDiQA": ("tydiqa", "score"),
    "BUCC F1": ("bucc2018", "f1"),
    "Tatoeba acc": ("tatoeba", "acc"),
}


def shown(values: pandas.Series) -> str:
    """Mean of the seeds with half its 95 % interval; without a spread the mean alone."""
    mean, spread = values.mean(), values.std(ddof=1) if len(values) > 1 else 0.0
    if not spread:
        return f"{mean:.1f}"
    return f"{mean:.1f} ±{stats.t.ppf(0.975, len(values) - 1) * spread / math.sqrt(len(values)):.1f}"


def rows() -> list[list[str]]:
    table = PAGE.read_text(encoding="utf-8").partition("| target | none |")[2]
    found = re.findall(r"^\| (.+) \|$", table.partition("\n\n")[0], re.MULTILINE)
    return [[cell.replace("*", "") for cell in line.split(" | ")] for line in found]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_the_table_is_what_was_committed(row: list[str]) -> None:
    scores = pandas.read_csv(SCORES)
    target, metric = NAMES[row[0]]
    mine = scores[(scores.target == target) & (scores.metric == metric) & (scores.language == "all")]
    columns = [(name, "plain") for name in ("none", "squad", "mnli", "hellaswag", "multitask-9")]
    columns += [("none", "random-init"), ("none", "constant")]
    cells = [mine[(mine.intermediate == name) & (mine.variant == variant)] for name, variant in columns]
    assert [shown(cell.value) for cell in cells] == row[1:]


def test_every_target_has_a_row() -> None:
    assert [row[0] for row in rows()] == list(NAMES)

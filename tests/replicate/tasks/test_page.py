"""The page of tasks says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from replicate.metrics.score import SCORERS
from replicate.tasks import TASKS
from replicate.tasks.describe import BEGIN, END, replaced

PAGE = Path(__file__).parents[3] / "docs/replication/tasks.md"


def test_the_page_is_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert BEGIN in text and END in text
    assert replaced(text) == text, "run: python -m replicate.tasks.describe docs/replication/tasks.md"
    assert all(f"(`{name}`)" in text for name in TASKS)


def test_every_metric_has_a_row() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## Metrics")[2].partition("## All tasks")[0]
    firsts = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(firsts))) == set(SCORERS)

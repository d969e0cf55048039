"""The results table: one row, one score, published or measured.

It is the only shape in which numbers travel between floors. A published score keeps the string that was
printed, because "8.70" and "8.7" stand for different intervals; a measured score has no such string.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Status: TypeAlias = Literal["seen", "derived", "measured", "recalled"]
Scale: TypeAlias = Literal["published", "miniature", "small", "paper"]

COLUMNS: Final[dict[str, str]] = {
    "source": "root document with version, e.g. arXiv:2005.13013v1; a run of ours: run:<study>",
    "locator": "where in the source: table and part, or the stage key of a run",
    "scale": "published, miniature, small or paper",
    "split": "train, dev or test (as the source defines it)",
    "model": "model id, e.g. xlm-roberta-large",
    "intermediate": "intermediate task(s): none, squad, mnli, ... or a set joined by '+'",
    "variant": "what else differs: plain, mlm, translated, own-baseline, published-baseline, ...",
    "target": "target task; `average` for a published average, a group name for a published group average",
    "language": "language code; `all` for a published average over languages; `-` where languages do not apply",
    "metric": "acc, f1, em, score (a published average), gain_<metric>, rows, languages, ...",
    "seed": "integer seed of the run; empty for published values",
    "n": "number of test examples behind the score; empty where the source does not say",
    "value": "the number as binary float (for statistics); empty is missing, never 0.0",
    "printed": "the number as it was printed, a string; empty for a run",
    "status": "seen (read in the source), derived, measured (ours) or recalled (never evidence)",
}
"""Column names in file order, each with its meaning."""

REQUIRED: Final = ("source", "target", "metric", "status")
"""Columns that a file must have; the others default to empty."""

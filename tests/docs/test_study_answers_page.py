"""The page of the studies' answers is what the committed scores give."""

from __future__ import annotations

from pathlib import Path

from replicate.reference.answered import page

PAGE = Path(__file__).parents[2] / "docs/study-answers.md"


def test_the_page_is_made_from_the_committed_scores() -> None:
    remedy = "make it anew: python -m replicate.reference.answered > docs/study-answers.md"
    assert PAGE.read_text(encoding="utf-8") == page(), remedy

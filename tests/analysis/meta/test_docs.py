"""The examples of the page and of the docstrings print what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

import analysis.meta.pool


def test_examples():
    page = Path(__file__).parents[3] / "docs" / "statistics" / "meta-analysis.md"
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.attempted >= 5 and found.failed == 0
    module = doctest.testmod(analysis.meta.pool)
    assert module.attempted >= 2 and module.failed == 0

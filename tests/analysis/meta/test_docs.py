"""The examples of the page print what they say."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_examples():
    page = Path(__file__).parents[3] / "docs" / "statistics" / "meta-analysis.md"
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.attempted >= 5 and found.failed == 0

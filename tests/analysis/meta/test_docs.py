"""The examples of the page and of the docstrings print what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path


def test_examples():
    page = Path(__file__).parents[3] / "docs" / "statistics" / "meta-analysis.md"
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.attempted >= 5 and found.failed == 0
    module = doctest.testmod(importlib.import_module("analysis.meta.pool"))
    assert module.attempted >= 2 and module.failed == 0

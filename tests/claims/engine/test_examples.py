"""The examples in the docstrings of the engine are true."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "claims.amount",
    "claims.selector",
    "claims.kinds.case",
    "claims.kinds.quote",
    "analysis.results_text",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0 and result.failed == 0

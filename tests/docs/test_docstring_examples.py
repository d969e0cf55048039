"""Every example in a docstring is true: all modules that have one are run, so none can be forgotten."""

import doctest
from importlib import import_module

import pytest

from .runnable import ROOT

FLOORS = ("verify_claims", "reports", "claims", "replicate", "analysis")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for floor in FLOORS
    for path in (ROOT / floor).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.attempted > 0 and found.failed == 0

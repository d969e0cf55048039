"""docs/claims-file.md is what the models say, and its examples are what they read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from analysis.results import COLUMNS
from claims.model import AnyAssertion, Averaging
from claims.schema.examples import EXAMPLES
from claims.schema.reference import kinds, page
from claims.selector import selectors_of

from .runnable import ROOT, blocks

PAGE = ROOT / "docs" / "claims-file.md"


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m claims.schema.reference > docs/claims-file.md"
    )


def test_every_kind_has_an_example_that_its_model_reads() -> None:
    read = {
        kind: TypeAdapter(AnyAssertion).validate_python(yaml.safe_load(text))
        for kind, text in EXAMPLES.items()
    }
    assert [type(read[kind]) for kind in EXAMPLES] == list(kinds())


def selectors_in(part: Any) -> Iterator[dict[str, Any]]:
    """Mappings whose keys are all columns, wherever they stand."""
    if isinstance(part, dict):
        if part and set(part) <= set(COLUMNS):
            yield part
        else:
            part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from selectors_in(item)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_no_selector_of_an_assertion_is_overlooked(kind: str) -> None:
    """What is overlooked is not checked against the words of the table, and does not name a seed."""
    written = yaml.safe_load(EXAMPLES[kind])
    assertion = TypeAdapter(AnyAssertion).validate_python(written)
    assert [found for _, found in selectors_of(assertion)] == list(selectors_in(written))
    for path, found in selectors_of(assertion):
        place = written
        for step in path:
            place = place[step]
        assert place == found


def test_the_averaging_rule_is_read() -> None:
    (block,) = [block for block in blocks(PAGE) if block.body.startswith("averages:")]
    rule = Averaging.model_validate(yaml.safe_load(block.body)["averages"]["overall"])
    assert len(rule.mean) == 2


@pytest.mark.parametrize("pattern", [r"\]\(#([^)]+)\)"])
def test_links_lead_to_headings(pattern: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(pattern, text)) - headings == set()


def test_no_key_is_without_words_where_its_name_does_not_speak() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 80
    silent = {key for key, _, _, words in rows if not words.strip()}
    assert {"path", "as", "unit", "sha256", "number", "where"} & silent == set()

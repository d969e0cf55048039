"""The pages on statistics name tests, pages and calls that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "statistics").glob("*.md"))


def test_every_difference_is_held_by_a_test_that_exists():
    page = (ROOT / "docs" / "statistics" / "differs-from.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| there")]
    rows = [line for line in rows if not line.startswith("| ---")]
    assert len(rows) >= 50
    for row in rows:
        found = re.search(r"\| `([\w/]+\.py)(?:::(\w+))?` \|$", row)
        assert found, f"no test named in: {row}"
        path = ROOT / "tests" / "analysis" / found[1]
        assert path.exists(), row
        assert f"def {found[2] or 'test_'}" in path.read_text(), row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target, anchor in re.findall(r"\]\((?!http)([\w./-]*)(?:#([\w-]+))?\)", page.read_text()):
        other = page.parent / target if target else page
        assert other.exists(), f"{page.name} links to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.*)$", other.read_text(), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in slugs, f"{page.name} links to {target}#{anchor}"


def test_the_index_reaches_every_page_and_names_real_calls():
    index = (ROOT / "docs" / "statistics" / "README.md").read_text()
    for page in PAGES:
        assert page.name == "README.md" or f"({page.name}" in index, page.name
    for name in re.findall(r"`(analysis\.[\w.]+)`", index):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            module, _, attribute = name.rpartition(".")
            assert hasattr(importlib.import_module(module), attribute), name

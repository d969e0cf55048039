"""Every link of a page leads to a file and a heading that are there, and every page is reached from the README."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .runnable import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def headings(page: Path) -> set[str]:
    """Anchors as GitHub makes them: lower case, without punctuation, blanks as hyphens."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    bare = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in titles)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in bare}


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    for link in LINK.findall(prose(page)):
        if not link.startswith(("http:", "https:")):
            file, _, anchor = link.partition("#")
            yield link, (page.parent / file).resolve() if file else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link, target, anchor in links(page):
        assert target.exists(), link
        assert not anchor or anchor in headings(target), link


def test_every_page_is_reached_from_the_readme() -> None:
    reached, open_ = set(), [ROOT / "README.md"]
    while open_:
        page = open_.pop()
        if page not in reached:
            reached.add(page)
            targets = (target / "README.md" if target.is_dir() else target for _, target, _ in links(page))
            open_ += [target for target in targets if target.suffix == ".md" and target.exists()]
    assert set(PAGES) - reached == set()

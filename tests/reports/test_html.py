"""HTML: one inert file without any request, every link answered, readable without its script."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from claims.outcome import Outcome
from reports.html import render_html

VOID = {"meta", "br", "wbr", "input", "link", "img", "hr"}


class Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.mistakes: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data) -> None:
        if not {"script", "style"} & set(self.stack):
            self.words.append(data)


def parsed(text: str) -> Tree:
    tree = Tree()
    tree.feed(text)
    return tree


@pytest.fixture(scope="module")
def page(outcome: Outcome) -> Tree:
    return parsed(render_html(outcome))


@pytest.fixture(scope="module")
def odd(hostile: Outcome) -> Tree:
    return parsed(render_html(hostile))


@pytest.mark.parametrize("which", ["page", "odd"])
def test_is_well_formed_with_unique_ids_and_answered_links(which: str, request) -> None:
    tree = request.getfixturevalue(which)
    assert not tree.mistakes
    assert not tree.stack
    ids = [attrs["id"] for _, attrs in tree.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"][1:] for tag, attrs in tree.tags if tag == "a" and attrs["href"].startswith("#")}
    assert targets <= set(ids)


@pytest.mark.parametrize("which", ["page", "odd"])
def test_asks_for_nothing_and_runs_nothing_of_others(which: str, request) -> None:
    tree = request.getfixturevalue(which)
    assert sum(tag == "script" for tag, _ in tree.tags) == 1
    assert sum(tag == "style" for tag, _ in tree.tags) <= 1 + sum(tag == "svg" for tag, _ in tree.tags)
    assert not [tag for tag, _ in tree.tags if tag in ("img", "iframe", "link", "object", "embed", "image")]
    for tag, attrs in tree.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "srcset")], (
            tag,
            attrs,
        )
        target = attrs.get("href") or "#"
        assert target.startswith(("#", "https://arxiv.org/abs/", "https://doi.org/")), target


def test_markup_in_texts_is_shown_as_text(odd: Tree) -> None:
    words = " ".join(odd.words)
    assert "<script>alert(1)</script>" in words
    assert "[U+202E]" in words
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", words)


def test_headings_do_not_skip_a_level(page: Tree) -> None:
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_pictures_have_words_and_tables_have_heads(page: Tree) -> None:
    pictures = [attrs for _, attrs in page.tags if attrs.get("role") == "img"]
    assert pictures
    assert all(attrs.get("aria-label") for attrs in pictures)
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables
    assert sum(tag == "thead" for tag, _ in page.tags) == tables


def test_claims_carry_what_the_filter_reads(page: Tree) -> None:
    claims = [attrs for tag, attrs in page.tags if tag == "article"]
    assert len(claims) == 12
    assert all({"data-verdict", "data-level", "data-reports", "data-claim"} <= set(attrs) for attrs in claims)


def test_policy_forbids_every_request(page: Tree) -> None:
    policies = [a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'")
    assert "unsafe-inline" not in policies[0].split("script-src")[1]

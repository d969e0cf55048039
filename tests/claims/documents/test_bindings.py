"""Anchors find every place that prints a number, through markup and line breaks."""

import pytest

from claims.documents.bindings import agree, parse_anchor, places
from claims.documents.latex import read_latex
from claims.documents.markup import read_markdown


def test_every_place_is_found_through_markup() -> None:
    seen = read_latex(
        "p.tex", "improves by\n\\textbf{8.3} points. % improves by 9.9 points\nAgain improves by 8.4 points"
    )
    found = places(seen, parse_anchor("improves by {} points"))
    assert [place.text for place in found] == ["8.3", "8.4"]
    assert found[0].location.line == 2


def test_literal_dots_are_dots() -> None:
    assert places(read_markdown("a", "gain axb 3"), parse_anchor("a.b {}")) == ()


@pytest.mark.parametrize("text", ["no hole", "{} and {}", "{}", " {} ."])
def test_anchors_need_one_hole_and_a_word(text: str) -> None:
    with pytest.raises(ValueError, match="anchor"):
        parse_anchor(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("8.2", "8.2", True),
        ("8.2", "8.20", True),
        ("8.25", "8.2", True),
        ("8.25", "8.3", True),
        ("8.26", "8.2", False),
        ("1,000", "1000", True),
        ("8.3%", "8.3", True),
        ("-0.3", "0.3", False),
    ],
)
def test_agreement_is_symmetric_and_by_rounding(one: str, other: str, same: bool) -> None:
    assert agree(one, other) is same
    assert agree(other, one) is same

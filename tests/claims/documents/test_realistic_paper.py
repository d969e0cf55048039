"""A paper as people write them: siunitx, booktabs, macros for numbers, footnotes, subscripts, an appendix."""

from itertools import pairwise
from pathlib import Path

import pytest

from analysis.errors import InputError
from claims.adapters import adapter
from claims.documents.bindings import parse_anchor, places
from claims.documents.latex import read_latex
from claims.documents.numbers import printed_numbers
from claims.documents.reader import read_document
from claims.documents.tables import tables

PAPER = Path(__file__).with_name("realistic.tex")
SEEN = read_document(PAPER, "realistic.tex")


@pytest.mark.parametrize(
    ("anchor", "found"),
    [
        ("on {} examples", ["12500"]),
        ("improve the average by {} points over the baseline, from", ["2.6"]),  # a footnote stands between
        ("Overall a gain of {} points", ["2.6"]),  # \gain
        ("gain {}", ["2.6"]),  # its definition, by name
        ("training set has {} examples", ["12500"]),
        ("of which {} are English", ["12,000"]),
        ("and {} are German", ["500"]),
        ("F1={}", ["73.1"]),
        ("F1 of {}", ["90.4"]),
        ("the {} interval is", ["95%"]),
        ("our 82.5 is {} points above", ["2.6"]),
        ("learning rate of {} or", ["3e−5"]),
    ],
)
def test_words_as_printed_find_the_number(anchor: str, found: list[str]) -> None:
    assert [place.text for place in places(SEEN, parse_anchor(anchor))] == found


def test_a_number_behind_a_macro_is_located_where_it_is_defined() -> None:
    (place,) = places(SEEN, parse_anchor("Overall a gain of {} points"))
    line = PAPER.read_text().splitlines()[place.location.line - 1]
    assert line.startswith(r"\newcommand{\gain}{2.6")
    assert line[place.location.column - 1 :].startswith("2.6")


def test_plumbing_prints_no_number() -> None:
    unbound = [place.text for place in printed_numbers(SEEN) if place.aside is None]
    assert not {"11", "4", "2020", "1020%", "(lr)2", "3.4"} - {"4"} & set(unbound)
    assert unbound.count("4") == 1  # x_{12}=4, and no column of \cmidrule


def test_a_number_that_a_wrap_puts_at_the_start_of_a_line_stays_a_number() -> None:
    (place,) = [p for p in printed_numbers(SEEN) if p.location.line == 22 and p.location.column == 1]
    assert (place.text, place.aside) == ("2.6", None)


def test_an_interval_in_brackets_is_no_citation() -> None:
    asides = {place.text: place.aside for place in printed_numbers(SEEN)}
    assert asides["2.1"] is None
    assert asides["3.1"] is None


def test_booktabs_table_with_siunitx_columns() -> None:
    first = tables(SEEN)[0]
    assert first.rows[1:5] == (
        ("Setting", "NLI", "QA", "POS", "Avg."),
        ("Baseline", "81.5", "70.2 ± 0.3", "88.0", "79.9"),
        ("+ intermediate (Inter)", "84.0", "73.1", "90.4", "82.5"),
        ("− adapters", "83.1", "72.0†", "89.9", "81.7"),
    )


def test_its_tables_are_evidence() -> None:
    options = {"rows": "variant", "columns": "target", "head": 2, "find": "Tagging"}
    found = {(row["variant"], row["target"]): row["printed"] for row in adapter("table")(PAPER, options)}
    assert found["Baseline", "QA"] == "70.2"
    assert found["+ intermediate (Inter)", "POS"] == "90.4"
    assert found["Δ", "Avg."] == "+2.6"
    options = {"rows": "model", "columns": "split", "head": 2, "find": "small"}
    assert [row["printed"] for row in adapter("table")(PAPER, options)] == ["61.0", "60.1", "71.0", "70.1"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"{\color{red}{84.0}} and \cellcolor[HTML]{D9EAD3}{84.1}", "84.0 and 84.1"),
        (r"\newcommand{\pts}[1]{\textbf{#1} points}gains \pts{2.6} here", "gains 2.6 points here"),
        (r"\newcommand{\score}[2][91.0]{#1/#2}\score{8} \score[90]{7}", "91.0/8 90/7"),
        (r"\def\a#1#2{#2,#1}\a{1}2", "2,1"),
        (r"\begin{minipage}[t]{0.48\textwidth}x 5\end{minipage}", "x 5"),
        (r"\iffalse 9.9 \fi 8.8", "8.8"),
        (r"\qty{3.5}{\hour} and \qtyrange{10}{20}{\percent}", "3.5 and 10–20%"),
        (r"\begin{tabular}{l}\makecell{a\\b} & 1 \\ \end{tabular}", "a b \t 1"),
        (r"a\textsuperscript{2} and x^2", "a^2 and x^2"),
        (r"\begin{document}8\end{document} 9", "8"),
    ],
)
def test_what_a_reader_sees(source: str, shown: str) -> None:
    seen = read_latex("a.tex", source).text
    assert shown in " ".join(seen.replace("\f", " ").split(" ")).strip() or shown in seen
    assert "9.9" not in seen


@pytest.mark.parametrize(
    "source",
    [
        r"\def\a{\a\a 1}\a",
        r"\def\a{1}" + "".join(rf"\def\{y}{{{(chr(92) + x) * 10}}}" for x, y in pairwise("abcdefghi")) + r"\i",
        r"\newcommand{\a}[1]{#1#1#1#1#1#1#1#1}" + r"\a{" * 12 + "7" + "}" * 12,
    ],
)  # fmt: skip
def test_macros_that_expand_without_end_are_one_error(source: str) -> None:
    with pytest.raises(InputError, match="expand to more than a paper can hold"):
        read_latex("a.tex", source)


README = r"""---
title: "mymodel 2.0"
---
# mymodel

We reach **84.3%** (±0.2) on XNLI and $82.5_{\pm 0.3}$ on PAWS-X[^1], a gain of
2.6 points for $3,000, or $-0.4\,\%$ of $5,000.

[^1]: With 5 seeds.
[link]: https://example.org/9.9 "Title 9.9"
"""


def test_a_readme_with_formulas_prices_and_front_matter() -> None:
    from claims.documents.markup import read_markdown

    seen = read_markdown("README.md", README)
    found = printed_numbers(seen)
    assert [place.text for place in found if place.aside is None] == [
        *("84.3%", "0.2", "82.5", "0.3", "2.6", "3,000", "−0.4%", "5,000", "5")
    ]
    assert [(place.text, place.aside) for place in found if place.aside] == [("2.0", "front matter")]
    (place,) = places(seen, parse_anchor("and {} ± {_} on PAWS-X"))
    line = README.splitlines()[place.location.line - 1]
    assert line[place.location.column - 1 :].startswith("82.5_")

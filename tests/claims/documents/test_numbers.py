"""Printed numbers are found where a reader sees them, and located in the source."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.documents.latex import read_latex
from claims.documents.markup import read_html, read_markdown
from claims.documents.numbers import printed_numbers
from claims.documents.reader import read_document

LATEX = r"""\documentclass[11pt]{article}
\usepackage[margin=2cm]{geometry}
% a draft said 9.9
\section{Results}\label{sec:3}
SQuAD gains \textbf{8.3} points~\cite{phang2020} ($8.3_{\pm 0.2}$, or $-0.4$\,\% of 1{,}104{,}934 rows) in 2020.
See Table~2 and Sections 3.1 and 4.2. \vspace{2mm}
\begin{verbatim}
lr = 1e-5
\end{verbatim}
\begin{tabular}{l r@{\hspace{4pt}}}
\toprule
task & gain \\
\midrule
QQP & 5.1 \\ \bottomrule
\end{tabular}
"""


def numbers(text: str, reader=read_latex) -> list[tuple[str, str | None]]:  # type: ignore[no-untyped-def]
    return [(place.text, place.aside) for place in printed_numbers(reader("f", text))]


def test_latex_prints_what_a_reader_sees() -> None:
    found = numbers(LATEX)
    claimed = [text for text, aside in found if aside is None]
    assert claimed == ["8.3", "8.3", "0.2", "−0.4%", "1,104,934", "5.1"]
    assert ("2020", "year") in found
    assert [text for text, aside in found if aside == "reference"] == ["2", "3.1", "4.2"]
    assert ("1e-5", "code") in found
    assert all(text not in ("9.9", "11", "2mm") for text, _ in found)


def test_latex_location_is_that_of_the_source() -> None:
    place = next(place for place in printed_numbers(read_latex("p.tex", LATEX)) if place.text == "5.1")
    line = LATEX.splitlines()[place.location.line - 1]
    assert line[place.location.column - 1 :].startswith("5.1")


def test_markdown_sets_code_aside_and_drops_targets() -> None:
    text = "# 1 Results\n\nGain **8.3** [see 4](x-7.html), `k=3`\n\n```\n5 6\n```\n<!-- 9 -->\n"
    text += "| a | 7.1 |\n|--:|---|\n"
    found = numbers(text, read_markdown)
    assert [t for t, aside in found if aside is None] == ["8.3", "4", "7.1"]
    assert ("1", "numbering") in found
    assert [t for t, aside in found if aside == "code"] == ["3", "5", "6"]


def test_html_ignores_scripts_and_attributes() -> None:
    text = '<style>p{margin:3px}</style><p id="4">Gain&nbsp;<b>8.3</b>&#37; <!-- 9 --><script>var x = 5</script></p>'
    assert numbers(text, read_html) == [("8.3%", None)]


@pytest.mark.parametrize("text", ["mT5 and XLM-R2", "v1.2.3", "10.1000/182", "a1b2", "3rd", "x86_64"])
def test_names_are_no_numbers(text: str) -> None:
    assert [t for t, aside in numbers(text, read_markdown) if aside is None] == []


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("\\{}[]%&$~-^_ \n\t19.,ab`*|<>!/\"'()#;é字")), max_size=300))
def test_no_text_breaks_a_reader_and_every_place_points_into_the_source(text: str) -> None:
    for reader in (read_latex, read_markdown, read_html):
        seen = reader("f", text)
        lines = text.split("\n")
        for place in printed_numbers(seen):
            assert 1 <= place.location.line <= len(lines)
            assert 1 <= place.location.column <= len(lines[place.location.line - 1]) + 1


@pytest.mark.parametrize(
    "text", ["{" * 20000, "\\cite{" * 5000, "`" * 20000, "<a" * 20000, "[" * 20000, "<!--" * 9000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    for reader in (read_latex, read_markdown, read_html):
        assert printed_numbers(reader("f", text)) is not None


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.doc", b"x", "is no document"),
        ("a.md", b"\xff\xfe", "byte 0xff is not UTF-8"),
        ("a.md", b"a\0b", "binary"),
        ("a.ipynb", b"{}", "not a notebook"),
        ("a.pdf", b"%PDF-1.4 nothing", "PDF"),
    ],
)
def test_what_is_no_document_is_one_clear_error(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_document(tmp_path / name)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_document(tmp_path / "absent.md")


def test_notebook_counts_text_and_output_and_points_into_the_file(tmp_path: Path) -> None:
    import json

    cells = [
        {"cell_type": "markdown", "source": ["Gain 8.3\n", "per 1,000 é"]},
        {"cell_type": "code", "source": ["x = 5"], "outputs": [{"text": ["acc 0.75\n"]}]},
    ]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}, indent=1), encoding="utf-8")
    found = printed_numbers(read_document(path))
    assert [(place.text, place.aside) for place in found] == [
        ("8.3", None),
        ("1,000", None),
        ("5", "code"),
        ("0.75", None),
    ]
    assert "0.75" in path.read_text().splitlines()[found[-1].location.line - 1]


def test_what_other_commas_join_is_accounted_for() -> None:
    """A decimal comma is no printed number of ours, but it is printed."""
    text = "We gain 2,5 points with seeds 1,2,3 and 1,104,934 rows [3,14] (Phang 2019,2020; Tables 1,2), a,1,b.\n"
    assert numbers(text, read_markdown) == [
        ("2,5", None),
        ("1,2,3", None),
        ("1,104,934", None),
        ("3,14", "citation"),
        ("2019,2020", "year"),
        ("1,2", "reference"),
    ]

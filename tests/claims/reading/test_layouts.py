"""Claim tables as people and programs write them: every layout gives the same rows, and no line is dropped."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.reading import read_report
from claims.reading.cells import header_names, split_cells
from claims.reading.document import Line
from claims.reading.rows import rows_of as section_rows
from claims.reading.wraps import vocabulary

ROWS = [
    ("SQuAD gains 8.2 points | on average.", True, "0.27"),
    ("Multi-task training performs best.", False, "0.1"),
    ("XNLI does not gain.", None, "0.30"),
]
TABLE = "## Claims\n\n| Claim | Verified | Confidence |\n|---|---|---|\n"
SHORT = "## Claims\n\n| Claim | Verified |\n|---|---|\n"
HEAD = "# A title\n\nJune 1, 2026\n\n## 3 Results\n\n3 claims extracted; 1 independently verified.\n\n"


def rows_of(tmp_path, body, name="report.md", head=HEAD):
    path = tmp_path / name
    path.write_bytes((head + body).encode("utf-8") if isinstance(body, str) else body)
    card = read_report(path)
    return [(m.text, m.verdict, m.confidence) for m in card.mentions], card


LAYOUTS = {
    "pipe table": """## 5 Extracted Claims

| Claim | Verified | Confidence |
|---|:---:|---:|
| SQuAD gains 8.2 points \\| on average. | ✓ | 0.27 |
| Multi-task training performs best. | × | 0.1 |
| XNLI does not gain. | | 0.30 |
""",
    "pipe table without outer pipes": """## Claims

Claim | Verified | Confidence
---|---|---
SQuAD gains 8.2 points \\| on average. | ✔️ | 0.27
Multi-task training performs best. | ✗ | 0.1
XNLI does not gain. | | 0.30
""",
    "other order, extra columns, bold, words": """## Key claims

| # | Confidence | Source | Verdict | **Statement** |
|---|---|---|---|---|
| 1 | **0.27** | p. 3 | **yes** | **SQuAD gains 8.2 points \\| on average.** |
| 2 | 0.1 | p. 4 | FALSE | Multi-task training performs best. |
| 3 | 0.30 | p. 5 | | *XNLI does not gain.* |
""",
    "pipe in a claim left unescaped": """## Claims

| Claim | Verified | Confidence |
|---|---|---|
| SQuAD gains 8.2 points | on average. | ✅ | 0.27 |
| Multi-task training performs best. | ❌ | 0.1 |
| XNLI does not gain. | | 0.30 |
""",
    "tab table": "5 Extracted Claims\n\nClaim\tVerified\tConfidence\n"
    "SQuAD gains 8.2 points | on average.\t✓\t0.27\nMulti-task training performs best.\t×\t0.1\n"
    "XNLI does not gain.\t\t0.30\n",
    "cells over several lines, marks below": "5 Extracted Claims\n\nClaim\n\nVerified Confidence\n\n"
    "SQuAD gains 8.2 points |\non average.\n✓ 0.27\nMulti-task training\nperforms best.\n×\n0.1\n"
    "XNLI does not gain.\n0.30\n",
    "cells over several lines, marks beside the first": "5 Extracted Claims\n\n"
    "Claim            Verified   Confidence\n"
    "SQuAD gains 8.2 points |    ✓   0.27\non average.\nMulti-task training   ×   0.1\nperforms best.\n"
    "XNLI does not       0.30\ngain.\n",
    "cells over several lines in a pipe table": """## Claims

| Claim | Verified | Confidence |
|---|---|---|
| SQuAD gains 8.2 points \\|<br>on average. | ✓ | 0.27 |
| Multi-task training | × | 0.1 |
| performs best. | | |
| XNLI does not gain. | | 0.30 |
""",
    "marks first": "5 Extracted Claims\n\nVerified Confidence Claim\n"
    "✓ 0.27\nSQuAD gains 8.2 points |\non average.\n× 0.1\nMulti-task training performs best.\n"
    "0.30\nXNLI does not gain.\n",
    "verdict on the first line, confidence below": "5 Extracted Claims\n\nClaim\n\nVerified Confidence\n\n"
    "SQuAD gains 8.2 points | ✓\non average.\n\n0.27\n\nMulti-task training ×\nperforms best.\n\n0.1\n\n"
    "XNLI does not\ngain.\n\n0.30\n",
    "heading lost": "Claim\n\nVerified Confidence\n\nSQuAD gains 8.2 points |\non average.\n✓ 0.27\n"
    "Multi-task training performs best.\n×\n0.1\nXNLI does not gain.\n0.30\n",
    "table without a header": "## Claims\n\nSQuAD gains 8.2 points | on average.\t✓\t0.27\n"
    "Multi-task training performs best.\t×\t0.1\nXNLI does not gain.\t\t0.30\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_layout_gives_the_same_rows(tmp_path, layout, ending, mark):
    text = mark + (HEAD + LAYOUTS[layout]).replace("\n", ending)
    rows, card = rows_of(tmp_path, text.encode("utf-8"))
    assert rows == ROWS
    assert card.not_understood == ()
    assert card.title == "A title"
    assert card.date == "June 1, 2026"


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        *(("✓", True), ("✔", True), ("✅", True), ("x", False), ("✗", False), ("❌", False), ("yes", True)),
        *(("No", False), ("TRUE", True), ("false", False), ("Verified", True), ("not verified", False)),
        *(("", None), ("**✓**", True)),
    ],
)
def test_verdict_cells(tmp_path, cell, verdict):
    rows, card = rows_of(tmp_path, TABLE + f"| A. | {cell} | 27 % |\n")
    assert rows == [("A.", verdict, "27 %")]
    assert card.not_understood == ()


def test_a_mark_that_says_neither_is_missing_and_listed(tmp_path):
    rows, card = rows_of(
        tmp_path,
        TABLE + "| A holds. | partly | high |\n",
    )
    assert rows == [("A holds.", None, None)]
    assert card.not_understood == ((13, "high"), (13, "partly"))


def test_a_confidence_outside_its_range_is_not_one(tmp_path):
    rows, card = rows_of(tmp_path, TABLE + "| A holds. | ✓ | 270 % |\n")
    assert rows == [("A holds.", True, None)]
    assert card.not_understood == ((13, "270 %"),)


def test_prose_around_the_table_is_listed(tmp_path):
    body = SHORT.replace("\n\n", "\n\nThe claims are these.\n\n") + "| A holds. | ✓ |\n\nAll checked twice.\n"
    rows, card = rows_of(tmp_path, body)
    assert rows == [("A holds.", True, None)]
    assert card.not_understood == ((11, "The claims are these."), (17, "All checked twice."))


def test_a_table_outside_a_claims_section_counts(tmp_path):
    body = "Some README.\n\n| Claim | Verified |\n|---|---|\n| A holds. | ✓ |\n"
    body += "\n| Task | Size |\n|---|---|\n| MNLI | 3 |\n"
    rows, _ = rows_of(tmp_path, body, head="# Results\n\n")
    assert rows == [("A holds.", True, None)]


def test_bullets_are_claims(tmp_path):
    body = "## Key claims\n\n- SQuAD gains 8.2 points\n  on average. ✓ 0.27\n"
    body += "- Multi-task training is best. × 0.1\n- It helps.\n"
    rows, _ = rows_of(tmp_path, body)
    assert rows == [
        ("SQuAD gains 8.2 points on average.", True, "0.27"),
        ("Multi-task training is best.", False, "0.1"),
        ("It helps.", None, None),
    ]


def test_a_section_after_the_claims_ends_them(tmp_path):
    body = "5 Extracted Claims\n\nClaim\tVerified\tConfidence\nA holds.\t✓\t0.2\n\n6 Further Work\n\nMore of it.\n"
    rows, card = rows_of(tmp_path, body)
    assert rows == [("A holds.", True, "0.2")]
    assert card.not_understood == ()


def test_an_abbreviation_at_a_line_end_parts_no_claim(tmp_path):
    body = "5 Extracted Claims\n\nClaim\n\nVerified Confidence\n\n"
    body += "We follow Phang et al.\nClosely, that is.\nXNLI gains nothing.\n"
    rows, _ = rows_of(tmp_path, body)
    assert [text for text, _, _ in rows] == [
        "We follow Phang et al. Closely, that is.",
        "XNLI gains nothing.",
    ]


def test_claims_without_full_stops_are_not_called_cut(tmp_path):
    body = SHORT + "| SQuAD helps | ✓ |\n| XNLI does not gain | ✓ |\n"
    _, card = rows_of(tmp_path, body)
    assert [m.truncated for m in card.mentions] == [False, False]


def test_a_width_limit_shows_even_where_every_claim_breaks_off(tmp_path):
    long = "Training on English tasks improves zero-shot transfer to many other languages in this benchm"
    body = SHORT + f"| {long} | ✓ |\n| B{long[1:]} | ✓ |\n"
    _, card = rows_of(tmp_path, body)
    assert [m.truncated for m in card.mentions] == [True, True]


def test_a_report_that_extracted_no_claim_is_a_report(tmp_path):
    rows, card = rows_of(tmp_path, "## Claims\n\n", head="0 claims extracted.\n\n")
    assert rows == []
    assert card.counts == {"claims": "0"}


def test_a_research_question_section(tmp_path):
    _, card = rows_of(
        tmp_path,
        "## Research Question\n\nDoes it\nhelp?\n\n## Claims\n\n| Claim | Verified |\n|---|---|\n| A. | ✓ |\n",
    )
    assert card.question == "Does it help?"


def test_references_keep_their_wraps(tmp_path):
    body = SHORT + "| A. | ✓ |\n\n## References\n\n"
    body += "[1] A. Author, Title\n    of it.\n[2] <https://doi.org/10.1/x>\n"
    _, card = rows_of(tmp_path, body)
    assert card.references == ("A. Author, Title of it.", "https://doi.org/10.1/x")


@pytest.mark.parametrize(
    "head",
    [
        "A title\nJune 1, 2026\n\n",
        "# A title\nBy somebody\n2026-06-01\n\n",
        '---\ntitle: "A title"\ndate: 2026-06-01\n---\n\n',
        "**Title:** A title\n\n**Date:** 1 June 2026\n\n",
        "A\ntitle\n\nAssignee Research\n\nJune 1, 2026\n\n",
    ],
)
def test_titles_and_dates(tmp_path, head):
    _, card = rows_of(tmp_path, SHORT + "| A. | ✓ |\n", head=head)
    assert card.title == "A title"
    assert card.date in ("June 1, 2026", "2026-06-01", "1 June 2026")


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (
            "1,204 papers retrieved. 14 claims were extracted; 13 of 14 claims verified.",
            ("1,204", "14", "13"),
        ),
        ("We extracted 14 claims, 13 independently verified, from 3 documents retrieved.", ("3", "14", "13")),
    ],
)
def test_other_ways_to_state_counts(tmp_path, text, counts):
    _, card = rows_of(tmp_path, SHORT + "| A. | ✓ |\n", head=text + "\n\n")
    assert tuple(card.counts[name] for name in ("papers", "claims", "verified")) == counts


def test_a_second_table_with_other_columns(tmp_path):
    body = (
        TABLE
        + "| A holds. | ✓ | 0.2 |\n\n| Confidence | Claim | Verified |\n|---|---|---|\n| 0.3 | B holds. | × |\n"
    )
    rows, card = rows_of(tmp_path, body)
    assert rows == [("A holds.", True, "0.2"), ("B holds.", False, "0.3")]
    assert card.not_understood == ()


def test_a_header_that_does_not_fit_its_rows(tmp_path):
    rows, _ = rows_of(tmp_path, TABLE + "| ✓ | 0.2 | A holds. |\n")
    assert rows == [("A holds.", True, "0.2")]


LINES = [
    *(
        "| Claim | Verified | Confidence |",
        "Claim\tVerified\tConfidence",
        "Verified Confidence",
        "Claim",
        "|---|---|---|",
    ),
    *(
        "| A holds. | ✓ | 0.3 |",
        "B holds\t×\t0.1",
        "✓ 0.27",
        "0.5",
        "×",
        "some text",
        "More text.",
        "",
        "- item ✓",
        "\t✓",
    ),
    *(
        "yes",
        "| | ✓ | |",
        "| odd | partly | 3 |",
        "x | y | z | w",
        "1. item",
        "0.27 ✓",
        "Confidence | Claim | Verified",
    ),
]


@settings(max_examples=int(os.environ.get("FUZZ", "300")), deadline=None)
@given(st.lists(st.sampled_from(LINES) | st.text("aA✓×|\t .0", max_size=20), max_size=14))
def test_every_line_is_a_row_a_structure_or_listed(texts):
    lines = tuple(Line(number, text) for number, text in enumerate(texts, start=1))
    rows, lost = section_rows(lines, vocabulary(texts))
    accounted = {number for row in rows for number in row.lines} | {number for number, _ in lost}
    for line in lines:
        structure = (
            not line.text.strip(" |\t-") or header_names(line.text) or not any(split_cells(line.text) or [1])
        )
        assert line.number in accounted or structure, (line, rows, lost)
    assert [row.line for row in rows] == sorted(row.line for row in rows)


def test_page_breaks_of_a_pdf_text_part_no_claim(tmp_path):
    text = "My report\n\n5 Extracted Claims\n\nClaim   Verified   Confidence\nSQuAD gains\n\n1\n\f"
    text += "My report\n\n8.2 points.\n✓ 0.27\nXNLI gains\n\n  2\n\fMy report\nnothing.\n× 0.1\n\n3\n\f"
    rows, card = rows_of(tmp_path, text, head="")
    assert rows == [("SQuAD gains 8.2 points.", True, "0.27"), ("XNLI gains nothing.", False, "0.1")]
    assert card.not_understood == ()
    lines = text.split("\n")
    assert [lines[m.line - 1].removeprefix("\f") for m in card.mentions] == ["SQuAD gains", "XNLI gains"]


def test_two_cut_claims_without_a_gap_are_parted_at_the_width_of_the_others(tmp_path):
    first, second = (
        "raining on English tasks improves",
        "zero-shot transfer to many other languages in this large bench",
    )
    # The first two stand apart and show the width; the last two touch.
    gaps = (("T", "\n\n"), ("U", "\n\n"), ("V", "\n"), ("W", "\n"))
    lines = "".join(f"{letter}{first}\n{second}{gap}" for letter, gap in gaps)
    rows, _ = rows_of(tmp_path, f"5 Extracted Claims\n\nClaim\n\nVerified Confidence\n\n{lines}\n")
    assert [text for text, _, _ in rows] == [f"{letter}{first} {second}" for letter in "TUVW"]

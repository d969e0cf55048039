"""A PDF of a report reads the same as its text, whatever the layout; damaged PDFs give one error."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import typst

from analysis.errors import InputError
from claims.reading import read_report
from claims.reading.pdf import Drawn, Page, without_furniture

REPORTS = Path(__file__).resolve().parents[3] / "claims" / "catalog" / "xstilts" / "reports"
FILES = {path.name[:3]: path for path in sorted(REPORTS.glob("*.txt"))}
LAYOUTS = {
    "ruled table": {},
    "table without rules": {"stroke": "none"},
    "two columns": {"columns": 2},
    "two columns, every word may break": {"columns": 2, "extra": '#set text(hyphenate: true, lang: "en")'},
    "large type over many pages": {"extra": "#set text(size: 16pt)"},
    "narrow claim column": {"width": "6cm"},
    "marks in the middle of the row": {"extra": "#set table(align: horizon)"},
    "another typeface": {"extra": '#set text(font: "New Computer Modern")'},
}
MARKS = {True: "✓", False: "×", None: ""}


def quoted(text):
    return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typeset(card, columns=1, width="1fr", stroke="1pt", extra=""):
    """The report as a PDF: running head, page numbers, numbered headings, justified text, a table."""
    cells = "\n".join(
        f"[{quoted(m.text)}], [{MARKS[m.verdict]}], [{m.confidence or ''}]," for m in card.mentions
    )
    title = (
        f"#text(size: 17pt)[{quoted(card.title)}]\n\nAssignee Research\n\n{quoted(card.date)}"
        if card.title
        else ""
    )
    counts = card.counts
    return typst.compile(
        f"""#set page(paper: "a4", numbering: "1", columns: {columns}, header: [A running head])
{extra}
#set heading(numbering: "1")
#set par(justify: true)
#align(center)[{title}]
#heading(numbering: none)[Abstract]
{quoted(card.abstract)}
= Introduction
This paper examines: {quoted(card.subject)}. Research question: {quoted(card.question)}.
= Results
{counts["papers"]} papers retrieved. {counts["claims"]} claims extracted; {counts["verified"]} independently verified.
Quality review score: {counts["quality"]}.
= Limitations
This report is a machine-generated literature synthesis and does not constitute original research.
= Extracted Claims
#table(columns: ({width}, auto, auto), stroke: {stroke}, [Claim], [Verified], [Confidence],
{cells})
#heading(numbering: none)[References]
{chr(10).join("- " + quoted(f"<{entry}>") for entry in card.references)}
""".encode()
    )


def told(card):
    counts = {name: value for name, value in card.counts.items() if "(" not in name}
    mentions = [(m.text, m.truncated, m.verdict, m.confidence) for m in card.mentions]
    facts = (card.title, card.date, card.question, card.subject, card.abstract, card.abstract_truncated)
    return facts, counts, card.references, mentions, card.not_understood


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("report", ["000", "003", "004"])
def test_a_pdf_reads_as_its_text(tmp_path, report, layout):
    card = read_report(FILES[report])
    path = tmp_path / "report.pdf"
    path.write_bytes(typeset(card, **LAYOUTS[layout]))
    assert told(read_report(path)) == told(card)


def test_a_pdf_without_marks_columns_keeps_them_missing(tmp_path):
    card = read_report(FILES["002"])
    path = tmp_path / "report.pdf"
    path.write_bytes(typeset(card))
    assert told(read_report(path)) == told(card)


def test_a_picture_of_a_report_says_that_there_is_no_text(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(typst.compile(b"#rect(width: 3cm, height: 2cm)"))
    with pytest.raises(InputError, match="no text layer"):
        read_report(path)


def test_damaged_pdfs_give_one_error_or_a_card(tmp_path):
    data = typeset(read_report(FILES["001"]))
    generator = random.Random(7)
    path = tmp_path / "damaged.pdf"
    outcomes = set()
    for _ in range(40):
        broken = bytearray(data)
        for _ in range(generator.randrange(1, 40)):
            broken[generator.randrange(len(broken))] = generator.randrange(256)
        path.write_bytes(bytes(broken[: generator.randrange(len(broken) // 2, len(broken))]))
        try:
            outcomes.add(type(read_report(path)).__name__)
        except InputError as error:
            assert len(error.problems) == 1
            outcomes.add("InputError")
    assert "InputError" in outcomes


def test_page_furniture_goes_and_a_line_of_the_text_stays():
    def page(number, first):
        lines = [
            Drawn("My report", 800, 9),
            Drawn(first, 740, 11),
            Drawn("More of it.", 726, 11),
            Drawn(f"{number}", 40, 9),
        ]
        return Page(lines, 0, 842)

    pages = without_furniture([page(1, "Chapter 1"), page(2, "3")], 14)
    assert [[line.text for line in kept.lines] for kept in pages] == [
        ["Chapter 1", "More of it."],
        ["3", "More of it."],
    ]

"""HTML reports: tables, headings, entities and sloppy markup read as the text layouts do."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from claims.reading import read_report

REPORTS = Path(__file__).resolve().parents[3] / "claims" / "catalog" / "xstilts" / "reports"
MARKS = {True: "&check;", False: "&times;", None: ""}


def page(card, closing=True):
    """The report as HTML; without `closing`, rows and cells are left open as HTML allows."""
    end = (lambda tag: f"</{tag}>") if closing else (lambda tag: "")
    rows = "\n".join(
        f"<tr><td>{escape(m.text)}{end('td')}<td><b>{MARKS[m.verdict]}</b>{end('td')}"
        f"<td>{m.confidence or ''}{end('td')}{end('tr')}"
        for m in card.mentions
    )
    references = "".join(f"<li><a href='{escape(r)}'>{escape(r)}</a></li>" for r in card.references)
    counts = card.counts
    return f"""<!doctype html><html><head><title>ignored</title><style>p {{ color: red }}</style></head><body>
<h1>{escape(card.title)}</h1><p>Assignee Research</p><p>{card.date}</p>
<h2>Abstract</h2><p>{escape(card.abstract)}</p>
<h2>1 Introduction</h2><p>This paper examines: {escape(card.subject)}. Research question:
{escape(card.question)}.</p>
<script>var claims = "<h2>Claims</h2>";</script>
<h2>3 Results</h2><p>{counts["papers"]} papers retrieved. {counts["claims"]} claims extracted;
{counts["verified"]} independently verified. Quality review score: {counts["quality"]}.</p>
<h2>5 Extracted Claims</h2>
<table><thead><tr><th>Claim</th><th>Verified</th><th>Confidence</th></tr></thead><tbody>
{rows}
</tbody></table>
<h2>References</h2><ul>{references}</ul></body></html>"""


@pytest.mark.parametrize("closing", [True, False])
@pytest.mark.parametrize("name", ["000", "003"])
def test_html_reads_as_its_text(tmp_path, name, closing):
    card = read_report(next(REPORTS.glob(f"{name}*.txt")))
    path = tmp_path / "report.html"
    path.write_text(page(card, closing), encoding="utf-8")
    read = read_report(path)
    assert [(m.text, m.verdict, m.confidence) for m in read.mentions] == [
        (m.text, m.verdict, m.confidence) for m in card.mentions
    ]
    assert (read.title, read.date, read.question, read.abstract, read.references) == (
        (card.title, card.date, card.question, card.abstract, card.references)
    )
    assert read.not_understood == ()
    source = path.read_text(encoding="utf-8").split("\n")
    assert all(escape(m.text) in source[m.line - 1] for m in read.mentions)


def test_breaks_lists_and_hidden_parts(tmp_path):
    path = tmp_path / "report.html"
    path.write_text(
        "<h2>Key claims</h2><ul><li>SQuAD<br>gains. &#10003; 0.27<li>XNLI &lt;b&gt; does not. &times; 0.1</ul>"
        "<template><p>9 claims extracted</p></template>",
        encoding="utf-8",
    )
    card = read_report(path)
    assert [(m.text, m.verdict, m.confidence) for m in card.mentions] == [
        ("SQuAD gains.", True, "0.27"),
        ("XNLI <b> does not.", False, "0.1"),
    ]
    assert card.counts == {}

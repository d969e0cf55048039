"""Markdown: inert text, figures as tables, links that lead somewhere."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from claims.outcome import Outcome
from reports.document import Text
from reports.markdown import code, escape, render_markdown, runs
from reports.plain import visible
from reports.prose import prose


def test_every_link_inside_leads_to_an_anchor(outcome: Outcome) -> None:
    text = render_markdown(outcome)
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', text))
    targets = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert targets
    assert targets <= anchors


def test_markup_in_texts_has_no_effect(hostile: Outcome) -> None:
    text = render_markdown(hostile)
    own = re.sub(r'<a id="[A-Za-z0-9._-]+"></a>|<br>', "", text)
    assert not re.search(r"(?<!\\)<[a-zA-Z/!]", re.sub(r"`+[^`\n]*`+", "", own))
    assert not re.search(r"(?<!\\)\]\((?!#|https://(arxiv|doi)\.org/)", own)
    assert not re.search(r"(?<!\\)!\[", own.replace("[!NOTE]", "").replace("[!WARNING]", ""))


def test_nothing_invisible_or_reordering_is_left(hostile: Outcome) -> None:
    text = render_markdown(hostile)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", text)
    assert "[U+202E]" in text.replace("\\", "")


def test_tables_keep_their_number_of_columns(hostile: Outcome) -> None:
    width = 0
    for row in render_markdown(hostile).splitlines():
        if not row.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", row))
        assert width in (0, cells), row[:200]
        width = cells


def test_a_figure_appears_with_its_numbers_and_warnings(outcome: Outcome) -> None:
    text = render_markdown(outcome)
    assert "**Figure 1. Claims by group and verdict" in text
    assert "The bars are rounding, not sampling error" in text


def test_missing_parts_are_said(outcome_of) -> None:
    text = render_markdown(outcome_of(0))
    for words in (
        "No claim was checked",
        "No report was read",
        "No published average",
        "No run of ours",
        "No file",
    ):
        assert (words in text) is (words != "No file"), words


def test_code_survives_backticks_and_bars() -> None:
    assert code("a|b") == "`a\\|b`"
    assert code("``") == "``` `` ```"
    assert escape("1 < 2 & $x$") == "1 \\< 2 &amp; \\$x\\$"


def test_a_paragraph_never_becomes_a_list_and_a_number_stays_a_number() -> None:
    assert runs((Text("1. first"),)) == "1\\. first"
    assert runs((Text("- item"),)) == "\\- item"
    assert runs((Text("1.6 min"),)) == "1.6 min"
    assert runs((Text("-0.4 points"),)) == "-0.4 points"


ENGINE = MarkdownIt("gfm-like", {"linkify": False}).enable("table")


def tokens_of(text: str) -> list[Token]:
    tokens = ENGINE.parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def test_an_engine_sees_no_markup_but_ours(hostile: Outcome) -> None:
    for token in tokens_of(render_markdown(hostile)):
        assert token.type not in ("image", "html_block") or token.content.startswith('<a id="')
        if token.type == "html_inline":
            assert re.fullmatch(r'<a id="[A-Za-z0-9._-]+">|</a>|<br>', token.content)
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("#", "https://arxiv.org/", "https://doi.org/"))


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_an_engine_reads_back_the_very_text(text: str) -> None:
    shown = " ".join(visible(text).split())
    rendered = runs((Text(shown),))
    words = "".join(
        t.content for t in tokens_of(rendered) if t.type in ("text", "text_special", "code_inline")
    )
    assert words == shown or (not rendered and not shown)
    assert {t.type for t in tokens_of(rendered)} <= {
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "paragraph_close",
    }


def test_the_first_page_says_what_is_open_and_what_would_settle_it(outcome: Outcome) -> None:
    text = render_markdown(outcome)
    first = text[: text.index('<a id="ladder">')]
    rows = [line.split(" | ") for line in first.splitlines() if re.match(r"\| \*\*\d+\*\* \|", line)]
    still = [claim for claim in outcome.claims if claim.verdict not in ("supported", "contradicted")]
    assert still and sum(int(row[0].strip("| *")) for row in rows) == len(still)
    assert all(row[3].strip(" |") for row in rows)
    assert "At hand of it: abstract only" in first


def test_sentences_of_the_engine_have_code_and_minus_signs() -> None:
    made = "".join(
        run.text if run.style == "plain" else f"<{run.text}>" for run in prose("-3.5 to 2-9: `a -1`")
    )
    assert made == "−3.5 to 2-9: <a -1>"
    assert [run.text for run in prose("odd ` tick")] == ["odd ` tick"]

"""PDF: made for everything, tagged, text searchable, same bytes in another process."""

import io
import re

import pytest
from pypdf import PdfReader

from claims.outcome import Outcome
from reports.document import Document, Link, Paragraph, Quotation, Section, Text
from reports.fonts import load_fonts
from reports.pdf import breakable, pdf_of, render_pdf


def words_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\u200b", ""))


def one_page(*blocks) -> bytes:
    sections = (Section("First", "first", blocks), Section("Second", "second", ()))
    return pdf_of(Document("Title", "Subtitle", (("study", "s"), ("made by", "t")), sections))


@pytest.fixture(scope="module")
def made(outcome: Outcome) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(outcome)))


def test_is_tagged_a4_with_a_title_and_no_date(made: PdfReader) -> None:
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a pypdf object)
    assert made.metadata.title == "Claims of example"
    assert made.metadata.creation_date is None
    assert all(round(float(page.mediabox.width)) == 595 for page in made.pages)


def test_first_page_answers_the_first_questions(made: PdfReader) -> None:
    page = re.sub(r"\s+", " ", made.pages[0].extract_text())
    for words in ("12 claims", "24 mentions", "3 reports", "1 root source", "BUCC and Tatoeba carry 7.40"):
        assert words in page, page


def test_has_a_table_of_contents_and_running_heads(made: PdfReader) -> None:
    assert "Evidence ladder" in made.pages[1].extract_text()
    assert {item["/Title"] for item in made.outline if not isinstance(item, list)} >= {"Summary", "Method"}
    assert "Evidence ladder" in made.pages[2].extract_text().splitlines()[0] + made.pages[2].extract_text()


def test_fonts_are_embedded(made: PdfReader) -> None:
    fonts = [
        font.get_object() for page in made.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        descendant = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])


def test_a_date_makes_it_an_archival_file(outcome_of) -> None:
    made = render_pdf(outcome_of(1, rich=False), date=1_700_000_000)
    assert PdfReader(io.BytesIO(made)).metadata.creation_date.year == 2023
    assert b"pdfaid" in made
    assert b"pdfuaid" in made


def test_hostile_texts_are_printed_not_run(hostile: Outcome) -> None:
    text = words_of(render_pdf(hostile))
    assert "#set page(fill: red)" in text
    assert "[U+202E]" in text
    assert "[U+4E2D]" in text
    assert "x" * 200 in text.replace(" ", "")


def test_other_scripts_are_kept_where_a_font_has_them() -> None:
    text = words_of(
        one_page(
            Quotation("Ελληνικά кириллица"),
            Paragraph((Text("שלום", "strong"),)),
            Paragraph((Text("مرحبا", "emph"),)),
        )
    )
    assert "Ελληνικά кириллица" in text
    assert "[U+" not in text


def test_a_link_to_nowhere_becomes_text() -> None:
    assert "lost" in words_of(one_page(Paragraph((Link("lost", "#nowhere"),))))


def test_long_words_get_places_to_break() -> None:
    assert max(map(len, breakable("y" * 10_000).split("\u200b"))) <= 24
    assert breakable("short words stay") == "short words stay"


@pytest.mark.parametrize("n", [0, 1])
def test_no_claim_and_one_claim(outcome_of, n: int) -> None:
    assert render_pdf(outcome_of(n)).startswith(b"%PDF-1.7")


def test_fonts_folder_that_is_absent_is_one_error(monkeypatch, outcome_of) -> None:
    from analysis.errors import InputError

    monkeypatch.setenv("VERIFY_CLAIMS_FONTS", "/nowhere/at/all")
    with pytest.raises(InputError, match="no folder"):
        render_pdf(outcome_of(0))


def test_every_character_that_a_font_covers_can_be_set_in_every_style() -> None:
    covered = "".join(map(chr, sorted(load_fonts().covered)))
    pieces = [covered[start : start + 60] for start in range(0, len(covered), 60)]
    styles = ("plain", "strong", "emph", "code")
    assert one_page(*(Paragraph((Text(piece, style),)) for style in styles for piece in pieces))

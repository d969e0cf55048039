"""The report of a study's answers: the first page answers, nothing is cut, and nothing leads nowhere."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import pandas
import pytest
from pypdf import PdfReader

from analysis.contrast import Contrast, Term, decide
from analysis.contrast.answer import row
from analysis.results import COLUMNS
from reports.answered import answered, files_of
from reports.html import html_of
from reports.markdown import markdown_of

ORDER = "mnli>squad>hellaswag, encoder-decoder-miniature"


class Words(HTMLParser):
    """Words, ids and inner links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.ids, self.links = "", set[str](), set[str]()
        self.silent = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("script", "style")
        self.ids |= {str(value) for name, value in attrs if name == "id"}
        self.links |= {
            str(value)[1:] for name, value in attrs if name == "href" and str(value).startswith("#")
        }

    def handle_data(self, data: str) -> None:
        self.words += "" if self.silent else data


def contrast(name: str, outcome: str, estimate: float, half: float, reason: str = "") -> dict[str, Any]:
    return {
        "contrast": name,
        "hypothesis": f"the score of {name} is higher",
        "outcome": outcome,
        "estimate": estimate,
        "low": estimate - half,
        "high": estimate + half,
        "p_adjusted": 1e-6 if outcome == "shown" else 0.42,
        "margin": 2.0,
        "smallest_detectable": 5.4,
        "seeds": 5,
        "reason": reason,
        "means": "noise-3 47.4, plain 68.2",
    }


def effect(label: str, estimate: float) -> dict[str, Any]:
    return {"label": label, "estimate": estimate, "low": estimate - 1, "high": estimate + 1, "n": 1}


def analysis(**more: Any) -> dict[str, Any]:
    rows = [
        contrast("noise-hurts", "shown", -20.881, 1.3),
        contrast(
            "after-squad", "open", 0.45, 4.0, "the smallest detectable difference is 5.4 points, the margin 2"
        ),
        contrast("alike", "no difference", 0.1, 0.5),
    ]
    sentences = [f"Sentence on {row['contrast']}: {row['estimate']:+.2f} points." for row in rows]
    figure = {"kind": "forest", "unit": "points", "level": 0.95, "method": "t intervals over seeds"}
    return {
        "schema": "verify-claims/analysis/1",
        "study": "robustness",
        "title": "Noise",
        "scale": "miniature",
        "tool_version": "1.2.3",
        "answers": [
            {
                "id": "contrasts",
                "question": "Does noise hurt?",
                "answer": " ".join(sentences),
                "sentences": sentences,
                "cannot_say": ["This is scale miniature."],
            },
            {"id": "power", "question": "What could be found?", "answer": "Much.", "cannot_say": ["Little."]},
            {"id": "gains", "question": "What gains?", "answer": "From -6.5 to +19.2.", "cannot_say": []},
            {
                "id": "paper",
                "question": "What would answer it at published size?",
                "answer": "`verify-claims replicate robustness --scale paper` with 5 seeds. It was not run.",
                "cannot_say": [],
            },
        ],
        "contrasts": rows,
        "power": [{"contrast": "after-squad", "seeds": 5, "seeds_for_the_margin": 23}],
        "gains": [
            {
                "target": "xnli",
                "intermediate": ORDER,
                "gain": -6.5278,
                "low": -23.4,
                "high": 10.352,
                "seeds": 3,
            },
            {"target": "xnli", "intermediate": "mnli", "gain": 19.0, "low": None, "high": None, "seeds": 1},
        ],
        "figures": [
            figure
            | {"name": "contrasts", "what": "Contrasts", "answer": "contrasts"}
            | {"effects": [effect(row["contrast"], row["estimate"]) for row in rows]},
            figure
            | {"name": "gains", "what": "Gains", "answer": "gains", "effects": [effect(ORDER, -6.5)] * 2},
        ],
    } | more


@pytest.fixture(scope="module")
def pages() -> list[str]:
    made = files_of(analysis())
    reader = PdfReader(io.BytesIO(made["report.pdf"]))
    return [re.sub(r"\s+", " ", page.extract_text().replace("\u200b", "")) for page in reader.pages]


def test_the_first_page_says_what_holds_what_does_not_why_and_what_would_settle_it(pages: list[str]) -> None:
    first = pages[0]
    for words in (
        "Does noise hurt?",
        "✓ yes",
        "= no difference that matters",
        "≈ cannot be answered",
        "2 of 3 contrasts",
        "languages generated from English",
        "−20.9 [−22.2, −19.6]",
        "<0.001",
        "The smallest detectable difference is 5.4 points, the margin 2. 23 seeds would find a difference of 2.",
        "Two one-sided tests put it within the margin of 2.",
        "verify-claims replicate robustness --scale paper with 5 seeds. It was not run.",
    ):
        assert words in first, (words, first)
    assert first.rstrip().endswith(f"scale miniature 1 / {len(pages)}")


def test_the_contents_stand_before_what_they_list(pages: list[str]) -> None:
    text = " ".join(pages)
    assert text.index("Contents") < text.index("Sentence on noise-hurts")


def test_no_backtick_is_printed_and_a_minus_is_one(pages: list[str]) -> None:
    document = answered(analysis())
    for text in ("".join(pages), Words(html_of(document)).words):
        assert "`" not in text
        assert "From −6.5 to +19.2" in text
    assert "`verify-claims replicate robustness --scale paper`" in markdown_of(document)


def test_links_of_the_page_lead_somewhere() -> None:
    page = Words(html_of(answered(analysis())))
    assert "summary" in page.links
    assert page.links <= page.ids


def test_rows_have_units_equal_decimals_and_no_column_without_values() -> None:
    text = markdown_of(answered(analysis()))
    assert "| target | intermediate | gain (points) | from | to | seeds |" in text
    assert "| −6.53 | −23.40 | 10.35 | 3 |" in text
    assert "| 19.00 | – | – | 1 |" in text
    assert "A dash is a missing value." in text
    assert "| noise-hurts | shown | −20.88 | −22.18 | −19.58 | 1e-06 |" in text
    assert (
        "In all rows: margin 2.00 points; detectable 5.40 points; seeds 5; "
        "mean of each term noise-3 47.4, plain 68.2." in text
    )


def test_figures_and_limits_of_the_first_page_are_not_told_twice() -> None:
    text = markdown_of(answered(analysis()))
    assert text.count("This is scale miniature.") == 1
    assert text.count("**Figure 1. Contrasts") == 1 and "Figure 3" not in text


def test_what_is_said_of_all_contrasts_is_boxed_on_the_first_page() -> None:
    said = ["Provisional: 2 of 5 planned seeds are there.", "Exploratory: it was registered late."]
    made = analysis()
    made["answers"][0] |= {"sentences": [*said, *made["answers"][0]["sentences"]]}
    text = markdown_of(answered(made))
    first = text[: text.index("| Contrast |")]
    assert first.count("[!WARNING]") == 2 and all(one in first for one in said)
    assert "[!WARNING]" not in markdown_of(answered(analysis()))


def test_an_analysis_without_registered_contrasts_answers_its_questions_on_the_first_page() -> None:
    made = analysis()
    del made["contrasts"]
    made["answers"] = made["answers"][1:]
    made["figures"] = made["figures"][1:]
    text = markdown_of(answered(made))
    assert text.index("- **What could be found?** Much.") < text.index('<a id="answers">')


def test_a_table_gets_a_report_with_figures() -> None:
    made = analysis(table="runs<b>.csv")
    for name in ("study", "title", "scale", "contrasts"):
        del made[name]
    made["answers"], made["figures"] = made["answers"][1:3], made["figures"][1:]
    files = files_of(made)
    assert set(files) == {"analysis.json", "report.md", "report.html", "report.pdf", "figures/gains.csv"}
    assert files["report.md"].startswith(b"# runs\\<b\\>.csv\n")
    assert b"scale" not in files["report.md"][:400]


def test_same_input_same_bytes() -> None:
    assert files_of(analysis()) == files_of(analysis())


def test_the_rows_of_these_tests_have_the_names_that_an_analysis_gives() -> None:
    """A name that changed there would leave a head of its own here unused."""
    cell = {"target": "x", "metric": "score", "status": "measured", "language": "all"}
    scores = [
        cell | {"intermediate": setting, "seed": seed, "value": value + len(setting) * seed}
        for setting, value in (("a", 70.0), ("none", 60.0))
        for seed in range(3)
    ]
    terms = (Term(1.0, {"intermediate": ("a",)}), Term(-1.0, {"intermediate": ("none",)}))
    (decided,) = decide(
        pandas.DataFrame(scores, columns=list(COLUMNS)),
        [Contrast("c", "t", terms, 2.0, where={"target": ("x",)})],
    )
    assert contrast("c", "shown", 1.0, 0.5).keys() <= row(decided).keys()

"""The five bundled reports: every field, against a reviewed golden file and against what a person counts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from claims.reading import read_report, read_reports

REPORTS = Path(__file__).resolve().parents[3] / "claims" / "catalog" / "xstilts" / "reports"
FILES = sorted(REPORTS.glob("*.txt"))
GOLDEN = Path(__file__).with_name("five_reports.json")


@pytest.fixture(scope="module")
def cards():
    return {card.id[:3]: card for card in read_reports(FILES)}


def test_all_mentions_are_found(cards):
    assert {id: len(card.mentions) for id, card in cards.items()} == {
        "000": 14,
        "001": 9,
        "002": 9,
        "003": 20,
        "004": 10,
    }


def test_the_golden_file_holds_in_every_field(cards):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    read = json.loads(json.dumps([asdict(card) for card in cards.values()]))
    for card in read:
        card["file"] = Path(card["file"]).name
    assert read == golden


def test_each_mention_stands_verbatim_on_its_line(cards):
    for file in FILES:
        lines = file.read_text(encoding="utf-8").splitlines()
        for mention in cards[file.name[:3]].mentions:
            first = mention.raw.split("\n")[0]
            assert first in lines[mention.line - 1]
            assert mention.text.split()[0] == first.lstrip("| ").split()[0]


def test_verdicts_and_confidences_as_printed(cards):
    assert [m.verdict for m in cards["000"].mentions] == [True] * 13 + [False]
    assert cards["000"].mentions[2].confidence == "0.30"  # the printed zero stays
    crosses = [(m.line, m.confidence) for m in cards["003"].mentions if m.verdict is False]
    assert crosses == [
        (32, "0.15"),
        (33, "0.10"),
        (34, "0.13"),
        (42, "0.09"),
        (47, "0.07"),
        (48, "0.09"),
        (49, "0.12"),
        (50, "0.11"),
    ]


def test_the_lost_columns_of_the_pdf_text_stay_missing(cards):
    assert {(m.verdict, m.confidence) for m in cards["002"].mentions} == {(None, None)}
    assert cards["002"].title is None
    assert cards["002"].date is None
    assert cards["002"].references == ()


def test_nothing_of_the_claims_sections_is_dropped(cards):
    assert all(card.not_understood == () for card in cards.values())


def test_wraps_of_the_pdf_text_are_undone_and_compounds_kept(cards):
    text = " ".join(m.text for m in cards["002"].mentions)
    assert "improvements of 8.2" in text
    assert "outperforms" in text
    assert "continuing" in text
    assert "Intermediate-task" in text
    assert cards["002"].subject.endswith("Improves Zero-Shot Cross-Lingual Transfer Too")
    assert cards["002"].abstract[:180] == cards["000"].abstract[:180]
    assert "evaluate intermediate-task transfer" in cards["002"].abstract


def test_cut_texts_are_told_from_whole_ones(cards):
    assert sum(m.truncated for card in cards.values() for m in card.mentions) == sum(
        not m.text.endswith(".") for card in cards.values() for m in card.mentions
    )
    assert all(card.abstract_truncated for card in cards.values())


def test_stated_counts_as_printed(cards):
    assert {id: (c.counts["claims"], c.counts["verified"]) for id, c in cards.items()} == {
        "000": ("14", "13"),
        "001": ("9", "9"),
        "002": ("9", "9"),
        "003": ("20", "12"),
        "004": ("10", "10"),
    }
    assert cards["000"].counts["quality"] == "8.5/10"
    assert cards["002"].counts["papers"] == "14"


def test_questions_end_at_their_question_mark(cards):
    assert all(card.question.endswith("?") for card in cards.values())
    assert cards["000"].question.startswith("Does progressively scaling the number")
    assert cards["002"].question.endswith(
        "when transferred to non-English code generation tasks using XTREME-R benchmarks?"
    )


def test_a_report_reads_the_same_alone_and_in_company(cards):
    for file in FILES:
        assert read_report(file) == cards[file.name[:3]]

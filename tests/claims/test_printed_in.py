"""A document and its claims agree at every place, or the place is named; `fix` makes them agree."""

from pathlib import Path

import pytest

from analysis.errors import InputError
from claims.accounting import account
from claims.documents.reader import read_document
from claims.mending import applied, plan
from claims.study import check_study, read_study

CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
set_aside:
  - {file: paper.tex, text: "batch size {}", reason: a setting}
claims:
  - id: paper.gain
    text: SQuAD gains 1.3 points.
    scope: {source: mine}
    printed_in:
      - {file: paper.tex, text: "improves XNLI by {} points"}
    assert:
      - {kind: gain, of: {intermediate: squad}, over: {intermediate: none}, equals: "1.3"}
"""
PAPER = "SQuAD improves XNLI by \\textbf{1.3} points (batch size 32).\nIt improves XNLI by\n1.3 points, 99 others.\n"
TABLE = (
    "source,target,metric,intermediate,value,status\n"
    "mine,xnli,acc,none,80.1,measured\nmine,xnli,acc,squad,{},measured\n"
)


def study(folder: Path, paper: str = PAPER, squad: str = "81.4", claims: str = CLAIMS) -> Path:
    (folder / "evidence").mkdir()
    (folder / "claims.yaml").write_text(claims, encoding="utf-8")
    (folder / "paper.tex").write_text(paper, encoding="utf-8")
    (folder / "evidence" / "results.csv").write_text(TABLE.format(squad), encoding="utf-8")
    return folder


def printed(folder: Path) -> tuple[str, str, str]:
    finding = check_study(folder).findings[-1]
    return finding.verdict.value, finding.reason.value, finding.detail


def test_every_place_agrees(tmp_path: Path) -> None:
    verdict, reason, detail = printed(study(tmp_path))
    assert (verdict, reason) == ("supported", "matches_print")
    assert detail == "paper.tex prints 1.3 in 2 places (line 1, 3)."


def test_the_place_that_differs_is_named(tmp_path: Path) -> None:
    folder = study(tmp_path, PAPER.replace("\n1.3", "\n1.4"))
    finding = check_study(folder).findings[-1]
    assert finding.verdict == "contradicted"
    assert (finding.location.file, finding.location.line, finding.location.column) == ("paper.tex", 3, 1)
    assert finding.margin == "0.1"


def test_words_that_stand_nowhere_are_an_error_not_a_pass(tmp_path: Path) -> None:
    verdict, reason, detail = printed(study(tmp_path, "Nothing of the kind, 1.3 points.\n"))
    assert (verdict, reason) == ("error", "bad_evidence")
    assert "stand nowhere in paper.tex" in detail


def test_the_document_is_an_input(tmp_path: Path) -> None:
    assert "paper.tex" in check_study(study(tmp_path)).inputs


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('text: "improves XNLI by {} points"', 'text: "improves XNLI"', r"claims.yaml:11:\d+: .*0 holes"),
        (
            'file: paper.tex, text: "improves',
            'file: ../paper.tex, text: "improves',
            "leaves the study's folder",
        ),
        (
            'file: paper.tex, text: "improves',
            'file: absent.tex, text: "improves',
            r"^claims.yaml:11:\d+: there is no document 'absent.tex'; check the path; it counts from the study",
        ),
        (
            "paper.tex",
            "papr.tex",
            r"^claims.yaml:11:\d+: there is no document 'papr.tex'; write 'paper.tex'$",
        ),
        ('equals: "1.3"', 'at_least: "1.0"', "the binding has no number to look for"),
    ],
)
def test_a_wrong_binding_is_one_clear_error(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_study(study(tmp_path, claims=CLAIMS.replace(old, new)))


def test_every_number_is_accounted_for(tmp_path: Path) -> None:
    folder = study(tmp_path)
    found = account(read_document(folder / "paper.tex", "paper.tex"), read_study(folder).file, "paper.tex")
    assert [(entry.place.text, entry.status) for entry in found.entries] == [
        ("1.3", "bound"),
        ("32", "reason"),
        ("1.3", "bound"),
        ("99", "unbound"),
    ]
    assert found.counts == {"bound": 2, "rule": 0, "reason": 1, "unbound": 1}


def mended(folder: Path) -> tuple[dict[str, str], int]:
    changes = plan(read_study(folder), check_study(folder))
    texts, left = {}, 0
    for name in {change.file for change in changes}:
        mine = [change for change in changes if change.file == name]
        texts[name], undone = applied((folder / name).read_text(encoding="utf-8"), mine)
        left += len(undone)
    return texts, left


def test_new_results_move_claim_statement_and_every_place(tmp_path: Path) -> None:
    texts, left = mended(study(tmp_path, squad="81.62"))
    assert left == 0
    assert texts["paper.tex"] == PAPER.replace("1.3", "1.5")
    assert texts["claims.yaml"] == CLAIMS.replace("1.3", "1.5")


def test_a_drifted_place_moves_to_the_claim_and_nothing_else_changes(tmp_path: Path) -> None:
    texts, left = mended(study(tmp_path, PAPER.replace("\n1.3", "\n1.4")))
    assert (texts, left) == ({"paper.tex": PAPER}, 0)


def test_what_agrees_needs_no_change(tmp_path: Path) -> None:
    assert mended(study(tmp_path)) == ({}, 0)


def test_markup_inside_a_number_is_left_to_a_person(tmp_path: Path) -> None:
    claims = CLAIMS.replace('equals: "1.3"', 'equals: "1,001"')
    paper = "It improves XNLI by 1{,}000 points.\n"
    folder = study(tmp_path, paper, squad="1081.1", claims=claims)
    texts, left = mended(folder)
    assert left == 1
    assert texts["paper.tex"] == paper


def test_another_number_at_the_words_is_left_for_a_person(tmp_path: Path) -> None:
    folder = study(tmp_path, PAPER.replace("\n1.3", "\n12,500"))
    (change,) = plan(read_study(folder), check_study(folder))
    assert change.by_hand
    assert "too far from 1.3 to be the same number" in change.why
    text = (folder / "paper.tex").read_text()
    assert applied(text, [change]) == (text, (change,))


def test_digits_without_end_are_one_finding_and_no_crash(tmp_path: Path) -> None:
    folder = study(tmp_path, PAPER.replace("\n1.3", "\n" + "9" * 300))
    verdict, reason, _ = printed(folder)
    assert (verdict, reason) == ("contradicted", "differs_from_print")
    assert plan(read_study(folder), check_study(folder))[0].by_hand


def test_a_place_in_another_form_of_number_is_seen_and_left_to_a_person(tmp_path: Path) -> None:
    folder = study(tmp_path)
    paper = folder / "paper.tex"
    paper.write_text(paper.read_text().replace("\n1.3 points", "\n1,3 points"))
    finding = check_study(folder).findings[-1]
    assert finding.reason == "differs_from_print" and "prints 1,3, not 1.3" in finding.detail
    (change,) = plan(read_study(folder), check_study(folder))
    assert change.by_hand and "1,3 is not in a form that can be compared" in change.why

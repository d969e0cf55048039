"""`verify-claims report` on the bundled study and on wrong input."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from claims.study import BUNDLED
from verify_claims.main import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["report", *arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    assert run("--out", str(folder), "--format", "md,pdf,html,json,crate") == 0
    return folder


def test_writes_every_format_and_the_data_of_every_figure(bundled: Path) -> None:
    names = {path.name for path in bundled.iterdir()}
    assert {
        "report.md",
        "report.pdf",
        "report.html",
        "report.json",
        "ro-crate-metadata.json",
        "figures",
    } <= names
    figures = re.findall(r"\*\*Figure (\d+)\.", (bundled / "report.md").read_text())
    assert len(figures) == len(list((bundled / "figures").glob("*.csv"))) > 5


def test_is_up_to_date_until_somebody_edits_it(bundled: Path, capsys) -> None:
    assert run("--out", str(bundled), "--format", "md,html", "--check") == 0
    page = bundled / "report.html"
    content = page.read_bytes()
    page.write_bytes(content + b" ")
    try:
        assert run("--out", str(bundled), "--format", "md,html", "--check") == 1
        assert "out of date" in capsys.readouterr().err
        assert page.read_bytes() == content + b" "
    finally:
        page.write_bytes(content)


def test_renderings_tell_the_same(bundled: Path) -> None:
    markdown = (bundled / "report.md").read_text()
    page = (bundled / "report.html").read_text()
    first = re.sub(
        r"\s+", " ", PdfReader(io.BytesIO((bundled / "report.pdf").read_bytes())).pages[0].extract_text()
    )
    tiles = re.findall(r"\*\*([\d,]+)\*\* (?:[^a-z ] )?([a-z ]+)", markdown)[:9]
    assert len(tiles) == 9
    for number, word in tiles:
        assert re.search(rf"<strong>{number}</strong> <span>(?:\S )?{word.strip()}<", page), word
        assert re.search(rf"{number} (?:\S )?{word.strip()}", first), (number, word, first)


def test_names_no_place_of_this_machine(bundled: Path) -> None:
    here = str(Path(__file__).resolve().parents[2])
    for name in ("report.md", "report.html", "report.json", "ro-crate-metadata.json"):
        assert here not in (bundled / name).read_text(), name


def test_every_claim_is_reported_and_linked(bundled: Path) -> None:
    page = (bundled / "report.html").read_text()
    claims = re.findall(r'<article class="claim" id="([^"]+)"', page)
    assert len(claims) == len(set(claims)) > 25
    for claim in claims:
        assert f'href="#{claim}"' in page


def test_the_study_may_lie_anywhere(bundled: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved study"
    shutil.copytree(BUNDLED, moved)
    assert run(str(moved), "--out", str(tmp_path / "out"), "--format", "md,json") == 0
    for name in ("report.md", "report.json"):
        assert (tmp_path / "out" / name).read_bytes() == (bundled / name).read_bytes()


def test_runs_of_ours_need_a_folder(tmp_path: Path, capsys) -> None:
    assert run("--runs", str(tmp_path / "absent"), "--out", str(tmp_path / "out")) == 2
    assert "there is no folder of runs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "doc"), "there is no report format 'doc'"),
        (("--format", ","), "no report format is named"),
        (("/nowhere/at/all",), "there is no study at"),
    ],
)
def test_wrong_input_is_one_error_and_exit_code_2(arguments, words: str, tmp_path: Path, capsys) -> None:
    assert run(*arguments, "--out", str(tmp_path / "out")) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


FOREST = '{"kind": "forest", "name": "n", "what": "w", "unit": "u", "effects": []}'
ANSWER = '{"id": "x", "question": "q?", "answer": "a"}'
HEAD = '"schema": "verify-claims/analysis/1"'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ["cannot read the analysis"]),
        ("[]", ["the analysis is no JSON object"]),
        ("[" * 100_000, ["cannot read the analysis"]),
        ("{" + HEAD + ', "x": [NaN]}', ["NaN is no JSON"]),
        (
            '{"answers": 3, "figures": {}}',
            ["the schema is 'None'", "`answers` is no list", "`figures` is no list"],
        ),
        ("{" + HEAD + ', "answers": [{"id": "x"}]}', ["answer 1 has no text for question, answer"]),
        (
            "{" + HEAD + f', "answers": [{ANSWER}], "x": 5' + "}",
            ["the rows of answer 'x' are no list of objects"],
        ),
        (
            "{" + HEAD + ', "figures": [{"kind": "pie"}]}',
            ["figure 1 cannot be drawn: unknown kind of figure 'pie'"],
        ),
        ("{" + HEAD + ', "figures": [{"kind": "gains", "name": "n"}]}', ["figure 1 cannot be drawn:"]),
    ],
)
def test_an_analysis_that_is_none_is_refused_with_every_problem(
    tmp_path, capsys, text: str, said: list[str]
) -> None:
    place = tmp_path / "analysis.json"
    place.write_text(text)
    assert run("--analysis", str(place), "--format", "md", "--out", str(tmp_path / "out")) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]
    assert len(errors) == len(said) and all(words in line for words, line in zip(said, errors, strict=True))
    assert not (tmp_path / "out").exists()


def test_an_analysis_of_a_file_is_part_of_the_report(tmp_path) -> None:
    place = tmp_path / "analysis.json"
    place.write_text("{" + HEAD + f', "answers": [{ANSWER}], "figures": [{FOREST}]' + "}")
    assert run("--analysis", str(place), "--format", "md", "--out", str(tmp_path / "out")) == 0
    assert "### q?" in (tmp_path / "out/report.md").read_text()

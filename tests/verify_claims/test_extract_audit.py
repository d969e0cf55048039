"""The commands `extract` and `audit`, run as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "claims" / "catalog" / "xstilts" / "reports"


def run(*arguments, cwd=ROOT):
    command = [sys.executable, "-m", "verify_claims.main", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def extracted():
    done = run("extract", REPORTS, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def audited():
    done = run("audit", REPORTS, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_extract_gives_mentions_proposals_and_reports(extracted):
    assert len(extracted["mentions"]) == 62
    assert extracted["proposals"] == []
    assert [report["mentions"] for report in extracted["reports"]] == [14, 9, 9, 20, 10]
    assert extracted["study"] == "xstilts"


def test_a_new_statement_is_proposed_as_a_draft_that_no_check_decides(tmp_path):
    report = tmp_path / "new.md"
    report.write_text(
        "## Claims\n\n| Claim | Verified |\n|---|---|\n| SQuAD gains 9.9 points on Mars. | ✓ |\n", "utf-8"
    )
    done = run("extract", report, "--out", tmp_path / "study" / "claims.yaml")
    assert done.returncode == 0, done.stderr
    file = yaml.safe_load((tmp_path / "study" / "claims.yaml").read_text("utf-8"))
    assert [claim["status"] for claim in file["claims"]] == ["draft"]
    assert file["claims"][0]["assert"][0]["equals"] == "9.9"
    assert file["claims"][0]["assert"][0]["of"] == {"intermediate": "squad"}


def test_plain_text_when_not_a_terminal():
    done = run("extract", REPORTS / "002_126e3002b994202a.txt")
    assert done.returncode == 0
    assert "002_126e3002b994202a: 9 mentions" in done.stdout
    assert "\x1b" not in done.stdout
    assert "9 of 9 mentions mapped" in done.stderr


def test_hostile_text_is_inert_in_the_terminal(tmp_path):
    report = tmp_path / "hostile.md"
    report.write_text(
        "## Claims\n\n| Claim | Verified |\n|---|---|\n| \x1b[2J[red]x\u202ey. | ✓ |\n", "utf-8"
    )
    done = run("extract", report, "--no-study")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "[red]" in done.stdout


@pytest.mark.parametrize("command", ["extract", "audit"])
@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "the file is empty"), (b"\xff\xfe", "UTF-16"), (b"Dear all.", "this is no report")],
)
def test_bad_reports_exit_with_2_and_one_line(tmp_path, command, content, told):
    report = tmp_path / "bad.txt"
    report.write_bytes(content)
    done = run(command, report, "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"error: {report.as_posix()}")
    assert told in line


def test_nothing_is_written_where_a_report_is_bad(tmp_path):
    done = run("extract", tmp_path / "gone.md", "--out", tmp_path / "proposals.yaml")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_audit_has_every_kind_of_observation(audited):
    codes = {finding["code"] for finding in audited["audit"]}
    assert {"counts", "question_uncovered", "title_question", "threshold", "independence"} <= codes
    assert {"opposite_verdicts", "false_cross", "circular"} <= codes
    threshold = next(finding for finding in audited["audit"] if finding["code"] == "threshold")
    assert (threshold["data"]["right"], threshold["data"]["total"], threshold["problem"]) == (52, 53, True)


def test_audit_without_arguments_takes_the_studys_reports(audited):
    done = run("audit", "--json")
    assert json.loads(done.stdout)["audit"] == audited["audit"]


def test_audit_without_a_study_works_on_reports_alone():
    done = run("audit", "--no-study", REPORTS)
    assert done.returncode == 0
    assert "! threshold: A threshold on the confidence gives 52 of 53 verdicts" in done.stdout
    assert "false_cross" not in done.stdout


def test_fail_on_and_unknown_codes():
    assert run("audit", REPORTS, "--no-study", "--fail-on", "opposite_verdicts").returncode == 0
    assert run("audit", REPORTS, "--no-study", "--fail-on", "question_uncovered").returncode == 1
    done = run("audit", REPORTS, "--fail-on", "everything")
    assert done.returncode == 2
    assert "there is no code 'everything'" in done.stderr


def test_reading_reports_imports_nothing_heavy():
    code = (
        "import sys, claims.reading, claims.clustering, claims.audit; print([m for m in sys.modules if m in "
    )
    code += "('pandas', 'scipy', 'pypdf', 'numpy', 'rich', 'typer', 'pydantic', 'matplotlib')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"

"""The command `check`: exit codes, policies, files written, and what a wrong input gives."""

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from claims.scaffold import make_study
from claims.study import BUNDLED

CASES = Path(__file__).parents[1] / "cases"
ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verify_claims.main", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    make_study(folder)
    return folder


def changed(study: Path, old: str, new: str) -> Path:
    path = study / "claims.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return study


def test_a_new_study_passes_at_once(study: Path) -> None:
    done = run("check", study)
    assert done.returncode == 0 and "3 supported" in done.stdout and str(study) in done.stderr


def test_the_study_of_the_current_folder_is_the_default(study: Path) -> None:
    done = run("check", cwd=study)
    assert done.returncode == 0 and "in this folder" in done.stderr


@pytest.mark.parametrize(
    ("case", "fail_on", "code"),
    [
        ("outside_rounding", None, 1),
        ("outside_rounding", "never", 0),
        ("rounding_decides", None, 0),
        ("rounding_decides", "inconclusive", 1),
        ("cells_missing", "inconclusive", 0),
        ("cells_missing", "unverifiable", 1),
        ("version_mismatch", "unverifiable", 1),
        ("ambiguous_cells", None, 3),
        ("ambiguous_cells", "never", 3),
        ("holds", "unverifiable", 0),
    ],
)
def test_exit_codes(case: str, fail_on: str | None, code: int) -> None:
    more = ["--fail-on", fail_on] if fail_on else []
    done = run("check", CASES / case, *more)
    assert done.returncode == code, done.stdout + done.stderr


def test_a_study_of_drafts_checks_nothing_and_says_so(study: Path) -> None:
    path = study / "claims.yaml"
    path.write_text(path.read_text().replace("    scope:", "    status: draft\n    scope:"))
    done = run("check", study, "--fail-on", "never")
    assert done.returncode == 3 and "nothing to check" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'equals: "2.2"',
            "equals: 2.20",
            'claims.yaml:25:17: equals: 2.20 is not quoted; write equals: "2.20"',
        ),
        ("kind: gain", "kind: gian", "claims.yaml:21:15: unknown kind 'gian'"),
        (
            "evidence: [results.csv]",
            "evidence: [../results.csv]",
            "claims.yaml:6:12: path '../results.csv' leaves",
        ),
    ],
)
def test_a_wrong_file_gives_its_place_and_writes_nothing(study: Path, old: str, new: str, said: str) -> None:
    out, junit = study / "out", study / "junit.xml"
    done = run(
        "check",
        changed(study, old, new),
        "--json",
        "--out",
        out,
        "--junit",
        junit,
        "--markdown",
        study / "r.md",
    )
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == "" and not out.exists() and not junit.exists()
    assert not (study / "r.md").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "absent"),
        ("check", "--fail-on", "always"),
        ("check", "--odd"),
        ("chekc",),
        ("explain", "absent.claim"),
    ],
)
def test_wrong_usage_exits_2_without_a_traceback(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.strip()


def test_junit_has_one_case_per_assertion(study: Path) -> None:
    junit = study / "junit.xml"
    done = run("check", changed(study, 'equals: "2.2"', 'equals: "9.9"'), "--junit", junit)
    assert done.returncode == 1
    root = ElementTree.parse(junit).getroot()
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == int(root.get("tests") or 0) == 4
    failed = [case for case in cases if case.find("failure") is not None]
    assert [case.get("classname") for case in failed] == ["gain.average"]
    assert "outside_rounding" in str(failed[0].find("failure").get("message"))  # type: ignore[union-attr]


def as_json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_json_goes_to_stdout_and_people_to_stderr(study: Path) -> None:
    done = run("check", study, "--json")
    read = as_json(done)
    assert read["summary"]["claim_verdicts"] == {"supported": 3} and read["failing"] == []
    assert set(read["inputs"]) == {"claims.yaml", "sources.yaml", "results.csv"}
    assert str(study) not in done.stdout


def test_a_wrong_baseline_is_told_with_its_place(study: Path) -> None:
    (study / "baseline.yaml").write_text(
        "schema: verify-claims/baseline/1\naccepted:\n  - {id: x, verdict: bad, reason: no_runs, why: w}\n"
    )
    done = run("check", study)
    assert done.returncode == 2 and "baseline.yaml:3:22: verdict: found 'bad'" in done.stderr
    assert run("check", study, "--no-baseline").returncode == 0


def test_reports_are_written_to_out(study: Path) -> None:
    done = run("check", study, "--out", study / "out")
    assert done.returncode == 0
    assert {"report.md", "report.pdf"} <= {path.name for path in (study / "out").iterdir()}


def test_hostile_text_stays_inert(study: Path) -> None:
    hostile = "#panic() <script>alert(1)</script> ::error::x | `a` $x$ & ]]> \u202e"
    changed(study, "Our method improves the average by 2.2 points.", json.dumps(hostile)[:-1] + ' %0A"')
    junit = study / "junit.xml"
    done = run("check", study, "--junit", junit)
    assert done.returncode == 0 and "\u202e" not in done.stdout
    ElementTree.parse(junit)


def test_two_runs_give_the_same_bytes() -> None:
    first, second = run("check", "--json"), run("check", "--json")
    assert first.stdout == second.stdout and first.returncode == 0


def test_check_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.argv=['verify-claims','check','--json','--no-cache']\n"
        "from verify_claims.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy={'torch','transformers','datasets','ray','matplotlib','pandas','numpy','scipy','statsmodels','pyarrow','rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_explain_shows_cells_and_what_would_settle_it(tmp_path: Path) -> None:
    done = run("explain", "xstilts.squad.dev-gain", cwd=tmp_path)
    assert done.returncode == 0
    for text in (
        "circular evidence",
        "settled by",
        "tatoeba acc",
        "arXiv:2005.13013v1",
        "carried",
        "mentions",
    ):
        assert text in done.stdout
    many = claims_of(run("explain", "xstilts.v1", "--json", cwd=tmp_path))
    assert len(many) >= 5 and all(claim["id"].startswith("xstilts.v1") for claim in many)


def test_why_goes_from_the_report_to_the_policy_and_says_what_is_not_shown(tmp_path: Path) -> None:
    done = run("why", "xstilts.squad.dev-gain", cwd=tmp_path)
    assert (
        done.returncode == 0 and done.stdout == run("explain", "xstilts.squad.dev-gain", cwd=tmp_path).stdout
    )
    steps = ("mentions", "000_cb7e4e1e96b8efbd:33", "reads", "found", "policy", "does not establish")
    places = [done.stdout.index(step) for step in steps]
    assert places == sorted(places) and "computed   8.267 in [8.217, 8.317]" in done.stdout
    assert "accepted in baseline.yaml:" in done.stdout and "does not establish" in done.stdout
    assert "independent agreement; the 5 mentions go back to one root" in done.stdout


def test_why_names_the_rule_that_decides(study: Path) -> None:
    assert "does not fail: supported" in run("why", "gain.average", "--study", study).stdout
    changed(study, 'equals: "2.2"', 'equals: "9.9"')
    failing = claims_of(run("why", "gain.average", "--study", study, "--json"))[0]
    assert failing["policy"] == {"gain.average/1": "fails: contradicted fails, fail_on is contradicted"}
    assert "only that both cannot stand as printed" in failing["does_not_establish"][0]


def claims_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(done.stdout)["claims"]
    return read


def test_schema_prints_the_shipped_schema() -> None:
    assert run("schema").stdout == (ROOT / "claims" / "schema" / "claims.schema.json").read_text()
    assert json.loads(run("schema", "--of", "baseline").stdout)["title"].endswith("BaselineFile")


def test_init_refuses_to_overwrite(study: Path) -> None:
    before = (study / "claims.yaml").read_text()
    done = run("init", study)
    assert done.returncode == 2 and "is there already" in done.stderr
    assert (study / "claims.yaml").read_text() == before


@pytest.mark.parametrize("command", ["check", "accept", "lint", "explain", "schema", "init"])
def test_help_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0 and "Example" in done.stdout and f"verify-claims {command}" in done.stdout


def test_a_copy_of_the_bundled_study_decides_the_same(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED, tmp_path / "copy")
    assert run("check", tmp_path / "copy", "--json").stdout == run("check", "--json").stdout

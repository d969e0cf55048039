"""`accept`, `lint` and the policy from outside: red, accepted, tightened, expired; and nothing half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from claims.scaffold import make_study


def run(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verify_claims.main", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **env}
    )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    make_study(tmp_path / "paper")
    return tmp_path / "paper"


def changed(study: Path, *pairs: tuple[str, str]) -> None:
    path = study / "claims.yaml"
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)


def test_the_ratchet_from_red_to_green_and_back(study: Path) -> None:
    changed(study, ('equals: "2.2"', 'equals: "9.9"'))
    assert run("check", study).returncode == 1
    refused = run("accept", study)
    assert refused.returncode == 2 and "gain.average/1" in refused.stderr and "--why" in refused.stderr
    assert not (study / "baseline.yaml").exists()
    shown = run("accept", study, "--why", "a typo", "--until", "2031-01-31", "--dry-run")
    assert shown.returncode == 1 and "+  - {id: gain.average/1" in shown.stdout
    assert not (study / "baseline.yaml").exists()
    assert run("accept", study, "--why", "a typo", "--until", "2031-01-31").returncode == 0
    assert run("check", study).returncode == 0 and run("check", study, "--no-baseline").returncode == 1
    expired = run("check", study, "--today", "2031-02-01")
    assert (
        expired.returncode == 1
        and "Failing expired grant: gain.average/1 (baseline.yaml:5)" in expired.stdout
    )
    assert "a typo" in expired.stdout
    changed(study, ('equals: "9.9"', 'equals: "9.8"'))
    better = run("check", study)
    assert better.returncode == 1 and "Failing loose grant" in better.stdout
    assert "`verify-claims accept` tightens" in better.stdout
    assert run("accept", study).returncode == 0 and run("check", study).returncode == 0
    assert "a typo" in (study / "baseline.yaml").read_text()
    changed(study, ('equals: "9.8"', 'equals: "9.9"'))
    worse = run("check", study)
    assert worse.returncode == 1 and "Failing: gain.average/1." in worse.stdout
    assert "Failing outgrown grant" in worse.stdout and "tightens" not in worse.stdout
    changed(study, ('equals: "9.9"', 'equals: "2.2"'))
    stale = run("check", study, "--json", "--junit", study / "j.xml", "--sarif", study / "s.json", "--github")
    assert stale.returncode == 1 and '"kind": "stale"' in stale.stdout
    assert "::error file=baseline.yaml,line=5,col=5,title=gain.average/1%3A stale grant::" in stale.stdout
    assert 'classname="grants.stale"' in (study / "j.xml").read_text()
    assert '"ruleId": "grant"' in (study / "s.json").read_text()
    assert run("accept", study).returncode == 0 and run("check", study).returncode == 0
    assert (study / "baseline.yaml").read_text().endswith("accepted: []\n")
    again = run("accept", study)
    assert again.returncode == 0 and "nothing to change" in again.stderr


def test_one_claim_is_accepted_and_the_others_still_fail(study: Path) -> None:
    changed(study, ('equals: "2.2"', 'equals: "9.9"'), ('equals: "84.0"', 'equals: "84.9"'))
    assert run("accept", study, "gain.average", "--why", "w", "--until", "never").returncode == 0
    done = run("check", study)
    assert done.returncode == 1 and "Failing: best.nli/1." in done.stdout
    (study / "baseline.yaml").write_text("# mine\n" + (study / "baseline.yaml").read_text())
    assert run("accept", study, "best.nli/1", "--why", "w", "--until", "never").returncode == 0
    assert run("check", study).returncode == 0
    assert (study / "baseline.yaml").read_text().startswith("# mine\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gain.averag", "--why", "w", "--until", "never"], "did you mean gain.average"),
        (["gain.average/1", "--why", "w", "--until", "never"], "it is supported"),
        (["--why", " ", "--until", "never"], "--why is empty"),
        (["--until", "tomorrow"], "no date"),
        (["--why", "w", "--until", "2020-01-01"], "--until: 2020-01-01 is past, today is "),
        (
            ["--why", "w", "--until", "2031-01-30", "--today", "2031-01-31"],
            "2031-01-30 is past, today is 2031-01-31",
        ),
        (["--today", "2031-02-30"], "no date"),
    ],
)
def test_what_cannot_be_accepted_is_told(study: Path, arguments: list[str], said: str) -> None:
    done = run("accept", study, *arguments)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not (study / "baseline.yaml").exists()


def test_tags_soften_and_a_misspelt_tag_is_an_error(study: Path) -> None:
    changed(
        study,
        ('equals: "2.2"', 'equals: "9.9"'),
        ("  - id: gain.average\n", "  - id: gain.average\n    tags: [appendix]\n"),
    )
    claims = study / "claims.yaml"
    text = claims.read_text()
    claims.write_text(text + "policy: {severity: {appendix: warning}}\n")
    done = run("check", study)
    assert done.returncode == 0 and "warning by their tags: gain.average/1" in done.stderr
    findings = json.loads(run("check", study, "--json").stdout)
    assert findings["claims"][0]["findings"][0]["tags"] == ["appendix"]
    assert findings["judgement"]["warnings"] == ["gain.average/1"] and findings["failing"] == []
    claims.write_text(text + "policy: {severity: {apendix: warning}}\n")
    wrong = run("check", study)
    assert wrong.returncode == 2 and "no claim has the tag 'apendix'; write 'appendix'" in wrong.stderr
    claims.write_text(text + "policy: {fail_on: never}\n")
    assert (
        run("check", study).returncode == 0
        and run("check", study, "--fail-on", "contradicted").returncode == 1
    )


def test_a_tolerance_ends_and_lint_calls_it_too_wide(study: Path) -> None:
    changed(
        study,
        (
            '        equals: "2.2"',
            '        tolerance: {by: "0.6", why: rerun under way, until: 2031-01-31}\n        equals: "2.8"',
        ),
    )
    done = run("check", study, "--today", "2031-01-31")
    assert (
        done.returncode == 0
        and "within the tolerance of 0.6" in run("explain", "gain.average", "--study", study).stdout
    )
    assert "its tolerance of 0.6 is 12.0 half-widths (0.05) of the print" in done.stderr
    assert "ends in 0 days" in done.stderr
    ended = run("check", study, "--today", "2031-02-01")
    assert ended.returncode == 1 and "was granted until 2031-01-31; extend or remove it" in ended.stdout
    # the clock counts too, and with it what may be replayed
    for day, code in ((1_900_000_000, 0), (2_000_000_000, 1)):
        for _ in range(2):
            assert run("check", study, SOURCE_DATE_EPOCH=str(day)).returncode == code
    assert run("check", study, SOURCE_DATE_EPOCH="soon").returncode == 2
    listed = run("lint", study, "--strict")
    assert listed.returncode == 1 and ": wide_tolerance: gain.average/1" in listed.stdout
    assert "nobody_says_it: gain.average" in listed.stdout


def test_lint_finds_what_matches_nothing(study: Path) -> None:
    (study / "paper.md").write_text("We improve by 2.2 points on 3 tasks.\n")
    changed(
        study,
        (
            "    assert:\n      - kind: gain",
            "    printed_in: [{file: paper.md, text: 'by {} points'}]\n    assert:\n      - kind: gain",
        ),
        ("  - id: size.train", "  - id: size.train\n    status: draft"),
    )
    used, unused = (
        f"{{file: paper.md, text: '{text}', reason: a count}}" for text in ("on {} tasks", "in {} years")
    )
    aside = f"set_aside:\n  - {used}\n  - {unused}\n"
    (study / "claims.yaml").write_text((study / "claims.yaml").read_text() + aside)
    notes = json.loads(run("lint", study, "--json").stdout)["notes"]
    assert [note["code"] for note in notes] == ["nobody_says_it", "draft", "unused_set_aside"]
    assert "in {} years" in notes[-1]["text"] and notes[0]["text"].startswith("best.nli")
    assert run("lint", study).returncode == 0

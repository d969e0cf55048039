"""Golden files of a fixed study with every ending, and the schemas and readers that each of them must satisfy.

`UPDATE_GOLDEN=1 pytest tests/reports/test_golden.py` writes the files anew; read the difference before committing it.
"""

import json
import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import junitparser
import pytest
from sarif_pydantic import Sarif

from claims.baseline import read_baseline
from claims.lint import notes_on_grants
from claims.outcome import Outcome
from claims.policy import Judgement, judge
from claims.study import check_study
from reports.as_json import render_json
from reports.github import render_annotations, render_summary
from reports.junit import render_junit
from reports.markdown import render_markdown
from reports.sarif import render_sarif
from reports.terminal import render_plain

HERE = Path(__file__).parent / "golden"
TODAY = "2031-06-15"


def made() -> tuple[Outcome, Judgement, dict[str, str]]:
    outcome = check_study(HERE / "study", tool_version="1.2.3")
    accepted = read_baseline(HERE / "study" / "baseline.yaml")
    judgement = judge(outcome.findings, None, accepted, outcome.policy, TODAY)
    failing, complaints = judgement.failing, judgement.complaints
    notes = tuple(notes_on_grants(outcome.findings, accepted, TODAY))
    return (
        outcome,
        judgement,
        {
            "junit.xml": render_junit(outcome, failing, complaints),
            "result.sarif": render_sarif(outcome, failing, complaints),
            "annotations.txt": render_annotations(outcome, failing, complaints, judgement.ignored),
            "summary.md": render_summary(outcome, failing, complaints),
            "report.md": render_markdown(outcome),
            "result.json": render_json(outcome, failing, judgement, notes),
            "terminal.txt": render_plain(outcome, failing, complaints),
        },
    )


@pytest.fixture(scope="module")
def golden() -> tuple[Outcome, Judgement, dict[str, str]]:
    return made()


NAMES = (
    "junit.xml",
    "result.sarif",
    "annotations.txt",
    "summary.md",
    "report.md",
    "result.json",
    "terminal.txt",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_rendering_is_the_golden_file(
    golden: tuple[Outcome, Judgement, dict[str, str]], name: str
) -> None:
    text = golden[2][name]
    path = HERE / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="")
    assert text.encode() == path.read_bytes(), (
        "read the difference; then UPDATE_GOLDEN=1 writes the file anew"
    )


def test_the_study_has_every_ending(golden: tuple[Outcome, Judgement, dict[str, str]]) -> None:
    outcome, judgement, _ = golden
    verdicts = {str(finding.verdict) for finding in outcome.findings}
    assert verdicts == {"supported", "contradicted", "inconclusive", "unverifiable", "error"}
    assert judgement.failing == ("gain.wrong/nli", "gain.wrong/cell") and judgement.exit_code == 3
    assert judgement.accepted == ("gain.known/qa",) and judgement.warnings == ("order.open/by",)
    assert [(c.id, c.kind) for c in judgement.complaints] == [("gain.gone/1", "stale")]


def test_junit_meets_the_schema_and_an_independent_reader(
    golden: tuple[Outcome, Judgement, dict[str, str]],
) -> None:
    xmlschema = pytest.importorskip("xmlschema", reason="the validator comes with the extra [dev]")
    text = golden[2]["junit.xml"]
    schema = xmlschema.XMLSchema(str(HERE / "junit.xsd"))
    schema.validate(text)
    for wrong in (text.replace(' tests="', ' test="', 1), text.replace("<skipped", "<skip", 1)):
        assert wrong != text and not schema.is_valid(wrong)
    read = junitparser.JUnitXml.fromstring(text.encode())
    cases = [case for suite in read for case in suite]
    kinds = [type(result).__name__ for case in cases for result in case.result]
    counts = {kind: kinds.count(kind) for kind in ("Failure", "Error", "Skipped")}
    assert counts == {"Failure": read.failures, "Error": read.errors, "Skipped": read.skipped}
    assert (len(cases), counts["Failure"], counts["Error"]) == (read.tests, 3, 1)


def test_counts_of_the_suites_add_up(golden: tuple[Outcome, Judgement, dict[str, str]]) -> None:
    root = ElementTree.fromstring(golden[2]["junit.xml"])
    for name in ("tests", "failures", "errors", "skipped"):
        assert sum(int(suite.get(name) or 0) for suite in root) == int(root.get(name) or -1)


def test_sarif_meets_an_independent_model(golden: tuple[Outcome, Judgement, dict[str, str]]) -> None:
    text = golden[2]["result.sarif"]
    run = Sarif.model_validate_json(text).runs[0]
    plain = json.loads(text)["runs"][0]
    errors = [
        result["message"]["text"].split(":")[0] for result in plain["results"] if result["level"] == "error"
    ]
    assert errors == ["gain.wrong", "gain.wrong", "gain.gone/1"]
    rules = [rule.id for rule in run.tool.driver.rules or []]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in plain["results"])
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in plain["results"]]
    assert len(marks) == len(set(marks))


def test_annotations_are_commands_and_nothing_else(golden: tuple[Outcome, Judgement, dict[str, str]]) -> None:
    lines = golden[2]["annotations.txt"].splitlines()
    assert [line.split(" ")[0] for line in lines].count("::error") == 4
    assert all(line.startswith(("::error ", "::warning ")) and line.count("::") == 2 for line in lines)

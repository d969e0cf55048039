"""The published schema is current, and what is written conforms to it."""

import json
from importlib.resources import files

import pytest

from claims.finding import Verdict
from claims.lint import Note
from claims.policy import Acceptance, judge
from reports.as_json import render_json
from reports.published import outcome_schema, schema_text

jsonschema = pytest.importorskip("jsonschema", reason="the validator comes with the extra [dev]")


def test_the_published_file_is_current() -> None:
    published = (files("reports") / "schema" / "outcome.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "run `python -m reports.published`"


@pytest.mark.parametrize("n", [0, 1, 29])
def test_written_json_conforms(outcome_of, n: int) -> None:
    validator = jsonschema.Draft202012Validator(outcome_schema())
    validator.validate(json.loads(render_json(outcome_of(n), ["a/0"])))


def test_a_judgement_conforms(outcome_of) -> None:
    outcome = outcome_of(29)
    here = outcome.findings[0].location
    gone = Acceptance("gone/1", Verdict.CONTRADICTED, "outside_rounding", "0.1", "w", "2020-01-01", here)
    judgement = judge(outcome.findings, "unverifiable", [gone], today="2026-11-20")
    plain = json.loads(render_json(outcome, judgement.failing, judgement, [Note("no_date", "t", here)]))
    jsonschema.Draft202012Validator(outcome_schema()).validate(plain)
    assert [complaint["kind"] for complaint in plain["judgement"]["complaints"]] == ["stale"]


def test_a_wrong_word_is_noticed(outcome_of) -> None:
    plain = json.loads(render_json(outcome_of(1)))
    plain["claims"][0]["verdict"] = "probably"
    assert list(jsonschema.Draft202012Validator(outcome_schema()).iter_errors(plain))

"""The published schema is current, and what is written conforms to it."""

import json
from importlib.resources import files

import pytest

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


def test_a_wrong_word_is_noticed(outcome_of) -> None:
    plain = json.loads(render_json(outcome_of(1)))
    plain["claims"][0]["verdict"] = "probably"
    assert list(jsonschema.Draft202012Validator(outcome_schema()).iter_errors(plain))

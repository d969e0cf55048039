"""JSON Schema of `report.json` and of `verify-claims check --json`, generated from the dataclasses of the outcome.

The file `schema/outcome.schema.json` is what users point their tools at; a test keeps it equal to `schema_text()`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from claims.finding import Level, Reason, Verdict
from claims.lint import Note
from claims.outcome import Outcome
from claims.policy import Judgement

IDENTIFIER: Final = "https://verify-claims.invalid/schema/outcome-1.json"
"""A name, not an address: the schema ships with the package and nothing is fetched."""
COUNTS: Final[dict[str, Any]] = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


def outcome_schema() -> dict[str, Any]:
    """The schema, draft 2020-12, closed: a key that it does not name is an error."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Outcome).json_schema(mode="serialization")
    definitions = schema["$defs"] | _judgement()
    for definition in definitions.values():
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
            definition["required"] = list(definition["properties"])
    for name, word in (("Verdict", Verdict), ("Level", Level), ("Reason", Reason)):
        definitions[name] = {
            "type": "string",
            "oneOf": [{"const": str(w), "description": w.meaning} for w in word],
        }
    verdict, level = {"$ref": "#/$defs/Verdict"}, {"$ref": "#/$defs/Level"}
    _add(definitions["Finding"], {"verdict": verdict})
    _add(definitions["ClaimCard"], {"verdict": verdict, "level": level})
    properties = {name: value for name, value in schema["properties"].items() if name != "study_path"}
    properties["schema"] = {"const": "verify-claims/outcome/1"}
    required = [*properties, "summary"]
    properties |= {
        "summary": _summary(),
        "failing": {"type": "array", "items": {"type": "string"}, "description": "ids that fail the policy"},
        "judgement": {"$ref": "#/$defs/Judgement"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": IDENTIFIER,
        "title": "Outcome of verify-claims check",
        "description": schema.get("description", ""),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _judgement() -> dict[str, Any]:
    """Definitions of what a policy made of the findings; a result without policy has none of it."""
    from pydantic import TypeAdapter

    made: dict[str, Any] = {}
    for name, kind in (("Judgement", Judgement), ("Note", Note)):
        schema = TypeAdapter(kind).json_schema(mode="serialization")
        made |= schema.pop("$defs", {}) | {name: schema}
    notes = {"type": "array", "items": {"$ref": "#/$defs/Note"}}
    _add(made["Judgement"], {"exit_code": {"enum": [0, 1, 3]}, "notes": notes})
    return made


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(outcome_schema(), indent=1, ensure_ascii=False) + "\n"


def _add(definition: dict[str, Any], more: dict[str, Any]) -> None:
    definition["properties"] |= more
    definition["required"] += list(more)


def _summary() -> dict[str, Any]:
    numbers = ("claims", "assertions", "mentions", "mapped_mentions", "reports")
    tables = ("claim_verdicts", "claim_levels", "assertion_verdicts", "assertion_reasons", "sweep")
    properties: dict[str, Any] = {name: {"type": "integer", "minimum": 0} for name in numbers}
    properties |= dict.fromkeys(tables, COUNTS)
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name("schema").joinpath("outcome.schema.json").write_text(
        schema_text(), encoding="utf-8"
    )

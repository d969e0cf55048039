"""The JSON Schema of the claims file, generated from its model, for editors and other tools.

Room plan
---------
reference    the page docs/claims-file.md, made from the same models
examples     its prose, and one example of each kind of assertion
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from claims.model import ClaimsFile

SHIPPED = Path(__file__).with_name("claims.schema.json")


@lru_cache(maxsize=4)
def json_schema(model: type[BaseModel] = ClaimsFile) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a file model, by the keys of the file."""
    schema = model.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:verify-claims:schema:{model.__name__}",
        **schema,
        "title": f"verify-claims: {model.__name__}",
    }


def schema_text() -> str:
    """Text of the shipped schema file; a test compares the two."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def keys_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Keys that a file may have at a location of a validation fault."""
    schema = json_schema(model)
    here: dict[str, Any] = schema
    for step in location:
        here = _follow(here, step, schema["$defs"])
    return list(_resolved(here, schema["$defs"]).get("properties", {}))


def _resolved(here: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in here:
        here = defs[here["$ref"].rsplit("/", 1)[1]]
    return here


def _follow(here: dict[str, Any], step: str | int, defs: dict[str, Any]) -> dict[str, Any]:
    """Schema one step further: a key, an index, or the name of a union's member."""
    here = _resolved(here, defs)
    if isinstance(step, int):
        return dict(here.get("items", here))
    if step in here.get("properties", {}):
        return dict(here["properties"][step])
    mapping = here.get("discriminator", {}).get("mapping", {})
    if step in mapping:
        return _resolved({"$ref": mapping[step]}, defs)
    further = here.get("additionalProperties")
    return dict(further) if isinstance(further, dict) else here

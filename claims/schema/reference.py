"""The page docs/claims-file.md, made from the models: `python -m claims.schema.reference > docs/claims-file.md`.

What may be written is said in one place, the models; their docstrings are the words of this page. A test compares the
page with what is generated, and reads every example through the model of its kind.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, Final, get_args

from pydantic import BaseModel

from claims.baseline import BaselineFile
from claims.model import AnyAssertion, Assertion, ClaimsFile, Comparison, SourcesFile
from claims.schema import json_schema
from claims.schema.examples import EXAMPLES, HEAD, TAIL


def page() -> str:
    """Text of the whole page, with a final newline."""
    parts = [HEAD, *_section(ClaimsFile, "claims.yaml", 2)]
    shown: set[type[BaseModel]] = {ClaimsFile}
    for model in _models(ClaimsFile):
        if model not in shown and model not in kinds():
            parts += _section(model, _title(model), 3)
            shown.add(model)
    parts.append("\n## Kinds of assertions\n")
    parts.append(f"An assertion is a machine-checkable reading of its claim, of one of {len(kinds())} kinds.")
    parts += _section(Assertion, "Keys of every kind", 3)
    parts += _section(Comparison, "Comparisons", 3)
    for model in kinds():
        parts += _section(model, _kind(model), 3)
        parts.append(f"\n```yaml\n{EXAMPLES[_kind(model)]}```")
    for root, name in ((SourcesFile, "sources.yaml"), (BaselineFile, "baseline.yaml")):
        parts += _section(root, name, 2)
        for model in _models(root):
            if model not in shown and model is not root:
                parts += _section(model, _title(model), 3)
                shown.add(model)
    return "\n".join([*parts, TAIL])


def kinds() -> tuple[type[BaseModel], ...]:
    """Models of all kinds of assertions, in order."""
    return get_args(get_args(AnyAssertion)[0])


def _kind(model: type[BaseModel]) -> str:
    return str(get_args(model.model_fields["kind"].annotation)[0])


def _title(model: type[BaseModel]) -> str:
    return model.__name__


def _models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Models that a file is made of, in the order in which its schema names them first."""
    definitions = json_schema(root).get("$defs", {})
    known = {model.__name__: model for model in _subclasses(BaseModel)}
    yield from (known[name] for name in _order(json_schema(root), definitions) if name in known)


def _order(schema: Any, definitions: dict[str, Any], seen: dict[str, None] | None = None) -> dict[str, None]:
    seen = {} if seen is None else seen
    for key, part in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if key == "$ref" and (name := part.rsplit("/", 1)[1]) not in seen:
            seen[name] = None
            _order(definitions[name], definitions, seen)
        elif isinstance(part, (dict, list)) and key not in ("$defs", "discriminator"):
            _order(part, definitions, seen)
    return seen


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in model.__subclasses__():
        if below.__module__.startswith("claims."):
            yield below
        yield from _subclasses(below)


def _section(model: type[BaseModel], title: str, depth: int) -> Iterator[str]:
    yield f"\n{'#' * depth} {title}\n"
    yield f"{_doc(model)}\n"
    shared: set[str] = set()
    if model is not Assertion and issubclass(model, Assertion):
        compares = issubclass(model, Comparison)
        shared = {*Assertion.model_fields, *(Comparison.model_fields if compares else ())}
        link = " and the [comparisons](#comparisons)" if compares else ""
        yield f"Besides the [keys of every kind](#keys-of-every-kind){link}:\n"
    yield "| key | what it is | default | |\n|---|---|---|---|"
    schema = model.model_json_schema(by_alias=True)
    notes = _notes(model)
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key == "kind" or name in shared:
            continue
        what = described(_without_enumerations(schema["properties"][key], schema.get("$defs", {})))
        yield f"| `{key}` | {what} | {_default(info)} | {_cell(notes.get(name, ''))} |"


def _without_enumerations(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema in which a reference to an enumeration of ours is the enumeration itself."""
    if isinstance(schema, list):
        return [_without_enumerations(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    target = definitions.get(str(schema.get("$ref", "")).rsplit("/", 1)[-1], {})
    if "enum" in target:
        return {"enum": target["enum"]}
    return {key: _without_enumerations(part, definitions) for key, part in schema.items()}


def described(schema: dict[str, Any]) -> str:
    """A property of a JSON Schema in words.

    Examples
    --------
    >>> described({"type": "array", "items": {"type": "integer", "minimum": 2}})
    'list of whole number ≥ 2'
    >>> described({"enum": ["up", "both"], "type": "string"})
    '`up`, `both`'
    """
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema or "oneOf" in schema:
        options = [
            described(part)
            for part in schema.get("anyOf", schema.get("oneOf", []))
            if part.get("type") != "null"
        ]
        if "discriminator" in schema:
            return "[assertion](#kinds-of-assertions)"
        return " or ".join(dict.fromkeys(options))
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    match schema.get("type"):
        case "array":
            return f"list of {described(schema.get('items', {}))}"
        case "object":
            return _mapping(schema)
        case "integer":
            return "whole number" + (f" ≥ {schema['minimum']}" if "minimum" in schema else "")
        case "boolean":
            return "`true`, `false`"
        case "string":
            return _string(schema)
    return "anything"


def _mapping(schema: dict[str, Any]) -> str:
    keys, of = schema.get("propertyNames", {}), schema.get("additionalProperties", {})
    columns = "intermediate" in keys.get("enum", ())
    if columns and "anyOf" in of:
        return "[selector](#selectors)"
    what = "column" if columns else "name"
    return f"mapping of {what} to {described(of) if isinstance(of, dict) else 'anything'}"


def _string(schema: dict[str, Any]) -> str:
    if schema.get("format") == "printed-number":
        return "printed number"
    if schema.get("format") == "date":
        return "date"
    if "pattern" in schema:
        return "sha256" if "{64}" in schema["pattern"] else "id"
    return "text"


def _default(info: Any) -> str:
    if info.is_required():
        return "required"
    default = info.get_default(call_default_factory=True)
    if default is None or default == [] or default == {} or isinstance(default, BaseModel):
        return ""
    words = ", ".join(map(str, default)) if isinstance(default, list) else default
    return f"`{words}`"


def _doc(model: type[BaseModel]) -> str:
    return inspect.cleandoc(model.__doc__ or "")


def _notes(model: type[BaseModel]) -> dict[str, str]:
    """Field -> the docstring under it, of the model and its bases."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if not (issubclass(base, BaseModel) and base.__module__.startswith("claims.")):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, note in zip(body.body, body.body[1:], strict=False):
            words = note.value if isinstance(note, ast.Expr) else None
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(words, ast.Constant)
            ):
                found[field.target.id] = inspect.cleandoc(str(words.value))
    return found


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


COMMAND: Final = "python -m claims.schema.reference > docs/claims-file.md"

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())

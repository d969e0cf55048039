"""RO-Crate of a check (RO-Crate 1.1, Process Run Crate 0.5): which files went in, which came out, made by what.

Inputs travel with the crate where their bytes are still those that were read; any other input is named with its
digest and the statement that it is not included. Without SOURCE_DATE_EPOCH the required date is the epoch itself and
the description says so, because the same input must give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

from claims.outcome import Outcome
from reports.chapters.provenance import all_inputs
from reports.plain import visible

CONTEXT: Final[list[Any]] = [
    "https://w3id.org/ro/crate/1.1/context",
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
]
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
LICENCES: Final = {
    "@id": "#licences",
    "@type": "CreativeWork",
    "name": "Licences of the parts",
    "description": "Licences of the reports and of the evidence are those of their sources.",
}
INPUTS: Final = "inputs"
"""Folder of the crate that holds what was read."""


def gather_inputs(outcome: Outcome) -> dict[str, bytes]:
    """Crate path -> bytes of every input that is still as it was when it was read."""
    root = Path(outcome.study_path)
    root = root if root.is_dir() else root.parent
    found = {}
    for name, digest in sorted(all_inputs(outcome).items()):
        path = root / name
        if Path(name).is_absolute() or ".." in Path(name).parts or not path.is_file():
            continue
        content = path.read_bytes()
        if sha256(content).hexdigest() == digest:
            found[f"{INPUTS}/{name}"] = content
    return found


def crate_of(
    outcome: Outcome, outputs: Mapping[str, bytes], inputs: Mapping[str, bytes], date: int | None
) -> str:
    """Text of `ro-crate-metadata.json`.

    Parameters
    ----------
    outcome : Outcome
        What the check established.
    outputs, inputs : mapping of str to bytes
        Files of the crate by their path in it.
    date : int, optional
        Seconds since 1970.
    """
    moment = datetime.fromtimestamp(date or 0, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    included = [_file(name, content) for name, content in sorted(inputs.items())]
    absent = [
        _absent(name, digest)
        for name, digest in sorted(all_inputs(outcome).items())
        if f"{INPUTS}/{name}" not in inputs
    ]
    made = [_file(name, content) for name, content in sorted(outputs.items())]
    sources = [_source(source.id, source.title, source.at_hand) for source in outcome.sources]
    records = (outcome.replication or {}).get("records", [])
    files = {str(record["key"]): _run_files(record) for record in records}
    undated = " The date is the epoch because SOURCE_DATE_EPOCH was not set." if date is None else ""
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Claims of {visible(outcome.study)}, checked",
        "description": f"{len(outcome.claims)} claims checked against their evidence.{undated}",
        "datePublished": moment,
        "license": {"@id": "#licences"},
        "conformsTo": {"@id": PROFILE},
        "hasPart": _ids([*made, *included]),
        "citation": _ids(sources),
        "mentions": _one_or_more(
            [{"@id": "#check"}, *({"@id": f"#run-{record['key']}"} for record in records)]
        ),
    }
    action: dict[str, Any] = {
        "@id": "#check",
        "@type": "CreateAction",
        "name": "verify-claims report",
        "description": "Every claim of the study was decided from the files named as objects.",
        "instrument": {"@id": "#verify-claims"},
        "object": _ids([*included, *absent]),
        "result": _ids(made),
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    if date is not None:
        action["endTime"] = moment
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": "#verify-claims",
            "@type": "SoftwareApplication",
            "name": "verify-claims",
            "softwareVersion": outcome.tool_version,
        },
        action,
        LICENCES,
        *sources,
        *made,
        *included,
        *absent,
        *(entity for record in records for entity in _run(record, files)),
    ]
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=True, indent=2) + "\n"


def _one_or_more(items: list[dict[str, str]]) -> Any:
    """RO-Crate 1.1 recommends a single value over a list of one."""
    return items[0] if len(items) == 1 else items


def _ids(entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]


def _file(name: str, content: bytes) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": name.replace(" ", "%20"),
        "@type": "File",
        "name": name,
        "contentSize": str(len(content)),
        "sha256": sha256(content).hexdigest(),
    }
    if (
        kind := {".md": "text/markdown", ".yaml": "application/yaml"}.get(Path(name).suffix)
        or guess_type(name)[0]
    ):
        entity["encodingFormat"] = kind
    return entity


def _absent(name: str, digest: str) -> dict[str, Any]:
    return {
        "@id": f"#input-{digest[:16]}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}",
        "@type": "CreativeWork",
        "name": visible(name),
        "sha256": digest,
        "description": "Read by the check; not included in this crate.",
    }


def _source(name: str, title: str, at_hand: str) -> dict[str, Any]:
    return {
        "@id": f"#source-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:16]}",
        "@type": "ScholarlyArticle",
        "name": visible(title) or visible(name),
        "identifier": visible(name),
        "description": f"At hand: {visible(at_hand)}",
    }


def _run_files(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a finished stage made, named by digest and not included."""
    return [
        {
            "@id": f"#run-{record['key']}-{number}",
            "@type": "CreativeWork",
            "name": visible(name),
            "sha256": digest,
            "description": "Made by a run; not included in this crate.",
        }
        for number, (name, digest) in enumerate(sorted(record.get("files", {}).items()), 1)
    ]


def _run(record: Mapping[str, Any], files: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The action of one finished stage, which used the files of the stages before it, and its own files."""
    key = str(record["key"])
    parents = sorted({str(parent) for parent in record.get("parents", {}).values()})
    environment = ", ".join(f"{name} {value}" for name, value in record.get("environment", {}).items())
    seconds = record.get("seconds")
    cost = f"{seconds} s" if seconds is not None else "time not recorded"
    action: dict[str, Any] = {
        "@id": f"#run-{key}",
        "@type": "CreateAction",
        "name": visible(str(record.get("name", key))),
        "description": visible(f"Recipe {record.get('recipe', 'not stated')}; {cost}; {environment}."),
        "instrument": {"@id": "#verify-claims"},
        "object": [entity for parent in parents for entity in _ids(files.get(parent, []))],
        "result": _ids(files[key]),
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    if record.get("started"):
        action["startTime"] = str(record["started"])
    return [action, *files[key]]

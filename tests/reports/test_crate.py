"""RO-Crate: required entities, digests that fit the files, nothing promised that is not there."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reports.crate import crate_of, gather_inputs
from reports.write import make_all


def graph_of(text: str) -> dict[str, dict]:
    return {entity["@id"]: entity for entity in json.loads(text)["@graph"]}


def test_describes_every_file_with_its_digest(outcome_of, tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_bytes(b"schema: verify-claims/1\n")
    digest = sha256(b"schema: verify-claims/1\n").hexdigest()
    outcome = replace(
        outcome_of(2), study_path=str(tmp_path), inputs={"claims.yaml": digest, "gone.csv": "0" * 64}
    )
    made = make_all(outcome, ("md", "json", "crate"))
    graph = graph_of(made["ro-crate-metadata.json"].decode())
    for name, content in made.items():
        if name != "ro-crate-metadata.json":
            assert graph[name]["sha256"] == sha256(content).hexdigest()
    assert {part["@id"] for part in graph["./"]["hasPart"]} == set(made) - {"ro-crate-metadata.json"}
    absent = [entity for entity in graph.values() if entity.get("name") == "gone.csv"]
    assert absent[0]["sha256"] == "0" * 64
    assert "not included" in absent[0]["description"]


def test_is_a_process_run_crate(outcome_of) -> None:
    graph = graph_of(crate_of(outcome_of(1), {"report.md": b"x"}, {}, 1_700_000_000))
    assert graph["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    assert graph["./"]["datePublished"] == "2023-11-14T22:13:20+00:00"
    action = graph["#check"]
    assert action["@type"] == "CreateAction"
    assert graph[action["instrument"]["@id"]]["softwareVersion"] == "0.1.0"
    assert action["result"] == [{"@id": "report.md"}]
    mentioned = [item["@id"] for item in (*action["object"], *graph["./"]["hasPart"])]
    assert set(mentioned) <= set(graph)


def test_graph_is_flat_and_every_reference_is_answered(outcome_of) -> None:
    """RO-Crate 1.1, "RO-Crate JSON-LD": entities are listed flat, each once, and refer to each other by @id."""
    run = {"key": "b2", "parents": {"encoder": "gone"}, "files": {"scores.parquet": "1" * 64}}
    made = crate_of(replace(outcome_of(3), replication={"records": [run]}), {"report.md": b"x"}, {}, None)
    entities = json.loads(made)["@graph"]
    ids = [entity["@id"] for entity in entities]
    assert len(ids) == len(set(ids))
    asked = set()
    for entity in entities:
        assert entity["@type"]
        for value in entity.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    assert set(item) == {"@id"}
                    asked.add(item["@id"])
    assert asked - set(ids) == {"https://w3id.org/ro/crate/1.1"}
    assert {"@id": "#source-" + sha256(b"arXiv:2005.13013v1").hexdigest()[:16]} in graph_of(made)["./"][
        "citation"
    ]


def test_an_undated_crate_says_so(outcome_of) -> None:
    graph = graph_of(crate_of(outcome_of(0), {}, {}, None))
    assert "SOURCE_DATE_EPOCH was not set" in graph["./"]["description"]
    assert "endTime" not in graph["#check"]


def test_changed_or_outside_inputs_stay_out(outcome_of, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "a.csv").write_bytes(b"changed")
    (tmp_path / "secret").write_bytes(b"secret")
    inputs = {"a.csv": "0" * 64, "../secret": sha256(b"secret").hexdigest()}
    assert gather_inputs(replace(outcome_of(0), study_path=str(tmp_path / "study"), inputs=inputs)) == {}


def test_runs_are_actions_that_name_their_inputs_and_files(outcome_of) -> None:
    records = [
        {"key": "a1", "name": "tokenizer", "files": {"tokenizer.json": "1" * 64}},
        {
            "key": "b2",
            "name": "encoder",
            "parents": {"tokenizer": "a1"},
            "started": "2026-01-01T00:00:00+00:00",
        },
    ]
    graph = graph_of(crate_of(replace(outcome_of(0), replication={"records": records}), {}, {}, None))
    assert graph["#run-b2"]["object"] == graph["#run-a1"]["result"]
    assert graph[graph["#run-a1"]["result"][0]["@id"]]["sha256"] == "1" * 64
    assert {"@id": "#run-b2"} in graph["./"]["mentions"]

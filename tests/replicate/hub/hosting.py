"""Writes made-up rows as a repository would hold them: Parquet per split, and the card with its features."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from replicate.data.pins import bundled

from .server import Repository

Rows = Sequence[Mapping[str, Any]]


def parquet(rows: Rows) -> bytes:
    body = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), body)
    return body.getvalue()


def _dtype(value: Any) -> Any:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    return "string"


def _feature(name: str, value: Any, names: Mapping[str, list[str]]) -> dict[str, Any]:
    label = {"class_label": {"names": {str(i): text for i, text in enumerate(names.get(name, ()))}}}
    if isinstance(value, dict):
        # As the cards write it: a sequence of fields loads as a struct of lists.
        return {
            "name": name,
            "sequence": [{"name": key, "dtype": _dtype(inner[0])} for key, inner in value.items()],
        }
    if isinstance(value, list):
        return {"name": name, "sequence": label if name in names else _dtype(value[0])}
    return {"name": name, "dtype": label if name in names else _dtype(value)}


def hosted(
    repo: str, configs: Mapping[str, Mapping[str, Rows]], names: Mapping[str, list[str]] | None = None
) -> Repository:
    """A converted repository: Parquet per split on main, with configurations and features in the card."""
    files: dict[str, bytes] = {}
    card: dict[str, list[dict[str, Any]]] = {"configs": [], "dataset_info": []}
    for config, splits in configs.items():
        of_config = {key.removeprefix(f"{config}:"): value for key, value in (names or {}).items()}
        first = next(iter(splits.values()))
        card["configs"].append(
            {
                "config_name": config,
                "data_files": [{"split": split, "path": f"{config}/{split}-*"} for split in splits],
            }
        )
        card["dataset_info"].append(
            {
                "config_name": config,
                "features": [_feature(key, value, of_config) for key, value in first[0].items()],
                "splits": [
                    {"name": split, "num_bytes": 1, "num_examples": len(rows)}
                    for split, rows in splits.items()
                ],
            }
        )
        for split, rows in splits.items():
            files[f"{config}/{split}-00000-of-00001.parquet"] = parquet(rows)
    files["README.md"] = b"---\n" + yaml.safe_dump(card, allow_unicode=True).encode() + b"---\nmade up\n"
    known = bundled().get(f"datasets/{repo}@main")
    return Repository("dataset", repo, {"main": files}, {"main": known} if known else {})


def scripted(
    repo: str, config: str, splits: Mapping[str, Rows], main: Mapping[str, bytes] | None = None
) -> Repository:
    """A repository that is still a loading script; Parquet at refs/convert/parquet."""
    script = f"{repo.split('/')[1]}.py"
    converted = {f"{config}/{split}/0000.parquet": parquet(rows) for split, rows in splits.items()}
    return Repository(
        "dataset",
        repo,
        {"main": {script: b"raise SystemExit\n"}, "refs/convert/parquet": converted},
    )

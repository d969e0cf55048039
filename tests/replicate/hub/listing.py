"""Answers of the API about files: revision of a path, tree entries, folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def split_revision(rest: str) -> tuple[str, str]:
    """(revision, path inside) of `main/data`, `refs/convert/parquet/default`."""
    if rest.startswith("refs/"):
        parts = rest.split("/", 3)
        return "/".join(parts[:3]), parts[3] if len(parts) > 3 else ""
    revision, _, inner = rest.partition("/")
    return revision, inner


def json_paths(body: bytes) -> list[str]:
    try:
        return list(json.loads(body)["paths"])
    except (ValueError, KeyError):
        return []


def entry(files: Mapping[str, bytes], path: str) -> list[dict[str, object]]:
    if path in files:
        body = files[path]
        return [{"type": "file", "oid": hashlib.sha1(body).hexdigest(), "size": len(body), "path": path}]
    if any(name.startswith(f"{path}/") for name in files) or path == "":
        return [
            {"type": "directory", "oid": hashlib.sha1(path.encode()).hexdigest(), "size": 0, "path": path}
        ]
    return []


def tree(files: Mapping[str, bytes], inner: str, recursive: bool) -> list[dict[str, object]]:
    prefix = f"{inner}/" if inner else ""
    below = [path for path in files if path.startswith(prefix)]
    folders = {
        "/".join(path.split("/")[: depth + 1])
        for path in below
        for depth in range(path.count("/"))
        if len("/".join(path.split("/")[: depth + 1])) > len(inner)
    }
    paths = sorted({*below, *folders})
    if not recursive:
        paths = [path for path in paths if "/" not in path[len(prefix) :]]
    return [found for path in paths for found in entry(files, path)]

"""Findings of an earlier check, for claims that stand unchanged over unchanged evidence.

A claim's findings follow from its own lines, the rules of its file, the evidence, what the reports say of it, and the
code. All of that is in the key, so a finding that is found under it is the finding that would be made; where the
claim stands in the file is not, so that a line inserted above changes nothing. One file per study is kept, plain JSON
with a digest: damage costs time and never a verdict.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from analysis.results import Results
from claims.finding import Alternative, Cell, Contribution, Finding, Level, Location, Reason, Verdict

LARGEST: Final = 64_000_000
NOT_IN_KEY: Final = ("claims", "set_aside", "title", "groups", "policy")
"""Parts of a claims file that no single finding depends on."""
FIELDS: Final = tuple(field.name for field in fields(Finding) if field.name != "location")


class Memory:
    """Findings by key, read once and written once.

    Parameters
    ----------
    folder
        The cache; its owner must be the user.
    code
        Name of the code that makes the findings.
    """

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self.code = folder, code
        self.path: Path | None = None
        self.context = b""
        self.before: dict[str, Any] = {}
        self.now: dict[str, Any] = {}

    def open(self, study: Path, root: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
        """Read what is remembered of a study.

        Parameters
        ----------
        study
            Its folder.
        root
            The claims file as plain values.
        inputs
            File -> hash of the evidence.
        """
        rules = {name: part for name, part in root.items() if name not in NOT_IN_KEY}
        self.context = _digest(_text([self.code, rules, dict(inputs)])).encode()
        self.path = self.folder / f"{_digest(os.fsencode(study.resolve()))}.claims"
        self.before = _read(self.path)

    def key(self, claim: Any, mentions: Sequence[Any]) -> str:
        """Key of a claim's findings."""
        return _digest(self.context + _text([claim, list(mentions)]))

    def recall(self, key: str, places: Sequence[Location]) -> tuple[Finding, ...] | None:
        """Findings under a key, standing at the places that the claim has now; None where there are none."""
        plain = self.before.get(key)
        if plain is None or len(plain) != len(places):
            return None
        try:
            found = tuple(_finding(one, place) for one, place in zip(plain, places, strict=True))
        except (KeyError, TypeError, ValueError):
            return None
        self.now[key] = plain
        return found

    def remember(self, key: str, findings: Sequence[Finding]) -> None:
        """Keep findings, unless the checker failed or they would not come back as they are."""
        if any(finding.verdict is Verdict.ERROR for finding in findings):
            return
        plain = [_plain(finding) for finding in findings]
        if all(finding.statistics is None or _survives(finding.statistics) for finding in findings):
            self.now[key] = plain

    def close(self) -> None:
        """Write what is remembered, if anything is new; a disk that refuses costs the speed and nothing else."""
        if self.path is None or self.now.keys() <= self.before.keys():
            return
        body = json.dumps(self.now, separators=(",", ":")).encode()
        if len(body) > LARGEST:
            return
        try:
            handle, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
            with os.fdopen(handle, "wb") as stream:
                stream.write(_digest(body).encode() + b"\n" + body)
            Path(name).replace(self.path)
        except OSError:
            return


def rows_digest(results: Results) -> str:
    """Hash of the rows themselves: an adapter may read more files than the one that it was given."""
    found = blake2b(digest_size=16)
    for name, column in results.columns.items():
        found.update(_text([name, column.names]))
        found.update(",".join(map(str, column.codes)).encode())
    return found.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
        found = json.loads(body) if digest.decode("ascii", "replace") == _digest(body) else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _text(value: Any) -> bytes:
    return json.dumps(value, default=str).encode()


def _survives(statistics: dict[str, Any]) -> bool:
    """Whether free-form values come back from JSON as they are."""
    try:
        return bool(json.loads(json.dumps(statistics)) == statistics)
    except (TypeError, ValueError):
        return False


def _plain(finding: Finding) -> dict[str, Any]:
    """The finding without its place; written out because `asdict` costs as much as deciding."""
    plain = {name: getattr(finding, name) for name in FIELDS}
    for name in ("cells", "contributions", "alternatives"):
        plain[name] = [{key: getattr(part, key) for key in part.__slots__} for part in plain[name]]
    return plain


def _finding(plain: Mapping[str, Any], place: Location) -> Finding:
    rest = dict(plain)
    for name in ("claimed_interval", "computed_interval"):
        if rest[name] is not None:
            rest[name] = tuple(rest[name])
    return Finding(
        **rest
        | {
            "location": place,
            "reason": Reason(rest["reason"]),
            "level": Level(rest["level"]),
            "cells": tuple(Cell(**cell) for cell in rest["cells"]),
            "contributions": tuple(
                Contribution(**part | {"members": tuple(part["members"])}) for part in rest["contributions"]
            ),
            "alternatives": tuple(Alternative(**other) for other in rest["alternatives"]),
            "needs": tuple(rest["needs"]),
            "tags": tuple(rest["tags"]),
        }
    )

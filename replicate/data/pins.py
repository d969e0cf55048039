"""Which commit of each hub repository a run reads: a branch is resolved once and written down.

A branch name in a task (`main`, `refs/convert/parquet`) is not reproducible. `pins.json` beside this module holds the
commits that are known; they are those that public evaluation code pins for the same repositories. For the rest the
first run asks the hub and writes the commit to a lock file beside the runs; every later run, on any machine that has
the file, reads that commit. The file is small, sorted JSON and meant to be committed.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem

_COMMIT = re.compile(r"[0-9a-f]{40}")


BUNDLED: Final = Path(__file__).with_suffix(".json")


@cache
def bundled() -> dict[str, str]:
    """Commits that ship with the package, by `datasets/<repo>@<revision>` or `models/...`."""
    return dict(json.loads(BUNDLED.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Pins:
    """Commits by `repo@revision`, kept in a JSON file."""

    path: Path | None = None
    """Lock file; it wins over the bundled pins. None: nothing is written down, every process asks the hub again."""

    def commit(self, repo: str, revision: str, kind: str = "dataset") -> str:
        """Commit that a revision stands for.

        Parameters
        ----------
        kind
            "dataset" or "model".

        Raises
        ------
        InputError
            If the hub cannot be asked and the revision was never resolved here, or the lock file is damaged.
        """
        if _COMMIT.fullmatch(revision):
            return revision
        key = f"{kind}s/{repo}@{revision}"
        known = bundled() | self.read()
        if key in known:
            return known[key]
        from huggingface_hub import HfApi

        from replicate.data.hub_errors import hub_errors

        with hub_errors(f"{repo}@{revision}"):
            info = HfApi().repo_info(repo, revision=revision, repo_type=kind)
        if info.sha is None:
            raise InputError(
                Problem(f"the hub gives no commit for {repo}@{revision}", "name a commit in the task")
            )
        self._write(key, info.sha)
        return str(info.sha)

    def read(self) -> dict[str, str]:
        """Everything that is pinned so far."""
        if self.path is None or not self.path.is_file():
            return {}
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise InputError(
                Problem(f"not JSON: {error}", "delete it; it is written anew", str(self.path))
            ) from error
        bad = [key for key, commit in held.items() if not _COMMIT.fullmatch(str(commit))]
        if bad:
            raise InputError(
                Problem(
                    f"{bad[0]} is pinned to {held[bad[0]]!r}, not a commit",
                    "write 40 hex digits",
                    str(self.path),
                )
            )
        return {str(key): str(commit) for key, commit in held.items()}

    def _write(self, key: str, commit: str) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        held = self.read() | {key: commit}
        # One name per process, then a rename: two runs that pin at once leave one whole file.
        scratch = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        scratch.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        scratch.replace(self.path)

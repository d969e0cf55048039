"""The identity of a stage: a hash of all that determines its result, and of nothing else.

Two studies that need the same SQuAD training then share it without knowing of each other, and whatever is
changed (a learning rate, a row of data, the code) makes a new stage instead of a wrong reuse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

Kind: TypeAlias = Literal[
    "tokenizer", "pretrain", "intermediate", "target", "generate", "evaluate", "constant", "average"
]

EPOCH: Final[dict[Kind, int]] = {
    "tokenizer": 1,
    "pretrain": 1,
    "intermediate": 1,
    "target": 1,
    "generate": 1,
    "evaluate": 1,
    "constant": 1,
    "average": 1,
}
"""Raised when code changes what a kind of stage computes, so that old records are not taken for new ones."""


@dataclass(frozen=True)
class Stage:
    """One node of a study's graph."""

    kind: Kind
    name: str
    """For people: "target xnli after squad, seed 1". It takes no part in the identity."""
    settings: Mapping[str, Any]
    """JSON values that determine the result: task, recipe numbers, seed, data fingerprints."""
    parents: Mapping[str, str] = field(default_factory=dict)
    """Role ("encoder", "tokenizer", "head") -> key of the stage it comes from."""
    recipe: str = ""
    """Recipe that asked for it first, whose numerics it runs with. It takes no part in the identity either: recipes
    with the same numbers share the stage."""

    @cached_property
    def key(self) -> str:
        """20 hexadecimal digits."""
        facts = {
            "kind": self.kind,
            "epoch": EPOCH[self.kind],
            "settings": self.settings,
            "parents": dict(sorted(self.parents.items())),
        }
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:20]

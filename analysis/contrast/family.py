"""The hash of a family of contrasts: of what was fixed together before any run, and of nothing that came out of it.

The p values of a family are adjusted over all of it, so a contrast that is left out makes the others look better than
they are, and a margin that is moved changes an answer. A file that names the hash of its family can be held to it,
whoever wrote the file: the hash is of the meaning, so neither the order of the contrasts nor line breaks in a text
count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from analysis.contrast.contrast import Contrast, Rule, Where


def digest(family: Sequence[Contrast], rule: Rule) -> str:
    """SHA-256 of contrasts and of the rule that decides them, in hexadecimal.

    Parameters
    ----------
    family : sequence of Contrast
        In any order.
    rule : Rule
        Its power is no part: no decision depends on it.
    """
    told = [_told(one) for one in sorted(family, key=lambda one: one.id)]
    content = {"alpha": rule.alpha, "multiplicity": rule.multiplicity, "contrasts": told}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _told(one: Contrast) -> dict[str, Any]:
    """A contrast as plain values."""
    return {
        "id": one.id,
        "text": " ".join(one.text.split()),
        "where": _listed(one.where),
        "terms": [[float(term.weight), _listed(term.where)] for term in one.terms],
        "alternative": one.alternative,
        "margin": float(one.margin),
    }


def _listed(where: Where) -> dict[str, list[str]]:
    return {name: list(words) for name, words in where.items()}

"""An adapter by its name, from the entry points of every installed package."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from analysis.errors import InputError, Problem
from claims.adapters.rows import Read

GROUP: Final = "verify_claims.evidence"


@cache
def _installed() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        if point.name in found and found[point.name].value != point.value:
            clash = f"{found[point.name].value} and {point.value}"
            raise InputError(
                Problem(f"two packages name an evidence adapter {point.name!r}: {clash}", "uninstall one")
            )
        found[point.name] = point
    return found


def adapter_names() -> tuple[str, ...]:
    """Names of all installed adapters, sorted."""
    return tuple(_installed())


def adapter(name: str) -> Read:
    """The adapter called `name`.

    Raises
    ------
    InputError
        No such adapter (the nearest name is offered), or its package cannot be imported.
    """
    point = _installed().get(name)
    if point is None:
        near = get_close_matches(name, adapter_names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(adapter_names())}"
        raise InputError(Problem(f"there is no evidence adapter {name!r}", hint))
    if not point.value.startswith("claims."):
        sys.audit("verify_claims.foreign_adapter", point.value)  # what it depends on cannot be known
    try:
        read: Read = point.load()
    except Exception as error:  # a plug-in may fail in any way; the user must see whose it is
        what = (
            f"the evidence adapter {name!r} ({point.value}) cannot be loaded: {type(error).__name__}: {error}"
        )
        raise InputError(Problem(what, "reinstall the package that brings it")) from error
    return read

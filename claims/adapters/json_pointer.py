"""RFC 6901 pointers into a parsed JSON document."""

from __future__ import annotations

from typing import Any

MISSING = object()
"""What `resolve` returns where the document has nothing; None is a value of JSON."""


def tokens(pointer: str) -> list[str]:
    """Reference tokens of `pointer` (RFC 6901, section 3).

    Examples
    --------
    >>> tokens("/a~1b/m~0n/0")
    ['a/b', 'm~n', '0']
    """
    if pointer == "":
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer; it must start with '/'")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]


def resolve(document: Any, pointer: str) -> Any:
    """The value at `pointer`, or `MISSING`.

    Examples
    --------
    >>> resolve({"eval": [{"acc": 0.5}]}, "/eval/0/acc")
    0.5
    >>> resolve({"eval": []}, "/eval/0/acc") is MISSING
    True
    """
    for token in tokens(pointer):
        if isinstance(document, dict) and token in document:
            document = document[token]
        elif (
            isinstance(document, list) and token.isascii() and token.isdigit() and int(token) < len(document)
        ):
            document = document[int(token)]
        else:
            return MISSING
    return document


def escape(token: str) -> str:
    """`token` as it stands in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def nearest(document: Any, pointer: str) -> str | None:
    """The longest part of `pointer` that exists, with the keys found there, for an error message."""
    known = ""
    for token in tokens(pointer):
        deeper = resolve(document, f"{known}/{escape(token)}")
        if deeper is MISSING:
            break
        known = f"{known}/{escape(token)}"
    here = resolve(document, known)
    if isinstance(here, dict):
        return f"{known or 'the document'} has {', '.join(map(repr, list(here)[:8]))}"
    if isinstance(here, list):
        return f"{known or 'the document'} is a list of {len(here)}"
    return None

r"""Definitions of an author's macros: `\newcommand{\gain}{2.6}` as name, number of arguments, and place of the body.

Papers that mean to stay true to their results keep numbers in macros. A macro is kept as a span of the source and
not as text, so that a number it prints is located, and mended, where it is defined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NAME: Final = re.compile(r"\*?\s*(?:\{\s*\\(?P<braced>[A-Za-z@]+)\s*\}|\\(?P<bare>[A-Za-z@]+))\s*")
COUNT: Final = re.compile(r"\[\s*(\d)\s*\]\s*")
DEFAULT: Final = re.compile(r"\[([^\[\]{}\n]{0,200})\]\s*")
PARAMETERS: Final = re.compile(r"((?:#\d)*)\s*")
SPECIFICATION: Final = re.compile(r"\{([^{}\n]{0,80})\}\s*")


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of the document; `start` and `end` enclose its body in the source."""

    name: str
    start: int
    end: int
    arguments: int = 0
    default: tuple[int, int] | None = None
    """Span of the first argument's default, where it is optional."""


def definition(
    command: str, source: str, position: int, closings: Mapping[int, int]
) -> tuple[Macro | None, int]:
    r"""The macro that `command` defines at `position`, or None where it is none, and the position after it.

    Examples
    --------
    >>> source = r"{\gain}[1]{2.6 #1}"
    >>> macro, after = definition("newcommand", source, 0, {0: 7, 10: 18})
    >>> macro.name, macro.arguments, source[macro.start : macro.end], after
    ('gain', 1, '2.6 #1', 18)
    """
    name = NAME.match(source, position)
    if name is None:
        return None, position
    position = name.end()
    arguments, default = 0, None
    if command.endswith("def"):
        parameters = PARAMETERS.match(source, position)
        assert parameters is not None  # it may match nothing, but it matches
        arguments, position = len(parameters[1]) // 2, parameters.end()
    elif command.endswith("DocumentCommand"):
        specification = SPECIFICATION.match(source, position)
        if specification is not None:
            arguments, position = specification[1].count("m"), specification.end()
    else:
        count = COUNT.match(source, position)
        if count is not None:
            arguments, position = int(count[1]), count.end()
            optional = DEFAULT.match(source, position)
            if optional is not None:
                default, position = optional.span(1), optional.end()
    end = closings.get(position)
    if end is None:
        return None, position
    return Macro(name["braced"] or name["bare"], position + 1, end - 1, arguments, default), end

r"""Python source as text that a tokenizer of running text keeps: line ends and indentation as visible marks.

Tokenizers of the SentencePiece family read a line end as a blank, or not at all, and lose blanks at the start: a
program that went through one is no program any more. A line end becomes a mark, four blanks of indentation another;
what is left of an indentation is one mark per blank. The marks themselves, where a source has them, are escaped.

>>> marked("def f(x):\n    return x\n")
'def f(x):⏎⇥return x⏎'
"""

from __future__ import annotations

import re
from typing import Final

LINE: Final = "⏎"
INDENT: Final = "⇥"
BLANK: Final = "␣"
TAB: Final = "↹"
ESCAPE: Final = "␛"
ALPHABET: Final = LINE + INDENT + BLANK + TAB + ESCAPE
"""Characters that NFKC leaves alone and that programs hardly ever have."""
STEP: Final = 4

_INDENTED: Final = re.compile(r"(?m)^ +")
_SHOWN: Final = re.compile(f"{ESCAPE}(.)|([{LINE}{INDENT}{BLANK}{TAB}])", re.DOTALL)
_PLAIN: Final = {LINE: "\n", INDENT: " " * STEP, BLANK: " ", TAB: "\t"}


def marked(source: str) -> str:
    """The source in one line; `plain` is the inverse."""
    escaped = re.sub(f"[{ALPHABET}]", lambda found: ESCAPE + found[0], source)
    indented = _INDENTED.sub(lambda found: _indentation(len(found[0])), escaped)
    return indented.replace("\n", LINE).replace("\t", TAB)


def plain(text: str) -> str:
    """The source that a text stands for, also where a model put marks at odd places."""
    return _SHOWN.sub(lambda found: found[1] or _PLAIN[found[2]], text)


def _indentation(blanks: int) -> str:
    whole, rest = divmod(blanks, STEP)
    return INDENT * whole + BLANK * rest

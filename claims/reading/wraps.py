"""Undoes the line wraps of a text: lines -> one flowing string, hyphens kept or dropped by a fixed rule.

A hyphen at a line end is either the typesetter's ("improve-" / "ments") or the author's ("Intermediate-" /
"task"), and the file does not say which. The rule, in this order, looking only at the document itself so that a
report reads the same alone and in company:

1. a soft hyphen (U+00AD) is the typesetter's;
2. the word after the break starts with a capital or a digit, or the part before it has a digit or is all
   capitals: the author's ("Zero-Shot", "GPT-4", "XTREME-R");
3. exactly one of the two forms occurs unbroken elsewhere in the document: that form; if both do, the commoner;
4. the part before the break already has a hyphen ("state-of-" / "the-art"), or the part after it does and both
   halves are words of the document: the author's;
5. the part before the break is a word that commonly opens a compound (`OPENERS`), or both parts have at least
   four letters and occur as words of their own in the document: the author's;
6. otherwise the typesetter's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

OPENERS: Final = re.compile(
    r"all|cross|decoder|encoder|few|fine|full|half|high|large|long|low|many|multi|non|one|per|post|self|short|"
    r"single|small|state|task|three|two|well|word|zero"
)
"""First halves of compounds that authors hyphenate; a break after one of them keeps the hyphen."""

HYPHENS: Final = "-\u2010\u2011\u00ad"
_WORD: Final = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_BREAK: Final = re.compile(r"([^\W_][\w\-\u2010\u2011]*)([-\u2010\u2011\u00ad])$")
_NEXT: Final = re.compile(r"[^\W_][\w]*(?:-[^\W_]\w*)*")


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """How often each word, plain or hyphenated, stands unbroken in the lines (lower case).

    The two halves of a word broken at a line end are no words and are left out.
    """
    words: Counter[str] = Counter()
    broken = False
    for line in lines:
        text = line.rstrip()
        if not text:
            continue
        found = [match.group().lower() for match in _WORD.finditer(text)]
        whole = found[1:] if broken else found
        broken = text[-1] in HYPHENS and text[-2:-1].isalnum()
        for word in whole[:-1] if broken else whole:
            plain = word.replace("\u2010", "-").replace("\u2011", "-")
            words[plain] += 1
            if "-" in plain:
                words.update(plain.split("-"))
    return words


def unwrap(lines: Sequence[str], words: Counter[str]) -> str:
    """The lines as one string: wraps become spaces, broken words are made whole.

    Examples
    --------
    >>> words = vocabulary(["Intermediate-task training"])
    >>> unwrap(["large improve-", "ments of inter-", "mediate-task and Zero-", "Shot"], words)
    'large improvements of intermediate-task and Zero-Shot'
    """
    parts: list[str] = []
    for line in lines:
        text = squeezed(line)
        if not text:
            continue
        if not parts:
            parts.append(text)
            continue
        broken = _BREAK.search(parts[-1][-80:])
        following = _NEXT.match(text[:80])
        if broken is None or following is None:
            dash = parts[-1][-1] == "\u2014" or text[0] == "\u2014"
            parts.append(text if dash else " " + text)
        elif keeps_hyphen(broken.group(1), broken.group(2), following.group(), words):
            parts.append(text)
        else:
            parts[-1] = parts[-1][:-1]
            parts.append(text)
    return "".join(parts)


def keeps_hyphen(left: str, hyphen: str, right: str, words: Counter[str]) -> bool:
    """Whether the hyphen between the two parts of a word broken at a line end belongs to the word."""
    if hyphen == "\u00ad":
        return False
    if (
        not right[0].islower()
        or any(letter.isdigit() for letter in left)
        or (left.isupper() and len(left) > 1)
    ):
        return True
    before, after = left.lower(), right.lower()
    joined, compound = words[before + after], words[f"{before}-{after}"]
    if joined != compound:
        return compound > joined
    last, first = before.split("-")[-1], after.split("-")[0]
    if "-" in before:
        # "three-inter-/mediate" is rare, "state-of-/the-art" is not; the tail decides where the document knows it.
        return not words[last + first]
    if words[last + first] != words[f"{last}-{first}"]:
        return words[f"{last}-{first}"] > words[last + first]
    if OPENERS.fullmatch(before):
        return True
    return min(len(last), len(first)) >= 4 and bool(words[last]) and bool(words[first])


def squeezed(text: str) -> str:
    """The text with each run of white space as one blank, ends stripped."""
    return " ".join(text.split())

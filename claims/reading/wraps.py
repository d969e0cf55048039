"""Undoes the line wraps of a text: lines -> one flowing string, hyphens kept or dropped by a fixed rule.

A hyphen at a line end is either the typesetter's ("improve-" / "ments") or the author's ("Intermediate-" /
"task"), and the file does not say which. The rule, in this order, looking only at the document itself so that a
report reads the same alone and in company:

1. a soft hyphen (U+00AD) is the typesetter's;
2. the word after the break starts with a capital or a digit, or the part before it has a digit or is all
   capitals: the author's ("Zero-Shot", "GPT-4", "XTREME-R");
3. the form that occurs unbroken in the document, as a word or within a compound; if both do, the commoner;
4. the part before the break opens compounds in general (`OPENERS`), or opens another one in the document, has at
   least four letters and is no prefix, or ends in a link ("state-of-" / "the-art"): the author's;
5. the part after the break is a word of its own in the document, of at least four letters, and so is the part
   before it, or that is a prefix (`PREFIXES`): the author's;
6. otherwise the typesetter's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

OPENERS: Final = re.compile(
    r"cross|zero|few|self|non|encoder|decoder|two|three|four|five|six|seven|eight|nine"
)
"""First halves that keep the hyphen whatever follows; they are hardly ever the first syllable of a word."""
PREFIXES: Final = re.compile(r"multi|pre|post|one|all|low|sub|co|re|semi|anti")
"""First halves that keep it before a word that the document has alone ("pre-training", but "pre-dict")."""
LINKS: Final = re.compile(r"of|the|to|in|and|by|up|on")
"""Inner words of longer compounds."""

HYPHENS: Final = "-\u2010\u2011\u00ad"
_WORD: Final = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_BREAK: Final = re.compile(r"([^\W_][\w\-\u2010\u2011]*)([-\u2010\u2011\u00ad])$")
_NEXT: Final = re.compile(r"[^\W_][\w]*(?:-[^\W_]\w*)*")


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """How often each word, plain or hyphenated, stands unbroken in the lines (lower case).

    The two halves of a word broken at a line end are no words and are left out. The parts of a compound are
    counted apart from the words that stand alone: "cross-" and "-lingual".
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
                first, *others = plain.split("-")
                words.update((f"{first}-", *(f"-{part}" for part in others)))
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
        if broken is None or following is None or following.group() in ("and", "or"):
            # "single-" / "and multi-task": the hyphen stands for the word to come; a blank follows it.
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
    last, first = before.split("-")[-1], after.split("-")[0]
    joined, compound = _known(words, last + first), words[f"{last}-{first}"] + words[f"{before}-{after}"]
    if joined != compound:
        return compound > joined
    prefix = PREFIXES.fullmatch(last) is not None
    if OPENERS.fullmatch(last) or (len(last) >= 4 and not prefix and words[f"{last}-"]):
        return True
    if "-" in before and LINKS.fullmatch(last):
        return True
    if len(first) < 4 or not words[first]:
        return False
    return prefix or (len(last) >= 4 and _known(words, last) > 0)


def _known(words: Counter[str], word: str) -> int:
    """How often the document has the word, alone or within a compound."""
    return words[word] + words[f"{word}-"] + words[f"-{word}"]


def squeezed(text: str) -> str:
    """The text with each run of white space as one blank, ends stripped."""
    return " ".join(text.split())

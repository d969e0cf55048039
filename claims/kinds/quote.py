"""Decides whether a source contains the quoted words: exact but for what typesetting makes of them.

White space, line ends, hyphenation, ligatures, dashes and quotation marks are typesetting; case and spelling are not.
Exactness decides; nothing similar is ever taken for a quote. A quote that an excerpt lacks is open, not refuted; and
circular, where only reports under review quote it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Quote

BROKEN: Final = "\ue000"
"""Stands for a hyphen at the end of a line: of a compound, or of a word that was broken there."""
ALIKE: Final = {
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-"),
    **dict.fromkeys((0x2018, 0x2019, 0x201A, 0x2032), "'"),
    **dict.fromkeys((0x201C, 0x201D, 0x201E, 0x2033), '"'),
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xE000), None),
}


def decide(case: Case) -> Decision:
    """Decision about a `quote` assertion."""
    assertion = case.assertion
    assert isinstance(assertion, Quote)
    source = case.source
    known = case.evidence.sources.get(source or "")
    texts = case.evidence.texts.get(source or "", ())
    if known is None or not texts:
        need = f"a text file of {source or 'the source'}, listed under texts: in sources.yaml"
        return Decision(Reason.SOURCE_ABSENT, Level.STATED, f"No text of {source} is at hand.", needs=(need,))
    for place, text in zip(known.texts, texts, strict=True):
        if contains(text, assertion.text):
            return Decision(Reason.QUOTE_FOUND, Level.QUOTED, f"{source} says so ({place.file}).")
    if any(place.complete for place in known.texts):
        detail = f"The whole text of {source} does not contain {assertion.text!r}."
        return Decision(Reason.QUOTE_ABSENT, Level.QUOTED, detail)
    need = f"the whole text of {source}"
    detail = f"The excerpts of {source} at hand do not contain it; they are not the whole text."
    said = case.only_reports([assertion.text])
    if said is not None:
        detail = f"{said}; {detail[:1].lower()}{detail[1:]}"
        return Decision(Reason.CIRCULAR_EVIDENCE, Level.STATED, detail, needs=(need,))
    return Decision(Reason.CELLS_MISSING, Level.STATED, detail, needs=(need,))


def contains(text: str, quote: str) -> bool:
    r"""Whether a text contains a quote, wherever its lines end; a hyphen at a line's end is one or is none.

    Examples
    --------
    >>> contains("zero-\nshot trans-\nfer", "zero-shot transfer"), contains("zero-shot", "zeroshot")
    (True, False)
    """
    found, wanted = folded(text), folded(quote).replace(BROKEN, "")
    if BROKEN not in found:
        return wanted in found
    if wanted in found.replace(BROKEN, "") or wanted in found.replace(BROKEN, "-"):
        return True
    parts = (f"[-{BROKEN}]" if letter == "-" else re.escape(letter) for letter in wanted)
    return re.search(f"{BROKEN}?".join(parts), found) is not None


def folded(text: str) -> str:
    r"""Text with white space, ligatures, dashes and quotation marks made alike, and hyphens at line ends marked.

    Examples
    --------
    >>> folded("bene\ufb01ts   \u201ctask\u201d") == folded('benefits "task"')
    True
    """
    plain = text if text.isascii() else _plain(text)
    joined = re.sub(r"(?<=\w)-[^\S\n]*\n\s*(?=\w)", BROKEN, plain)
    return " ".join(joined.split())


def _plain(text: str) -> str:
    """Text in composed letters, without what is invisible, with the plain ones of dashes, quotes and ligatures."""
    composed = unicodedata.normalize("NFC", text).translate(ALIKE)
    return re.sub("[\ufb00-\ufb06]", lambda found: unicodedata.normalize("NFKC", found[0]), composed)

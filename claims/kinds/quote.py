"""Decides whether a source contains the quoted words: exact after folding white space, hyphenation and dashes.

Exactness decides; nothing similar is ever taken for a quote. A quote that an excerpt lacks is open, not refuted.
"""

from __future__ import annotations

import re

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Quote


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
    wanted = folded(assertion.text)
    for place, text in zip(known.texts, texts, strict=True):
        if wanted in folded(text):
            return Decision(Reason.QUOTE_FOUND, Level.QUOTED, f"{source} says so ({place.file}).")
    if any(place.complete for place in known.texts):
        detail = f"The whole text of {source} does not contain {assertion.text!r}."
        return Decision(Reason.QUOTE_ABSENT, Level.QUOTED, detail)
    detail = f"The excerpts of {source} at hand do not contain it; they are not the whole text."
    return Decision(Reason.CELLS_MISSING, Level.STATED, detail, needs=(f"the whole text of {source}",))


def folded(text: str) -> str:
    r"""Text with white space, line-end hyphens, dashes and quotation marks made alike.

    Examples
    --------
    >>> folded("inter-\nmediate   “task”") == folded('intermediate "task"')
    True
    """
    joined = re.sub(r"(?<=[a-z])[-\u00ad]\s*\n\s*(?=[a-z])", "", text)
    joined = re.sub(r"[\u2010-\u2015\u2212]", "-", joined)
    joined = re.sub(r"[\u2018\u2019\u201a\u2032]", "'", re.sub(r"[\u201c\u201d\u201e\u2033]", '"', joined))
    return " ".join(joined.split())

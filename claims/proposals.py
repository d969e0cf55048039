"""Proposals as a claims file: valid YAML that the loader accepts, every claim a draft.

A draft is a start, not a judgement: the wording of the mention, its numbers as printed strings, and the columns
that known names in the sentence suggest. A person completes the selectors and writes `status: confirmed`; until then
nothing is decided. Where a sentence has as many names as numbers they are paired in order ("A, B and C yield 1, 2
and 3"), and the note says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.printed import is_printed_number
from claims.clustering import Proposal
from claims.terms import terms

MAX_TEXT: Final = 4_000
_NUMBER: Final = re.compile(
    r"(?<![\w.,:/-])(?P<sign>[+−-]?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)(?P<percent>\s?%)?"
    r"(?![\w/]|[.,]\d|-\w)",
    re.ASCII,
)
_CITATION: Final = re.compile(
    r"\((?:[^()]{0,80}\b)?(?:19|20)\d{2}[a-z]?\)|\bet al\.,? \(?(?:19|20)\d{2}[a-z]?\)?"
)


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers that the text states, as printed; years of citations and parts of names are none.

    Examples
    --------
    >>> numbers_in("(Phang et al., 2018) SQuAD v2.0 gains 8.2 and 7.0 points on 392,702 examples of XTREME-40.")
    ('8.2', '7.0', '392,702')
    """
    clean = _CITATION.sub(lambda match: " " * len(match.group()), text[:MAX_TEXT])
    found = (match["sign"].replace("−", "-") + match["digits"] for match in _NUMBER.finditer(clean))
    return tuple(filter(is_printed_number, found))


def names_in(text: str, known: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Words of table columns that the text names, in order of appearance; case and punctuation do not count."""
    folded = re.sub(r"[^a-z0-9+]+", " ", text[:MAX_TEXT].lower())
    found: dict[str, list[str]] = {}
    for column, words in known.items():
        places = []
        for word in words:
            pattern = re.escape(re.sub(r"[^a-z0-9+]+", " ", word.lower()).strip())
            match = re.search(rf"(?<![a-z0-9+]){pattern}(?![a-z0-9+])", folded) if pattern else None
            if match and word not in ("none", "all", "average"):
                places.append((match.start(), word))
        if places:
            found[column] = [word for _, word in sorted(places)]
    return found


def draft_claims(
    proposals: Sequence[Proposal], known: Mapping[str, Sequence[str]] | None = None
) -> list[dict[str, Any]]:
    """The proposals as entries of a claims file, in order, each with an id of its own."""
    taken: set[str] = set()
    return [_draft(proposal, known or {}, taken) for proposal in proposals]


def proposals_yaml(proposals: Sequence[Proposal], known: Mapping[str, Sequence[str]] | None = None) -> str:
    """A claims file with the proposals as drafts; a comment where there are none.

    Parameters
    ----------
    proposals : sequence of Proposal
    known : mapping, optional
        Column -> words of the study's results table, to suggest selectors.
    """
    import yaml

    if not proposals:
        return "# every mention is covered by a claim; nothing to propose\n"
    file = {
        "schema": "verify-claims/1",
        "study": "proposals",
        "title": "Proposed claims; drafts are never checked as if confirmed",
        "evidence": [],
        "claims": draft_claims(proposals, known),
    }

    class Quoting(yaml.SafeDumper):
        """Quotes every text that a reader could take for a number, such as "1e5" or "8.20"."""

    def quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        style = '"' if text[:1] in tuple("+-.0123456789") else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Quoting.add_representer(str, quoted)
    written: str = yaml.dump(file, Dumper=Quoting, sort_keys=False, allow_unicode=True, width=110)
    return written


def _draft(proposal: Proposal, known: Mapping[str, Sequence[str]], taken: set[str]) -> dict[str, Any]:
    """One draft."""
    text = printable(proposal.text) or "(no printable text)"
    places = ", ".join(f"{mention.report}:{mention.line}" for mention in proposal.mentions[:20])
    notes = [printable(f"proposed from {places}")]
    if proposal.truncated:
        notes.append("the wording breaks off; complete it from the source")
    if proposal.similar:
        near = ", ".join(f"{id} ({score:.2f})" for id, score in proposal.similar)
        notes.append(f"resembles {near}; if it is the same claim, map the sentence instead")
    return {
        "id": _identifier(text, taken),
        "text": text,
        "status": "draft",
        "notes": notes,
        "assert": _assertions(text, known),
    }


def _assertions(text: str, known: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """One drafted `value` for each number; a `quote` of the words where there is none."""
    numbers = numbers_in(text)
    if not numbers:
        return [{"name": "words", "kind": "quote", "text": text}]
    names = names_in(text, known)
    drafted: list[dict[str, Any]] = []
    for at, number in enumerate(numbers):
        selector: dict[str, str] = {}
        paired = False
        for column, words in names.items():
            if len(words) == 1:
                selector[column] = words[0]
            elif len(words) == len(numbers):
                selector[column], paired = words[at], True
        note = "draft: complete the selector" + ("; names and numbers are paired in order" if paired else "")
        drafted.append(
            {"name": f"number-{at + 1}", "kind": "value", "of": selector, "equals": number, "note": note}
        )
    return drafted


def _identifier(text: str, taken: set[str]) -> str:
    """An id from the first content words, unique in the file."""
    words = [re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-") for term in list(terms(text).values())[:6]]
    stem = "draft." + ("-".join(filter(None, words))[:80].strip("-") or "claim")
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def printable(text: str) -> str:
    """The text on one line, at most `MAX_TEXT` characters; what cannot be seen becomes a blank.

    Control characters, lone surrogates and bidirectional overrides could hide what a proposal says from the person
    who confirms it.
    """
    seen = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    clean = " ".join(seen.split())
    return clean if len(clean) <= MAX_TEXT else clean[: MAX_TEXT - 1] + "…"

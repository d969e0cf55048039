"""Which canonical claims stand behind each mention, and proposals for the mentions behind which none stands.

Three steps, the first that answers decides: (1) the sentence equals an entry of the mapping file, or the text of a
claim, after `claims.terms.normal`; (2) one of the two breaks off and is, but for its last word, the beginning of the
other, over at least `MIN_PREFIX` characters, and all such entries name the same claims; (3) nothing: the mention
becomes part of a proposal. Likeness of words (`claims.terms.likeness`) only says which known claim a proposal
resembles; it never maps, because sentences that differ in one number are alike and mean different things.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from claims.mapping import Entry, read_mapping
from claims.outcome import Mention, ReportCard
from claims.terms import likeness, normal

MIN_PREFIX: Final = 40
"""Characters that a cut sentence must share; shorter beginnings ("The study investigates ...") are common to many."""
MIN_LIKENESS: Final = 0.5
"""From here on a proposal names the claim as similar."""
MAX_SIMILAR: Final = 3


class Statement(Protocol):
    """A canonical claim, as far as clustering needs it."""

    @property
    def id(self) -> str:
        """Id of the claim."""

    @property
    def text(self) -> str:
        """The claim in one sentence."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A statement that no claim of the study covers, with every mention of it."""

    text: str
    """The longest wording."""
    truncated: bool
    mentions: tuple[Mention, ...]
    similar: tuple[tuple[str, float], ...]
    """(claim id, likeness) of the nearest known claims; a hint for the reader, nothing else."""


class Mapped(NamedTuple):
    """What `map_mentions` gives."""

    reports: tuple[ReportCard, ...]
    proposals: tuple[Proposal, ...]


def map_mentions(
    reports: Iterable[ReportCard],
    study_claims: Iterable[Statement] = (),
    mentions_yaml: str | Path | Sequence[Entry] | None = None,
) -> Mapped:
    """The reports with `Mention.claims` filled, and the proposals, both in reading order.

    Parameters
    ----------
    reports : iterable of ReportCard
        As read by `claims.reading`.
    study_claims : iterable of objects with `id` and `text`
        The canonical claims of the study; none for reports without a study.
    mentions_yaml : path, or entries of `claims.mapping.read_mapping`, optional
        The mapping file; a path that does not exist counts as no file.

    Raises
    ------
    InputError
        The mapping file is invalid or names a claim that the study does not have.
    """
    statements = tuple(study_claims)
    index = _Index(_entries(mentions_yaml, statements), statements)
    done: list[ReportCard] = []
    open_mentions: list[Mention] = []
    for report in reports:
        mentions = tuple(replace(mention, claims=index.claims_of(mention)) for mention in report.mentions)
        open_mentions += [mention for mention in mentions if not mention.claims]
        done.append(replace(report, mentions=mentions))
    groups = cluster(open_mentions)
    return Mapped(tuple(done), tuple(_proposal(group, statements) for group in groups))


def cluster(mentions: Sequence[Mention]) -> tuple[tuple[Mention, ...], ...]:
    """Mentions of one statement together, in reading order: equal after normalisation, or one the cut other."""
    keys = [normal(mention.text) for mention in mentions]
    whole = sorted({key for key, mention in zip(keys, mentions, strict=True) if not mention.truncated})
    longest = sorted(set(keys))
    groups: dict[str, list[Mention]] = {}
    for key, mention in zip(keys, mentions, strict=True):
        name = key
        if mention.truncated:
            continuations = [full for full in _starting(whole, _stub(key)) if full != key]
            cuts = [other for other in _starting(longest, _stub(key)) if len(other) > len(key)]
            if len(continuations) == 1:
                name = continuations[0]
            elif not continuations and cuts and all(_goes_on(b, _stub(a)) for a, b in pairwise(cuts)):
                name = max(cuts, key=len)
        groups.setdefault(name, []).append(mention)
    return tuple(map(tuple, groups.values()))


class _Index:
    """Answers which claims a sentence stands for."""

    def __init__(self, entries: Sequence[Entry], statements: Sequence[Statement]) -> None:
        self._exact: dict[str, tuple[str, ...]] = {normal(item.text): (item.id,) for item in statements}
        self._exact |= {entry.key: entry.claims for entry in entries}
        self._sorted = sorted(self._exact)
        self._cut = sorted((_stub(entry.key), entry.claims) for entry in entries if entry.cut)
        self._stubs = [stub for stub, _ in self._cut]

    def claims_of(self, mention: Mention) -> tuple[str, ...]:
        """Ids of the claims behind the mention; empty where no step answers, or where two answers disagree."""
        key = normal(mention.text)
        if key in self._exact:
            return self._exact[key]
        answers: set[tuple[str, ...]] = set()
        if mention.truncated and len(_stub(key)) >= MIN_PREFIX:
            answers |= {self._exact[full] for full in _starting(self._sorted, _stub(key))}
        if self._stubs:
            answers |= {
                claims for stub, claims in self._cut if len(stub) >= MIN_PREFIX and _goes_on(key, stub)
            }
        return answers.pop() if len(answers) == 1 else ()


def _starting(ordered: Sequence[str], prefix: str) -> list[str]:
    """Members of a sorted sequence that start with the prefix, if it is long enough to mean anything."""
    if len(prefix) < MIN_PREFIX:
        return []
    found: list[str] = []
    for at in range(bisect_left(ordered, prefix), len(ordered)):
        if not ordered[at].startswith(prefix):
            break
        if _goes_on(ordered[at], prefix):
            found.append(ordered[at])
    return found


def _goes_on(full: str, stub: str) -> bool:
    """Whether the sentence begins with the stub, and not merely with the first digits of one of its numbers."""
    rest = full[len(stub) : len(stub) + 2]
    more_digits = rest[:1].isdigit() or (rest[:1] in (".", ",") and rest[1:].isdigit())
    return full.startswith(stub) and not (stub[-1:].isdigit() and more_digits)


def _stub(key: str) -> str:
    """A cut sentence without the part of a word at its end, for that word may be whole or not.

    A number at the end may be cut too ("7.0 poin", "of 5.4"), but what stands of it is compared as it stands.
    """
    head, _, last = key.rpartition(" ")
    return key if any(letter.isdigit() for letter in last) else head


def _entries(source: str | Path | Sequence[Entry] | None, statements: Sequence[Statement]) -> Sequence[Entry]:
    """Entries of the mapping, checked against the study's claims."""
    if source is None:
        return ()
    if isinstance(source, (str, Path)):
        path = Path(source)
        return read_mapping(path, {item.id for item in statements} or None) if path.exists() else ()
    return source


def _proposal(mentions: tuple[Mention, ...], statements: Sequence[Statement]) -> Proposal:
    """The proposal for one cluster."""
    best = max(mentions, key=lambda mention: (not mention.truncated, len(mention.text)))
    words = _stub(best.text) if best.truncated else best.text
    scored = [(item.id, round(likeness(words, item.text), 2)) for item in statements]
    near = sorted((pair for pair in scored if pair[1] >= MIN_LIKENESS), key=lambda pair: (-pair[1], pair[0]))
    return Proposal(best.text, best.truncated, mentions, tuple(near[:MAX_SIMILAR]))

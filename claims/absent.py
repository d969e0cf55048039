"""Why cells that a claim needs are not there, and what would settle it.

The order matters: only recalled numbers; only the reports under review; another version, split or model of what the
claim is about; a source that is not at hand; cells that are simply missing. A version that is only partly at hand may
well contain the cells, so what another version prints is shown beside the finding and never in place of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision, number_in
from claims.selector import Filter, described

EACH = 16
"""Missing cells up to which each gets a line under `needs`."""
SHOWN = 40
"""Lines under `needs`; the rest is counted."""


def explain_absence(case: Case, filters: Sequence[Filter]) -> Decision:
    """Decision about an assertion whose cells are missing."""
    evidence = case.evidence
    # a baseline that every gain is over is one set of cells, however many gains need it
    filters = list({described(wanted): wanted for wanted in filters}.values())
    where = _common(filters)
    needs = _needs(filters)
    claimed = getattr(case.assertion, "equals", None)

    def decision(reason: Reason, detail: str, level: Level = Level.STATED) -> Decision:
        return Decision(reason, level, detail, claimed, needs=needs)

    if all(evidence.recalled(wanted) for wanted in filters):
        return decision(
            Reason.RECALLED_ONLY, f"Only recalled numbers exist for {where}; those are never evidence."
        )
    other = _elsewhere(case, filters)
    if other is not None:
        return other._replace(claimed=claimed, needs=needs)
    words = _stated_words(case)
    said = case.only_reports(words) if words and not _source_states(case, words, filters) else None
    if said is not None:
        return decision(Reason.CIRCULAR_EVIDENCE, f"{said}; the cells are not at hand.")
    source = filters[0].get("source")
    known = evidence.sources.get(source or "")
    if (
        source is not None
        and not evidence.index.rows({"source": source})
        and (known is None or known.holding == "none")
    ):
        return decision(Reason.SOURCE_ABSENT, f"Nothing of {source} is at hand.")
    cells = f"{len(filters)} cells are" if len(filters) > 1 else "The cell is"
    at_hand = f" Of that source there is at hand: {known.at_hand}." if known is not None else ""
    return decision(Reason.CELLS_MISSING, f"{cells} not among the evidence: {where}.{at_hand}")


def _stated_words(case: Case) -> list[str]:
    """What a report would have to print to be the only witness: the claimed number, or the listed words."""
    claimed = getattr(case.assertion, "equals", None)
    return [claimed] if claimed is not None else list(getattr(case.assertion, "include", ()))


def _source_states(case: Case, words: Sequence[str], filters: Sequence[Filter]) -> bool:
    """Whether the source itself prints the number somewhere, as a score of the same kind or in its text."""
    source = filters[0].get("source")
    if source is None:
        return False
    metrics = {wanted.get("metric", "") for wanted in filters} | {"score", "gain_score"}
    asked = [{"source": source, "printed": words[0], "metric": metric} for metric in metrics if metric]
    printed = any(case.evidence.rows(wanted) for wanted in asked)
    return printed or any(number_in(words[0], text) for text in case.evidence.texts.get(source, ()))


def _elsewhere(case: Case, filters: Sequence[Filter]) -> Decision | None:
    """Out of scope: the same cells exist for another split, model or version."""
    evidence = case.evidence
    for column, reason in (("split", Reason.SPLIT_MISMATCH), ("model", Reason.MODEL_MISMATCH)):
        found = _all_found_without(case, filters, column)
        if found:
            asked = filters[0].get(column)
            detail = (
                f"The evidence has these cells for {column} {', '.join(found)}; the claim is about {asked}."
            )
            return Decision(reason, Level.STATED, detail)
    source = filters[0].get("source")
    known = evidence.sources.get(source or "")
    if source is None or known is None or known.holding != "full":
        return None
    versions = [
        v for v in _all_found_without(case, filters, "source") if evidence.root(v) == evidence.root(source)
    ]
    if versions:
        detail = f"{source} does not print these cells; {', '.join(versions)} does."
        return Decision(Reason.VERSION_MISMATCH, Level.STATED, detail)
    return None


def _all_found_without(case: Case, filters: Sequence[Filter], column: str) -> list[str]:
    """Words of a column for which every one of the cells exists; empty where the claim does not name the column."""
    text = case.evidence.results.text
    common: set[str] | None = None
    for wanted in filters:
        if column not in wanted or (column != "source" and getattr(case.claim.scope, column, None) is None):
            return []
        rows = case.evidence.rows({name: word for name, word in wanted.items() if name != column})
        words = {word for row in rows if (word := text(column, row)) not in ("", "-")}
        common = words if common is None else common & words
        if not common:
            return []
    return sorted(common or ())


def _common(filters: Sequence[Filter]) -> str:
    """What the missing cells have in common, in words."""
    shared = {name: word for name, word in filters[0].items() if all(f.get(name) == word for f in filters)}
    return described(shared)


def _needs(filters: Sequence[Filter]) -> tuple[str, ...]:
    """The missing cells in words: one a line while they are few, else one line per setting with all its cells."""
    if len(filters) <= EACH:
        return tuple(f"the cell with {described(wanted)}" for wanted in filters)
    settings: dict[str, list[str]] = {}
    for wanted in filters:
        rest = described({name: word for name, word in wanted.items() if name not in ("target", "metric")})
        settings.setdefault(rest, []).append(f"{wanted.get('target', '')} {wanted.get('metric', '')}".strip())
    lines = [
        f"{len(cells)} cell{'s' if len(cells) > 1 else ''} with {rest}: {', '.join(cells)}"
        for rest, cells in settings.items()
    ]
    more = len(lines) - SHOWN
    return (*lines[:SHOWN], f"and {more} more settings") if more > 0 else tuple(lines)

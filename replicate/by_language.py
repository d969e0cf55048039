"""Parts of an answer about languages: every contrast in each, and how it goes with properties of languages.

A property is a fact about a language (script, family, word order, words shared with English) or about the run: how
much of it the encoder saw in pretraining, as the record of that pretraining tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from analysis.answers.part import Part
from analysis.contrast import Contrast, Decision, Rule, decide, slope_over_languages
from analysis.seeds.interval import Interval
from replicate.data.typology import PROPERTIES, properties
from replicate.pictures.languages import forests
from replicate.stages.names import printed
from replicate.studies.study import Grid
from replicate.tasks import get

if TYPE_CHECKING:
    import pandas

    from replicate.ledger import Ledger

SEEN: Final = "seen in pretraining"
"""Property: log2 of a language's share of the pretraining rows; a slope is points per doubling."""
_UNITS: Final = {SEEN: " per doubling", "syntax far from English": " per unit of distance"}
_FEW: Final = "Few languages stand on each side, and properties go together: none of them is a cause."


def by_language(
    frame: pandas.DataFrame,
    family: tuple[Contrast, ...],
    rule: Rule,
    one: Grid,
    seen: Mapping[str, float] | str,
) -> list[Part]:
    """Two parts: every contrast in every language, and how it changes with properties of languages.

    A score in one language is the primary metric of its task, as in the averages. The rows are not tests: they show
    whether a mean hides opposite signs. Where a contrast averages targets, a language stands for those that have it,
    and the row says which; slopes are within targets. English has no part in slopes: models are trained on it.

    Parameters
    ----------
    seen : mapping or str
        Language -> `SEEN`, or in words why that is not known.
    """
    scores = frame[frame["language"] != "all"].copy()
    primary = {printed(task): get(task).primary for task in (*one.targets, *one.tasks)}
    scores = scores[scores["metric"] == scores["target"].map(primary)]
    scores["metric"] = "score"
    held: dict[str, list[str]] = {}
    for target, language in (
        scores[["target", "language"]].astype(str).drop_duplicates().itertuples(index=False)
    ):
        held.setdefault(language, []).append(target)
    rows, slopes = [], []
    for contrast in family:
        several = _averaged(contrast)
        values: dict[tuple[str, str], dict[int, float]] = {}
        for language, targets in held.items():
            own = tuple(target for target in several if target in targets)
            if several and not own:
                continue
            found = _within(scores, contrast, rule, language, own)
            if found.interval is not None:
                which = {"targets": ", ".join(own)} if own else {}
                rows.append(_row(contrast.id, {"language": language, **which}, found.interval))
            for target in own or ("",) if language != "en" else ():
                one_of = found if len(own) < 2 else _within(scores, contrast, rule, language, (target,))
                if len(one_of.found.seeds) > 1:  # also where all seeds are equal: a change of 0 is one
                    kept = map(float, one_of.found.values)
                    values[target, language] = dict(zip(one_of.found.seeds, kept, strict=True))
        for name, known in _properties({language for _, language in values}, seen).items():
            units = {one: known[one[1]] for one in values if one[1] in known}
            slope = slope_over_languages(
                values, units, 1 - rule.alpha, within={one: one[0] for one in values}
            )
            if slope is not None:
                with_it = int(sum(known.values())) if set(known.values()) <= {0.0, 1.0} else None
                counted = {"property": name, "languages": len(known), "with_it": with_it}
                slopes.append(_row(contrast.id, counted, slope))
    signs = (_signs(one.id, [row for row in rows if row["contrast"] == one.id]) for one in family)
    told = tuple(filter(None, signs))
    said = (
        _said(slopes)
        if slopes
        else "Cannot be answered: fewer than three languages, or two seeds, have every cell."
    )
    return [
        Part(
            "languages",
            "Do the contrasts differ between languages?",
            " ".join(told) or "Cannot be answered: no contrast has scores in two languages.",
            (_exploratory(len(rows), rule.alpha),),
            tuple(rows),
            forests(rows, 1 - rule.alpha),
            told,
        ),
        Part(
            "properties",
            "Do the contrasts go with script, family, word order, shared words or what pretraining saw?",
            f"{said} {_spread(seen, {str(row['language']) for row in rows} - {'en'})}".strip(),
            (_exploratory(len(slopes), rule.alpha), _FEW),
            tuple(slopes),
        ),
    ]


def _averaged(contrast: Contrast) -> tuple[str, ...]:
    """Targets whose mean every term takes; empty where terms name targets of their own."""
    named = any("target" in term.where for term in contrast.terms)
    return () if named else tuple(contrast.where.get("target", ()))


def _within(
    scores: pandas.DataFrame, contrast: Contrast, rule: Rule, language: str, targets: tuple[str, ...]
) -> Decision:
    """The contrast in one language, over those of its targets that have the language."""
    where = {**contrast.where, "language": (language,)} | ({"target": targets} if targets else {})
    (found,) = decide(scores, [replace(contrast, where=where)], rule)
    return found


def seen_in_pretraining(ledger: Ledger, frame: pandas.DataFrame) -> dict[str, float] | str:
    """Language -> log2 of its share of the rows of pretraining, or in words why that is not known.

    Kinds of text of one language (`en`, `en:steps`) are added up.

    Parameters
    ----------
    frame : pandas.DataFrame
        Results whose models are asked about; `locator` names the evaluation.
    """
    from math import log2

    begun: dict[str, dict[str, Any]] = {}
    told = frame[frame["variant"].astype(str) != "random-init"]
    for key in dict.fromkeys(map(str, told["locator"])):
        record = ledger.record(key)
        while record is not None and record.get("kind") != "pretrain":
            parents = record.get("parents", {})
            parent = parents.get("encoder", parents.get("completions"))  # judged programs: who wrote them
            record = None if parent is None else ledger.record(parent)
        if record is not None:
            begun[record["key"]] = record["facts"]
    if not begun:
        return "the record of the pretraining is not there"
    if any("hub" in facts for facts in begun.values()):
        return "what a public encoder saw of each language is not in its record"
    shares = [
        {name: one for name, one in facts.get("shares", {}).items() if one > 0} for facts in begun.values()
    ]
    if any(one != shares[0] for one in shares) or not shares[0]:
        return "the models did not see the same text" if shares[0] else "the record does not tell it"
    spoken: dict[str, float] = {}
    for name, share in shares[0].items():
        language = name.partition(":")[0]
        spoken[language] = spoken.get(language, 0.0) + share
    return {language: log2(share) for language, share in spoken.items()}


def _properties(languages: Iterable[str], seen: Mapping[str, float] | str) -> dict[str, dict[str, float]]:
    """Property -> language -> value, where it is known."""
    languages = sorted(languages)
    found = {
        name: {one: properties(one)[name] for one in languages if name in properties(one)}
        for name in PROPERTIES
    }
    if not isinstance(seen, str):
        found[SEEN] = {one: seen[one] for one in languages if one in seen}
    return found


def _spread(seen: Mapping[str, float] | str, languages: set[str]) -> str:
    """In words why there is no slope over what pretraining saw; empty where there is one."""
    if isinstance(seen, str):
        return f"Seen in pretraining: {seen}."
    known = [seen[one] for one in languages if one in seen]
    if len(known) >= 3 and max(known) - min(known) < 1e-9:
        return "Seen in pretraining: no spread at this scale, every language has the same share of the text."
    return ""


def _exploratory(intervals: int, alpha: float) -> str:
    """How many intervals leave 0 out by chance: many are looked at, and none was named before the runs."""
    return (
        f"Exploratory: none of these {intervals} intervals was registered or is adjusted, and about"
        f" {intervals * alpha:.{0 if intervals * alpha >= 2 else 1}f} of them would leave 0 out if nothing differed."
        " Languages share their models, so that they do so together."
    )


def _said(slopes: list[dict[str, Any]]) -> str:
    """How many slopes leave 0 out, and which, in words."""
    clear = [
        f"{r['contrast']} by {r['property']} ({r['estimate']:+.1f}{_UNITS.get(r['property'], '')})"
        for r in slopes
        if r["low"] > 0 or r["high"] < 0
    ]
    return (
        f"Of {len(slopes)} slopes over properties of languages {len(clear)} have an interval"
        f" that leaves 0 out{': ' + ', '.join(clear) if clear else ''}."
    )


def _row(contrast: str, named: dict[str, Any], interval: Interval) -> dict[str, Any]:
    """An interval as plain data."""
    numbers = {name: float(getattr(interval, name)) for name in ("estimate", "low", "high")}
    return {"contrast": contrast, **named, **numbers, "seeds": interval.n}


def _signs(name: str, rows: list[dict[str, Any]]) -> str:
    """How many languages are on which side, in words; empty without rows."""
    if len(rows) < 2:
        return ""
    low, high = min(rows, key=lambda row: row["estimate"]), max(rows, key=lambda row: row["estimate"])
    above, below = sum(row["low"] > 0 for row in rows), sum(row["high"] < 0 for row in rows)
    return (
        f"{name}: from {low['estimate']:+.1f} ({low['language']}) to {high['estimate']:+.1f} ({high['language']});"
        f" of {len(rows)} languages {above} lie clearly above 0 and {below} clearly below."
    )

"""The claims file about a study's own scores: one assertion per registered contrast, as a person would write it.

`verify-claims replicate STUDY --pin FOLDER` writes it beside the scores, and `verify-claims check FOLDER` decides it
from them. A score that changes, or an analysis that decides otherwise, then fails; so does a contrast that could not
be answered and now seems to be. It speaks about one scale of one study, and about no published claim.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from analysis.contrast import Contrast, Decision, Rule, decide, digest
from analysis.contrast.answer import sentence
from analysis.errors import InputError, Problem
from replicate.answers import outside
from replicate.at_hand import partial
from replicate.studies.study import Study, grid

if TYPE_CHECKING:
    import pandas

NAME: Final = "claims.yaml"
PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./+>-]*")
"""Words that YAML reads as themselves."""
NOT_WORDS: Final = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
LONGEST: Final = 104
"""Characters of a line; a longer list of cells has one a line."""


def committed(found: Study, folder: Path) -> dict[str, pandas.DataFrame]:
    """Scale -> scores of the study that a folder holds, in the order of its scales; tables of others are left out."""
    import pandas

    tables: dict[str, pandas.DataFrame] = {}
    for scale in found.scales:
        place = folder / f"{scale}.csv"
        if place.is_file():
            table = pandas.read_csv(place, keep_default_na=False, na_values={"value": [""]})
            if set(table.get("source", ())) == {f"run:{found.name}"}:
                tables[scale] = table
    return tables


def claims_text(found: Study, tables: Mapping[str, pandas.DataFrame]) -> str:
    """Text of the claims file of a study: a claim per scale.

    Parameters
    ----------
    tables : mapping
        Scale -> results table of the whole grid at that scale.

    Raises
    ------
    InputError
        The study registers no contrast, or cells of one are not there.
    """
    scales = [scale for scale in found.scales if scale in tables]
    claims = [line for scale in scales for line in _claim(found, scale, tables[scale])]
    one, asked = len(scales) == 1, scales[0] if len(scales) == 1 else "SCALE"
    lines = [
        f"# What study {found.name} answers at scale {' and '.join(scales)}, from the scores beside this file, and"
        " nothing beyond",
        f"# {'that scale' if one else 'those scales'}. Terms, margins and rule are those of the study file; outcome,"
        " number and seeds are what its",
        f"# runs gave. Written by `verify-claims replicate {found.name} --scale {asked} --pin FOLDER`.",
        "schema: verify-claims/1",
        f"study: {found.name}",
        *_prose("", "title", found.title),
        f"evidence: [{', '.join(f'{scale}.csv' for scale in scales)}]",
        *_names(found, {scale: tables[scale] for scale in scales}),
        "claims:",
        *claims,
    ]
    return "\n".join(lines) + "\n"


def _claim(found: Study, scale: str, scores: pandas.DataFrame) -> list[str]:
    """Lines of the claim about one scale."""
    registration = found.fixed(scale)
    if registration is None:
        raise InputError(
            Problem(f"study {found.name} registers no contrast", "there is nothing to claim; add registered:")
        )
    one = grid(found, scale)
    family = registration.family(one.names, len(one.multi))
    rule = registration.deciding()
    decided = decide(scores, family, rule)
    absent = outside(family, one)
    missing = [
        cell for decision in decided if decision.contrast.id not in absent for cell in decision.found.missing
    ]
    if missing:
        raise InputError(
            Problem(
                f"scores of {found.name} at scale {scale} lack {missing[0]}",
                "run the whole study before --pin",
            )
        )
    rules = [f'        alpha: "{rule.alpha}"', f"        multiplicity: {rule.multiplicity}"]
    return [
        *(f"  # {line}" for note in partial(scores, one) for line in wrap(note, LONGEST - 4)),
        f"  - id: {found.name}.{scale}",
        *_prose("    ", "text", found.question),
        *_family(family, rule),
        "    assert:",
        *(line for decision in decided for line in _assertion(decision, found.name, scale, rules)),
    ]


def _names(found: Study, tables: Mapping[str, pandas.DataFrame]) -> list[str]:
    """Lines of what contrasts name and the grids of these scales do not have; empty where they have everything."""
    named: dict[str, dict[str, None]] = {}
    for scale in tables:
        registration, one = found.fixed(scale), grid(found, scale)
        for contrast in registration.family(one.names, len(one.multi)) if registration else ():
            for where in (contrast.where, *(term.where for term in contrast.terms)):
                for column, words in where.items():
                    known = {word for table in tables.values() for word in table[column].astype(str).unique()}
                    named.setdefault(column, {}).update(dict.fromkeys(w for w in words if w not in known))
    lines = [f"  {column}: [{', '.join(map(_word, words))}]" for column, words in named.items() if words]
    return ["names:", "  # in the grid of another scale", *lines] if lines else []


def _family(family: Sequence[Contrast], rule: Rule) -> list[str]:
    """Lines that hold the file to what was registered."""
    names = [one.id for one in family]
    line = f"      contrasts: [{', '.join(names)}]"
    listed = (
        [line] if len(line) <= LONGEST else ["      contrasts:", *(f"        - {name}" for name in names)]
    )
    return ["    family:", *listed, f"      sha256: {digest(family, rule)}"]


def _assertion(decision: Decision, study: str, scale: str, rules: Sequence[str]) -> list[str]:
    """Lines of one assertion."""
    one = decision.contrast
    seeds = len(decision.found.seeds)
    number = [f'        equals: "{float(decision.found.values.mean()):.2f}"'] if seeds else []
    return [
        f"      - name: {one.id}",
        "        kind: contrast",
        *_prose("        ", "text", one.text),
        f"        study: {study}",
        f"        scale: {scale}",
        *([f"        where: {_mapping(one.where)}"] if one.where else []),
        *_terms(one),
        f"        alternative: {one.alternative}",
        f'        margin: "{one.margin}"',
        *rules,
        f"        outcome: {decision.outcome}",
        *number,
        f"        seeds: {seeds}",
        *_prose("        ", "note", sentence(decision, scale)),
    ]


def _terms(one: Contrast) -> list[str]:
    """Lines of the terms; a list of cells that is too long for one line gets a line each."""
    lines = ["        terms:"]
    for term in one.terms:
        weight = f"{term.weight:g}" if float(term.weight).is_integer() else f'"{term.weight}"'
        line = f"          - {{weight: {weight}, where: {_mapping(term.where)}}}"
        if len(line) <= LONGEST:
            lines.append(line)
            continue
        lines += [f"          - weight: {weight}", "            where:"]
        for name, words in term.where.items():
            lines.append(f"              {name}:")
            lines += [f"                - {_word(word)}" for word in words]
    return lines


def _prose(indent: str, key: str, text: str) -> list[str]:
    """Lines of a text: on the line of its key where it fits, else folded below it."""
    flat = " ".join(text.split())
    line = f"{indent}{key}: {_word(flat)}"
    if len(line) <= LONGEST:
        return [line]
    inside = indent + "  "
    folded = wrap(flat, LONGEST - len(inside), break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{key}: >-", *(inside + part for part in folded)]


def _mapping(where: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_words(words)}" for name, words in where.items()) + "}"


def _words(words: Sequence[str]) -> str:
    return _word(words[0]) if len(words) == 1 else "[" + ", ".join(map(_word, words)) + "]"


def _word(text: str) -> str:
    """A scalar as YAML reads it back, quoted where it must be."""
    if PLAIN.fullmatch(text) and text.lower() not in NOT_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)

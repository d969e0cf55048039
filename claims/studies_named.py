"""Problems of assertions that name a study of runs which nobody knows.

A study that exists and has not been run yet is open; a name that is misspelt would stay open for ever, and no run
could settle it. Known are the studies whose runs are among the evidence, those that the file declares as a source
still to come, and those that the caller knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Final

from analysis.errors import Problem
from claims.evidence import Evidence
from claims.model import ClaimsFile, Contrast, Regenerated
from claims.yaml_marks import Document

RUN: Final = "run:"
"""How the source of a run begins; the study's name follows."""


def unknown_studies(
    file: ClaimsFile, document: Document, evidence: Evidence, studies: Collection[str]
) -> Iterator[Problem]:
    """A problem for every assertion about a study that is not known, with the nearest one that is.

    Parameters
    ----------
    studies
        Names of studies that can be run, whether or not they have been.
    """
    sources = (*evidence.results.columns["source"].names, *file.names.get("source", ()))
    known = {*studies, *(name.removeprefix(RUN) for name in sources if name.startswith(RUN))}
    for at, claim in enumerate(file.claims):
        for number, assertion in enumerate(claim.assertions):
            if isinstance(assertion, Contrast | Regenerated) and assertion.study not in known:
                near = get_close_matches(assertion.study, sorted(known), n=1, cutoff=0.5)
                first = f"write {near[0]!r}" if near else f"known are {', '.join(sorted(known)) or 'none'}"
                declare = f'declare "{RUN}{assertion.study}" under names: source'
                remedy = f"{first}, or {declare} if its runs are still to come"
                place = ("claims", at, "assert", number, "study")
                yield document.problem(f"unknown study {assertion.study!r}", remedy, place)

"""Problems of a claim that names the family of its contrasts: one is missing, one is too many, one was changed.

The p values of contrasts are adjusted over those that the file has, so a file without one of them decides the others
too easily, and nothing in its numbers shows it. What was registered is therefore named in the file: names, by which a
missing contrast can be told, and a hash (`analysis.contrast.family`), by which a changed one can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.errors import Problem
from claims.model import Claim, ClaimsFile, Contrast, Family
from claims.yaml_marks import Document

Path = tuple[str | int, ...]
ANEW = "to register others, write the file anew with `verify-claims replicate STUDY --pin FOLDER`"


def families(file: ClaimsFile, document: Document) -> Iterator[Problem]:
    """Problems of all families of a claims file, in file order."""
    for at, claim in enumerate(file.claims):
        if claim.family is not None:
            yield from _problems(claim, claim.family, ("claims", at), document)


def _problems(claim: Claim, family: Family, path: Path, document: Document) -> Iterator[Problem]:
    here = [
        (number, one.name or str(number + 1), one)
        for number, one in enumerate(claim.assertions)
        if isinstance(one, Contrast)
    ]
    names = [name for _, name, _ in here]
    found = []
    for number, name in enumerate(family.contrasts):
        if name not in names:
            what = f"contrast {name!r} was registered and is not among the assertions"
            remedy = f"restore it: p values are adjusted over the whole family; {ANEW}"
            found.append(document.problem(what, remedy, (*path, "family", "contrasts", number)))
    for number, name, _ in here:
        if name not in family.contrasts:
            what = f"contrast {name!r} was not registered with the others"
            remedy = "put it into a claim of its own, whose p values are adjusted by themselves"
            found.append(document.problem(what, remedy, (*path, "assert", number, "name")))
    yield from found or _changed(family, [one for _, _, one in here], path, document)


def _changed(
    family: Family, contrasts: Sequence[Contrast], path: Path, document: Document
) -> Iterator[Problem]:
    """That the right contrasts say something else than what was registered."""
    from analysis.contrast import digest
    from claims.statistics.contrasted import contrast_of, rule_of

    shared = {(one.study, one.scale, rule_of(one)) for one in contrasts}
    if len(shared) > 1:
        what = "the contrasts of a family are of different studies or scales, or have different rules"
        remedy = "give all of them one study, scale, alpha and multiplicity"
        yield document.problem(what, remedy, (*path, "family"))
        return
    now = digest([contrast_of(one) for one in contrasts], rule_of(contrasts[0]))
    if now != family.sha256:
        what = "the contrasts are not as they were registered: their sha256 is another"
        remedy = f"restore texts, cells, weights, alternatives, margins, alpha and multiplicity; {ANEW}"
        yield document.problem(what, remedy, (*path, "family", "sha256"))

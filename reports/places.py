"""Locations as a repository sees them: `paper/claims.yaml` for the `claims.yaml` of the study in the folder `paper`.

Findings name files relative to their study, so that a report is the same wherever the study lies. Annotations, SARIF
and JUnit are read by tools that know the repository only, and drop in silence what they cannot place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from claims.finding import Location
from claims.outcome import Outcome
from claims.policy import Complaint


def in_repository(
    outcome: Outcome, complaints: Sequence[Complaint] = ()
) -> tuple[Outcome, tuple[Complaint, ...]]:
    """The outcome and the complaints with locations relative to the folder that the check ran in.

    A study that was named by an absolute path, or outside of that folder, keeps its own.
    """
    study = PurePath(outcome.study_path)
    if study.is_absolute() or ".." in study.parts or not study.parts:
        return outcome, tuple(complaints)

    def moved(location: Location) -> Location:
        return replace(location, file=posixpath.join(study.as_posix(), location.file))

    claims = tuple(
        replace(
            claim,
            location=moved(claim.location),
            findings=tuple(replace(found, location=moved(found.location)) for found in claim.findings),
        )
        for claim in outcome.claims
    )
    granted = tuple(replace(complaint, location=moved(complaint.location)) for complaint in complaints)
    return replace(outcome, claims=claims), granted

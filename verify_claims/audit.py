"""`verify-claims audit [REPORT...]`: what is odd about reports, one by one and together."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from verify_claims.refusal import refuse
from verify_claims.report_files import read_and_map
from verify_claims.study_argument import studies

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="REPORT", help="Reports or folders of them; without any, the study's own reports."
    ),
]
StudyFolder = Annotated[
    Path | None,
    typer.Option("--study", help="Study to compare with; else the one in this folder, else the bundled one."),
]
NoStudy = Annotated[bool, typer.Option("--no-study", help="Audit the reports alone, without our findings.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object with every observation and its data.")]
FailOn = Annotated[
    list[str] | None,
    typer.Option("--fail-on", help="Exit with 1 on a problem of this code (repeat for several)."),
]


@app.command(
    epilog="Examples: `verify-claims audit` · `verify-claims audit reports/ --no-study` · "
    "`verify-claims audit report.pdf --fail-on question_uncovered`"
)
def audit(
    paths: Paths = None,
    study: StudyFolder = None,
    no_study: NoStudy = False,
    as_json: AsJson = False,
    fail_on: FailOn = None,
) -> None:
    """Audit reports: counts, questions, verdicts against confidence and against our findings, independence.

    Exit codes: 0, 1 with --fail-on, 2 for invalid input.
    """
    from claims import audit as auditing
    from claims.study import check_study, find_study
    from reports import reading

    try:
        unknown = [code for code in fail_on or () if code not in auditing.CODES]
        if unknown:
            raise InputError(
                Problem(f"there is no code {unknown[0]!r}", f"use one of {', '.join(auditing.CODES)}")
            )
        if no_study and not paths:
            raise InputError(Problem("no report to audit", "name reports, or leave --no-study out"))
        folder, which = (None, "study: none") if no_study else find_study(study)
        outcome = None if folder is None else check_study(folder, studies=studies())
        if paths:
            reports = read_and_map(paths, folder).reports
        else:
            reports = outcome.reports if outcome is not None else ()
            if not reports:
                raise InputError(Problem("the study has no reports", "name reports to audit"))
    except InputError as error:
        refuse(error)
    print(which, file=sys.stderr)
    findings = auditing.audit(reports, outcome.claims if outcome is not None else ())
    if as_json:
        told = {
            "schema": "verify-claims/audit/1",
            "study": None if outcome is None else outcome.study,
            "reports": reading.reports_json(reports),
            "audit": reading.audit_json(findings),
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print(reading.audit_text(findings), end="")
    failing = [
        finding for finding in findings if finding.code in (fail_on or ()) and auditing.problematic(finding)
    ]
    if failing:
        sys.exit(1)

"""`verify-claims explain`, also called `why`: from the reports' words to the verdict and the policy, step by step."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from verify_claims.judging import judged
from verify_claims.refusal import refuse
from verify_claims.study_argument import HELP, checked

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    epilog="Examples: `verify-claims explain xstilts.squad.dev-gain` · "
    "`verify-claims why xstilts.v1` (all that begin so) "
    "· `verify-claims explain my.claim --study my-paper --json`"
)
def explain(
    claim: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a claim or of a finding, or how several begin.")
    ],
    study: Annotated[Path | None, typer.Option("--study", help=HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    today: Annotated[str | None, typer.Option("--today", help="Judge dates as on this day.")] = None,
) -> None:
    """Show why a claim got its verdict, from mentions over cells and intervals to findings and policy.

    An open finding says what would settle it, and every claim what its verdict does not establish.
    """
    from reports.explained import render_claim, ruling
    from reports.limits import limits

    try:
        outcome = checked(study)
        judgement = (made := judged(outcome, None, None, today)).judgement
        wanted = claim.partition("/")[0]
        exact = [card for card in outcome.claims if card.id == wanted]
        found = exact or [card for card in outcome.claims if card.id.startswith(wanted)]
        if not found:
            from difflib import get_close_matches

            ids = [card.id for card in outcome.claims]
            near = get_close_matches(wanted, ids, n=3, cutoff=0.4)
            remedy = f"the nearest are {', '.join(near)}" if near else f"known are {', '.join(ids[:20])}"
            raise InputError(Problem(f"there is no claim {wanted!r}", remedy))
    except InputError as error:
        refuse(error)
    if as_json:
        import json

        from reports.as_json import as_json as plain

        shown = {card.id for card in found}
        listed = [card for card in plain(outcome)["claims"] if card["id"] in shown]
        for card, entry in zip(found, listed, strict=True):
            entry["policy"] = {f.id: ruling(f, judgement, made.accepted) for f in card.findings}
            entry["does_not_establish"] = limits(card)
        told = {"schema": "verify-claims/explain/1", "study": outcome.study, "claims": listed}
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return
    sys.stdout.write("\n".join(render_claim(outcome, card, judgement, made.accepted) for card in found))

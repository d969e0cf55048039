"""`verify-claims schema`: print the JSON Schema of the claims file."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Of(StrEnum):
    """Files that have a schema."""

    CLAIMS = "claims"
    SOURCES = "sources"
    BASELINE = "baseline"


@app.command(
    epilog="Example: `verify-claims schema > claims.schema.json`, then begin claims.yaml with "
    "`# yaml-language-server: $schema=claims.schema.json`"
)
def schema(
    of: Annotated[Of, typer.Option("--of", help="claims.yaml, sources.yaml or baseline.yaml.")] = Of.CLAIMS,
) -> None:
    """Print the JSON Schema (draft 2020-12), for editors that complete and check while you write."""
    from claims.baseline import BaselineFile
    from claims.model import ClaimsFile, SourcesFile
    from claims.schema import json_schema

    model = {Of.CLAIMS: ClaimsFile, Of.SOURCES: SourcesFile, Of.BASELINE: BaselineFile}[of]
    sys.stdout.write(json.dumps(json_schema(model), indent=2, ensure_ascii=False) + "\n")

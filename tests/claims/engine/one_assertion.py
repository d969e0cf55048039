"""One assertion over a few rows, decided."""

from collections.abc import Sequence

from analysis.results import Results
from analysis.results_text import encode
from claims.check import check_claims
from claims.evidence import Evidence
from claims.finding import Finding
from claims.load import validated
from claims.model import ClaimsFile
from claims.yaml_marks import parse_yaml

COLUMNS = ("source", "target", "metric", "intermediate", "status", "value", "printed")


def decided(rows: Sequence[Sequence[str]], assertion: str, targets: Sequence[str]) -> Finding:
    """Finding of one assertion over rows of `COLUMNS`."""
    members = ", ".join(f"{{target: {target}, metric: acc}}" for target in targets)
    text = f"""\
schema: verify-claims/1
study: s
title: t
averages: {{all: {{text: mean, mean: [{members}]}}}}
claims:
  - {{id: c, text: t, scope: {{source: p}}, assert: [{{{assertion}}}]}}
"""
    document = parse_yaml(text.encode(), "claims.yaml")
    table = Results(encode(rows, {name: at for at, name in enumerate(COLUMNS)}), ("r",), (0,), (None,))
    file = validated(ClaimsFile, document)
    return next(iter(check_claims(file, document, Evidence(table))))[2][0]

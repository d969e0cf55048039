"""Typesetting is no difference between a quote and its source; case, spelling and a missing word are."""

from pathlib import Path

import pytest

from claims.check import check_claims
from claims.contents import read_study
from claims.kinds.quote import contains

SOURCE = (
    "Zero-\nshot transfer bene\ufb01ts most. XLM-\nRoBERTa is used; inter-\n  mediate tasks\u00a0help. "
    "It\u2019s the \u201cbest\u201d of soft\u00adhyphens, cafe\u0301 and \u22120.3.\n\nSelf-attention."
)


@pytest.mark.parametrize(
    "quote",
    [
        "Zero-shot transfer benefits most. XLM-RoBERTa is used; intermediate tasks help.",
        'It\'s the "best" of softhyphens, caf\u00e9 and -0.3. Self-attention',
        "bene\ufb01ts most",
    ],
)
def test_typesetting_is_folded(quote: str) -> None:
    assert contains(SOURCE, quote)
    assert contains(quote, quote)


@pytest.mark.parametrize(
    "quote", ["zero-shot transfer", "Selfattention", "benefit most", "transfer most", "0.3 Self"]
)
def test_nothing_similar_is_a_quote(quote: str) -> None:
    assert not contains(SOURCE, quote)


def test_a_long_quote_in_a_broken_text_takes_no_time() -> None:
    assert not contains("wo-\nrd a " * 4_000, "word a " * 300 + "b")


def test_a_quote_that_only_reports_print_is_circular(tmp_path: Path) -> None:
    """All words count: a report that prints some of them is no witness of the others."""
    (tmp_path / "r.csv").write_text("source,target,metric,status,value,printed\np,a,acc,seen,1,1\n")
    (tmp_path / "p.txt").write_text("We compare with BERT.")
    (tmp_path / "sources.yaml").write_text(
        "schema: verify-claims/sources/1\nsources:\n"
        "  - {id: p, title: P, at_hand: excerpts, texts: [{file: p.txt, complete: false}]}\n"
    )
    (tmp_path / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: s\ntitle: S\nevidence: [r.csv]\nclaims:\n  - id: c\n    text: C.\n"
        "    scope: {source: p}\n    assert: [{kind: quote, text: from BERT throughout}]\n"
    )
    study = read_study(tmp_path)

    def reason(*mentions: str) -> tuple[str, str]:
        said = [("r", number, text) for number, text in enumerate(mentions, 1)]
        ((_, _, (found,)),) = check_claims(study.file, study.document, study.evidence, {"c": said})
        return found.reason, found.detail

    assert reason()[0] == reason("We start from BERT.")[0] == "cells_missing"
    assert reason("We start from BERT throughout.") == (
        "circular_evidence",
        'Only one report under review states "from BERT throughout" (r:1); the excerpts of p at hand '
        "do not contain it; they are not the whole text.",
    )

"""Typesetting is no difference between a quote and its source; case, spelling and a missing word are."""

import pytest

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

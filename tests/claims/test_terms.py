"""Terms, normal form and likeness: what counts as the same, and what only looks alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.terms import containment, likeness, met, normal, runs, sequence, stem, terms


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Gains 8.2 points.", "gains  8.2 points", True),
        ("zero‑shot – transfer…", "zero-shot - transfer", True),
        ("**SQuAD** helps", "squad helps.", True),
        ("gains 8.2", "gains 8.20", False),
        ("gains 8.2", "gains -8.2", False),
        ("XTREME", "XTREME-R", False),
        ("A beats B", "B beats A", False),
    ],
)
def test_normal_form(a, b, same):
    assert (normal(a) == normal(b)) is same


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_normal_form_is_stable(text):
    assert normal(normal(text)) == normal(text)


def test_a_benchmark_with_a_suffix_is_another_term():
    (term,) = terms("XTREME-R")
    assert met(term, sequence("evaluated on XTREME-R tasks"))
    assert not met(term, sequence("evaluated on XTREME tasks, R and others"))


def test_a_compound_is_met_without_its_hyphen():
    (term,) = terms("zero-shot")
    assert met(term, sequence("in a zero shot setting"))
    assert not met(term, sequence("shot at zero"))


@pytest.mark.parametrize(
    ("a", "b"),
    [("improves", "improvement"), ("scaling", "scaled"), ("averaged", "average"), ("models", "model")],
)
def test_stems_of_one_word_agree(a, b):
    assert stem(a) == stem(b)


def test_another_number_halves_the_likeness():
    same = likeness("SQuAD gains 8.2 points", "SQuAD gains 8.2 points")
    other = likeness("SQuAD gains 8.2 points", "SQuAD gains 7.5 points")
    assert same == 1
    assert other < 0.5


@given(st.text("abc 12", max_size=30), st.text("abc 12", max_size=30))
def test_likeness_is_symmetric_and_bounded(a, b):
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1
    assert containment(runs(a.split()), runs(b.split())) == containment(runs(b.split()), runs(a.split()))

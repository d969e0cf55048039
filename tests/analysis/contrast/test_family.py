"""The hash of a family is of what was registered, in whatever order and with whatever line breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.contrast import Contrast, Rule, Term, digest

TERMS = (Term(1.0, {"variant": ("mlm",)}), Term(-1.0, {"variant": ("plain",)}))
FIRST = Contrast("first", "it scores\n  higher", TERMS, 2.0, "greater", {"target": ("xnli", "squad")})
SECOND = Contrast("second", "it scores otherwise", TERMS, 2.0)


def test_order_line_breaks_and_power_do_not_count() -> None:
    told = digest([FIRST, SECOND], Rule())
    assert told == digest([SECOND, FIRST], Rule(power=0.9))
    assert told == digest([replace(FIRST, text="it scores higher"), SECOND], Rule())


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, id="third"),
        replace(FIRST, text="it scores lower"),
        replace(FIRST, margin=2.5),
        replace(FIRST, alternative="less"),
        replace(FIRST, where={"target": ("xnli",)}),
        replace(FIRST, terms=(Term(2.0, TERMS[0].where), Term(-2.0, TERMS[1].where))),
        replace(FIRST, terms=(TERMS[0], Term(-1.0, {"variant": ("plain",), "language": ("de",)}))),
    ],
)
def test_whatever_was_registered_counts(other: Contrast) -> None:
    assert digest([FIRST, SECOND], Rule()) != digest([other, SECOND], Rule())


def test_the_family_and_its_rule_count() -> None:
    told = digest([FIRST, SECOND], Rule())
    assert len({told, digest([FIRST], Rule()), digest([SECOND], Rule())}) == 3
    assert told != digest([FIRST, SECOND], Rule(alpha=0.01))
    assert told != digest([FIRST, SECOND], Rule(multiplicity="bonferroni"))

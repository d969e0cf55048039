"""Hyphens at line ends: the rule, case by case, and its effect on flowing text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.reading.wraps import squeezed, unwrap, vocabulary

CONTEXT = [
    "Intermediate-task training on nine tasks, machine-generated, cross-lingual, multi-task, with training data.",
    "pretrained models of sentence retrieval",
]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["improve-", "ments"], "improvements"),
        (["outper-", "forms"], "outperforms"),
        (["inter-", "mediate-task"], "intermediate-task"),
        (["Intermediate-", "task"], "Intermediate-task"),
        (["Zero-", "Shot"], "Zero-Shot"),
        (["zero-", "shot"], "zero-shot"),
        (["GPT-", "4"], "GPT-4"),
        (["XTREME-", "R"], "XTREME-R"),
        (["state-of-", "the-art"], "state-of-the-art"),
        (["cross-lin-", "gual"], "cross-lingual"),
        (["machine-", "translated"], "machine-translated"),
        (["pre-", "training"], "pre-training"),
        (["pre-", "trained"], "pretrained"),
        (["pre-", "dict"], "predict"),
        (["multi-", "lingual"], "multilingual"),
        (["single-", "and multi-task"], "single- and multi-task"),
        (["mod\u00ad", "els"], "models"),
        (["training\u2014", "fine-tuning"], "training\u2014fine-tuning"),
        (["a dash -", "and more"], "a dash - and more"),
        (["con-", "ti-", "nuing"], "continuing"),
    ],
)
def test_the_rule(lines, text):
    assert unwrap(lines, vocabulary([*CONTEXT, *lines])) == text


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=8))
def test_only_white_space_and_hyphens_change(lines):
    joined = unwrap(lines, vocabulary(lines))
    removable = str.maketrans("", "", "-\u2010\u2011\u00ad")
    assert "".join(joined.split()).translate(removable) == "".join("".join(lines).split()).translate(
        removable
    )


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_a_single_line_is_only_squeezed(line):
    assert unwrap([line], vocabulary([line])) == squeezed(line)

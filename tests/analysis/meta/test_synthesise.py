"""The synthesis of a table: model by dependence, honest notes, a sentence that says what the numbers say."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from analysis.errors import InputError
from analysis.meta.estimate import Dependence, dependence_of
from analysis.meta.multilevel import multilevel
from analysis.meta.pool import pool
from analysis.meta.robust import robust
from analysis.meta.synthesise import synthesise


def table(**columns):
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def clustered():
    rng = np.random.default_rng(21)
    source = np.repeat(list("abcdefgh"), 3)
    shift = np.repeat(rng.normal(0, 1, 8), 3)
    v = rng.uniform(0.05, 0.4, 24)
    return table(yi=1 + shift + rng.normal(0, np.sqrt(v)), vi=v, cluster=source, size=rng.normal(size=24))


def test_independent_effects_get_reml_with_floored_knapp_hartung(sets):
    data = sets["k9"]
    found = synthesise(table(yi=data["yi"], vi=data["vi"]))
    f = pool(data["yi"], data["vi"])
    assert_allclose(
        [found.pooled.estimate, found.pooled.low, found.pooled.high], [f.mean, *f.interval], rtol=1e-12
    )
    assert found.pooled.clusters == 9 and len(found.leave_one_out) == 9
    assert_allclose(found.table["weight"].sum(), 1)
    assert f"{f.mean:+.2f} points" in found.sentence
    assert found.funnel_p is None and "fewer than 10" in found.funnel_note


def test_effects_of_one_source_count_as_one_source(clustered):
    found = synthesise(clustered, moderators=["size"])
    f = multilevel(clustered["yi"], clustered["vi"], {"cluster": clustered["cluster"]}, test="t")
    r = robust(f, clustered["cluster"])
    assert_allclose([found.pooled.estimate, found.pooled.low], [f.mean, r.ci_low[0]], rtol=1e-10)
    assert found.pooled.clusters == 8 and len(found.leave_one_out) == 8
    naive = synthesise(clustered.drop(columns="cluster")).pooled
    assert found.pooled.high - found.pooled.low > 1.2 * (naive.high - naive.low)
    assert "24 effects from 8 sources" in found.sentence
    assert [c.term for c in found.moderators] == ["intercept", "size"]
    assert found.moderators[1].df < 8


def test_repeating_a_source_adds_no_evidence(clustered):
    """Copying every effect of a source into a second report of that source must not narrow the interval much."""
    once = synthesise(clustered).pooled
    copied = pd.concat([clustered, clustered], ignore_index=True)
    twice = synthesise(copied).pooled
    naive = synthesise(copied.drop(columns="cluster")).pooled
    assert twice.high - twice.low > 0.93 * (once.high - once.low)
    assert naive.high - naive.low < 0.75 * (once.high - once.low)


def test_one_source_is_pooled_with_a_warning(clustered):
    one = clustered.assign(cluster="paper")
    found = synthesise(one)
    assert found.pooled.clusters == 1
    assert any("one root source" in note for note in found.notes)
    assert "24 effects of one source" in found.sentence


def test_crossed_effects_are_clustered_two_ways(clustered):
    crossed = clustered.assign(second=np.tile(["x", "y", "z"], 8))
    assert dependence_of(crossed) is Dependence.TWO_WAY
    found = synthesise(crossed)
    assert [name for name, _ in found.pooled.components] == ["cluster", "second", "effect"]
    assert "crossed effects" in found.sentence
    assert any("degrees of freedom" in note for note in found.notes)  # three levels of the second factor


def test_one_effect_and_two_effects():
    one = synthesise(table(yi=[1.5], vi=[0.25]))
    assert_allclose(
        [one.pooled.low, one.pooled.high], [1.5 - 1.959964 * 0.5, 1.5 + 1.959964 * 0.5], rtol=1e-6
    )
    assert "heterogeneity cannot be estimated" in one.sentence and one.leave_one_out == ()
    two = synthesise(table(yi=[1.5, 3.0], vi=[0.25, 0.25]))
    assert two.pooled.prediction_high == np.inf and "prediction" not in two.sentence
    assert any("Two effects" in note for note in two.notes)


def test_sentence_follows_the_numbers():
    up = synthesise(table(yi=[2.0, 2.2, 1.9, 2.1], vi=np.full(4, 0.01))).sentence
    down = synthesise(
        table(yi=[-2.0, -2.2, -1.9, -2.1], vi=np.full(4, 0.01)), outcome="gain", unit="F1"
    ).sentence
    assert ": positive." in up and ": negative." in down and "gain" in down and "F1" in down
    assert "does not show that there are none" in up
    wide = synthesise(table(yi=[2.0, -2.2, 5, -4.1], vi=np.full(4, 0.01)))
    assert "the sign is undecided" in wide.sentence and "either sign" in wide.sentence
    assert "no effect" not in wide.sentence
    numbers = re.findall(r"interval ([-+][\d.]+) to ([-+][\d.]+)", wide.sentence)[0]
    assert_allclose([float(n) for n in numbers], [wide.pooled.low, wide.pooled.high], atol=0.005)


def test_a_result_that_hangs_on_one_study_is_fragile():
    shaky = synthesise(table(yi=[1.2, 1.1, 1.0, -0.4], vi=np.full(4, 0.02), study=["a", "b", "c", "d"]))
    assert shaky.fragile and "depends on one effect" in shaky.sentence
    assert {left.label for left in shaky.leave_one_out} == {"a", "b", "c", "d"}


def test_heterogeneity_hidden_in_imprecise_effects_is_said():
    """REML can be 0 while Q rejects: the deviating effects are the imprecise ones (as in small target tasks)."""
    found = synthesise(
        table(yi=[-0.1, -0.2, 0.05, -0.4, 0.2, 9.9, 7.8], vi=[0.014, 0.023, 0.043, 0.13, 0.15, 7.8, 7.3])
    )
    assert found.pooled.tau2 < found.pooled.tau2_low
    assert any("imprecise ones" in note for note in found.notes)


def test_categorical_moderators_become_indicators(clustered):
    kind = np.where(np.arange(24) % 2, "qa", "nli")
    found = synthesise(clustered.drop(columns="cluster").assign(kind=kind), moderators=["kind"])
    assert [c.term for c in found.moderators] == ["intercept", "kind=qa"]
    by_hand = pool(clustered["yi"], clustered["vi"], (kind == "qa").astype(float))
    assert_allclose(found.moderators[1].value, by_hand.beta[1], rtol=1e-10)


@pytest.mark.parametrize(
    ("frame", "kw", "message"),
    [
        (table(yi=[1.0]), {}, "no column 'vi'"),
        (table(yi=[], vi=[]), {}, "no effects"),
        (table(yi=[1.0, np.nan], vi=[1.0, 1.0]), {}, "effect nan"),
        (table(yi=[1.0, 2.0], vi=[1.0, 0.0]), {}, "variance 0.0"),
        (table(yi=[1.0, 2.0], vi=[1.0, 1.0], cluster=["a", None]), {}, "'cluster' is empty in row 1"),
        (table(yi=[1.0, 2.0, 3], vi=[1.0, 1.0, 1], m=["a", "a", "a"]), {"moderators": ["m"]}, "one level"),
        (table(yi=[1.0, 2.0], vi=[1.0, 1.0]), {"moderators": ["m"]}, "no column 'm'"),
    ],
)
def test_bad_tables_are_refused(frame, kw, message):
    with pytest.raises(InputError, match=message):
        synthesise(frame, **kw)


def test_degrees_of_freedom_of_the_variances_temper_the_heterogeneity_test():
    frame = table(yi=[1.0, 1.6, 0.2, 1.1, 2.0], vi=np.full(5, 0.15))
    plain, tempered = synthesise(frame).pooled, synthesise(frame.assign(df=4.0)).pooled
    assert tempered.q == plain.q and tempered.q_p > plain.q_p
    with pytest.raises(InputError, match="'df'"):
        synthesise(frame.assign(df=0.0))


def test_the_table_has_the_level_that_was_asked_for():
    frame = table(yi=[0.2, 1.0, 0.6, 1.4], vi=[0.1, 0.2, 0.1, 0.3])
    wide, narrow = synthesise(frame).table, synthesise(frame, level=0.8).table
    half = (narrow["high"] - narrow["yi"]) / np.sqrt(narrow["vi"])
    assert half.to_numpy() == pytest.approx(np.full(4, stats.norm.ppf(0.9)))
    assert (narrow["blup_high"] < wide["blup_high"]).all()
    assert "80 % prediction interval" in synthesise(frame, level=0.8).sentence


def test_a_study_with_several_rows_is_one_source():
    """The same study entered five times is no five studies."""
    frame = table(study=list("abcd"), yi=[0.2, 1.0, 0.6, 1.4], vi=[0.1, 0.2, 0.1, 0.3])
    more = pd.concat([frame, frame.iloc[[1] * 5]], ignore_index=True)
    found = synthesise(more)
    assert "9 effects from 4 sources" in found.sentence
    assert any("5 rows are copies" in note for note in found.notes)
    assert "of one source" in synthesise(frame.iloc[[0] * 4]).sentence
    assert not any("cop" in note for note in synthesise(frame).notes)


def test_degrees_of_freedom_that_are_text_are_refused():
    frame = table(yi=[0.2, 1.0, 0.6], vi=[0.1, 0.2, 0.1], df=["4", "many", "4"])
    with pytest.raises(InputError, match="df is not an array of numbers"):
        synthesise(frame)

"""Golden cases worked out by hand, and what no metric may do: score a shifted list, an empty split, a NaN."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.results import COLUMNS
from replicate.examples import Pair, Sentence, Span
from replicate.metrics import (
    XTREME_R,
    benchmark_average,
    kept,
    mine,
    nearest_source,
    score,
    score_rows,
    task_average,
    tuned_threshold,
)
from replicate.metrics.accuracy import token_accuracy
from replicate.metrics.answers import by_language, english, exact_and_f1, span_scores
from replicate.metrics.chunks import chunk_scores, chunks
from replicate.metrics.mining import Candidate, mining_scores
from replicate.metrics.neighbours import nearest, unit
from replicate.metrics.ranking import map_at
from replicate.metrics.rows import Run, average_rows
from replicate.tasks import TASKS


def test_without_any_chunk_every_share_is_zero_as_in_seqeval() -> None:
    nothing, one = [["O", "O"]], [["B-PER", "O"]]
    for found, true in ((nothing, nothing), (one, nothing), (nothing, one)):
        assert chunk_scores(found, true) == {"f1": 0.0, "precision": 0.0, "recall": 0.0}


def test_old_chunk_rule_on_bare_tags() -> None:
    # Neighbouring equal tags merge; S and I of SYM and INTJ act as prefixes; seqeval >= 0.0.19 sees other chunks.
    assert chunks([["NOUN", "NOUN", "VERB"]]) == {("NOUN", 0, 1), ("VERB", 2, 2)}
    assert chunks([["SCONJ", "SCONJ", "INTJ", "INTJ"]]) == {("SCONJ", 0, 0), ("SCONJ", 1, 1), ("INTJ", 2, 3)}
    assert chunks([["NOUN"], ["NOUN"]]) == {("NOUN", 0, 0), ("NOUN", 2, 2)}
    assert chunks([["O", "X"]]) == {("X", 1, 1)}


def test_chunks_of_broken_iob() -> None:
    assert chunks([["I-PER", "I-PER", "I-ORG", "O", "B-LOC", "B-LOC"]]) == {
        ("PER", 0, 1), ("ORG", 2, 2), ("LOC", 4, 4), ("LOC", 5, 5),
    }  # fmt: skip
    scores = chunk_scores([["B-PER", "I-PER", "O"]], [["B-PER", "O", "B-LOC"]])
    assert scores == {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    scores = chunk_scores([["B-PER", "O", "O"]], [["B-PER", "O", "B-LOC"]])
    assert scores["precision"] == 100 and scores["recall"] == 50
    assert scores["f1"] == pytest.approx(200 / 3, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "language", "normal"),
    [
        ("El  Niño, un fenómeno", "es", "niño fenómeno"),
        ("Der Bär und das Haus", "de", "bär und haus"),
        ("những ngôi nhà", "vi", "ngôi nhà"),
        ("घर।", "hi", "घर"),
        ("البيت كال", "ar", "بيت ك"),
        ("北京（Beijing）2022年", "zh", "北 京 beijing2022 年"),
        ("The «cat»", "en", "cat"),
    ],
)
def test_mlqa_normaliser(text: str, language: str, normal: str) -> None:
    assert by_language(text, language) == normal


def test_english_normaliser_does_not_segment() -> None:
    assert english("北京，中国") == "北京，中国"
    assert exact_and_f1("北京", "北京，中国", english) == (0.0, 0.0)
    assert exact_and_f1("the red mill", "a red mill", english) == (1.0, 1.0)
    with pytest.raises(InputError, match="no rule for language 'fi'"):
        by_language("talo", "fi")


def test_spans_take_the_best_gold_answer_and_count_what_is_missing() -> None:
    gold = [
        Span("a", "", "", (("red mill", 0), ("mill", 4))),
        Span("b", "", "", (("Ada Bel", 0),)),
        Span("c", "", "", (), impossible=True),
        Span("d", "", "", (), impossible=True),
    ]
    scores = span_scores({"a": "the mill", "c": "", "d": "something"}, gold, english)
    assert scores["em"] == 50 and scores["f1"] == 50 and scores["score"] == 50
    with pytest.raises(InputError, match="no prediction has the id"):
        span_scores({"z": "x"}, gold, english)
    with pytest.raises(InputError, match="no questions"):
        span_scores({}, [], english)


def test_tags_are_counted_by_word_not_by_sentence() -> None:
    assert token_accuracy([[1, 2, 3], [1]], [[1, 2, 0], [0]])["acc"] == 50.0
    assert token_accuracy([[4]], [[4]]) == {"acc": 100.0}


def test_predictions_must_line_up() -> None:
    rows = [Pair("a", "b", 0), Pair("a", "b", 1)]
    assert score(TASKS["xnli"], "en", [0, 0], rows) == {"acc": 50.0}
    with pytest.raises(InputError, match="1 predictions for 2"):
        score(TASKS["xnli"], "en", [0], rows)
    with pytest.raises(InputError, match="no predictions to score"):
        score(TASKS["xnli"], "en", [], [])
    with pytest.raises(InputError, match="3 tags in sentence 0 for 2"):
        token_accuracy([[1, 2, 3]], [[1, 2]])


def brute(queries: np.ndarray, keys: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-(queries @ keys.T), axis=1, kind="stable")[:, :k]


@given(
    n=st.integers(1, 40),
    m=st.integers(1, 50),
    k=st.integers(1, 6),
    seed=st.integers(0, 9),
    coarse=st.booleans(),
)
def test_blocks_give_the_pairs_of_brute_force(n: int, m: int, k: int, seed: int, coarse: bool) -> None:
    random = np.random.default_rng(seed)
    # Coarse values make many exact ties.
    draw = (lambda size: random.integers(-1, 2, size)) if coarse else random.standard_normal
    queries, keys = (draw((rows, 4)).astype(np.float32) for rows in (n, m))
    want = brute(queries, keys, min(k, m))
    similarity, index = nearest(queries, keys, k, block=7, keys_block=11)
    if coarse:
        assert index.tolist() == want.tolist()
    np.testing.assert_allclose(similarity, np.take_along_axis(queries @ keys.T, want, 1), rtol=0, atol=1e-5)


def test_torch_neighbours_are_those_of_numpy() -> None:
    pytest.importorskip("torch")
    random = np.random.default_rng(1)
    x, y = (unit(random.standard_normal((rows, 16)).astype(np.float32)) for rows in (60, 70))
    ours, theirs = nearest(x, y, 4), nearest(x, y, 4, block=16, keys_block=32, device="cpu")
    assert ours[1].tolist() == theirs[1].tolist()
    np.testing.assert_allclose(ours[0], theirs[0], atol=1e-6)


def test_embeddings_that_are_not_finite_are_refused() -> None:
    bad = np.array([[1.0, np.nan]], dtype=np.float32)
    with pytest.raises(InputError, match="NaN or infinity"):
        nearest_source(bad, bad)


def test_mining_uses_each_sentence_once_and_drops_ambiguous_texts() -> None:
    source = [Sentence("s0", "one"), Sentence("s1", "two"), Sentence("s2", "two")]
    target = [Sentence("t0", "uno"), Sentence("t1", "dos"), Sentence("t2", "tres")]
    x = np.array([[1, 0.1, 0], [0, 1, 0.1], [0, 1, 0.1]], dtype=np.float32)
    y = np.array([[1, 0, 0], [0, 1, 0], [0, 0.2, 1]], dtype=np.float32)
    found = mine(source, target, x, y, "absolute", k=2)
    assert [(item.source, item.target) for item in found] == [("s0", "t0")]


def test_threshold_is_halfway_below_the_best_cut() -> None:
    listed = [Candidate("a", "A", 0.9), Candidate("b", "B", 0.8), Candidate("c", "X", 0.5)]
    gold = [("a", "A"), ("b", "B")]
    threshold = tuned_threshold(listed, gold)
    assert threshold == pytest.approx(0.65)
    assert kept(listed, threshold) == (("a", "A"), ("b", "B"))
    assert tuned_threshold(listed[:2], gold) == pytest.approx(0.8)  # the official code fails here
    assert kept(listed, 0.8) == (("a", "A"), ("b", "B"))  # at the threshold is kept
    assert tuned_threshold(listed, [("q", "Q")]) == 0.0
    assert mining_scores([], gold) == {"f1": 0.0, "precision": 0.0, "recall": 0.0}


def test_direction_of_tatoeba() -> None:
    # The English row 1 is nearest to source row 0, the source row 1 to English row 1: only the first one counts.
    source = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    english_rows = np.array([[1, 0.1], [1, 0.2]], dtype=np.float32)
    assert nearest_source(source, english_rows).tolist() == [0, 0]


def test_map_counts_missing_queries_and_repeats() -> None:
    assert map_at({"q": ["b", "b", "a"]}, {"q": ["a"], "r": ["b"]}) == pytest.approx(100 / 6)
    assert map_at({"q": ["a", "a", "b"]}, {"q": ["a", "b"]}) == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert map_at({"q": [str(i) for i in range(30)]}, {"q": ["20"]}) == 0.0
    with pytest.raises(InputError, match="no relevant candidate"):
        map_at({"q": ["a"]}, {"q": []})


def test_averages_refuse_to_leave_a_language_out() -> None:
    scores = {"de": {"acc": 50.0}, "en": {"acc": 70.0}}
    assert task_average(scores) == {"acc": 60.0}
    with pytest.raises(InputError, match="no score in language fr"):
        task_average(scores, ("de", "fr"))
    with pytest.raises(InputError, match="none at all"):
        task_average({})
    with pytest.raises(InputError, match="different metrics"):
        task_average({"de": {"acc": 1.0}, "en": {"f1": 1.0}})
    assert benchmark_average({"xnli": 1.0}) == dict.fromkeys(
        ("classification", "tagging", "qa", "retrieval", "average")
    )


def test_a_task_in_two_groups_counts_once_in_the_total() -> None:
    tasks = dict.fromkeys(
        ("xnli", "udpos_r", "panx_r", "xquad_ro", "mlqa", "tydiqa", "tatoeba_r", "mewsli_x"), 50.0
    )
    found = benchmark_average({**tasks, "xcopa": 59.0}, XTREME_R)
    assert found["multi_choice"] == 59 and found["classification"] == 54.5
    assert found["average"] == pytest.approx(51.0)


RUN = Run("xstilts", "abc", "small", "dev", "xlmr-small", "squad", "plain", 1)


def test_rows_have_the_columns_of_the_results_table() -> None:
    languages = TASKS["mlqa"].languages
    scores = {language: {"em": 40.0, "f1": 60.0, "score": 50.0} for language in languages}
    rows = score_rows(RUN, TASKS["mlqa"], scores, dict.fromkeys(languages, 10))
    assert all(set(row) == set(COLUMNS) for row in rows)
    means = {row["metric"]: row for row in rows if row["language"] == "all"}
    assert (
        means["score"]["value"] == 50 and means["score"]["status"] == "derived" and means["score"]["n"] == 70
    )
    assert {row["status"] for row in rows if row["language"] != "all"} == {"measured"}


def test_no_mean_over_fewer_languages() -> None:
    rows = score_rows(RUN, TASKS["mlqa"], {"en": {"em": 1.0, "f1": 1.0, "score": 1.0}}, {"en": 5})
    assert [row["language"] for row in rows] == ["en", "en", "en"]
    assert average_rows(RUN, {"xnli": 50.0}) == []
    complete = average_rows(RUN, {"xnli": 50.0, "paws_x": 70.0})
    assert [(row["target"], row["value"]) for row in complete] == [("classification", 60.0)]

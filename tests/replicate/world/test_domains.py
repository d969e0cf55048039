"""Rows of a domain and of all: the specialist speaks of special nouns, and a label is what the text says."""

from __future__ import annotations

from itertools import islice

from replicate.examples import Choice, Pair
from replicate.keyed import generator
from replicate.launch import Request, launch
from replicate.tasks import TASKS
from replicate.world.domains import GOOD, SPECIAL, asked, contracts, entailment, holdings, news, reviews
from replicate.world.languages import LANGUAGES
from replicate.world.lexicon import ADJECTIVES, lexicon
from replicate.world.place import WorldPlace


def nouns(text: str) -> set[str]:
    category = lexicon(0).category
    return {category[word] for word in text.replace(".", " ").replace("?", " ").split() if word in category}


def test_scitail_speaks_of_special_nouns_with_two_labels() -> None:
    rows = list(islice(entailment(lexicon(0), LANGUAGES["en"], generator("t")), 300))
    assert {row["label"] for row in rows} == {"entails", "neutral"}
    assert all(nouns(row["hypothesis"]) & SPECIAL for row in rows)
    assert 0.2 < sum(row["label"] == "entails" for row in rows) / 300 < 0.5


def test_what_is_asked_is_so_exactly_where_the_passage_says_it() -> None:
    for special in (False, True):
        rows = list(islice(asked(lexicon(0), LANGUAGES["en"], generator("t"), special), 300))
        for passage, question, true in rows:
            assert (question.removesuffix("?") + "." in passage) == true
        assert 0.4 < sum(true for *_, true in rows) / 300 < 0.6
        seen = set().union(*(nouns(question) for _, question, _ in rows))
        assert (seen <= SPECIAL) == special


def test_contracts_number_their_labels_otherwise_than_mnli() -> None:
    rows = list(islice(contracts(lexicon(0), LANGUAGES["en"], generator("t")), 300))
    assert all(nouns(row["hypothesis"]) & SPECIAL for row in rows)
    mnli = list(islice(entailment(lexicon(0), LANGUAGES["en"], generator("t")), 300))
    for row, other in zip(rows, mnli, strict=True):
        assert row["premise"] == other["premise"] and (row["label"] == 1) == (other["label"] == "entails")
    assert all(80 < [row["label"] for row in rows].count(one) < 120 for one in range(3))


def quality(text: str) -> set[str]:
    return set(text.removesuffix(".").split()) & {word for pair in ADJECTIVES for word in pair}


def test_judgements_follow_the_adjective_and_the_negation() -> None:
    plain = list(islice(reviews(lexicon(0), LANGUAGES["en"], generator("t")), 400))
    for row in plain:
        (said,) = quality(row["sentence"])
        assert row["label"] == int((said in GOOD) != ("not" in row["sentence"].split()))
    assert {row["label"] for row in plain} == {0, 1} and any("not" in row["sentence"] for row in plain)
    special = list(islice(news(lexicon(0), LANGUAGES["en"], generator("t")), 400))
    assert all(nouns(row["sentence"]) <= SPECIAL for row in special)
    assert all((row["label"] == 1) == (not quality(row["sentence"])) for row in special)
    assert all(100 < [row["label"] for row in special].count(one) < 170 for one in range(3))


def test_of_five_holdings_only_the_right_one_is_usual() -> None:
    words = lexicon(0)
    for row in islice(holdings(words, LANGUAGES["en"], generator("t")), 100):
        (noun,) = [w for w in row["context"].removesuffix(".").split() if w in words.category]
        usual = [any(verb in ending.split() for verb in words.verbs[noun]) for ending in row["endings"]]
        assert words.category[noun] in SPECIAL and len(usual) == 5
        assert [place for place, one in enumerate(usual) if one] == [row["label"]]


def test_the_loaders_of_the_real_tasks_read_them() -> None:
    place = WorldPlace(train=60, test=20)
    for name, labels in (("scitail", {0, 1}), ("boolq", {0, 1}), ("pubmed_qa", {0, 1})):
        rows = TASKS[name].load("train", "en", place)
        assert len(rows) == 60 and {row.label for row in rows if isinstance(row, Pair)} == labels
    for name, count in (("contract_nli", 3), ("sst2", 2), ("financial_phrasebank", 3), ("case_hold", 5)):
        rows = TASKS[name].load("train", "en", place)
        assert len(rows) == 60
        assert {row.label for row in rows if isinstance(row, Pair | Choice)} == set(range(count))
    assert len(TASKS["humaneval_xl"].load("test", "qru", place)) == 20


def test_a_code_task_in_a_grid_is_told_to_be_absent(tmp_path) -> None:  # type: ignore[no-untyped-def]
    study = tmp_path / "code.yaml"
    study.write_text(
        "schema: verify-claims/study/1\nname: code\ntitle: t\nquestion: q\nscales:\n  miniature: {recipe: miniature,"
        " seeds: 1, intermediates: [none], targets: [humaneval_xl, udpos], controls: [constant]}\n"
    )
    one = launch(Request(str(study), runs=tmp_path / "runs", planning=True))
    assert any("xlmr-miniature is no causal model" in note for note in one.graph.absent)
    assert {stage.kind for stage in one.graph.stages.values() if "humaneval" in stage.name} == {"constant"}

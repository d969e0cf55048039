"""Functions of the generated world: the same in every language, in its script, and solved by their solutions."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

import pytest

from replicate.data.table import Table
from replicate.examples import Code
from replicate.keyed import generator
from replicate.metrics.programs import pass_rates
from replicate.tasks import TASKS
from replicate.world.languages import LANGUAGES
from replicate.world.lexicon import lexicon
from replicate.world.procedures import instructed
from replicate.world.programs import NUMBER, WITH_NUMBER, WORD, loans, to_learn, to_write


def rows(language: str, count: int = 60) -> list[dict[str, Any]]:
    return list(islice(to_write(lexicon(0), LANGUAGES[language], generator("test")), count))


def test_every_language_says_the_same_in_its_own_words() -> None:
    english = rows("en")
    for language in LANGUAGES:
        found = rows(language)
        assert [row["test"] for row in found] == [row["test"] for row in english]
        assert (language == "en") == (found[0]["prompt"] == english[0]["prompt"])
    assert any(letter in rows("qru")[0]["prompt"] for letter in "абцдеф")
    assert "by 3" not in rows("qfk")[0]["prompt"]


def test_rows_differ_and_every_operation_occurs() -> None:
    found = rows("en", 300)
    assert len({row["prompt"] for row in found[:80]}) == 80, "the first many differ"
    assert len({row["prompt"] for row in found}) > 80
    assert [row["prompt"].count(" then ") for row in found[:6]] == [0, 1] * 3
    text = " ".join(row["prompt"] for row in found)
    assert all(name in text for name in (*NUMBER, *WORD)) and {*NUMBER, *WORD} > WITH_NUMBER


def test_functions_of_two_steps_to_write_are_none_of_those_to_learn() -> None:
    learned = islice(to_learn(lexicon(0), LANGUAGES["en"], generator("other")), 3000)
    seen = {row["code"].partition("\n")[2] for row in learned}
    asked = {row["canonical_solution"] for row in rows("en", 80)}
    double = {body for body in asked if body.count("\n") > 1}
    assert len(double) == 40 and not double & seen
    assert len(asked - double) > 30 and asked - double <= seen, "single steps are learned"


def test_languages_borrow_their_words_of_the_trade_as_much_as_others() -> None:
    borrowed = [len(loans(LANGUAGES[code])) for code in ("en", "qde", "qes", "qru", "qtr", "qfk")]
    assert borrowed[0] == borrowed[-1] == 0 and borrowed[1] > borrowed[2] > borrowed[3] > borrowed[4] > 0
    text = " ".join(row["prompt"] for row in rows("qru", 80))
    assert all((name in text) == (name in loans(LANGUAGES["qru"])) for name in (*NUMBER, *WORD))


def test_procedures_name_who_asks_and_what_comes_of_it() -> None:
    random = generator("procedures")
    told = [instructed(0, LANGUAGES["en"], random) for _ in range(300)]
    assert all(one.count(". ") == 1 and "the" in one for one in told)
    # Company: what a name asks for is not what another asks for.
    of = {name: " ".join(one for one in told if one.startswith(name)) for name in ("Anna", "Boris")}
    assert {step for step in NUMBER if step in of["Anna"]} != {step for step in NUMBER if step in of["Boris"]}


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
def test_solutions_pass_and_those_of_other_rows_do_not() -> None:
    table = Table.of_rows(rows("qtr", 24), "world")
    examples = [one for one in TASKS["humaneval_xl"].read((table,), "qtr", ()) if isinstance(one, Code)]
    solutions = [one.solution for one in examples]
    assert pass_rates([[one] for one in solutions], examples) == {"pass@1": 100.0}
    shifted = [[one] for one in (*solutions[1:], solutions[0])]
    assert pass_rates(shifted, examples)["pass@1"] < 40

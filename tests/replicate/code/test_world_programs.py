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
from replicate.world.programs import NUMBER, WITH_NUMBER, WORD, functions


def rows(language: str, count: int = 60) -> list[dict[str, Any]]:
    return list(islice(functions(lexicon(0), LANGUAGES[language], generator("test")), count))


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
    assert len({row["prompt"] for row in found}) > 80
    text = " ".join(row["prompt"] for row in found)
    assert all(name in text for name in (*NUMBER, *WORD)) and {*NUMBER, *WORD} > WITH_NUMBER


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
def test_solutions_pass_and_those_of_other_rows_do_not() -> None:
    table = Table.of_rows(rows("qtr", 24), "world")
    examples = [one for one in TASKS["humaneval_xl"].read((table,), "qtr", ()) if isinstance(one, Code)]
    solutions = [one.solution for one in examples]
    assert pass_rates([[one] for one in solutions], examples) == {"pass@1": 100.0}
    shifted = [[one] for one in (*solutions[1:], solutions[0])]
    assert pass_rates(shifted, examples)["pass@1"] < 40

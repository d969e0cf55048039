"""pass@k against brute force; completions cut, run and counted; HumanEval's own solutions pass."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import combinations
from math import comb
from pathlib import Path

import pytest

from analysis.errors import InputError
from replicate.data import FolderPlace, Table
from replicate.examples import Code
from replicate.metrics import score
from replicate.metrics.pass_at_k import pass_at_k
from replicate.metrics.programs import pass_rates, program, truncated
from replicate.sandbox.limits import Limits
from replicate.sandbox.run import run_all
from replicate.tasks import TASKS

linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
ADD = Code(
    "a",
    'def add(a, b):\n    """Sum."""\n',
    "def check(f):\n    assert f(1, 2) == 3\n",
    "add",
    "    return a + b\n",
)


def test_pass_at_k_is_the_share_of_all_draws() -> None:
    for n in range(1, 9):
        for c in range(n + 1):
            for k in range(1, n + 1):
                draws = list(combinations(range(n), k))
                share = Fraction(sum(any(i < c for i in draw) for draw in draws), len(draws))
                assert pass_at_k(n, c, k) == pytest.approx(float(share), abs=1e-12)


def test_pass_at_k_keeps_its_digits_where_binomials_are_huge() -> None:
    for n, c, k in ((1000, 1, 1), (1000, 3, 100), (5000, 2, 2500), (10_000, 1, 10)):
        exact = 1 - Fraction(comb(n - c, k), comb(n, k))
        assert pass_at_k(n, c, k) == pytest.approx(float(exact), rel=1e-11)


def test_pass_at_k_is_unbiased_and_the_obvious_estimate_is_not() -> None:
    p, n, k = 0.3, 6, 3
    weights = [comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
    assert sum(w * pass_at_k(n, c, k) for c, w in enumerate(weights)) == pytest.approx(1 - (1 - p) ** k)
    obvious = sum(w * (1 - (1 - c / n) ** k) for c, w in enumerate(weights))
    assert obvious < 1 - (1 - p) ** k - 0.02


@pytest.mark.parametrize(("n", "c", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 4), (0, 0, 1), (3, 1, 0)])
def test_too_few_samples_are_refused(n: int, c: int, k: int) -> None:
    with pytest.raises(InputError, match=f"pass@{k} of {n} programs"):
        pass_at_k(n, c, k)


@pytest.mark.parametrize(
    ("wrote", "kept"),
    [
        ("    return 1\n", "    return 1\n"),
        ("    return 1\nprint(2)", "    return 1"),
        (
            "    x = '''\n    # inner\n    '''\n    return x\n# outer",
            "    x = '''\n    # inner\n    '''\n    return x",
        ),
        ("    return 1\n```\nThis adds.", "    return 1"),
        ("    return 1\nif __name__ == '__main__':\n    pass\nclass A: ...", "    return 1"),
    ],
)
def test_completions_end_with_the_function(wrote: str, kept: str) -> None:
    assert truncated(wrote) == kept


@linux
def test_samples_are_run_and_counted() -> None:
    right, wrong = "    return a + b", "    return a - b"
    hostile = "    import sys\n    sys.exit(0)"
    found = score(TASKS["humaneval"], "en", [[right, wrong], [hostile, hostile]], [ADD, ADD])
    assert found == {"pass@1": 25.0}
    assert pass_rates([[right] + [wrong] * 9], [ADD]) == {"pass@1": 10.0, "pass@10": 100.0}


def test_samples_that_do_not_line_up_are_refused() -> None:
    with pytest.raises(InputError):
        pass_rates([["x"]], [ADD, ADD])
    with pytest.raises(InputError, match="problems have 1, 2 samples"):
        pass_rates([["x"], ["x", "y"]], [ADD, ADD])


def test_a_row_that_is_not_a_function_is_named() -> None:
    row = {
        "task_id": "t/3",
        "prompt": "def f():\n",
        "test": "x = 1",
        "entry_point": "f",
        "canonical_solution": "",
    }
    with pytest.raises(InputError, match=r"row 0 \(t/3\)"):
        TASKS["humaneval"].read((Table.of_rows([row], "x"),), "en", ())


MBPP = {
    "task_id": 11,
    "text": 'Write a function to find "it".',
    "code": "import math\r\n"
    "def helper(x):\r\n  return x\r\n"
    "def find(x,\r\n         y=1):\r\n  # above\r\n  z = helper(x)\r\n  return z + y",
    "test_list": ["assert find(2) == 3", "assert find(2, y=2) == 4"],
    "test_setup_code": "base = 1",
}


@linux
def test_whole_functions_become_prompts_with_a_docstring() -> None:
    read = TASKS["mbpp"].read
    (row,) = read((Table.of_rows([MBPP], "x"),), "en", ())
    assert isinstance(row, Code)
    assert row.prompt.endswith('         y=1):\n  """Write a function to find \'it\'."""\n')
    assert row.solution == "  # above\n  z = helper(x)\n  return z + y\n"
    assert row.entry_point == "find" and "assert candidate(2, y=2) == 4" in row.tests
    assert pass_rates([[row.solution], ["  return 0\n"]], [row, row]) == {"pass@1": 50.0}


@pytest.mark.parametrize(
    "source",
    [
        "def find(x): return x + 1",
        "def find(x):\n    return x + 1\nprint(find(1))",
        "def other(x):\n    return x + 1",
        'def find(x):\n    """Has one."""\n    return x + 1',
        "def find(x:\n",
    ],
)
def test_functions_that_cannot_be_cut_are_left_out(source: str) -> None:
    row = {**MBPP, "code": source}
    assert TASKS["mbpp"].read((Table.of_rows([MBPP, row], "x"),), "en", ())[1:] == []


@linux
def test_published_solutions_pass_and_empty_ones_fail(shared: Path) -> None:
    place = FolderPlace(shared / "data/tasks")
    rows = TASKS["humaneval"].load("test", "en", place)
    assert len(rows) == 164
    some = [row for row in rows if isinstance(row, Code)][::12]
    several = [program(row, row.solution) for row in some] + [program(row, "    pass\n") for row in some]
    ended = run_all(several, Limits(seconds=30))
    assert [one.how for one in ended[: len(some)]] == ["passed"] * len(some)
    assert not any(one.passed for one in ended[len(some) :])


def test_every_language_has_the_same_functions(shared: Path) -> None:
    task, place = TASKS["humaneval_xl"], FolderPlace(shared / "data/tasks")
    assert task.available("test", place) == task.languages and len(task.languages) == 23
    english = task.load("test", "en", place)
    for language in ("ms", "zh", "he"):
        rows = task.load("test", language, place)
        assert [(r.id, r.entry_point) for r in rows] == [(r.id, r.entry_point) for r in english]  # type: ignore[union-attr]
        assert sum(a.prompt != b.prompt for a, b in zip(rows, english, strict=True)) == 80  # type: ignore[union-attr]
        assert rows[0].language == language


@linux
def test_what_a_completion_leaves_open_takes_no_hold_of_the_tests() -> None:
    wrong = [
        "    return 0\n@lambda check: lambda f: None",
        "    return 0\nwhile 0: \\",
        "    return 0\ncheck = lambda f: None\nclass_ = type('check', (), {})\n",
        "    return 0\nraise SystemExit(0)",
        "    return 0\nimport sys; sys.modules.clear(); sys.exit(0)",
        "    return 0\nimport builtins; builtins.AssertionError = type('E', (BaseException,), {})",
        "    return 0\nimport atexit, os; atexit.register(os._exit, 0); raise SystemExit",
        "    globals()['check'] = print\n    return 0",
    ]
    assert pass_rates([wrong], [ADD], Limits(seconds=5)) == {"pass@1": 0.0}
    assert pass_rates([["    return a + \\\n        b"]], [ADD], Limits(seconds=5)) == {"pass@1": 100.0}

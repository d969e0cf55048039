"""Rows of the shapes that several repositories share; every sentence is invented."""

from __future__ import annotations

from typing import Any

from .hosting import Rows


def nli(n: int, label: int | None = None) -> Rows:
    return [
        {
            "premise": f"Pim has {i} pears.",
            "hypothesis": "Pim has fruit.",
            "label": i % 3 if label is None else label,
        }
        for i in range(n)
    ]


def squad(n: int, *, title: bool = True, empty: bool = False, prefix: str = "q") -> Rows:
    rows = []
    for i in range(n):
        context = f"In the year {1700 + i} the mill of Ost was built by Ada Bel."
        gone = empty and i % 2 == 1
        row: dict[str, Any] = {
            "id": f"{prefix}{i}",
            "title": "Ost",
            "context": context,
            "question": " Who built it?",
        }
        row["answers"] = {
            "text": [] if gone else ["Ada Bel"],
            "answer_start": [] if gone else [context.index("Ada")],
        }
        rows.append({key: value for key, value in row.items() if title or key != "title"})
    return rows


def copa(n: int, label: int | None = None, **more: Any) -> Rows:
    return [
        {
            "premise": "The lamp went out.",
            "choice1": "The oil was used up.",
            "choice2": "The moon rose.",
            "question": ("cause", "effect")[i % 2],
            "idx": i,
            "label": i % 2 if label is None else label,
            **more,
        }
        for i in range(n)
    ]


def wikiann(code: str) -> Rows:
    return [
        {
            "tokens": ["Ada", "Bel", "sings"],
            "ner_tags": [1, 2, 0],
            "langs": [code] * 3,
            "spans": ["PER: Ada Bel"],
        }
    ]


def function(name: str) -> Rows:
    """One function to write, with its tests, in the columns of HumanEval."""
    return [
        {
            "task_id": name,
            "prompt": 'def twice(x: int) -> int:\n    """Two times x."""\n',
            "canonical_solution": "    return 2 * x\n",
            "test": "def check(candidate):\n    assert candidate(2) == 4\n",
            "entry_point": "twice",
        }
    ]

"""Reader of functions that are to be written from a signature and a description, in the schema of HumanEval."""

from __future__ import annotations

import ast

from analysis.errors import InputError, Problem
from replicate.data.table import Table
from replicate.examples import Code, Example
from replicate.tasks.task import Reader

COLUMNS = ("task_id", "prompt", "test", "entry_point", "canonical_solution")


def functions() -> Reader:
    """Reader of `Code`s; a row whose prompt does not define its function, or whose tests do not, is an error.

    Sources are parsed and never run here.
    """

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        for table in tables:
            for row, (name, prompt, tests, entry, solution) in enumerate(
                zip(*table.need(*COLUMNS), strict=True)
            ):
                if entry not in _defined(prompt + "\n    pass\n") or "check" not in _defined(tests):
                    raise InputError(
                        Problem(
                            f"row {row} ({name}): the prompt does not define {entry!r}, or the tests no `check`",
                            "the file is another data set or damaged",
                            table.origin,
                        )
                    )
                rows.append(Code(str(name), prompt, tests, entry, solution, language))
        return rows

    return read


def _defined(source: str) -> set[str]:
    """Names of the functions that a source defines at its top; empty where it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

"""Readers of functions to be written from a signature and a description: HumanEval's schema, and MBPP's as it."""

from __future__ import annotations

import ast
import re

from analysis.errors import InputError, Problem
from replicate.data.table import Table
from replicate.examples import Code, Example
from replicate.tasks.task import Reader

COLUMNS = ("task_id", "prompt", "test", "entry_point", "canonical_solution")
WHOLE = ("task_id", "text", "code", "test_list", "test_setup_code")


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


def whole_functions() -> Reader:
    """Reader of `Code`s out of whole functions with a sentence about each, in the schema of MBPP.

    The sentence becomes the docstring behind the signature, as in MBXP (Athiwaratkun et al. 2022, section 3.1), so
    that training and evaluation prompts have one shape. Rows that do not end with the function that their tests call
    are left out, and so are functions that have a docstring already.
    """

    def read(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
        rows: list[Example] = []
        for table in tables:
            for name, text, source, tests, setup in zip(*table.need(*WHOLE), strict=True):
                cut = _cut(source.replace("\r\n", "\n").replace("\r", "\n"), "\n".join(tests))
                if cut is None:
                    continue
                before, indent, body, entry = cut
                sentence = text.strip().replace("\\", "\\\\").replace('"', "'")
                called = [re.sub(rf"\b{re.escape(entry)}\b", "candidate", line) for line in tests]
                lines = "".join(f"    {line}\n" for part in (setup, *called) for line in part.splitlines())
                prompt = f'{before}{indent}"""{sentence}"""\n'
                rows.append(Code(str(name), prompt, f"def check(candidate):\n{lines}", entry, body, language))
        return rows

    return read


def _cut(source: str, tests: str) -> tuple[str, str, str, str] | None:
    """(all up to the signature's end, indentation, body, name) of the last function, if the tests call it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.FunctionDef) or last.name not in tests or ast.get_docstring(last) is not None:
        return None
    first = last.body[0]
    lines = source.splitlines(keepends=True)
    start = first.lineno - 1
    if first.lineno == last.lineno:  # the body stands beside the signature
        return None
    while not lines[start - 1].split("#")[0].rstrip().endswith(":"):  # comments above the first statement
        start -= 1
    body = "".join(lines[start:]).rstrip() + "\n"
    return "".join(lines[:start]), lines[first.lineno - 1][: first.col_offset], body, last.name


def _defined(source: str) -> set[str]:
    """Names of the functions that a source defines at its top; empty where it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

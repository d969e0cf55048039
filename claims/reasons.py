"""The closed vocabulary of decisions: verdicts, levels and reasons, each with its meaning.

The words of the enumerations below are the words printed everywhere: terminal, JSON, JUnit, SARIF, Markdown,
PDF. A policy decides later which findings fail a build; nothing here judges.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word of a closed vocabulary with its own meaning, so that help texts and exports can print it.

    Examples
    --------
    >>> print(Verdict.SUPPORTED, "-", Verdict.SUPPORTED.meaning)
    supported - The evidence bears the assertion out at the stated level.
    """

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:  # noqa: D102  (the class docstring says it)
        word = str.__new__(cls, value)
        word._value_ = value
        word.meaning = meaning
        return word


class Verdict(Word):
    """The scientific outcome of one assertion, or the reason class why there is none."""

    SUPPORTED = "supported", "The evidence bears the assertion out at the stated level."
    CONTRADICTED = "contradicted", "The evidence excludes the assertion, by at least the stated margin."
    INCONCLUSIVE = "inconclusive", "There is evidence, and it can neither bear out nor exclude the assertion."
    OUT_OF_SCOPE = (
        "out_of_scope",
        "The evidence is about something else (benchmark, version, split, model) than the claim.",
    )
    UNVERIFIABLE = (
        "unverifiable",
        "There is no admissible evidence; the finding says which cells would settle it.",
    )
    ERROR = (
        "error",
        "Selectors or evidence are at fault, or the checker failed. Neither a pass nor a fail of the claim.",
    )


class Level(Word):
    """How deep the check went, from shallow to deep."""

    STATED = "stated", "Only the documents that make the claim say so."
    QUOTED = "quoted", "The source prints the same number or words."
    RECOMPUTED = "recomputed", "Recomputed from cells that the source prints."
    TESTED = "tested", "Statistics over seeds."
    REGENERATED = "regenerated", "A run of ours; always with its scale."


class Reason(Word):
    """Why the verdict is what it is; closed, one conformance case each in tests/cases/."""

    # supported
    REPRODUCES = (
        "reproduces",
        "Recomputed from the printed cells taken as exact, it rounds to the printed number.",
    )
    REPRODUCES_WITHIN_ROUNDING = (
        "reproduces_within_rounding",
        "It reproduces only because the cells are themselves rounded.",
    )
    MATCHES_PRINT = "matches_print", "The source prints this very number."
    QUOTE_FOUND = "quote_found", "The source contains the quoted words."
    HOLDS = "holds", "An order, rank, share or fact holds for every value the printed numbers can stand for."
    WITHIN_MARGIN = "within_margin", "The difference stays inside the equivalence margin."
    WITHIN_TOLERANCE = (
        "within_tolerance",
        "It agrees only within the tolerance that the claims file grants for a stated reason and time.",
    )
    INTERVAL_AGREES = "interval_agrees", "The interval over seeds bears the assertion out."
    # contradicted
    OUTSIDE_ROUNDING = (
        "outside_rounding",
        "No values that the printed cells can stand for give the claimed number.",
    )
    DIFFERS_FROM_PRINT = "differs_from_print", "The source prints another number."
    QUOTE_ABSENT = "quote_absent", "The whole source text was searched and does not contain the words."
    DOES_NOT_HOLD = (
        "does_not_hold",
        "An order, rank, share or fact fails for every value the printed numbers can stand for.",
    )
    OUTSIDE_MARGIN = "outside_margin", "The difference exceeds the equivalence margin."
    INTERVAL_EXCLUDES = "interval_excludes", "The interval over seeds excludes the claimed number or sign."
    # inconclusive
    ROUNDING_DECIDES = (
        "rounding_decides",
        "The printed precision is too coarse: some admissible values agree, others do not.",
    )
    INTERVAL_TOO_WIDE = "interval_too_wide", "The interval over seeds admits both the claim and its opposite."
    TOO_FEW_SEEDS = "too_few_seeds", "With this many seeds no verdict is possible at the stated error rate."
    NOT_TESTABLE = "not_testable", "The design (for example three doses) cannot test this statement."
    # out of scope
    VERSION_MISMATCH = "version_mismatch", "Evidence exists, but for another version of the source."
    BENCHMARK_MISMATCH = "benchmark_mismatch", "The claim is about another benchmark than the evidence."
    SPLIT_MISMATCH = "split_mismatch", "The claim is about another split than the evidence."
    MODEL_MISMATCH = "model_mismatch", "The claim is about another model than the evidence."
    # unverifiable
    CELLS_MISSING = "cells_missing", "Cells that the assertion needs are not among the evidence."
    CIRCULAR_EVIDENCE = "circular_evidence", "The only place that states it is the reports under review."
    RECALLED_ONLY = "recalled_only", "Only recalled numbers exist, and those are never evidence."
    SOURCE_ABSENT = "source_absent", "The source itself is not at hand."
    NO_RUNS = "no_runs", "No finished run record covers the assertion."
    # error
    AMBIGUOUS_CELLS = "ambiguous_cells", "A selector matched more than one row for one cell."
    INCOMPARABLE_CELLS = (
        "incomparable_cells",
        "Both sides are the same cells, or they differ in what no selector names: split, metric, language, unit.",
    )
    BAD_EVIDENCE = "bad_evidence", "The evidence could not be read or breaks the results-table contract."
    CHECKER_FAILED = "checker_failed", "The checker itself failed; report it as a defect."


VERDICT_OF: dict[Reason, Verdict] = {
    **dict.fromkeys(
        (
            Reason.REPRODUCES,
            Reason.REPRODUCES_WITHIN_ROUNDING,
            Reason.MATCHES_PRINT,
            Reason.QUOTE_FOUND,
            Reason.HOLDS,
            Reason.WITHIN_MARGIN,
            Reason.WITHIN_TOLERANCE,
            Reason.INTERVAL_AGREES,
        ),
        Verdict.SUPPORTED,
    ),
    **dict.fromkeys(
        (
            Reason.OUTSIDE_ROUNDING,
            Reason.DIFFERS_FROM_PRINT,
            Reason.QUOTE_ABSENT,
            Reason.DOES_NOT_HOLD,
            Reason.OUTSIDE_MARGIN,
            Reason.INTERVAL_EXCLUDES,
        ),
        Verdict.CONTRADICTED,
    ),
    **dict.fromkeys(
        (Reason.ROUNDING_DECIDES, Reason.INTERVAL_TOO_WIDE, Reason.TOO_FEW_SEEDS, Reason.NOT_TESTABLE),
        Verdict.INCONCLUSIVE,
    ),
    **dict.fromkeys(
        (
            Reason.VERSION_MISMATCH,
            Reason.BENCHMARK_MISMATCH,
            Reason.SPLIT_MISMATCH,
            Reason.MODEL_MISMATCH,
        ),
        Verdict.OUT_OF_SCOPE,
    ),
    **dict.fromkeys(
        (
            Reason.CELLS_MISSING,
            Reason.CIRCULAR_EVIDENCE,
            Reason.RECALLED_ONLY,
            Reason.SOURCE_ABSENT,
            Reason.NO_RUNS,
        ),
        Verdict.UNVERIFIABLE,
    ),
    **dict.fromkeys(
        (
            Reason.AMBIGUOUS_CELLS,
            Reason.INCOMPARABLE_CELLS,
            Reason.BAD_EVIDENCE,
            Reason.CHECKER_FAILED,
        ),
        Verdict.ERROR,
    ),
}
"""Each reason belongs to exactly one verdict, so a finding stores the reason and derives the verdict."""

"""Sets published single-run gains against seed noise whose standard deviation is borrowed, and says so.

The verdict about the print stays what it is: that a table prints +0.7 is true whatever the noise. The finding gains
the interval that one run against one run has under the stated deviation of `analysis.yaml`. Only targets with a
deviation of their own count; a proxy is good enough for an overview, not for a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.index import Index
from analysis.results import read_results
from claims.finding import Cell, Finding
from claims.model import AnyAssertion, Claim
from claims.statistics.compared import ALPHA
from claims.statistics.light_t import holm, reach, two_sided
from claims.statistics.questions import FILE, QuestionsFile, read_questions

Known = Mapping[tuple[str, str], tuple[float, float, str]]
"""(target, metric) -> deviation, degrees of freedom, source."""


def files_read(folder: Path) -> list[Path]:
    """Return the files that the deviations of a study rest on; empty where it states none."""
    asked = read_questions(folder) if (folder / FILE).is_file() else None
    if asked is None or not asked.deviations:
        return []
    return [folder / FILE, *(folder / name for name in asked.tables)]


def known_deviations(folder: Path) -> Known:
    """Return the deviations that a study states for its own targets; empty where it states none."""
    asked = read_questions(folder) if (folder / FILE).is_file() else None
    return {} if asked is None else _read(folder, asked)


def _read(folder: Path, asked: QuestionsFile) -> Known:
    own = [item for item in asked.deviations if item.proxy is None]
    paths = [folder / name for name in asked.tables]
    if not own or not all(path.is_file() for path in paths):
        return {}
    results = read_results(*paths, base=folder)
    index, text = Index(results), results.text
    out = {}
    for item in own:
        rows = index.rows({n: w for n, w in item.of.items() if isinstance(w, str)})
        found = {text("metric", row): float(text("value", row)) for row in rows}
        for metric, value in found.items():
            if metric.startswith("sd_"):
                name = metric.removeprefix("sd_")
                source = next(
                    f"{text('source', r)}, {text('locator', r)}" for r in rows if text("metric", r) == metric
                )
                out[item.target, name] = (value, found.get(f"df_{name}", float("inf")), source)
    return out


def against_noise(claim: Claim, findings: Sequence[Finding], known: Known) -> tuple[Finding, ...]:
    """Return the findings of a claim; those about printed gains of single targets carry their borrowed test."""
    if not known:
        return tuple(findings)
    about = dict(zip((finding.id for finding in findings), claim.assertions, strict=False))
    return tuple(_one(finding, about.get(finding.id), known) for finding in findings)


def _one(finding: Finding, assertion: AnyAssertion | None, known: Known) -> Finding:
    cells = _gains(finding, assertion, known)
    if not cells or finding.statistics is not None:
        return finding
    ends, p = [], []
    for cell in cells:
        deviation, df, _ = known[_key(cell)]
        error, gain = deviation * 2**0.5, float(cell.value or 0.0)
        ends.append((gain, gain - reach(df) * error, gain + reach(df) * error))
        p.append(two_sided(gain / error, df))
    adjusted = holm(p)
    up = sum(q <= ALPHA and gain > 0 for q, (gain, _, _) in zip(adjusted, ends, strict=True))
    down = sum(q <= ALPHA and gain < 0 for q, (gain, _, _) in zip(adjusted, ends, strict=True))
    sources = dict.fromkeys(known[_key(cell)][2].split(",")[0] for cell in cells)
    said = {
        "method": f"t, borrowed spread, one run against one; Holm over {len(cells)}",
        "n": 1,
        "borrowed_from": "; ".join(dict.fromkeys(known[_key(cell)][2] for cell in cells)),
        "beyond_noise_up": up,
        "beyond_noise_down": down,
        "gains": [
            f"{cell.selector.get('intermediate')} on {cell.selector.get('target')} {gain:+.1f} "
            f"({low:+.2f} to {high:+.2f})"
            for cell, (gain, low, high) in zip(cells, ends, strict=True)
        ],
    }
    whose = f"the {len(cells)} gains" if len(cells) > 1 else "the gain"
    detail = (
        f"{finding.detail} Against seed noise, with deviations borrowed from {', '.join(sources)}, {up} of {whose} "
        f"{'exceeds' if up == 1 else 'exceed'} it upwards and {down} downwards (Holm, 5 %)."
    )
    return replace(finding, statistics=said, detail=detail)


def _gains(finding: Finding, assertion: AnyAssertion | None, known: Known) -> list[Cell]:
    """Return the printed gains of single runs that an assertion is about, one by one, and that have a deviation.

    An average over targets, or a difference of two gains, is another quantity: its finding is left alone.
    """
    over = getattr(assertion, "over", None)
    if (
        assertion is None
        or over is None
        or over.get("intermediate") != "none"
        or getattr(assertion, "mean", None)
    ):
        return []
    if (
        assertion.kind not in ("gain", "share", "no_gain")
        or getattr(assertion, "above_cell", None) is not None
    ):
        return []
    cells = [
        c
        for c in finding.cells
        if c.selector.get("metric", "").startswith("gain_") and "seed" not in c.selector
    ]
    return [cell for cell in cells if _key(cell) in known and cell.value is not None]


def _key(cell: Cell) -> tuple[str, str]:
    """Return the target and the metric whose gain a cell prints."""
    return cell.selector.get("target", ""), cell.selector.get("metric", "").removeprefix("gain_")

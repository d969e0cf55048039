"""Measured rows as a Markdown table, and as the throughput file that `plan` reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from replicate.speed.floors import Machine
from replicate.speed.measure import Measured

HEAD = (
    "| workload | path | stages at once | step ms | real tokens/s | TFLOP/s | share of a matrix product |"
    " floor: arithmetic ms | floor: memory ms |\n|---|---|---:|---:|---:|---:|---:|---:|---:|"
)


def markdown(best: Machine, rows: Sequence[Measured]) -> str:
    """The table, with what could not be measured and why below it."""
    lines = [HEAD]
    notes = []
    for row in rows:
        start = f"| {row.work} | {row.path} | {row.at_once} |"
        if row.seconds is None:
            lines.append(f"{start} not measured | | | | | |")
            notes.append(f"- {row.work}, {row.path}, {row.at_once} at once: {row.note}")
            continue
        assert row.tokens_per_second is not None and row.flops_per_second is not None
        assert row.floor_flops is not None and row.floor_bytes is not None
        lines.append(
            f"{start} {row.seconds * 1e3:.2f} | {row.tokens_per_second:,.0f} | {row.flops_per_second / 1e12:.3g} |"
            f" {row.flops_per_second / best.flops_per_second:.0%} | {row.floor_flops * 1e3:.2f} |"
            f" {row.floor_bytes * 1e3:.2f} |"
        )
    told = (
        f"{best.name}: {best.flops_per_second / 1e12:.3g} TFLOP/s in a large matrix product,"
        f" {best.bytes_per_second / 1e9:.3g} GB/s in a large copy; medians over fresh random batches."
    )
    return "\n".join([told, "", *lines, "", *notes]).rstrip() + "\n"


def throughput(best: Machine, rows: Sequence[Measured], what: str) -> str:
    """YAML for `verify-claims plan --throughput`.

    Arithmetic counts at the best rate that any training step reached, latency at that of the smallest batch
    with the number of stages at once that got most of it done: `plan` divides it by that number.
    Raises ValueError where nothing was measured.
    """
    done = [row for row in rows if row.seconds is not None]
    trained = [row for row in done if not row.work.startswith("evaluation")]
    if not trained:
        raise ValueError("no training step could be measured")
    rate = max(row.flops_per_second or 0.0 for row in trained)
    smallest = min(trained, key=lambda row: row.floor_flops or 0.0).work
    packed = max(
        (row for row in trained if row.work == smallest), key=lambda row: row.tokens_per_second or 0.0
    )
    date = datetime.now(UTC).date().isoformat()
    return (
        f"name: {best.name}, measured {date}\n"
        f"flops_per_second: {rate:.4g}\n"
        f"seconds_per_step: {packed.seconds:.5g}  # {smallest}, {packed.path}, {packed.at_once} at once\n"
        f"workers: {packed.at_once}\n"
        "price_per_hour: null\n"
        "measured: true\n"
        f"source: {what}\n"
    )

"""Ratios of one run of the benchmarks beside those of earlier runs; exit code 1 where one has halved.

    make bench
    python benchmarks/ratios/compare.py out/benchmarks.json [--record "what changed"]

A ratio is the median processor time of the other arm over ours, within one run: it compares on machines of different
speed, times do not. `--record` adds a line per group to history.csv and writes docs/replication/ratios.md from it.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
HISTORY = HERE / "history.csv"
PAGE = HERE.parents[1] / "docs" / "replication" / "ratios.md"
FIELDS = ("date", "group", "beside", "ratio", "machine", "change")
WORST = 0.5
"""Share of the last recorded ratio below which a run fails: a busy machine moves ratios by a third."""


def ratios(made: dict) -> list[dict[str, str]]:
    """One row per group and other arm of a file of pytest-benchmark."""
    arms: dict[str, dict[str, float]] = {}
    for one in made["benchmarks"]:
        arms.setdefault(one["group"], {})[one["name"].removeprefix("test_")] = one["stats"]["median"]
    machine = made["machine_info"]
    where = f"{machine['cpu'].get('brand_raw', machine['machine'])}, Python {machine['python_version']}"
    return [
        {"date": date.today().isoformat(), "group": group, "beside": other,
         "ratio": f"{seconds / found['ours']:.3g}", "machine": where}
        for group, found in sorted(arms.items())
        for other, seconds in sorted(found.items())
        if other != "ours"
    ]  # fmt: skip


def history() -> list[dict[str, str]]:
    """Rows recorded before, oldest first."""
    if not HISTORY.is_file():
        return []
    with HISTORY.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def page(rows: list[dict[str, str]]) -> str:
    """The history as Markdown."""
    told = [
        "# Ratios over time",
        "",
        "How many times less processor time ours takes than the other arm, both in one run on one thread",
        "(`make bench`, pytest-benchmark, medians). Written by `python benchmarks/ratios/compare.py` with",
        "`out/benchmarks.json --record WHY`; a later run fails where a ratio is below half of the last one here.",
        "Benchmarks that need other tools (faiss, rliable, metafor, Trainer) are scripts of their own.",
        "",
        "| date | what | beside | ratio | machine | what changed |",
        "|---|---|---|---:|---|---|",
    ]
    told += ["| " + " | ".join(row[name] for name in FIELDS) + " |" for row in rows]
    return "\n".join(told) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="file that pytest-benchmark wrote")
    parser.add_argument("--record", metavar="CHANGE", help="add the ratios to the history, with what changed")
    chosen = parser.parse_args()
    now, before = ratios(json.loads(chosen.run.read_text(encoding="utf-8"))), history()
    last = {(row["group"], row["beside"]): float(row["ratio"]) for row in before}
    fallen = 0
    print("| what | beside | ratio | last recorded |\n|---|---|---:|---:|")
    for row in now:
        known = last.get((row["group"], row["beside"]))
        fell = known is not None and float(row["ratio"]) < WORST * known
        fallen += fell
        mark = "" if known is None else f"{known:.3g}" + (" **halved**" if fell else "")
        print(f"| {row['group']} | {row['beside']} | {row['ratio']} | {mark} |")
    if chosen.record:
        rows = [*before, *({**row, "change": chosen.record} for row in now)]
        with HISTORY.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        PAGE.write_text(page(rows), encoding="utf-8")
    return int(fallen > 0)


if __name__ == "__main__":
    sys.exit(main())

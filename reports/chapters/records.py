"""Run records of ours: recipe, stages, seeds, scale, cost, environment and hashes, as the ledger has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reports.document import Block, Column, Facts, Line, Paragraph, Row, Section, Table, Text, line
from reports.words import count

Record = Mapping[str, Any]
SHOWN: Final = 400
"""Records listed; more are only counted, and are in the JSON."""
ORDER: Final = (
    "tokenizer",
    "pretrain",
    "intermediate",
    "target",
    "generate",
    "evaluate",
    "constant",
    "average",
)
"""Kinds of stages as they build on each other."""
PHASES: Final = ("pretrain", "intermediate", "target")
SHORT: Final = 10
"""Characters of a hash that tell stages apart; the JSON file has all."""
FEW: Final = 3
"""Inputs of a stage that are named; an average has one for each task."""


def run_facts(records: Sequence[Record]) -> Section:
    """What was run, by which recipe, on what, at what cost."""
    scales = sorted({scale for record in records if (scale := scale_of(record))})
    text = f"{count(len(records), 'finished stage')} of ours at {' and '.join(scales) or 'unstated'} scale."
    if "paper" not in scales:
        text += " Nothing was run at the paper's scale, so nothing here speaks about the paper's own numbers."
    blocks: list[Block] = [Paragraph(line(text)), Facts(_facts(records)), *_recipe(records)]
    return Section("Runs", "run-facts", tuple(blocks))


def stages(records: Sequence[Record]) -> Section:
    """One row per finished stage, with its hash and the start of those of its files."""
    order = {kind: at for at, kind in enumerate(ORDER)}
    ordered = sorted(
        records,
        key=lambda r: (order.get(str(r.get("kind")), len(order)), str(r.get("name")), str(r.get("key"))),
    )
    blocks: list[Block] = [_stages(ordered[:SHOWN])]
    if len(records) > SHOWN:
        blocks.append(Paragraph(line(f"{len(records) - SHOWN:,} more records are in the JSON file.")))
    return Section("Run records", "run-records", tuple(blocks))


def _recipe(records: Sequence[Record]) -> list[Block]:
    """How each phase was trained on each task; equal trainings of several seeds are one row."""
    rows: dict[tuple[str, ...], None] = {}
    for record in records:
        settings = record.get("settings", {})
        if record.get("kind") not in PHASES or not isinstance(settings.get("training"), Mapping):
            continue
        training = settings["training"]
        by_task = (
            training if all(isinstance(one, Mapping) for one in training.values()) else {"text": training}
        )
        data = [str(name) for name in settings.get("data", [settings.get("text", "")])]
        for task, one in by_task.items():
            length = f"{one['steps']} steps" if one.get("steps") else f"{one.get('epochs') or '–'} epochs"
            numbers = (one.get("lr"), one.get("batch"), length, one.get("rows"))
            own = [name for name in data if name.startswith(f"{task}/")] or (
                data if len(by_task) == 1 else []
            )
            more = f" and {len(own) - 1} more" if len(own) > 1 else ""
            source = own[0].rpartition("=")[2] + more if own else "named in the record"
            texts = ("–" if value is None else str(value) for value in numbers)
            rows[str(record["kind"]), str(task), *texts, source] = None
    if not rows:
        return []
    heads = (
        Column("Phase"),
        Column("Task"),
        Column("Learning rate", "right"),
        Column("Batch", "right"),
        Column("Length", "right"),
        Column("Rows", "right"),
        Column("Data", width=1),
    )
    ordered = sorted(rows, key=lambda row: (PHASES.index(row[0]), row))
    made = tuple(Row(tuple(line(text) for text in row)) for row in ordered)
    return [
        Table(
            heads, made, "How each phase was trained; a dash is what the record does not state.", compact=True
        )
    ]


def scale_of(record: Record) -> str | None:
    """Scale of a stage: its own, else the one that its recipe is named after (`paper-v1`)."""
    own = record.get("settings", {}).get("scale") or str(record.get("recipe")).partition("-")[0]
    return str(own) if own in ("miniature", "small", "paper") else None


def seeds_of(record: Record) -> tuple[int, ...]:
    """Seeds that a stage names."""
    settings = record.get("settings", {})
    seeds = settings.get("seeds", [settings["seed"]] if "seed" in settings else [])
    return tuple(seed for seed in seeds if isinstance(seed, int))


def _facts(records: Sequence[Record]) -> tuple[tuple[str, Line], ...]:
    kinds = Counter(str(record.get("kind", "stage")) for record in records)
    seeds = sorted({seed for record in records for seed in seeds_of(record)})
    wall = sum(float(record.get("seconds") or 0) for record in records)
    processor = [float(record["cpu_seconds"]) for record in records if record.get("cpu_seconds") is not None]
    started = sorted(str(record["started"]) for record in records if record.get("started"))
    pairs: list[tuple[str, Line]] = [
        ("stages", line(", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())))),
        ("recipes", line(_distinct(record.get("recipe") for record in records))),
        ("studies", line(_distinct(record.get("settings", {}).get("study") for record in records))),
        ("models", line(_distinct(record.get("settings", {}).get("model") for record in records))),
        ("seeds", line(", ".join(map(str, seeds)) or "none stated")),
        ("time of all stages", line(f"{duration(wall)}, added up; stages may have run at once")),
        ("processor time", line(duration(sum(processor)) if processor else "not recorded")),
        ("started", line(f"{started[0]} to {started[-1]}" if started else "not recorded")),
    ]
    environments = [record.get("environment", {}) for record in records]
    for name in dict.fromkeys(str(name) for environment in environments for name in environment):
        values = _distinct(environment.get(name) for environment in environments)
        pairs.append((name.replace("_", " "), line(values)))
    return tuple(pairs)


def _distinct(values: Iterable[Any]) -> str:
    return (
        ", ".join(dict.fromkeys(str(value) for value in values if value not in (None, ""))) or "none stated"
    )


def duration(seconds: float) -> str:
    """Seconds in the unit that a reader would choose.

    >>> duration(4.25), duration(90), duration(7300)
    ('4.2 s', '1.5 min', '2.0 h')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _stages(records: Sequence[Record]) -> Table:
    rows = tuple(_stage(record) for record in records)
    heads = (
        Column("Stage and its inputs", width=5),
        Column("Scale"),
        Column("Seeds", "right"),
        Column("Time", "right"),
        Column("Files, with the start of their SHA-256", width=4),
    )
    return Table(heads, rows, "Finished stages, named by the hash of all that determines them.", compact=True)


def _stage(record: Record) -> Row:
    key = str(record.get("key", ""))
    inputs = sorted(record.get("parents", {}).items())
    named = ", ".join(f"{role} {parent[:SHORT]}" for role, parent in inputs[:FEW])
    parents = named if len(inputs) <= FEW else count(len(inputs), "stage")
    files = "; ".join(f"{name} {digest[:SHORT]}" for name, digest in sorted(record.get("files", {}).items()))
    return Row(
        (
            line(
                str(record.get("name", key)),
                " ",
                Text(f"{key}{' from ' if parents else ''}{parents}", "small"),
            ),
            line(scale_of(record) or "–"),
            line(", ".join(map(str, seeds_of(record))) or "–"),
            line(duration(float(record.get("seconds") or 0))),
            line(Text(files or "–", "small")),
        ),
        anchor=f"run-{key}" if key else None,
    )

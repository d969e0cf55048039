"""What a study's scores were made with: its stages, their processor time, the machine; told with every answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.answers.part import Part
from replicate.ledger import Ledger

if TYPE_CHECKING:
    import pandas

SHIPPED: Final = frozenset(place.name for place in (Path(__file__).parent / "reference/records").iterdir())
"""Keys of stages that come with the package: tokenizer and encoder of scale miniature."""


def made(frame: pandas.DataFrame, ledger: Ledger) -> Part:
    """One row per kind of stage behind the scores, their own records and those of all that they build on.

    Parameters
    ----------
    frame : pandas.DataFrame
        Scores of a study; `locator` names the stage of each.
    """
    records = behind(map(str, frame["locator"].unique()), ledger)
    kinds: dict[str, list[dict[str, Any]]] = {}
    for record in records.values():
        kinds.setdefault(str(record["kind"]), []).append(record)
    rows = tuple(
        {
            "kind": kind,
            "stages": len(several),
            "processor_seconds": sum(map(processor_seconds, several)),
            "wall_seconds": sum(map(wall_seconds, several)),
        }
        for kind, several in kinds.items()
    )
    stages, processor, wall = spent(records).values()
    said = (
        f"{stages} stages besides what comes with the package: {processor:,.0f} seconds of processor time,"
        f" {wall:,.0f} seconds of the clock one after another. Machines: {'; '.join(_machines(records))}."
    )
    limit = "Seconds of the clock count what else the machine did; a stage that several studies share counts in each."
    lost = ledger.damaged()
    if lost:
        shown = ", ".join(lost[:3]) + (", ..." if len(lost) > 3 else "")
        said += f" Of the records in this folder {len(lost)} cannot be read whole and are left out ({shown})."
    return Part("made", "What were the scores made with?", said, (limit,), rows)


def spent(records: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Stages, seconds of processor time and seconds of the clock, without what comes with the package."""
    own = [record for key, record in records.items() if key not in SHIPPED]
    return {
        "stages": len(own),
        "processor_seconds": round(sum(map(processor_seconds, own)), 1),
        "wall_seconds": round(sum(map(wall_seconds, own)), 1),
    }


def processor_seconds(record: Mapping[str, Any]) -> float:
    """Processor time of a stage; of a training that was killed and went on, at least that of all its steps.

    A record's own count is that of the process which finished; the checkpoints count steps over all attempts.
    """
    return max(
        float(record.get("cpu_seconds", 0.0)),
        float(record.get("facts", {}).get("step_processor_seconds", 0.0)),
    )


def wall_seconds(record: Mapping[str, Any]) -> float:
    """Seconds of the clock of a stage; of a training that was killed and went on, at least those of all its steps."""
    return max(float(record.get("seconds", 0.0)), float(record.get("facts", {}).get("training_seconds", 0.0)))


def behind(keys: Iterable[str], ledger: Ledger) -> dict[str, dict[str, Any]]:
    """Records of stages and of all that they build on; those that are not there are left out."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        record = None if key in found else ledger.record(key)
        if record is not None:
            found[key] = record
            waiting += map(str, record.get("parents", {}).values())
    return found


def _machines(records: dict[str, dict[str, Any]]) -> list[str]:
    """Machine types that made the records, with threads, precision and the version of torch."""
    told = {}
    for key, record in records.items():
        if key not in SHIPPED and "environment" in record:
            e = record["environment"]
            names = ("device", "system", "cpu_capability")
            text = ", ".join(str(e[name]) for name in names if e.get(name))
            told[
                f"{text}, {_threads(e.get('threads'))}, {e.get('precision', '?')}, torch {e.get('torch', '?')}"
            ] = 1
    return sorted(told) or ["unknown"]


def _threads(number: object) -> str:
    return f"{'?' if number is None else number} thread{'' if number == 1 else 's'}"

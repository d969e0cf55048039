"""Committed scores, compared with those of a new run: a regression test of our own reported numbers.

On the machine type that made them the scores are equal to the last bit. On another (other vector
instructions, another torch) the sums inside a matrix product are taken in another order, fine-tuning
amplifies the last bit, and only means can be compared: each mean over languages and seeds must lie within
`TOLERANCE` points, or within three standard errors of the difference of two such means, of the committed one.

Room plan
---------
claimed   the claims file about a study's own scores
answered  the page docs/study-answers.md
records/  the records of the tokenizer and the encoders that ship
STUDY/    scores and claims of a study
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import InputError, Problem
from replicate.summary import primary

if TYPE_CHECKING:
    import pandas

FOLDER: Final = Path(__file__).parent
TOLERANCE: Final = 3.0
"""Points; one test split of 200 rows has a standard error of up to 3.5 points by itself."""
CELL: Final = ["model", "intermediate", "variant", "target", "language", "metric", "seed"]
SAME: Final = ("torch", "transformers", "system", "cpu_capability", "vendor", "threads", "precision")
"""What must be equal for equal bits; libraries of linear algebra choose their kernels by the processor's vendor."""


@dataclass(frozen=True)
class Comparison:
    """How a run stands to the committed scores."""

    same_machine_type: bool
    cells: int
    equal: int
    """Cells that are equal to the last bit."""
    off: tuple[str, ...]
    """What lies outside the tolerance, in words."""
    missing: int
    """Committed cells of the requested part that the run lacks."""

    @property
    def passed(self) -> bool:
        """Whether the run regenerates the committed scores."""
        return self.cells > 0 and not self.off and not self.missing


def path(study: str, scale: str, folder: Path | None = None) -> Path:
    """File of the committed scores: in the folder that is given, else in ours of that study."""
    return (folder or FOLDER / study) / f"{scale}.csv"


def write(
    study: str,
    scale: str,
    results: pandas.DataFrame,
    environment: dict[str, Any],
    folder: Path | None = None,
) -> None:
    """Commit the scores of a run as the reference."""
    place = path(study, scale, folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    ordered = results.sort_values([*CELL, "locator"], ignore_index=True)
    counts = {name: ordered[name].astype("Int64") for name in ("seed", "n")}  # absent ones make them floats
    ordered.assign(**counts).to_csv(place, index=False, lineterminator="\n")
    place.with_suffix(".json").write_text(json.dumps(environment, indent=1) + "\n", encoding="utf-8")


def compare(
    study: str,
    scale: str,
    results: pandas.DataFrame,
    environment: dict[str, Any],
    *,
    whole: bool = False,
    folder: Path | None = None,
) -> Comparison:
    """Compare the scores of a run with the committed ones.

    Parameters
    ----------
    whole : bool
        Whether every committed cell must be there. Otherwise only the columns of the grid that the run has are
        compared, so that a subset (`--only`, `--seeds`) can be checked; within them nothing may be absent.
    folder : Path, optional
        Where the committed scores are; by default ours of that study.
    """
    import pandas

    place = path(study, scale, folder)
    if not place.is_file():
        what = f"there are no committed scores of {study} at scale {scale}"
        raise InputError(Problem(what, "run without --check; --pin FOLDER commits scores", str(place.parent)))
    committed = pandas.read_csv(place, keep_default_na=False, na_values={"value": [""]})
    known = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    same = all(known.get(name) == environment.get(name) for name in SAME)
    for frame in (committed, results):
        frame["seed"] = frame["seed"].astype(int)
    part = ["model", "intermediate", "variant", "target", "seed"]
    here = results[part].drop_duplicates()
    wanted = committed if whole else committed.merge(here, on=part)
    both = wanted.merge(results[[*CELL, "value"]], on=CELL, suffixes=("_old", "_new"))
    equal = int((both.value_old == both.value_new).sum())
    off = [] if equal == len(both) else _outside(wanted, results)
    if same and equal < len(both):
        worst = (both.value_old - both.value_new).abs().max()
        off.append(
            f"{len(both) - equal} of {len(both)} cells differ (by up to {worst:.2f}) on the same machine type"
        )
    return Comparison(same, len(both), equal, tuple(off), len(wanted) - len(both))


def _outside(committed: pandas.DataFrame, results: pandas.DataFrame) -> list[str]:
    """Means over languages and seeds that differ by more than chance allows."""
    keys = ["model", "intermediate", "variant", "target"]
    old, new = (
        primary(frame)
        .groupby([*keys, "seed"], observed=True)
        .value.mean()
        .groupby(keys, observed=True)
        .agg(["mean", "std", "count"])
        for frame in (committed, results)
    )
    found = []
    for key, row in old.join(new.add_suffix("_new")).iterrows():
        name = key if isinstance(key, tuple) else (key,)
        spread = max((x for x in (row["std"], row["std_new"]) if not math.isnan(x)), default=0.0)
        allowed = max(TOLERANCE, 3 * spread * math.sqrt(1 / row["count"] + 1 / row["count_new"]))
        if not abs(row["mean"] - row["mean_new"]) <= allowed:
            label = " / ".join(str(part) for part in name)
            found.append(
                f"{label}: {row['mean_new']:.1f}, committed {row['mean']:.1f}, allowed ±{allowed:.1f}"
            )
    return found

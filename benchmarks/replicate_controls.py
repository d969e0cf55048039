"""How many cells of a run lie above both controls, and by more than the sampling of rows explains, as Markdown.

    python benchmarks/replicate_controls.py replicate/reference/xstilts/small.csv

A cell is one trained model (intermediate, seed) on one target and language, in the main metric of the target. The
controls are the same training without pretraining (`random-init`, of the same seed) and the best constant answer. The
last column counts differences beyond 1.96 standard errors of two shares of n rows: right for accuracies, rough for
F1, and not corrected for the number of cells.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas

MAIN = ("acc", "score", "f1")
"""Metrics from the first to the last choice; `score` is the mean of F1 and exact match for answers."""


def table(frame: pandas.DataFrame) -> pandas.DataFrame:
    """One row per target: means by intermediate and control, and counts of cells."""
    cells = frame[(frame["language"] != "all") & frame["value"].notna()]
    found = []
    for target, own in cells.groupby("target"):
        metric = next((name for name in MAIN if (own["metric"] == name).any()), None)
        if metric is None:
            continue
        own = own[own["metric"] == metric]
        trained = own[own["variant"] == "plain"]
        random = own[own["variant"] == "random-init"].groupby(["seed", "language"])["value"].mean()
        constant = own[own["variant"] == "constant"].groupby("language")["value"].mean()
        if trained.empty or random.empty or constant.empty:
            continue
        # Retrieval without training has one score for all seeds, stored under the first.
        blank = random.reindex(pandas.MultiIndex.from_frame(trained[["seed", "language"]]))
        blank = blank.fillna(trained["language"].map(random.groupby("language").mean()).set_axis(blank.index))
        best = np.fmax(blank.to_numpy(), trained["language"].map(constant).to_numpy())
        above = trained["value"].to_numpy() - best
        share = np.clip((trained["value"].to_numpy() + best) / 200, 0, 1)
        error = 100 * np.sqrt(2 * share * (1 - share) / trained["n"].to_numpy())
        means = trained.groupby("intermediate")["value"].mean().to_dict()
        found.append(
            {"target": target, "metric": metric, "seeds": trained["seed"].nunique()}
            | {name: f"{value:.1f}" for name, value in means.items()}
            | {"(random-init)": f"{random.mean():.1f}", "(constant)": f"{constant.mean():.1f}"}
            | {"cells": len(trained), "above both": int((above > 0).sum())}
            | {"beyond sampling": int((above > 1.96 * error).sum())}
        )
    return pandas.DataFrame(found)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    made = table(pandas.read_csv(sys.argv[1]))
    print("| " + " | ".join(made.columns) + " |\n|" + "---|" * len(made.columns))
    for row in made.fillna("").astype(str).itertuples(index=False):
        print("| " + " | ".join(row) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

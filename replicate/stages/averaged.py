"""What determines the means over the tasks of one column of the grid."""

from __future__ import annotations

from collections.abc import Mapping

from replicate.stages.determine import Maker
from replicate.stages.stage import Stage


def averaged(make: Maker, name: str, variant: str, seed: int, evaluations: Mapping[str, Stage]) -> Stage:
    """Means over the tasks of one column of the grid."""
    first = next(iter(evaluations.values()))
    keys = ("study", "scale", "model", "intermediate", "variant", "split")
    told = {**{key: first.settings[key] for key in keys}, "seed": seed}
    also = "" if variant == "plain" else f" ({variant})"
    parents = {task: stage.key for task, stage in evaluations.items()}
    return make.stage("average", f"average after {name}{also}, seed {seed}", told, parents)

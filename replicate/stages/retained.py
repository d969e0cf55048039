"""What determines the score that an intermediate task keeps after later phases."""

from __future__ import annotations

from replicate.stages.as_text import told_of_evaluation
from replicate.stages.determine import Maker
from replicate.stages.names import printed
from replicate.stages.scored import EMBEDDED
from replicate.stages.stage import Stage
from replicate.tasks import Task


def retained(
    make: Maker, task: Task, name: str, seed: int, encoder: Stage, trained: Stage, tokenizer: Stage
) -> Stage | None:
    """English dev score of an intermediate task: its own head on the encoder of a later phase.

    What it loses against the score right after its phase is forgetting. None where there is no dev split.
    """
    data = make.setting.data
    if task.kind in (*EMBEDDED, "code") or "en" not in task.available("dev", data):
        make.absent.append(f"{task.name}: no dev split at hand, forgetting is not measured")
        return None
    told = {
        "study": make.study.name,
        "scale": make.scale,
        "model": make.setting.recipe.model.name,
        "intermediate": printed(name, len(make.grid.multi)),
        "variant": "retained",
        "task": task.name,
        "split": "dev",
        "languages": ["en"],
        "expected_languages": ["en"],
        "rows": make.setting.recipe.evaluation.rows,
        "seeds": [seed],
        "data": list(task.fingerprint("dev", "en", data)),
        "retrieval": None,
        "training": make.setting.recipe.intermediate.of(task.name).model_dump(mode="json"),
        "head": task.name,
        "numerics": make.numerics(),
        **told_of_evaluation(task, make.setting.recipe),
    }
    parents = {"encoder": encoder.key, "tokenizer": tokenizer.key, "head": trained.key}
    return make.stage("evaluate", f"evaluate {task.name} itself after {name}, seed {seed}", told, parents)

"""What determines the programs that a model writes for a task, and their scores: two stages.

Writing needs the model and runs nothing; judging needs the sandbox and no model. So completions that were written
on a machine without a sandbox stay, and are judged where there is one.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

from analysis.errors import InputError
from replicate.noise import Noise
from replicate.sandbox.limits import Limits
from replicate.sandbox.protection import needed
from replicate.stages.determine import Maker
from replicate.stages.names import printed
from replicate.stages.stage import Stage
from replicate.tasks import Task


def written(
    make: Maker,
    task: Task,
    name: str,
    variant: str,
    seed: int,
    model: Stage,
    tokenizer: Stage,
    head: str,
    noise: Noise | None = None,
) -> tuple[Stage, ...]:
    """The stage that writes and the one that judges; without a sandbox the first alone, and a note; or neither."""
    recipe, data = make.setting.recipe, make.setting.data
    how = recipe.evaluation.generation
    if recipe.model.family != "decoder":
        make.absent.append(
            f"{task.name}: {recipe.model.name} is no causal model, it does not write on from a prompt"
        )
        return ()
    if how is None:
        make.absent.append(f"{task.name}: recipe {recipe.name} has no evaluation.generation")
        return ()
    split = recipe.evaluation.splits.get(task.name, recipe.evaluation.split)
    languages = [
        one
        for one in task.available(split, data)
        if recipe.evaluation.languages is None or one in recipe.evaluation.languages
    ]
    if not languages:
        make.absent.append(f"{task.name}: no {split} split at hand in any language")
        return ()
    what = {
        "task": task.name,
        "split": split,
        "languages": languages,
        "rows": recipe.evaluation.rows,
        "data": [mark for one in languages for mark in task.fingerprint(split, one, data)],
        **({"noise": asdict(noise)} if noise is not None else {}),
    }
    also = "" if variant == "plain" else f" ({variant})"
    wrote = make.stage(
        "generate",
        f"programs for {task.name} after {name}{also}, seed {seed}",
        {
            **what,
            "seed": seed,
            "generation": how.model_dump(mode="json", exclude={"seconds"}),
            "head": head,
            "numerics": make.numerics(),
        },
        {"encoder": model.key, "tokenizer": tokenizer.key},
    )
    reason = uncontained()
    if reason:
        make.absent.append(f"{task.name}: programs are written and not judged ({reason})")
        return (wrote,)
    told = {
        **what,
        "study": make.study.name,
        "scale": make.scale,
        "model": recipe.model.name,
        "intermediate": printed(name, len(make.grid.multi)),
        "variant": variant,
        "expected_languages": languages if data.languages is not None else list(task.languages),
        "seeds": [seed],
        "limits": asdict(Limits(seconds=how.seconds)),
        "retrieval": None,
        "training": None,
    }
    judged = make.stage(
        "evaluate", f"evaluate {task.name} after {name}{also}, seed {seed}", told, {"completions": wrote.key}
    )
    return wrote, judged


@cache
def uncontained() -> str:
    """Why programs cannot be run on this machine; empty where they can."""
    try:
        needed()
    except InputError as error:
        return str(error).partition("\n")[0]
    return ""

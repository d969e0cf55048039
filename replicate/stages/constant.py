"""What no training reaches: the scores of the best constant answer, shown beside every from-scratch score.

The most frequent label or tag of the scored split itself, the first stretch of a context for a question, the
most frequent solution for all functions, and a random translation for retrieval: deliberately generous, so that
"above chance" says something.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from replicate.examples import Examples
from replicate.keyed import generator
from replicate.metrics import score
from replicate.progress import Reporter
from replicate.stages.evaluate import limited, size, table
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.tasks import TASKS, Task


def constant(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """Scores of the best constant answer in every language."""
    told, task = stage.settings, TASKS[stage.settings["task"]]
    scores, counts = {}, {}
    for language in told["languages"]:
        examples = limited(task, task.load(told["split"], language, setting.data), told["rows"])
        scores[language], counts[language] = best_constant(task, language, examples), size(task, examples)
    return Outcome({}, {"n": counts}, table(stage, task, scores, counts))


def best_constant(task: Task, language: str, examples: Examples) -> dict[str, float]:
    """Scores of the constant answer with the best primary score."""
    found = [score(task, language, guess, examples) for guess in _guesses(task, examples)]
    return max(found, key=lambda scores: scores[task.primary])


def _guesses(task: Task, examples: Any) -> list[Any]:
    if task.kind in ("pair", "choice"):
        label = Counter(example.label for example in examples).most_common(1)[0][0]
        return [[label] * len(examples)]
    if task.kind == "tag":
        tags = Counter(tag for example in examples for tag in example.tags)
        return [[[tag] * len(example.words) for example in examples] for tag, _ in tags.most_common(3)]
    if task.kind == "span":
        starts = [
            {example.id: " ".join(example.context.split()[:words]) for example in examples}
            for words in (1, 2, 3, 8)
        ]
        return [*starts, dict.fromkeys((example.id for example in examples), "")]
    if task.kind == "code":
        found = Counter(example.solution for example in examples)
        return [[[solution]] * len(examples) for solution, _ in found.most_common(1)]
    if task.kind == "retrieval":
        return [generator("constant", len(examples)).integers(len(examples), size=len(examples))]
    if task.kind == "mining":
        targets = examples[0].target
        pick = generator("constant", len(targets)).integers(len(targets), size=len(examples[0].source))
        return [[(a.id, targets[i].id) for a, i in zip(examples[0].source, pick, strict=True)]]
    ids = [candidate.id for candidate in examples[0].candidates]
    order = generator("constant", len(ids)).permutation(len(ids))[:20]
    return [{query.id: [ids[i] for i in order] for query in examples[0].queries}]

"""How often an answer differs when its 20 best places are taken from the whole row instead of from the context.

    python benchmarks/replicate_answer_places.py --runs runs [--models 6] [--data ROWS --text TEXT --rows 50]

`run_squad.py` ranks all tokens of a row, question and separators among them, and then drops what lies outside the
context; ours ranks the context alone. Both readings are made from the same scores of every target model of SQuAD in
the folder, on the XQuAD and MLQA test rows in all languages: those of the miniature world, or real ones with --data
and a folder of runs at scale small. Prints Markdown.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from replicate.launch import Request, launch
from replicate.ledger import Ledger
from replicate.metrics import score
from replicate.model import weights
from replicate.recipes.recipe import Training
from replicate.stages.examples import Encoded, encoded, new_head, predict
from replicate.tasks import TASKS
from replicate.text.pieces import Pieces
from replicate.text.windows import answers, windows

BEST = 20


def whole_row(scores: np.ndarray, context: np.ndarray) -> np.ndarray:
    """The scores with those context tokens out of reach that are not among the best of the whole row."""
    left = scores.astype(np.float64)
    for side in (0, 1):
        kept = np.zeros(len(scores), bool)
        kept[np.argsort(-scores[:, side], kind="stable")[:BEST]] = True
        left[context & ~kept, side] = -np.inf
    return left


def main() -> None:
    """Read every model twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, required=True)
    parser.add_argument("--models", type=int, help="the first so many models; by default all")
    parser.add_argument("--data", type=Path, help="rows of scale small")
    parser.add_argument("--text", type=Path, help="text of scale small; only named, not read")
    parser.add_argument("--rows", type=int, help="rows per language; by default all")
    told = parser.parse_args()
    ledger = Ledger(told.runs)
    scale = "small" if told.data else "miniature"
    request = Request(scale=scale, runs=told.runs, data=told.data, text=told.text, planning=True)
    setting = replace(launch(request).setting, device="cpu")
    device = setting.on()
    print(
        "| model | task | answers | differ | score, context | score, whole row |\n|---|---|---:|---:|---:|---:|"
    )
    total = differing = 0
    records = [one for one in ledger.records() if one["kind"] == "target"]
    records = [one for one in records if one["settings"]["tasks"] == ["squad"] and not one.get("dropped")]
    for record in records[: told.models]:
        folder = ledger.folder(record["key"])
        pieces = Pieces.load(ledger.folder(record["parents"]["tokenizer"]) / "tokenizer.json")
        encoder = weights.load(folder)
        numbers = Training.model_validate(record["settings"]["training"]["squad"])
        for task in (TASKS["xquad"], TASKS["mlqa"]):
            count = other = 0
            means: list[tuple[float, float]] = []
            for language in task.available("test", setting.data):
                examples = task.load("test", language, setting.data)[: told.rows]
                head = new_head(task, task.labels_at(setting.data), encoder, examples)
                head.load_state_dict(weights.load_head(folder, "squad"))
                data = encoded(task, examples, pieces, numbers)
                logits = predict(Encoded(data.rows, lambda scores: scores), encoder, head, device)
                cut = windows(
                    examples, pieces, numbers.longest, numbers.stride, numbers.question_room, train=False
                )
                places = np.split(cut.start >= 0, cut.rows.offsets[1:-1])
                wide = [whole_row(one, inside) for one, inside in zip(logits, places, strict=True)]
                with np.errstate(invalid="ignore"):
                    ours = answers(examples, cut, logits, may_be_empty=False)
                    theirs = answers(examples, cut, wide, may_be_empty=False)
                count += len(ours)
                other += sum(ours[name] != theirs[name] for name in ours)
                both = (score(task, language, found, examples) for found in (ours, theirs))
                means.append(tuple((one["f1"] + one["em"]) / 2 for one in both))  # type: ignore[arg-type]
            if not means:
                continue
            total, differing = total + count, differing + other
            mine, official = np.mean(means, 0)
            print(f"| {record['name']} | {task.name} | {count} | {other} | {mine:.2f} | {official:.2f} |")
    print(f"\n{differing} of {total} answers differ.")


if __name__ == "__main__":
    main()

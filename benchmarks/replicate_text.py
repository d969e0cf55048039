"""Tokenising and mining on one thread: tokens per second into flat arrays, and pairs beside faiss.

    OMP_NUM_THREADS=1 python benchmarks/replicate_text.py <folder of task rows> [--rows 4000] [--sentences 6000]

Tokenising: real rows of MNLI and SQuAD (`<folder>/mnli/...`, in the layout of `--data`), a Unigram tokenizer of
6,000 pieces trained on them here; then the same from the memory-mapped arrays that the first time left. Mining:
random unit vectors of 256 dimensions with planted pairs, beside faiss's flat index where it is installed. Processor
time, alternating arms, medians of 3. Exits 1 below 0.5 M tokens/s or where the mined pairs differ.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from pathlib import Path
from statistics import median

import numpy as np

from replicate.data import FolderPlace
from replicate.metrics.neighbours import both_ways, nearest, unit
from replicate.recipes.recipe import Training
from replicate.stages.examples import encoded
from replicate.tasks import get
from replicate.text import unigram
from replicate.text.pieces import Pieces
from replicate.text.shelf import Shelf

BAR = 0.5e6


def timed(what, repeats: int = 3):
    times = []
    for _ in range(repeats):
        started = time.process_time()
        found = what()
        times.append(time.process_time() - started)
    return median(times), found


def texts(example) -> list[str]:
    return [t for t in (getattr(example, n, "") for n in ("text_a", "text_b", "question", "context")) if t]


def tokenising(folder: Path, rows: int, scratch: Path) -> bool:
    fine = True
    print(
        "| task | rows | tokens | M tokens/s | of it the tokenizer alone | from the stored arrays, times faster |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for name in ("mnli", "squad"):
        task = get(name)
        examples = task.load("train", "en", FolderPlace(folder))[:rows]
        pieces = Pieces.of(unigram.train((t for e in examples for t in texts(e)), 6000))
        numbers = Training(lr=1e-5, batch=8, epochs=1, longest=384, stride=128)
        bare, _ = timed(lambda e=examples, p=pieces: p.ids([t for one in e for t in texts(one)]))
        plain, found = timed(lambda t=task, e=examples, p=pieces, n=numbers: encoded(t, e, p, n, train=True))
        shelf = Shelf(scratch, scratch, {"task": name})
        encoded(task, examples, pieces, numbers, train=True, shelf=shelf)
        again, same = timed(
            lambda t=task, e=examples, p=pieces, n=numbers, s=shelf: encoded(t, e, p, n, train=True, shelf=s)
        )
        assert np.array_equal(found.rows.ids, same.rows.ids) and np.array_equal(
            found.rows.labels, same.rows.labels
        )
        tokens = len(found.rows.ids)
        fine &= tokens / plain >= BAR
        print(
            f"| {name} | {len(found.rows):,} | {tokens:,} | {tokens / plain / 1e6:.2f} | {bare / plain:.0%} |"
            f" {plain / again:,.0f} |"
        )
    return fine


def mining(count: int) -> bool:
    random = np.random.default_rng(0)
    x = unit(random.normal(size=(count, 256)))
    y = unit(x[random.permutation(count)] + 0.8 * random.normal(size=(count, 256)) / 16)
    tracemalloc.start()
    both_ways(x, y, 4)
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    whole = (count * count * 4) / 1e6
    try:
        import faiss

        faiss.omp_set_num_threads(1)
    except ImportError:
        faiss = None

    def theirs(queries, keys, k):
        index = faiss.IndexFlatIP(256)
        index.add(keys)
        return index.search(queries, k)

    works = (
        ("nearest 1 (Tatoeba)", lambda: nearest(x, y, 1), lambda: theirs(x, y, 1)),
        ("nearest 4", lambda: nearest(x, y, 4), lambda: theirs(x, y, 4)),
        ("nearest 4, in both directions (BUCC)", lambda: both_ways(x, y, 4),
         lambda: (theirs(x, y, 4), theirs(y, x, 4))),
    )  # fmt: skip
    version = f"faiss {faiss.__version__}" if faiss else "faiss"
    print(
        f"\n| {count:,} among {count:,}, 256 dimensions | ours, processor s | {version} | times as fast as faiss |"
    )
    print("|---|---:|---:|---:|")
    for name, own, other in works:
        pairs = [(timed(own, 1)[0], timed(other, 1)[0] if faiss else None) for _ in range(5)]
        mine, rival = median(one for one, _ in pairs), median(two for _, two in pairs) if faiss else None
        print(
            f"| {name} | {mine:.3f} | "
            + (f"{rival:.3f} | {rival / mine:.2f} |" if faiss else "not installed | |")
        )
    (similar, who), (_, back) = both_ways(x, y, 4)
    plain = x @ y.T
    fine = all(
        bool((np.argsort(-product, axis=1, kind="stable")[:, :4] == found).all())
        for product, found in ((plain, who), (plain.T, back), (plain, nearest(x, y, 4)[1]))
    )
    print(f"\nPairs equal to brute force, both directions: {'yes' if fine else 'NO'}.", end=" ")
    print(
        f"Memory of both directions {memory:,.0f} MB (whole matrix {whole:,.0f}; at most 170 for pools of any size)."
    )
    if faiss is None:
        return fine
    found = theirs(x, y, 4)[1]
    differ = int((found != who).any(axis=1).sum())
    ties = int((np.abs(np.take_along_axis(plain, found, 1) - similar).max(axis=1) > 1e-6).sum())
    print(f"Rows whose four differ from faiss: {differ} ({ties} by more than 1e-6).")
    return fine and ties == 0


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path, nargs="?", help="task rows; without it mining alone")
    options.add_argument("--rows", type=int, default=4000)
    options.add_argument("--sentences", type=int, default=6000)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fine = told.folder is None or tokenising(told.folder, told.rows, Path(folder))
    return int(not (mining(told.sentences) and fine))


if __name__ == "__main__":
    raise SystemExit(main())

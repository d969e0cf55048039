"""Real tokens per second of our training loop beside HF Trainer's, on rows as long as SQuAD's and MNLI's.

    OMP_NUM_THREADS=1 python benchmarks/replicate_speed.py [--rounds 5] [--batches 12]

Both train the same encoder (4 layers of 256, 8,000 pieces, fp32, fused AdamW, batch 32) on the same rows, in one
process and on one thread. The arms alternate within every round and processor time counts, because a busy machine
stretches wall time; medians over rounds. A batch's real tokens are counted, never its padding. Prints a Markdown
table; exits 1 where a ratio falls below its bar. Length sorting starts from 64 batches of rows, because a grouped
sampler sorts nothing in a small data set.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch
from transformers import Trainer, TrainingArguments, XLMRobertaConfig, XLMRobertaForSequenceClassification
from transformers.trainer_pt_utils import LengthGroupedSampler

from replicate.model.encoder import build
from replicate.model.heads import ClassifyHead
from replicate.recipes.recipe import Numerics, Training
from replicate.text.rows import Rows
from replicate.train.device import Device
from replicate.train.loop import Job, train
from replicate.train.sources import TaskSource

BATCH, VOCABULARY, SEED = 32, 8000, 0
KINDS = ("SQuAD-like", "MNLI-like")
BAR_DEFAULT, BAR_GROUPED = 2.3, 0.95
"""Times Trainer's default; times Trainer with length grouping (equal within the noise of a busy machine)."""


def lengths(kind: str, rows: int) -> np.ndarray:
    """Row lengths in pieces: log-normal with the mean and spread of the real rows (SQuAD 195, MNLI 43)."""
    random = np.random.default_rng([SEED, len(kind)])
    mean, spread, longest = {"SQuAD-like": (192, 0.42, 384), "MNLI-like": (43, 0.55, 256)}[kind]
    drawn = random.lognormal(np.log(mean) - spread**2 / 2, spread, rows)
    return np.clip(drawn, 8, longest).astype(int)


def shape() -> XLMRobertaConfig:
    return XLMRobertaConfig(
        vocab_size=VOCABULARY, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024,
        max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, bos_token_id=0, pad_token_id=1,
        eos_token_id=2, num_labels=3,
    )  # fmt: skip


def spread(batches: list, sizes: list[int], count: int) -> list:
    """`count` batches at even quantiles of size: a few drawn at random could all be long ones, which cost more."""
    order = np.argsort(sizes, kind="stable")
    return [batches[order[int((i + 0.5) / count * len(order))]] for i in range(count)]


class Spread(TaskSource):
    """Our batches, of which a representative few are trained."""

    count = 1

    def batch(self, k: int) -> np.ndarray:
        full = [super(Spread, self).batch(i) for i in range(len(self.rows) // BATCH)]
        return spread(full, [int(self.rows.lengths[one].sum()) for one in full], self.count)[k]


class Ours:
    """Our loop, length-sorted inside windows of batches."""

    def __init__(
        self, rows: list[np.ndarray], labels: np.ndarray, folder: Path, window: int, batches: int
    ) -> None:
        self.rows, self.labels, self.folder, self.window, self.batches = rows, labels, folder, window, batches

    def __call__(self, round_: int) -> tuple[float, int]:
        torch.manual_seed(SEED)
        source = Spread(
            "x", Rows.of(self.rows, self.labels, "example"), BATCH, (round_, "speed"), self.window
        )
        source.count = self.batches
        encoder = build(shape(), SEED)
        (folder := self.folder / f"{self.window}-{round_}").mkdir()
        job = Job(
            key=(round_, "speed"), encoder=encoder, heads={"x": ClassifyHead(256, 3)}, sources=[source],
            order=np.zeros(self.batches, dtype=np.int64), training=Training(lr=1e-4, batch=BATCH, steps=self.batches),
            device=Device.of("cpu", Numerics(threads=1)), folder=folder, every_seconds=1e9,
        )  # fmt: skip
        ended = []
        # The last event of a step comes before the final checkpoint, which real trainings write once in thousands.
        job.reporter = lambda event: ended.append(time.process_time())
        started = time.process_time()
        progress = train(job)
        return ended[-1] - started, progress.tokens


class Grouped(LengthGroupedSampler):
    """Batches of Trainer's length-grouped order, a representative few; its first ones are its longest."""

    count = 1

    def __iter__(self):
        order = list(super().__iter__())
        full = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        few = spread(full, [sum(self.lengths[i] for i in one) for one in full], self.count)
        return (i for one in few for i in one)


class HfTrainer:
    """transformers' Trainer with its default collator (pads to the longest row of a batch)."""

    def __init__(self, rows, labels, folder: Path, grouped: bool, batches: int) -> None:
        self.data = [{"input_ids": r.tolist(), "labels": int(y)} for r, y in zip(rows, labels, strict=True)]
        self.folder, self.grouped, self.batches = folder, grouped, batches

    def __call__(self, round_: int) -> tuple[float, int]:
        from transformers import DataCollatorWithPadding, PrinterCallback

        # Our loop switches these on for the process; Trainer's defaults are without them.
        torch.use_deterministic_algorithms(False)
        torch.set_flush_denormal(False)

        data, tokens = self.data, [0]
        torch.manual_seed(round_)

        class Counting(DataCollatorWithPadding):
            def __call__(self, features):
                tokens[0] += sum(len(one["input_ids"]) for one in features)
                return super().__call__(features)

        grouped, batches = self.grouped, self.batches

        class Chosen(Trainer):
            def _get_train_sampler(self, *_):
                if not grouped:
                    return super()._get_train_sampler(*_)
                sampler = Grouped(BATCH, lengths=[len(one["input_ids"]) for one in data])
                sampler.count = batches
                return sampler

        arguments = TrainingArguments(
            output_dir=str(self.folder), per_device_train_batch_size=BATCH, max_steps=self.batches,
            learning_rate=1e-4, optim="adamw_torch_fused", report_to=[], save_strategy="no", disable_tqdm=True,
            logging_strategy="no", seed=round_, use_cpu=True,
        )  # fmt: skip
        model = XLMRobertaForSequenceClassification(shape())
        trainer = Chosen(
            model=model,
            args=arguments,
            train_dataset=data,
            data_collator=Counting(tokenizer=_Padder(), padding=True),
        )
        trainer.remove_callback(PrinterCallback)
        started = time.process_time()
        trainer.train()
        return time.process_time() - started, tokens[0]


class _Padder:
    """The one method of a tokenizer that the collator calls."""

    def pad(self, features, padding=True, max_length=None, pad_to_multiple_of=None, return_tensors=None):
        longest = max(len(one["input_ids"]) for one in features)
        ids = torch.ones(len(features), longest, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for place, one in enumerate(features):
            ids[place, : len(one["input_ids"])] = torch.tensor(one["input_ids"])
            mask[place, : len(one["input_ids"])] = 1
        labels = torch.tensor([one["labels"] for one in features])
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def __getattr__(self, name):
        raise AttributeError(name)


def measure(kind: str, rounds: int, batches: int, folder: Path) -> list[tuple[str, float, float]]:
    """(arm, tokens per second, ratio to the default), medians over the rounds."""
    random = np.random.default_rng(SEED)
    rows = [random.integers(5, VOCABULARY, n) for n in lengths(kind, 64 * BATCH)]
    labels = random.integers(0, 3, len(rows))
    arms = {
        "Trainer, default": HfTrainer(rows, labels, folder, False, batches),
        "Trainer, length-grouped": HfTrainer(rows, labels, folder, True, batches),
        "**ours, `sort_window: 32`**": Ours(rows, labels, folder, 32, batches),
    }
    speeds: dict[str, list[float]] = {name: [] for name in arms}
    for round_ in range(rounds + 1):
        for name, arm in arms.items():
            arm.batches = batches if round_ else 1
            seconds, tokens = arm(round_)
            if round_:  # the first round warms caches and allocators up
                speeds[name].append(tokens / seconds)
    base = median(speeds["Trainer, default"])
    return [(name, median(found), median(found) / base) for name, found in speeds.items()]


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--batches", type=int, default=12)
    options.add_argument("--rows", choices=KINDS, action="append", help="only rows of this kind")
    told = options.parse_args()
    torch.set_num_threads(1)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    print(
        f"torch {torch.__version__}, {platform.machine()}, 1 thread, processor time; seed {SEED};"
        f" medians of {told.rounds} interleaved rounds of {told.batches} batches of {BATCH}; 4 layers x 256, fp32.\n"
    )
    print("| rows | arm | real tokens/s | times Trainer's default | bar |\n|---|---|---:|---:|---:|")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for kind in told.rows or KINDS:
            (own := Path(folder) / kind).mkdir()
            found = measure(kind, told.rounds, told.batches, own)
            grouped = found[1][2]
            for name, speed, ratio in found:
                bar = max(BAR_DEFAULT, BAR_GROUPED * grouped) if name.startswith("**") else None
                failed |= bar is not None and ratio < bar
                print(
                    f"| {kind} | {name} | {speed:,.0f} | {ratio:.2f} | {'' if bar is None else f'{bar:.2f}'} |"
                )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

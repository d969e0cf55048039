"""Programs that a model writes for the prompts of a task, in every language; nothing is run here.

A draw is a function of (seed, task, language, problem, sample, place in the completion) and of the scores; all
models of a seed draw with the same numbers, so that a difference between two of them is less a matter of luck. The
samples of a problem are written together and problems one after the other. After every few problems the completions
are put on disk, so a killed run goes on behind them and ends with the same ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from replicate.examples import Code
from replicate.keyed import generator
from replicate.metrics.programs import STOPS, truncated
from replicate.model.draw import drawn
from replicate.model.language import LanguageHead
from replicate.model.stepwise import Writing, writing
from replicate.noise import Noise, noised
from replicate.progress import Reporter, State
from replicate.recipes.recipe import Generation
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.tasks import TASKS
from replicate.text import code
from replicate.text.pieces import Pieces

FILE: Final = "completions.jsonl"
"""One line per problem: language, problem, samples."""
EVERY: Final = 16
"""Problems between two checkpoints; it changes no result."""
LOOK: Final = 8
"""Tokens between two looks for the end of the function; it changes no result, because completions are cut there."""


def generate(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """Completions of every problem of the stage, each cut where its function ends."""
    told, task = stage.settings, TASKS[stage.settings["task"]]
    how = Generation.model_validate(told["generation"])  # its time limit is the judge's
    device, pieces, model = setting.on(), parents.pieces(stage), parents.encoder(stage)
    head = LanguageHead(model.word_embeddings, parents.head(stage, told["head"]).get("words.own"))
    model.to(device.torch)
    head.to(device.torch)
    writer = Samples(writing(model, head, device.autocast), how, pieces, model.longest, device.torch)
    lines, unfinished, fit = [], 0, 1.0
    for language in told["languages"]:
        functions = problems(stage, setting, language)
        fit = min(fit, code.fitness([one.solution for one in functions], pieces))
        for first in range(0, len(functions), EVERY):
            part = folder / f"part-{language}-{first:06d}-{EVERY}"
            done = _read(part)
            if done is None:
                key = (int(told["seed"]), "generate", task.name, language)
                done = [writer.of(problem, key) for problem in functions[first : first + EVERY]]
                _write(part, done)
            lines += done
            unfinished += sum(sum(line["open"]) for line in done)
        reporter(State(stage.name, "written", f"{language}, {len(functions)} problems"))
    path = folder / FILE
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    total = len(lines) * how.samples
    facts = {"problems": len(lines), "samples": total, "without_end": unfinished, "spelled": fit}
    return Outcome({FILE: path}, facts)


def problems(stage: Stage, setting: Setting, language: str) -> list[Code]:
    """The functions to be written in one language, with the noise of the stage."""
    told = stage.settings
    found = TASKS[told["task"]].load(told["split"], language, setting.data)[: told["rows"]]
    if told.get("noise"):
        found = noised(found, Noise(**{**told["noise"], "kinds": tuple(told["noise"]["kinds"])}))
    return [one for one in found if isinstance(one, Code)]


@dataclass
class Samples:
    """Writes the samples of one problem after the other."""

    writing: Writing
    how: Generation
    pieces: Pieces
    longest: int | None
    device: torch.device

    @torch.no_grad()
    def of(self, problem: Code, key: tuple[int | str, ...]) -> dict[str, Any]:
        """Line of the completions file; `open` says which samples had not ended when the room was used up."""
        n = self.how.samples
        prompt = [*self.pieces.begin, *code.spelled([problem.prompt], self.pieces)[0].tolist()]
        room = self.how.longest if self.longest is None else min(self.how.longest, self.longest - len(prompt))
        texts, ended = [""] * n, [room <= 0] * n
        if room > 0:
            places = [generator(*key, problem.id, sample).random(room) for sample in range(n)]
            uniform = torch.from_numpy(np.stack(places))
            written: list[list[int]] = [[] for _ in range(n)]
            for place, tokens in enumerate(self._tokens(prompt, uniform, written)):
                for row, token in enumerate(tokens):
                    if not ended[row] and token == self.pieces.eos:
                        ended[row] = True
                    elif not ended[row]:
                        written[row].append(token)
                if (place + 1) % LOOK == 0:
                    ended = [over or self._over(ids) for over, ids in zip(ended, written, strict=True)]
                if all(ended):
                    break
            ended = [over or self._over(ids) for over, ids in zip(ended, written, strict=True)]
            texts = [truncated(code.written(ids, self.pieces)) for ids in written]
        return {
            "language": problem.language,
            "problem": problem.id,
            "samples": texts,
            "open": [not over for over in ended] if room > 0 else [True] * n,
        }

    def _tokens(
        self, prompt: list[int], uniform: torch.Tensor, written: list[list[int]]
    ) -> Iterator[list[int]]:
        """The tokens of all samples at one place after the other; rows that have ended are written on unread."""
        scores = self.writing.start(torch.tensor(prompt, device=self.device), self.how.samples)
        uniform = uniform.to(self.device)
        for place in range(uniform.shape[1]):
            ids = drawn(scores, uniform[:, place], self.how.temperature, self.how.top_p)
            yield ids.tolist()
            if place + 1 < uniform.shape[1]:
                scores = self.writing.step(ids)

    def _over(self, ids: list[int]) -> bool:
        text = code.written(ids, self.pieces)
        return any(stop in text for stop in STOPS)


def _write(part: Path, lines: list[dict[str, Any]]) -> None:
    """Put lines on disk under a name that has their hash: a whole file or none."""
    text = json.dumps(lines, ensure_ascii=False)
    waiting = part.with_name(f".{part.name}.{os.getpid()}")
    with waiting.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(part.with_name(f"{part.name}-{_digest(text)}.json"))


def _read(part: Path) -> list[dict[str, Any]] | None:
    """Lines that an earlier attempt put on disk; None where there are none, or they are damaged."""
    for path in part.parent.glob(f"{part.name}-*.json"):
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.stem.rpartition("-")[2] == _digest(text):
            found: list[dict[str, Any]] = json.loads(text)
            return found
        path.unlink()
    return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

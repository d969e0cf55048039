"""Programs from prompt to score: the same ones after any kill, hostile ones contained and failed."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from replicate.launch import Launch, Request, launch
from replicate.ledger import Ledger
from replicate.model import weights
from replicate.progress import Silent
from replicate.sandbox.limits import Limits
from replicate.sandbox.protection import needed
from replicate.stages import generate
from replicate.stages.execute import execute
from replicate.stages.judge import Bench
from replicate.stages.stage import Stage
from replicate.stages.writing import uncontained
from replicate.tasks import TASKS
from replicate.world.place import WorldPlace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

RECIPE = """
schema: verify-claims/recipe/1
name: tiny-code
title: Programs in seconds
scale: miniature
model:
  {name: tiny, family: decoder, vocabulary: 400, shape: {hidden: 16, layers: 2, heads: 2, ffn: 32, positions: 66}}
pretraining:
  tokenizer_rows: 100
  training: {lr: 3.0e-3, batch: 16, steps: 6}
  causal: {languages: [en, "en:steps", "qfk:steps", python], longest: 48, blocks: false, rows_per_language: 60}
intermediate: {all: {lr: 1.0e-3, batch: 8, steps: 2, rows: 24, longest: 60, stride: 16, question_room: 24}}
target: {all: {lr: 1.0e-2, batch: 8, steps: 5, rows: 40, longest: 60, select: {every: 2, rows: 2}}}
evaluation:
  rows: 5
  languages: [en, qfk]
  generation: {samples: 3, temperature: 0.8, top_p: 0.95, longest: 12, seconds: 4}
numerics: {tokens_per_pass: 600, threads: 1}
"""
STUDY = """
schema: verify-claims/study/1
name: tiny-code
title: Programs in seconds
question: Does the machinery work?
scales:
  miniature:
    {recipe: RECIPE, seeds: 1, intermediates: [none, mnli], targets: [humaneval_xl], noise: {severities: [3]}}
"""


def launched(folder: Path, runs: str = "runs") -> Launch:
    (folder / "recipe.yaml").write_text(RECIPE)
    (folder / "study.yaml").write_text(STUDY.replace("RECIPE", str(folder / "recipe.yaml")))
    return launch(Request(study=str(folder / "study.yaml"), runs=folder / runs))


def of_kind(one: Launch, kind: str) -> list[Stage]:
    return [stage for stage in one.graph.stages.values() if stage.kind == kind]


def written(one: Launch, stage: Stage) -> str:
    return (one.setting.runs / stage.key / generate.FILE).read_text()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Launch:
    """Everything up to the first programs."""
    one = launched(tmp_path_factory.mktemp("code"))
    first = of_kind(one, "generate")[0]
    for stage in one.graph.stages.values():
        if stage.kind in ("tokenizer", "pretrain") or stage.key == first.parents["encoder"]:
            execute(stage, one.setting, Silent())
    return one


def test_the_graph_has_writing_and_judging_for_every_column(trained: Launch) -> None:
    wrote, judged = of_kind(trained, "generate"), of_kind(trained, "evaluate")
    assert [stage.settings["variant"] for stage in judged] == ["noise-3", "plain"] * 2
    assert [stage.parents["completions"] for stage in judged] == [stage.key for stage in wrote]
    assert len(of_kind(trained, "target")) == 2 and not trained.graph.absent
    (numbers,) = {json.dumps(stage.settings["training"]) for stage in of_kind(trained, "target")}
    assert json.loads(numbers)["mbpp"]["select"] is None


def again(trained: Launch, folder: Path) -> tuple[Launch, Stage]:
    """The first programs in a folder of their own that shares the finished stages."""
    one = launched(folder)
    for record in Ledger(trained.setting.runs).records():
        if record["kind"] in ("tokenizer", "pretrain", "target"):
            one.setting.runs.mkdir(exist_ok=True)
            (one.setting.runs / record["key"]).symlink_to(trained.setting.runs / record["key"])
    return one, of_kind(one, "generate")[0]


def test_programs_do_not_depend_on_checkpoints_or_kills(
    trained: Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(of_kind(trained, "generate")[0], trained.setting, Silent())
    whole = written(trained, of_kind(trained, "generate")[0])
    lines = [json.loads(line) for line in whole.splitlines()]
    assert [line["language"] for line in lines] == ["en"] * 5 + ["qfk"] * 5
    assert all(len(line["samples"]) == len(line["open"]) == 3 for line in lines)
    assert len({sample for line in lines for sample in line["samples"]}) > 10, "samples differ"
    one, stage = again(trained, tmp_path)
    monkeypatch.setattr(generate, "EVERY", 2)
    work = one.setting.runs / ".work" / stage.key
    for parts in (1, 3):
        child = os.fork()
        if not child:
            _dies_after(parts)
            execute(stage, one.setting, Silent())
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert len(list(work.glob("part-*.json"))) == parts
    damaged = sorted(work.glob("part-*.json"))[0]
    damaged.write_text(damaged.read_text()[:-9])
    assert execute(stage, one.setting, Silent())
    assert written(one, stage) == whole


def _dies_after(parts: int) -> None:
    """Kill this process at the first write after so many parts are on disk."""
    seen = 0

    def hook(event: str, values: tuple[Any, ...]) -> None:
        nonlocal seen
        if event == "os.rename" and "part-" in str(values[0]):
            seen += 1
        if seen and event == "open" and "/.part-" in str(values[0]):
            found = list(Path(values[0]).parent.glob("part-*.json"))
            if len(found) >= parts:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


HOSTILE = {
    "fork bomb": "    import os\n    while True:\n        os.fork()\n",
    "writes a file": "    open(PATH, 'w').write('here')\n    return x\n",
    "reads the record": "    return open(RECORD).read()\n",
    "opens a socket": "    import socket\n    socket.socket().connect(('127.0.0.1', 9))\n    return x\n",
    "never ends": "    while True:\n        pass\n",
    "takes all memory": "    x = 'x'\n    while True:\n        x = x * 2\n",
    "leaves early": "    import os\n    os._exit(0)\n",
    "is not Python": "    return (\n",
}


def test_hostile_programs_are_contained_and_fail(trained: Launch, tmp_path: Path) -> None:
    one, wrote = again(trained, tmp_path)
    (judged,) = [stage for stage in of_kind(one, "evaluate") if stage.parents["completions"] == wrote.key]
    record, target = one.setting.runs / wrote.key / "record.json", tmp_path / "written by a program"
    bodies = [
        body.replace("PATH", repr(str(target))).replace("RECORD", repr(str(record)))
        for body in HOSTILE.values()
    ]
    problems = {language: generate.problems(wrote, one.setting, language) for language in ("en", "qfk")}
    solved = [[problem.solution] * 4 for problem in problems["en"][2:]]
    samples = {"en": [bodies[:4], bodies[4:], *solved], "qfk": [["    return None\n"] * 4] * 5}
    work = one.ledger.work(wrote.key)
    work.mkdir(parents=True)
    path = work / generate.FILE
    path.write_text(
        "".join(
            json.dumps({"language": language, "problem": problem.id, "samples": several}) + "\n"
            for language in problems
            for problem, several in zip(problems[language], samples[language], strict=True)
        )
    )
    one.ledger.publish(wrote.key, {"kind": "generate", "facts": {}, "settings": {}}, {generate.FILE: path})
    assert execute(judged, one.setting, Silent())
    scores = one.ledger.results(judged.key).set_index(["language", "metric"]).value
    assert scores["en", "pass@1"] == 60.0, "three problems of five are solved; no hostile program counts"
    assert scores["qfk", "pass@1"] == 0.0 and scores["all", "score"] == 30.0
    assert not target.exists()
    facts = one.ledger.verify(judged.key)["facts"]
    assert facts["how"]["time"] >= 1 and facts["how"]["passed"] == 3
    # What was stopped by a limit is not remembered; everything else is judged once per folder of runs.
    bench = Bench(one.setting.runs / ".judged", Limits(**judged.settings["limits"]))
    assert len(bench.known) == facts["run"] - sum(
        count for how, count in facts["how"].items() if how not in ("passed", "failed")
    )


def test_without_a_sandbox_programs_are_written_and_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for remembered in (uncontained, needed):
        remembered.cache_clear()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        one = launched(tmp_path)
    for remembered in (uncontained, needed):
        remembered.cache_clear()
    assert of_kind(one, "generate") and not of_kind(one, "evaluate") and not of_kind(one, "average")
    assert any(
        "written and not judged (programs cannot be contained here" in note for note in one.graph.absent
    )


def test_a_public_model_with_bytes_and_an_output_matrix_of_its_own_learns_and_writes(tmp_path: Path) -> None:
    """No begin token, no marks, words and output apart: what BLOOM, Qwen and larger models have."""
    rows = TASKS["mbpp"].load("train", "en", WorldPlace())[:200]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<|endoftext|>"], initial_alphabet=letters, show_progress=False
    )
    tokenizer.train_from_iterator([one.prompt + one.solution for one in rows], trainer)  # type: ignore[union-attr]
    hub = tmp_path / "public"
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|endoftext|>").save_pretrained(hub)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = Qwen2Config(vocab_size=tokenizer.get_vocab_size(), **shape, num_key_value_heads=1)
    config.tie_word_embeddings = False
    Qwen2ForCausalLM(config).save_pretrained(hub)
    model, text = RECIPE.index("model:"), RECIPE.index("intermediate:")
    told = RECIPE[:model] + f"model: {{name: public, family: decoder, hub: {hub}}}\n" + RECIPE[text:]
    (tmp_path / "recipe.yaml").write_text(
        told.replace("longest: 60", "longest: 200").replace("rows: 5", "rows: 2")
    )
    study = STUDY.replace("RECIPE", str(tmp_path / "recipe.yaml")).replace("[none, mnli]", "[none]")
    (tmp_path / "study.yaml").write_text(study.replace(", noise: {severities: [3]}", ""))
    one = launch(Request(study=str(tmp_path / "study.yaml"), runs=tmp_path / "runs"))
    assert not one.graph.absent
    for stage in one.graph.stages.values():
        assert execute(stage, one.setting, Silent())
    (target,), (wrote,) = of_kind(one, "target"), of_kind(one, "generate")
    own = weights.load_head(one.ledger.folder(target.key), "mbpp")["words.own"]
    before = weights.from_hub(str(hub), "main", "decoder")[1].state_dict()["words.own"]
    assert own.shape == before.shape and not torch.equal(own, before), "it is trained"
    facts = one.ledger.verify(wrote.key)["facts"]
    assert facts["spelled"] == 1.0 and facts["samples"] == 12
    assert len(one.ledger.results(of_kind(one, "evaluate")[0].key)) == 4


def test_a_model_that_does_not_write_is_named(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        STUDY.replace("RECIPE", "miniature").replace("[humaneval_xl]", "[humaneval_xl, udpos]")
    )
    one = launch(Request(study=str(tmp_path / "study.yaml"), runs=tmp_path / "runs"))
    assert any("xlmr-miniature is no causal model" in note for note in one.graph.absent)
    assert not of_kind(one, "generate")


def test_an_edited_judgement_is_not_believed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Limits(seconds=5))
    assert bench.judged(["assert False", "pass"]) == [False, True]
    bench.keep()
    again = Bench(tmp_path, Limits(seconds=5))
    assert again.judged(["assert False", "pass"]) == [False, True] and again.ran == 0
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(kept.read_text().replace("false", "true"))
    (tmp_path / "list.json").write_text("[true]")
    edited = Bench(tmp_path, Limits(seconds=5))
    assert edited.judged(["assert False", "pass"]) == [False, True] and edited.ran == 2
    other = Bench(tmp_path, Limits(seconds=6))
    assert not set(map(other._name, ["pass"])) & set(bench.known), "another limit is another judgement"

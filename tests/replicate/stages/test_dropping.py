"""Weights go when nothing of the grid needs them, come back with the same bits, and no kill costs a score."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "executors"))
import faults
import tiny

from analysis.errors import InputError
from replicate import dropping
from replicate.cost import Cost, throughput
from replicate.disk import rooms
from replicate.dropping import KINDS, WEIGHTS, Builds, nearer
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Request, launch
from replicate.stages.graph import Graph
from replicate.stages.stage import Stage


def go(folder, only=("none", "squad", "xquad", "mlqa"), drop="trained"):
    one, heard = (
        launch(Request(str(folder / "tiny-study.yaml"), runs=folder / "runs", only=only)),
        faults.Heard(),
    )
    summary = run(one.graph, one.ledger, Inline(one.setting, heard), heard, drop=KINDS[drop])
    assert not summary.failed, summary.failed
    return one, summary, heard


def weights(one, kind):
    """Key -> whether the weights of the stages of a kind lie on the disk."""
    found = [key for key, stage in one.graph.stages.items() if stage.kind == kind]
    return {key: (one.ledger.folder(key) / WEIGHTS).exists() for key in found}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dropping")
    study = tiny.write(folder)
    text = study.read_text().replace("variants: [plain, mlm]", "variants: [plain]")
    study.write_text(text.replace("controls: [random-init, constant]", "controls: []"))
    return folder


def test_a_grid_drops_all_but_the_pretraining_and_goes_on_from_there(folder):
    one, summary, heard = go(folder)
    expected = faults.scores(one)
    assert not any(weights(one, "target").values()) and not any(weights(one, "intermediate").values())
    assert all(weights(one, "pretrain").values())
    assert len(heard.states("dropped")) == len(weights(one, "target")) + len(weights(one, "intermediate"))
    hashes = {key: one.ledger.record(key)["dropped"][WEIGHTS]["sha256"] for key in weights(one, "target")}

    _, summary, heard = go(folder)
    assert not summary.done and not heard.states("dropped"), "a second run does nothing"

    # A lost evaluation needs its target, which needs its intermediate: both are made again, and compared.
    lost = next(k for k, s in one.graph.stages.items() if s.name == "evaluate xquad after squad, seed 0")
    target = one.graph.stages[lost].parents["encoder"]
    above = one.graph.stages[target].parents["encoder"]
    (one.ledger.folder(lost) / "scores.parquet").write_bytes(b"cut")
    _, summary, heard = go(folder, drop="nothing")
    assert set(summary.done) == {lost, target, above} and not heard.states("differs")
    assert faults.scores(one) == expected
    record = one.ledger.record(target)
    assert record["made_again"] == {"first": {WEIGHTS: hashes[target]}, "equal": True}
    assert record["files"][WEIGHTS] == hashes[target]

    _, summary, heard = go(folder)
    assert not summary.done and len(heard.states("dropped")) == 2, (
        "what was kept before goes at the next start"
    )


def test_kills_between_evaluation_and_drop(folder):
    """Every write of the dropping is a moment to die; the next run ends with the same scores and drops the rest."""
    one, _, _ = go(folder, drop="nothing")
    expected = faults.scores(one)
    for key in (*weights(one, "target"), *weights(one, "intermediate")):
        one.ledger.reopen(key)
    one, _, _ = go(folder, drop="nothing")
    assert all(weights(one, "target").values()) and faults.scores(one) == expected
    kills = 0
    for number in range(60):
        child = os.fork()
        if not child:
            try:
                _die_at(1 + number % 4, str(folder / "runs"))
                go(folder)
            finally:  # a child that fails must not go on as a second pytest
                os._exit(0)
        if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
            break
        kills += 1
    assert kills >= 5
    one, summary, _ = go(folder)
    assert not summary.done and faults.scores(one) == expected
    assert not any(weights(one, "target").values()) and not any(weights(one, "intermediate").values())
    assert not list((folder / "runs" / ".work").iterdir())


def _die_at(nth, runs):
    seen = 0

    def hook(event, values):
        nonlocal seen
        writing = event == "open" and isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_CREAT)
        if (writing or event in ("os.rename", "os.remove")) and str(values[0]).startswith(runs):
            seen += 1
            if seen == nth:
                os.kill(os.getpid(), 9)

    sys.addaudithook(hook)


def test_what_builds_on_a_training_is_counted_over_the_whole_graph():
    a = Stage("pretrain", "a", {"n": 1})
    b = Stage("intermediate", "b", {"n": 2}, {"encoder": a.key})
    c = Stage("target", "c", {"n": 3}, {"encoder": b.key})
    d = Stage("evaluate", "d", {"n": 4}, {"encoder": c.key})
    noisy = Stage("evaluate", "noisy", {"n": 5}, {"encoder": c.key})
    retained = Stage("evaluate", "retained", {"n": 6}, {"encoder": a.key, "head": b.key})
    graph = Graph({stage.key: stage for stage in (a, b, c, d, noisy, retained)})
    builds = Builds(graph, KINDS["trained"])
    done = {a.key, b.key, c.key, d.key}
    assert builds.useless(done, graph.stages) == []
    assert builds.useless(done | {noisy.key}, [noisy.key]) == [c.key]
    assert builds.useless(done | {noisy.key, retained.key}, [retained.key]) == [b.key]
    assert Builds(graph, KINDS["targets"]).useless(graph.stages, graph.stages) == [c.key]
    urgent = nearer(
        {a.key: 9.0, b.key: 8.0, c.key: 7.0, d.key: 0.1, noisy.key: 0.1, retained.key: 0.1}, graph
    )
    assert urgent[d.key] == urgent[c.key] == 7.0 and urgent[retained.key] == 8.0


def test_the_disk_of_a_chain_of_trainings():
    """Two targets one after another: kept, both lie there; dropped, one and the checkpoint of the other."""
    a = Stage("pretrain", "a", {"n": 1})
    pairs = []
    for n in (2, 4):
        target = Stage("target", f"t{n}", {"n": n}, {"encoder": a.key})
        pairs += [target, Stage("evaluate", f"e{n}", {"n": n + 1}, {"encoder": target.key})]
    graph = Graph({stage.key: stage for stage in (a, *pairs)})
    each = {
        key: Cost(flops=1e15, bytes=10.0 if stage.kind == "target" else 0.0)
        for key, stage in graph.stages.items()
    }
    speed = throughput("h200-assumed")
    found = rooms(graph, each, speed.__class__(**{**speed.__dict__, "workers": 1}))
    assert (found["nothing"].most, found["nothing"].end) == (10 + 60 + 10, 20)
    assert (found["targets"].most, found["targets"].end) == (70, 0)


def test_a_training_that_selects_holds_its_best_models_too():
    told = {"training": {"a": {"select": {"every": 3}}, "b": {"select": None}}}
    stage = Stage("target", "t", told)
    one = rooms(Graph({stage.key: stage}), {stage.key: Cost(bytes=10.0)}, throughput("h200-assumed"))
    assert (one["nothing"].most, one["nothing"].end) == (10 * (6 + 2) + 10, 10)


def test_what_may_be_dropped():
    assert dropping.kinds("auto", "paper", (), None) == {"target"}
    assert dropping.kinds("auto", "paper", ("squad",), None) == frozenset()
    assert dropping.kinds("auto", "miniature", (), None) == frozenset()
    assert dropping.kinds("auto", "paper", (), "s3://b") == frozenset()
    assert dropping.kinds("targets", "small", ("squad",), None) == {"target"}
    with pytest.raises(InputError, match="would train the intermediates again"):
        dropping.kinds("trained", "paper", ("squad",), None)
    with pytest.raises(InputError, match="weights in a store are kept"):
        dropping.kinds("targets", "paper", (), "s3://b")


def test_programs_are_written_soon_so_that_the_model_can_go():
    a = Stage("target", "a", {"n": 1})
    wrote = Stage("generate", "b", {"n": 2}, {"encoder": a.key, "tokenizer": "t"})
    judged = Stage("evaluate", "c", {"n": 3}, {"completions": wrote.key})
    graph = Graph({stage.key: stage for stage in (a, wrote, judged)})
    assert nearer({a.key: 9.0, wrote.key: 2.0, judged.key: 1.0}, graph)[wrote.key] == 9.0

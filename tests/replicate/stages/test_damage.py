"""Cut and changed files are noticed by their hash, moved aside and made again; two processes never collide."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Request, launch
from replicate.ledger import Damaged, Ledger
from replicate.reservation import Busy, Reservation


class Heard:
    """Keeps the events."""

    def __init__(self):
        self.events = []

    def __call__(self, event):
        self.events.append(event)

    def states(self, state):
        return [event.stage for event in self.events if getattr(event, "state", "") == state]


def go(request):
    one, heard = launch(request), Heard()
    return one, run(one.graph, one.ledger, Inline(one.setting, heard), heard), heard


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damage")
    request = Request(str(tiny.write(folder)), runs=folder / "runs", only=("none", "xnli", "tatoeba"))
    one, summary, _ = go(request)
    assert not summary.failed
    return request, one


def scores(one):
    return {
        key: hashlib.sha256((one.ledger.folder(key) / "scores.parquet").read_bytes()).hexdigest()
        for key, stage in one.graph.stages.items()
        if stage.kind == "evaluate"
    }


def test_a_second_run_does_nothing(finished):
    _, summary, heard = go(finished[0])
    assert not summary.done and len(summary.cached) == len(finished[1].graph.stages)
    assert not heard.states("started")


@pytest.mark.parametrize("kind", ["tokenizer", "pretrain", "target", "evaluate"])
@pytest.mark.parametrize("damage", ["cut", "changed", "record"])
def test_a_damaged_record_is_redone_with_the_same_scores(finished, kind, damage):
    request, one = finished
    before = scores(one)
    stage = next(stage for stage in one.graph.stages.values() if stage.kind == kind)
    folder = one.ledger.folder(stage.key)
    path = max((p for p in folder.iterdir() if p.name != "record.json"), key=lambda p: p.stat().st_size)
    if damage == "record":
        (folder / "record.json").write_text('{"schema": "verify-claims/run/1", ')
    else:
        content = path.read_bytes()
        path.write_bytes(content[:-7] if damage == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    _, summary, heard = go(request)
    assert summary.done == [stage.key] and heard.states("redone") == [stage.name]
    assert scores(one) == before


@pytest.mark.parametrize("content", ["[]", "{}", '{"schema": "verify-claims/run/1", "key": "k"}', "\x00"])
def test_a_record_that_names_no_files_is_moved_aside(tmp_path, content):
    ledger = Ledger(tmp_path)
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "record.json").write_text(content)
    assert ledger.record("k") is None and not ledger.whole("k")
    assert (tmp_path / ".damaged" / "k-0" / "record.json").read_text() == content


def test_a_half_written_checkpoint_is_not_trusted(tmp_path):
    from torch import nn

    from replicate.recipes.recipe import Training
    from replicate.train.checkpoint import Progress, load_state, save_state
    from replicate.train.optimiser import adamw

    model = nn.Linear(3, 3)
    optimiser = adamw(model, Training(lr=1e-3, batch=1, epochs=1))
    model(model.weight).sum().backward()
    optimiser.step()
    save_state(tmp_path, model, optimiser, Progress(step=5))
    (path,) = tmp_path.glob("step-*.safetensors")
    assert load_state(tmp_path, model, optimiser).step == 5
    path.write_bytes(path.read_bytes()[:-1])
    assert load_state(tmp_path, model, optimiser).step == 0
    assert not path.exists()


def test_damage_is_named(finished):
    _, one = finished
    key = next(iter(one.graph.stages))
    copy = Ledger(one.ledger.root)
    with pytest.raises(Damaged, match="is absent or changed"):
        path = copy.folder(key) / "tokenizer.json"
        content = path.read_bytes()
        path.write_bytes(b"")
        try:
            copy.verify(key)
        finally:
            path.write_bytes(content)


def test_a_living_reservation_is_respected_and_a_dead_one_is_taken_over(tmp_path):
    with (
        Reservation(tmp_path, "k"),
        pytest.raises(Busy, match=f"process {os.getpid()}"),
        Reservation(tmp_path, "k"),
    ):
        pass
    assert not list((tmp_path / ".claims").iterdir())
    child = os.fork()
    if not child:
        Reservation(tmp_path, "k").__enter__()
        os._exit(0)  # dies without giving back
    os.waitpid(child, 0)
    assert list((tmp_path / ".claims").iterdir())
    with Reservation(tmp_path, "k") as mine:
        assert mine.path is not None and mine.path.name == "k.000001"
    assert not list((tmp_path / ".claims").iterdir())


def test_a_silent_reservation_of_another_machine_is_taken_over_after_two_minutes(tmp_path):
    folder = tmp_path / ".claims"
    folder.mkdir()
    path = folder / "k.000000"
    path.write_text(json.dumps({"pid": 1, "host": "elsewhere-" + socket.gethostname(), "since": 0}))
    with pytest.raises(Busy, match="elsewhere"), Reservation(tmp_path, "k"):
        pass
    os.utime(path, (1, 1))
    with Reservation(tmp_path, "k"):
        pass

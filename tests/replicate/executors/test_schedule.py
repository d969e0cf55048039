"""Workers that die, stages that fail, and two processes on one folder: the rest goes on and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from replicate.executors.executor import Ended
from replicate.executors.processes import Processes
from replicate.executors.schedule import run
from replicate.launch import Request, launch
from replicate.ledger import Ledger
from replicate.stages.graph import Graph
from replicate.stages.stage import Stage


class Scripted:
    """An executor that ends stages as it is told to; the schedule under test is the real one."""

    capacity = 2

    def __init__(self, ledger, script):
        self.ledger, self.script, self.tried, self.queue = ledger, script, [], []

    def submit(self, stage):
        self.queue.append(stage)

    def wait(self, seconds):
        ended = []
        for stage in self.queue:
            self.tried.append(stage.name)
            ends = self.script.get(stage.name, [])
            end = ends.pop(0) if ends else Ended(stage.key, "done")
            if end.state == "done":
                self.ledger.publish(stage.key, {"kind": stage.kind, "facts": {}}, {})
            ended.append(Ended(stage.key, end.state, end.cause, end.hopeless))
        self.queue.clear()
        return ended

    def close(self):
        pass


def chain():
    a = Stage("pretrain", "a", {"n": 1})
    b = Stage("target", "b", {"n": 2}, {"encoder": a.key})
    c = Stage("evaluate", "c", {"n": 3}, {"encoder": b.key})
    d = Stage("target", "d", {"n": 4}, {"encoder": a.key})
    return Graph({stage.key: stage for stage in (a, b, c, d)})


def go(tmp_path, script):
    events = []
    ledger, graph = Ledger(tmp_path), chain()
    executor = Scripted(ledger, script)
    return run(graph, ledger, executor, events.append), executor, events, graph


def test_a_failure_is_tried_once_more(tmp_path):
    summary, executor, events, _ = go(tmp_path, {"b": [Ended("", "failed", "the card fell out")]})
    assert not summary.failed and len(summary.done) == 4 and executor.tried.count("b") == 2
    assert [(e.stage, e.detail) for e in events if e.state == "retried"] == [("b", "the card fell out")]


def test_two_failures_take_only_what_builds_on_them(tmp_path):
    broken = Ended("", "failed", "no")
    summary, _, _, graph = go(tmp_path, {"b": [broken, broken]})
    names = {key: stage.name for key, stage in graph.stages.items()}
    assert [names[key] for key in summary.failed] == ["b"]
    assert {names[key]: lost for key, lost in summary.skipped.items()} == {"c": "b"}
    assert sorted(names[key] for key in summary.done) == ["a", "d"]


def test_what_would_fail_again_is_not_tried_again(tmp_path):
    _, executor, _, _ = go(tmp_path, {"b": [Ended("", "failed", "bad label", hopeless=True)]})
    assert executor.tried.count("b") == 1


def test_a_dead_worker_is_replaced_and_its_stage_retried(tmp_path):
    request = Request(str(tiny.write(tmp_path)), runs=tmp_path / "runs", only=("none", "udpos"))
    one = launch(request)
    heard = []

    def reporter(event):
        heard.append(event)
        first = heard.count(event) == 1 and getattr(event, "state", "") == "started"
        if first and event.stage == "pretraining":
            os.kill(executor.workers[0][0].pid, signal.SIGKILL)

    executor = Processes(one.setting, reporter, 1)
    try:
        summary = run(one.graph, one.ledger, executor, reporter)
    finally:
        executor.close()
    assert not summary.failed and len(summary.done) == len(one.graph.stages)
    (retried,) = [event for event in heard if getattr(event, "state", "") == "retried"]
    assert "signal 9" in retried.detail


@pytest.mark.slow
def test_two_processes_share_one_folder(tmp_path):
    study = tiny.write(tmp_path)
    command = [
        sys.executable,
        "-m",
        "verify_claims.main",
        "replicate",
        str(study),
        "--runs",
        str(tmp_path / "runs"),
    ]
    command += ["--only", "none,udpos,tatoeba", "--executor", "inline", "--log-json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    assert ends[0][0] == ends[1][0] and "tatoeba" in ends[0][0]
    events = [json.loads(line) for _, errors in ends for line in errors.splitlines() if line.startswith("{")]
    started = [event["stage"] for event in events if event.get("state") == "started"]
    assert len(started) == len(set(started)), "a stage ran twice"
    assert not list((tmp_path / "runs" / ".claims").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_order(tmp_path, sent, code):
    """By a person or by the system: one line, a code of its own, no worker left behind, and nothing reserved."""
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    script += "from verify_claims.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "replicate", str(tiny.write(tmp_path)), "--log-json"]
    command += ["--runs", str(tmp_path / "runs"), "--only", "none,udpos", "--workers", "1"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    stopped = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    for line in stopped.stderr:
        if '"started"' in line:
            stopped.send_signal(sent)
            break
    said = stopped.stderr.read()
    assert stopped.wait(timeout=60) == code
    assert said.splitlines()[-1] == "stopped; the same command goes on from here" and "Traceback" not in said
    owners = [json.loads(path.read_text())["pid"] for path in (tmp_path / "runs/.claims").iterdir()]
    assert not any(Path(f"/proc/{pid}").exists() for pid in owners)

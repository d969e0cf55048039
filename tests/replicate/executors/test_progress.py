"""What a person sees of a run: what is done, what was done before, and when the rest will be."""

from __future__ import annotations

import time

import pytest

from replicate.progress import State, Step, Terminal


def test_stages_done_before_are_one_line(capsys):
    with Terminal(5) as terminal:
        for name in "abc":
            terminal(State(name, "cached"))
        terminal(State("d", "started"))
        terminal(State("d", "done", seconds=4.2))
        terminal(State("e", "failed", "no disk"))
    assert capsys.readouterr().err.splitlines() == [
        "[3/5] 3 stages done before",
        "[4/5] d done in 4.2 s",
        "[5/5] e failed: no disk",
    ]
    with Terminal(1) as terminal:
        terminal(State("a", "cached"))
    assert capsys.readouterr().err.splitlines() == ["[1/1] 1 stage done before"]
    with Terminal(1, quiet=True) as terminal:
        terminal(State("a", "cached"))
    assert capsys.readouterr().err == ""


def test_the_rest_is_told_from_what_has_ended(capsys):
    terminal = Terminal(4, hours={"a": 1.0, "b": 2.0, "c": 6.0, "d": 1.0})
    assert terminal.remaining is None
    terminal(State("d", "cached"))
    assert terminal.remaining is None, "what was done before says nothing of this machine"
    terminal.since = time.monotonic() - 100.0
    terminal(State("a", "done"))
    assert terminal.remaining == pytest.approx(100 / 1 * (2 + 6), rel=0.01)
    terminal(Step("c", 50, 100, 0.5, 10, 1.0))
    assert terminal.remaining == pytest.approx(100 / (1 + 3) * (2 + 3), rel=0.01)
    terminal(State("b", "failed", "no"))
    assert terminal.remaining == pytest.approx(100 / (1 + 3) * 3, rel=0.01)
    terminal(State("c", "done"))
    assert terminal.remaining == 0
    told = capsys.readouterr().err.splitlines()
    assert told[1].startswith("[2/4] a done, about 13 min") and told[-1] == "[4/4] c done"

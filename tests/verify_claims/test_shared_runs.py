"""`plan` and `run` take what `replicate` takes for --runs: a folder, or the URL of a shared store."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from verify_claims.plan import app as plan
from verify_claims.run import app as run

TOLD = ["--only", "none,udpos", "--seeds", "1", "--recipe", "miniature"]


@pytest.mark.parametrize("protocol", ["file", "memory"])
def test_a_stage_run_into_a_store_is_done_for_every_machine(tmp_path, monkeypatch, protocol):
    url = f"{protocol}://{tmp_path}/store"

    def planned(machine, *more):
        monkeypatch.setenv("VERIFY_CLAIMS_CACHE", str(tmp_path / machine))
        shown = CliRunner().invoke(plan, [*TOLD, "--runs", url, *more])
        assert shown.exit_code == 0, shown.output
        return shown.output

    def stages(machine):
        return {one["kind"]: one for one in json.loads(planned(machine, "--json"))["plans"][0]["stages"]}

    constant = stages("here")["constant"]
    assert not constant["done"]
    ended = CliRunner().invoke(run, [constant["key"], *TOLD, "--runs", url, "--log-json"])
    assert ended.exit_code == 0, ended.output
    assert stages("there")["constant"]["done"]  # a cache that has seen nothing
    commands = planned("there", "--shell").splitlines()
    assert commands and all(f"--runs {url}" in line for line in commands)
    assert not any(constant["key"] in line for line in commands)


def test_a_store_that_cannot_be_is_one_message(tmp_path, monkeypatch):
    monkeypatch.setenv("VERIFY_CLAIMS_CACHE", str(tmp_path))
    for app, told in ((plan, TOLD), (run, ["0", *TOLD])):
        shown = CliRunner().invoke(app, [*told, "--runs", "nosuch://bucket/runs"])
        assert shown.exit_code == 2 and "nosuch" in shown.output and "Traceback" not in shown.output

"""Slurm jobs by submitit's local executor: the same scores, also after a killed job and a lost record."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import faults

from analysis.errors import InputError
from replicate.executors.schedule import run
from replicate.executors.slurm_jobs import SlurmJobs
from replicate.launch import launch

pytest.importorskip("submitit", reason="needs the extra [slurm]")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slurm")
    return folder, faults.reference(folder)


def go(one, heard, where="local", jobs=2, **options):
    with closing(SlurmJobs(one.setting, heard, jobs, {"where": where, **options})) as crew:
        return run(one.graph, one.ledger, crew, heard)


@pytest.mark.slow
def test_a_killed_job_and_a_lost_record(place):
    folder, expected = place
    one, heard = faults.begun(folder, "harmed"), faults.Heard()
    tokenizer = next(key for key, stage in one.graph.stages.items() if stage.kind == "tokenizer")

    def harm():
        faults.kill(faults.in_the_middle(one)[0])
        shutil.rmtree(one.ledger.folder(tokenizer))

    saboteur = faults.Saboteur(harm)
    summary = go(one, heard)
    assert saboteur.done, saboteur.error
    assert not summary.failed and not summary.skipped
    assert heard.states("retried") and set(heard.states("redone")) == {"tokenizer"}
    assert faults.scores(one) == expected


@pytest.mark.slow
@pytest.mark.skipif(
    "VERIFY_CLAIMS_CLUSTERS" not in os.environ, reason="starts nine processes: make test-clusters runs it"
)
def test_stages_that_share_a_job_give_the_same_scores(place):
    folder, expected = place
    one, heard = faults.begun(folder, "packed"), faults.Heard()
    summary = go(one, heard, jobs=1, pack="2")
    assert not summary.failed
    started = [event for event in heard.events if getattr(event, "state", "") == "started"]
    assert len({event.detail for event in started}) < len(started), "no job had two stages"
    assert faults.scores(one) == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"where": "local", "pack": "none"}, "pack=none"),
        ({"where": "local", "no_such_thing": "1"}, "no_such_thing"),
        ({"where": "slurm", "slurm_partition": "gpu"}, "slurm"),
    ],
)
def test_bad_settings_are_told_before_anything_runs(place, options, said):
    if options["where"] == "slurm" and shutil.which("sbatch"):
        pytest.skip("there is a Slurm here")
    one = launch(faults.request(place[0], "bad"))
    with pytest.raises(InputError, match=said):
        SlurmJobs(one.setting, faults.Heard(), 1, options)

"""Ray tasks on a real cluster of two nodes on loopback: the same scores, whatever is killed or lost.

Needs the extra [ray] (240 MB): `make test-clusters` installs it and runs these.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import faults

from analysis.errors import InputError
from replicate.executors.schedule import run
from replicate.launch import launch

ray = pytest.importorskip("ray", reason="needs the extra [ray]: make test-clusters")
from ray.cluster_utils import Cluster  # noqa: E402

from replicate.executors.ray_tasks import RayTasks  # noqa: E402

pytestmark = [pytest.mark.ray, pytest.mark.slow]

QUICK = {
    "health_check_initial_delay_ms": 500,
    "health_check_period_ms": 500,
    "health_check_failure_threshold": 3,
}
"""How soon a silent node counts as lost; Ray's own values are half a minute."""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ray")
    return folder, faults.reference(folder)


@pytest.fixture
def cluster():
    """A head that runs nothing, and two nodes of one CPU and one (made up) GPU each."""
    found = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "include_dashboard": False, "_system_config": QUICK},
    )
    nodes = [found.add_node(num_cpus=1, num_gpus=1) for _ in range(2)]
    ray.init(address=found.address, log_to_driver=False)
    found.wait_for_nodes()
    yield found, nodes
    ray.shutdown()
    found.shutdown()


def go(one, heard, **options):
    with closing(RayTasks(one.setting, heard, options={"gpus": "0.5", **options})) as crew:
        return run(one.graph, one.ledger, crew, heard)


def test_a_node_killed_in_the_middle_of_a_stage(place, cluster):
    folder, expected = place
    found, nodes = cluster
    one, heard = launch(faults.request(folder, "node")), faults.Heard()

    def lose():
        above = faults.ancestors(faults.in_the_middle(one)[0])
        (node,) = [node for node in nodes if node.all_processes["raylet"][0].process.pid in above]
        found.remove_node(node, allow_graceful=False)

    saboteur = faults.Saboteur(lose)
    summary = go(one, heard)
    assert saboteur.done, saboteur.error
    assert not summary.failed and not summary.skipped
    assert faults.scores(one) == expected


def test_a_killed_worker_and_a_lost_record(place, cluster):
    folder, expected = place
    one, heard = launch(faults.request(folder, "worker")), faults.Heard()
    pretrain = next(key for key, stage in one.graph.stages.items() if stage.kind == "pretrain")

    def harm():
        faults.kill(faults.in_the_middle(one)[0])
        shutil.rmtree(one.ledger.folder(one.graph.stages[pretrain].parents["tokenizer"]))

    saboteur = faults.Saboteur(harm)
    summary = go(one, heard)
    assert saboteur.done, saboteur.error
    assert not summary.failed and not summary.skipped
    assert heard.states("redone"), "nobody missed the record"
    assert faults.scores(one) == expected


def test_bad_settings_are_told(place, cluster):
    one = launch(faults.request(place[0], "bad"))
    for options, said in ({"gpu": "1"}, "gpu: Ray has no such"), ({"gpus": "many"}, "gpus=many"):
        with pytest.raises(InputError, match=said):
            RayTasks(one.setting, faults.Heard(), options=options)

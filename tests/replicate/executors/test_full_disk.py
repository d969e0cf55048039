"""A full disk stops a grid with a message; with room again, the same command ends it with the same scores.

The disk is real: a file system of a few hundred kilobytes in memory, in a mount namespace of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import faults

from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import launch

TRY = """
mount -t tmpfs -o size={first}k none {folder} || exit 77
"{python}" -m verify_claims.main {arguments}; first=$?
mount -o remount,size=64m {folder} || exit 77
"{python}" -m verify_claims.main {arguments}; second=$?
cp -r {folder}/. {copy}
echo "exits $first $second"
"""


def may_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_a_grid_on_a_full_disk_goes_on_when_there_is_room(tmp_path):
    if not may_mount():
        pytest.skip("this system lets nobody mount a small file system in a namespace of its own")
    expected = faults.reference(tmp_path)
    (disk := tmp_path / "disk").mkdir()
    (copy := tmp_path / "runs").mkdir()
    arguments = (
        f"replicate {tmp_path / 'tiny-study.yaml'} --only none,xnli,udpos --runs {disk} --executor inline"
        " --device cpu --quiet --checkpoint 0"
    )
    script = TRY.format(first=256, folder=disk, python=sys.executable, arguments=arguments, copy=copy)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert "exits 3 0" in done.stdout, done.stdout[-1500:] + done.stderr[-3000:]
    assert "no space left under" in done.stderr and "Traceback" not in done.stderr
    one, heard = launch(faults.request(tmp_path, "runs")), faults.Heard()
    summary = run(one.graph, one.ledger, Inline(one.setting, heard), heard)
    assert not summary.done and len(summary.cached) == len(one.graph.stages)
    assert faults.scores(one) == expected

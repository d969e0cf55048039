"""The command: refuses clearly where there is no GPU, and writes nothing then."""

from __future__ import annotations

import pytest
import torch
from typer.testing import CliRunner

from verify_claims.bench import app


def test_without_a_gpu_it_says_so_and_writes_nothing(tmp_path):
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    shown = CliRunner().invoke(app, ["gpu", "--out", str(tmp_path / "out")])
    assert shown.exit_code == 2
    assert "sees no CUDA device" in shown.stderr and "bench cpu" in shown.stderr
    assert not (tmp_path / "out").exists()

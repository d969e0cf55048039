"""Where the reference data lies: VERIFY_CLAIMS_SHARED, else `../shared` beside the checkout; absent: skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    named = os.environ.get("VERIFY_CLAIMS_SHARED")
    folder = Path(named) if named else Path(__file__).parents[2].parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("reference data is not here: set VERIFY_CLAIMS_SHARED to the folder that holds data/")
    return folder

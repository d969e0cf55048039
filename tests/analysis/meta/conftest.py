from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """Values of metafor and clubSandwich; benchmarks/meta_reference.R writes them, `version` says from what."""
    return json.loads((Path(__file__).parent / "metafor_reference.json").read_text())


@pytest.fixture(scope="session")
def sets(reference: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Data sets of the reference; mods is (k, 2) or None."""
    return {
        name: {
            "yi": np.array(item["yi"], float),
            "vi": np.array(item["vi"], float),
            "mods": np.array(item["mods"], float) if item.get("mods") else None,
        }
        for name, item in reference["sets"].items()
    }

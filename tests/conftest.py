"""What all tests share: a cache of their own, and floating-point rules that training leaves as it found them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("VERIFY_CLAIMS_CACHE")
    os.environ["VERIFY_CLAIMS_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["VERIFY_CLAIMS_CACHE"]
    else:
        os.environ["VERIFY_CLAIMS_CACHE"] = before


@pytest.fixture(scope="module", autouse=True)
def gradual_underflow() -> Iterator[None]:
    """Training flushes subnormal numbers to zero for its whole process; the next module must not feel it."""
    yield
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_flush_denormal(False)

"""What all tests share: a cache of their own, so that they neither use nor fill the user's."""

import os
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

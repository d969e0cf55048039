"""Where the output goes is not ours: a full disk, a closed stream, a device, a pipe, a link."""

import subprocess
import sys
from pathlib import Path

import pytest

from reports.whole import write_whole

FULL = Path("/dev/full")
COMMAND = f"{sys.executable} -m verify_claims.main"


def shell(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)


@pytest.mark.skipif(not FULL.is_char_device(), reason="no device /dev/full")
def test_a_full_disk_is_told_in_one_line() -> None:
    done = shell(f"{COMMAND} schema > /dev/full")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: No space left on device; make room, or choose another place for the output"
    ]


def test_closed_streams_do_not_matter() -> None:
    done = shell(f"{COMMAND} schema >&-")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not FULL.is_char_device(), reason="no device /dev/full")
def test_a_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_whole(FULL, b"x")
    assert FULL.is_char_device()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]

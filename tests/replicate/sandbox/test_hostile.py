"""Hostile programs are contained, with namespaces and without them; no test leaves a process behind."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from analysis.errors import InputError
from replicate.sandbox.limits import Limits
from replicate.sandbox.protection import Protection
from replicate.sandbox.run import Ended, run, run_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
QUICK = Limits(seconds=2, memory=256 * 2**20)


@pytest.fixture(params=[True, False], ids=["namespaces", "landlock"])
def protection(request: pytest.FixtureRequest) -> Protection:
    chosen = Protection(request.param)
    try:
        run("pass", Limits(seconds=30), chosen)
    except InputError as error:
        pytest.skip(f"not to be had here: {error}")
    return chosen


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """No process of this test is there afterwards."""
    before = set(_children())
    yield
    deadline = time.monotonic() + 5
    while (left := set(_children()) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def _children() -> list[int]:
    """Processes whose command line names the inner side."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"replicate.sandbox.inside" in told and str(os.getpid()).encode() not in told:
                found.append(int(entry.name))
    return found


def fails_with(program: str, protection: Protection, limits: Limits = QUICK) -> Ended:
    found = run(program, limits, protection)
    assert not found.passed, found
    return found


def test_a_program_passes_fails_or_leaves_early(protection: Protection) -> None:
    assert run("x = sum(range(10))\nassert x == 45", QUICK, protection).how == "passed"
    wrong = run("def f():\n    return 1\nassert f() == 2, 'not two'", QUICK, protection)
    assert (wrong.how, wrong.detail) == ("failed", "AssertionError: not two")
    assert run("import sys\nsys.exit(0)\nassert False", QUICK, protection).detail == "it left early"
    assert run("import os\nos._exit(0)", QUICK, protection).detail == "it left early"
    assert run("def f(:", QUICK, protection).detail.startswith("SyntaxError")
    assert run("print('über', '語')", QUICK, protection).output == "über 語\n"


@pytest.mark.usefixtures("nothing_left")
def test_no_process_can_be_made(protection: Protection) -> None:
    bomb = "import os\nwhile True:\n    os.fork()"
    assert "Error" in fails_with(bomb, protection).detail
    daemon = "import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass"
    assert "PermissionError" in fails_with(daemon, protection).detail
    for one in (
        "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'sleep 60'])",
        "import os\nos.execv('/bin/sleep', ['sleep', '60'])",
        "import os\nos.posix_spawn('/bin/sleep', ['sleep', '60'], {})",
        "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
        "import os\nos.setsid()",
        "import ctypes\nassert ctypes.CDLL(None).syscall(57) == 0",
    ):
        fails_with(one, protection)


@pytest.mark.usefixtures("nothing_left")
def test_time_is_limited_whatever_it_does_with_signals(protection: Protection) -> None:
    short = Limits(seconds=1)
    started = time.monotonic()
    several = ["while True: pass"]
    ignoring = (
        "import signal, time\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True:\n    try: time.sleep(9)\n    except BaseException: pass"
    )
    several.append(ignoring)
    asleep = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\ntime.sleep(60)"
    several.append(asleep)
    closing = "import os, time\nfor fd in range(64):\n    try: os.close(fd)\n    except OSError: pass\ntime.sleep(60)"
    several.append(closing)
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda one: run(one, short, protection), several))
    assert [one.how for one in ended] == ["time"] * 4
    assert time.monotonic() - started < 30


def test_signals_reach_nobody(protection: Protection) -> None:
    for one in (
        f"import os\nos.kill({os.getpid()}, 0)",
        "import os\nos.kill(os.getppid(), 9)",
        "import os\nos.kill(-1, 9)",
        "import os\nos.killpg(0, 9)",
        f"import resource\nresource.prlimit({os.getpid()}, resource.RLIMIT_NOFILE, (8, 8))",
        f"import ctypes\nassert ctypes.CDLL(None).ptrace(16, {os.getpid()}, 0, 0) == 0",
    ):
        fails_with(one, protection)


def test_memory_is_limited(protection: Protection) -> None:
    assert fails_with("x = bytearray(10**10)", protection).detail == "MemoryError"
    slowly = "x = []\nwhile True:\n    x.append(bytearray(10**6))"
    assert "MemoryError" in fails_with(slowly, protection).detail
    threads = (
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(60,)).start()"
    )
    assert fails_with(threads, protection).how in ("failed", "time", "killed")


def test_output_is_limited(protection: Protection) -> None:
    found = fails_with("while True: print('x' * 1000)", protection)
    assert found.how == "output" and len(found.output) <= QUICK.output


def test_no_network(protection: Protection) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    server.setblocking(False)
    for one in (
        f"import socket\nsocket.create_connection(('127.0.0.1', {port}))",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
        "import socket\nsocket.socket(socket.AF_INET6)",
        "import socket\nsocket.socket(socket.AF_UNIX)",
        "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "import socket\nsocket.socketpair()",
        "import urllib.request\nurllib.request.urlopen('http://example.org')",
        "import ctypes\nassert ctypes.CDLL(None).syscall(425, 8, 0) >= 0",
    ):
        fails_with(one, protection)
    with server, pytest.raises(BlockingIOError):  # nobody has come
        server.accept()


def test_files_outside_are_neither_read_nor_written(protection: Protection, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("token")
    secret.chmod(0o644)
    for one in (
        f"open({str(secret)!r}).read()",
        f"open({str(secret)!r}, 'w').write('x')",
        f"open({str(tmp_path / 'new')!r}, 'w').write('x')",
        f"import os\nos.remove({str(secret)!r})",
        f"import os\nos.chmod({str(secret)!r}, 0o777)",
        f"import os\nos.utime({str(secret)!r}, (0, 0))",
        f"import os\nos.truncate({str(secret)!r}, 0)",
        f"import os\nos.rename({str(secret)!r}, {str(tmp_path / 'b')!r})",
        f"import os\nos.symlink({str(secret)!r}, '/tmp/link')\nopen('/tmp/link').read()",
        f"import os\nos.listdir({str(tmp_path)!r})",
        f"open('/proc/{os.getpid()}/environ').read()",
        "open('/proc/self/environ').read()",
        "open('/etc/passwd').read()",
        "import os\nopen(os.__file__, 'a').write('x')",
        "import os\nos.mkdir('/usr/lib/x')",
        "open('/dev/sda', 'rb')",
        "open('/dev/mem', 'rb')",
    ):
        fails_with(one, protection)
    assert secret.read_text() == "token" and list(tmp_path.iterdir()) == [secret]


def test_the_private_folder_is_small_and_gone_afterwards(protection: Protection) -> None:
    if not protection.namespaces:
        fails_with("open('/tmp/mine', 'w').write('x')", protection)
        return
    assert run(
        "open('/tmp/m', 'w').write('x')\nassert open('/tmp/m').read() == 'x'", QUICK, protection
    ).passed
    assert fails_with("open('/tmp/m')", protection).detail.startswith("FileNotFoundError")
    many = "for i in range(10**6):\n    open(f'/tmp/{i}', 'wb').write(b'x' * 10**6)"
    assert "No space left" in fails_with(many, protection).detail
    large = "open('/tmp/m', 'wb', buffering=0).write(b'x' * 5 * 10**6)\nopen('/tmp/m', 'ab', 0).write(b'x')"
    assert "File too large" in fails_with(large, protection).detail
    assert (
        "No space left"
        in fails_with("import os\nfor i in range(10**5): os.mkdir(f'/tmp/{i}')", protection).detail
    )


def test_the_environment_holds_no_secret(protection: Protection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret-token")
    found = run("import os\nprint(dict(os.environ))", QUICK, protection)
    assert found.passed and "secret-token" not in found.output and "TOKEN" not in found.output
    shell = "import ctypes\nl = ctypes.CDLL(None)\nl.getenv.restype = ctypes.c_char_p\n"
    shell += "assert l.getenv(b'HF_TOKEN') is None"
    assert run(shell, QUICK, protection).passed


def test_no_way_back_out(protection: Protection) -> None:
    for number, name in (
        (272, "unshare"),
        (308, "setns"),
        (161, "chroot"),
        (165, "mount"),
        (155, "pivot_root"),
    ):
        if os.uname().machine != "x86_64":
            pytest.skip("numbers of x86-64")
        program = f"import ctypes\nassert ctypes.CDLL(None).syscall({number}, 0x10000000, 0, 0, 0, 0) >= 0, {name!r}"
        assert fails_with(program, protection).detail == f"AssertionError: {name}"
    caps = "import ctypes\nh = (ctypes.c_uint32 * 2)(0x20080522, 0)\nd = (ctypes.c_uint32 * 6)()\n"
    caps += "assert ctypes.CDLL(None).capget(h, d) == 0\nassert not any(d), list(d)"
    assert run(caps, QUICK, protection).passed


def test_descriptors_of_the_caller_are_not_there(protection: Protection, tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        program = "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'x')\n    except OSError: pass"
        run(program, QUICK, protection)
    assert (tmp_path / "open").read_text() == ""


def test_protections_are_named_and_a_missing_one_refuses() -> None:
    found = run_all(["pass", "assert False"], Limits(seconds=30))
    assert [one.how for one in found] == ["passed", "failed"]
    assert any(name.startswith("seccomp: ") for name in found[0].protections)
    with pytest.raises(InputError) as caught:
        raise Protection(True).refusal("unshare: Operation not permitted")
    assert "unshare: Operation not permitted" in str(caught.value)


def test_limits_are_positive() -> None:
    with pytest.raises(InputError, match="sandbox limit seconds: 0") as caught:
        Limits(seconds=0, memory=-1)
    assert "memory" in str(caught.value)

"""The cache of whole checks: it repeats a run to the byte, and never one that would come out otherwise."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from claims.scaffold import make_study
from verify_claims import cache

PROGRAM = """
import sys
from verify_claims.main import main
try:
    main(sys.argv[1:])
finally:
    sys.stdout.flush()
    open({probe!r}, "w").write("run" if "pydantic" in sys.modules else "replayed")
"""


class Done(NamedTuple):
    how: str
    code: int
    out: bytes
    err: bytes


class Checker:
    """Runs `check` with a cache of its own and tells whether it was replayed."""

    def __init__(self, folder: Path) -> None:
        self.cache, self.probe = folder / "cache", folder / "probe"
        self.env = {"VERIFY_CLAIMS_CACHE": str(self.cache), "PYTHONUTF8": "1"}

    def start(self, *arguments: str | Path, env: dict[str, str] | None = None) -> Any:
        time.sleep(
            0.05
        )  # what was written less than 20 ms before a run is not at rest, and such a run is not kept
        command = [sys.executable, "-c", PROGRAM.format(probe=str(self.probe)), *map(str, arguments)]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.env, **(env or {})},
        )

    def __call__(self, *arguments: str | Path, env: dict[str, str] | None = None) -> Done:
        process = self.start("check", *arguments, env=env)
        out, err = process.communicate(timeout=120)
        return Done(self.probe.read_text(), process.returncode, out, err)


@pytest.fixture
def check(tmp_path: Path) -> Checker:
    return Checker(tmp_path)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study that reads everything that a study can: tables, other tools' files, documents, reports."""
    folder = tmp_path / "paper"
    make_study(folder)
    claims = (folder / "claims.yaml").read_text()
    claims = claims.replace(
        "evidence: [results.csv]",
        "evidence: [results.csv, tables]\ncollect:\n"
        "  - {path: 'runs/*/metrics/{seed}.json', as: json, options: {values: [{at: /acc, metric: acc}]},"
        " set: {source: run, target: t}}",
    ).replace(
        "    assert:\n      - kind: gain",
        "    printed_in: [{file: paper.md, text: 'by {} points'}]\n    assert:\n      - kind: gain",
    )
    (folder / "claims.yaml").write_text(claims)
    (folder / "paper.md").write_text("We improve it by 2.2 points.\n")
    (folder / "tables").mkdir()
    head = (folder / "results.csv").read_text().splitlines()[0]
    (folder / "tables" / "more.csv").write_text(f"{head}\nother,T,,,,x,acc,1.0,1.0,seen\n")
    for run in ("a", "b"):
        (folder / "runs" / run).mkdir(parents=True)
    (folder / "runs" / "a" / "metrics").mkdir()
    (folder / "runs" / "a" / "metrics" / "1.json").write_text('{"acc": 1.0}')
    return folder


def append(name: str, text: str) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        path = study / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text() if path.exists() else "") + text)

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "claims": append("claims.yaml", "# a comment\n"),
    "results": append("results.csv", "other,T,,,,y,acc,2.0,2.0,seen\n"),
    "table in a folder": append("tables/more.csv", "other,T,,,,z,acc,2.0,2.0,seen\n"),
    "new table in a folder": append(
        "tables/n.csv", "source,locator,target,metric,value,status\nn,T,x,acc,1.0,seen\n"
    ),
    "sources": append("sources.yaml", "# a comment\n"),
    "document": append("paper.md", "Again by 2.2 points.\n"),
    "file of another tool": append("runs/a/metrics/1.json", " "),
    "new match of a pattern": append("runs/b/metrics/2.json", '{"acc": 1.5}'),
    "new baseline": append("baseline.yaml", "schema: verify-claims/baseline/1\naccepted: []\n"),
    "new report": append(
        "reports/one.md", "# One\n\n| Claim | Verified |\n|---|---|\n| It is 2.2. | yes |\n"
    ),
    "gone table": lambda study: (study / "tables" / "n.csv").unlink(),
}


def test_no_change_is_replayed_and_any_change_is_not(study: Path, check: Checker) -> None:
    first = check(study)
    assert first.how == "run" and first.code == 0, first.err
    assert check(study) == first._replace(how="replayed")
    assert check(study, "--no-cache") == first
    for what, change in CHANGES.items():
        change(study)
        assert check(study).how == "run", what
        again = check(study)
        assert again.how == "replayed", (what, again)
    assert check(study, "--no-cache")._replace(how="replayed") == again


def test_what_changes_the_output_is_part_of_the_key(study: Path, check: Checker) -> None:
    assert check(study).how == "run"
    assert check(study, "--json").how == "run" and check(study, "--json").how == "replayed"
    assert check(study, "--fail-on", "never").how == "run"
    for name in ("COLUMNS", "NO_COLOR", "SOURCE_DATE_EPOCH"):
        assert check(study, env={name: "77"}).how == "run"
    assert check(study).how == "replayed"


def test_failing_runs_and_files_are_replayed_too(study: Path, check: Checker, tmp_path: Path) -> None:
    append("paper.md", "Somewhere else by 9.9 points.\n")(study)
    files = [study / "j.xml", tmp_path / "s.sarif"]
    first = check(study, "--junit", files[0], "--sarif", files[1])
    written = [path.read_bytes() for path in files]
    assert first.code == 1
    for path in files:
        path.unlink()
    assert check(study, "--junit", files[0], "--sarif", files[1]) == first._replace(how="replayed")
    assert [path.read_bytes() for path in files] == written


def test_an_invalid_file_is_told_every_time(study: Path, check: Checker) -> None:
    append("claims.yaml", "odd: true\n")(study)
    assert [check(study)[:2] for _ in range(2)] == [("run", 2), ("run", 2)]


def test_a_damaged_entry_is_ignored_and_replaced(study: Path, check: Checker) -> None:
    first = check(study)
    for name in ("run", "claims"):
        (entry,) = check.cache.glob(f"*.{name}")
        whole = entry.read_bytes()
        damaged = [whole[:100], whole[:-9] + b"supported", b"", b"\xff" * 200, whole.replace(b"0", b"1")]
        for data in damaged:
            entry.write_bytes(data)
            if name == "claims":
                for run in check.cache.glob("*.run"):
                    run.unlink()
            assert check(study) == first
        assert check(study).how == "replayed"


def test_concurrent_runs_do_no_harm(study: Path, check: Checker) -> None:
    running = [check.start("check", study) for _ in range(3)]
    said = {process.communicate(timeout=120) for process in running}
    assert len(said) == 1 and {process.returncode for process in running} == {0}
    assert check(study).how == "replayed"
    assert not list(check.cache.glob(".new-*"))


def test_nothing_is_written_into_the_study(study: Path, check: Checker) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in study.rglob("*"))
    assert check(study).how == "run" and check(study).how == "replayed"
    assert sorted((path, path.stat().st_mtime_ns) for path in study.rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_folder_that_others_may_write_to_is_not_used(study: Path, check: Checker) -> None:
    check.cache.mkdir()
    check.cache.chmod(0o777)
    assert [check(study).how for _ in range(2)] == ["run", "run"]
    assert not list(check.cache.iterdir())


def test_a_claim_that_stands_unchanged_keeps_its_finding(study: Path, check: Checker) -> None:
    """The findings kept one by one: a changed claim is decided anew, a moved one stands at its new line."""
    check(study)
    claims = study / "claims.yaml"
    claims.write_text("# one line more\n" + claims.read_text().replace('equals: "2.2"', 'equals: "2.7"'))
    changed, fresh = check(study, "--json"), check(study, "--json", "--no-cache")
    assert changed.out == fresh.out and b'"contradicted"' in changed.out


def test_the_cache_stays_within_its_bound(tmp_path: Path) -> None:
    for age in range(5):
        path = tmp_path / f"{age}.run"
        path.write_bytes(b"x" * 100)
        os.utime(path, (age, age))
    (tmp_path / "foreign").write_bytes(b"x" * 1000)
    cache.prune(tmp_path, bound=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.run", "4.run", "foreign"]


def test_an_entry_is_read_as_it_was_written_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.run"
    path.write_bytes(cache.entry_bytes({"code": 1}, b"\x00body\n"))
    assert cache.read_entry(str(path)) == ({"code": 1}, b"\x00body\n")
    path.write_bytes(path.read_bytes()[:-1])
    assert cache.read_entry(str(path)) is None and cache.read_entry(str(tmp_path / "absent")) is None


@pytest.mark.slow
def test_ten_thousand_unchanged_claims_cost_at_most_three_imports(tmp_path: Path, check: Checker) -> None:
    study = tmp_path / "large"
    study.mkdir()
    rows = ["source,locator,variant,target,metric,value,printed,status"]
    claims = ["schema: verify-claims/1", "study: large", "title: Large", "evidence: [r.csv]", "claims:"]
    for n in range(10_000):
        rows.append(f"p,T,m,t{n},acc,50.5,50.5,seen")
        claims += [f"  - {{id: c{n}, text: Claim {n}., scope: {{source: p}}, assert: [{{kind: value,"]
        claims += [f"      of: {{variant: m, target: t{n}, metric: acc}}, equals: '50.5'}}]}}"]
    (study / "r.csv").write_text("\n".join(rows) + "\n")
    (study / "claims.yaml").write_text("\n".join(claims) + "\n")
    assert check(study).how == "run" and check(study).how == "replayed"

    def seconds(command: list[str]) -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **check.env})
        return time.perf_counter() - start

    program = [sys.executable, "-m", "verify_claims.main", "check", str(study)]
    seconds(program), seconds(program)  # another command line: recorded first
    pairs = [(seconds(program), seconds([sys.executable, "-c", "import pydantic, yaml"])) for _ in range(7)]
    assert statistics.median(ours / theirs for ours, theirs in pairs) <= 3, pairs

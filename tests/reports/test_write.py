"""Files: whole or not at all, the same bytes everywhere, and told when out of date."""

import csv
import io
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from analysis.errors import InputError
from reports.write import FORMATS, compare_all, left_over, make_all, write_all

MAKE = """
import sys
sys.path[:0] = sys.argv[1:3]
from hashlib import sha256
from conftest import make
from reports.write import make_all
for name, content in sorted(make_all(make(4), ("md", "pdf", "html", "json")).items()):
    print(sha256(content).hexdigest(), name)
"""


def digests(seed: str, folder: Path, **environment: str) -> str:
    here = Path(__file__).resolve().parent
    variables = {k: v for k, v in os.environ.items() if k not in ("SOURCE_DATE_EPOCH", "MPLCONFIGDIR")}
    variables |= {"PYTHONHASHSEED": seed, "LC_ALL": "C", **environment}
    command = [sys.executable, "-c", MAKE, str(here), str(here.parents[1])]
    made = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=True)
    return made.stdout


def test_same_bytes_in_another_process_folder_hash_seed_and_time_zone(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    first = digests("1", tmp_path, TZ="UTC", HOME=str(tmp_path))
    second = digests("2", tmp_path / "elsewhere", TZ="Asia/Kathmandu", HOME=str(tmp_path / "elsewhere"))
    assert first == second
    assert {line.split()[1] for line in first.splitlines()} >= {"report.md", "report.pdf", "report.html"}


def test_a_given_date_changes_the_pdf_only_by_that_date(outcome_of, monkeypatch) -> None:
    plain = make_all(outcome_of(1), ("md", "pdf"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = make_all(outcome_of(1), ("md", "pdf"))
    assert dated["report.pdf"] != plain["report.pdf"]
    assert "2023-11-14" in dated["report.md"].decode()
    assert dated == make_all(outcome_of(1), ("md", "pdf"))


@pytest.mark.parametrize("wrong", ["yesterday", "-1", "1.5", "99999999999999"])
def test_a_wrong_date_is_one_error(outcome_of, monkeypatch, tmp_path: Path, wrong: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH"):
        write_all(outcome_of(0), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_when_one_rendering_cannot_be_made(
    outcome_of, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VERIFY_CLAIMS_FONTS", str(tmp_path / "absent"))
    with pytest.raises(InputError):
        write_all(outcome_of(0), tmp_path / "out", ("md", "pdf"))
    assert not (tmp_path / "out").exists()


def test_unknown_formats_are_all_named_and_none_is_an_error(outcome_of, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_all(outcome_of(0), tmp_path, ("doc", "md", "xls"))
    assert [problem.what for problem in caught.value.problems] == [
        "there is no report format 'doc'",
        "there is no report format 'xls'",
    ]
    with pytest.raises(InputError, match="no report format is named"):
        write_all(outcome_of(0), tmp_path, ())


def test_writes_into_the_folder_and_leaves_no_temporary_file(outcome_of, tmp_path: Path) -> None:
    paths = write_all(outcome_of(2), tmp_path / "a" / "b", FORMATS)
    assert all(path.is_file() for path in paths)
    assert not [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert {"report.md", "report.pdf", "report.html", "report.json", "ro-crate-metadata.json"} <= {
        p.name for p in paths
    }


def test_a_place_that_cannot_be_written_is_one_error(outcome_of, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="is a file"):
        write_all(outcome_of(0), tmp_path / "file", ("md",))
    with pytest.raises(InputError, match="cannot write"):
        write_all(outcome_of(0), tmp_path / "file" / "below", ("md",))
    assert (tmp_path / "file").read_text() == "in the way"


def test_compare_tells_missing_from_out_of_date(outcome_of, tmp_path: Path) -> None:
    write_all(outcome_of(2), tmp_path, ("md",))
    assert compare_all(outcome_of(2), tmp_path, ("md",)) == {}
    (tmp_path / "report.md").write_bytes(b"edited")
    (tmp_path / "figures" / "verdicts.csv").unlink()
    assert compare_all(outcome_of(2), tmp_path, ("md",)) == {
        "report.md": "out of date",
        "figures/verdicts.csv": "missing",
    }


def test_figure_data_is_csv_without_formulas(hostile, tmp_path: Path) -> None:
    made = make_all(hostile, ("md",))
    tables = {name: content for name, content in made.items() if name.endswith(".csv")}
    assert tables
    for content in tables.values():
        rows = list(csv.reader(io.StringIO(content.decode())))
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(("=", "@")), cell


def test_5000_claims_fit_time_and_memory(tmp_path: Path) -> None:
    script = (
        "import sys, time, resource; sys.path[:0] = sys.argv[1:3]\n"
        "from conftest import make\nfrom reports.pdf import render_pdf\n"
        "outcome = make(5000)\nstart = time.process_time()\nmade = render_pdf(outcome)\n"
        "print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(made))"
    )
    here = Path(__file__).resolve().parent
    command = [sys.executable, "-c", script, str(here), str(here.parents[1])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes, size = map(float, done.stdout.split())
    assert seconds < 60
    assert megabytes < 1000
    assert size > 100_000


def test_digest_of_inputs_can_be_repeated_by_hand(outcome_of) -> None:
    from reports.build import inputs_digest

    outcome = outcome_of(1)
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(outcome.inputs.items()))
    assert inputs_digest(outcome) == sha256(lines.encode()).hexdigest()


def test_data_of_an_earlier_report_is_told_and_not_deleted(outcome_of, tmp_path: Path) -> None:
    outcome = outcome_of(2)
    written = write_all(outcome, tmp_path, ["md"])
    assert left_over(tmp_path, written) == []
    old = tmp_path / "figures" / "old.csv"
    old.write_text("x\n")
    assert left_over(tmp_path, write_all(outcome, tmp_path, ["md"])) == [old]
    assert compare_all(outcome, tmp_path, ["md"]) == {"figures/old.csv": "left over"}
    assert compare_all(outcome, tmp_path, ["pdf"]) == {"report.pdf": "missing"}
    assert old.read_text() == "x\n"

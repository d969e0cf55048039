"""The command: a study, a table, JSON, files, and refusals with exit code 2."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from verify_claims.analyse import app

RUN = CliRunner()


def runs(path, doses=("none", "a", "a+b", "a+b+c", "a+b+c+d"), seeds=4, seed=0):
    """Write runs of five settings on three targets in two languages whose gain levels off."""
    rng = np.random.default_rng(seed)
    rows = []
    for setting in doses:
        k = 0 if setting == "none" else setting.count("+") + 1
        for target in ("xnli", "pawsx", "panx"):
            for s in range(seeds):
                run = rng.normal(0, 0.3)
                for language in ("de", "sw"):
                    value = 60 + 5 * (1 - np.exp(-k)) + run + rng.normal(0, 0.1)
                    rows.append(
                        {
                            "source": "run:x",
                            "scale": "small",
                            "split": "dev",
                            "model": "m",
                            "intermediate": setting,
                            "target": target,
                            "language": language,
                            "metric": "acc",
                            "seed": s,
                            "value": round(value, 3),
                            "status": "measured",
                        }
                    )
    frame = pd.DataFrame(rows)
    frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_table_of_runs(tmp_path, suffix):
    done = RUN.invoke(app, [str(runs(tmp_path / f"runs{suffix}")), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {a["id"] for a in found["answers"]} == {"seeds", "components", "spread", "doses", "power"}
    gains = [row for row in found["seeds"] if row["target"] == "mean of 3"]
    assert len(gains) == 4
    assert all(row["method"] == "Welch on run averages" and row["p"] < 0.05 for row in gains)
    parts = found["components"][0]
    assert 0.2 < parts["sd_run"] < 0.4  # simulated with 0.3
    assert 0.08 < parts["sd_residual"] < 0.12  # simulated with 0.1
    dose = next(a for a in found["answers"] if a["id"] == "doses")
    assert (
        "k = 1: 6" in dose["answer"]
        and "(range 6" in dose["answer"]
        and "The gain per task changes by -" in dose["answer"]
    )
    assert "The step from 4 to 5 brings" in dose["answer"] and "envelope" in dose["answer"]
    assert "diminishing" in dose["answer"]


def test_one_seed_is_refused_in_words(tmp_path):
    found = json.loads(RUN.invoke(app, [str(runs(tmp_path / "runs.csv", seeds=1)), "--json"]).stdout)
    first = found["answers"][0]
    assert "none can be compared" in first["answer"]
    assert any("one seed" in text for text in first["cannot_say"])


def test_the_bundled_study_in_a_terminal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = RUN.invoke(app, [])
    assert done.exit_code == 0
    assert "Which gains of version 1 exceed seed noise?" in done.stdout
    assert "does not exceed seed noise" in done.stdout


def test_files_for_a_table(tmp_path):
    done = RUN.invoke(app, [str(runs(tmp_path / "runs.csv")), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    text = (tmp_path / "out/report.md").read_text()
    assert text.startswith("# runs.csv")
    assert "| setting | target |" in text
    assert (tmp_path / "out/report.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "out/report.html").is_file() and list((tmp_path / "out/figures").glob("*.csv"))
    assert json.loads((tmp_path / "out/analysis.json").read_text())["schema"] == "verify-claims/analysis/1"


def test_unusable_input_exits_2_and_writes_nothing(tmp_path):
    out = tmp_path / "out"
    absent = RUN.invoke(app, [str(tmp_path / "absent.csv"), "--out", str(out)])
    assert absent.exit_code == 2 and "there is no such file" in absent.stderr
    odd = RUN.invoke(app, [str(runs(tmp_path / "runs.csv")), "--over", "nothing", "--out", str(out)])
    assert odd.exit_code == 2 and "choose --over from" in odd.stderr
    empty = tmp_path / "empty.csv"
    empty.write_text("source,target,metric,status,value,intermediate\nrun:x,xnli,acc,measured,,none\n")
    hollow = RUN.invoke(app, [str(empty), "--out", str(out)])
    assert hollow.exit_code == 2 and "no row of the table has a value" in hollow.stderr
    empty.write_text("source,target,metric,status,value,intermediate\n")
    bare = RUN.invoke(app, [str(empty), "--out", str(out)])
    assert bare.exit_code == 2 and "the table has no rows" in bare.stderr
    assert not out.exists()


def test_a_study_without_questions_exits_3(tmp_path):
    (tmp_path / "claims.yaml").write_text("schema: verify-claims/1\n")
    done = RUN.invoke(app, [str(tmp_path)])
    assert done.exit_code == 3 and "no analysis.yaml" in done.stderr


def test_files_that_cannot_be_written_are_one_error(tmp_path):
    table = str(runs(tmp_path / "runs.csv"))
    (tmp_path / "file").write_text("in the way")
    done = RUN.invoke(app, [table, "--out", str(tmp_path / "file")])
    assert done.exit_code == 2 and "is a file" in done.stderr and "name a folder with --out" in done.stderr
    assert (tmp_path / "file").read_text() == "in the way"


def test_what_an_earlier_analysis_left_is_told(tmp_path):
    table, out = str(runs(tmp_path / "runs.csv")), tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    (out / "figures/old.csv").write_text("x\n")
    done = RUN.invoke(app, [table, "--out", str(out)])
    assert done.exit_code == 0 and "left over" in done.stderr and "old.csv" in done.stderr


@pytest.mark.parametrize("width", ["60", "80", "200"])
def test_the_text_is_as_wide_as_the_terminal_and_a_line_for_each_sentence(monkeypatch, width):
    from verify_claims.analyse_text import render

    monkeypatch.setenv("COLUMNS", width)
    long = (
        "a sentence of more than a hundred characters that says what the numbers say, and then " + "more " * 8
    )
    answer = {
        "id": "a",
        "question": "Does it?",
        "answer": "",
        "sentences": [long, "\x1b[31mSecond."],
        "cannot_say": [long],
    }
    lines = render({"answers": [answer]}).splitlines()
    assert max(map(len, lines)) <= min(int(width), 108)
    assert "  [U+001B][31mSecond." in lines
    assert sum(line.startswith("  - ") for line in lines) == 1

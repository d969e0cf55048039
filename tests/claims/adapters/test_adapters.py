"""Adapters on files as their tools write them, and on files that are not."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from claims.adapters import adapter, adapter_names
from claims.adapters.rows import Row, WrongOption


def rows(name: str, path: Path, **options: Any) -> list[Row]:
    return list(adapter(name)(path, options))


def write(path: Path, document: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_every_built_in_adapter_loads() -> None:
    assert {"json", "hf-trainer", "lm-eval", "lighteval", "mlflow-files", "excel"} <= set(adapter_names())
    assert all(callable(adapter(name)) for name in adapter_names())


def test_unknown_adapter_offers_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'hf-trainer'"):
        adapter("hf-trainr")


def test_trainer_results_split_by_prefix(tmp_path: Path) -> None:
    document = {
        "epoch": 3.0,
        "eval_accuracy": 0.843,
        "eval_samples": 9815,
        "eval_runtime": 3.2,
        "train_loss": 0.2,
    }
    found = rows("hf-trainer", write(tmp_path / "all_results.json", document))
    assert found == [
        {"locator": "/eval_accuracy", "split": "dev", "metric": "accuracy", "n": 9815, "value": 0.843},
        {"locator": "/train_loss", "split": "train", "metric": "loss", "n": None, "value": 0.2},
    ]


STATE = {
    "best_global_step": 500,
    "log_history": [
        {"loss": 0.5, "step": 100},
        {"eval_f1": 0.71, "step": 500},
        {"eval_f1": 0.69, "step": 1000},
        {"train_runtime": 10.0, "step": 1000},
    ],
}


@pytest.mark.parametrize(
    ("at", "value", "locator"), [("last", 0.69, "/log_history/2"), ("best", 0.71, "/log_history/1")]
)
def test_trainer_state_takes_the_named_evaluation(
    tmp_path: Path, at: str, value: float, locator: str
) -> None:
    (row,) = rows("hf-trainer", write(tmp_path / "trainer_state.json", STATE), at=at)
    assert (row["value"], row["locator"]) == (value, f"{locator}/eval_f1")


def test_trainer_state_without_best_step_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "trainer_state.json", {**STATE, "best_global_step": None})
    with pytest.raises(InputError, match="use at: last"):
        rows("hf-trainer", path, at="best")


def test_harness_keeps_filter_seed_and_samples(tmp_path: Path) -> None:
    document = {
        "results": {
            "xnli_sw": {
                "alias": " - xnli_sw",
                "acc,none": 0.443,
                "acc_stderr,none": 0.0099,
                "f1,strict": "N/A",
            }
        },
        "n-samples": {"xnli_sw": {"original": 2490, "effective": 2490}},
        "config": {"model": "hf", "random_seed": 7},
        "model_name": "xlm-r",
    }
    found = rows("lm-eval", write(tmp_path / "results_2026.json", document))
    assert [(row["metric"], row["value"], row["n"], row["seed"]) for row in found] == [
        ("acc", 0.443, 2490, 7),
        ("acc_stderr", 0.0099, 2490, 7),
    ]
    assert found[0]["variant"] is None


def test_lighteval_reads_task_and_shots(tmp_path: Path) -> None:
    document = {
        "config_general": {"model_name": "m"},
        "results": {
            "leaderboard|arc:challenge|25": {"acc": 0.5, "acc_stderr": float("nan")},
            "all": {"acc": 0.5},
        },
    }
    found = rows("lighteval", write(tmp_path / "r.json", document))
    assert [(row["target"], row["variant"], row["metric"], row.get("value")) for row in found] == [
        ("arc:challenge", "25-shot", "acc", 0.5),
        ("arc:challenge", "25-shot", "acc_stderr", None),
        ("all", None, "acc", 0.5),
    ]
    assert found[1]["printed"] == "nan"  # kept as a word: no score, and no gap either


def test_json_values_by_pointer(tmp_path: Path) -> None:
    path = write(tmp_path / "m.json", {"cfg": {"seed": 3}, "eval": {"a/b": [0.25, 0.75]}})
    (row,) = rows(
        "json", path, values=[{"at": "/eval/a~1b/1", "metric": "acc"}], columns={"seed": "/cfg/seed"}
    )
    assert row == {"locator": "/eval/a~1b/1", "seed": 3, "metric": "acc", "value": 0.75}


def test_jsonl_has_one_document_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "m.jsonl", '{"s": 1, "acc": 0.1}\n\n{"s": 2, "acc": 0.2}\n')
    found = rows("json", path, values=[{"at": "/acc", "metric": "acc"}], columns={"seed": "/s"})
    assert [(row["seed"], row["value"], row["locator"]) for row in found] == [
        (1, 0.1, "line 1/acc"),
        (2, 0.2, "line 3/acc"),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"values": [{"at": "/eval/f1", "metric": "f1"}]},
            r"/eval/f1 holds nothing, not a number; /eval has 'acc'",
        ),
        ({"values": [{"at": "/eval", "metric": "f1"}]}, r"point at the number itself"),
        ({"values": [{"at": "eval", "metric": "f1"}]}, r"is no JSON pointer"),
        ({"values": [{"at": "/eval/acc", "metrik": "f1"}]}, r"'metrik' is no column"),
        ({"values": []}, r"`values` lists nothing"),
        ({"vals": []}, r"unknown option 'vals'; write 'values'"),
    ],
)
def test_json_errors_say_what_is_there(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    path = write(tmp_path / "m.json", {"eval": {"acc": 0.5}})
    with pytest.raises(InputError, match=message):
        rows("json", path, **options)


@pytest.mark.parametrize("text", ["", "{", "[1, 2", "\x00"])
@pytest.mark.parametrize("name", ["hf-trainer", "lm-eval", "lighteval", "pytest-benchmark", "wandb"])
def test_a_cut_file_is_one_clear_error(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=r"not JSON"):
        rows(name, write(tmp_path / "x.json", text))


@pytest.mark.parametrize("name", ["hf-trainer", "lm-eval", "lighteval", "pytest-benchmark", "wandb"])
def test_a_list_is_the_wrong_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="is this the right file"):
        rows(name, write(tmp_path / "x.json", [1]))


def test_pytest_benchmark(tmp_path: Path) -> None:
    document = {
        "benchmarks": [{"fullname": "t.py::test_a", "group": None, "stats": {"mean": 0.5, "rounds": 9}}]
    }
    (row,) = rows("pytest-benchmark", write(tmp_path / "b.json", document))
    assert (row["target"], row["metric"], row["value"], row["n"]) == ("t.py::test_a", "mean", 0.5, 9)


def mlflow_run(root: Path, status: str = "3") -> Path:
    run = root / "mlruns" / "0" / "abc"
    write(run / "meta.yaml", f"run_id: abc\nstatus: {status}\n")
    write(run / "params" / "seed", "4")
    return write(run / "metrics" / "eval" / "acc", "1700000000000 0.5 10\n1700000000001 0.7 20\n")


def test_mlflow_file_takes_the_last_step(tmp_path: Path) -> None:
    (row,) = rows("mlflow-files", mlflow_run(tmp_path))
    assert row == {"locator": "line 2, step 20", "metric": "eval/acc", "seed": "4", "value": 0.7}


def test_mlflow_unfinished_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not FINISHED"):
        rows("mlflow-files", mlflow_run(tmp_path, status="1"))


def test_mlflow_sqlite_reads_finished_runs_only(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as store:
        store.executescript(
            """
            CREATE TABLE experiments (experiment_id INTEGER, name TEXT);
            CREATE TABLE runs (run_uuid TEXT, name TEXT, status TEXT, lifecycle_stage TEXT, experiment_id INTEGER);
            CREATE TABLE latest_metrics (key TEXT, value DOUBLE, step INTEGER, is_nan BOOLEAN, run_uuid TEXT);
            CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
            INSERT INTO experiments VALUES (1, 'x');
            INSERT INTO runs VALUES ('a', 'one', 'FINISHED', 'active', 1), ('b', 'two', 'FAILED', 'active', 1);
            INSERT INTO latest_metrics VALUES ('acc', 0.6, 1, 0, 'a'), ('acc', 0.1, 1, 0, 'b');
            INSERT INTO latest_metrics VALUES ('nan', 0.0, 1, 1, 'a');
            INSERT INTO params VALUES ('seed', '5', 'a');
            """
        )
    assert rows("mlflow-sqlite", path) == [
        {"locator": "run a", "variant": "one", "metric": "acc", "seed": "5", "value": 0.6},
        {"locator": "run a", "variant": "one", "metric": "nan", "seed": "5", "printed": "nan"},
    ]
    assert len(rows("mlflow-sqlite", path, experiment="x")) == 2
    with pytest.raises(WrongOption, match="there is no experiment 'y'; the store has x"):
        rows("mlflow-sqlite", path, experiment="y")


def test_mlflow_sqlite_refuses_another_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not an MLflow store"):
        rows("mlflow-sqlite", write(tmp_path / "x.db", "no database at all, only text"))


def test_wandb_summary_walks_and_skips_bookkeeping(tmp_path: Path) -> None:
    path = write(
        tmp_path / "wandb-summary.json", {"_step": 9, "eval": {"acc": 0.4}, "note": "x", "f1": float("inf")}
    )
    assert rows("wandb", path) == [
        {"locator": "/eval/acc", "metric": "eval/acc", "value": 0.4},
        {"locator": "/f1", "metric": "f1", "printed": "infinite"},
    ]


def test_wandb_csv_is_a_row_per_run_and_metric(tmp_path: Path) -> None:
    path = write(
        tmp_path / "export.csv",
        "Name,State,seed,model,acc\nrun-1,finished,1,xlm-r,0.5\nrun-2,finished,2,xlm-r,\n",
    )
    with pytest.raises(InputError, match=r"no metric of the file is 'ac'; it has .*acc"):
        rows("wandb", path, metrics=["ac"])
    (row,) = rows("wandb", path, metrics=["acc"])
    assert (row["variant"], row["seed"], row["value"]) == ("run-1", "1", 0.5)


def test_wandb_csv_refuses_a_crashed_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is crashed, not finished"):
        rows("wandb", write(tmp_path / "e.csv", "Name,State,acc\nr,crashed,0.5\n"))


def test_excel_sheet(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "results"
    sheet.append(["source", "target", "metric", "printed", "status"])
    sheet.append(["mine", "xnli", "acc", "80.1", "seen"])
    book.save(tmp_path / "r.xlsx")
    (row,) = rows("excel", tmp_path / "r.xlsx")
    assert row["printed"] == "80.1"
    assert row["locator"] == "results!2"
    with pytest.raises(InputError, match="there is no sheet 'x'"):
        rows("excel", tmp_path / "r.xlsx", sheet="x")


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Python would take the last one, and nobody would see the first."""
    path = write(tmp_path / "all_results.json", '{"eval_accuracy": 0.8, "eval_accuracy": 0.9}')
    with pytest.raises(InputError, match="key 'eval_accuracy' stands twice"):
        rows("hf-trainer", path)


def test_an_option_is_judged_whatever_the_file_is(tmp_path: Path) -> None:
    """`at` means something for trainer_state.json only; a typo in it is one for every file."""
    path = write(tmp_path / "all_results.json", {"eval_accuracy": 0.8})
    with pytest.raises(WrongOption, match="the option `at` is 'bets'; write last or best"):
        rows("hf-trainer", path, at="bets")


def test_a_formula_that_was_never_computed_is_no_gap(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in (["target", "metric", "value"], ["xnli", "acc", 81.5], ["squad", "f1", "=80+2"]):
        book.active.append(line)
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(
        InputError, match="Sheet!3: value is a formula without a computed value; open the workbook"
    ):
        rows("excel", tmp_path / "x.xlsx")
    book.active["C3"] = None
    book.save(tmp_path / "x.xlsx")
    assert [row.get("value") for row in rows("excel", tmp_path / "x.xlsx")] == [81.5, None]

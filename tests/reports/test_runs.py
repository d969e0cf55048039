"""Replication chapter: what was run at which scale and cost, and what was not."""

from dataclasses import replace

from reports.chapters.records import duration, scale_of, seeds_of
from reports.markdown import render_markdown

RECORD = {
    "schema": "verify-claims/run/1",
    "key": "05f8b84b6acbe2771c4a",
    "kind": "evaluate",
    "name": "evaluate xquad after squad, seed 3",
    "recipe": "miniature",
    "settings": {"study": "xstilts", "model": "xlmr-miniature", "seeds": [3]},
    "parents": {"encoder": "ea6e6d5a0b2f3e2e1c86"},
    "started": "2026-11-20T11:05:53+00:00",
    "seconds": 94.0,
    "cpu_seconds": 47.0,
    "environment": {"python": "3.11.7", "device": "a processor"},
    "files": {"scores.parquet": "430bc8035f2b0d29649fbe5a61621a53976ae6bde9e8deb2fa817f175b8c991c"},
}


def test_without_runs_says_so_and_lists_what_was_not_run(outcome_of) -> None:
    text = render_markdown(outcome_of(2))
    assert "No run of ours is part of this report" in text
    assert "2 assertions ask for a run that has not been made." in text
    assert "verify-claims replicate xstilts --scale paper" in text


def test_records_show_scale_seeds_cost_environment_and_hashes(outcome_of) -> None:
    other = RECORD | {
        "key": "77",
        "settings": {"seed": 1, "scale": "small"},
        "environment": {"python": "3.12.1"},
    }
    text = render_markdown(replace(outcome_of(1), replication={"records": [RECORD, other]}))
    assert "2 finished stages of ours at miniature and small scale." in text
    assert "Nothing was run at the paper's scale" in text
    assert "- **seeds**: 1, 3" in text
    assert "- **time of all stages**: 3.1 min" in text
    assert "- **python**: 3.11.7, 3.12.1" in text
    assert "scores.parquet 430bc8035f" in text
    assert text.count("# Run records") == 1
    assert "No run of ours is part of this report" not in text


def test_an_empty_folder_of_runs_is_said(outcome_of) -> None:
    text = render_markdown(replace(outcome_of(1), replication={"records": []}))
    assert "holds no finished stage" in text


def test_scale_seed_and_time_are_never_invented() -> None:
    assert scale_of({"recipe": "mine"}) is None
    assert seeds_of({"settings": {}}) == ()
    assert duration(0) == "0.0 s"


def test_what_was_planned_and_not_run_is_said(outcome_of) -> None:
    grid = {
        "scale": "paper",
        "recipe": "paper-v1",
        "intermediates": ["none", "squad"],
        "variants": ["plain"],
        "targets": ["xnli", "panx", "tydiqa"],
        "seeds": 3,
        "scored": 0,
    }
    text = render_markdown(replace(outcome_of(1), replication={"planned": [grid]}))
    assert "| paper | paper-v1 | 2 settings × 3 targets × 3 seeds | 0 of 18 | not run |" in text
    assert "No run of ours is part of this report" in text
    text = render_markdown(replace(outcome_of(1), replication={"planned": [grid | {"scored": 5}]}))
    assert "| 5 of 18 | in part |" in text

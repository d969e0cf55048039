"""What cannot run is told before anything does, and what a stage refuses is bad input and no failure of a machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from analysis.errors import InputError
from replicate import same_text
from replicate.data import FolderPlace
from replicate.data.hub_errors import hub_errors
from replicate.data.place import Part
from replicate.data.table import Table
from replicate.executors.executor import attempt
from replicate.launch import Request, launch
from replicate.progress import Silent
from replicate.recipes.load import recipe
from replicate.stages.determine import Maker
from replicate.stages.graph import SCORED
from replicate.stages.scored import scored
from replicate.stages.setting import Setting, TextFolder
from replicate.stages.stage import Stage
from replicate.studies.study import grid, study
from replicate.tasks import get
from verify_claims.main import main


def rows(folder: Path, part: str, *several: dict[str, object]) -> None:
    path = folder / f"{part}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in several), encoding="utf-8")


def maker(folder: Path, name: str = "paper-v1") -> Maker:
    found = study("xstilts")
    return Maker(
        found, grid(found, "paper"), Setting(recipe(name), folder, FolderPlace(folder), None), "paper"
    )


def test_mining_without_pools_to_tune_on_is_left_out_before_it_runs(tmp_path):
    rows(tmp_path, "bucc2018/de/test", {"sentence1": ["a"], "sentence2": ["b"], "gold": [[1, 1]]})
    rows(tmp_path, "bucc2018/fr/test", {"sentence1": ["a"], "sentence2": ["b"], "gold": [[1, 1]]})
    make, model = maker(tmp_path), Stage("pretrain", "p", {})
    assert scored(make, get("bucc2018"), "none", "plain", model, model, None, [0]) is None
    assert "no dev pools at hand in de, fr" in make.absent[0] and "sample-gold" in make.absent[0]
    for split in ("validation_source", "validation_target"):
        rows(tmp_path, f"bucc2018/de/{split}", {"id": "1", "text": "a"})
    rows(tmp_path, "bucc2018/de/validation_gold", {"source_id": "1", "target_id": "1"})
    stage = scored(maker(tmp_path), get("bucc2018"), "none", "plain", model, model, None, [0])
    assert stage is not None and stage.settings["languages"] == ["de"] and len(stage.settings["tuning"]) == 3
    rows(tmp_path, "bucc2018/de/validation_gold", {"source_id": "1", "target_id": "2"})
    other = scored(maker(tmp_path), get("bucc2018"), "none", "plain", model, model, None, [0])
    assert other is not None and other.key != stage.key, "a threshold of other pools is another score"


def test_a_recipe_that_selects_needs_the_split_that_it_selects_on(tmp_path):
    rows(tmp_path, "ccg/ccgbank/train", {"tokens": ["a"], "tags": ["N"]})
    make, model = maker(tmp_path), Stage("pretrain", "p", {})
    assert make.intermediate("ccg", "plain", 0, model, model) is None
    assert make.absent == ["ccg: no dev split at hand, on which the recipe selects the model"]
    rows(tmp_path, "ccg/ccgbank/validation", {"tokens": ["a"], "tags": ["N"]})
    assert maker(tmp_path).intermediate("ccg", "plain", 0, model, model) is not None


def small(tmp_path: Path, *tasks: str) -> Request:
    """Scale small with a line of text in two languages, and rows of the named tasks."""
    (tmp_path / "text").mkdir()
    for language in ("en", "de"):
        (tmp_path / "text" / f"{language}.txt").write_text("a line\n" * 20)
    words = {"tokens": ["a"], "pos_tags": ["NOUN"]}
    for part in tasks:
        rows(tmp_path / "data", part, words)
    told = {"scale": "small", "recipe": "small-cpu", "seeds": 1, "only": ("none", "squad", "udpos", "xquad")}
    return Request(
        **told, runs=tmp_path / "runs", data=tmp_path / "data", text=tmp_path / "text", planning=True
    )  # type: ignore[arg-type]


def test_nothing_is_trained_that_nothing_scores(tmp_path):
    """A folder with half of the rows: without the training rows of a target its model is no use to anyone."""
    one = launch(small(tmp_path, "udpos/en/train", "udpos/en/test", "udpos/de/test"))
    assert "squad: no training split at hand" in one.graph.absent
    assert {stage.kind for stage in one.graph.stages.values()} >= {
        "pretrain",
        "target",
        "evaluate",
        "constant",
    }
    needed = {parent for stage in one.graph.stages.values() for parent in stage.parents.values()}
    assert all(key in needed or stage.kind in SCORED for key, stage in one.graph.stages.items())


def test_constant_answers_alone_are_no_study(tmp_path):
    with pytest.raises(InputError, match=r"nothing to run: .*udpos: no training split at hand"):
        launch(small(tmp_path, "udpos/en/test", "udpos/de/test"))


def test_a_folder_without_text_is_refused(tmp_path):
    told = small(tmp_path, "udpos/en/train", "udpos/en/test")
    for path in (tmp_path / "text").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"there is no text in this folder; put <language>\.txt"):
        launch(told)


def test_windows_that_crawl_are_refused_before_anything_is_trained(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "schema: verify-claims/recipe/1\nname: own\ntitle: t\nlike: paper-v1\n"
        "intermediate: {tasks: {squad: {longest: 160, doc_stride: 128}}}\n"
    )
    rows(tmp_path, "squad/plain_text/train", {"id": "1"})
    model = Stage("pretrain", "p", {})
    with pytest.raises(
        InputError, match="recipe own, task squad: windows of 160 tokens, 64 for the question, show 92"
    ):
        maker(tmp_path, str(own)).intermediate("squad", "plain", 0, model, model)


def command(capsys, *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0), capsys.readouterr().err


def test_what_a_stage_refuses_is_bad_input(tmp_path, capsys):
    """A text file that is cut shows only when it is read: exit 2 as for any bad input, the others still run."""
    text = tmp_path / "text"
    text.mkdir()
    (text / "en.txt.gz").write_bytes(b"\x1f\x8b\x08\x00 this is no gzip file")
    runs = ["--runs", str(tmp_path / "runs"), "--executor", "inline", "--quiet", "--text", str(text)]
    code, told = command(capsys, "replicate", str(tiny.write(tmp_path)), "--only", "none,tatoeba", *runs)
    assert code == 2 and "en.txt.gz: cannot be read" in told and "Traceback" not in told
    key = next(line for line in told.splitlines() if line.startswith("failed: ")).split("(")[1].split(")")[0]
    few = ["--study", str(tmp_path / "tiny-study.yaml"), *runs[:2], *runs[-2:]]
    code, told = command(capsys, "run", key, *few)
    assert code == 2 and "en.txt.gz: cannot be read" in told and "Traceback" not in told


def test_text_that_changed_without_growing_is_refused(tmp_path):
    text, runs = tmp_path / "text", tmp_path / "runs"
    text.mkdir()
    runs.mkdir()
    (text / "en.txt").write_text("one line\n")
    (text / "de.txt").write_text("eine Zeile\n")
    same_text.hold(runs, TextFolder(text))
    same_text.hold(runs, TextFolder(text))
    before = TextFolder(text).text_fingerprint()
    (text / "de.txt").write_text("keine Eile\n")
    assert TextFolder(text).text_fingerprint() == before, "names and sizes are what keys have"
    with pytest.raises(InputError, match=r"de\.txt: its content is not that of the text") as caught:
        same_text.hold(runs, TextFolder(text))
    assert len(caught.value.problems) == 1
    (text / "de.txt").write_text("eine Zeile\n")
    same_text.hold(runs, TextFolder(text))
    (runs / same_text.NOTES).write_text("[")  # damaged notes: as if nothing had been written
    same_text.hold(runs, TextFolder(text))
    (text / "de.txt").write_text("eine zweite Zeile\n")
    same_text.hold(runs, TextFolder(text))  # another size is another text, with stages of its own


class Elsewhere:
    """A place of rows whose network fails the first time."""

    languages = None

    def __init__(self) -> None:
        self.asked = 0

    def has(self, part: Part) -> bool:
        return True

    def fingerprint(self, part: Part) -> str:
        return str(part)

    def table(self, part: Part) -> Table:
        self.asked += 1
        with hub_errors(str(part)):
            if self.asked == 1:
                raise ConnectionError("connection reset by peer")
        return Table.of_rows([{"premise": "a", "hypothesis": "b", "label": 0}], str(part))


def test_a_hub_that_does_not_answer_once_is_asked_again(tmp_path):
    setting = Setting(recipe("miniature"), tmp_path, Elsewhere(), None, "cpu")
    found = study("xstilts")
    make = Maker(found, grid(found, "miniature"), setting, "miniature")
    stage = scored(make, get("adv_mnli"), "none", "constant", None, None, None, [0])
    first = attempt(stage, setting, Silent())
    assert first.state == "failed" and not first.hopeless and not first.refused
    assert "the hub cannot be reached" in first.cause and not first.trace
    assert attempt(stage, setting, Silent()).state == "done"


def test_a_wrong_column_is_told_with_those_that_are_there(tmp_path):
    import pandas

    path = tmp_path / "udpos/en/test.parquet"
    path.parent.mkdir(parents=True)
    pandas.DataFrame({"words": [["a"]], "tokens": [["a"]], "upos": [["NOUN"]]}).to_parquet(path)
    with pytest.raises(InputError) as caught:
        get("udpos").load("test", "en", FolderPlace(tmp_path))
    told = str(caught.value)
    assert (
        "column 'pos_tags' is missing (columns: words, tokens, upos); the file must have the hub schema"
        in told
    )

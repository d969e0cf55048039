"""What our own studies are claimed to have shown: decided from the committed scores, and failed by a changed one."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas
import pytest
from typer.testing import CliRunner

from replicate.reference import FOLDER, path
from replicate.reference.claimed import NAME, claims_text
from replicate.reference.claimed import committed as pinned
from replicate.studies.study import names, study
from verify_claims.check import app

RUN = CliRunner()
OURS = sorted(place.parent.name for place in FOLDER.glob(f"*/{NAME}"))
REGISTERED = [name for name in names() if study(name).registered is not None]


def committed(name: str) -> pandas.DataFrame:
    return pandas.read_csv(path(name, "miniature"), keep_default_na=False, na_values={"value": [""]})


def test_every_study_with_committed_scores_has_claims() -> None:
    scored = {place.parent.name for place in FOLDER.glob("*/miniature.csv")}
    assert set(OURS) == scored & set(REGISTERED)


@pytest.mark.parametrize("name", OURS)
def test_the_claims_hold_of_the_committed_scores(name: str) -> None:
    result = RUN.invoke(app, [name, "--json", "--no-cache"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    registered = study(name).registered
    assert registered is not None
    scales = [scale for scale in study(name).scales if path(name, scale).is_file()]
    for scale, claim in zip(scales, told["claims"], strict=True):
        assert [one["id"].rpartition("/")[2] for one in claim["findings"]] == [
            c.id for c in registered.contrasts
        ]
        assert {(one["verdict"], one["scale"]) for one in claim["findings"]} == {("supported", scale)}


@pytest.mark.parametrize("name", OURS)
def test_the_claims_are_what_the_study_gives(name: str) -> None:
    """Nothing was written by hand, and nothing went stale: the study file, the analysis and the scores agree."""
    remedy = f"write it anew: verify-claims replicate {name} --pin replicate/reference/{name}"
    tables = pinned(study(name), FOLDER / name)
    assert claims_text(study(name), tables) == (FOLDER / name / NAME).read_text(), remedy


def test_a_table_of_something_else_is_not_taken_for_scores_of_another_scale(tmp_path: Path) -> None:
    (tmp_path / "small.csv").write_text("size,price\n1,2\n")
    shutil.copy(path("masking", "miniature"), tmp_path / "miniature.csv")
    assert pinned(study("robustness"), tmp_path) == {}
    assert list(pinned(study("masking"), tmp_path)) == ["miniature"]


@pytest.mark.parametrize("name", OURS)
def test_all_planned_seeds_are_committed(name: str) -> None:
    scores = committed(name)
    trained = scores[~scores["variant"].isin(("constant", "random-init"))]
    assert set(trained["seed"]) == set(range(study(name).scales["miniature"].seeds))


@pytest.mark.parametrize("name", OURS)
def test_a_changed_score_fails(name: str, tmp_path: Path) -> None:
    """Two points on one setting: every contrast that weighs it moves."""
    folder = tmp_path / name
    shutil.copytree(FOLDER / name, folder)
    scores = committed(name)
    registered = study(name).registered
    assert registered is not None
    one = registered.family(study(name).scales["miniature"].names)[0]
    cell = one.cells(one.terms[0])[0]
    here = pandas.Series(True, index=scores.index)
    for column, word in cell.items():
        here &= scores[column].astype(str) == word
    assert here.any()
    scores.loc[here, "value"] += 2.0 * len(one.cells(one.terms[0]))
    scores.to_csv(folder / "miniature.csv", index=False)
    result = RUN.invoke(app, [str(folder), "--no-cache"])
    assert result.exit_code == 1, result.output


def test_a_folder_of_that_name_goes_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not OURS:
        pytest.skip("no study has committed scores")
    monkeypatch.chdir(tmp_path)
    (tmp_path / OURS[0]).mkdir()
    result = RUN.invoke(app, [OURS[0], "--no-cache"])
    assert result.exit_code == 2 and "has no claims.yaml" in result.stderr


@pytest.mark.parametrize("name", OURS)
def test_a_contrast_that_is_deleted_is_missed(name: str, tmp_path: Path) -> None:
    """The others would be decided with too small a family, and every number of the file would still be right."""
    folder = tmp_path / name
    shutil.copytree(FOLDER / name, folder)
    registered = study(name).registered
    assert registered is not None
    gone = registered.contrasts[-1].id
    text = (folder / NAME).read_text()
    parts = re.split(r"(?m)^(?=      - name: )", text)
    (folder / NAME).write_text("".join(part for part in parts if f"- name: {gone}\n" not in part))
    result = RUN.invoke(app, [str(folder), "--no-cache"])
    assert result.exit_code == 2, result.output
    assert f"contrast '{gone}' was registered and is not among the assertions" in result.stderr


def test_a_study_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / OURS[0], tmp_path / "mine")
    file = tmp_path / "mine" / NAME
    text = re.sub(r"(?ms)^    family:.*?(?=^    assert:)", "", file.read_text())
    file.write_text(text.replace(f"        study: {OURS[0]}\n", "        study: xstlits\n", 1))
    result = RUN.invoke(app, [str(tmp_path / "mine"), "--no-cache"])
    assert result.exit_code == 2, result.output
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert ": unknown study 'xstlits'; write 'xstilts', or declare " in line
    file.write_text(file.read_text().replace("study: xstlits", "study: xstilts"))
    result = RUN.invoke(app, [str(tmp_path / "mine"), "--no-cache"])
    assert result.exit_code != 2 and "No finished run of the study xstilts" in result.stdout

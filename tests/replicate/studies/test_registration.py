"""What is registered: read with its place in the file, in the words of the results table, and dated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from analysis.contrast import decide
from analysis.errors import InputError
from replicate.recipes.load import problems
from replicate.studies.registration import Registration, checked, problems_of
from replicate.studies.registry import Entry, decided, entries, in_force, path, register, under
from replicate.yaml_source import Source, read_yaml

TEXT = """
registered:
  hypothesis: MNLI before PAWS-X helps.
  stopping: all planned seeds are run
  contrasts:
    - id: gain
      text: MNLI raises the score
      margin: 1.5
      alternative: greater
      where: {target: [paws_x, xnli]}
      terms:
        - {weight: 1, where: {intermediate: subsets-2}}
        - {weight: -1, where: {intermediate: none}}
"""
KNOWN = {
    "intermediate": ("none", "mnli", "squad_v2+mnli", "subsets-2"),
    "target": ("paws_x", "xnli"),
    "variant": ("plain",),
}


def read(folder: Path, text: str = TEXT) -> tuple[Registration, Source]:
    file = folder / "study.yaml"
    file.write_text(text)
    source = read_yaml(file)
    return Registration.model_validate(source.value["registered"]), source


def test_the_family_is_in_the_words_of_the_results_table(tmp_path: Path) -> None:
    registration, source = read(tmp_path)
    checked(registration, source, KNOWN)
    (contrast,) = registration.family({"subsets-2": ("squad_v2+mnli", "mnli")})
    assert contrast.where == {"target": ("pawsx", "xnli")} and contrast.margin == 1.5
    assert contrast.terms[0].where == {"intermediate": ("squad2+mnli", "mnli")}
    assert registration.deciding().multiplicity == "holm"


def test_every_wrong_name_has_its_place_and_the_nearest_right_one(tmp_path: Path) -> None:
    wrong = TEXT.replace("xnli]", "xnil]").replace("intermediate: none", "intermediat: none, variant: plian")
    wrong = wrong.replace("weight: -1", "weight: -2")
    registration, source = read(tmp_path, wrong + wrong.split("contrasts:\n")[1])
    told = [str(problem) for problem in problems_of(registration, source, KNOWN)]
    assert len(told) == 9
    assert any(
        "study.yaml:10:32: target 'xnil' is in no grid of this study; did you mean 'xnli'?" in t for t in told
    )
    assert any("unknown column 'intermediat'; did you mean 'intermediate'?" in t for t in told)
    assert any("variant 'plian'" in t and "did you mean 'plain'?" in t for t in told)
    assert any("add up to -1" in t for t in told) and any("two contrasts are named 'gain'" in t for t in told)
    with pytest.raises(InputError, match="xnil"):
        checked(registration, source, KNOWN)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("margin: 1.5", "margin: 0", "margin"),
        ("alternative: greater", "alternative: up", "alternative"),
        ("  stopping: all planned seeds are run\n", "", "stopping"),
        ("        - {weight: -1, where: {intermediate: none}}\n", "", "terms"),
        ("  hypothesis", "  hypotesis", "hypotesis"),
    ],
)
def test_a_value_of_the_wrong_kind_has_its_place(tmp_path: Path, old: str, new: str, what: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read(tmp_path, TEXT.replace(old, new))
    nested: Any = caught.value
    told = [str(problem) for problem in problems(nested, Source("study.yaml", None))]
    assert any(what in line for line in told)


def test_the_digest_is_of_the_content(tmp_path: Path) -> None:
    first, _ = read(tmp_path)
    comment, _ = read(tmp_path, TEXT.replace("margin: 1.5", "margin: 1.5  # points"))
    other, _ = read(tmp_path, TEXT.replace("margin: 1.5", "margin: 2"))
    assert first.digest == comment.digest != other.digest


def test_the_log_tells_what_was_decided_before_and_what_after(tmp_path: Path) -> None:
    first, _ = read(tmp_path)
    assert decided(entries(tmp_path, "s", "miniature"))[0].startswith("Nothing was registered")
    assert register(tmp_path, "s", "miniature", first, 0, 10)
    assert not register(tmp_path, "s", "miniature", first, 4, 10)
    more = TEXT + TEXT.split("contrasts:\n")[1].replace("id: gain", "id: late")
    second, _ = read(tmp_path, more)
    assert register(tmp_path, "s", "miniature", second, 7, 10)
    told = decided(entries(tmp_path, "s", "miniature"))
    assert told[0].startswith("gain: decided ") and told[0].endswith("before any evaluation.")
    assert told[1].endswith("after 7 of 10 evaluations were there.") and len(told) == 2
    wider, _ = read(
        tmp_path, TEXT.replace("margin: 1.5", "margin: 0.5").replace("stopping: all", "stopping: All")
    )
    register(tmp_path, "s", "miniature", wider, 10, 10)
    told = decided(entries(tmp_path, "s", "miniature"))
    assert "after 10 of 10" in told[0] and told[1] == "late: registered at first and dropped later."
    ruled, _ = read(tmp_path, TEXT.replace("  contrasts:", "  rule: {alpha: 0.1}\n  contrasts:"))
    register(tmp_path, "s", "miniature", ruled, 10, 10)
    assert decided(entries(tmp_path, "s", "miniature"))[-1].startswith("The rule that decides was changed")


def test_a_record_belongs_to_the_line_that_held_when_it_was_begun(tmp_path: Path) -> None:
    first, _ = read(tmp_path)
    second, _ = read(tmp_path, TEXT.replace("margin: 1.5", "margin: 0.5"))
    log = [
        Entry(first.digest, "2026-01-02T10:00:00+00:00", 0, 4, first),
        Entry(second.digest, "2026-01-02T12:00:00+00:00", 2, 4, second),
    ]
    assert (
        in_force(log, "2026-01-02T09:59:59+00:00") is None
        and in_force([], "2026-01-02T10:00:00+00:00") is None
    )
    assert in_force(log, "2026-01-02T10:00:00+00:00") == log[0]
    assert in_force(log, "2026-01-02T13:30:00+01:00") == log[1]  # half past twelve, UTC
    begun = ["2026-01-02T09:00:00+00:00", "2026-01-02T11:00:00+00:00", "2026-01-02T11:30:00+00:00"]
    told = under(log, begun)
    assert (
        told
        == f"Of 3 evaluations 1 began before any registration, 2 began under registration {first.digest[:12]}."
    )
    assert under(log, []) == ""


def test_an_edited_or_cut_log_is_an_error_with_its_line(tmp_path: Path) -> None:
    first, _ = read(tmp_path)
    register(tmp_path, "s", "miniature", first, 3, 10)
    log = path(tmp_path, "s", "miniature")
    line = json.loads(log.read_text())
    line["registered"]["contrasts"][0]["margin"] = 0.1
    log.write_text(json.dumps(line) + "\n")
    with pytest.raises(InputError, match="jsonl:1: the content does not have its hash"):
        entries(tmp_path, "s", "miniature")
    log.write_text('{"digest": "cut')
    with pytest.raises(InputError, match="jsonl:1: not a line of the log"):
        entries(tmp_path, "s", "miniature")


def test_a_registered_family_is_decided(tmp_path: Path) -> None:
    import pandas

    registration, _ = read(tmp_path)
    rows = [
        {"intermediate": i, "target": t, "variant": "plain", "language": "all", "metric": "score", "seed": s}
        | {"value": 50 + (3 + s / 10) * (i == "mnli") + s, "status": "measured"}
        for i in ("none", "mnli")
        for t in ("pawsx", "xnli")
        for s in range(4)
    ]
    (found,) = decide(pandas.DataFrame(rows), registration.family({"subsets-2": ("mnli",)}))
    assert found.outcome == "shown" and found.relevant

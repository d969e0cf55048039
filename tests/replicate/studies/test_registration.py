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
from replicate.studies.dated import decided, exploratory, in_force, under
from replicate.studies.registration import Registration, checked, problems_of
from replicate.studies.registry import Entry, entries, path, register
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
    "language": ("all", "en", "de"),
    "metric": ("score", "acc"),
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
    assert len(told) == 11
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
        ("      where: {target: [paws_x, xnli]}\n", "", "term 1 of 'gain' names no target"),
        ("{intermediate: none}", "{variant: plain}", "term 2 of 'gain' names no intermediate"),
        ("intermediate: none", "intermediate: subsets-2", "two terms of 'gain' name the same cells"),
        ("{weight: 1, where", "{weight: 0, where", "a term of weight 0"),
        ("xnli]}", "xnli], metric: acu}", "metric 'acu' is in no grid of this study; did you mean 'acc'?"),
        ("xnli]}", "xnli], language: fr}", "language 'fr' is in no grid"),
        ("xnli]}", "xnli], language: de}", "names a language and no metric"),
    ],
)
def test_cells_that_no_grid_has_are_told_before_a_run(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in TEXT
    registration, source = read(tmp_path, TEXT.replace(old, new))
    told = [str(problem) for problem in problems_of(registration, source, KNOWN)]
    assert any(what in line and "study.yaml:" in line for line in told), told


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("margin: 1.5", "margin: 0", "margin"),
        ("margin: 1.5", "margin: .inf", "margin"),
        ("weight: 1,", "weight: .nan,", "weight"),
        ("id: gain", "id: ../gain", "id"),
        (
            "  contrasts:",
            "  rule: {alpha: 0.2, power: 0.1}\n  contrasts:",
            "`power` 0.1 is not above alpha 0.2",
        ),
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


def launched(runs: Path, registration: Registration, done: int, seeds: int = 3, grid: str = "g") -> bool:
    return register(runs, "s", "miniature", registration, done, 10, seeds=seeds, grid=grid)


def test_the_log_tells_what_was_decided_before_and_what_after(tmp_path: Path) -> None:
    def told(registration: Registration) -> list[str]:
        return decided(entries(tmp_path, "s", "miniature"), registration)

    first, _ = read(tmp_path)
    assert told(first)[0].startswith("Nothing was registered")
    assert exploratory([], first)[0].startswith("Not shown to be registered")
    assert launched(tmp_path, first, 0)
    assert not launched(tmp_path, first, 4)
    assert exploratory(entries(tmp_path, "s", "miniature"), first) == []
    more = TEXT + TEXT.split("contrasts:\n")[1].replace("id: gain", "id: late")
    second, _ = read(tmp_path, more)
    assert launched(tmp_path, second, 7)
    assert told(second)[0].startswith("gain: decided ") and told(second)[0].endswith("before any evaluation.")
    assert told(second)[1].endswith("after 7 evaluations were there (10 were launched).")
    assert exploratory(entries(tmp_path, "s", "miniature"), second)[0].endswith("results were there: late.")
    wider, _ = read(
        tmp_path, TEXT.replace("margin: 1.5", "margin: 0.5").replace("stopping: all", "stopping: All")
    )
    assert told(wider)[0].startswith("gain: as it stands in the study file it was never launched")
    assert exploratory(entries(tmp_path, "s", "miniature"), wider)[0].endswith("results were there: gain.")
    launched(tmp_path, wider, 10)
    assert "after 10 evaluations" in told(wider)[0]
    assert told(wider)[1] == "late: registered at first and dropped later."
    assert exploratory(entries(tmp_path, "s", "miniature"), wider)[1].endswith("they were registered: late.")
    ruled, _ = read(tmp_path, TEXT.replace("  contrasts:", "  rule: {alpha: 0.1}\n  contrasts:"))
    assert any(line.startswith("The rule that decides was changed") for line in told(ruled))


def test_more_seeds_after_results_are_told(tmp_path: Path) -> None:
    """Seeds that are added because p was 0.06 are the stopping rule broken."""
    first, _ = read(tmp_path)
    assert launched(tmp_path, first, 0, seeds=3) and launched(tmp_path, first, 9, seeds=5)
    assert launched(tmp_path, first, 9, seeds=5, grid="other") and not launched(
        tmp_path, first, 9, 5, "other"
    )
    told = decided(entries(tmp_path, "s", "miniature"), first)
    assert told[1].startswith("3 seeds: planned ") and told[1].endswith("before any evaluation.")
    assert "changed from 3 to 5" in told[2] and told[2].endswith(
        "after 9 evaluations were there (10 were launched)."
    )
    assert told[3].startswith("The grid was changed ")


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
    second, _ = read(tmp_path, TEXT.replace("margin: 1.5", "margin: 0.5"))
    launched(tmp_path, first, 3)
    launched(tmp_path, second, 9)
    log = path(tmp_path, "s", "miniature")
    whole = log.read_text()
    line, after = whole.splitlines()
    for edited, what in (
        (line.replace("1.5", "0.1"), "1: the content does not have its hash"),
        (line.replace('"done": 3', '"done": 0'), "1: the line does not have its seal"),
        (line.replace('"seeds": 3', '"seeds": 9'), "1: the line does not have its seal"),
        ('{"digest": "cut', "1: not a line of the log"),
    ):
        assert edited != line
        log.write_text(edited + "\n" + after + "\n")
        with pytest.raises(InputError, match=f"jsonl:{what}"):
            entries(tmp_path, "s", "miniature")
    log.write_text(after + "\n")  # the first line taken away
    with pytest.raises(InputError, match="jsonl:1: the line does not have its seal"):
        entries(tmp_path, "s", "miniature")
    log.write_text(whole)
    assert len(entries(tmp_path, "s", "miniature")) == 2


def test_a_log_of_an_earlier_version_is_read_and_gone_on_with(tmp_path: Path) -> None:
    first, _ = read(tmp_path)
    launched(tmp_path, first, 0)
    log = path(tmp_path, "s", "miniature")
    told = json.loads(log.read_text())
    log.write_text(
        json.dumps({name: told[name] for name in told if name not in ("seeds", "grid", "seal")}) + "\n"
    )
    (entry,) = entries(tmp_path, "s", "miniature")
    assert entry.seeds is None and len(decided([entry], first)) == 1
    assert launched(tmp_path, first, 5) and [e.seeds for e in entries(tmp_path, "s", "miniature")] == [
        None,
        3,
    ]


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

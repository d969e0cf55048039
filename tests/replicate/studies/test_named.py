"""A name in a grid that is no task is told where it stands, and not at the contrasts that spell it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import InputError
from replicate.studies.study import FOLDER, study


def told(folder: Path, name: str, *changes: tuple[str, str]) -> list[str]:
    """Problems of a bundled study with changes, each `line:column: what; remedy`."""
    text = (FOLDER / f"{name}.yaml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "mine.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        study(str(file))
    return [str(problem).removeprefix(f"{file}:") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        (
            "order",
            ("tasks: [mnli, squad", "tasks: [mnil, squad"),
            "there is no task 'mnil'; did you mean 'mnli'?",
        ),
        ("order", ("targets: [xnli]", "targets: [xlni]"), "there is no task 'xlni'; did you mean 'xnli'?"),
        (
            "order",
            ("[none, mnli, mnli+", "[nnoe, mnli, mnli+"),
            "there is no task 'nnoe'; did you mean 'none'?",
        ),
        (
            "order",
            ("[none, mnli, mnli+", "[none, mnli, mnil+"),
            "there is no task 'mnil'; did you mean 'mnli'?",
        ),
        ("order", ("tasks: [mnli, squad", "tasks: [multi, squad"), "there is no task 'multi'; "),
        ("domain", ("general: [mnli]", "general: [mnil]"), "there is no task 'mnil'; did you mean 'mnli'?"),
        (
            "xstilts",
            ("targets: [xnli", "targets: [paws-x"),
            "there is no task 'paws-x'; did you mean 'paws_x'?",
        ),
    ],
)
def test_a_misspelt_task_of_a_grid_is_one_problem_at_its_place(
    tmp_path: Path, name: str, change: tuple[str, str], problem: str
) -> None:
    (line,) = told(tmp_path, name, change)
    row, column, what = line.split(":", 2)
    assert what.strip().startswith(problem)
    here = (tmp_path / "mine.yaml").read_text().splitlines()[int(row) - 1][int(column) - 1 :]
    wrong = problem.split("'")[1]
    assert here.startswith(wrong) or here.split(",")[0].split("+")[-1] == wrong


def test_other_faults_of_contrasts_are_told_beside(tmp_path: Path) -> None:
    lines = told(
        tmp_path, "order", ("targets: [xnli]", "targets: [xlni]"), ("variant: retained", "variant: retaind")
    )
    assert [line.split(";")[0].split(": ")[1] for line in lines] == [
        "variant 'retaind' is in no grid of this study",
        "there is no task 'xlni'",
    ]


def test_all_tasks_at_once_need_tasks(tmp_path: Path) -> None:
    (line,) = told(tmp_path, "order", ("[none, mnli, mnli+", "[none, multi, mnli, mnli+"))
    assert "the grid names no tasks for 'multi'; list them, as in multi: [mnli, squad]" in line


def test_formats_name_intermediates_of_the_grid(tmp_path: Path) -> None:
    lines = told(tmp_path, "domain", ("general: [mnli]", "general: [qqp]"))
    assert len(lines) == 1 and "formats name 'qqp', which is no intermediate of the grid" in lines[0]


def test_names_can_stand_in_a_claims_file(tmp_path: Path) -> None:
    """`--pin` writes a study and its contrasts into a claims file, which would refuse such names."""
    lines = told(tmp_path, "order", ("name: order", "name: My Order"), ("id: mnli-last", "id: mnli/last"))
    assert len(lines) == 2
    assert "'My Order' is no name; write small letters" in lines[0]
    assert "'mnli/last' is no name; write small letters" in lines[1]

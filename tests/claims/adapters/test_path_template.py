"""Path templates: columns off the path, nothing out of the study."""

from pathlib import Path

import pytest

from analysis.errors import InputError
from claims.adapters.path_template import parse_template


def test_files_come_sorted_with_their_columns(tmp_path: Path) -> None:
    for seed in (2, 10, 1):
        path = tmp_path / "runs" / "squad" / f"seed-{seed}" / "m.json"
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    template = parse_template("runs/{intermediate}/seed-{seed}/m.json")
    assert [columns for _, columns in template.files(tmp_path)] == [
        {"intermediate": "squad", "seed": "1"},
        {"intermediate": "squad", "seed": "10"},
        {"intermediate": "squad", "seed": "2"},
    ]


@pytest.mark.parametrize("text", ["/etc/passwd", "../x.csv", "a/../../x", "~/x", "C:/x", "a\\b"])
def test_paths_that_may_leave_the_study_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="may leave the study"):
        parse_template(text)


def test_a_link_out_of_the_study_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    study = tmp_path / "study"
    study.mkdir()
    (study / "data.csv").symlink_to(secret)
    with pytest.raises(InputError, match="leads out of the study"):
        list(parse_template("*.csv").files(study))


@pytest.mark.parametrize(
    ("text", "message"),
    [("{sed}/x", "is no column"), ("{seed}/{seed}", "stands twice"), ("{seed/x", "not closed")],
)
def test_wrong_braces(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_template(text)


def test_double_star_crosses_folders() -> None:
    template = parse_template("runs/**/seed-{seed}.json")
    assert template.columns_of("runs/a/b/seed-1.json") == {"seed": "1"}
    assert template.columns_of("runs/seed-1.json") == {"seed": "1"}
    assert parse_template("{target}.csv").columns_of("a/b.csv") is None

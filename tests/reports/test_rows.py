"""Rows of an analysis as tables: what fits a page, and no number that says what it is not."""

from __future__ import annotations

from reports.chapters.rows import rows_table
from reports.document import Table


def table(rows: list[dict[str, object]], unit: str = "") -> Table:
    return rows_table(rows, "Rows.", (), unit)


def cells(made: Table) -> list[list[str]]:
    return [["".join(run.text for run in cell) for cell in row.cells] for row in made.rows]


def test_a_small_probability_is_never_zero() -> None:
    rows = [{"Q_p_holm": 1.2e-6, "p": 0.034}, {"Q_p_holm": 1.0, "p": 0.4}]
    made = table(rows)
    assert cells(made) == [["1.2e-06", "0.034"], ["1", "0.4"]]
    assert [column.title for column in made.columns] == ["p of Q (Holm)", "p"]


def test_numbers_of_a_column_have_the_same_decimals_and_missing_ones_are_dashes() -> None:
    made = table([{"gain": -13.504}, {"gain": 9.0}, {"gain": None}, {"gain": float("nan")}])
    assert cells(made) == [["−13.50"], ["9.00"], ["–"], ["–"]]
    assert made.columns[0].head == "gain (points)" and "A dash is a missing value." in made.caption


def test_what_all_rows_of_a_crowded_table_share_stands_in_its_caption() -> None:
    shared = {"method": "Welch-Satterthwaite over tasks", "unit": "seeds within tasks", "seeds": 3}
    rows = [
        {
            "setting": f"mnli>squad>hellaswag, model {n}",
            "gain": 1.0 + n,
            "low": 0.5,
            "high": 2.0 + n,
            **shared,
        }
        for n in range(4)
    ]
    made = table(rows)
    assert "In all rows: method Welch-Satterthwaite over tasks; unit seeds within tasks; seeds 3." in (
        made.caption
    )
    assert [column.title for column in made.columns] == ["setting", "gain", "from", "to"]
    few = table(rows[:2])
    assert [column.title for column in few.columns] == [
        "setting",
        "gain",
        "from",
        "to",
        "method",
        "unit",
        "seeds",
    ]
    assert all(column.width for column in few.columns)


def test_few_rows_of_many_columns_are_turned() -> None:
    rows = [
        {"metric": f"score {n}"} | {f"gain of {k} tasks": f"+{k}.00 (−1.00 to +9.00)" for k in range(20)}
        for n in (1, 2)
    ]
    made = table(rows)
    assert [column.title for column in made.columns] == ["metric", "score 1", "score 2"]
    assert cells(made)[3] == ["gain of 3 tasks", "+3.00 (−1.00 to +9.00)", "+3.00 (−1.00 to +9.00)"]
    assert len(cells(table(rows[:1]))) == 20 and len(table(rows[:1]).columns) == 2


def test_a_mean_is_in_the_unit_of_its_figure() -> None:
    assert table([{"mean": 78.2}], "percent").columns[0].head == "mean (percent)"
    assert table([{"mean": 78.2}]).columns[0].head == "mean"


def test_a_column_without_any_value_is_left_out() -> None:
    assert [column.title for column in table([{"a": 1, "reason": ""}, {"a": 2, "reason": None}]).columns] == [
        "a"
    ]

"""Figures: vector, the same bytes twice, with a unit, alt text, a text twin and warnings where they could mislead."""

import xml.etree.ElementTree as ElementTree

import pytest

from reports.document import Drawing
from reports.figures import figures_of
from reports.figures.confidence import Confidence
from reports.figures.forest import Effect, Forest
from reports.figures.funnel import Funnel, Study
from reports.figures.gains import Gains
from reports.figures.intervals import Intervals, compare
from reports.figures.lines import Line, Lines, Point
from reports.figures.parts import Bar, Parts
from reports.figures.power import Curve, Power
from reports.figures.seeds import Seeds, Strip
from reports.figures.style import INK, MOST_LINES, TALLEST, rows_of, short, wrapped
from reports.figures.trend import Dose, Trend
from reports.figures.verdicts import VerdictBars

EFFECTS = (
    Effect("xnli", -0.8, -1.4, -0.2, 3, 0.4),
    Effect("tydiqa", 2.6, 1.0, 4.2, 3, 0.6),
    Effect("pooled", 1.2, -0.5, 2.9, pooled=True, prediction=(-4.0, 6.4)),
)
STRIPS = (Strip("none", (79.1, 79.6, 80.0), 79.57, 78.4, 80.7), Strip("squad", (78.2,), 78.2))
BARS = (
    Bar("squad", "8.27", {"retrieval": "7.40", "others": "0.87"}),
    Bar("qqp", "5.28", {"retrieval": "7.99", "others": "-2.71"}),
)
CURVES = (Curve(3, (0.5, 1.0, 2.0), (0.1, 0.3, 0.8)), Curve(5, (0.5, 1.0, 2.0), (0.2, 0.6, 0.99)))
DOSES = (Dose(3, 5.1), Dose(5, 6.0), Dose(7, 6.3))
FIT = {"grid": (3.0, 5.0, 7.0), "fit": (5.1, 5.95, 6.35), "low": (4.0, 5.0, 5.2), "high": (6.2, 6.9, 7.5)}
LINES = (
    Line("none", (Point(0, 62.0, 58.0, 66.0, 5), Point(3, 50.1, 47.0, 53.2, 5))),
    Line("squad", (Point(0, 66.0, n=1), Point(3, 55.0, n=1))),
)
VALUES = ((-1.4, 46.9), (None, 0.3))
MADE: tuple[Drawing, ...] = (
    Forest("forest", "Gain by target", "points", EFFECTS, method="REML with Knapp and Hartung"),
    Seeds("seeds", "Scores", "accuracy, %", STRIPS),
    Gains("gains", "v1, dev", ("squad", "mnli"), ("xnli", "tatoeba"), VALUES, noise=(0.5, 1.2), seeds=1),
    Parts(BARS),
    Trend("trend", "More intermediate tasks", "intermediate tasks", "points", DOSES, **FIT),
    Power("power", "Power", "points", CURVES, observed=1.5),
    Lines("lines", "Score by severity", "severity of noise", "points", LINES, constant=7.5),
    Funnel("funnel", "Small studies", "points", (Study("a", 1.0, 0.3), Study("b", 2.0, 0.8)), 1.2),
)


@pytest.fixture(scope="module")
def all_kinds(outcome) -> tuple[Drawing, ...]:
    intervals = Intervals.of("Average gains", outcome.findings)
    confidence = Confidence.of(outcome)
    assert intervals is not None
    assert confidence is not None
    return (*MADE, VerdictBars.of(outcome), intervals, confidence)


def test_svg_is_vector_without_text_date_font_or_link(all_kinds) -> None:
    for drawing in all_kinds:
        svg = drawing.svg()
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"text", "image", "script", "metadata", "foreignObject"}, drawing.name
        assert "font-family" not in svg
        assert INK in svg
        assert svg == drawing.svg()


def test_every_figure_says_its_unit_and_what_it_shows(all_kinds) -> None:
    for drawing in all_kinds:
        assert "(" in drawing.title, drawing.name
        assert len(drawing.alt) > 30, drawing.name
        widths = {len(drawing.columns()), *(len(record) for record in drawing.records())}
        assert len(widths) == 1, drawing.name
        assert drawing.records()


def test_figures_that_could_mislead_say_so() -> None:
    said = {drawing.name: " ".join(drawing.warnings) for drawing in MADE}
    assert "3 doses cannot tell a bend from a straight line" in said["trend"]
    assert "One seed per dose" in said["trend"]
    assert "one seed: nothing is known about their spread" in said["seeds"]
    assert "Each cell rests on 1 seed." in said["gains"]
    assert "±10 points" in said["gains"]
    assert "fewer than 10" in said["funnel"]
    assert "Fewer than five estimates" in said["forest"]


def test_a_missing_cell_is_a_dot_and_never_zero() -> None:
    gains = next(drawing for drawing in MADE if isinstance(drawing, Gains))
    assert gains.records()[1] == ("mnli", "·", "0.3")


def test_threshold_of_the_reports_own_verdicts(outcome) -> None:
    confidence = Confidence.of(outcome)
    assert confidence is not None
    crosses = [p.confidence for p in confidence.points if not p.tick]
    ticks = [p.confidence for p in confidence.points if p.tick]
    assert confidence.threshold == (max(crosses), min(ticks))
    only = Confidence(tuple(p for p in confidence.points if p.tick))
    assert only.threshold is None
    assert only.svg().startswith("<svg")


def test_grids_come_from_printed_gains_only(outcome) -> None:
    (grid,) = Gains.of(outcome)
    assert set(grid.targets) == {"xnli", "pawsx", "udpos", "bucc2018", "tatoeba"}
    assert len(grid.intermediates) == 5


def test_what_cannot_be_compared_is_left_out(outcome_of) -> None:
    from dataclasses import replace

    finding = outcome_of(1).findings[0]
    assert compare(finding) is not None
    for changed in (
        {"claimed": None},
        {"computed": None},
        {"computed": "many"},
        {"claimed": "NaN", "claimed_interval": None},
    ):
        assert compare(replace(finding, **changed)) is None


def test_analysis_names_its_figures_by_kind() -> None:
    made = figures_of(
        {
            "figures": [
                {
                    "kind": "funnel",
                    "name": "f",
                    "what": "w",
                    "unit": "points",
                    "pooled": 1.0,
                    "studies": [{"label": "a", "estimate": 1.0, "se": 0.2}],
                }
            ]
        }
    )
    assert made == (Funnel("f", "w", "points", (Study("a", 1.0, 0.2),), 1.0),)
    with pytest.raises(ValueError, match="unknown kind of figure 'pie'"):
        figures_of({"figures": [{"kind": "pie"}]})


def test_labels_hold_only_what_the_figure_font_has() -> None:
    assert short("日本 a\x00b") == "□□ a b"


def test_a_long_name_is_broken_and_not_cut() -> None:
    name = "squad>mnli>hellaswag, encoder-decoder-miniature"
    lines = wrapped(name, 36).split("\n")
    assert lines == ["squad>mnli>hellaswag,", "encoder-decoder-miniature"]
    assert wrapped("xstilts.v1.squad.dev-gain-abstract/recomputed", 36).replace("\n", "") == (
        "xstilts.v1.squad.dev-gain-abstract/recomputed"
    )
    longest = wrapped("word " * 200, 20).split("\n")
    assert len(longest) == MOST_LINES and max(map(len, longest)) <= 20 and longest[-1].endswith("…")
    assert wrapped("x" * 500, 30).count("\n") == MOST_LINES - 1
    assert wrapped("", 20) == ""


def test_rows_stand_as_far_apart_as_their_names_need() -> None:
    assert rows_of(["a", "b"], 20, 0.25, 0.8).height == 1.3
    many = rows_of(["score of the setting mnli>squad>hellaswag, retained"] * 60, 34, 0.27, 0.8)
    assert not any("\n" in name for name in many.names) and many.height > TALLEST
    short_rows = Forest("f", "w", "points", (Effect("mnli", 1.0, 0.5, 1.5),) * 4)
    long_rows = Forest("f", "w", "points", (Effect("word " * 20, 1.0, 0.5, 1.5),) * 4)
    heights = [
        float(ElementTree.fromstring(f.svg()).get("height", "0pt")[:-2]) for f in (short_rows, long_rows)
    ]
    assert heights[1] > 1.2 * heights[0]


def test_one_unit_is_no_plural_and_a_method_keeps_its_letters() -> None:
    forest = Forest("f", "w", "points", (Effect("a", 1.0, 0.5, 1.5, 1),), method="t intervals over seeds")
    assert forest.warnings == (
        "Method: t intervals over seeds.",
        "Some rows rest on 1 unit of replication only.",
    )

"""What `verify-claims analyse` answers on the bundled study, recomputed here from its tables."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import InputError
from claims.load import load_claims
from claims.statistics.answer import answer_study
from claims.statistics.questions import read_questions
from claims.study import BUNDLED


@pytest.fixture(scope="module")
def found():
    asked = read_questions(BUNDLED)
    assert asked is not None
    file, _ = load_claims(BUNDLED / "claims.yaml", "claims.yaml")
    return answer_study(BUNDLED, file, asked)


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(BUNDLED / "evidence/xstilts-v1-dev.csv")


def answer(found, id):
    return next(item for item in found["answers"] if item["id"] == id)


def test_is_json_with_a_schema(found):
    assert found["schema"] == "verify-claims/analysis/1"
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert set(found["inputs"]) == set(read_questions(BUNDLED).tables)


def test_every_figure_can_be_drawn(found):
    from reports.figures import figures_of

    assert len(figures_of(found)) == len(found["figures"]) >= 8


def test_xnli_best_does_not_exceed_seed_noise(found):
    row = next(r for r in found["beyond-noise"] if (r["setting"], r["target"]) == ("hellaswag mlm", "xnli"))
    error = 0.36 * np.sqrt(2)
    assert row["gain"] == 0.7
    assert row["p"] == pytest.approx(2 * stats.t.sf(0.7 / error, 24), rel=1e-4)
    assert row["high"] == pytest.approx(0.7 + stats.t.ppf(0.975, 24) * error, rel=1e-4)
    assert row["exceeds_noise"] == "no"
    text = answer(found, "beyond-noise")["answer"]
    assert "hellaswag mlm on xnli (+0.7) does not exceed seed noise" in text
    assert "Of 48 gains" in text


def test_holm_is_over_all_gains_with_a_deviation(found):
    rows = found["beyond-noise"]
    p = np.array([row["p"] for row in rows])
    order = np.argsort(p)
    adjusted = np.minimum(1, np.maximum.accumulate((len(p) - np.arange(len(p))) * p[order]))
    assert [rows[i]["p_holm"] for i in order] == pytest.approx(adjusted, rel=1e-3)
    up = {(row["setting"], row["target"]) for row in rows if row["exceeds_noise"] == "up"}
    assert up == {("squad", "tydiqa"), ("squad mlm", "tydiqa")}


def test_the_expected_best_of_sixteen_equal_runs(found):
    draws = np.random.default_rng(0).normal(size=(200_000, 16)).max(1).mean() * 0.36
    assert f"expected at {draws:+.2f}" in answer(found, "beyond-noise")["answer"]


def test_retrieval_carries_seven_point_four_of_squads_gain(found, table):
    row = next(r for r in found["retrieval"] if r["setting"] == "squad")
    squad = table[(table.intermediate == "squad") & (table.variant == "plain")].set_index(
        ["target", "metric"]
    )["value"]
    retrieval = squad["bucc2018", "gain_f1"] + squad["tatoeba", "gain_acc"]
    assert row["points_from_group"] == pytest.approx(retrieval / 9, rel=1e-4)
    qa = [(squad[t, "gain_f1"] + squad[t, "gain_em"]) / 2 for t in ("xquad", "mlqa", "tydiqa")]
    rest = [
        *qa,
        squad["xnli", "gain_acc"],
        squad["pawsx", "gain_acc"],
        squad["udpos", "gain_f1"],
        squad["panx", "gain_f1"],
    ]
    assert row["mean_without"] == pytest.approx(np.mean(rest), rel=1e-4)
    low, high = stats.t.interval(0.95, 6, np.mean(rest), np.std(rest, ddof=1) / np.sqrt(7))
    assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-4)
    assert "BUCC and Tatoeba carry 7.4" in answer(found, "retrieval")["answer"]


def test_heterogeneity_is_welchs_f_of_the_dersimonian_q(found):
    row = next(r for r in found["between-targets"] if r["setting"] == "hellaswag")
    sd = {
        "xnli": 0.36,
        "pawsx": 0.36,
        "udpos": 0.665,
        "panx": 0.665,
        "xquad": 0.605,
        "mlqa": 0.605,
        "tydiqa": 0.605,
    }
    points = {
        "xnli": -0.3,
        "pawsx": 0.8,
        "udpos": -0.7,
        "panx": -1.0,
        "xquad": -0.1,
        "mlqa": 0.05,
        "tydiqa": 1.6,
    }
    w = np.array([1 / (2 * sd[t] ** 2) for t in points])
    y = np.array(list(points.values()))
    assert row["Q"] == pytest.approx(w @ (y - w @ y / w.sum()) ** 2, rel=1e-4)
    # Welch (1951), equations 21-22, with the 24 degrees of freedom of each deviation
    lack = ((1 - w / w.sum()) ** 2 / 24).sum()
    f = row["Q"] / 6 / (1 + 2 * 5 / 48 * lack)
    assert row["Q_p"] == pytest.approx(stats.f.sf(f, 6, 48 / (3 * lack)), rel=1e-3)


def test_means_over_targets_are_corrected_for_the_number_of_settings(found):
    rows = found["between-targets"]
    p = np.sort([row["p"] for row in rows])
    assert min(row["p_holm"] for row in rows) == pytest.approx(min(1.0, len(p) * p[0]), rel=1e-3)
    loose = sum(p <= 0.05)
    shown = sum(row["p_holm"] <= 0.05 for row in rows)
    said = answer(found, "between-targets")["answer"]
    assert f"differs from 0 in {shown} of 16 settings" in said and f"in {loose} without correction" in said


def test_doses_are_undecided_and_say_why(found):
    part = answer(found, "number-of-tasks")
    assert part["answer"].count("undecided") == 3
    limits = " ".join(part["cannot_say"])
    assert "not testable below 4 doses" in limits
    assert "one choice of six tasks" in limits
    rows = {row["series"]: row for row in found["number-of-tasks"]}
    assert rows["all targets"]["k=6"] == "+6.41"
    assert rows["without BUCC and Tatoeba"]["rise_against_seed_noise"].startswith("-1.29")


def test_english_gains_are_clustered_two_ways(found):
    first = found["english"][0]
    assert first["method"] == "two-way CR2"
    assert first["effects"] == 195
    assert first["low"] < first["pooled"] < first["high"]
    single = found["english"][1]
    assert {row["what"] for row in found["english"]} >= {
        "intermediate mnli",
        "intermediate squad",
        "target rte",
    }
    assert single["effects"] < 195


def test_power_agrees_with_statsmodels(found):
    from statsmodels.stats.power import TTestIndPower

    row = next(r for r in found["what-seeds-find"] if r["target"] == "xnli")
    n = row["seeds_for_0.7"]
    power = TTestIndPower().power
    assert power(0.7 / 0.36, n, 0.05) >= 0.8 > power(0.7 / 0.36, n - 1, 0.05)


def study(tmp_path, text):
    (tmp_path / "analysis.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: verify-claims/analysis/1\ntables: [a.csv]\n", "questions"),
        (
            "schema: verify-claims/analysis/1\ntables: [a.csv]\nquestions:\n  - {id: a, kind: nois, text: t}\n",
            "nois",
        ),
        (
            "schema: verify-claims/analysis/1\ntables: [a.csv]\nquestions:\n"
            "  - {id: a, kind: power, text: t, differences: [0.7]}\n",
            "not quoted",
        ),
    ],
)
def test_faults_of_the_file_have_a_place(tmp_path, text, message):
    with pytest.raises(InputError) as caught:
        read_questions(study(tmp_path, text))
    problem = caught.value.problems[0]
    assert message in str(problem)
    assert problem.file == "analysis.yaml" and problem.line


def test_a_study_without_questions(tmp_path):
    assert read_questions(tmp_path) is None


def test_tables_stay_inside_the_study(tmp_path):
    asked = read_questions(
        study(
            tmp_path,
            "schema: verify-claims/analysis/1\ntables: [../a.csv]\nquestions:\n"
            '  - {id: a, kind: power, text: t, differences: ["0.7"]}\n',
        )
    )
    file, _ = load_claims(BUNDLED / "claims.yaml", "claims.yaml")
    with pytest.raises(InputError, match="outside the study"):
        answer_study(tmp_path, file, asked)


HEAD = "source,model,intermediate,target,metric,value,status\n"
BASE = "p,m,none,t{i},mean,70,seen\np,m,none,t{i},sd,{sd},seen\np,m,a,t{i},median,{value},seen\n"


def pooled(tmp_path, table):
    (tmp_path / "t.csv").write_text(HEAD + table)
    head = "schema: verify-claims/analysis/1\ntables: [t.csv]\nquestions:\n"
    asked = read_questions(
        study(tmp_path, f"{head}  - {{id: e, kind: pooled, text: t, where: {{source: p}}}}\n")
    )
    file, _ = load_claims(BUNDLED / "claims.yaml", "claims.yaml")
    return answer_study(tmp_path, file, asked)


def test_effects_of_a_small_table_are_pooled_or_refused_by_name(tmp_path):
    rows = [BASE.format(i=i, sd=0.8, value=70.5 + 0.3 * i) for i in range(12)]
    assert pooled(tmp_path, "".join(rows))["e"][0]["effects"] == 12
    for table, said in (
        ("".join(rows[:2]), "2 effects; pool at least 3"),
        ("".join(rows) + BASE.format(i=12, sd=0, value=71), "m on t12: a baseline sd of 0"),
        ("".join(rows) + BASE.format(i=12, sd=-1, value=71), "m on t12: a baseline sd of -1"),
        ("".join(rows) + rows[3], "are doubles, of m none t3 mean among others"),
        ("".join(row.replace("median", "mode") for row in rows), "has the metric median"),
    ):
        with pytest.raises(InputError, match=said):
            pooled(tmp_path, table)


def test_two_rows_for_one_printed_gain_are_refused(found):
    asked = read_questions(BUNDLED)
    question = next(q for q in asked.questions if q.id == "beyond-noise")
    from analysis.results import read_results
    from claims.statistics.gains import printed_gains

    frame = read_results(BUNDLED / "evidence/xstilts-v1-dev.csv").frame()
    assert len(printed_gains(frame, question.where, {})) >= len(found["beyond-noise"])
    with pytest.raises(InputError, match="doubles"):
        printed_gains(pd.concat([frame, frame]), question.where, {})

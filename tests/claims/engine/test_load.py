"""A claims file with faults: one message per fault, at its place, with the remedy; all at once."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.load import load_claims, validated
from claims.model import ClaimsFile
from claims.schema import SHIPPED, json_schema, schema_text
from claims.study import BUNDLED, check_study, find_study, read_study
from claims.yaml_marks import parse_yaml, read_yaml

INPUTS = int(os.environ.get("FUZZ_INPUTS", "150"))
"""Inputs per fuzzing test; FUZZ_INPUTS=20000 is the long run."""
GOOD = """\
schema: verify-claims/1
study: s
title: A study
evidence: [results.csv]
averages:
  both: {text: mean of two, mean: [{target: a, metric: acc}, {target: b, metric: acc}]}
claims:
  - id: one
    text: It gains 2 points.
    scope: {source: p}
    assert:
      - {kind: gain, of: {intermediate: squad}, over: {intermediate: none}, mean: both, equals: "2.0"}
"""
RESULTS = """\
source,target,metric,intermediate,status,value,printed
p,a,acc,none,seen,70.0,70.0
p,b,acc,none,seen,60.0,60.0
p,a,acc,squad,seen,72.0,72.0
p,b,acc,squad,seen,62.0,62.0
"""


def study(folder: Path, text: str, results: str = RESULTS) -> Path:
    (folder / "claims.yaml").write_text(text)
    (folder / "results.csv").write_text(results)
    return folder


def told(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_study(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert read_study(study(tmp_path, GOOD)).file.claims[0].id == "one"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('equals: "2.0"', "equals: 2.00", '12:97: equals: 2.00 is not quoted; write equals: "2.00"'),
        ('equals: "2.0"', "equals: 2", 'equals: 2 is not quoted; write equals: "2"'),
        ('equals: "2.0"', 'equals: "two"', "12:97: 'two' is not a printed number"),
        ('equals: "2.0"', 'equal: "2.0"', "12:89: unknown key 'equal'; write 'equals'"),
        (', equals: "2.0"', "", "write exactly one of equals, at_least, at_most, above, below"),
        ('equals: "2.0"', 'equals: "2.0", above: "1"', "write exactly one of equals"),
        ("kind: gain", "kind: gian", "12:16: unknown kind 'gian'; write kind: gain"),
        ("kind: gain, ", "", "12:9: an assertion without kind; write kind: one of value, gain"),
        ("of: {intermediate: squad}", "of: {intermediat: squad}", "12:27: unknown column 'intermediat'"),
        ("of: {intermediate: squad}", "of: {intermediate: sqaud}", "12:41: unknown intermediate 'sqaud'; write"),
        ("of: {intermediate: squad}", "of: {intermediate: 3}", '12:41: intermediate: 3 is not quoted'),
        ("of: {intermediate: squad}", "of: squad", "12:26: of: found 'squad'"),
        ("mean: both", "mean: bth", "12:83: unknown averaging rule 'bth'; write 'both'"),
        ("text: It gains", "txet: It gains", "9:5: unknown key 'txet'; write 'text'"),
        ("text: It gains 2 points.", "text: 5.40", '9:11: text: 5.40 is not quoted; write text: "5.40"'),
        ("id: one", "id: no", None),
        ("id: one", "id: A B", "8:9: id: found 'A B'"),
        ("scope: {source: p}", "scope: {source: q}", "10:21: unknown source 'q'"),
        ("scope: {source: p}", "scope: {sorce: p}", "10:13: unknown key 'sorce'; write 'source'"),
        ("schema: verify-claims/1", "schema: verify-claims/9", "1:9: schema: found 'verify-claims/9'"),
        ("study: s\n", "", "1:1: key 'study' is missing; add it"),
        ("evidence: [results.csv]", "evidence: [../x.csv]", "4:12: path '../x.csv' leaves the study's folder"),
        ("evidence: [results.csv]", "evidence: [/etc/passwd]", "4:12: path '/etc/passwd' leaves the study's folder"),
        ("evidence: [results.csv]", "evidence: [other.csv]", "4:12: no table at 'other.csv'"),
        ("claims:\n", "claims: []\nclaim:\n", "unknown key 'claim'; write 'claims'"),
        ("mean: [{target: a, metric: acc}, {target: b, metric: acc}]", "mean: []", "6:35: mean: an empty list"),
        ("{target: b, metric: acc}]", "{target: a, metric: acc}]", "6:35: averaging rule 'both' counts target a"),
        ("b, metric: acc}]", "b, metric: acc}], groups: {g: [a, c]}", "6:105: target 'c' is not in"),
        ("    text: It gains", "\ttext: It gains", "9:1: not YAML: a tab as indentation; indent with spaces"),
    ],
)  # fmt: skip
def test_one_fault_one_message(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    assert old in GOOD
    folder = study(tmp_path, GOOD.replace(old, new, 1))
    if said is None:
        assert read_study(folder)
        return
    messages = told(folder)
    assert any(message.startswith("claims.yaml:") and said in message for message in messages), messages


def test_all_faults_at_once_in_file_order(tmp_path: Path) -> None:
    broken = (
        GOOD.replace("kind: gain", "kind: gian").replace("title:", "titel:").replace("id: one", "id: ONE!")
    )
    messages = told(study(tmp_path, broken, RESULTS.replace("seen", "sen", 2)))
    assert [message.split(":")[0] for message in messages] == 3 * ["claims.yaml"] + 2 * ["results.csv"]
    lines = [int(message.split(":")[1]) for message in messages]
    assert lines[:3] == sorted(lines[:3]) and lines[3:] == [2, 3]


def test_a_double_id_names_the_first(tmp_path: Path) -> None:
    second = GOOD.split("claims:\n")[1]
    assert any(
        "id 'one' stands twice; line 8 has it already" in m for m in told(study(tmp_path, GOOD + second))
    )


def test_tables_without_rows_are_one_problem(tmp_path: Path) -> None:
    assert told(study(tmp_path, GOOD, RESULTS.splitlines()[0] + "\n")) == [
        "claims.yaml:4:11: the evidence has no rows; write the scores, or what is still to come under names"
    ]


def test_a_link_out_of_the_study_is_refused(tmp_path: Path) -> None:
    inside, outside = tmp_path / "study", tmp_path / "secret.csv"
    inside.mkdir()
    outside.write_text(RESULTS)
    study(inside, GOOD)
    (inside / "results.csv").unlink()
    (inside / "results.csv").symlink_to(outside)
    assert "leaves the study's folder" in told(inside)[0]


def test_the_shipped_schema_is_current() -> None:
    assert SHIPPED.read_text() == schema_text(), "print it anew with `verify-claims schema`"


def test_the_schema_accepts_the_bundled_file_and_refuses_faults() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    good = json.loads(json.dumps(read_yaml(BUNDLED / "claims.yaml").root))
    assert not list(checker.iter_errors(good))
    for key, value in (("equals", 8.2), ("kind", "gian"), ("of", {"sorce": "x"}), ("odd", 1)):
        bad = json.loads(json.dumps(good))
        bad["claims"][0]["assert"][0][key] = value
        assert list(checker.iter_errors(bad)), key


def test_the_bundled_files_load() -> None:
    file, _ = load_claims(BUNDLED / "claims.yaml", "claims.yaml")
    assert len(file.claims) >= 30 and len({claim.id for claim in file.claims}) == len(file.claims)


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.sampled_from(["gain", "value", "8.2", "xtreme", "verify-claims/1", "squad", "*", "share", "none"]),
)  # fmt: skip
keys = st.sampled_from(
    ["schema", "study", "title", "claims", "id", "text", "scope", "assert", "kind", "of", "over", "mean", "equals",
     "cells", "averages", "evidence", "sweep", "target", "metric", "odd", "group", "groups", "names"]
)  # fmt: skip
trees = st.recursive(
    leaves, lambda x: st.lists(x, max_size=3) | st.dictionaries(keys, x, max_size=5), max_leaves=25
)


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees)
def test_any_tree_is_accepted_or_refused_with_places(tree: object) -> None:
    try:
        validated(ClaimsFile, parse_yaml(json.dumps(tree, ensure_ascii=False).encode(), "f"))
    except InputError as error:
        assert all(problem.line is not None and problem.what for problem in error.problems)


pieces = st.sampled_from(
    ['"', "'", "{", "}", "[", "]", ":", "- ", "\n", " ", "8.70", "*a", "&a ", "!", "#", "|", "no", "\t"]
)


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), pieces), min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(damages: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for place, cut, piece in damages:
        text = text[:place] + piece + text[place + cut :]
    try:
        validated(ClaimsFile, parse_yaml(text.encode(), "f"))
    except InputError as error:
        assert all(problem.line is not None and problem.what for problem in error.problems)


@pytest.mark.parametrize(
    ("assertion", "what"),
    [
        (
            "{kind: share, cells: {target: a}, above: '0', at_least: 0, out_of: 1}",
            "0 of 1 is true of any cells",
        ),
        (
            "{kind: share, cells: {target: a}, above: '0', at_most: 1, out_of: 1}",
            "1 of 1 is true of any cells",
        ),
        ("{kind: share, cells: {target: a}, above: '0', at_least: 2, out_of: 1}", "at_least: 2 of 1 cells"),
        ("{kind: value, of: {target: a}, at_least: 'up to 39'}", "'up to 39' has a bound of its own"),
        ("{kind: no_gain, cells: {target: a}, margin: '-1'}", "margin: -1 is negative"),
        ("{kind: quote, text: ' - '}", "has no word"),
        ("{kind: fact, take: words, cells: {target: a}, include: [' ']}", "an empty word"),
        ("{name: '1', kind: quote, text: b}", "assertion '1' stands twice"),
    ],
)
def test_what_no_evidence_could_decide_is_refused(tmp_path: Path, assertion: str, what: str) -> None:
    text = GOOD + f"      - {assertion}\n"
    problems = told(study(tmp_path, text))
    assert len(problems) == 1 and what in problems[0]
    assert f"claims.yaml:{text.count(chr(10))}:" in problems[0]


def test_drafts_need_no_evidence_and_are_not_decided(tmp_path: Path) -> None:
    draft = GOOD.replace("    scope:", "    status: draft\n    scope:").replace("[results.csv]", "[]")
    outcome = check_study(study(tmp_path, draft))
    assert (outcome.claims, outcome.drafts) == ((), ("one",))


def test_a_misspelt_key_is_one_error_and_not_a_missing_key_too(tmp_path: Path) -> None:
    (line,) = told(study(tmp_path, GOOD.replace("over: {", "ovr: {")))
    assert line == "claims.yaml:12:49: unknown key 'ovr'; write 'over'"
    lines = told(study(tmp_path, GOOD.replace("over: {intermediate: none}, ", "").replace("of: {", "off: {")))
    assert len(lines) == 2 and any("key 'over' is missing" in line for line in lines)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            GOOD,
            "- a\n",
            "claims.yaml:1:1: expected keys and values, found a list; see `verify-claims schema`",
        ),
        (
            "id: one",
            "id: My Claim",
            "claims.yaml:8:9: id: found 'My Claim'; write small letters, digits, and . _ + - between them",
        ),
        (
            '"2.0"',
            f'"{"9" * 4000}x"',
            f"claims.yaml:12:97: '{'9' * 60}' is not a printed number such as "
            '"8.70", "1,104,934", "42%" or "up to 40"',
        ),
    ],
)
def test_a_fault_is_told_shortly_in_words(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert told(study(tmp_path, GOOD.replace(old, new))) == [line]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "mnie",
            "claims.yaml:11:36: unknown study 'mnie'; write 'mine', or declare \"run:mnie\" under names: source",
        ),
        ("quite-another", "known are masking, mine, or declare"),
        ("masking", ""),
        ("mine", ""),
    ],
)
def test_a_study_of_runs_must_be_known_to_somebody(tmp_path: Path, name: str, message: str) -> None:
    cell = "of: {intermediate: squad, target: a, metric: acc}"
    assertion = f'{{kind: regenerated, study: {name}, {cell}, equals: "2.0"}}'
    head, _, _ = GOOD.partition("      - {kind: gain")
    text = f"{head}      - {assertion}\n".replace("claims:\n", 'names: {source: ["run:mine"]}\nclaims:\n')
    folder = study(tmp_path, text.replace("averages:\n", "").replace(GOOD.splitlines()[5] + "\n", ""))
    if message:
        with pytest.raises(InputError) as caught:
            read_study(folder, ("masking",))
        (problem,) = caught.value.problems
        assert message in str(problem)
    else:
        assert read_study(folder, ("masking",)).file.study == "s"
    assert read_study(folder).file.study == "s"  # who cannot know the studies does not judge their names


def test_claims_under_another_ending_are_never_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder the bundled study would be decided in their place, and a build would be green."""
    (study(tmp_path, GOOD) / "claims.yaml").rename(tmp_path / "claims.yml")
    monkeypatch.chdir(tmp_path)
    for place in (None, Path(), tmp_path, Path("claims.yml")):
        with pytest.raises(InputError, match=r"stand in claims.yaml; rename '.*claims.yml'$"):
            find_study(place)
    (tmp_path / "claims.yaml").write_text(GOOD)
    assert find_study(None)[0] == find_study(Path())[0] == Path()

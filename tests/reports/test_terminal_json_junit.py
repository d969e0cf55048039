"""Terminal text, JSON and JUnit are pure functions of the outcome, and inert whatever the texts hold."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from claims.finding import Verdict
from claims.study import BUNDLED, check_study
from reports.as_json import as_json, render_json
from reports.explained import render_claim
from reports.junit import render_junit
from reports.terminal import closing, render_plain, table

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("n", [0, 1, 12])
def test_json_holds_every_finding_with_its_verdict(outcome_of, n) -> None:
    outcome = outcome_of(n)
    read = json.loads(render_json(outcome, ["x"]))
    findings = [finding for claim in read["claims"] for finding in claim["findings"]]
    assert [f["id"] for f in findings] == [f.id for f in outcome.findings]
    assert [f["verdict"] for f in findings] == [str(f.verdict) for f in outcome.findings]
    assert read["failing"] == ["x"] and "study_path" not in read
    assert sum(read["summary"]["assertion_verdicts"].values()) == len(findings)
    assert sum(read["summary"]["claim_verdicts"].values()) == len(outcome.claims)
    assert render_json(outcome) == render_json(outcome)


def test_json_needs_no_sorting_out_of_types(outcome) -> None:
    def walk(value: object) -> None:
        assert type(value) in (dict, list, str, int, float, bool, type(None)), type(value)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(as_json(outcome))


def test_junit_counts_agree_with_its_cases(outcome) -> None:
    failing = [f.id for f in outcome.findings if f.verdict is Verdict.CONTRADICTED]
    root = ElementTree.fromstring(render_junit(outcome, failing))
    cases = root.findall("./testsuite/testcase")
    assert len(cases) == len(outcome.findings) == int(root.attrib["tests"])
    for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        counted = sum(case.find(tag) is not None for case in cases)
        assert counted == int(root.attrib[word])
        assert counted == sum(int(suite.attrib[word]) for suite in root.findall("./testsuite"))
    assert int(root.attrib["failures"]) == len(failing)


def test_junit_of_hostile_text_is_well_formed(hostile) -> None:
    text = render_junit(hostile, [hostile.findings[0].id]).encode("utf-8", "strict").decode()
    assert not CONTROL.search(text)
    assert len(ElementTree.fromstring(text).findall("./testsuite/testcase")) == len(hostile.findings)


def test_plain_text_names_every_claim_and_what_fails(outcome) -> None:
    failing = [outcome.findings[0].id]
    text = render_plain(outcome, failing)
    assert all(claim.id in text for claim in outcome.claims)
    assert f"Failing: {failing[0]}." in text
    open_findings = [f for f in outcome.findings if f.verdict is not Verdict.SUPPORTED]
    assert text.count(open_findings[0].detail) >= 1


def test_plain_text_of_hostile_text_is_inert(hostile) -> None:
    text = render_plain(hostile)
    assert not CONTROL.search(text.replace("\n", ""))
    assert not CONTROL.search(
        "".join(render_claim(hostile, claim) for claim in hostile.claims).replace("\n", "")
    )


def test_the_table_says_what_the_plain_text_says(outcome) -> None:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=300, color_system=None).print(table(outcome))
    drawn = stream.getvalue()
    assert all(claim.id in drawn for claim in outcome.claims)


def test_a_table_of_hostile_text_runs_no_markup(hostile) -> None:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=200, force_terminal=True, color_system="truecolor").print(table(hostile))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07]", stream.getvalue())


def test_nothing_to_check_is_said(outcome_of) -> None:
    assert "nothing to check" in "\n".join(closing(outcome_of(0)))


def test_a_large_study_lists_what_is_not_supported(outcome_of) -> None:
    outcome = outcome_of(500, rich=False)
    text = render_plain(outcome)
    assert len(text.splitlines()) < 2000 and "500 claims" in text


def test_json_of_numbers_that_are_none_is_json(outcome_of) -> None:
    from dataclasses import replace

    made = outcome_of(1)
    odd = {"estimate": float("nan"), "interval": [float("-inf"), 1.5]}
    card = made.claims[0]
    cells = tuple(replace(cell, value=float("nan")) for cell in card.findings[0].cells)
    found = replace(card.findings[0], statistics=odd, cells=cells)
    text = render_json(replace(made, claims=(replace(card, findings=(found,)),)))
    read = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert read["claims"][0]["findings"][0]["statistics"] == {"estimate": None, "interval": [None, 1.5]}


def test_what_a_finding_came_to_is_indented_on_every_line_of_the_table(outcome) -> None:
    from rich.console import Console

    stream = io.StringIO()
    Console(file=stream, width=60, color_system=None).print(table(outcome))
    last = [line.rpartition("│")[2] for line in stream.getvalue().splitlines() if "│" in line]
    told = [at for at, text in enumerate(last) if text.startswith("   recomputed:")]
    assert told and all(last[at + 1].startswith("   ") for at in told)


@pytest.mark.parametrize("width", [60, 200])
def test_an_audit_is_as_wide_as_the_terminal(outcome, monkeypatch, width: int) -> None:
    from dataclasses import replace

    from reports.reading import audit_text

    monkeypatch.setenv("COLUMNS", str(width))
    found = [finding for finding in outcome.audit if finding.code == "opposite_verdicts"]
    long = replace(found[0], text="many words " * 40)
    lines = audit_text([*found, long]).splitlines()
    assert min(width, 110) - 12 < max(map(len, lines)) <= min(width, 110)


def test_an_open_claim_tells_what_of_it_stands_in_print() -> None:
    """The abstract prints the gain; that its cells are not at hand is not all that is known of it."""
    text = render_plain(check_study(BUNDLED))
    _, _, after = text.partition("xstilts.test-gain  ")
    told = [line.strip() for line in after.splitlines()[1:5]]
    assert [line.partition(":")[0] for line in told] == ["printed", "quoted", "recomputed", "drift"]
    assert told[0] == "printed: matches print. Abstract prints 5.4."

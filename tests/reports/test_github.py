"""GitHub output: escaped, capped, and never silent about what was left out."""

from dataclasses import replace

from claims.finding import Finding, Level, Location, Reason
from claims.outcome import ClaimCard, Outcome
from reports.github import LIMIT, SUMMARY_BYTES, render_annotations, render_summary

BASE = Finding(
    id="c/0",
    claim="c",
    kind="value",
    reading="",
    reason=Reason.OUTSIDE_ROUNDING,
    level=Level.RECOMPUTED,
    detail="cells give 7.1",
    location=Location("claims.yaml", 4, 7),
)


def outcome(findings: list[Finding]) -> Outcome:
    card = ClaimCard("c", "text", "g", {}, Location("claims.yaml", 1), mentions=(), findings=tuple(findings))
    return Outcome("s", "0", "paper", ".", {}, (), (), (card,), (), (), ())


def test_annotation_names_file_line_and_column() -> None:
    text = render_annotations(outcome([BASE]), failing={"c/0"})
    assert text == "::error file=claims.yaml,line=4,col=7,title=c%3A contradicted::cells give 7.1\n"


def test_text_cannot_smuggle_in_a_command() -> None:
    hostile = replace(BASE, detail="100%\n::stop-commands::x", claim="a,b::c\r\n::error::boo")
    lines = render_annotations(outcome([hostile]), failing={"c/0"}).splitlines()
    assert len(lines) == 1
    assert "%0A::stop-commands" in lines[0]
    assert "title=a%2Cb%3A%3Ac%0D%0A" in lines[0]


def test_more_than_the_limit_ends_in_an_overflow_line() -> None:
    many = [replace(BASE, id=f"c/{number}") for number in range(LIMIT + 5)]
    lines = render_annotations(outcome(many), failing={f.id for f in many}).splitlines()
    assert len(lines) == LIMIT
    assert lines[-1].startswith("::error title=verify-claims::6 more")


def test_exactly_the_limit_needs_no_overflow_line() -> None:
    many = [replace(BASE, id=f"c/{number}") for number in range(LIMIT)]
    lines = render_annotations(outcome(many), failing={f.id for f in many}).splitlines()
    assert len(lines) == LIMIT
    assert all("file=" in line for line in lines)


def test_summary_escapes_markup_and_counts_verdicts() -> None:
    text = render_summary(outcome([replace(BASE, detail="<img src=x> | [a](b) `c` @user")]), failing={"c/0"})
    assert "1 contradicted" in text
    table = text.splitlines()[-1]
    assert "<img" not in table
    assert table.count("|") == 6
    assert "[a](b)" not in table


def test_summary_stays_under_what_a_runner_accepts() -> None:
    many = [replace(BASE, id=f"c/{number}", detail="x" * 900) for number in range(3000)]
    text = render_summary(outcome(many))
    assert len(text.encode()) <= SUMMARY_BYTES
    assert "more are in the JSON and SARIF files" in text


def test_locations_are_those_of_the_repository() -> None:
    import json
    from dataclasses import replace as changed

    from reports.junit import render_junit
    from reports.sarif import render_sarif

    in_folder = changed(outcome([BASE]), study_path="docs/paper")
    assert "file=docs/paper/claims.yaml,line=4" in render_annotations(in_folder, {"c/0"})
    assert 'file="docs/paper/claims.yaml"' in render_junit(in_folder, {"c/0"})
    (result,) = json.loads(render_sarif(in_folder, {"c/0"}))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "docs/paper/claims.yaml"
    for elsewhere in ("/tmp/paper", "../paper", "."):
        text = render_annotations(changed(in_folder, study_path=elsewhere), {"c/0"})
        assert "file=claims.yaml,line=4" in text


def test_what_could_not_be_checked_is_an_error_annotation() -> None:
    text = render_annotations(outcome([replace(BASE, reason=Reason.BAD_EVIDENCE)]))
    assert text.startswith("::error file=claims.yaml")


def test_what_cannot_be_seen_is_named() -> None:
    hostile = replace(BASE, detail="\x1b[31mred \u202egnp.exe\x00", claim="c\u2066")
    made = render_annotations(outcome([hostile]), {"c/0"}) + render_summary(outcome([hostile]), {"c/0"})
    assert not set(made) & set("\x1b\x00\u202e\u2066")
    assert "[U+202E]gnp.exe" in made and "title=c[U+2066]" in made

"""Contrasts as assertions: outcome, number and seeds of runs; what differs is told; families are decided together."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.contrast import digest
from analysis.errors import InputError
from claims.contents import read_study
from claims.finding import Finding, Level, Reason, Verdict
from claims.model import Contrast
from claims.standing import claim_verdict
from claims.statistics.contrasted import contrast_of, rule_of
from claims.study import check_study

HEAD = "source,locator,scale,split,model,intermediate,variant,target,language,metric,seed,n,value,printed,status\n"
GAINS = {
    "none": (50.0, 50.4, 50.2, 49.8),
    "mnli": (56.1, 56.3, 56.4, 55.6),
    "squad": (50.1, 50.3, 50.3, 49.9),
}


def write(
    folder: Path, assertions: str, gains: dict[str, tuple[float, ...]] = GAINS, floor: float = 33.0
) -> None:
    rows = [
        f"run:tiny,k{name},miniature,test,m,{name},plain,xnli,all,score,{seed},,{value},,measured\n"
        for name, values in gains.items()
        for seed, value in enumerate(values)
    ]
    rows.append(f"run:tiny,kc,miniature,test,m,none,constant,xnli,all,score,0,,{floor},,measured\n")
    (folder / "scores.csv").write_text(HEAD + "".join(rows))
    (folder / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: tiny\ntitle: Runs\nevidence: [scores.csv]\nclaims:\n"
        "  - id: tiny\n    text: It helps.\n    assert:\n" + assertions
    )


def contrast(name: str, other: str, outcome: str, more: str = "", study: str = "tiny") -> str:
    return (
        f"      - name: {name}\n        kind: contrast\n        text: {name} scores higher\n        study: {study}\n"
        "        scale: miniature\n        where: {target: xnli}\n        terms:\n"
        f"          - {{weight: 1, where: {{intermediate: {name}}}}}\n"
        f"          - {{weight: -1, where: {{intermediate: {other}}}}}\n"
        f'        alternative: greater\n        margin: "2.0"\n        outcome: {outcome}\n{more}'
    )


def findings(folder: Path) -> dict[str, Finding]:
    return {one.id.rpartition("/")[2]: one for one in check_study(folder).findings}


def test_outcome_number_and_seeds_are_borne_out(tmp_path: Path) -> None:
    more = '        equals: "6.00"\n        seeds: 4\n'
    write(tmp_path, contrast("mnli", "none", "shown", more) + contrast("squad", "none", '"no difference"'))
    found = findings(tmp_path)
    assert found["mnli"].reason is Reason.INTERVAL_AGREES and found["mnli"].level is Level.REGENERATED
    assert found["mnli"].scale == "miniature" and found["mnli"].computed == "6"
    assert (found["mnli"].statistics or {})["decided_together"] == 2
    assert found["squad"].verdict is Verdict.SUPPORTED
    assert claim_verdict(tuple(found.values())) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("outcome", "more", "told"),
    [
        ("open", "", "it cannot be answered"),
        ("opposite", "", "the opposite is shown"),
        ("shown", '        equals: "6.01"\n', "6.01 points"),
        ("shown", "        seeds: 5\n", "5 seeds"),
    ],
)
def test_what_differs_is_contradicted_and_told(tmp_path: Path, outcome: str, more: str, told: str) -> None:
    write(tmp_path, contrast("mnli", "none", outcome, more))
    (found,) = findings(tmp_path).values()
    assert found.reason is Reason.INTERVAL_EXCLUDES and found.verdict is Verdict.CONTRADICTED
    assert told in found.detail.partition("the file asserts otherwise: ")[2]


def test_a_floor_is_an_outcome_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, contrast("mnli", "none", "open"), floor=55.0)
    (found,) = findings(tmp_path).values()
    assert found.verdict is Verdict.SUPPORTED and "at the floor" in found.detail


def test_the_family_is_that_of_the_claim(tmp_path: Path) -> None:
    """A difference that is shown alone is within the margin, and no longer shown, among twelve."""
    gains = {**GAINS, "mnli": (51.0, 52.4, 51.2, 50.4)}
    write(tmp_path, contrast("mnli", "none", "shown"), gains)
    assert findings(tmp_path)["mnli"].verdict is Verdict.SUPPORTED
    others = "".join(
        contrast("squad", "none", "open").replace("name: squad", f"name: other-{number}", 1)
        for number in range(11)
    )
    write(tmp_path, contrast("mnli", "none", "'no difference'") + others, gains)
    found = findings(tmp_path)["mnli"]
    assert found.verdict is Verdict.SUPPORTED and (found.statistics or {})["decided_together"] == 12


def test_missing_cells_and_missing_runs_are_unverifiable(tmp_path: Path) -> None:
    write(tmp_path, contrast("mnli", "none", "shown"), {"mnli": GAINS["mnli"], "squad": GAINS["squad"]})
    lacking = contrast("mnli", "none", "shown", study="other")
    found = findings(tmp_path)["mnli"]
    assert found.reason is Reason.CELLS_MISSING and "verify-claims replicate tiny" in found.needs[0]
    write(tmp_path, lacking)
    found = findings(tmp_path)["mnli"]
    assert found.reason is Reason.NO_RUNS and found.needs == (
        "verify-claims replicate other --scale miniature",
    )
    assert found.detail.endswith("It has runs of: tiny.")


def test_weights_must_add_up_to_nothing(tmp_path: Path) -> None:
    write(tmp_path, contrast("mnli", "none", "shown").replace("weight: -1", "weight: -2"))
    with pytest.raises(InputError, match=r"claims.yaml.*weights add up to -1"):
        check_study(tmp_path)
    write(tmp_path, contrast("mnli", "none", "shown").replace("weight: -1", "weight: -0.5"))
    with pytest.raises(InputError, match=r'write weight: "-0.5"'):
        check_study(tmp_path)
    write(tmp_path, contrast("mnli", "nohting", "shown"))
    with pytest.raises(InputError, match="unknown intermediate 'nohting'"):
        check_study(tmp_path)


def test_that_cells_were_not_run_at_a_scale_can_be_asserted(tmp_path: Path) -> None:
    only = {"mnli": GAINS["mnli"], "squad": GAINS["squad"]}
    write(tmp_path, contrast("mnli", "none", "open", "        seeds: 0\n"), only)
    (found,) = findings(tmp_path).values()
    assert found.verdict is Verdict.SUPPORTED and found.level is Level.STATED and "not run" in found.detail
    assert found.scale == "miniature"  # a finding about published numbers would decide the claim alone
    write(tmp_path, contrast("mnli", "none", "open", "        seeds: 0\n"))
    (found,) = findings(tmp_path).values()
    assert found.verdict is Verdict.CONTRADICTED and "0 seeds" in found.detail


def registered(folder: Path) -> str:
    """A claims file with two contrasts that names them as its family."""
    write(folder, contrast("mnli", "none", "shown") + contrast("squad", "none", '"no difference"'))
    file = read_study(folder).file.claims[0]
    contrasts = [one for one in file.assertions if isinstance(one, Contrast)]
    sha256 = digest([contrast_of(one) for one in contrasts], rule_of(contrasts[0]))
    text = (folder / "claims.yaml").read_text()
    family = f"    family: {{contrasts: [mnli, squad], sha256: {sha256}}}\n"
    return text.replace("    assert:\n", family + "    assert:\n")


def test_a_family_that_is_whole_is_decided(tmp_path: Path) -> None:
    text = registered(tmp_path)
    (tmp_path / "claims.yaml").write_text(text)
    assert {one.verdict for one in findings(tmp_path).values()} == {Verdict.SUPPORTED}
    parts = text.split("      - name: ")
    (tmp_path / "claims.yaml").write_text("      - name: ".join([parts[0], parts[2], parts[1]]))
    assert set(findings(tmp_path)) == {"squad", "mnli"}  # their order is no part of what was registered


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- name: squad", "- name: other", "claims.yaml:8:32: contrast 'squad' was registered and is not"),
        ("- name: squad", "- name: other", "claims.yaml:22:15: contrast 'other' was not registered with"),
        ('margin: "2.0"', 'margin: "1.0"', "claims.yaml:8:48: the contrasts are not as they were registered"),
        ("weight: 1,", "weight: 2,", "weights add up to 1"),
        ("intermediate: none", "intermediate: squad", "are not as they were registered"),
        ("squad scores higher", "squad scores lower", "are not as they were registered"),
        ("alternative: greater", "alternative: less", "are not as they were registered"),
        ("        outcome", '        alpha: "0.2"\n        outcome', "different rules"),
        ("study: tiny\n        scale", "study: other\n        scale", "different studies"),
    ],
)
def test_a_family_is_held_to_what_was_registered(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = registered(tmp_path)
    (tmp_path / "claims.yaml").write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        check_study(tmp_path)
    assert any(told in str(problem) for problem in caught.value.problems), str(caught.value)


def test_a_contrast_that_is_left_out_of_its_family_is_told(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text(registered(tmp_path).partition("      - name: squad")[0])
    with pytest.raises(InputError) as caught:
        check_study(tmp_path)
    (problem,) = caught.value.problems
    assert str(problem).startswith("claims.yaml:8:32: contrast 'squad' was registered and is not among the")

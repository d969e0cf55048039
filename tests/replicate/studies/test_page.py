"""The page of studies names every bundled study with its scales, and the YAML that it shows is valid."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from replicate.noise import KINDS, SHARES
from replicate.studies.designed import Noising, Orders, Subsets
from replicate.studies.registration import Registration
from replicate.studies.study import names, study

PAGE = (Path(__file__).parents[3] / "docs/studies.md").read_text(encoding="utf-8")


def test_every_study_is_listed_with_its_scales() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| .* \| ((?:miniature|small|paper)[\w, ]*) \|$", PAGE, re.M))
    assert {name: tuple(scales.split(", ")) for name, scales in listed.items()} == {
        name: tuple(study(name).scales) for name in names()
    }


def test_shown_files_are_valid_and_numbers_are_those_of_the_code() -> None:
    first, second = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.S))
    shown = Registration.model_validate(first["registered"])
    (bundled,) = [one for one in study("order").registered.contrasts if one.id == shown.contrasts[0].id]  # type: ignore[union-attr]
    assert bundled == shown.contrasts[0]
    tasks = ["mnli", "squad", "hellaswag", "qqp", "ccg"]
    assert Subsets.model_validate({**second["subsets"], "tasks": tasks}).groups()
    assert (
        Orders.model_validate(second["orders"]).groups() and Noising.model_validate(second["noise"]).noises()
    )
    shares = ", ".join(f"{100 * share:g}" for share in SHARES[1:])
    text = " ".join(PAGE.split())
    assert f"edits {shares} % of the words" in text and f"Eight kinds: {', '.join(KINDS)}." in text

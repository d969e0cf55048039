"""Properties of languages are those of the reference table, and every language of a benchmark has them."""

from __future__ import annotations

import csv
from pathlib import Path

from replicate.data import languages
from replicate.data.typology import OBJECT_FIRST, PROPERTIES, properties
from replicate.world.languages import LANGUAGES


def test_every_language_of_the_benchmarks_and_of_the_world_has_properties() -> None:
    for code in (*languages.PANX_R, *languages.UDPOS_R, *languages.HUMANEVAL_XL, *languages.XCOPA):
        assert set(properties(code)) == set(PROPERTIES[:3]), code
    assert {code: properties(code)["Latin script"] for code in LANGUAGES} == {
        "en": 1, "qde": 1, "qes": 1, "qru": 0, "qtr": 0, "qfk": 0,
    }  # fmt: skip


def test_word_order_is_that_of_the_table(shared: Path) -> None:
    with (shared / "data/typology/uriel_knn_features.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row["iso639_3"] for row in rows if float(row["S_OBJECT_BEFORE_VERB"]) >= 0.5}
    iso3 = {languages.spell("{iso3}", code) for code in OBJECT_FIRST}
    assert iso3 - {"que"} == names - {"quz"} and "quz" in names

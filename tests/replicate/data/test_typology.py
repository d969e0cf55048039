"""Properties of languages are those of the reference table, and every language of a benchmark has them."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from replicate.data import languages
from replicate.data.typology import DISTANCE, OBJECT_FIRST, PROPERTIES, properties
from replicate.world.languages import LANGUAGES


def test_every_language_of_the_benchmarks_and_of_the_world_has_properties() -> None:
    for code in (*languages.PANX_R, *languages.UDPOS_R, *languages.HUMANEVAL_XL, *languages.XCOPA):
        assert set(properties(code)) == set(PROPERTIES) - {"shares words with English"}, code
    assert {code: properties(code)["Latin script"] for code in LANGUAGES} == {
        "en": 1, "qde": 1, "qes": 1, "qru": 0, "qtr": 0, "qfk": 0,
    }  # fmt: skip


def test_word_order_is_that_of_the_table(shared: Path) -> None:
    with (shared / "data/typology/uriel_knn_features.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = {row["iso639_3"] for row in rows if float(row["S_OBJECT_BEFORE_VERB"]) >= 0.5}
    iso3 = {languages.spell("{iso3}", code) for code in OBJECT_FIRST}
    assert iso3 - {"que"} == names - {"quz"} and "quz" in names


def test_distances_are_cosines_over_the_syntactic_features(shared: Path) -> None:
    with (shared / "data/typology/uriel_knn_features.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    syntax = [name for name in rows[0] if name.startswith("S_")]
    features = {row["iso639_3"]: [float(row[name]) for name in syntax] for row in rows}
    english, written = features["eng"], {"swh": "swa", "que": "quz"}
    assert len(syntax) == 103 and len(DISTANCE) == len(features)
    for code, told in DISTANCE.items():
        iso3 = languages.spell("{iso3}", code)
        other = features[written.get(iso3, iso3)]
        shared_part = sum(a * b for a, b in zip(english, other, strict=True))
        cosine = shared_part / math.sqrt(sum(a * a for a in english) * sum(b * b for b in other))
        assert abs(1 - cosine - told) <= 0.005 + 1e-12, code

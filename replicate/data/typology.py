"""Properties of languages that transfer may depend on: script, family, word order, distance from English.

Scripts and families: ISO 15924 and Glottolog, as commonly written. Object before verb: S_OBJECT_BEFORE_VERB >= 0.5
in the predicted URIEL features of lang2vec (antonisa/lang2vec@82ab4457, `feature_predictions.npz`; Littell et al.
2017, "URIEL and lang2vec"), where German and Dutch count as object before verb.
"""

from __future__ import annotations

from typing import Final

from replicate.data.languages import spell


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


LATIN: Final = _codes("af az de en es et eu fi fr ht hu id it jv lt ms nl pl pt qu ro sw tl tr vi wo yo")
INDO_EUROPEAN: Final = _codes("af bg bn de el en es fa fr gu hi ht it lt mr nl pa pl pt ro ru uk ur")
"""Haitian Creole is counted with French, its lexifier."""
OBJECT_FIRST: Final = _codes("af az bn de eu fa gu hi hu ja ka kk ko ml mr my nl pa qu ta te tr ur")
_DISTANCES: Final = """
af 0.15, ar 0.35, az 0.48, bg 0.14, bn 0.42, de 0.10, el 0.22, en 0.00, es 0.18, et 0.23, eu 0.38,
fa 0.48, fi 0.29, fr 0.19, gu 0.42, he 0.25, hi 0.38, ht 0.27, hu 0.31, id 0.27, it 0.14, ja 0.50,
jv 0.40, ka 0.32, kk 0.55, ko 0.45, lt 0.31, ml 0.46, mr 0.44, ms 0.30, my 0.61, nl 0.08, pa 0.39,
pl 0.21, pt 0.16, qu 0.53, ro 0.20, ru 0.19, sw 0.54, ta 0.49, te 0.48, th 0.36, tl 0.39, tr 0.49,
uk 0.15, ur 0.38, vi 0.34, wo 0.36, yo 0.40, zh 0.29
"""
DISTANCE: Final = {code: float(number) for code, number in (pair.split() for pair in _DISTANCES.split(","))}
"""Language -> cosine distance from English over the 103 syntactic features (S_) of the same table."""
PROPERTIES: Final = (
    "Latin script",
    "Indo-European",
    "object before verb",
    "shares words with English",
    "syntax far from English",
)
"""The last is a number, 0 to 1; the others are 1 or 0."""


def properties(language: str) -> dict[str, float]:
    """Property -> value, for a language of the benchmarks or of the generated world; empty for others.

    >>> properties("tr")
    {'Latin script': 1.0, 'Indo-European': 0.0, 'object before verb': 1.0, 'syntax far from English': 0.49}
    >>> properties("qde")["shares words with English"], properties("xx")
    (1.0, {})
    """
    from replicate.world.languages import LANGUAGES

    if language in LANGUAGES and language != "en":
        made = LANGUAGES[language]
        return {
            "Latin script": float(made.script is None),
            "object before verb": float(made.verb_last),
            "shares words with English": float(made.cognates > 0),
        }
    if spell("{iso3}", language) == language:
        return {}
    return {
        "Latin script": float(language in LATIN),
        "Indo-European": float(language in INDO_EUROPEAN),
        "object before verb": float(language in OBJECT_FIRST),
        "syntax far from English": DISTANCE[language],
    }

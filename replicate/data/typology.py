"""Properties of languages that transfer may depend on: script, family, word order; for real and generated ones.

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
PROPERTIES: Final = ("Latin script", "Indo-European", "object before verb", "shares words with English")


def properties(language: str) -> dict[str, float]:
    """Property -> 1.0 or 0.0, for a language of the benchmarks or of the generated world; empty for others.

    >>> properties("tr")
    {'Latin script': 1.0, 'Indo-European': 0.0, 'object before verb': 1.0}
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
    }

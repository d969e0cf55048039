"""Language tables: codes, names in the hub's configurations, and the lists of each benchmark.

Sources: XTREME (Hu et al. 2020, Table 1 and `evaluate.py` at google-research/xtreme@838c13b), XTREME-R (Ruder
et al. 2021), hub configurations of google/xtreme. Codes are ISO 639-1, as in both benchmarks.
"""

from __future__ import annotations

from typing import Final

_ROWS: Final = """
af afr Afrikaans
ar ara Arabic
az aze -
bg bul Bulgarian
bn ben -
de deu German
el ell Greek
en eng English
es spa Spanish
et est Estonian
eu eus Basque
fa pes Persian
fi fin Finnish
fr fra French
gu guj -
he heb Hebrew
hi hin Hindi
ht hat -
hu hun Hungarian
id ind Indonesian
it ita Italian
ja jpn Japanese
jv jav -
ka kat -
kk kaz Kazakh
ko kor Korean
lt lit Lithuanian
ml mal -
mr mar Marathi
ms msa Malay
my mya -
nl nld Dutch
pa pan -
pl pol Polish
pt por Portuguese
qu que -
ro ron Romanian
ru rus Russian
sw swh -
ta tam Tamil
te tel Telugu
th tha Thai
tl tgl Tagalog
tr tur Turkish
uk ukr Ukrainian
ur urd Urdu
vi vie Vietnamese
wo wol Wolof
yo yor Yoruba
zh cmn Chinese
"""
_TABLE: Final = {code: (iso3, ud) for code, iso3, ud in (line.split() for line in _ROWS.split("\n") if line)}
_TYDIQA: Final = {
    "ar": "arabic", "bn": "bengali", "en": "english", "fi": "finnish", "id": "indonesian",
    "ko": "korean", "ru": "russian", "sw": "swahili", "te": "telugu",
}  # fmt: skip


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


XNLI: Final = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")
PAWSX: Final = ("de", "en", "es", "fr", "ja", "ko", "zh")
PANX: Final = _codes(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr "
    "ur vi yo zh"
)
PANX_R: Final = tuple(sorted((*PANX, "az", "gu", "lt", "pa", "pl", "qu", "ro", "uk")))
UDPOS: Final = _codes(
    "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh"
)
UDPOS_R: Final = tuple(sorted((*UDPOS, "lt", "pl", "ro", "uk", "wo")))
XQUAD: Final = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
XQUAD_R: Final = (*XQUAD[:6], "ro", *XQUAD[6:])
MLQA: Final = ("ar", "de", "en", "es", "hi", "vi", "zh")
TYDIQA: Final = tuple(_TYDIQA)
BUCC: Final = ("de", "fr", "ru", "zh")
TATOEBA: Final = _codes(
    "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi "
    "zh"
)
TATOEBA_R: Final = tuple(sorted((*TATOEBA, "az", "lt", "pl", "ro", "uk")))
XCOPA: Final = ("et", "ht", "id", "it", "qu", "sw", "ta", "th", "tr", "vi", "zh")
MEWSLIX: Final = ("ar", "de", "en", "es", "fa", "ja", "pl", "ro", "ta", "tr", "uk")
HUMANEVAL_XL: Final = _codes("af ar bg de el en es et fa fi fr he hu id it ms nl pt ru tl tr vi zh")
MLM_40: Final = tuple(sorted({*PANX}))
"""The forty languages of XTREME, on which v1 mixes masked-language modelling (section 2.3)."""


def spell(pattern: str, language: str) -> str:
    """Pattern with `{lang}`, `{iso3}`, `{ud}`, `{name}` and `{tydiqa}` replaced by the name of the language.

    >>> spell("udpos.{ud}", "eu"), spell("tatoeba.{iso3}", "sw"), spell("{tydiqa}-", "bn")
    ('udpos.Basque', 'tatoeba.swh', 'bengali-')
    """
    iso3, ud = _TABLE.get(language, (language, language))
    words = {
        "{lang}": language,
        "{iso3}": iso3,
        "{ud}": ud,
        "{name}": ud.lower(),
        "{tydiqa}": _TYDIQA.get(language, language),
    }
    for key, word in words.items():
        pattern = pattern.replace(key, word)
    return pattern

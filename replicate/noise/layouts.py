"""Letters that a finger hits instead of another, per script and language: neighbours on the usual keyboard.

Sources: the layouts of CLDR and xkeyboard-config. Hangul is typed as jamo (two-set), so a syllable's consonant or
vowel is mistaken for a neighbour of its kind. Kana are mistaken within a row of the gojuon table, which is one
key of a telephone's flick keyboard. Indic scripts share InScript, and their Unicode blocks are parallel. Han is
typed through a transcription that needs a dictionary, so there is no keyboard noise for it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

ROWS: Final[dict[str, tuple[str, ...]]] = {
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "latin.de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "latin.hu": ("qwertzuiopőú", "asdfghjkléáű", "íyxcvbnm"),
    "latin.fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    "latin.es": ("qwertyuiop", "asdfghjklñ", "zxcvbnm"),
    "latin.pt": ("qwertyuiop", "asdfghjklç", "zxcvbnm"),
    "latin.et": ("qwertyuiopüõ", "asdfghjklöä", "zxcvbnm"),
    "latin.fi": ("qwertyuiopå", "asdfghjklöä", "zxcvbnm"),
    "latin.tr": ("qwertyuıopğü", "asdfghjklşi", "zxcvbnmöç"),
    "cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "cyrillic.uk": ("йцукенгшщзхї", "фівапролджє", "ячсмитьбю"),
    "cyrillic.bg": ("уеишщксдзц", "ьяаожгтнвмч", "юйъэфхпрлб"),
    "greek": ("ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
    "armenian": ("քոեռտըւիօպխծշ", "ասդֆգհյկլ", "զղցվբնմ"),
    "georgian": ("ქწერტყუიოპ", "ასდფგჰჯკლ", "ზხცვბნმ"),
    "hebrew": ("קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),
    "arabic": ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ"),
    "arabic.fa": ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"),
    "arabic.ur": ("قوعرتےءیہپ", "اسدفگحجکل", "زشچطبنم"),
    "devanagari": ("ौैाीूबहगदजड", "ोे्िुपरकतचट", "ॆंमनवलसय"),
    "thai": ("ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ"),
    "hangul": ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
}
_SHIFTED: Final = (0, 0.25, 0.75)
"""How far right of the first row each row begins, in keys."""
_INDIC: Final = {
    "bengali": 0x80,
    "gurmukhi": 0x100,
    "gujarati": 0x180,
    "oriya": 0x200,
    "tamil": 0x280,
    "telugu": 0x300,
    "kannada": 0x380,
    "malayalam": 0x400,
}
"""Distance of a block from Devanagari's: the same letter stands at the same place in all of them."""
_GOJUON: Final = (
    "あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも", "やゆよ",
    "らりるれろ", "がぎぐげご", "ざじずぜぞ", "だぢづでど", "ばびぶべぼ", "ぱぴぷぺぽ",
)  # fmt: skip
_LEADING: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"


def neighbours(letter: str, script: str, language: str) -> str:
    """Letters that may be typed instead of one, in its case; "" where the script has no keyboard of its own.

    >>> neighbours("q", "latin", "en"), neighbours("Q", "latin", "fr"), neighbours("國", "han", "zh")
    ('wa', 'AZSW', '')
    """
    if script == "hangul":
        return _syllables(letter)
    if script in ("hiragana", "katakana"):
        return _row_of_kana(letter, 0x60 if script == "katakana" else 0)
    if script in _INDIC:
        near = _table("devanagari").get(chr(ord(letter) - _INDIC[script]), "")
        return "".join(one for one in (chr(ord(n) + _INDIC[script]) for n in near) if one.isalpha())
    small = letter.lower()
    layout = f"{script}.{language}"
    found = _table(layout if layout in ROWS else script).get(small, "")
    return found.upper() if small != letter and len(found.upper()) == len(found) else found


@cache
def _table(layout: str) -> dict[str, str]:
    """Letter -> letters less than one and a half keys away, of the same sort (letters for letters)."""
    keys = [
        (key, row, _SHIFTED[row] + place)
        for row, letters in enumerate(ROWS.get(layout, ()))
        for place, key in enumerate(letters)
    ]
    return {
        key: "".join(
            other
            for other, above, left in keys
            if other != key and abs(above - row) <= 1 and abs(left - place) < 1.2 and _alike(key, other)
        )
        for key, row, place in keys
    }


def _alike(one: str, other: str) -> bool:
    return one.isalpha() == other.isalpha() and (one in _VOWELS) == (other in _VOWELS)


def _row_of_kana(letter: str, shift: int) -> str:
    plain = chr(ord(letter) - shift)
    row = next((row for row in _GOJUON if plain in row), "")
    return "".join(chr(ord(one) + shift) for one in row if one != plain)


def _syllables(letter: str) -> str:
    """Hangul syllables with another leading consonant or vowel."""
    place = ord(letter) - 0xAC00
    if not 0 <= place < 11172:
        return ""
    lead, vowel, tail = place // 588, place % 588 // 28, place % 28
    table = _table("hangul")
    leads = [_LEADING.index(one) for one in table.get(_LEADING[lead], "") if one in _LEADING]
    vowels = [_VOWELS.index(one) for one in table.get(_VOWELS[vowel], "") if one in _VOWELS]
    several = [(one, vowel) for one in leads] + [(lead, one) for one in vowels]
    return "".join(chr(0xAC00 + (first * 21 + second) * 28 + tail) for first, second in several)

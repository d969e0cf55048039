"""Characters that look like another (homoglyphs), and letters with and without their diacritics.

Homoglyphs: a selection of Unicode's confusables (UTS #39) that are single letters on both sides, plus Han
characters that differ in one stroke. Diacritics: Unicode's own decompositions, and letters that a hurried
writer takes for each other (hamza seats, final forms, dakuten).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

_GROUPS: Final = (
    "aаα", "cсϲ", "dԁ", "eе", "gɡց", "hһհ", "iіι", "jјյ", "kκк", "lӏ", "nո", "oоοօ", "pрρ", "qԛզ", "sѕ", "uսυ",
    "vνѵ", "wԝա", "xхχ", "yуγ", "AАΑ", "BВΒ", "CСϹ", "EЕΕ", "HНΗ", "IІΙӀ", "JЈ", "KКΚ", "MМΜ", "NΝ", "OОΟՕ", "PРΡ",
    "QԚ", "SЅՏ", "TТΤ", "UՍ", "VѴ", "WԜ", "XХΧ", "YУΥ", "ZΖ", "ÄӒ", "ÖӦ", "üӱ", "ïї", "ëё",
    "يی", "كک", "هہ", "ןו", "דר", "הח", "בכ", "םס",
    "己已", "未末", "土士", "日曰", "人入", "千干", "大太", "王玉", "木本", "天夫", "白自", "目且", "牛午", "刀力",
    "田由", "申甲", "鳥烏", "鸟乌", "問間", "问间", "待侍", "治冶", "壁璧", "拔拨", "师帅", "折拆", "今令", "免兔",
    "代伐", "母毋", "幻幼", "埋理", "ヘへ", "リり", "カ力", "ニ二", "ロ口", "ハ八", "エ工", "タ夕", "ソン", "シツ",
    "ノ丿", "めぬ", "わね", "るろ", "さき",
    "ब व", "भ म", "घ ध", "ข ช", "ด ต", "ถ ภ", "ฎ ฏ", "บ ป", "พ ฟ", "ผ ฝ", "ব র", "ঘ ষ",
    "ვკ", "დღ", "სხ", "ഗശ", "ಲ ಉ",
)  # fmt: skip
"""Groups of characters of which each may stand for each other; blanks only part letters that would join."""
_TAKEN_FOR: Final = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "ł": "l", "ø": "o", "đ": "d", "ı": "i",
    "ð": "d", "ħ": "h", "ŋ": "n", "Ł": "L", "Ø": "O", "Đ": "D",
}  # fmt: skip
_MARKS: Final = {"latin": "́̀̈̂̃", "cyrillic": "̈", "greek": "́"}
"""Marks that are put on vowels which have none."""
_VOWELS: Final = {"latin": "aeiouyAEIOUY", "cyrillic": "аеиоуэя", "greek": "αεηιουω"}


def lookalikes(letter: str) -> str:
    """Characters that look like `letter`; "" where none is known.

    >>> lookalikes("a"), lookalikes("未"), lookalikes("ж")
    ('аα', '末', '')
    """
    return _homoglyphs().get(letter, "")


@cache
def _homoglyphs() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in _GROUPS:
        members = group.replace(" ", "")
        for letter in members:
            found[letter] = "".join(
                dict.fromkeys(found.get(letter, "") + "".join(m for m in members if m != letter))
            )
    return found


def other_diacritics(cluster: str, script: str) -> list[str]:
    """The cluster without its diacritics where it has some, else with each that its script knows.

    >>> other_diacritics("é", "latin"), other_diacritics("が", "hiragana"), other_diacritics("o", "latin")[:2]
    (['e'], ['か'], ['ó', 'ò'])
    """
    if script == "hangul":
        return []
    taken = cluster.translate(_FOR)
    plain = "".join(c for c in unicodedata.normalize("NFD", taken) if not _is_diacritic(c))
    plain = unicodedata.normalize("NFC", plain)
    if plain and plain != unicodedata.normalize("NFC", cluster):
        return [plain]
    if len(cluster) == 1 and cluster in _VOWELS.get(script, ""):
        marked = (unicodedata.normalize("NFC", cluster + mark) for mark in _MARKS[script])
        return [one for one in marked if len(one) == 1]
    return []


def _is_diacritic(letter: str) -> bool:
    """Whether a mark is left out in careless writing; vowel signs of Indic scripts and Thai are not."""
    if unicodedata.category(letter) != "Mn":
        return False
    name = unicodedata.name(letter, "")
    return not any(
        word in name for word in ("VOWEL SIGN", "VIRAMA", "THAI CHARACTER SARA", "MYANMAR", "KHMER")
    )


_FOR: Final = str.maketrans(_TAKEN_FOR)

"""Which stretches of a text are words that noise may edit.

Left alone, because an edit could change what a row says and with it the label: words with a digit, words of fewer
than three letters where the script has an alphabet (no, не, لا), and the usual negations. What overlaps a
protected stretch (a gold answer) is left alone as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replicate.noise.letters import SPACELESS, clusters, script_of

_NEGATIONS: Final = (
    "not never none nor without cannot nicht kein keine keinen nie niemals ohne nunca jamás nada sin jamais rien sans"
    " não sem non mai senza niet geen nooit zonder nie ikke inte nem soha nélkül mitte ole нет нету никогда без немає"
    " няма никога δεν μην χωρίς ليس ليست بدون نہیں نیست नहीं नही मत নয় নেই இல்லை కాదు không chẳng đừng tidak bukan"
    " jangan değil yok hindi wala არა չէ ոչ בלי אין"
)
NEGATIONS: Final = frozenset(_NEGATIONS.split())
"""Usual negations in the languages of the targets that have more than two letters, case-folded."""
_NEGATING: Final = (
    "不", "没", "沒", "無", "无", "未", "非", "否", "莫", "勿", "别", "別", "ない", "なか", "ません", "ず", "ぬ",
    "안", "않", "못", "없", "아니", "ไม่", "มิ", "ไร้",
)  # fmt: skip
"""Stretches of scripts without alphabets or spaces that negate wherever they stand."""
_STRETCH: Final = {"han": 2, "hiragana": 3, "katakana": 3, "thai": 4, "lao": 4, "khmer": 4, "myanmar": 4}
"""Clusters that are taken for a word where words are not parted."""
_APOSTROPHES: Final = "'’ʼ"


@dataclass(frozen=True, slots=True)
class Word:
    """One word that may be edited."""

    start: int
    cut: tuple[str, ...]
    """Its clusters."""
    gap: bool
    """Whether exactly one blank follows, and then another such word, so that the blank may be lost."""

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + sum(map(len, self.cut))

    def __str__(self) -> str:
        return "".join(self.cut)


def words(text: str, protected: Sequence[tuple[int, int]] = ()) -> list[Word]:
    """Words of a text that may be edited, in order.

    Parameters
    ----------
    protected : sequence of (start, end)
        Stretches, in characters, of which no character may change or be parted from the text beside it.
    """
    runs = [run for run in _runs(text) if _editable(run[1], text, run[0]) and not _touches(run, protected)]
    found = []
    for number, (start, cut) in enumerate(runs):
        end = start + sum(map(len, cut))
        follows = number + 1 < len(runs) and runs[number + 1][0] == end + 1
        lost = any(first - 1 <= end <= last for first, last in protected)
        found.append(Word(start, tuple(cut), follows and text[end] == " " and not lost))
    return found


def _runs(text: str) -> list[tuple[int, list[str]]]:
    """(start, clusters) of every run of letters of one script; long runs without spaces are cut."""
    found: list[tuple[int, list[str]]] = []
    place, before, cut = 0, None, clusters(text)
    for number, cluster in enumerate(cut):
        script = script_of(cluster[0])
        inside = cluster in _APOSTROPHES and before is not None and before not in SPACELESS
        if inside and number + 1 < len(cut) and script_of(cut[number + 1][0]) == before:
            script = before
        full = bool(found) and script in _STRETCH and len(found[-1][1]) >= _STRETCH[script]
        if script is not None and script == before and not full:
            found[-1][1].append(cluster)
        elif script is not None:
            found.append((place, [cluster]))
        before = script
        place += len(cluster)
    return found


def _editable(cut: Sequence[str], text: str, start: int) -> bool:
    word = "".join(cut)
    script = script_of(word[0])
    end = start + len(word)
    if text[start - 1 : start].isdigit() or text[end : end + 1].isdigit():
        return False
    if any(part in word for part in _NEGATING):
        return False
    if script in SPACELESS or script == "hangul":
        return True
    return len(cut) >= 3 and word.casefold() not in NEGATIONS and not word.casefold().endswith(("n't", "n’t"))


def _touches(run: tuple[int, Sequence[str]], protected: Sequence[tuple[int, int]]) -> bool:
    start, end = run[0], run[0] + sum(map(len, run[1]))
    return any(start < last and first < end for first, last in protected)

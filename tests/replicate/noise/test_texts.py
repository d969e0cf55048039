"""Noise on texts: bounded, seeded, nested over severities, and away from what is protected."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from replicate.keyed import generator
from replicate.noise import KINDS, SHARES, Noise
from replicate.noise.letters import clusters, script_of
from replicate.noise.texts import Edited, edited
from replicate.noise.words import words

SENTENCES = {
    "en": "The quick brown fox jumps over that lazy dog beside the river bank",
    "de": "Die fröhlichen Kinder spielen draußen zwischen alten Bäumen",
    "ru": "Быстрая коричневая лисица прыгает через ленивую собаку",
    "el": "Γρήγορη καφετιά αλεπού πηδάει πάνω από τεμπέλικο σκύλο",
    "hy": "Արագ շագանակագույն աղվեսը ցատկում է շան վրայով",
    "ka": "სწრაფი ყავისფერი მელა ახტება ზარმაც ძაღლს",
    "he": "השועל החום המהיר קופץ מעל הכלב העצלן",
    "ar": "الثعلب البني السريع يأكل أمام مدرسة الكلب الكسول",
    "fa": "روباه قهوه‌ای سریع آرام از روی سگ تنبل می‌پرد",
    "hi": "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है",
    "bn": "দ্রুত বাদামী শিয়াল অলস কুকুরের উপর লাফ দেয়",
    "ta": "விரைவான பழுப்பு நரி சோம்பேறி நாயின் மேல் குதிக்கிறது",
    "te": "వేగవంతమైన గోధుమ నక్క సోమరి కుక్క మీద దూకుతుంది",
    "th": "สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจ",
    "zh": "敏捷的棕色狐狸跳过了懒惰的狗然后大家今天都很高兴",
    "ja": "すばやい茶色のキツネがのろまなイヌを飛びこえる",
    "ko": "빠른 갈색 여우가 게으른 개를 뛰어넘는다",
    "my": "မြန်ဆန်သော အညိုရောင် မြေခွေး",
}
ANYTHING = st.text(
    st.one_of(
        st.characters(codec="utf-8", max_codepoint=0x2FFF),
        st.sampled_from("".join(SENTENCES.values())),
        st.just(" "),
    ),
    max_size=80,
)


def at(text: str, severity: int, seed: int = 0, kind: str | None = None, language: str = "en") -> Edited:
    noise = Noise(severity, seed, (kind,) if kind else tuple(KINDS))  # type: ignore[arg-type]
    return edited(text, noise, "row", "field", language, frozenset())


@pytest.mark.parametrize("language", SENTENCES)
def test_every_script_is_noised_and_more_so_at_a_higher_severity(language: str) -> None:
    text = SENTENCES[language] * 4
    changed = [
        sum(len(at(text, severity, seed, None, language).edits) for seed in range(8)) for severity in range(6)
    ]
    assert changed[0] == 0 and changed == sorted(changed) and changed[5] > changed[2] > 0


# A script in which a kind does not apply: it says nothing about those that are not listed.
WITHOUT = {
    "keyboard": {"zh", "my"},
    "diacritics": {"zh", "ko", "ka", "hy", "th", "ta", "te", "my", "he", "bn", "hi"},
    "homoglyphs": {"hi", "bn", "ta", "te", "ko", "my", "hy", "he", "ar", "fa", "ka", "th"},
    "case": {"zh", "ja", "ko", "ar", "fa", "he", "hi", "bn", "ta", "te", "th", "ka", "my"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_applies_where_its_script_has_what_it_acts_on(kind: str) -> None:
    for language, text in SENTENCES.items():
        found = any(at(text, 5, seed, kind, language).edits for seed in range(12))
        if language not in WITHOUT.get(kind, ()):
            assert found, (kind, language)
        elif kind in ("keyboard", "case"):
            assert not found, (kind, language)


@settings(max_examples=150, deadline=None)
@given(ANYTHING, st.integers(0, 5), st.integers(0, 3))
def test_severity_zero_is_the_identity_and_a_draw_repeats(text: str, severity: int, seed: int) -> None:
    assert at(text, 0, seed) == Edited(text, ())
    assert at(text, severity, seed) == at(text, severity, seed)


@settings(max_examples=150, deadline=None)
@given(ANYTHING, st.integers(0, 4), st.integers(0, 3))
def test_a_higher_severity_makes_the_same_edits_and_more(text: str, severity: int, seed: int) -> None:
    assert set(at(text, severity, seed).edits) <= set(at(text, severity + 1, seed).edits)


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.data())
def test_protected_stretches_are_found_again_at_their_moved_offsets(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    noise = Noise(5, data.draw(st.integers(0, 5)))
    found = edited(text, noise, 0, "context", "en", frozenset(), [(start, end)])
    if end > start:
        moved = found.moved(start)
        assert found.text[moved : moved + end - start] == text[start:end]
        assert found.text[moved - 1 : moved].isspace() == text[max(start - 1, 0) : start].isspace()
    assert found.moved(0) == 0 and found.moved(len(text)) == len(found.text)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_clusters_are_the_text_and_words_lie_where_they_say(text: str) -> None:
    assert "".join(clusters(text)) == text
    last = 0
    for word in words(text):
        assert text[word.start : word.end] == str(word) and word.start >= last
        assert script_of(str(word)[0]) is not None
        last = word.end


def test_no_mark_is_torn_from_its_letter() -> None:
    for language in ("hi", "ta", "th", "my"):
        for seed in range(20):
            for part in at(SENTENCES[language], 5, seed, "swap", language).text.split():
                assert not unicodedata.category(part[0]).startswith("M")


def test_numbers_negations_and_short_words_stay() -> None:
    text = "It is not B12 in 1945 and 3rd, нет 不 않 do n't can't, не"
    for seed in range(40):
        found = at(text, 5, seed).text
        assert all(
            part in found for part in ("It is not B12 in 1945", "3rd", "нет", "不", "않", "can't", "не")
        )


def test_no_word_becomes_another_known_word() -> None:
    known = frozenset(("cat", "car", "bat", "can", "cut"))
    for seed in range(200):
        new = edited("car", Noise(5, seed), 0, "a", "en", known).text.casefold()
        assert new == "car" or not known.intersection(new.split())


def test_shares_are_reached_on_average() -> None:
    text = " ".join(["letters"] * 4000)
    for severity, share in enumerate(SHARES):
        assert abs(len(at(text, severity).edits) / 4000 - share) < 0.03


def test_a_wrong_severity_and_a_wrong_kind_are_both_named() -> None:
    with pytest.raises(InputError, match="severity 6") as caught:
        Noise(6, 0, ("typo",))  # type: ignore[arg-type]
    assert "'typo'" in str(caught.value) and "keyboard" in str(caught.value)
    with pytest.raises(InputError, match="no kind"):
        Noise(1, 0, ())


def test_kinds_do_what_their_names_say() -> None:
    def one(kind: str, word: str, language: str = "en") -> set[str]:
        edit = KINDS[kind]  # type: ignore[index]
        return {edit(clusters(word), generator("test", i), language) for i in range(60)}  # type: ignore[misc]

    assert one("swap", "abc") == {"bac", "acb"}
    assert one("drop", "abc") == {"bc", "ac", "ab"}
    assert one("drop", "a") == {None}
    assert one("duplicate", "abc") == {"aabc", "abbc", "abcc"}
    assert one("whitespace", "abc") == {"a bc", "ab c"}
    assert one("keyboard", "q") == {"w", "a"} and one("keyboard", "Q") == {"W", "A"}
    assert one("keyboard", "z", "de") >= {"t", "u"}
    assert one("homoglyphs", "未") == {"末"}
    assert one("diacritics", "é") == {"e"}
    assert one("case", "Ab") >= {"ab", "AB"}

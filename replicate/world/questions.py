"""Rows of the question repositories: SQuAD, SQuAD v2.0, XQuAD, MLQA, TyDiQA (id, context, question, answers)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from replicate.world.facts import ANSWER_ROLES, Fact, fact, question, statement
from replicate.world.languages import Language, join
from replicate.world.lexicon import Lexicon

KINDS = ("do", "at", "have")


def context(lexicon: Lexicon, random: np.random.Generator, facts: int) -> list[Fact]:
    """Facts of kinds that have questions, with different nouns and names so that each question has one answer."""
    while True:
        order = (
            random.permutation([*KINDS, *random.choice(KINDS, facts - 3)]) if facts >= 3 else KINDS[:facts]
        )
        said = [fact(lexicon, random, str(kind)).but(located=False) for kind in order]  # type: ignore[arg-type]
        if len({one.noun for one in said}) == facts and len({one.name[0] for one in said}) == facts:
            return said


def spans(
    lexicon: Lexicon,
    language: Language,
    random: np.random.Generator,
    *,
    facts: int,
    unanswerable: float = 0.0,
    prefix: str = "",
) -> Iterator[dict[str, Any]]:
    """Endless rows; `unanswerable` is the share of questions about something that the context does not say."""
    number = 0
    while True:
        said = context(lexicon, random, facts)
        about = said[int(random.integers(facts))]
        empty = bool(random.random() < unanswerable)
        asked = about
        if empty:
            nouns = {one.noun for one in said}
            while asked.noun in nouns:
                asked = fact(lexicon, random, about.kind)
        text, answers = "", []
        for one in said:
            words = language.words(statement(one))
            wanted = [i for i, word in enumerate(words) if word.role in ANSWER_ROLES[one.kind]]
            sentence, places = join(words, wanted)
            text += " " if text else ""
            if one is about and not empty:
                start, end = places[0][0], places[-1][1]
                answers.append((sentence[start:end], len(text) + start))
            text += sentence
        number += 1
        yield {
            "id": f"{prefix}{number:06d}",
            "context": text,
            "question": join(language.words(question(asked)))[0],
            "answers": {"text": [a for a, _ in answers], "answer_start": [start for _, start in answers]},
        }

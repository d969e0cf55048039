"""The world as a data place (rows in the schema of the hub) and as a text place (running text)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import numpy as np

from analysis.errors import InputError, Problem
from replicate.data.place import Part
from replicate.data.table import Table
from replicate.keyed import generator
from replicate.world import choosing, domains, pairs, pools, procedures, programs, questions, tagging
from replicate.world.facts import fact, statement
from replicate.world.languages import LANGUAGES, Language, join
from replicate.world.lexicon import Lexicon, lexicon

EPOCH: Final = 1
"""Raised whenever the generator's output changes, so that no stage trusts old rows."""
REVISED: Final[dict[str, int]] = {"humaneval_xl_python": 2}
"""Data sets whose own rows have changed since, so that the stages of the others stay valid."""

Rows = Callable[[Lexicon, Language, np.random.Generator], Iterator[dict[str, Any]]]


def _tags(column: str, label: Callable[[Any], list[str]]) -> Rows:
    def rows(lex: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
        return (
            tagging.tagged(words, column, label(words)) for words in tagging.sentences(lex, language, random)
        )

    return rows


def _spans(facts: int, unanswerable: float = 0.0, tydiqa: bool = False) -> Rows:
    def rows(lex: Lexicon, language: Language, random: np.random.Generator) -> Iterator[dict[str, Any]]:
        prefix = f"{language.code}-" if tydiqa else ""
        return questions.spans(lex, language, random, facts=facts, unanswerable=unanswerable, prefix=prefix)

    return rows


def _inference(facts: int) -> Rows:
    return lambda lex, language, random: pairs.inference(lex, language, random, facts)


DATASETS: Final[dict[str, Rows]] = {
    "snli": _inference(1),
    "mnli": _inference(2),
    "anli": _inference(3),
    "xnli": _inference(2),
    "qqp": pairs.duplicates,
    "paws-x": pairs.exchanged,
    "squad": _spans(3),
    "squad_v2": _spans(3, unanswerable=0.33),
    "xquad": _spans(3),
    "mlqa": _spans(4),
    "tydiqa": _spans(3, tydiqa=True),
    "hellaswag": choosing.endings,
    "cosmos_qa": choosing.reading,
    "commonsense_qa": choosing.knowledge,
    "ccg": _tags("tags", tagging.supertags),
    "udpos": _tags("pos_tags", tagging.parts_of_speech),
    "panx": _tags("ner_tags", tagging.entities),
    "tatoeba": pools.parallel,
    "scitail": domains.entailment,
    "boolq": domains.yes_no,
    "pubmed_qa": domains.decided,
    "contract_nli": domains.contracts,
    "sst2": domains.reviews,
    "financial_phrasebank": domains.news,
    "lex_glue": domains.holdings,
    "humaneval_xl_python": programs.to_write,
    "mbpp": programs.to_learn,
}
"""Dataset -> endless rows; BUCC, which is pools and not rows, is apart."""


@dataclass(frozen=True)
class WorldPlace:
    """Rows and texts of a generated world; equal worlds give equal rows."""

    seed: int = 0
    train: int = 8000
    """Rows of a training split; TyDiQA, as in life, has a tenth."""
    test: int = 200
    """Rows of a dev or test split."""

    @property
    def languages(self) -> tuple[str, ...]:
        """English and the five derived languages."""
        return tuple(LANGUAGES)

    def table(self, part: Part) -> Table:
        """Rows of a part."""
        if not self.has(part):
            raise InputError(
                Problem(f"the generated world has no {part}", "use --scale small or paper for this task")
            )
        return _table(self, part.dataset, part.language, part.split)

    def has(self, part: Part) -> bool:
        """Whether the world generates this data set in this language."""
        return (part.dataset in DATASETS or part.dataset == "bucc2018") and part.language in LANGUAGES

    def fingerprint(self, part: Part) -> str:
        """Name of the generator's output for this part."""
        revised = f"~{REVISED[part.dataset]}" if part.dataset in REVISED else ""
        return f"world:{EPOCH}{revised}/{self.seed}/{self.train}/{self.test}/{part}"

    def texts(self, language: str, count: int) -> list[str]:
        """`count` documents of two or three facts, with borrowed words; languages do not share documents.

        `<language>:steps` gives documents about changing numbers and words, `python` functions.
        """
        random, lex = generator("world", self.seed, "text", language), lexicon(self.seed)
        if language == procedures.PYTHON:
            return [procedures.written(random) for _ in range(count)]
        named, (language, _, about) = language, language.partition(":")
        if language not in LANGUAGES or about not in ("", procedures.STEPS):
            known = (
                f"{', '.join(LANGUAGES)}, each with or without :{procedures.STEPS}, and {procedures.PYTHON}"
            )
            raise InputError(Problem(f"the generated world has no text in {named!r}", f"it has: {known}"))
        if about:
            return [procedures.instructed(self.seed, LANGUAGES[language], random) for _ in range(count)]
        spoken = LANGUAGES[language]
        return [
            " ".join(
                join(spoken.words(statement(fact(lex, random)), random))[0]
                for _ in range(int(random.integers(2, 4)))
            )
            for _ in range(count)
        ]

    def text_fingerprint(self) -> str:
        """Name of the generator's text."""
        return f"world:{EPOCH}/{self.seed}/text"


@lru_cache(maxsize=256)
def _table(place: WorldPlace, dataset: str, language: str, split: str) -> Table:
    spoken = LANGUAGES[language]
    lex, origin = lexicon(place.seed), f"world:{place.seed}/{dataset}/{language}/{split}"
    # The key has no language: a test split says the same things in every language, as XNLI and XQuAD do.
    random = generator("world", place.seed, dataset, split.partition("_")[0])
    if dataset == "bucc2018":
        return _bucc(place, spoken, random, split, origin)
    size = place.train if split == "train" else place.test
    if dataset == "tydiqa" and split == "train":
        size = place.train // 10
    return Table.of_rows(islice(DATASETS[dataset](lex, spoken, random), size), origin)


def _bucc(place: WorldPlace, spoken: Language, random: np.random.Generator, split: str, origin: str) -> Table:
    source, target, gold = pools.mining(lexicon(place.seed), spoken, random, place.test)
    if split == "test":
        left, right = ({row["id"]: n for n, row in enumerate(rows, 1)} for rows in (source, target))
        found = [[left[row["source_id"]], right[row["target_id"]]] for row in gold]
        sentences = {"sentence1": [r["text"] for r in source], "sentence2": [r["text"] for r in target]}
        return Table.of_rows([{**sentences, "gold": found}], origin)
    rows = {"validation_source": source, "validation_target": target, "validation_gold": gold}[split]
    return Table.of_rows(rows, origin)

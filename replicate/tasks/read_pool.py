"""How rows become pools of sentences: parallel pairs (Tatoeba), mining pools (BUCC), rankings (LAReQA, Mewsli-X)."""

from __future__ import annotations

import re
from typing import Any

from analysis.errors import InputError, Problem
from replicate.data.table import Table
from replicate.examples import Example, Mining, ParallelPair, Ranking, Sentence


def parallel(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
    """`ParallelPair`s of Tatoeba; the trailing newline that the hub keeps is cut off."""
    rows: list[Example] = []
    for table in tables:
        for row, (source, target) in enumerate(
            zip(*table.need("source_sentence", "target_sentence"), strict=True)
        ):
            rows.append(
                ParallelPair(
                    Sentence(str(row), source.strip(), language), Sentence(str(row), target.strip()), language
                )
            )
    return rows


def mining(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
    """The one `Mining` example of a BUCC split, from (source pool, target pool, gold) or the hub's single row.

    The hub's single row (mteb/bucc-bitext-mining) holds both pools as lists and 1-based gold index pairs.
    """
    if len(tables) == 1:
        (table,) = tables
        sources, targets, golds = table.need("sentence1", "sentence2", "gold")
        source = _pool(language, sources[0], language)
        target = _pool("en", targets[0], "en")
        gold = tuple((_nth(table, source, i), _nth(table, target, j)) for i, j in golds[0])
        return [Mining(source, target, gold, language)]
    if len(tables) != 3:
        raise InputError("mining needs a source pool, a target pool and gold pairs; one of them is empty")
    pool_source, pool_target, pairs = tables
    source = _listed(pool_source, language)
    target = _listed(pool_target, "en")
    gold = tuple(zip(*pairs.need("source_id", "target_id"), strict=True))
    known_source, known_target = {s.id for s in source}, {t.id for t in target}
    for row, (a, b) in enumerate(gold):
        if a not in known_source or b not in known_target:
            raise InputError(
                Problem(
                    f"gold row {row} names {a!r} and {b!r}, and one of them is in no pool",
                    "source, target and gold files must belong together",
                    pairs.origin,
                )
            )
    return [Mining(source, target, gold, language)]


def _pool(prefix: str, texts: Any, language: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(f"{prefix}-{number:09d}", text.strip(), language) for number, text in enumerate(texts, 1)
    )


def _nth(table: Table, pool: tuple[Sentence, ...], number: int) -> str:
    if not 1 <= number <= len(pool):
        raise InputError(
            Problem(f"gold index {number} is outside 1..{len(pool)}", "indices count from 1", table.origin)
        )
    return pool[number - 1].id


def _listed(table: Table, language: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(name, text.strip(), language) for name, text in zip(*table.need("id", "text"), strict=True)
    )


def sentence_answers(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
    """The one `Ranking` of LAReQA: questions in one language against the sentences of all languages.

    A question's relevant candidates are, in every language, the sentence that holds the answer (XQuAD is
    parallel, so ids join the languages). The first table is the language of the questions. Candidates carry
    their paragraph as context (Roy et al. 2020, section 3). `sentence_breaks` are [start, end) offsets.
    """
    queries: list[Sentence] = []
    candidates: dict[str, Sentence] = {}
    relevant: dict[str, list[str]] = {}
    for number, table in enumerate(tables):
        paragraphs: dict[str, int] = {}
        columns = table.need("id", "context", "question", "answers", "sentence_breaks")
        for name, context, question, answers, breaks in zip(*columns, strict=True):
            paragraph = paragraphs.setdefault(context, len(paragraphs))
            keys = [f"{table.language}/{paragraph}/{part}" for part in range(len(breaks))]
            for key, (begin, end) in zip(keys, breaks, strict=True):
                if key not in candidates:
                    candidates[key] = Sentence(key, context[begin:end].strip(), table.language, context)
            if number == 0:
                queries.append(Sentence(name, question.strip(), language))
            relevant.setdefault(name, []).append(keys[_holder(table, breaks, answers["answer_start"][0])])
    asked = {query.id for query in queries}
    return [
        Ranking(
            tuple(queries),
            tuple(candidates.values()),
            {name: tuple(keys) for name, keys in relevant.items() if name in asked},
            language,
        )
    ]


def _holder(table: Table, breaks: Any, start: int) -> int:
    """Index of the sentence in which character `start` lies; blanks between sentences belong to the left one."""
    opened = [part for part, (begin, _) in enumerate(breaks) if begin <= start]
    if not opened:
        raise InputError(
            Problem(f"no sentence holds offset {start}", "sentence_breaks are damaged", table.origin)
        )
    return opened[-1]


def mentions(tables: tuple[Table, ...], language: str, labels: tuple[str, ...]) -> list[Example]:
    """The one `Ranking` of Mewsli-X: marked mentions in WikiNews articles against entity descriptions.

    Texts are made as XTREME-R's baseline makes them (google-research/xtreme `third_party/utils_mewslix.py`): the
    mention, a colon, and the one sentence that holds it with the mention in braces; a description is one line.
    """
    articles, entities = tables
    queries: list[Sentence] = []
    relevant: dict[str, tuple[str, ...]] = {}
    for context, found in zip(*articles.need("context", "mentions"), strict=True):
        if context["language"] != language:
            continue
        text = context["text"]
        for mention in found:
            start, end = mention["mention_span"]["start"], mention["mention_span"]["end"]
            left, right = _sentence_around(context["sentence_spans"], start, end, len(text))
            marked = f"{_plain(text[left:start])} {{ {text[start:end]} }} {_plain(text[end:right])}"
            query = _one_line(f"{text[start:end]}: {marked}")
            queries.append(Sentence(mention["example_id"], query, language))
            relevant[mention["example_id"]] = (mention["entity_id"],)
    if not queries:
        raise InputError(
            Problem(
                f"no article is in language {language!r}", "use one of the eleven languages", articles.origin
            )
        )
    columns = entities.need("entity_id", "description", "description_language")
    candidates = tuple(
        Sentence(name, _one_line(description), spoken)
        for name, description, spoken in zip(*columns, strict=True)
    )
    return [Ranking(tuple(queries), candidates, relevant, language)]


def _plain(text: str) -> str:
    """Text with braces of its own turned into parentheses, so that only the mention stands in braces."""
    return re.sub(r"\{(.*?)\}", r"(\1)", text)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines()).replace("  ", " ").strip()


def _sentence_around(spans: Any, start: int, end: int, length: int) -> tuple[int, int]:
    for span in spans:
        left, right = (span["start"], span["end"]) if isinstance(span, dict) else span
        if left <= start and end <= right:
            return left, right
    return 0, length

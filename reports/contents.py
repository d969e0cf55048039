"""What a table of contents names: the listed sections of a document, three levels deep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reports.document import Block, Document, Section

DEEP: Final = 3
BRIEF: Final = 20
"""Entries up to which a table of contents needs no page of its own."""


def contents_of(document: Document) -> tuple[tuple[int, Section], ...]:
    """(depth from 0, section) in reading order; what stands in a section that is not listed is not listed either."""
    return tuple(_listed(document.sections, 0))


def is_brief(document: Document) -> bool:
    """Whether the text can follow the table of contents on its page."""
    return len(contents_of(document)) <= BRIEF


def _listed(blocks: Iterable[Block], depth: int) -> Iterator[tuple[int, Section]]:
    for block in blocks:
        if depth < DEEP and isinstance(block, Section) and block.listed:
            yield depth, block
            yield from _listed(block.blocks, depth + 1)

"""Texts to piece ids with XLM-R's special tokens, whoever trained the tokenizer.

Rust does the work, in batches and with offsets where they are needed; special tokens are placed by
`replicate.text.encode`, because a pair that is too long must lose tokens in the middle and not at the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from analysis.errors import InputError, Problem


@dataclass(frozen=True)
class Pieces:
    """A tokenizer and the ids of its special tokens."""

    tokenizer: Tokenizer
    bos: int
    pad: int
    eos: int
    unk: int
    mask: int
    fingerprint: str
    """SHA-256 over the tokenizer's own JSON."""

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Pieces:
        """Wrap a `tokenizers` tokenizer; raises InputError where a special token of XLM-R is absent."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        named = [tokenizer.token_to_id(token) for token in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")]
        ids = [number for number in named if number is not None]
        if len(ids) < len(named):
            raise InputError(
                Problem(
                    "the tokenizer lacks one of <s> <pad> </s> <unk> <mask>",
                    "use a tokenizer of the XLM-R family",
                )
            )
        bos, pad, eos, unk, mask = ids
        name = hashlib.sha256(tokenizer.to_str().encode()).hexdigest()
        return cls(tokenizer, bos, pad, eos, unk, mask, name)

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """Tokenizer from a `tokenizer.json`."""
        return cls.of(Tokenizer.from_file(str(path)))

    @classmethod
    def from_hub(cls, model: str, revision: str) -> Pieces:
        """Tokenizer of a hub model at a pinned revision; offline mode is honoured."""
        from transformers import AutoTokenizer

        return cls.of(AutoTokenizer.from_pretrained(model, revision=revision).backend_tokenizer)

    @property
    def size(self) -> int:
        """V, the number of ids."""
        return int(self.tokenizer.get_vocab_size())

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`."""
        path.write_text(self.tokenizer.to_str(), encoding="utf-8")

    def ids(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Piece ids of each text, without special tokens."""
        encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.asarray(item.ids, dtype=np.int32) for item in encoded]

    def encodings(self, texts: Sequence[str]) -> list[Encoding]:
        """Encodings with character offsets into each text, without special tokens."""
        listed: list[Encoding] = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return listed

"""Texts to piece ids, and which special tokens a row of the model has, whoever trained the tokenizer.

Rust does the work, in batches and with offsets where they are needed; special tokens are placed by
`replicate.text.encode`, because a pair that is too long must lose tokens in the middle and not at the end. Which
ones, the tokenizer's own template says: XLM-R writes <s> A </s></s> B </s>, mT5 A </s> B </s>, XGLM begins with </s>.
A tokenizer without a template (those that are trained here) has XLM-R's; one whose template adds nothing (BLOOM,
Qwen) begins with the text. Every row ends with the end token: its state stands for the row of a decoder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Encoding, Tokenizer

from analysis.errors import InputError, Problem

ENDS: Final = ("</s>", "<|endoftext|>")
"""Tokens that end a text: SentencePiece models and BLOOM have the first, Qwen the second."""


@dataclass(frozen=True)
class Pieces:
    """A tokenizer and the ids of its special tokens."""

    tokenizer: Tokenizer
    begin: tuple[int, ...]
    """What stands before a text."""
    between: tuple[int, ...]
    """What stands between two texts."""
    pad: int
    eos: int
    unk: int
    mask: int | None
    """None for models that are not pretrained on masked tokens."""
    fingerprint: str
    """SHA-256 over the tokenizer's own JSON."""

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Pieces:
        """Wrap a `tokenizers` tokenizer; raises InputError where it has no token that ends a text."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        eos = _first(tokenizer, *ENDS)
        if eos is None:
            what = f"the tokenizer has none of {' '.join(ENDS)}"
            raise InputError(
                Problem(what, "use the tokenizer of a model of the XLM-R, mT5, XGLM, BLOOM or Qwen family")
            )
        begin, between = _template(tokenizer, eos)
        pad, unk = (_first(tokenizer, token, *ENDS) for token in ("<pad>", "<unk>"))
        assert pad is not None and unk is not None
        name = hashlib.sha256(tokenizer.to_str().encode()).hexdigest()
        return cls(tokenizer, begin, between, pad, eos, unk, tokenizer.token_to_id("<mask>"), name)

    @property
    def bos(self) -> int:
        """The token before a text, or the end token where there is none."""
        return self.begin[0] if self.begin else self.eos

    @classmethod
    def load(cls, path: Path) -> Pieces:
        """Tokenizer from a `tokenizer.json`."""
        return cls.of(Tokenizer.from_file(str(path)))

    @classmethod
    def from_hub(cls, model: str, revision: str) -> Pieces:
        """Tokenizer of a hub model at a pinned revision; offline mode is honoured.

        Raises
        ------
        InputError
            Where it cannot be fetched, or read without a package that is not installed.
        """
        from transformers import AutoTokenizer

        what = f"the tokenizer of {model} at revision {revision} cannot be read"
        try:
            found = AutoTokenizer.from_pretrained(model, revision=revision)
        except OSError as error:
            said = str(error).strip().partition("\n")[0]
            raise InputError(Problem(f"{what}: {said}", "check the name and the network")) from None
        except (ImportError, ValueError) as error:
            # Without sentencepiece the library takes the file for one of another kind, and blames that.
            said = str(error).strip().partition("\n")[0]
            remedy = (
                "pip install 'verify-claims[mt5]' (sentencepiece, protobuf): mT5 publishes no tokenizer.json"
            )
            raise InputError(Problem(f"{what}: {said}", remedy)) from None
        return cls.of(found.backend_tokenizer)

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


def _first(tokenizer: Tokenizer, *tokens: str) -> int | None:
    """Id of the first of the tokens that the tokenizer has."""
    return next((found for token in tokens if (found := tokenizer.token_to_id(token)) is not None), None)


def _template(tokenizer: Tokenizer, eos: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What the tokenizer puts before a text, and between two; two ends where it puts nothing between."""
    if tokenizer.post_processor is None:
        bos = tokenizer.token_to_id("<s>")
        return () if bos is None else (bos,), (eos, eos)
    pair = tokenizer.encode("a", "a")
    special = pair.special_tokens_mask
    inner = [place for place, mark in enumerate(special) if not mark]
    begin = tuple(pair.ids[: inner[0]])
    between = tuple(pair.ids[place] for place in range(inner[0], inner[-1]) if special[place])
    return begin, between or (eos, eos)

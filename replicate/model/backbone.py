"""What every model offers, whatever its family: hidden states of flat tokens, and one state per row.

Three families (Phang et al. 2020 has the first alone):

`encoder`          every token sees every other; the first token's state stands for a row (XLM-R)
`decoder`          a token sees itself and earlier ones; the last token's state stands for a row, because it alone
                   has seen all of it (XGLM, BLOOM, Qwen)
`encoder-decoder`  the encoder's states are the states of the tokens; the decoder's state at its start token, which
                   looks at all of them, stands for a row (mT5; Liu et al. 2021, EncT5, arXiv:2110.08426)

Everything behind a model (heads, training, retrieval, evaluation) knows this protocol and no family.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

from torch import Tensor, nn

from replicate.model.attention import Layout
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Family

RowStates: TypeAlias = Callable[[Tensor, Ragged], Tensor]
"""(T, d) states of the tokens and their batch -> (N, d), the state that stands for each row."""


class Backbone(nn.Module, ABC):
    """A model without heads."""

    family: ClassVar[Family]
    layout: Layout | None = None
    """How attention keeps sequences apart; None chooses by device: packed on CUDA, padded elsewhere."""

    @abstractmethod
    def forward(self, batch: Ragged, layer: int | None = None) -> Tensor:
        """(T, d) output of layer `layer` (0: embeddings; None: the last)."""

    @abstractmethod
    def rows(self, hidden: Tensor, batch: Ragged) -> Tensor:
        """(N, d) state that stands for each row, from the states of the last layer."""

    @property
    @abstractmethod
    def config(self) -> Any:
        """The configuration, as transformers knows it."""

    @property
    @abstractmethod
    def width(self) -> int:
        """d, the number of features of a hidden state."""

    @property
    @abstractmethod
    def depth(self) -> int:
        """Number of layers that a token's state goes through; `layer` may be 0 to this."""

    @property
    @abstractmethod
    def longest(self) -> int | None:
        """Longest row in tokens; None where positions are relative and no length is refused."""

    @property
    @abstractmethod
    def dropout(self) -> float:
        """Dropout of hidden states, which heads take over."""

    @property
    @abstractmethod
    def spread(self) -> float:
        """Standard deviation of fresh weights, which heads take over."""

    @property
    @abstractmethod
    def word_embeddings(self) -> nn.Embedding:
        """The (V, d) table of the words."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """JSON values that the model can be built from again, without its weights."""

    def rebuild(self) -> None:
        """Make anew what no checkpoint holds, after weights were loaded into a model without any."""
        self.requires_grad_(True)

    def check(self, batch: Ragged, layer: int | None) -> int:
        """Number of the wanted layer; ValueError for one that is not there, or a row that is too long."""
        wanted = self.depth if layer is None else layer
        if not 0 <= wanted <= self.depth:
            raise ValueError(f"there is no layer {layer}; this {self.family} has layers 0 to {self.depth}")
        if self.longest is not None and batch.longest > self.longest:
            raise ValueError(
                f"a sequence of {batch.longest} tokens exceeds the {self.longest} positions of the {self.family}"
            )
        return wanted


def first_token(hidden: Tensor, batch: Ragged) -> Tensor:
    """(N, d) state of the first token of each row."""
    return hidden[batch.offsets[:-1]]


def last_token(hidden: Tensor, batch: Ragged) -> Tensor:
    """(N, d) state of the last token of each row: the only one that has seen the whole row from left to right."""
    return hidden[batch.offsets[1:] - 1]

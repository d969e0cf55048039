"""How large a model is, for a plan: what a token costs, and how many parameters are written to disk.

A token costs twice the parameters of the layers that it passes (multiply-add is 2), and attention on top. Tokens of
a row pass the encoder of an encoder-decoder only; its decoder writes one token per row, which is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Model


@dataclass(frozen=True)
class Size:
    """Numbers of one model."""

    layers: int
    """Layers that a token of a row passes."""
    width: int
    """d."""
    words: int
    """V."""
    parameters: int
    """All of them, embeddings included."""
    per_layer: int
    """Weights of the matrices of one layer; XLM-R's are 12 d^2."""

    def forward(self, tokens: float, length: float, share: float = 1.0) -> float:
        """FLOPs of a forward pass of rows of `length` tokens through a share of the layers."""
        layers = self.layers * share
        return tokens * (2 * layers * self.per_layer + 4 * layers * length * self.width)


# Parameters counted by building each configuration with transformers 5.23 on the meta device; mT5's with the output
# matrix of its own that the released weights have. Inner matrices: mT5 and Qwen have gated ones (three).
PUBLIC: Final = {
    "FacebookAI/xlm-roberta-large": Size(24, 1024, 250_002, 560_142_482, 12 * 1024**2),
    "FacebookAI/xlm-roberta-base": Size(12, 768, 250_002, 278_295_186, 12 * 768**2),
    "google/mt5-small": Size(8, 512, 250_112, 300_176_768, 4 * 512 * 384 + 3 * 512 * 1024),
    "google/mt5-base": Size(12, 768, 250_112, 582_401_280, 4 * 768**2 + 3 * 768 * 2048),
    "google/mt5-large": Size(24, 1024, 250_112, 1_229_581_312, 4 * 1024**2 + 3 * 1024 * 2816),
    "facebook/xglm-564M": Size(24, 1024, 256_008, 564_463_616, 12 * 1024**2),
    "bigscience/bloom-560m": Size(24, 1024, 250_880, 559_214_592, 12 * 1024**2),
    "Qwen/Qwen2.5-0.5B": Size(24, 896, 151_936, 494_032_768, 2 * 896 * 1024 + 3 * 896 * 4864),
}


def size(model: Model) -> Size:
    """Size of a model; raises InputError for a public one that is not known."""
    if model.shape is None:
        if model.hub in PUBLIC:
            return PUBLIC[model.hub]
        raise InputError(Problem(f"the size of {model.hub} is not known", f"known: {', '.join(PUBLIC)}"))
    one, words = model.shape, model.vocabulary or 0
    per_layer = 4 * one.hidden**2 + 2 * one.hidden * one.ffn
    beside = (one.decoder_layers or 0) * (per_layer + 4 * one.hidden**2)
    tables = (words + one.positions) * one.hidden
    return Size(one.layers, one.hidden, words, one.layers * per_layer + beside + tables, per_layer)

"""Attention that keeps the sequences of a ragged batch apart, in three ways that give the same numbers.

`packed`  SDPA over a jagged nested tensor: no padding anywhere; the variable-length kernel on CUDA.
`padded`  only query, key and value are padded, for the attention alone: fastest on a CPU with batches of
          similar lengths; the linear layers, nine tenths of the work, still see flat tokens.
`masked`  one block-diagonal mask over all T x T pairs: quadratic in the batch, for tests.

Each looks in both directions, or (`causal`) at no later token of its sequence, or across: from the tokens of one
batch at those of another with as many sequences (`keys`), as a decoder looks at its encoder. Padding stands behind
the end of a sequence, so a causal mask hides it without being told of lengths.

transformers lets a model name its attention function and hands unknown arguments through to it
(`AttentionInterface`), so nothing of the library is patched. `varlen_attn` of torch 2.13 has no dropout,
which XLM-R trains with, and no CPU kernel; nested tensors have both.
"""

from __future__ import annotations

import warnings
from typing import Any, Final, Literal, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AttentionInterface

from replicate.model.blocked import blocked_attention, pays
from replicate.model.ragged import Ragged

Layout: TypeAlias = Literal["packed", "padded", "masked"]
NAME: Final = "ragged"
"""Name under which transformers finds the function; a name without a mask function means no mask is built."""


def ragged_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    *,
    ragged: Ragged,
    layout: Layout,
    keys: Ragged | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Attention output (1, T, H, D) for flat inputs (1, H, T, D).

    Parameters
    ----------
    query, key, value : Tensor
        (1, H, T, D): all tokens of the batch in one row.
    ragged : Ragged
        Which tokens belong together.
    layout : {"packed", "padded", "masked"}
        How they are kept apart; the result is the same.
    keys : Ragged or None
        The sequences that keys and values belong to, where they are not those of the queries. A layer hands all it
        is given to both of its attentions; the causal one, which sees its own tokens, leaves `keys` alone.

    Notes
    -----
    Whether a token sees only itself and earlier ones is told by the module (`is_causal`), as transformers sets it.
    """
    attend = {"packed": _packed, "padded": _padded, "masked": _masked}[layout]
    q, k, v = (x[0].transpose(0, 1) for x in (query, key, value))  # (T, H, D)
    causal = bool(getattr(module, "is_causal", False))
    seen = ragged if keys is None or causal else keys
    return attend(q, k, v, ragged, seen, causal, dropout, scaling)[None], None


def _packed(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    own: Ragged,
    keys: Ragged,
    causal: bool,
    dropout: float,
    scale: float | None,
) -> Tensor:
    if causal and not q.is_cuda:  # nested tensors have no causal kernel on a CPU
        return _row_by_row(q, k, v, own, dropout, scale)
    a, b, c = (
        torch.nested.nested_tensor_from_jagged(
            x.contiguous(), of.offsets, min_seqlen=of.shortest, max_seqlen=of.longest
        ).transpose(1, 2)
        for x, of in ((q, own), (k, keys), (v, keys))
    )
    out = F.scaled_dot_product_attention(a, b, c, dropout_p=dropout, scale=scale, is_causal=causal)
    return out.transpose(1, 2).values()


def _row_by_row(q: Tensor, k: Tensor, v: Tensor, own: Ragged, dropout: float, scale: float | None) -> Tensor:
    sizes = own.lengths.tolist()
    parts = (x.transpose(0, 1).split(sizes, dim=1) for x in (q, k, v))  # type: ignore[no-untyped-call]
    rows = zip(*parts, strict=True)
    done = [
        F.scaled_dot_product_attention(
            a[None], b[None], c[None], dropout_p=dropout, scale=scale, is_causal=True
        )[0]
        for a, b, c in rows
    ]
    return torch.cat(done, dim=1).transpose(0, 1)


def _padded(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    own: Ragged,
    keys: Ragged,
    causal: bool,
    dropout: float,
    scale: float | None,
) -> Tensor:
    a, b, c = (of.pad(x, 0.0) for x, of in ((q, own), (k, keys), (v, keys)))  # (N, L, H, D)
    mask = None
    if not causal and not keys.is_rectangle:
        columns = torch.arange(keys.longest, device=q.device)
        mask = (columns < keys.lengths[:, None])[:, None, None, :]
    if keys is own and not causal and pays(a, dropout):
        return own.unpad(blocked_attention(a, b, c, mask, dropout, scale).transpose(1, 2))
    a, b, c = (x.transpose(1, 2) for x in (a, b, c))  # (N, H, L, D)
    out = F.scaled_dot_product_attention(
        a, b, c, attn_mask=mask, dropout_p=dropout, scale=scale, is_causal=causal
    )
    return own.unpad(out.transpose(1, 2))


def _masked(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    own: Ragged,
    keys: Ragged,
    causal: bool,
    dropout: float,
    scale: float | None,
) -> Tensor:
    mask = own.row[:, None] == keys.row[None, :]
    if causal:
        mask = mask & (own.column[:, None] >= keys.column[None, :])
    a, b, c = (x.transpose(0, 1)[None] for x in (q, k, v))
    out = F.scaled_dot_product_attention(a, b, c, attn_mask=mask, dropout_p=dropout, scale=scale)
    return out[0].transpose(0, 1)


AttentionInterface.register(NAME, ragged_attention)
# torch warns once that its own constructor of jagged tensors uses a prototype interface.
warnings.filterwarnings("ignore", message="The PyTorch API of nested tensors")

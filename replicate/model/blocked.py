"""Attention with dropout a few rows at a time: the bits of torch's own, in the caches of a processor.

With dropout, scaled dot-product attention on a CPU is a chain of whole tensors of (rows, heads, L, L) numbers,
20 MB each for 32 rows of 195 pieces, and each link reads and writes memory. Here a block of rows passes the whole
chain while it is in the cache. Every number is computed by the same operations in the same order, and the
dropout mask is drawn in one piece before, so outputs and gradients are equal bit by bit
(`tests/replicate/model/test_blocked.py`); what changes is the time of the attention, by a third at 195 pieces,
and with it that of a whole step (docs/replication/speed.md).
"""

from __future__ import annotations

import math
from typing import Any, Final

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

BLOCK: Final = 1 << 20
"""Bytes of attention weights in a block: what the second-level cache of one core holds."""


def pays(query: Tensor, dropout: float) -> bool:
    """Whether blocks are worth it: on a CPU, with dropout, and more weights than a few caches hold.

    Without dropout torch has a fused kernel of its own.
    """
    return query.device.type == "cpu" and dropout > 0 and _bytes_of_row(query) * len(query) > 4 * BLOCK


def blocked_attention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, dropout: float, scale: float | None
) -> Tensor:
    """(N, H, L, D) attention output.

    Parameters
    ----------
    query, key, value : Tensor
        (N, L, H, D), padded.
    mask : Tensor or None
        (N, 1, 1, L): True where a key counts, False where it is padding; no row may be all padding.
    dropout : float
        Share of attention weights that are dropped, in (0, 1).
    scale : float or None
        Of the products; None: 1 / sqrt(D).
    """
    root = math.sqrt(1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    rows = max(1, BLOCK // _bytes_of_row(query))
    bias = None if mask is None else torch.zeros_like(mask, dtype=query.dtype).masked_fill_(~mask, -math.inf)
    out: Tensor = _Blocked.apply(query, key, value, bias, dropout, root, rows)  # type: ignore[no-untyped-call]
    return out


def _bytes_of_row(query: Tensor) -> int:
    return query.shape[2] * query.shape[1] ** 2 * query.element_size()


def _scaled(query: Tensor, key: Tensor, root: float) -> tuple[Tensor, Tensor]:
    """(n H, L, D) queries and (n H, D, L) keys, both times the root of the scale, as torch has it."""
    rows, length, heads, width = query.shape
    return (
        (query.transpose(1, 2) * root).reshape(rows * heads, length, width),
        (key.permute(0, 2, 3, 1) * root).reshape(rows * heads, width, length),
    )


def _flat(value: Tensor) -> Tensor:
    """(n, L, H, D) -> (n H, L, D)."""
    rows, length, heads, width = value.shape
    return value.transpose(1, 2).reshape(rows * heads, length, width)


class _Blocked(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None, dropout: float, root: float, rows: int
    ) -> Tensor:
        number, length, heads, width = q.shape
        shape = (number, heads, length, length)
        # In one piece and in torch's order, so that the random numbers are those of the plain path.
        kept = q.new_empty(shape).bernoulli_(1 - dropout)
        weights, out = q.new_empty(shape), q.new_empty(number, heads, length, width)
        for at in range(0, number, rows):
            part = slice(at, at + rows)
            products = torch.bmm(*_scaled(q[part], k[part], root)).view(-1, heads, length, length)
            if bias is not None:
                products.add_(bias[part])
            torch.softmax(products, -1, out=weights[part])
            dropped = torch.mul(weights[part], kept[part].div_(1 - dropout), out=products)
            target = out[part].view(-1, length, width)
            torch.bmm(dropped.view(-1, length, length), _flat(v[part]), out=target)
        ctx.save_for_backward(q, k, v, weights, kept)
        ctx.root, ctx.rows = root, rows
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, weights, kept = ctx.saved_tensors
        number, length, heads, width = q.shape
        of_q, of_k, of_v = (torch.empty_like(x) for x in (q, k, v))
        for at in range(0, number, ctx.rows):
            part = slice(at, at + ctx.rows)
            wanted = grad[part].reshape(-1, length, width)
            dropped = (weights[part] * kept[part]).view(-1, length, length)
            own = torch.bmm(dropped.transpose(1, 2), wanted)
            of_v[part].copy_(own.view(-1, heads, length, width).transpose(1, 2))
            inner = torch.bmm(wanted, _flat(v[part]).transpose(1, 2)).view(-1, heads, length, length)
            inner.mul_(kept[part])
            inner = torch.ops.aten._softmax_backward_data(inner, weights[part], -1, q.dtype)
            flat, (queries, keys) = inner.view(-1, length, length), _scaled(q[part], k[part], ctx.root)
            own = torch.bmm(flat, keys.transpose(1, 2)).view(-1, heads, length, width)
            of_q[part].copy_((own * ctx.root).transpose(1, 2))
            own = torch.bmm(queries.transpose(1, 2), flat).view(-1, heads, width, length)
            of_k[part].copy_((own * ctx.root).permute(0, 3, 1, 2))
        return of_q, of_k, of_v, None, None, None, None

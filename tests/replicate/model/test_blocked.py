"""Blocked attention gives the bits of torch's own, with dropout, forward and backward; and the numbers of fp64."""

import math

import pytest
import torch
import torch.nn.functional as F

from replicate.model import attention, blocked
from replicate.model.ragged import Ragged


def drawn(rows, longest, heads, width, kind=torch.float32):
    torch.manual_seed(rows * longest)
    values = [torch.randn(rows, longest, heads, width, dtype=kind, requires_grad=True) for _ in range(3)]
    lengths = torch.randint(max(1, longest - 12), longest + 1, (rows,))
    lengths[0] = longest
    return values, (torch.arange(longest) < lengths[:, None])[:, None, None, :]


def both_directions(attend, values, wanted):
    torch.manual_seed(7)
    out = attend(*values)
    return [out.detach(), *torch.autograd.grad(out, values, wanted)]


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize(
    ("rows", "longest", "heads", "width"), [(5, 131, 4, 64), (3, 260, 2, 32), (9, 40, 4, 16), (2, 384, 4, 64)]
)
def test_bits_are_those_of_torch(monkeypatch, rows, longest, heads, width, masked):
    monkeypatch.setattr(blocked, "BLOCK", 2 * heads * longest**2 * 4)  # two rows a block, the last one alone
    values, mask = drawn(rows, longest, heads, width)
    mask = mask if masked else None
    wanted = torch.randn(rows, heads, longest, width)

    def plain(q, k, v):
        a, b, c = (x.transpose(1, 2) for x in (q, k, v))
        return F.scaled_dot_product_attention(a, b, c, attn_mask=mask, dropout_p=0.1, scale=width**-0.5)

    expected = both_directions(plain, values, wanted)
    found = both_directions(
        lambda q, k, v: blocked.blocked_attention(q, k, v, mask, 0.1, width**-0.5), values, wanted
    )
    for one, other in zip(expected, found, strict=True):
        assert torch.equal(one, other)


def test_gradients_agree_with_numerical_ones(monkeypatch):
    monkeypatch.setattr(blocked, "BLOCK", 1)
    values, mask = drawn(2, 5, 2, 3, torch.float64)

    def attend(q, k, v):
        torch.manual_seed(3)
        return blocked.blocked_attention(q, k, v, mask, 0.3, None)

    assert torch.autograd.gradcheck(attend, values)


def test_the_encoder_takes_blocks_where_they_pay_and_only_there():
    small, large = torch.zeros(4, 30, 4, 16), torch.zeros(32, 195, 4, 64)
    assert not blocked.pays(small, 0.1)
    assert blocked.pays(large, 0.1)
    assert not blocked.pays(large, 0.0)


def test_ragged_attention_is_unchanged_by_blocks(monkeypatch):
    batch = Ragged.of([[5] * n for n in (120, 131, 90, 131)])
    flat = [torch.randn(1, 4, batch.ids.numel(), 32, requires_grad=True) for _ in range(3)]
    wanted = torch.randn(1, batch.ids.numel(), 4, 32)

    def attend(q, k, v):
        return attention.ragged_attention(
            torch.nn.Module(), q, k, v, None, 0.1, 1 / math.sqrt(32), ragged=batch, layout="padded"
        )[0]

    plain = both_directions(attend, flat, wanted)
    calls = []
    shipped = attention.blocked_attention
    monkeypatch.setattr(attention, "blocked_attention", lambda *told: calls.append(1) or shipped(*told))
    monkeypatch.setattr(blocked, "BLOCK", 100_000)
    for one, other in zip(plain, both_directions(attend, flat, wanted), strict=True):
        assert torch.equal(one, other)
    assert calls

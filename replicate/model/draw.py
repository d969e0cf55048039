"""The next token, drawn from the most probable ones: a function of scores and one uniform number per row.

Nucleus sampling (Holtzman et al. 2020, section 3.1): of the tokens in falling order of probability those are kept
whose predecessors have less than `top_p` together. Nothing here has state: the uniform numbers come with the call.
"""

from __future__ import annotations

import torch
from torch import Tensor


def drawn(scores: Tensor, uniform: Tensor, temperature: float, top_p: float) -> Tensor:
    """(N,) token of each row.

    Parameters
    ----------
    scores : Tensor
        (N, V) logits.
    uniform : Tensor
        (N,) numbers in [0, 1): where in the kept probability the draw falls.
    temperature : float
        Divides the scores; 0 takes the largest one, and of equal ones the first.
    top_p : float
        In (0, 1].

    Examples
    --------
    >>> scores = torch.tensor([[0.0, 2.0, 1.0]] * 3)
    >>> drawn(scores, torch.tensor([0.0, 0.7, 0.99]), 1.0, 1.0).tolist()
    [1, 2, 0]
    >>> drawn(scores, torch.tensor([0.0, 0.7, 0.99]), 1.0, 0.6).tolist()
    [1, 1, 1]
    """
    if temperature == 0:
        return scores.argmax(-1)
    shares, tokens = torch.softmax(scores.double() / temperature, -1).sort(
        dim=-1, descending=True, stable=True
    )
    behind = shares.cumsum(-1)
    kept = (behind - shares) < top_p
    within = torch.where(kept, shares, 0.0).cumsum(-1)
    at = (within <= uniform.double()[:, None] * within[:, -1:]).sum(-1)
    last = kept.sum(-1) - 1
    return tokens.gather(-1, torch.minimum(at, last)[:, None])[:, 0]

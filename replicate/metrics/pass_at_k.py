"""The probability that one of k programs passes, estimated without bias from n of which c pass.

Chen et al. (2021), "Evaluating Large Language Models Trained on Code", eq. 1: the expectation over problems of
1 - C(n - c, k) / C(n, k). The obvious 1 - (1 - c/n)^k is biased upwards in what it subtracts, so too low.
"""

from __future__ import annotations

import math

from analysis.errors import InputError, Problem


def pass_at_k(n: int, c: int, k: int) -> float:
    """Estimate of pass@k in 0 to 1, as a product that never forms a large binomial.

    Parameters
    ----------
    n, c, k : int
        Programs drawn, programs that pass, programs that a user would look at.

    Raises
    ------
    InputError
        Unless 0 <= c <= n and 1 <= k <= n: fewer samples than k do not estimate pass@k.

    Examples
    --------
    >>> pass_at_k(10, 3, 1), pass_at_k(2, 1, 2), round(pass_at_k(200, 1, 100), 6)
    (0.3, 1.0, 0.5)
    """
    if not (0 <= c <= n and 1 <= k <= n):
        raise InputError(
            Problem(f"pass@{k} of {n} programs of which {c} pass", "draw at least k programs per problem")
        )
    if n - c < k:
        return 1.0
    if k == 1:
        return c / n
    return -math.expm1(sum(math.log1p(-k / i) for i in range(n - c + 1, n + 1)))

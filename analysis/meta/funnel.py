"""Small-study effects: Egger's regression, PET and PEESE, for many meta-analyses at once.

All regress the effect on its standard error (or variance). Egger et al. (1997) weight by 1/v with a
multiplicative dispersion; Sterne & Egger (2005) is the random-effects version. The intercept is the effect of a
study without sampling error: PET with the standard error, PEESE with the variance; PET-PEESE reads PEESE only
where PET finds an effect (Stanley & Doucouliagos 2014). An asymmetric funnel is not yet publication bias, and
the tests have little power below ten studies (Sterne et al. 2011).

The predictor is scaled inside, so effects near 1e-4 work: metafor 3.8-1 stops there with "not of full rank".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools, Floats
from analysis.meta.pool import Pooled, Test, pool

Predictor: TypeAlias = Literal["se", "variance"]


@dataclass(frozen=True, slots=True)
class FunnelTest:
    """Slope on the precision measure, and the effect at perfect precision; batch shape."""

    predictor: str
    model: str
    slope: Floats
    statistic: Floats
    df: Floats
    """Infinity for z."""
    p_value: Floats
    limit: Floats
    """Estimated effect of an infinitely precise study (the intercept)."""
    limit_low: Floats
    limit_high: Floats
    limit_p: Floats
    """Two-sided test that it is zero (PET with the standard error)."""
    fit: Pooled


@dataclass(frozen=True, slots=True)
class PetPeese:
    """Bias-adjusted effect by the conditional rule; batch shape."""

    estimate: Floats
    low: Floats
    high: Floats
    used_peese: Bools
    pet: FunnelTest
    peese: FunnelTest


def funnel_test(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    predictor: Predictor = "se",
    model: Literal["multiplicative", "random"] = "multiplicative",
    test: Test = "knapp_hartung",
    mask: ArrayLike | None = None,
    level: float = 0.95,
) -> FunnelTest:
    """Regression test for funnel-plot asymmetry.

    Parameters
    ----------
    predictor : {"se", "variance"}
        Standard error (Egger, PET) or sampling variance (PEESE).
    model : {"multiplicative", "random"}
        "multiplicative" is Egger's weighted regression (metafor `regtest(model="lm")`, always t with k - 2);
        "random" adds tau^2 by REML and uses `test` (`regtest(model="rma")`).

    Raises
    ------
    InputError
        Fewer than three studies, or all of one standard error (the funnel is then a line).
    """
    v = np.asarray(vi, dtype=float)
    if predictor not in ("se", "variance") or model not in ("multiplicative", "random"):
        raise InputError(
            Problem(
                f"predictor={predictor!r}, model={model!r}",
                '"se" or "variance"; "multiplicative" or "random"',
            )
        )
    present = np.ones(v.shape, bool) if mask is None else np.broadcast_to(np.asarray(mask, bool), v.shape)
    _require_spread(v, present)
    with np.errstate(invalid="ignore"):
        x = np.where(present, np.sqrt(v) if predictor == "se" else v, 1.0)
    fit = pool(
        yi,
        v,
        x,
        names=(predictor,),
        mask=mask,
        method="CE" if model == "multiplicative" else "REML",
        test="knapp_hartung" if model == "multiplicative" else test,
        level=level,
    )
    return FunnelTest(
        predictor=predictor,
        model=model,
        slope=fit.beta[..., 1],
        statistic=fit.statistic[..., 1],
        df=fit.df,
        p_value=fit.p_value[..., 1],
        limit=fit.beta[..., 0],
        limit_low=fit.ci_low[..., 0],
        limit_high=fit.ci_high[..., 0],
        limit_p=fit.p_value[..., 0],
        fit=fit,
    )


def pet_peese(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    mask: ArrayLike | None = None,
    level: float = 0.95,
    switch: float = 0.10,
) -> PetPeese:
    """PET-PEESE: PEESE where PET's effect differs from zero two-sided at `switch`, else PET.

    The switch at 0.10 two-sided is Stanley's one-sided 5 %. Known to be biased and unstable with few studies or
    much heterogeneity (Stanley 2017): one column of a sensitivity analysis, not a corrected truth.
    """
    pet = funnel_test(yi, vi, predictor="se", mask=mask, level=level)
    peese = funnel_test(yi, vi, predictor="variance", mask=mask, level=level)
    chosen = pet.limit_p < switch
    return PetPeese(
        estimate=np.where(chosen, peese.limit, pet.limit)[()],
        low=np.where(chosen, peese.limit_low, pet.limit_low)[()],
        high=np.where(chosen, peese.limit_high, pet.limit_high)[()],
        used_peese=np.asarray(chosen),
        pet=pet,
        peese=peese,
    )


def _require_spread(v: Floats, present: Bools) -> None:
    low = np.where(present, v, np.inf).min(-1)
    high = np.where(present, v, -np.inf).max(-1)
    if (high - low <= 1e-12 * np.abs(high)).any():
        raise InputError(
            Problem("all studies have one standard error", "asymmetry cannot be tested: there is no funnel")
        )

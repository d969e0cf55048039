"""Published fits and R's profile intervals: nls and MASS 7.3-58 of R 4.2.2 (benchmarks/curves_reference.R).

Puromycin and BOD: Bates & Watts (1988), pp. 33-54, 270; their printed values stand beside. MASS interpolates its
profile with splines, so interval ends agree to 3e-3 (the finer its steps, the closer); the fits themselves to 1e-6.
"""

from __future__ import annotations

import pytest

from analysis.curves import asymptote, fit_curve, parameter_interval, profile_interval

CONCENTRATION = [0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.10, 1.10]
RATE = [76, 47, 97, 107, 123, 139, 159, 152, 191, 201, 207, 200]
DAYS, DEMAND = [1, 2, 3, 4, 5, 7], [8.3, 10.3, 19.0, 16.0, 15.6, 19.8]
TASKS, SCORES = [0, 1, 2, 3, 5, 7, 9], [60.1, 62.9, 64.2, 66.1, 66.8, 67.9, 67.6]


@pytest.mark.parametrize(
    ("x", "y", "family", "origin", "expected", "rss"),
    [
        (
            CONCENTRATION,
            RATE,
            "michaelis_menten",
            "zero",
            {
                "rise": (212.6837, 6.947154, 197.302167, 229.289300),
                "half": (0.06412123, 0.008280943, 0.0469215, 0.0861576),
            },
            1195.44881,
        ),
        (
            DAYS,
            DEMAND,
            "saturating_exponential",
            "zero",
            {
                "rise": (19.142576, 2.495917, 14.049468, 38.457419),
                "rate": (0.53109137, 0.2030821, 0.1314579, 1.8082208),
            },
            25.9902673,
        ),
        (
            TASKS,
            SCORES,
            "saturating_exponential",
            "free",
            {
                "start": (60.0962263, 0.326352403, 59.186915, 60.991071),
                "rise": (7.89581707, 0.404409284, 6.783453, 9.037267),
                "rate": (0.418309017, 0.0558719, 0.2778876, 0.5905983),
            },
            0.4779987033,
        ),
        (
            TASKS,
            SCORES,
            "power",
            "free",
            {
                "start": (60.00557256, 0.64816874, 58.224378, 61.762043),
                "rise": (3.4287319, 0.741452481, 1.603995, 5.490645),
                "power": (0.400678759, 0.08456685, 0.2119460, 0.6930253),
            },
            1.694220317,
        ),
        (
            CONCENTRATION,
            RATE,
            "hill",
            "zero",
            {
                "rise": (237.947512, 20.402936, 206.441742, 329.859192),
                "half": (0.0858825741, 0.02433991, 0.0544869, 0.3074143),
                "power": (0.739394724, 0.12261483, 0.4758768, 1.0257395),
            },
            809.861535,
        ),
    ],
)
def test_nls_and_mass(x, y, family, origin, expected, rss):
    fit = fit_curve(x, y, family, origin=origin)
    assert fit.rss == pytest.approx(rss, rel=1e-8)
    for name, (value, sd, low, high) in expected.items():
        assert fit.parameters[name] == pytest.approx(value, rel=2e-6)
        assert fit.sd[name] == pytest.approx(sd, rel=2e-6)
        interval = parameter_interval(fit, name)
        assert (interval.low, interval.high) == pytest.approx((low, high), rel=3e-3)


def test_asymptote_is_the_reparameterised_profile():
    """R needs the curve rewritten with the asymptote as a parameter; here it is read off."""
    fit = fit_curve(TASKS, SCORES)
    interval = profile_interval(fit, asymptote(fit))
    assert interval.estimate == pytest.approx(67.9920432, rel=1e-8)
    assert (interval.low, interval.high) == pytest.approx((67.1978986, 69.0905513), rel=1e-5)


def test_printed_in_bates_and_watts():
    puromycin = fit_curve(CONCENTRATION, RATE, "michaelis_menten", origin="zero")
    assert (puromycin.parameters["rise"], puromycin.parameters["half"]) == pytest.approx(
        (212.7, 0.0641), abs=0.05
    )
    assert puromycin.sigma == pytest.approx(10.93, abs=0.005)
    bod = fit_curve(DAYS, DEMAND, origin="zero")
    assert (bod.parameters["rise"], bod.parameters["rate"]) == pytest.approx((19.143, 0.5311), abs=5e-4)


def test_log_likelihood_form_of_aicc():
    """R's logLik of `three`: AICc = -2 logLik + 2 K + 2 K (K + 1) / (n - K - 1), K = 4, less n log(2 pi) + n."""
    from math import log, pi

    fit = fit_curve(TASKS, SCORES)
    n, k = 7, 4
    expected = 2 * 0.538368803251 + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    assert fit.aicc + n * log(2 * pi) + n == pytest.approx(expected, rel=1e-8)

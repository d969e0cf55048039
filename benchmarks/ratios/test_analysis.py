"""Statistics and look-ups beside what a user of scipy, statsmodels and pandas would write."""

from __future__ import annotations

import numpy as np
import pytest

MANY = np.random.default_rng(20200526)


@pytest.fixture(scope="module")
def effects() -> tuple[np.ndarray, np.ndarray]:
    """(200, 9) effects and their sampling variances."""
    variances = MANY.uniform(0.2, 2, (200, 9))
    return MANY.normal(0.5, np.sqrt(1 + variances)), variances


@pytest.mark.benchmark(group="random effects, 200 meta-analyses of 9")
class TestPool:
    def test_ours(self, benchmark, effects) -> None:
        from analysis.meta.pool import pool

        pooled = benchmark(lambda: pool(*effects, test="knapp_hartung"))
        assert np.isfinite(pooled.beta).all()

    def test_statsmodels(self, benchmark, effects) -> None:
        from statsmodels.stats.meta_analysis import combine_effects

        # Paule-Mandel is the iterated estimator that it has; REML it has not.
        benchmark.pedantic(
            lambda: [
                combine_effects(y, v, method_re="iterated", use_t=True) for y, v in zip(*effects, strict=True)
            ],
            rounds=7,
        )


@pytest.mark.benchmark(group="BCa, 50 means of 10, 9,999 resamples")
class TestBootstrap:
    seeds = MANY.normal(80, 1, (50, 10))

    def test_ours(self, benchmark) -> None:
        from analysis.seeds.bootstrap import bootstrap_interval

        made = benchmark(lambda: bootstrap_interval(self.seeds, "suite"))
        assert (made.low < made.high).all()

    def test_scipy(self, benchmark) -> None:
        from scipy.stats import bootstrap

        benchmark.pedantic(
            lambda: bootstrap((self.seeds,), np.mean, axis=-1, n_resamples=9_999, method="BCa", rng=1),
            rounds=7,
        )


@pytest.mark.benchmark(group="200 bootstrap refits of a saturating exponential")
class TestCurves:
    x = np.repeat([0.0, 1, 2, 3, 5, 7, 9], 3)
    y = 60 + 8 * (1 - np.exp(-0.4 * x)) + np.random.default_rng(1).normal(0, 0.5, len(x))

    def test_ours(self, benchmark) -> None:
        from analysis.curves import bootstrap_curve, fit_curve

        fit = fit_curve(self.x, self.y)
        refits = benchmark(lambda: bootstrap_curve(fit, 200, key="bench", unit="points"))
        assert len(refits.shapes) == 200

    def test_scipy(self, benchmark) -> None:
        from scipy.optimize import curve_fit

        random = np.random.default_rng(0)
        rows = [random.integers(0, len(self.x), len(self.x)) for _ in range(200)]

        def loop() -> None:
            for own in rows:
                curve_fit(
                    lambda k, a, b, c: a + b * (1 - np.exp(-c * k)), self.x[own], self.y[own],
                    p0=(60, 8, 0.4), maxfev=10_000,
                )  # fmt: skip

        benchmark.pedantic(loop, rounds=7)


@pytest.mark.benchmark(group="100 cells looked up among 20,000 rows")
class TestIndex:
    @pytest.fixture(scope="class")
    def table(self, tmp_path_factory):
        from analysis.results import read_results

        path = tmp_path_factory.mktemp("table") / "results.csv"
        lines = ["source,split,model,variant,target,language,metric,value,printed,status"]
        lines += [
            f"s,dev,m{row // 40},plain,t{row % 8},l{row // 8 % 5},acc,{row % 1000 / 10},{row % 1000 / 10},seen"
            for row in range(20_000)
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        wanted = [{"model": f"m{n * 5}", "target": f"t{n % 8}", "language": f"l{n % 5}"} for n in range(100)]
        return path, read_results(path), wanted

    def test_ours(self, benchmark, table) -> None:
        from analysis.index import Index

        _, results, wanted = table

        def look_up() -> list[int]:
            index = Index(results)  # built anew: a check builds it once
            return [len(index.rows(one)) for one in wanted]

        assert set(benchmark(look_up)) == {1}

    def test_pandas(self, benchmark, table) -> None:
        import pandas

        path, _, wanted = table
        frame = pandas.read_csv(path)

        def masks() -> list[int]:
            return [
                len(
                    frame[
                        (frame["model"] == one["model"])
                        & (frame["target"] == one["target"])
                        & (frame["language"] == one["language"])
                    ]
                )
                for one in wanted
            ]

        assert set(benchmark(masks)) == {1}

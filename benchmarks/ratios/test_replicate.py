"""Search and model passes beside brute force and beside transformers with padding."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.mark.benchmark(group="4 nearest, 2,000 among 2,000, 128 dimensions")
class TestNearest:
    @pytest.fixture(scope="class")
    def vectors(self):
        from replicate.metrics.neighbours import unit

        random = np.random.default_rng(0)
        return tuple(unit(random.normal(size=(2_000, 128))) for _ in range(2))

    def test_ours(self, benchmark, vectors) -> None:
        from replicate.metrics.neighbours import nearest

        _, found = benchmark(lambda: nearest(*vectors, 4))
        assert (np.sort(found) == np.sort(self._brute(*vectors))).all()

    def test_numpy(self, benchmark, vectors) -> None:
        benchmark(lambda: self._brute(*vectors))

    @staticmethod
    def _brute(queries, keys):
        return np.argpartition(-(queries @ keys.T), 3, axis=1)[:, :4]


@pytest.mark.benchmark(group="forward and backward, 32 rows of MNLI's lengths, 4 x 256")
class TestEncoder:
    @pytest.fixture(scope="class")
    def rows(self):
        random = np.random.default_rng(0)
        lengths = np.clip(random.lognormal(np.log(43) - 0.15, 0.55, 32), 8, 256).astype(int)
        return [random.integers(5, 8000, length) for length in lengths]

    @pytest.fixture(scope="class")
    def config(self):
        import torch
        from transformers import XLMRobertaConfig

        torch.set_num_threads(1)
        return lambda: XLMRobertaConfig(
            vocab_size=8000, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024,
            max_position_embeddings=514, type_vocab_size=1, pad_token_id=1,
        )  # fmt: skip

    def test_ours(self, benchmark, rows, config) -> None:
        from replicate.model.encoder import build
        from replicate.model.ragged import Ragged

        model, batch = build(config(), 0), Ragged.of(rows)
        benchmark.pedantic(lambda: model(batch).sum().backward(), rounds=7, warmup_rounds=2)

    def test_padded(self, benchmark, rows, config) -> None:
        import torch
        from transformers import XLMRobertaModel

        model = XLMRobertaModel(config(), add_pooling_layer=False).train()
        ids = torch.ones(len(rows), max(map(len, rows)), dtype=torch.long)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = torch.from_numpy(row)
        mask = (ids != 1).long()
        benchmark.pedantic(
            lambda: model(ids, attention_mask=mask).last_hidden_state.sum().backward(),
            rounds=7,
            warmup_rounds=2,
        )

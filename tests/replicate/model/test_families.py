"""Decoders and encoder-decoders: equal to transformers row by row, forward and backward, in every layout."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    BloomConfig,
    BloomModel,
    CodeGenConfig,
    CodeGenForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
    MT5Config,
    MT5ForConditionalGeneration,
    MT5Model,
    Qwen2Config,
    Qwen2Model,
    T5Config,
    T5ForConditionalGeneration,
    T5Model,
    XGLMConfig,
    XGLMForCausalLM,
    XGLMModel,
    XLMRobertaConfig,
    XLMRobertaForCausalLM,
    XLMRobertaForMaskedLM,
    XLMRobertaModel,
)

from analysis.errors import InputError
from replicate.keyed import generator
from replicate.model import weights
from replicate.model.encoder import Decoder
from replicate.model.families import fresh, pretraining_head
from replicate.model.heads import IGNORED, ClassifyHead
from replicate.model.language import LanguageHead, WritingHead
from replicate.model.public import PublicDecoder, PublicWriter
from replicate.model.ragged import Ragged
from replicate.recipes.load import recipe
from replicate.recipes.recipe import Shape
from replicate.train.left_to_right import next_token

LAYOUTS = ("packed", "padded", "masked")
ROWS = [[0, 7, 8, 9, 2], [0, 5, 2], [0, 30, 31, 32, 33, 34, 2], [0, 40, 2]]
BATCH = Ragged.of(ROWS)
TEXTS = [[0, 11, 12], [0], [0, 13, 14, 15, 16], [0, 17]]
SHAPE = Shape(hidden=16, layers=2, heads=2, ffn=32, positions=30, dropout=0.0, attention_dropout=0.0)
BOTH = SHAPE.model_copy(update={"decoder_layers": 2})

DECODERS = {
    "xglm": lambda: XGLMModel(
        XGLMConfig(vocab_size=50, d_model=16, num_layers=2, attention_heads=2, ffn_dim=32, dropout=0.0)
    ),
    "bloom": lambda: BloomModel(BloomConfig(vocab_size=50, hidden_size=16, n_layer=2, n_head=2)),
    "qwen": lambda: Qwen2Model(
        Qwen2Config(
            vocab_size=50,
            hidden_size=16,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            intermediate_size=32,
        )
    ),
}
SMALL = {"vocab_size": 50, "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}


def alone(model, rows, **more):
    """Last states of each row computed by itself, end to end."""
    return torch.cat([model(input_ids=torch.tensor([row]), **more).last_hidden_state[0] for row in rows])


def gradient(module):
    return torch.cat([p.grad.flatten() for _, p in sorted(module.named_parameters()) if p.grad is not None])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_our_decoder_is_xlm_r_with_a_causal_mask(layout):
    torch.manual_seed(0)
    config = {
        "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 32, "max_position_embeddings": 32, "type_vocab_size": 1, "pad_token_id": 1,
    }  # fmt: skip
    stock = XLMRobertaForCausalLM(XLMRobertaConfig(**config, is_decoder=True)).double().eval()
    decoder = Decoder(XLMRobertaConfig(**config), layout).double().eval()
    decoder.xlmr.load_state_dict(stock.roberta.state_dict())
    wanted, found = alone(stock.roberta, ROWS, use_cache=False), decoder(BATCH)
    assert (wanted - found).abs().max() < 1e-12
    weighing = torch.randn(found.shape, dtype=torch.double)
    (wanted * weighing).sum().backward()
    (found * weighing).sum().backward()
    assert (gradient(stock.roberta) - gradient(decoder.xlmr)).abs().max() < 1e-11


@pytest.mark.parametrize("layout", LAYOUTS)
def test_our_encoder_decoder_is_xlm_r_twice_with_cross_attention(layout):
    model = fresh("encoder-decoder", BOTH, 50, 0).double().eval()
    model.layout = layout
    config = model.decoder.config
    config._attn_implementation = "eager"
    stock = XLMRobertaModel(config, add_pooling_layer=False).double().eval()
    stock.encoder.load_state_dict(model.decoder.state_dict())
    stock.embeddings.load_state_dict(model.encoder.xlmr.embeddings.state_dict())
    hidden = model(BATCH)
    read = hidden.split(BATCH.lengths.tolist())
    with torch.no_grad():
        wanted = torch.cat(
            [
                stock(input_ids=torch.tensor([text]), encoder_hidden_states=seen[None], use_cache=False)[0][0]
                for text, seen in zip(TEXTS, read, strict=True)
            ]
        )
    config._attn_implementation = "ragged"
    assert (model.write(hidden, BATCH, Ragged.of(TEXTS)) - wanted).abs().max() < 1e-12
    first = torch.stack([text[0] for text in wanted.split([len(text) for text in TEXTS])])
    assert (model.rows(hidden, BATCH) - first).abs().max() < 1e-12


@pytest.mark.parametrize("name", DECODERS)
def test_public_decoders_give_flat_states_of_each_row_alone(name):
    torch.manual_seed(0)
    stock = DECODERS[name]().eval()
    stock = (
        stock if name == "xglm" else stock.double()
    )  # transformers' XGLM masks with a number that fits fp32 only
    model = PublicDecoder(stock)
    wanted = alone(stock, ROWS, use_cache=False)
    weighing = torch.randn(wanted.shape, dtype=wanted.dtype)
    (wanted * weighing).sum().backward()
    expected = gradient(stock)
    stock.zero_grad()
    found = model(BATCH)
    (found * weighing).sum().backward()
    assert (wanted - found).abs().max() < 1e-5
    assert (gradient(stock) - expected).abs().max() < 1e-5 * max(1, expected.abs().max())
    layers = stock(input_ids=torch.tensor([ROWS[2]]), output_hidden_states=True).hidden_states
    at = slice(*BATCH.offsets[2:4].tolist())
    assert all((model(BATCH, layer)[at] - layers[layer][0]).abs().max() < 1e-5 for layer in range(3))


@pytest.mark.parametrize("name", ["ours", *DECODERS])
def test_a_later_token_changes_no_earlier_state_and_the_last_stands_for_the_row(name):
    torch.manual_seed(0)
    model = (
        fresh("decoder", SHAPE, 50, 0).eval() if name == "ours" else PublicDecoder(DECODERS[name]().eval())
    )
    other = Ragged.of([[0, 7, 8, 21, 2], *ROWS[1:]])
    one, two = model(BATCH), model(other)
    assert torch.allclose(one[:3], two[:3], atol=1e-6) and not torch.allclose(one[3:5], two[3:5], atol=1e-3)
    assert torch.allclose(one[5:], two[5:], atol=1e-6), "rows see each other"
    assert torch.equal(model.rows(one, BATCH), one[[4, 7, 14, 17]])
    head = ClassifyHead(16, 3, rows=model.rows)
    assert not torch.allclose(head.eval()(one, BATCH)[0], head(two, other)[0], atol=1e-5)


@pytest.mark.parametrize("family", ["t5", "mt5"])
def test_public_encoder_decoders_give_states_and_losses_of_transformers(family):
    torch.manual_seed(0)
    if family == "t5":
        whole = T5ForConditionalGeneration(T5Config(**SMALL, dropout_rate=0.0, decoder_start_token_id=0))
        base = T5Model(whole.config)
    else:
        whole = MT5ForConditionalGeneration(MT5Config(**SMALL, dropout_rate=0.0))
        base = MT5Model(whole.config)
    whole = whole.double().eval()
    base.shared, base.encoder, base.decoder = whole.shared, whole.encoder, whole.decoder
    model = PublicWriter(base)
    hidden = model(BATCH)
    assert (hidden - alone(whole.encoder, ROWS)).abs().max() < 1e-5
    labels = torch.full((4, 5), IGNORED)
    for place, text in enumerate(TEXTS):
        labels[place, : len(text)] = torch.tensor(text)
    total, units = WritingHead(model).loss(hidden, BATCH, labels)
    wanted = sum(
        whole(input_ids=torch.tensor([row]), labels=torch.tensor([text])).loss * len(text)
        for row, text in zip(ROWS, TEXTS, strict=True)
    )
    assert units == 11 and abs(float(total - wanted)) < 1e-5
    start = torch.tensor([[model.start]])
    states = [
        whole.decoder(input_ids=start, encoder_hidden_states=read[None]).last_hidden_state[0, 0]
        for read in hidden.split(BATCH.lengths.tolist())
    ]
    assert (model.rows(hidden, BATCH) - torch.stack(states)).abs().max() < 1e-5


@pytest.mark.parametrize("name", [*DECODERS, "mt5", "ours", "ours-twice"])
def test_saved_models_come_back(name, tmp_path):
    torch.manual_seed(0)
    if name in DECODERS:
        model = PublicDecoder(DECODERS[name]())
    elif name == "mt5":
        model = PublicWriter(MT5Model(MT5Config(**SMALL)))
    else:
        model = fresh(
            "decoder" if name == "ours" else "encoder-decoder", SHAPE if name == "ours" else BOTH, 50, 0
        )
    head = pretraining_head(model)
    weights.save(tmp_path, model, {"text": head})
    again = weights.load(tmp_path).eval()
    model.eval()
    one, two = model(BATCH), again(BATCH)
    assert torch.equal(one, two) and torch.equal(model.rows(one, BATCH), again.rows(two, BATCH))
    assert weights.load_head(tmp_path, "text") == {}, "the words are tied to the embeddings"
    assert all(parameter.requires_grad for parameter in again.parameters())


def test_a_checkpoint_with_an_output_matrix_of_its_own_keeps_it(tmp_path):
    """transformers 5.23 ties mT5's matrix to the embeddings while it loads; what it scores then is not mT5."""
    whole = MT5ForConditionalGeneration(MT5Config(**SMALL)).eval()
    own = torch.randn(50, 16)
    tensors = {name: tensor.contiguous() for name, tensor in whole.state_dict().items()}
    tensors = {name: tensor for name, tensor in tensors.items() if "embed_tokens" not in name} | {
        "lm_head.weight": own
    }
    whole.config.save_pretrained(tmp_path)
    save_file(
        {name: tensor.clone() for name, tensor in tensors.items()},
        tmp_path / "model.safetensors",
        {"format": "pt"},
    )
    model, head = weights.from_hub(str(tmp_path), "main", "encoder-decoder")
    assert torch.equal(head.words.own, own)
    assert torch.equal(model.word_embeddings.weight, whole.shared.weight)
    hidden = model.eval()(BATCH)
    assert torch.allclose(hidden, alone(whole.encoder, ROWS), atol=1e-5)
    assert torch.allclose(head(hidden, BATCH), model.rows(hidden, BATCH) @ own.T, atol=1e-5)


def test_a_public_decoder_comes_with_its_head(tmp_path):
    torch.manual_seed(0)
    whole = XGLMForCausalLM(DECODERS["xglm"]().config).eval()
    whole.save_pretrained(tmp_path)
    model, head = weights.from_hub(str(tmp_path), "main", "decoder")
    wanted = torch.stack([whole(input_ids=torch.tensor([row])).logits[0, -1] for row in ROWS])
    assert torch.allclose(head.next(model.eval()(BATCH), BATCH), wanted, atol=1e-5)


def test_a_checkpoint_that_lacks_weights_is_refused(tmp_path):
    whole = XGLMForCausalLM(DECODERS["xglm"]().config)
    whole.save_pretrained(tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    save_file(
        {n: t for n, t in tensors.items() if "layers.1.fc1" not in n},
        tmp_path / "model.safetensors",
        {"format": "pt"},
    )
    with pytest.raises(InputError, match="lacks 2 weights of XGLMForCausalLM"):
        weights.from_hub(str(tmp_path), "main", "decoder")


def test_the_next_token_is_what_the_head_was_trained_on():
    model = fresh("decoder", SHAPE, 50, 0)
    head = LanguageHead(model.word_embeddings)
    hidden = model.eval()(BATCH)
    batch, labels = next_token(BATCH, generator("none"))
    assert labels.tolist()[:8] == [7, 8, 9, 2, IGNORED, 5, 2, IGNORED]
    total, units = head.loss(hidden, batch, labels)
    scores = head(hidden, BATCH).log_softmax(-1)
    wanted = -sum(scores[place, label] for place, label in enumerate(labels.tolist()) if label != IGNORED)
    assert units == 14 and torch.allclose(total, wanted, atol=1e-4)
    assert torch.equal(head.next(hidden, BATCH), head(hidden, BATCH)[BATCH.offsets[1:] - 1])


def test_the_miniature_families_have_as_many_parameters():
    counts = []
    for name in ("miniature", "miniature-decoder", "miniature-encoder-decoder"):
        told = recipe(name)
        more = told.pretraining.spans.sentinels if told.pretraining.spans else 0
        model = fresh(told.model.family, told.model.shape, 760 + more, 0)
        counts.append(sum(parameter.numel() for parameter in model.parameters()))
    assert counts[0] == counts[1] == 257_088 and abs(counts[2] / counts[0] - 1) < 0.05


@pytest.mark.parametrize("spoiled", ["weights", "bias", "scale", "bart"])
def test_checkpoints_that_would_be_misread_are_refused(tmp_path, spoiled):
    """An encoder without some weights; scores that are not states times a matrix; blocks of another kind."""
    size = {"vocab_size": 60, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    made, family, told = {
        "weights": (
            lambda: XLMRobertaForMaskedLM(XLMRobertaConfig(**size, intermediate_size=32)),
            "encoder",
            "lacks 1 weights of XLMRobertaForMaskedLM",
        ),
        "bias": (
            lambda: CodeGenForCausalLM(
                CodeGenConfig(vocab_size=60, n_embd=64, n_layer=1, n_head=4, rotary_dim=4, n_positions=32)
            ),
            "decoder",
            "CodeGenForCausalLM scores words with more than one matrix",
        ),
        "scale": (
            lambda: GraniteForCausalLM(
                GraniteConfig(**size, intermediate_size=32, num_key_value_heads=2, logits_scaling=8.0)
            ),
            "decoder",
            "GraniteForCausalLM scores words with more than one matrix",
        ),
        "bart": (
            lambda: BartForConditionalGeneration(
                BartConfig(
                    vocab_size=60,
                    d_model=16,
                    encoder_layers=1,
                    decoder_layers=1,
                    encoder_attention_heads=2,
                    decoder_attention_heads=2,
                    encoder_ffn_dim=16,
                    decoder_ffn_dim=16,
                )
            ),
            "encoder-decoder",
            "is a bart",
        ),
    }[spoiled]
    whole = made()
    if spoiled == "bias":
        torch.nn.init.normal_(whole.lm_head.bias)
    whole.save_pretrained(tmp_path)
    if spoiled == "weights":
        path = tmp_path / "model.safetensors"
        tensors = load_file(path)
        name = next(name for name in tensors if "layer.1.intermediate.dense.weight" in name)
        save_file({n: t for n, t in tensors.items() if n != name}, path, {"format": "pt"})
    with pytest.raises(InputError, match=told):
        weights.from_hub(str(tmp_path), "main", family)

"""Public checkpoints with the head that they were pretrained with, at a pinned revision.

What transformers says while it loads is read: a weight of the model that the checkpoint lacks would be random, and a
study would train on noise without any error. Causal models that score words in another way than by one matrix (a bias
as CodeGen has, scores that are scaled or capped as in Granite and Gemma 2) are found by their scores, and refused.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from safetensors import safe_open
from torch import Tensor, nn

from analysis.errors import InputError, Problem
from replicate.model.backbone import Backbone
from replicate.model.encoder import Encoder
from replicate.model.heads import MaskedHead
from replicate.model.language import LanguageHead, WritingHead
from replicate.model.public import PublicDecoder, PublicWriter
from replicate.model.ragged import Ragged
from replicate.recipes.recipe import Family

WRITERS: Final = ("t5", "mt5", "umt5")
"""Model types with relative positions, one table of words for both sides, and a decoder that starts with <pad>."""


def from_hub(model: str, revision: str, family: Family = "encoder") -> tuple[Backbone, nn.Module]:
    """Model and pretraining head of a public checkpoint.

    Raises
    ------
    InputError
        A checkpoint that lacks weights of the model, or one of another family.
    """
    return {"encoder": _encoder, "decoder": _decoder, "encoder-decoder": _writer}[family](model, revision)


def _encoder(model: str, revision: str) -> tuple[Backbone, nn.Module]:
    from transformers import XLMRobertaForMaskedLM

    public = _loaded(XLMRobertaForMaskedLM, model, revision)
    with torch.device("meta"):
        encoder = Encoder(public.config)
    encoder.load_state_dict({f"xlmr.{n}": t for n, t in public.roberta.state_dict().items()}, assign=True)
    encoder.rebuild()
    head = MaskedHead(encoder.word_embeddings, public.config.layer_norm_eps)
    head.dense.load_state_dict(public.lm_head.dense.state_dict())
    head.layer_norm.load_state_dict(public.lm_head.layer_norm.state_dict())
    head.bias.data.copy_(public.lm_head.bias.data)
    return encoder, head


def _decoder(model: str, revision: str) -> tuple[Backbone, nn.Module]:
    from transformers import AutoModelForCausalLM

    public = _loaded(AutoModelForCausalLM, model, revision)
    backbone = PublicDecoder(public.base_model)
    output = public.get_output_embeddings().weight
    own = None if output is backbone.word_embeddings.weight else output.data
    head = LanguageHead(backbone.word_embeddings, own)
    if not _same_scores(public.eval(), backbone, head):
        raise InputError(
            Problem(
                f"checkpoint {model}: {type(public).__name__} scores words with more than one matrix",
                "use a model whose scores are states times a matrix, as those of the XGLM, BLOOM and Qwen families",
            )
        )
    return backbone, head


@torch.no_grad()
def _same_scores(public: Any, backbone: Backbone, head: LanguageHead) -> bool:
    """Whether states and head give the scores of the library, on one short row."""
    row = torch.arange(6) + backbone.word_embeddings.num_embeddings // 2
    batch = Ragged.of([row.numpy()])
    wanted = public(input_ids=row[None], attention_mask=torch.ones_like(row)[None]).logits[0]
    found = head(backbone(batch), batch)
    return bool(torch.allclose(found, wanted, rtol=1e-3, atol=1e-3 * float(wanted.abs().max())))


def _writer(model: str, revision: str) -> tuple[Backbone, nn.Module]:
    from transformers import AutoModelForSeq2SeqLM

    public = _loaded(AutoModelForSeq2SeqLM, model, revision)
    if public.config.model_type not in WRITERS:
        raise InputError(
            Problem(
                f"checkpoint {model} is a {public.config.model_type}, which is not walked through here",
                f"use a model of type {', '.join(WRITERS)}",
            )
        )
    base = public.base_model
    if base is public:  # T5's generating class holds encoder and decoder itself
        from transformers import AutoModel

        with torch.device("meta"):
            base = AutoModel.from_config(public.config)
        base.shared, base.encoder, base.decoder = public.shared, public.encoder, public.decoder
    backbone = PublicWriter(base)
    own = output_matrix(model, revision)
    if own is not None and torch.equal(own, backbone.word_embeddings.weight):
        own = None
    return backbone, WritingHead(backbone, own)


def _loaded(kind: Any, model: str, revision: str) -> Any:
    """A model of transformers in single precision, whole."""
    try:
        public, report = kind.from_pretrained(
            model, revision=revision, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
    except OSError as error:
        raise InputError(
            Problem(
                f"checkpoint {model} at revision {revision} cannot be read: {str(error).splitlines()[0]}",
                "check the name and the network; only safetensors are read, never pickles: many repositories have"
                " them under refs/pr, which `model.revision` may name",
            )
        ) from None
    lacking = sorted({*map(str, report["missing_keys"]), *(str(one) for one in report["mismatched_keys"])})
    if lacking:
        raise InputError(
            Problem(
                f"checkpoint {model} lacks {len(lacking)} weights of {type(public).__name__}, e.g. {lacking[0]}",
                "check `model.hub` and `model.family` of the recipe: random weights would stand in their place",
            )
        )
    return public


def output_matrix(model: str, revision: str) -> Tensor | None:
    """(V, d) `lm_head.weight` as the checkpoint itself has it, or None where it has none.

    Read from the file and not from the loaded model, in which it may be tied away.
    """
    from transformers.utils import cached_file
    from transformers.utils.hub import get_checkpoint_shard_files

    name = "lm_head.weight"
    single = cached_file(
        model, "model.safetensors", revision=revision, _raise_exceptions_for_missing_entries=False
    )
    if single is not None:
        paths = [single]
    else:
        index = cached_file(
            model,
            "model.safetensors.index.json",
            revision=revision,
            _raise_exceptions_for_missing_entries=False,
        )
        if index is None:
            raise InputError(
                Problem(
                    f"checkpoint {model} has no safetensors file at revision {revision}, so whether it has an output"
                    " matrix of its own cannot be read",
                    "name a revision with safetensors (many repositories have one under refs/pr)",
                )
            )
        paths, _ = get_checkpoint_shard_files(model, index, revision=revision)
    for path in paths:
        with safe_open(path, "pt") as file:
            if name in file.keys():  # noqa: SIM118
                matrix: Tensor = file.get_tensor(name)
                return matrix.float()
    return None

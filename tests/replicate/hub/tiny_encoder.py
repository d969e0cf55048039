"""An XLM-R of two layers with its tokenizer, as a repository."""

from __future__ import annotations

from pathlib import Path

from replicate.data.pins import bundled

from .server import Repository


def tiny_encoder(folder: Path) -> Repository:
    """An XLM-R of two layers with its tokenizer, in the files that FacebookAI/xlm-roberta-large has."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaForMaskedLM

    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    words = ["\u2581the", "\u2581mill", "\u2581of", "\u2581Ost", *"abcdefghijklmnopqrstuvwxyz", "\u2581"]
    tokenizer = Tokenizer(
        models.Unigram([(word, -float(i)) for i, word in enumerate([*specials, *words])], unk_id=3)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer.get_vocab()), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=40, type_vocab_size=1,
        pad_token_id=1, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    XLMRobertaForMaskedLM(config).save_pretrained(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    name = "FacebookAI/xlm-roberta-large"
    return Repository("model", name, {"main": files}, {"main": bundled()[f"models/{name}@main"]})

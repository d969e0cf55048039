"""Small made-up repositories with the schema and the quirks of the real ones; every sentence is invented.

Quirks kept: string labels, '' and -1 where there is no gold label, a trailing newline (Tatoeba), language as id
prefix with all languages in one configuration (TyDiQA), a loading script on main with Parquet at
refs/convert/parquet (Cosmos QA, SciTail), nested lists in one JSON row behind a script (BUCC pools), three rounds as
splits (ANLI), no sentence_breaks (XQuAD-R), label names in the card.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from replicate.data import languages as lists
from replicate.data.languages import spell
from replicate.data.pins import bundled

from .server import Repository

NLI = {"label": ["entailment", "neutral", "contradiction"]}
POS = [
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
]  # fmt: skip
NER = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
BUCC_COMMIT = "d51519689f32196a32af33b075a01d0e7c51e252"
Rows = Sequence[Mapping[str, Any]]


def parquet(rows: Rows) -> bytes:
    body = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), body)
    return body.getvalue()


def _dtype(value: Any) -> Any:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    return "string"


def _feature(name: str, value: Any, names: Mapping[str, list[str]]) -> dict[str, Any]:
    label = {"class_label": {"names": {str(i): text for i, text in enumerate(names.get(name, ()))}}}
    if isinstance(value, dict):
        # As the cards write it: a sequence of fields loads as a struct of lists.
        return {
            "name": name,
            "sequence": [{"name": key, "dtype": _dtype(inner[0])} for key, inner in value.items()],
        }
    if isinstance(value, list):
        return {"name": name, "sequence": label if name in names else _dtype(value[0])}
    return {"name": name, "dtype": label if name in names else _dtype(value)}


def hosted(
    repo: str, configs: Mapping[str, Mapping[str, Rows]], names: Mapping[str, list[str]] | None = None
) -> Repository:
    """A converted repository: Parquet per split on main, with configurations and features in the card."""
    files: dict[str, bytes] = {}
    card: dict[str, list[dict[str, Any]]] = {"configs": [], "dataset_info": []}
    for config, splits in configs.items():
        of_config = {key.removeprefix(f"{config}:"): value for key, value in (names or {}).items()}
        first = next(iter(splits.values()))
        card["configs"].append(
            {
                "config_name": config,
                "data_files": [{"split": split, "path": f"{config}/{split}-*"} for split in splits],
            }
        )
        card["dataset_info"].append(
            {
                "config_name": config,
                "features": [_feature(key, value, of_config) for key, value in first[0].items()],
                "splits": [
                    {"name": split, "num_bytes": 1, "num_examples": len(rows)}
                    for split, rows in splits.items()
                ],
            }
        )
        for split, rows in splits.items():
            files[f"{config}/{split}-00000-of-00001.parquet"] = parquet(rows)
    files["README.md"] = b"---\n" + yaml.safe_dump(card, allow_unicode=True).encode() + b"---\nmade up\n"
    known = bundled().get(f"datasets/{repo}@main")
    return Repository("dataset", repo, {"main": files}, {"main": known} if known else {})


def scripted(
    repo: str, config: str, splits: Mapping[str, Rows], main: Mapping[str, bytes] | None = None
) -> Repository:
    """A repository that is still a loading script; Parquet at refs/convert/parquet."""
    script = f"{repo.split('/')[1]}.py"
    converted = {f"{config}/{split}/0000.parquet": parquet(rows) for split, rows in splits.items()}
    return Repository(
        "dataset",
        repo,
        {"main": {script: b"raise SystemExit\n"}, "refs/convert/parquet": converted},
    )


def _nli(n: int, label: int | None = None) -> Rows:
    return [
        {
            "premise": f"Pim has {i} pears.",
            "hypothesis": "Pim has fruit.",
            "label": i % 3 if label is None else label,
        }
        for i in range(n)
    ]


def _squad(n: int, *, title: bool = True, empty: bool = False, prefix: str = "q") -> Rows:
    rows = []
    for i in range(n):
        context = f"In the year {1700 + i} the mill of Ost was built by Ada Bel."
        gone = empty and i % 2 == 1
        row: dict[str, Any] = {
            "id": f"{prefix}{i}",
            "title": "Ost",
            "context": context,
            "question": " Who built it?",
        }
        row["answers"] = {
            "text": [] if gone else ["Ada Bel"],
            "answer_start": [] if gone else [context.index("Ada")],
        }
        rows.append({key: value for key, value in row.items() if title or key != "title"})
    return rows


def _copa(n: int, label: int | None = None, **more: Any) -> Rows:
    return [
        {
            "premise": "The lamp went out.",
            "choice1": "The oil was used up.",
            "choice2": "The moon rose.",
            "question": ("cause", "effect")[i % 2],
            "idx": i,
            "label": i % 2 if label is None else label,
            **more,
        }
        for i in range(n)
    ]


def repositories() -> dict[tuple[str, str], Repository]:
    """All repositories that the tasks name, by (kind, name)."""
    glue_mnli = {
        "train": _nli(6),
        "validation_matched": _nli(3),
        "test_matched": _nli(2, -1),
    }
    qqp = [
        {"question1": "Is it far?", "question2": "Is it a long way?", "label": i % 2, "idx": i}
        for i in range(4)
    ]
    anli = [{"uid": f"u{i}", **row, "reason": ""} for i, row in enumerate(_nli(3))]
    hella = [
        {
            "ind": 7,
            "activity_label": "Baking",
            "ctx_a": "She opens the oven.",
            "ctx_b": "she",
            "ctx": "She opens the oven. she",
            "endings": ["sings.", "takes the bread out.", "flies.", "is a shoe."],
            "source_id": "x",
            "split": "train",
            "split_type": "indomain",
            "label": label,
        }
        for label in ("1", "0", "3")
    ]
    cosmos = [
        {"id": f"c{i}", "context": "We ran home.", "question": "Why?", "answer0": "Rain.", "answer1": "Tea.",
         "answer2": "Fun.", "answer3": "None of the above choices .", "label": i % 4}
        for i in range(4)
    ]  # fmt: skip
    csqa = [
        {
            "id": f"s{i}",
            "question": "Where is a boat kept?",
            "question_concept": "boat",
            "choices": {"label": list("ABCDE"), "text": ["shed", "moon", "cup", "tree", "cloud"]},
            "answerKey": key,
        }
        for i, key in enumerate("AEC")
    ]
    siqa = [
        {
            "context": "Kim sat.",
            "question": "Why?",
            "answerA": "tired",
            "answerB": "green",
            "answerC": "loud",
            "label": x,
        }
        for x in ("1", "3", "2")
    ]
    scitail = [
        {"premise": "Salt melts ice.", "hypothesis": "Ice can melt.", "label": x}
        for x in ("entails", "neutral")
    ]
    boolq = [{"question": "is it so", "passage": "It is so.", "idx": i, "label": i % 2} for i in range(3)]
    pubmed = [
        {
            "pubid": i,
            "question": "Does it heal?",
            "context": {"contexts": ["It heals.", "Slowly."], "labels": ["A", "B"], "meshes": ["M"]},
            "long_answer": "It does.",
            "final_decision": decision,
        }
        for i, decision in enumerate(("yes", "no", "maybe"))
    ]
    paws = [{"id": i, "sentence1": "A to B.", "sentence2": "B to A.", "label": i % 2} for i in range(4)]
    xtreme: dict[str, dict[str, Rows]] = {}
    for code in lists.UDPOS:
        rows = [{"tokens": ["It", "rains", "."], "pos_tags": [10, 15, 12]}]
        xtreme[spell("udpos.{ud}", code)] = {"train": rows * 3, "validation": rows * 2, "test": rows * 2}
    for code in lists.PANX:
        rows = [{"tokens": ["Ada", "Bel", "sings"], "ner_tags": [1, 2, 0], "langs": [code] * 3}]
        xtreme[f"PAN-X.{code}"] = {"train": rows * 3, "validation": rows * 2, "test": rows}
    for code in lists.MLQA:
        xtreme[f"MLQA.{code}.{code}"] = {"validation": _squad(2, prefix=code), "test": _squad(3, prefix=code)}
    # All languages in one configuration; the id says which.
    tydi = [row for code in lists.TYDIQA for row in _squad(2, prefix=spell("{tydiqa}-77-", code))]
    xtreme["tydiqa"] = {"train": tydi, "validation": tydi}
    for code in lists.TATOEBA:
        xtreme[spell("tatoeba.{iso3}", code)] = {
            "validation": [
                {
                    "source_sentence": f"frase {i}\n",
                    "target_sentence": f"sentence {i}\n",
                    "source_lang": spell("{iso3}", code),
                    "target_lang": "eng",
                }
                for i in range(3)
            ]
        }
    bucc = {
        f"{code}-en/test.json.gz": gzip.compress(
            json.dumps(
                {
                    "sentence1": ["eins\n", "zwei\n", "drei\n"],
                    "sentence2": ["two\n", "six\n"],
                    "gold": [[2, 1]],
                }
            ).encode(),
            mtime=0,
        )
        for code in lists.BUCC
    }
    script_free = [
        hosted(
            "nyu-mll/glue",
            {"mnli": glue_mnli, "qqp": {"train": qqp, "validation": qqp[:2]}},
            {"mnli:label": NLI["label"], "qqp:label": ["not_duplicate", "duplicate"]},
        ),
        hosted(
            "stanfordnlp/snli",
            {"plain_text": {"train": [*_nli(3), *_nli(2, -1)], "validation": _nli(2)}},
            NLI,
        ),
        hosted(
            "facebook/anli",
            {
                "plain_text": {
                    f"{split}_{part}": anli[: number + 1]
                    for number, part in enumerate(("r1", "r2", "r3"))
                    for split in ("train", "dev", "test")
                }
            },
            NLI,
        ),
        hosted("rajpurkar/squad", {"plain_text": {"train": _squad(4), "validation": _squad(2)}}),
        hosted(
            "rajpurkar/squad_v2",
            {"squad_v2": {"train": _squad(4, empty=True), "validation": _squad(2, empty=True)}},
        ),
        hosted(
            "Rowan/hellaswag",
            {
                "default": {
                    "train": hella,
                    "validation": hella,
                    "test": [{**row, "label": ""} for row in hella],
                }
            },
        ),
        hosted(
            "tau/commonsense_qa",
            {
                "default": {
                    "train": csqa,
                    "validation": csqa,
                    "test": [{**row, "answerKey": ""} for row in csqa],
                }
            },
        ),
        hosted("lighteval/siqa", {"default": {"train": siqa, "validation": siqa}}),
        hosted("qiaojin/PubMedQA", {"pqa_labeled": {"train": pubmed}}),
        hosted(
            "facebook/xnli",
            {code: {s: _nli(3) for s in ("train", "validation", "test")} for code in lists.XNLI},
            NLI,
        ),
        hosted(
            "google-research-datasets/paws-x",
            {code: {"train": paws, "validation": paws, "test": paws} for code in lists.PAWSX},
            {"label": ["0", "1"]},
        ),
        hosted("google/xtreme", xtreme, {"pos_tags": POS, "ner_tags": NER}),
        hosted(
            "unimelb-nlp/wikiann",
            {code: {"validation": _wikiann(code), "test": _wikiann(code)} for code in (*lists.PANX_R,)},
            {"ner_tags": NER},
        ),
        hosted(
            "google/xquad",
            {f"xquad.{code}": {"validation": _squad(2, title=False, prefix=code)} for code in lists.XQUAD_R},
        ),
        hosted("google-research-datasets/xquad_r", {code: {"validation": _squad(2)} for code in lists.XQUAD}),
        hosted(
            "cambridgeltl/xcopa",
            {
                code: {"validation": _copa(2, changed=False), "test": _copa(4, changed=False)}
                for code in lists.XCOPA
            },
        ),
        hosted(
            "aps/super_glue",
            {
                "copa": {"train": _copa(4), "validation": _copa(2), "test": _copa(2, -1)},
                "boolq": {"train": boolq, "validation": boolq},
            },
            {"copa:label": ["choice1", "choice2"], "boolq:label": ["False", "True"]},
        ),
    ]
    with_script = [
        scripted("allenai/cosmos_qa", "default", {"train": cosmos, "validation": cosmos[:2]}),
        scripted("allenai/scitail", "tsv_format", {"train": scitail, "validation": scitail}),
        Repository(
            "dataset", "mteb/bucc-bitext-mining", {BUCC_COMMIT: {"bucc-bitext-mining.py": b"", **bucc}}
        ),
    ]
    return {(item.kind, item.name): item for item in (*script_free, *with_script)}


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


def _wikiann(code: str) -> Rows:
    words: Iterable[str] = ("Ada", "Bel", "sings")
    return [{"tokens": list(words), "ner_tags": [1, 2, 0], "langs": [code] * 3, "spans": ["PER: Ada Bel"]}]

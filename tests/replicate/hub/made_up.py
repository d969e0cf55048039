"""Small made-up repositories with the schema and the quirks of the real ones; every sentence is invented.

Quirks kept: string labels, '' and -1 where there is no gold label, a trailing newline (Tatoeba), language as id
prefix with all languages in one configuration (TyDiQA), a loading script on main with Parquet at
refs/convert/parquet (Cosmos QA, SciTail, ContractNLI), nested lists in one JSON row behind a script (BUCC pools),
three rounds as splits (ANLI), no sentence_breaks (XQuAD-R), label names in the card.
"""

from __future__ import annotations

import gzip
import json

from replicate.data import languages as lists
from replicate.data.languages import spell

from .hosting import Rows, hosted, scripted
from .rows import copa, function, nli, squad, wikiann
from .server import Repository

NLI = {"label": ["entailment", "neutral", "contradiction"]}
POS = [
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
]  # fmt: skip
NER = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
BUCC_COMMIT = "d51519689f32196a32af33b075a01d0e7c51e252"


def repositories() -> dict[tuple[str, str], Repository]:
    """All repositories that the tasks name, by (kind, name)."""
    glue_mnli = {
        "train": nli(6),
        "validation_matched": nli(3),
        "test_matched": nli(2, -1),
    }
    qqp = [
        {"question1": "Is it far?", "question2": "Is it a long way?", "label": i % 2, "idx": i}
        for i in range(4)
    ]
    anli = [{"uid": f"u{i}", **row, "reason": ""} for i, row in enumerate(nli(3))]
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
    judged = [{"sentence": f"A fine mill {i} .", "label": i % 3} for i in range(3)]
    sst2 = [{**row, "label": i % 2, "idx": i} for i, row in enumerate(judged)]
    contracts = [dict(row) for row in nli(3)]
    whole = [
        {
            "task_id": i,
            "text": "Write a function to add one.",
            "code": f"def more(x):\r\n  return x + {i}",
            "test_list": [f"assert more(1) == {1 + i}"],
            "test_setup_code": "",
        }
        for i in (1, 2)
    ]
    holding = [
        {
            "context": "See the mill case (<HOLDING>).",
            "endings": [f"holding {x}" for x in "abcde"],
            "label": i,
        }
        for i in (4, 0)
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
        xtreme[f"MLQA.{code}.{code}"] = {"validation": squad(2, prefix=code), "test": squad(3, prefix=code)}
    # All languages in one configuration; the id says which.
    tydi = [row for code in lists.TYDIQA for row in squad(2, prefix=spell("{tydiqa}-77-", code))]
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
            {
                "mnli": glue_mnli,
                "qqp": {"train": qqp, "validation": qqp[:2]},
                "sst2": {"train": sst2, "validation": sst2, "test": [{**row, "label": -1} for row in sst2]},
            },
            {
                "mnli:label": NLI["label"],
                "qqp:label": ["not_duplicate", "duplicate"],
                "sst2:label": ["negative", "positive"],
            },
        ),
        hosted(
            "stanfordnlp/snli",
            {"plain_text": {"train": [*nli(3), *nli(2, -1)], "validation": nli(2)}},
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
        hosted("rajpurkar/squad", {"plain_text": {"train": squad(4), "validation": squad(2)}}),
        hosted(
            "rajpurkar/squad_v2",
            {"squad_v2": {"train": squad(4, empty=True), "validation": squad(2, empty=True)}},
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
            {code: {s: nli(3) for s in ("train", "validation", "test")} for code in lists.XNLI},
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
            {code: {"validation": wikiann(code), "test": wikiann(code)} for code in (*lists.PANX_R,)},
            {"ner_tags": NER},
        ),
        hosted(
            "google/xquad",
            {f"xquad.{code}": {"validation": squad(2, title=False, prefix=code)} for code in lists.XQUAD_R},
        ),
        hosted("google-research-datasets/xquad_r", {code: {"validation": squad(2)} for code in lists.XQUAD}),
        hosted(
            "cambridgeltl/xcopa",
            {
                code: {"validation": copa(2, changed=False), "test": copa(4, changed=False)}
                for code in lists.XCOPA
            },
        ),
        hosted(
            "aps/super_glue",
            {
                "copa": {"train": copa(4), "validation": copa(2), "test": copa(2, -1)},
                "boolq": {"train": boolq, "validation": boolq},
            },
            {"copa:label": ["choice1", "choice2"], "boolq:label": ["False", "True"]},
        ),
        hosted(
            "AI-Secure/adv_glue",
            {
                "adv_mnli": {"validation": nli(3)},
                "adv_mnli_mismatched": {"validation": nli(3)},
                "adv_qqp": {"validation": qqp},
            },
            {f"adv_mnli{more}:label": NLI["label"] for more in ("", "_mismatched")},
        ),
        hosted(
            "atrost/financial_phrasebank",
            {"default": {"train": judged, "validation": judged, "test": judged}},
        ),
        hosted(
            "coastalcph/lex_glue",
            {"case_hold": {"train": holding, "validation": holding, "test": holding}},
            {"label": list("01234")},
        ),
        hosted("google-research-datasets/mbpp", {"full": {"train": whole, "validation": whole}}),
        hosted("openai/openai_humaneval", {"openai_humaneval": {"test": function("HumanEval/0")}}),
        hosted(
            "iNeil77/HumanEval-XL",
            {"python": {spell("{name}", code): function(f"{code}/0") for code in lists.HUMANEVAL_XL}},
        ),
    ]
    with_script = [
        scripted("allenai/cosmos_qa", "default", {"train": cosmos, "validation": cosmos[:2]}),
        scripted("allenai/scitail", "tsv_format", {"train": scitail, "validation": scitail}),
        scripted(
            "kiddothe2b/contract-nli",
            "contractnli_a",
            {"train": contracts, "validation": contracts, "test": contracts},
        ),
        Repository(
            "dataset", "mteb/bucc-bitext-mining", {BUCC_COMMIT: {"bucc-bitext-mining.py": b"", **bucc}}
        ),
    ]
    return {(item.kind, item.name): item for item in (*script_free, *with_script)}

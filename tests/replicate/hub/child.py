"""Run in a process of its own with HF_ENDPOINT set, because clients read it once, at import. Prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from analysis.errors import InputError
from replicate.data.hub import HubPlace
from replicate.data.pins import Pins
from replicate.tasks import TASKS


def main(request: dict[str, object]) -> dict[str, object]:
    place = HubPlace(Pins(Path(str(request["pins"]))))
    answers: dict[str, object] = {}
    for name, split, language in request["loads"]:  # type: ignore[attr-defined]
        key = f"{name}/{split}/{language}"
        try:
            found = TASKS[name].loaded(split, language, place)
        except InputError as error:
            answers[key] = {"error": str(error)}
        else:
            answers[key] = {
                "examples": [repr(row) for row in found.examples],
                "rows": found.rows,
                "digest": found.digest,
                "origins": found.origins,
            }
    if request["model"]:
        answers["model"] = model(str(request["model"]), place.pins)
    return answers


def model(name: str, pins: Pins) -> dict[str, object]:
    import torch
    from transformers import AutoTokenizer, XLMRobertaModel

    commit = pins.commit(name, "main", "model")
    tokenizer = AutoTokenizer.from_pretrained(name, revision=commit)
    encoder, report = XLMRobertaModel.from_pretrained(
        name, revision=commit, use_safetensors=True, add_pooling_layer=False, output_loading_info=True
    )
    batch = tokenizer("the mill of Ost", return_tensors="pt")
    with torch.no_grad():
        states = encoder(input_ids=batch["input_ids"]).last_hidden_state
    return {
        "commit": commit,
        "layers": encoder.config.num_hidden_layers,
        "missing": sorted(report["missing_keys"]),
        "pieces": tokenizer.convert_ids_to_tokens(batch["input_ids"][0]),
        "finite": bool(torch.isfinite(states).all()),
    }


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)

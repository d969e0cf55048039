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
    return answers


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)

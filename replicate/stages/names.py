"""Names in the results table: the published tables' names, so that a run and a print are the same cell."""

from __future__ import annotations

from typing import Final

PRINTED: Final = {
    "anli_plus": "anli-plus",
    "squad_v2": "squad2",
    "cosmos_qa": "cosmosqa",
    "commonsense_qa": "csqa",
    "paws_x": "pawsx",
}
"""Task -> its name in the evidence of the bundled study, where that differs."""


def printed(name: str, multi: int = 0) -> str:
    """Name of a task, of tasks joined by `+`, of phases joined by `>`, or of multi-task training over `multi` tasks.

    >>> printed("cosmos_qa"), printed("squad>anli_plus+qqp"), printed("multi", 9)
    ('cosmosqa', 'squad>anli-plus+qqp', 'multitask-9')
    """
    if ">" in name:
        return ">".join(printed(phase, multi) for phase in name.split(">"))
    if name == "multi":
        return f"multitask-{multi}"
    return "+".join(PRINTED.get(part, part) for part in name.split("+"))

"""What a model wrote after a prompt, made a program, cut where the function ends, run in the sandbox, and counted.

Cut as Chen et al. (2021, section 3.1) do: before the first line that begins a class, a function, a comment, a
condition or a print at the margin. A fence that ends a block of Markdown ends it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from analysis.errors import InputError, Problem
from replicate.examples import Code
from replicate.metrics.paired import paired
from replicate.metrics.pass_at_k import pass_at_k
from replicate.sandbox.limits import USUAL, Limits
from replicate.sandbox.run import run_all

STOPS: Final = ("\nclass", "\ndef", "\n#", "\nif", "\nprint", "\n```")
"""What ends a function; a generator may stop at the first of them."""
Judged: TypeAlias = Callable[[Sequence[str]], Sequence[bool]]
"""Different programs -> whether each passes."""
AT: Final = (1, 10, 100)
"""k of the reported pass@k, as far as there are so many samples."""


def truncated(completion: str) -> str:
    r"""The completion up to where the function ends.

    >>> truncated("    return 1\n\ndef other():\n    return 2")
    '    return 1\n'
    """
    ends = [at for stop in STOPS if (at := completion.find(stop)) >= 0]
    return completion[: min(ends)] if ends else completion


def program(example: Code, completion: str) -> str:
    """Source of prompt, function body, tests and the call that runs them.

    What a completion leaves open (a decorator, a line that goes on) ends at a `pass` of its own, or is an error: it
    may not take hold of the tests.
    """
    body = f"{example.prompt}{truncated(completion)}"
    return f"{body}\npass\n{example.tests}\ncheck({example.entry_point})\n"


def pass_rates(
    predictions: Sequence[Sequence[str]],
    examples: Sequence[Code],
    limits: Limits = USUAL,
    judged: Judged | None = None,
) -> dict[str, float]:
    """Pass@k in percent, the mean over problems, for every k of 1, 10, 100 that the samples allow.

    Parameters
    ----------
    judged
        Who says which programs pass; default: the sandbox, with `limits`.

    Raises
    ------
    InputError
        Where problems and samples do not line up, a problem has another number of samples than the first, or
        programs cannot be contained on this machine.
    """
    paired(predictions, examples, "samples")
    counts = {len(samples) for samples in predictions}
    if len(counts) != 1 or 0 in counts:
        raise InputError(
            Problem(
                f"problems have {', '.join(map(str, sorted(counts)))} samples",
                "draw as many for each problem",
            )
        )
    sources = [
        program(example, sample)
        for example, samples in zip(examples, predictions, strict=True)
        for sample in samples
    ]
    different = list(dict.fromkeys(sources))
    found = judged(different) if judged else [ended.passed for ended in run_all(different, limits)]
    passed = dict(zip(different, found, strict=True))
    (n,) = counts
    right = [sum(passed[source] for source in sources[i : i + n]) for i in range(0, len(sources), n)]
    return {f"pass@{k}": 100 * sum(pass_at_k(n, c, k) for c in right) / len(right) for k in AT if k <= n}

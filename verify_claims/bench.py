"""`verify-claims bench`: how fast this machine trains, as a table and as the throughput file that `plan` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError, Problem
from verify_claims.refusal import refuse

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

GB_PER_STAGE = 15
"""Weights, gradients and moments of XLM-R Large in fp32 (9 GB), activations and the CUDA context."""


@app.command(
    epilog="Example: `verify-claims bench gpu`, then `verify-claims plan --throughput out/throughput.yaml`"
)
def gpu(
    out: Annotated[Path, typer.Option(help="Folder for throughput.yaml and speed.md.")] = Path("out"),
    device: Annotated[str, typer.Option(help="cuda, or cuda:<number>.")] = "cuda",
    steps: Annotated[int, typer.Option(help="Timed steps per row.", min=5)] = 30,
) -> None:
    """Step times of XLM-R Large (random weights) on a CUDA device, beside their floors."""
    import torch

    try:
        if not torch.cuda.is_available():
            raise InputError(
                Problem(
                    f"torch {torch.__version__} sees no CUDA device, so there is nothing to measure",
                    "run `verify-claims bench gpu` on a machine with one (a driver, and a CUDA build of torch);"
                    " `verify-claims bench cpu` measures this processor",
                )
            )
        from replicate.recipes.recipe import Numerics
        from replicate.train.device import Device

        place = Device.of(device, Numerics(precision="bf16"))
        memory = torch.cuda.get_device_properties(place.torch).total_memory / 1e9
        counts = [n for n in (1, 2, 4, 8) if n * GB_PER_STAGE <= memory]
        _write(out, place.torch, "large", counts, steps, "verify-claims bench gpu")
    except InputError as error:
        refuse(error)


@app.command(epilog="Example: `verify-claims bench cpu --steps 5 --out out`")
def cpu(
    out: Annotated[Path, typer.Option(help="Folder for throughput.yaml and speed.md.")] = Path("out"),
    steps: Annotated[int, typer.Option(help="Timed steps per row.", min=5)] = 10,
) -> None:
    """Step times of a 4 x 256 encoder on one thread of this processor."""
    import torch

    torch.set_num_threads(1)
    try:
        _write(
            out,
            torch.device("cpu"),
            "small",
            [1],
            steps,
            "verify-claims bench cpu, 4 layers of 256, one thread",
        )
    except InputError as error:
        refuse(error)


@app.command(epilog="Example: `verify-claims bench records --runs runs`")
def records(
    runs: Annotated[Path, typer.Option(help="Folder of run records.")] = Path("runs"),
    whole: Annotated[
        float | None,
        typer.Option(help="Processor seconds of the whole command that made them (user + sys of `time`)."),
    ] = None,
) -> None:
    """Where the processor time of a run went: training and evaluating, or the rest; per kind of stage."""
    from replicate.ledger import Ledger
    from replicate.useful import markdown, spent

    try:
        found = Ledger(runs).records() if runs.is_dir() else []
        if not found:
            raise InputError(
                Problem(f"--runs {runs}: there are no run records", "run `verify-claims replicate`")
            )
        print(markdown(spent(found), whole), end="")
    except InputError as error:
        refuse(error)


def _write(out: Path, device: object, size: str, counts: list[int], steps: int, what: str) -> None:
    import torch

    from replicate.speed import measure, table
    from replicate.speed.paths import CUDA_ONLY, PATHS
    from replicate.speed.workloads import PUBLISHED

    assert isinstance(device, torch.device)
    on_gpu = device.type == "cuda"
    paths = [path for path in PATHS if on_gpu or path not in CUDA_ONLY]
    best, rows = measure.everything(
        PUBLISHED, measure.configuration(size), device, counts, paths, steps, 8192 if on_gpu else 1024
    )
    shown = table.markdown(best, rows)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "speed.md").write_text(shown, encoding="utf-8")
        (out / "throughput.yaml").write_text(table.throughput(best, rows, what), encoding="utf-8")
    except OSError as error:
        raise InputError(
            Problem(f"{out} cannot be written: {error.strerror}", "choose another --out")
        ) from None
    except ValueError as error:
        print(shown)
        raise InputError(Problem(str(error), "the reasons stand under the table")) from None
    print(shown)
    print(
        f"written: {out / 'speed.md'} and, for `verify-claims plan --throughput`, {out / 'throughput.yaml'}"
    )

"""What the numbers are computed on, and what of it can change their last bits."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Numerics


@dataclass(frozen=True)
class Device:
    """A device with the numerics of a recipe applied to it."""

    torch: torch.device
    numerics: Numerics

    @classmethod
    def of(cls, name: str, numerics: Numerics) -> Device:
        """Device by name ("auto", "cpu", "cuda", "cuda:1"); raises InputError where it is not there."""
        if name == "auto":
            name = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            device = torch.device(name)
        except RuntimeError:
            raise InputError(
                Problem(f"there is no device {name!r}", "use auto, cpu, cuda or cuda:<number>")
            ) from None
        if device.type == "cuda":
            found = torch.cuda.device_count()
            if (device.index or 0) >= found:
                raise InputError(
                    Problem(
                        f"--device {name}: torch sees {found} CUDA device(s)",
                        "use --device cpu, or install a driver and a CUDA build of torch",
                    )
                )
        elif device.type != "cpu":
            raise InputError(Problem(f"device {name!r} is not supported", "use auto, cpu or cuda"))
        return cls(device, numerics)

    def prepare(self) -> None:
        """Set torch's global switches: threads, denormals, determinism."""
        if self.numerics.threads and self.torch.type == "cpu":
            torch.set_num_threads(self.numerics.threads)
        # Adam's second moments of rarely used embeddings decay into denormals, which are 100 times slower.
        torch.set_flush_denormal(True)
        if self.numerics.deterministic:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            # The flash kernel reads this; CUDA_LAUNCH_BLOCKING, which the usual switch also sets, only costs time.
            os.environ.setdefault("FLASH_ATTENTION_DETERMINISTIC", "1")
            torch.use_deterministic_algorithms(True, warn_only=True)

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """bf16 where the recipe and the device allow it; master weights stay fp32."""
        if self.torch.type == "cuda" and self.numerics.precision == "bf16":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    def environment(self) -> dict[str, Any]:
        """What a run record says of the machine; equal environments give equal bits."""
        import transformers

        cuda = self.torch.type == "cuda"
        return {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "system": f"{platform.system()} {platform.machine()}",
            "device": torch.cuda.get_device_name(self.torch) if cuda else _processor(),
            "cpu_capability": torch.backends.cpu.get_cpu_capability(),
            "vendor": _told_of_processor("vendor_id"),
            "threads": torch.get_num_threads(),
            "precision": self.numerics.precision if cuda else "fp32",
        }


def _processor() -> str:
    return _told_of_processor("model name") or platform.processor() or platform.machine()


def _told_of_processor(what: str) -> str:
    """A line of Linux's description of the first processor; "" where there is none."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(what):
                    return line.split(":", 1)[1].strip()
    return ""

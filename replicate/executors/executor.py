"""What an executor is, and one attempt at a stage: all that a machine of a cluster has to run."""

from __future__ import annotations

import contextlib
import gc
import traceback
from dataclasses import dataclass
from typing import Literal, Protocol

from analysis.errors import InputError
from replicate.data.hub_errors import Unreachable
from replicate.ledger import Damaged
from replicate.progress import Reporter
from replicate.reservation import Busy
from replicate.shortage import shortage, told
from replicate.stages.execute import execute
from replicate.stages.outcome import Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.train.loop import Diverged


@dataclass(frozen=True)
class Ended:
    """How an attempt at a stage ended."""

    key: str
    state: Literal["done", "busy", "failed", "damaged"]
    cause: str = ""
    """busy: who works on it; failed: the message; damaged: the key of the record that is not whole."""
    hopeless: bool = False
    """Trying again would end the same: bad input, a loss that is not a number."""
    trace: str = ""
    refused: bool = False
    """Its input is at fault: data or settings, which only a person can mend."""


class Executor(Protocol):
    """Runs stages."""

    @property
    def capacity(self) -> int:
        """How many stages it can have at once."""

    def submit(self, stage: Stage) -> None:
        """Take a stage whose parents are finished."""

    def wait(self, seconds: float) -> list[Ended]:
        """Stages that have ended; at most `seconds` pass when there are none."""

    def close(self) -> None:
        """Give back what it holds; stages that run are killed, and go on from their checkpoint next time."""


def attempt(stage: Stage, setting: Setting, reporter: Reporter, parents: Parents | None = None) -> Ended:
    """Run one stage; never raises."""
    try:
        execute(stage, setting, reporter, parents)
        return Ended(stage.key, "done")
    except Busy as busy:
        return Ended(stage.key, "busy", str(busy))
    except Damaged as damaged:
        return Ended(stage.key, "damaged", damaged.key)
    except Unreachable as error:
        return Ended(stage.key, "failed", str(error))
    except (InputError, Diverged) as error:
        return Ended(stage.key, "failed", str(error), hopeless=True, refused=isinstance(error, InputError))
    except Exception as error:
        ended = _failed(stage, setting, error)
    _release()  # only now: the traceback of the exception held the tensors
    return ended


def _failed(stage: Stage, setting: Setting, error: Exception) -> Ended:
    what = shortage(error)
    if what is None:
        return Ended(stage.key, "failed", f"{type(error).__name__}: {error}", trace=traceback.format_exc())
    cause = told(what, error, setting.runs, setting.recipe.numerics.tokens_per_pass)
    return Ended(stage.key, "failed", cause, hopeless=what == "disk")


def _release() -> None:
    """Give back what the failed stage held, to its second attempt and to other processes of the card."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        with contextlib.suppress(RuntimeError):  # a card in error
            torch.cuda.empty_cache()

"""Turns what `datasets`, `huggingface_hub` and their HTTP client raise into one sentence each.

Those libraries raise a dozen types, often chained, whose texts speak of caches and tracebacks. A reader needs what
failed and what to do. Matching is by type where the type is public, by HTTP status otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from analysis.errors import InputError, Problem


class Unreachable(InputError):
    """The hub did not answer this time: nothing is wrong with what was asked, and asking again may do."""


@contextmanager
def hub_errors(what: str, obtain: str = "") -> Iterator[None]:
    """Raise `InputError` for any failure of the hub inside the block (`Unreachable` for those that may pass); other
    errors pass through.

    Parameters
    ----------
    obtain
        How to get the data where this repository lacks it; told instead of the general remedy.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        problem = explained(error, what, obtain)
        if problem is None:
            raise
        raise (Unreachable if problem.remedy in _AGAIN else InputError)(problem) from error


def explained(error: BaseException, what: str, obtain: str = "") -> Problem | None:
    """The problem behind an exception, or None where it is not the hub's."""
    chain = list(_chain(error))
    status = next((code for item in chain if (code := _status(item)) is not None), None)
    text = " ".join(str(item) for item in chain)
    kinds = {kind.__name__ for item in chain for kind in type(item).__mro__}
    for names, codes, words, problem in _RULES:
        if kinds & names or status in codes or any(word in text for word in words):
            seen = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
            remedy = obtain if obtain and names & _ABSENT else problem[1]
            return Problem(problem[0].format(what=what, seen=seen, status=status), remedy)
    if status is not None and status >= 500:
        return Problem(f"the hub failed for {what} ({status})", "try again later")
    return None


_AGAIN: Final = frozenset(
    {
        "wait a few minutes or set HF_TOKEN",
        "run the same command again; what is complete is kept",
        "check the network, or use a local data folder",
        "try again later",
    }
)
"""Remedies of failures that may pass."""
_ABSENT: Final = frozenset({"DataFilesNotFoundError"})
"""Marks the rule for a configuration, split or file that the repository does not have."""
_Rule: TypeAlias = tuple[frozenset[str], tuple[int, ...], tuple[str, ...], tuple[str, str]]
# Types by name, because the HTTP client under huggingface_hub has changed twice (requests, httpx, httpx2).
# The first rule that fits decides: causes that name their remedy come before those that only say "cut off".
_RULES: Final[tuple[_Rule, ...]] = (
    (
        frozenset({"GatedRepoError"}),
        (401, 403),
        (),
        ("the hub refuses {what}", "accept its terms on its page and set HF_TOKEN, or check the name"),
    ),
    (
        frozenset(),
        (429,),
        (),
        ("the hub has answered too many requests for {what} (429)", "wait a few minutes or set HF_TOKEN"),
    ),
    (
        frozenset({"RevisionNotFoundError"}),
        (),
        (),
        ("{what}: the hub has no such revision", "the pinned commit is gone; pin another one"),
    ),
    (
        frozenset({"OfflineModeIsEnabled", "LocalEntryNotFoundError"}),
        (),
        ("in offline mode", "HF_HUB_OFFLINE", "Couldn't find cache"),
        (
            "{what} is not in the cache and the hub is not asked",
            "run once with network, without HF_HUB_OFFLINE",
        ),
    ),
    (
        frozenset(),
        (),
        ("scripts are no longer supported",),
        ("{what} is a loading script, which datasets >= 4 refuses", "read refs/convert/parquet instead"),
    ),
    (
        frozenset({"RepositoryNotFoundError", "DatasetNotFoundError", "RemoteEntryNotFoundError"}),
        (404,),
        (),
        ("the hub has no {what}", "check repository, configuration and revision"),
    ),
    (
        frozenset({"DataFilesNotFoundError", "EmptyDatasetError"}),
        (),
        ("Unknown split", "BuilderConfig"),
        ("{what}: {seen}", "the repository has changed; pin an older commit"),
    ),
    (
        frozenset(
            {
                "RemoteProtocolError",
                "ReadError",
                "ConnectionResetError",
                "EOFError",
                "NonMatchingChecksumError",
            }
        ),
        (),
        ("Consistency check failed", "peer closed connection", "IncompleteRead"),
        ("the download of {what} was cut off", "run the same command again; what is complete is kept"),
    ),
    (
        frozenset({"ConnectError", "TimeoutException", "ConnectionError"}),
        (),
        (),
        ("the hub cannot be reached for {what}", "check the network, or use a local data folder"),
    ),
    (
        frozenset({"ArrowInvalid", "DatasetGenerationError", "JSONDecodeError"}),
        (),
        (),
        ("a file of {what} cannot be read: {seen}", "delete it from the cache and run again"),
    ),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    code = getattr(response, "status_code", None)
    return code if isinstance(code, int) else None

"""Entry point: picks the subcommand and imports only that one, so that `check` never pays for `replicate`.

Exit codes: 0 policy met, 1 a finding fails the policy, 2 usage or invalid file, 3 something could not be checked.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final, NoReturn

COMMANDS: Final[dict[str, str]] = {
    "check": "Decide the claims of a study.",
    "explain": "Show one claim in full, with what would settle it.",
    "why": "The same as explain.",
    "accept": "Accept findings for a reason and a time; tighten what is accepted.",
    "lint": "Show what in a study deserves a look although nothing fails.",
    "diff": "Show what changed between two results, revisions or source versions.",
    "numbers": "Account for every number that a document prints.",
    "fix": "Make documents, claims file and results agree.",
    "extract": "Read reports; print their mentions and proposed claims.",
    "audit": "Audit reports: counts, verdicts against confidence, independence.",
    "report": "Write the Markdown, PDF and HTML report of a study.",
    "analyse": "Statistics over a results table: seeds, pooled effects, diminishing returns, power.",
    "replicate": "Run a study: pretrain, intermediate, target, zero-shot evaluation.",
    "plan": "Show the stages of a study, what is done, GPU hours and disk.",
    "run": "Run one stage of a study by its key.",
    "bench": "Measure how fast this machine trains; write the throughput that plan reads.",
    "recipes": "List the training recipes side by side.",
    "schema": "Print the JSON Schema of the claims file.",
    "init": "Make a small working study for your own paper.",
}
"""Subcommand -> one-line summary. The module `verify_claims.<name>` holds `app`, a Typer application."""
ALIASES: Final = {"why": "explain"}
"""Second name -> the module's."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code; what the system refuses (a full disk) is told in one line."""
    _ready_streams()
    try:
        try:
            _dispatch(sys.argv[1:] if argv is None else argv)
        finally:
            sys.stdout.flush()
    except OSError as error:
        _give_up(error)
    except ModuleNotFoundError as error:
        extra = _extra_with(error.name)
        if extra is None:
            raise
        remedy = f"pip install 'verify-claims[{extra}]'"
        print(f"error: this needs {error.name}, which is not installed; {remedy}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def _dispatch(arguments: list[str]) -> None:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(overview())
        sys.exit(0 if arguments else 2)
    name = arguments[0]
    if name in ("-V", "--version"):
        from verify_claims import __version__

        print(f"verify-claims {__version__}")
        sys.exit(0)
    if name not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `verify-claims {near[0]}`?" if near else "see `verify-claims --help`"
        print(f"error: there is no command {name!r}; {hint}", file=sys.stderr)
        sys.exit(2)
    if name == "check":
        _check(arguments[1:])
    _run(name, arguments[1:])


def _extra_with(module: str | None) -> str | None:
    """The extra of this package that brings a module; None where none does. Read off the installed metadata."""
    import re
    from importlib.metadata import PackageNotFoundError, requires

    try:
        needs = requires("verify-claims") or ()
    except PackageNotFoundError:
        return None
    wanted = (module or "").partition(".")[0]
    for need in needs:
        found = re.match(r"([\w.-]+).*extra == ['\"](\w+)['\"]", need)
        if found and found[1].replace("-", "_").lower() == wanted.lower():
            return found[2]
    return None


def _give_up(error: OSError) -> NoReturn:
    """Leave with one line and code 2; silently where the reader of the output went away."""
    import errno
    import os

    # what is still in the buffer cannot be written either, and Python would try again at exit
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    if not isinstance(error, BrokenPipeError):
        place = f"{error.filename}: " if error.filename else ""
        what = error.strerror or type(error).__name__
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        remedy = (
            "make room, or choose another place for the output" if full else "check it and its permissions"
        )
        print(f"error: {place}{what}; {remedy}", file=sys.stderr)
    os._exit(2)


def _ready_streams() -> None:
    """Let output go nowhere where the caller closed a stream (`>&-`), and survive one that cannot show every sign."""
    import os

    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _check(arguments: list[str]) -> None:
    """Repeat the check if nothing has changed since it ran, else run it under record; leaves in both cases."""
    import time

    started = time.time_ns()
    from verify_claims.replay import replay

    code = replay(arguments)
    if code is not None:
        sys.exit(code)
    from verify_claims.recording import recording

    with recording(arguments, started):
        _run("check", arguments)


def _run(name: str, arguments: list[str]) -> None:
    app = import_module(f"verify_claims.{ALIASES.get(name, name)}").app
    app(args=arguments, prog_name=f"verify-claims {name}")


def overview() -> str:
    """Text of `verify-claims --help`."""
    width = max(map(len, COMMANDS))
    lines = [
        "Usage: verify-claims COMMAND [OPTIONS]",
        "",
        "Decide whether claimed numbers hold: in print, in arithmetic, in statistics and in a fresh run.",
        "",
        *(f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()),
        "",
        "Examples:",
        "  verify-claims check                     the study in this folder, else the bundled one",
        "  verify-claims check my-paper --json     one JSON object on stdout",
        "  verify-claims explain CLAIM             why a claim got its verdict",
        "",
        "`verify-claims COMMAND --help` tells more.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

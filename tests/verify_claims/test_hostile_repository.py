"""A pull request from a stranger: its files are read, never obeyed; what cannot be read is one sentence."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

SECRET = "TOKEN-7d1f0c"
CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
claims:
  - id: a.gain
    text: {text}
    scope: {{source: mine}}
    printed_in: [{{file: paper.md, text: "gains {{}} points"}}]
    assert:
      - {{name: gain, kind: gain, of: {{intermediate: squad}}, over: {{intermediate: none}}, equals: "1.3"}}
"""
TABLE = """\
source,target,metric,intermediate,value,status
mine,xnli,acc,none,80.1,measured
mine,xnli,acc,squad,81.4,measured
"""
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check", "."),
    ("check", ".", "--json"),
    ("check", ".", "--github"),
    ("explain", "a.gain", "."),
    ("fix", ".", "--dry-run"),
    ("numbers", "paper.md", "--all"),
)


def study(folder: Path, text: str = '"SQuAD gains 1.3 points."') -> Path:
    (folder / "evidence").mkdir(parents=True)
    (folder / "evidence" / "r.csv").write_text(TABLE)
    (folder / "claims.yaml").write_text(CLAIMS.format(text=text))
    (folder / "paper.md").write_text("SQuAD gains 1.3 points.\n")
    return folder


def run(folder: Path, *arguments: str, **more: str) -> tuple[int, str]:
    tool = Path(sys.executable).absolute().with_name("verify-claims")
    done = subprocess.run(
        [str(tool), *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, **more},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def outside(folder: Path) -> Path:
    """A file that a runner holds and a pull request must not show."""
    place = folder.parent / "runner"
    place.mkdir()
    secret = place / "secret.csv"
    secret.write_text(f"{SECRET}: {SECRET}\n{SECRET},{SECRET}\n")
    return secret


def in_claims(change: str) -> Callable[[Path, Path], None]:
    def plant(folder: Path, secret: Path) -> None:
        text = (folder / "claims.yaml").read_text()
        (folder / "claims.yaml").write_text(text.replace("claims:\n", change + "claims:\n", 1))
        (folder / "runs").mkdir()
        (folder / "runs" / "r.json").symlink_to(secret)
        (folder / "far").symlink_to(secret.parent)

    return plant


def link(name: str) -> Callable[[Path, Path], None]:
    def plant(folder: Path, secret: Path) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(secret)

    return plant


def broken_and_linked(folder: Path, secret: Path) -> None:
    (folder / "claims.yaml").write_text("schema: nonsense\n")
    link("evidence/r.csv")(folder, secret)


@pytest.mark.parametrize(
    "plant",
    [
        *map(link, ("claims.yaml", "sources.yaml", "baseline.yaml", "mentions.yaml", "analysis.yaml")),
        link("evidence/r.csv"), link("paper.md"), link("reports/report.txt"), broken_and_linked,
        in_claims("collect: [{path: runs/r.json, as: json, options: {values: [{at: /x}]}}]\n"),
        in_claims("collect: [{path: far/secret.csv, as: wandb}]\n"),
        in_claims("collect: [{path: ../runner/secret.csv, as: wandb}]\n"),
        in_claims("collect: [{path: '*/secret.csv', as: wandb}]\n"),
        in_claims("evidence: [evidence, far]\n"), in_claims("evidence: [/etc/passwd]\n"),
        in_claims("evidence: [evidence, ../runner/secret.csv]\n"),
    ],
)  # fmt: skip
def test_no_link_and_no_path_shows_a_file_of_the_runner(
    tmp_path: Path, plant: Callable[[Path, Path], None]
) -> None:
    folder = study(tmp_path / "study")
    plant(folder, outside(folder))
    for command in COMMANDS[:2]:
        code, text = run(folder, *command)
        assert code == 2, text
        assert SECRET not in text
        assert "root:x" not in text
        assert "Traceback" not in text


def test_a_run_of_mlflow_does_not_reach_out_of_itself(tmp_path: Path) -> None:
    folder = study(tmp_path / "study")
    metrics = folder / "mlruns" / "0" / "r" / "metrics"
    metrics.mkdir(parents=True)
    (metrics / "acc").write_text("1700000000 81.4 1\n")
    (folder / "mlruns" / "0" / "r" / "params").mkdir()
    (folder / "mlruns" / "0" / "r" / "params" / "seed").symlink_to(outside(folder))
    text = (folder / "claims.yaml").read_text()
    entry = "collect: [{path: 'mlruns/*/*/metrics/acc', as: mlflow-files}]\n"
    (folder / "claims.yaml").write_text(text.replace("claims:\n", entry + "claims:\n", 1))
    code, said = run(folder, "check", ".")
    assert code == 2
    assert "link out of its run" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "name",
    [
        *("setup.py", "conftest.py", "sitecustomize.py", "yaml.py", "typer.py", "matplotlibrc"),
        *("pydantic/__init__.py", "claims/__init__.py", "reports/__init__.py"),
    ],
)
def test_nothing_of_the_repository_is_executed(tmp_path: Path, name: str) -> None:
    folder = study(tmp_path / "study")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit('ran')\n")
    code, text = run(folder, "check", ".", "--no-cache", PYTHONSAFEPATH="")
    assert (code, (tmp_path / "ran").exists()) == (0, False), text


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch ran']",
        "&a [*a]",
        "&a [1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b]",
        "[" * 5000,
        '"\\ud800"',
    ],
)
def test_yaml_is_data(tmp_path: Path, text: str) -> None:
    folder = study(tmp_path / "study")
    (folder / "claims.yaml").write_text(f"title: {text}\n")
    code, said = run(folder, "check", ".")
    assert code == 2, said
    assert "Traceback" not in said
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    ("name", "size"),
    [("claims.yaml", 2**28), ("paper.md", 2**28), ("evidence/r.csv", 2**33), ("runs/r.json", 2**33)],
)
def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, name: str, size: int) -> None:
    folder = study(tmp_path / "study")
    (folder / name).parent.mkdir(exist_ok=True)
    with (folder / name).open("ab") as file:
        file.truncate(size)  # sparse: it takes no place
    if name.startswith("runs"):
        text = (folder / "claims.yaml").read_text()
        entry = "collect: [{path: runs/r.json, as: hf-trainer}]\n"
        (folder / "claims.yaml").write_text(text.replace("claims:\n", entry + "claims:\n", 1))
    code, said = run(folder, "check", ".")
    assert code == 2, said
    assert re.search(r"MiB|MB|bytes are too many", said), said


ESCAPES = (
    '"\\e]0;owned\\a\\e[2J gains 1.3 points \\u202e \\r::error::x'
    '\\n::add-mask::contradicted ##[add-matcher]m.json"'
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_text_of_a_file_moves_the_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    folder = study(tmp_path / "study", ESCAPES)
    (folder / "paper.md").write_text("It \x1b[31m gains 1.4 points\x1b[2J\u202e.\n\n::error::planted 7\n")
    _, text = run(folder, *command)
    if "--json" in command:
        assert json.loads(text[text.index("{") : text.rindex("}") + 1])
    else:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x9b\u202e]", text), text
    assert "Traceback" not in text


def obeyed(text: str) -> list[str]:
    """Commands that a GitHub runner takes out of a log: `::name` after blanks, `##[name` anywhere, but for stops."""
    found, stop = [], None
    for line in text.splitlines():
        bare = line.lstrip()
        if stop is not None:
            stop = None if bare.startswith(f"::{stop}::") else stop
            continue
        if match := re.match(r"::stop-commands::(.+)", bare):
            stop = match[1]
        elif match := re.match(r"::([\w-]+)", bare) or re.search(r"##\[([\w-]+)", line):
            found.append(match[1])
    assert stop is None
    return found


def test_a_runner_obeys_annotations_only(tmp_path: Path) -> None:
    folder = study(tmp_path / "study", ESCAPES)
    (folder / "paper.md").write_text("It gains 1.4 points. ##[add-matcher]m.json ::warning::x\n")
    code, text = run(folder, "check", ".", "--github")
    assert code == 1
    assert set(obeyed(text)) == {"error"}
    (folder / "claims.yaml").write_text(
        'schema: verify-claims/1\n"\\n::add-mask::x": 1\n"##[add-matcher]x": 1\nstudy: a\n'
    )
    code, text = run(folder, "check", ".", "--github")
    assert code == 2
    assert obeyed(text) == []


def test_names_are_not_templates(tmp_path: Path) -> None:
    folder = study(
        tmp_path / "study", '"${{ github.token }} {{7*7}} $(touch ran) `touch ran` <script>x</script> @all"'
    )
    (folder / "summary").write_text("")
    code, _ = run(folder, "check", ".", "--github", "--junit", "j.xml", "--sarif", "s.json",
                  GITHUB_STEP_SUMMARY=str(folder / "summary"))  # fmt: skip
    assert code == 0
    assert not (folder / "ran").exists()
    assert "<script>" not in (folder / "j.xml").read_text()
    assert json.loads((folder / "s.json").read_text())["version"] == "2.1.0"


ODD: tuple[Any, ...] = (None, 5, -1, 0.5, True, "x", [1], {"a": 1}, [[1]], {"a": [1]}, "", [])
OPTIONS = {
    "json": ("values", "columns"),
    "hf-trainer": ("at",),
    "wandb": ("metrics",),
    "mlflow-sqlite": ("experiment",),
    "excel": ("sheet",),
    "table": ("find", "rows", "columns", "head", "names", "pair"),
    "lm-eval": ("x",),
    "lighteval": ("x",),
    "mlflow-files": ("x",),
    "pytest-benchmark": ("x",),
}


@pytest.mark.parametrize("reader", OPTIONS)
def test_odd_options_are_one_sentence(tmp_path: Path, reader: str) -> None:
    from analysis.errors import InputError
    from claims.study import check_study

    folder = study(tmp_path / "study")
    (folder / "paper.md").write_text("gains 1.3 points\n\n| a | b |\n|---|---|\n| c | 1.0 |\n")
    (folder / "r.json").write_text('{"x": 1}')
    raw = yaml.safe_load((folder / "claims.yaml").read_text())
    for option in OPTIONS[reader]:
        for odd in ODD:
            base = {"rows": "variant", "columns": "target"} if reader == "table" else {}
            raw["collect"] = [
                {
                    "path": "paper.md" if reader == "table" else "r.json",
                    "as": reader,
                    "options": {**base, option: odd},
                }
            ]
            (folder / "claims.yaml").write_text(yaml.safe_dump(raw))
            try:
                check_study(folder)
            except InputError as error:
                assert "failed:" not in str(error), (option, odd, str(error))


def collecting(folder: Path, entry: str) -> Path:
    text = (folder / "claims.yaml").read_text()
    (folder / "claims.yaml").write_text(text.replace("claims:\n", f"collect: [{entry}]\nclaims:\n", 1))
    return folder


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{path: 'none/*.json', as: hf-trainer}", "no file matches 'none/*.json'"),
        ("{path: r.json, as: no-such}", "there is no evidence adapter 'no-such'"),
        ("{path: r.json, as: lm-eval}", "`results` is a NoneType, not an object"),
        ("{path: latin.json, as: hf-trainer}", "not UTF-8 at byte"),
        ("{path: deep.json, as: hf-trainer}", "nested too deeply"),
        ("{path: digits.json, as: hf-trainer}", "Exceeds the limit"),
    ],
)
def test_evidence_that_cannot_be_read_is_never_a_pass(tmp_path: Path, entry: str, words: str) -> None:
    folder = collecting(study(tmp_path / "study"), entry)
    (folder / "r.json").write_text('{"x": 1}')
    (folder / "latin.json").write_bytes(b'{"x": "\xe9"}')
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "digits.json").write_text('{"eval_acc": ' + "9" * 5000 + "}")
    code, text = run(folder, "check", ".")
    assert code == 2, text
    assert words in text
    assert "Traceback" not in text


def test_a_score_that_is_no_number_is_an_error_where_it_is_claimed(tmp_path: Path) -> None:
    folder = study(tmp_path / "study")
    (folder / "evidence" / "r.csv").unlink()
    collecting(
        folder, "{path: 'runs/{intermediate}.json', as: hf-trainer, set: {source: mine, target: xnli}}"
    )
    (folder / "runs").mkdir()
    (folder / "runs" / "none.json").write_text('{"eval_acc": 80.1}')
    (folder / "runs" / "squad.json").write_text('{"eval_acc": NaN, "eval_loss": NaN}')
    text = (folder / "claims.yaml").read_text()
    (folder / "claims.yaml").write_text(text.replace("evidence: [evidence]\n", "").replace(
        "of: {intermediate: squad}", "of: {intermediate: squad, metric: acc}"))  # fmt: skip
    (folder / "evidence").rmdir()
    code, said = run(folder, "check", ".")
    assert code == 3, said
    assert "it prints words, 'nan'" in said


def test_zero_checks_are_no_pass(tmp_path: Path) -> None:
    folder = study(tmp_path / "study")
    text = (folder / "claims.yaml").read_text()
    (folder / "claims.yaml").write_text(text.replace("    scope:", "    status: draft\n    scope:"))
    assert run(folder, "check", ".", "--fail-on", "never")[0] == 3

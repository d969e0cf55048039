"""The files that CI systems read are what their schemas allow, and their inputs are data."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from .runnable import ROOT, blocks, environment
from .shipped import EXPRESSION, Runner

vendored = pytest.importorskip(
    "check_jsonschema", reason="check-jsonschema brings the schemas of the CI systems"
)
SCHEMAS = Path(vendored.__file__).parent / "builtin_schemas" / "vendor"
PAGE = {block.title: block.body for block in blocks(ROOT / "docs" / "ci.md") if block.title}


def faults(name: str, document: Any) -> list[str]:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    # the schemas use look-aheads and formats of JavaScript that Python reads alike
    return [error.message for error in Draft7Validator(schema).iter_errors(document)]


def with_text_keys(text: str) -> Any:
    """YAML 1.2 as the CI systems read it: `on` is a word."""
    return yaml.safe_load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE))


def test_action_is_an_action() -> None:
    assert faults("github-actions", yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))) == []


def test_the_workflow_of_the_page_is_a_workflow() -> None:
    workflow = with_text_keys(PAGE[".github/workflows/claims.yml"])
    assert faults("github-workflows", workflow) == []
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    (step,) = [
        step for step in workflow["jobs"]["claims"]["steps"] if "verify-claims" in step.get("uses", "")
    ]
    assert set(step["with"]) <= set(inputs)


def test_the_schema_would_object() -> None:
    assert faults("github-actions", {"name": "x", "runs": {"using": "composite"}})


def test_gitlab_component_and_the_include_of_the_page() -> None:
    specification, jobs = yaml.safe_load_all(
        (ROOT / "templates" / "verify-claims.yml").read_text(encoding="utf-8")
    )
    assert faults("gitlab-ci", jobs) == []
    named = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", json.dumps(jobs)))
    assert named == set(specification["spec"]["inputs"])
    include = yaml.safe_load(PAGE[".gitlab-ci.yml"])
    assert faults("gitlab-ci", include) == []
    assert set(include["include"][0]["inputs"]) <= named


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("validate-manifest", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")),
        ("validate-config", PAGE[".pre-commit-config.yaml"]),
    ],
)
def test_pre_commit_reads_its_files(tmp_path: Path, command: str, text: str) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit judges its own files")
    (tmp_path / "file.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", command, "file.yaml"],
        cwd=tmp_path, env=environment({}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_no_expression_stands_in_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    assert [step["name"] for step in steps if EXPRESSION.search(step["run"])] == []
    assert all("uses" not in step for step in steps)


HOSTILE = (
    '"; touch ran; "', "$(touch ran)", "`touch ran`", "a\ntouch ran", "--help", "-", "${{ github.token }}", "a b",
    "x]\n::add-mask::y", "\\", "'", "--sarif=ran", "*",
)  # fmt: skip


def test_inputs_are_data(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "runner")
    (tmp_path / "runner").mkdir()
    runner.installed()
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    given = [{"study": word, "sarif": word, "junit": word} for word in HOSTILE]
    for inputs in [*given, *({"fail-on": word} for word in HOSTILE[::3])]:
        job = runner.run(workspace, first=1, **inputs)
        assert job.code == 2, (inputs, job.log)
        assert job.outputs == {"exit-code": "2"}
        assert "Traceback" not in job.log
        assert list(workspace.iterdir()) == [], inputs

"""The table of all tasks as Markdown; `docs/replication/tasks.md` holds it between two marks, kept by a test.

Write it anew with `python -m replicate.tasks.describe docs/replication/tasks.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from replicate.data.pins import bundled
from replicate.tasks import TASKS, Task

BEGIN: Final = "<!-- tasks: begin (written by python -m replicate.tasks.describe) -->"
END: Final = "<!-- tasks: end -->"


def described(tasks: Iterable[Task]) -> str:
    """One section per task: what it is, where it comes from, how it is scored, what to look out for."""
    return "\n".join(line for task in tasks for line in _section(task))


def _section(task: Task) -> list[str]:
    head = task.header
    splits = ", ".join(task.splits)
    spoken = "English" if task.languages == ("en",) else f"{len(task.languages)}: {' '.join(task.languages)}"
    lines = [
        f"### {task.title} (`{task.name}`)",
        "",
        f"- {task.role} task, {task.kind}; metric `{task.metric}`, selected and averaged by `{task.primary}`",
        f"- source: {head.source}",
        f"- licence: {head.licence}",
        f"- hub: {head.hub}",
    ]
    commits = sorted(
        {
            f"`{split.repo}` at `{bundled().get(f'datasets/{split.repo}@{split.revision}', split.revision)[:40]}`"
            for parts in task.splits.values()
            for part in parts
            for split in part.hub
        }
    )
    if commits:
        lines.append(f"- revisions: {'; '.join(commits)}")
    lines += [f"- sizes: {head.sizes}", f"- splits: {splits}; languages {spoken}"]
    if task.trains_on:
        lines.append(f"- trained on: {', then '.join(f'`{name}`' for name in task.trains_on)}")
    if task.labels:
        texts = f" (written as text: {', '.join(task.label_texts)})" if task.label_texts else ""
        lines.append(f"- labels: {', '.join(task.labels)}{texts}")
    folders = dict.fromkeys(f"`{part}`" for parts in task.splits.values() for part in parts)
    lines.append(f"- folder layout: {', '.join(folders)}")
    if obtain := next((part.obtain for parts in task.splits.values() for part in parts if part.obtain), ""):
        lines.append(f"- how to get what the hub lacks: {obtain}")
    lines += [f"- trap: {trap}" for trap in head.traps]
    return [*lines, ""]


def replaced(text: str) -> str:
    """Text with the part between the marks written anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{described(TASKS.values())}{END}{after}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(replaced(page.read_text(encoding="utf-8")), encoding="utf-8")

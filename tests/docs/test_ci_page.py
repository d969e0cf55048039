"""The page docs/ci.md, followed to the letter in a folder outside the checkout."""

from pathlib import Path

import pytest

from .runnable import ROOT, Session, blocks, follow, matches

PAGE = ROOT / "docs" / "ci.md"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return follow(PAGE, tmp_path_factory.mktemp("reader"))


def test_every_command_prints_what_the_page_says(reader: Session) -> None:
    assert len(reader.commands) >= 20
    assert (reader.folder / "claims.yaml").is_file()


def test_all_blocks_are_files_or_sessions() -> None:
    illustrations = [block for block in blocks(PAGE) if block.title is None and block.language != "console"]
    assert illustrations == []


def test_the_pages_that_it_names_exist() -> None:
    import re

    targets = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (["a"], "a\n", True),
        (["a"], "b\n", False),
        (["a"], "a\nb\n", False),
        (["...", "b"], "a\nx\nb\n", True),
        (["a [...] c"], "a b c\n", True),
        (["a [...] c"], "a b\nc\n", False),
        ([], "", True),
        ([], "a\n", False),
        (["a.c"], "abc\n", False),
    ],
)
def test_expected_lines(expected: list[str], printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def test_a_page_that_is_not_true_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo 1\n2\n```\n")
    with pytest.raises(AssertionError, match=r"page\.md:2: \$ echo 1"):
        follow(page, tmp_path)
    page.write_text("```console\n$ false\n```\n")
    with pytest.raises(AssertionError, match="ended in 1"):
        follow(page, tmp_path)

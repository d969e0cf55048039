"""Files that are no report: one clear error each, with what, the value and what to do; never a traceback."""

from __future__ import annotations

import pytest

from analysis.errors import InputError
from claims.reading import document as rooms
from claims.reading import read_report, read_reports

REPORT = "## Claims\n\n| Claim | Verified |\n|---|---|\n| A holds. | ✓ |\n"


def problem(path):
    with pytest.raises(InputError) as caught:
        read_report(path)
    (one,) = caught.value.problems
    assert one.file == path.as_posix()
    assert one.remedy
    return one


@pytest.mark.parametrize(
    ("name", "data", "what", "place"),
    [
        ("a.txt", b"", "empty", (None, None)),
        ("a.txt", b" \n\n\t", "empty", (None, None)),
        ("a.txt", b"ab\ncd\0e", "zero byte at offset 5", (2, None)),
        ("a.md", b"ab\nc\xc3\xa4\xffd", "byte 0xff is no valid UTF-8", (2, 3)),
        ("a.md", b"\xef\xbb\xbfa\xff", "byte 0xff is no valid UTF-8", (1, 3)),
        ("a.txt", "Claim".encode("utf-16"), "UTF-16", (1, 1)),
        ("a.txt", b"%PDF-1.7\n...", "the content is a PDF", (None, None)),
        ("a.txt", b"A letter.\n\nDear all, no claims here.\n", "this is no report", (None, None)),
        ("a.html", b"<html><script>claims()</script></html>", "this is no report", (None, None)),
        ("a.pdf", b"not a pdf", "no PDF", (None, None)),
        ("a.pdf", b"%PDF-1.7\n\x00\x01garbage", "damaged", (None, None)),
        ("a.docx", b"PK\x03\x04", "suffix '.docx' names no report format", (None, None)),
        ("a", b"text", "no suffix", (None, None)),
    ],
)
def test_one_problem(tmp_path, name, data, what, place):
    path = tmp_path / name
    path.write_bytes(data)
    found = problem(path)
    assert what in found.what
    assert (found.line, found.column) == place


def test_missing_and_folder(tmp_path):
    assert "no such file" in problem(tmp_path / "gone.txt").what
    (tmp_path / "folder.txt").mkdir()
    assert "no regular file" in problem(tmp_path / "folder.txt").what


def test_too_long_a_name(tmp_path):
    assert "cannot be read" in problem(tmp_path / ("a" * 5000 + ".txt")).what


def test_huge(tmp_path, monkeypatch):
    monkeypatch.setattr(rooms, "MAX_TEXT_BYTES", 1024 * 1024)
    path = tmp_path / "huge.txt"
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    assert "larger than 1 MiB" in problem(path).what


def test_all_bad_files_are_told_at_once(tmp_path):
    (tmp_path / "good.md").write_text(REPORT, encoding="utf-8")
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_reports([tmp_path / "good.md", tmp_path / "empty.md", tmp_path / "gone.md"])
    assert [problem.file.rsplit("/", 1)[1] for problem in caught.value.problems] == ["empty.md", "gone.md"]


def test_ids_are_unique_and_a_file_named_twice_is_read_once(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.md").write_text(REPORT, encoding="utf-8")
    cards = read_reports(
        [tmp_path / "a" / "r.md", tmp_path / "b" / "r.md", tmp_path / "a" / ".." / "a" / "r.md"]
    )
    assert [card.id for card in cards] == ["a/r.md", "b/r.md"]
    assert [mention.report for card in cards for mention in card.mentions] == ["a/r.md", "b/r.md"]

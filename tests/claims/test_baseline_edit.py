"""The baseline's text is edited and not written anew: comments, order, quotes and line ends are people's."""

import pytest

from analysis.errors import InputError
from claims.baseline import acceptances
from claims.baseline_edit import HEAD, edited, yaml_word
from claims.yaml_marks import parse_yaml

TEXT = """\
# ours
schema: verify-claims/baseline/1   # one
accepted:
  # first group
  - {id: a/1, verdict: unverifiable, reason: cells_missing, why: 'not at "hand"', until: never}  # trailing
  # second group
  - id: b/1
    verdict: contradicted
    reason: outside_rounding   # by much
    margin: "1.9"
    why: >
      folded text
      of two lines

  - {id: c/1, verdict: contradicted, reason: differs_from_print,
     margin: "0.1", until: 2027-01-31, why: plain words}
# the end
"""


def entry(id: str, **more: str) -> dict[str, str]:
    return {"id": id, "verdict": "unverifiable", "reason": "no_runs", "why": "w", **more}


def read(text: str) -> list[dict[str, str]]:
    found = []
    for a in acceptances(parse_yaml(text.encode(), "baseline.yaml")):
        whole = {"id": a.id, "verdict": str(a.verdict), "reason": a.reason, "why": a.why}
        more = {"margin": a.margin, "until": a.until}
        found.append(whole | {name: word for name, word in more.items() if word is not None})
    return found


def test_nothing_to_change_changes_no_byte() -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT):
        assert edited(text, read(text)) == text


def test_an_addition_comes_last_and_touches_nothing_else() -> None:
    new = edited(TEXT, [*read(TEXT), entry("d/1", until="2027-01-01", why="a: #b")])
    line = '  - {id: d/1, verdict: unverifiable, reason: no_runs, until: 2027-01-01, why: "a: #b"}\n'
    assert new == TEXT.replace("# the end\n", line + "# the end\n")


def test_a_removal_leaves_the_comments_of_the_neighbours() -> None:
    new = edited(TEXT, [e for e in read(TEXT) if e["id"] != "b/1"])
    kept = TEXT.split("  - id: b/1")[0], TEXT.split("of two lines\n")[1]
    assert new == "".join(kept)


def test_changes_replace_the_words_only() -> None:
    entries = read(TEXT)
    entries[0] |= {"verdict": "out_of_scope", "reason": "split_mismatch"}
    entries[1] |= {"margin": "0.4", "until": "never"}
    del entries[2]["margin"]
    new = edited(TEXT, entries)
    assert new == TEXT.replace(
        "unverifiable, reason: cells_missing", "out_of_scope, reason: split_mismatch"
    ).replace('"1.9"\n', '"0.4"\n    until: never\n').replace('margin: "0.1", until', "until")


def test_all_may_go_and_come_back() -> None:
    none = edited(TEXT, [])
    assert read(none) == [] and "# the end" in none
    assert read(edited(none, [entry("x/1")])) == [entry("x/1")]


@pytest.mark.parametrize(
    "start",
    [HEAD, "schema: verify-claims/baseline/1\n", "schema: verify-claims/baseline/1\naccepted: [] # none\n"],
)
def test_a_new_file_and_an_empty_list(start: str) -> None:
    wanted = [entry("x/1", why="it’s “quoted”: {a}, [b] # c\\"), entry("y/1", until="never")]
    new = edited(start, wanted)
    assert read(new) == wanted and new.startswith(start.split("accepted")[0])


def test_a_list_in_one_line() -> None:
    text = "schema: verify-claims/baseline/1\naccepted: [{id: a/1, verdict: unverifiable, reason: no_runs, why: w}]\n"
    assert read(edited(text, [*read(text), entry("b/1")])) == [entry("a/1"), entry("b/1")]
    assert read(edited(text, [entry("b/1")])) == [entry("b/1")]
    assert read(edited(text, [])) == []


def test_a_wrong_file_is_not_edited() -> None:
    with pytest.raises(InputError, match="unknown key"):
        edited(TEXT + "odd: 1\n", [])
    with pytest.raises(InputError, match="accepted twice"):
        edited(TEXT.replace("b/1", "a/1"), [])


@pytest.mark.parametrize(
    "word", ["a b", "true", "1.0", "never", "é", "- x", 'q"', "a: b", "2027-01-01", "null", "x\\y", "~"]
)
def test_every_word_comes_back(word: str) -> None:
    entry = f"id: a, verdict: unverifiable, reason: no_runs, why: {yaml_word(word)}"
    text = f"schema: verify-claims/baseline/1\naccepted: [{{{entry}}}]\n"
    assert read(text)[0]["why"] == word

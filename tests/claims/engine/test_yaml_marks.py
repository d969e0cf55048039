"""YAML with positions: what is read, and every input that must be refused with its place."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.yaml_marks import Unquoted, parse_yaml, read_yaml

INPUTS = int(os.environ.get("FUZZ_INPUTS", "200"))
"""Inputs per fuzzing test; FUZZ_INPUTS=20000 is the long run."""


def refused(raw: bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_yaml(raw, "claims.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_values_keep_their_places() -> None:
    document = parse_yaml(b"a: 1\nb:\n  - x\n  - {c: d}\n", "claims.yaml")
    assert document.root == {"a": 1, "b": ["x", {"c": "d"}]}
    assert document.where(("b", 1, "c")) == (4, 9)
    assert document.where(("b", 1, "c"), key=True) == (4, 6)
    assert document.where(("b", 7)) == (3, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("true", True), ("~", None), ("12", 12), ("-3", -3),
        ("0123", "0123"), ("1:30", "1:30"), ("2020-05-26", "2020-05-26"), ("'12'", "12"), ("0x1F", "0x1F"),
    ],
)  # fmt: skip
def test_plain_scalars_follow_json_and_the_rest_stays_text(text: str, value: object) -> None:
    read = parse_yaml(f"a: {text}\n".encode(), "f").root["a"]
    if text == "0123":
        assert isinstance(read, Unquoted) and read.text == "0123"
    else:
        assert read == value and type(read) is type(value)


def test_an_unquoted_number_keeps_its_trailing_zero() -> None:
    read = parse_yaml(b"a: 8.70\n", "f").root["a"]
    assert isinstance(read, Unquoted) and read.text == "8.70"


ALIASES = b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*%s, *%s]\n" % (i, i, p, p) for i, p in [
    (k, b"a" if k == 0 else b"b%d" % (k - 1)) for k in range(40)
])  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[" * 100_000, "claims.yaml:1:51: nested deeper than 50 levels"),
        (b"- " * 100_000, "claims.yaml:1:101: nested deeper than 50 levels"),
        (ALIASES, "the aliases stand for more than 5,000,000 values"),
        (b"a: &a [*a]\n", "claims.yaml:1:8: alias *a has no anchor before it"),
        (b"a: 1\nb: 2\na: 3\n", "claims.yaml:3:1: key 'a' stands twice; line 1 has it already"),
        (b"a: !!python/object/apply:os.system [id]\n", "claims.yaml:1:4: tag 'tag:yaml.org,2002:python"),
        (b"a: !include x\n", "claims.yaml:1:4: tag '!include'"),
        (b"<<: {a: 1}\n", "claims.yaml:1:1: merge key <<"),
        (b"? [a]\n: b\n", "claims.yaml:1:3: a list or mapping as a key"),
        (b"a: 1\n---\nb: 2\n", "claims.yaml:2:1: a second document"),
        (b"a: [1, 2\nb: 3\n", "claims.yaml:2:2: not YAML: while parsing a flow sequence"),
        (b"a: 'x\n", "not YAML"),
        (b"a: \xff\n", "claims.yaml:1:4: byte 0xff is not UTF-8"),
        (b"a: b\nc: \x00\n", "claims.yaml:2:4: control character U+0000"),
        (b"a: \x1b[31m\n", "claims.yaml:1:4: control character U+001B"),
        (b"\x89PNG\r\n\x1a\n", "claims.yaml:1:1: byte 0x89 is not UTF-8"),
    ],
)
def test_what_is_refused(raw: bytes, said: str) -> None:
    told = refused(raw)
    assert said in told[0] and ";" in told[0]


def test_every_double_key_is_told() -> None:
    assert len(refused(b"a: 1\na: 2\nb: 1\nb: 2\n")) == 2


def test_a_missing_and_a_huge_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read it"):
        read_yaml(tmp_path / "claims.yaml")
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(65_000_000)
    with pytest.raises(InputError, match="65 MB are too much"):
        read_yaml(huge)


pieces = st.sampled_from(
    ["a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", ",", ": ", "&x ", "*x", "'", '"', "|", ">", "#", "!", "!!str ",
     "<<: ", "? ", "8.70", "~", "\t", "---", "...", "%", "@", "é", "\u2028", "kind: gain", "\\x00"]
)  # fmt: skip


@settings(max_examples=INPUTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(max_size=300), st.lists(pieces, max_size=60).map(lambda parts: "".join(parts).encode())
    )
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse_yaml(raw, "f")
    except InputError as error:
        assert error.problems and all(str(problem) for problem in error.problems)

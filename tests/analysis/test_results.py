"""The results table: reading, validation with positions, and look-up."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis.results
from analysis.errors import InputError
from analysis.index import Index, _dictionary, _filtered, _sorted_key
from analysis.results import COLUMNS, Results, read_results
from analysis.results_arrow import read_arrow
from analysis.results_text import encode, read_text

INPUTS = int(os.environ.get("FUZZ_INPUTS", "200"))
"""Inputs of the fuzzing test; FUZZ_INPUTS=20000 is the long run."""
HEADER = "source,target,metric,status,value,printed,seed\n"


def written(folder: Path, text: str | bytes, name: str = "results.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_results(path, base=path.parent)
    return [str(problem) for problem in caught.value.problems]


def test_a_table_keeps_its_printed_strings_and_lines(tmp_path: Path) -> None:
    table = read_results(
        written(tmp_path, HEADER + "p,xnli,acc,seen,8.7,8.70,\n\np,mlqa,f1,measured,71.25,,3\n")
    )
    assert len(table) == 2
    assert table.text("printed", 0) == "8.70" and table.place(0)[1] == 2 and table.place(1)[1] == 4
    assert table.text("model", 0) == ""
    frame = table.frame()
    assert frame["value"].tolist() == [8.7, 71.25] and frame["seed"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("p,xnli,acc,seeen,1,1,", "results.csv:2:12: unknown status 'seeen'; write 'seen'"),
        ("p,xnli,acc,seen,high,,", "results.csv:2:17: value 'high' is not a number"),
        ("p,xnli,acc,seen,nan,,", "results.csv:2:17: value 'nan' is not a number"),
        ("p,xnli,acc,seen,8.7,8.9,", "results.csv:2:21: value 8.7 could not have been printed as '8.9'"),
        ("p,xnli,acc,seen,8.7,8.7O,", "results.csv:2:21: '8.7O' is not a printed number"),
        ("p,xnli,acc,seen,,8.7O,", "results.csv:2:18: '8.7O' is not a printed number"),
        ("p,xnli,acc,seen,1,1,one", "results.csv:2:21: seed 'one' is not a whole number"),
        (",xnli,acc,seen,1,1,", "results.csv:2:1: source is empty"),
        ("p,xnli,acc,seen,1", "results.csv:2: 5 fields where the header has 7"),
        ('p,xnli,acc,seen,"1,1,', "results.csv:2: not a table"),
    ],
)
def test_a_problem_is_told_with_its_place(tmp_path: Path, row: str, said: str) -> None:
    assert refused(written(tmp_path, HEADER + row + "\n"))[0].startswith(said)


@pytest.mark.parametrize("large", [False, True])
def test_whole_numbers_with_decimals_are_whole_numbers(tmp_path: Path, large: bool, monkeypatch) -> None:
    """pandas writes 3.0 where a column has empty cells; 3 and 3.0 are one seed, 3.5 is none."""
    if large:
        monkeypatch.setattr("analysis.results.LARGE", 0)
    rows = "p,xnli,acc,seen,1,1,3.0\np,xnli,acc,seen,1,1,3\np,xnli,acc,seen,1,1,\n"
    table = read_results(written(tmp_path, HEADER + rows))
    assert [table.text("seed", row) for row in range(3)] == ["3", "3", ""]
    assert len(set(table.columns["seed"].names)) == len(table.columns["seed"].names)
    for odd in ("3.5", ".0"):
        told = refused(written(tmp_path, HEADER + f"p,xnli,acc,seen,1,1,{odd}\n"))
        assert told[0].startswith(f"results.csv:2:21: seed '{odd}' is not a whole number")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("sorce,target,metric,status", "results.csv:1:1: unknown column 'sorce'; write 'source'"),
        ("source,target,metric,status,score!", "results.csv:1:29: unknown column 'score!'; write 'source'"),
        ("source,target,status", "results.csv:1: column 'metric' is missing"),
        ("source,target,metric,status,source", "results.csv:1:29: column 'source' stands twice"),
        ("", "results.csv:1: the first line is empty; write a line of column names"),
    ],
)
def test_a_wrong_header(tmp_path: Path, header: str, said: str) -> None:
    assert refused(written(tmp_path, header + "\n"))[0].startswith(said)


def test_all_problems_at_once_and_a_count_of_the_rest(tmp_path: Path) -> None:
    told = refused(written(tmp_path, HEADER + "p,xnli,acc,sen,x,,\n" * 60))
    assert len(told) == 51 and "70 more problems" in told[-1]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (HEADER.encode() + b"p,\xff,acc,seen,1,1,\n", "results.csv:2:3: byte 0xff is not UTF-8"),
        (HEADER.encode() + b"p,\x00,acc,seen,1,1,\n", "results.csv:2:3: a NUL byte"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "results.csv:1:1: byte 0x89 is not UTF-8"),
        (HEADER.encode() + b"p," + b"x" * 200_000 + b",acc,seen,1,1,\n", "results.csv:2: not a table"),
    ],
)
def test_bytes_that_are_no_table(tmp_path: Path, raw: bytes, said: str) -> None:
    assert refused(written(tmp_path, raw))[0].startswith(said)


def test_a_missing_file_and_a_broken_parquet(tmp_path: Path) -> None:
    assert "there is no such file" in refused(tmp_path / "absent.csv")[0]
    assert "not a Parquet file" in refused(written(tmp_path, b"PAR1", "results.parquet"))[0]


def test_words_may_stand_where_no_number_is(tmp_path: Path) -> None:
    table = read_results(written(tmp_path, HEADER + "p,-,format,seen,,span extraction,\np,-,rows,seen,,-,\n"))
    assert [table.text("printed", row) for row in range(2)] == ["span extraction", "-"]


def columns_as_texts(columns: dict[str, analysis.results.Column]) -> dict[str, list[str]]:
    return {name: [column.names[code] for code in column.codes] for name, column in columns.items()}


def test_both_readers_agree(tmp_path: Path) -> None:
    rows = "".join(f"p{k % 3},xnli,acc,seen,{k / 10},{k / 10},\n" for k in range(500))
    path = written(tmp_path, HEADER + rows)
    fast = read_arrow(path, "results.csv")
    assert fast is not None
    exact, lines = read_text(path, "results.csv")
    assert columns_as_texts(fast) == columns_as_texts(exact) and lines is None
    tabs = written(tmp_path, (HEADER + rows).replace(",", "\t"), "results.tsv")
    assert columns_as_texts(read_text(tabs, "t")[0]) == columns_as_texts(exact)


@pytest.mark.parametrize(
    "row",
    [
        "p,x,acc,sen,1,1,",
        "p,x,acc,seen,y,1,",
        "p,x,acc,seen,1,2,",
        "p,,acc,seen,1,1,",
        'p,"x\ny",acc,seen,1,1,',
        "\np,x,acc,seen,1,1,",
    ],
)
def test_the_fast_reader_hands_over_what_is_odd(tmp_path: Path, row: str) -> None:
    assert read_arrow(written(tmp_path, HEADER + "p,x,acc,seen,1,1,\n" + row + "\n"), "results.csv") is None


def test_a_large_file_still_tells_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis.results, "LARGE", 1000)
    rows = "".join(f"p,xnli,acc,seen,{k / 10},{k / 10},\n" for k in range(400))
    assert refused(written(tmp_path, HEADER + rows + "p,xnli,acc,seen,1,2,\n")) == [
        "results.csv:402:19: value 1 could not have been printed as '2'; correct one of the two"
    ]


def test_parquet(tmp_path: Path) -> None:
    import pandas

    frame = pandas.DataFrame(
        {
            "source": ["p", "p"],
            "target": ["a", "b"],
            "metric": "acc",
            "status": "measured",
            "value": [84.25, None],
            "seed": [1, 2],
        }
    )
    frame.to_parquet(tmp_path / "results.parquet")
    table = read_results(tmp_path / "results.parquet")
    assert [table.text("value", row) for row in range(2)] == ["84.25", ""]
    assert [table.text("seed", row) for row in range(2)] == ["1", "2"]


words = st.sampled_from(["a", "b", "c"])
tables = st.lists(st.tuples(words, words, words), min_size=1, max_size=40)


@settings(max_examples=60)
@given(tables, st.tuples(words, words, words))
def test_every_index_finds_the_rows_that_a_scan_finds(
    rows: list[tuple[str, ...]], wanted: tuple[str, ...]
) -> None:
    places = {"source": 0, "target": 1, "metric": 2}
    results = Results(encode(rows, places), ("t",), (0,), (None,))
    names = tuple(sorted(places))
    scan = [at for at, row in enumerate(rows) if all(row[places[n]] == wanted[places[n]] for n in names)]
    index = Index(results)
    assert list(index.rows(dict(zip(places, wanted, strict=True)))) == scan
    key = tuple(index.codes[name].get(wanted[places[name]], -1) for name in names)
    if -1 not in key:
        for build in (_dictionary, _sorted_key, _filtered):
            assert list(build(results, names)(key)) == scan


def test_columns_of_the_contract_all_exist(tmp_path: Path) -> None:
    table = read_results(written(tmp_path, HEADER + "p,x,acc,seen,1,1,\n"))
    assert list(table.row(0)) == list(COLUMNS)


pieces = st.sampled_from(
    [
        ",",
        '"',
        "\n",
        "\r",
        "\t",
        ";",
        "p",
        "seen",
        "8.70",
        "8,7",
        "nan",
        "1e400",
        "-",
        "\x00",
        "\ufeff",
        "é",
        "source",
        HEADER,
    ]
)


@settings(max_examples=INPUTS, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.lists(pieces, max_size=40).map(lambda parts: "".join(parts).encode())
    ),
    st.booleans(),
)
def test_any_bytes_are_a_table_or_refused(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, headed: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(HEADER.encode() + raw if headed else raw)
    try:
        table = read_results(path)
    except InputError as error:
        assert error.problems and all(problem.file for problem in error.problems)
    else:
        assert all(table.text("source", row).strip() for row in range(len(table)))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "a.csv:1: the first line is empty; write a line of column names (source, target, "),
        (
            "a.csv",
            "\n" + HEADER,
            "a.csv:1: the first line is empty; write a line of column names (source, target, ",
        ),
        (
            "a.csv",
            (HEADER + "p,xnli,acc,seen,8.7,8.7,\n").replace(",", ";"),
            "a.csv:1: the fields are separated by semicolons; separate them by commas; numbers have a decimal point",
        ),
        (
            "a.csv",
            HEADER.replace(",", "\t"),
            "a.csv:1: the fields are separated by tabs; separate them by commas",
        ),
        ("a.tsv", HEADER, "a.tsv:1: the fields are separated by commas; separate them by tabs"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_problem(tmp_path: Path, name: str, text: str, said: str) -> None:
    (line,) = refused(written(tmp_path, text, name))
    assert line.startswith(said)

"""A large CSV or a Parquet file as columns of the results table, validated on its distinct texts.

A million rows have few distinct names, so every rule runs once per distinct text or pair of texts. If anything is
odd the file is handed to the exact reader, which knows the positions; this reader only decides that a file is clean.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError, Problem
from analysis.results import COLUMNS, NUMBERS, REQUIRED, WHOLE, Column
from analysis.results_rules import CHOICES, choice_fault, integer_fault, printed_fault, value_fault, whole
from analysis.results_text import header_places

if TYPE_CHECKING:
    import pyarrow


def read_arrow(path: Path, shown: str) -> dict[str, Column] | None:
    """Columns of a large CSV, TSV or Parquet file; None where a text file needs the exact reader."""
    import pyarrow

    parquet = path.suffix == ".parquet"
    try:
        table = _parquet(path) if parquet else _csv(path)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        if not parquet:
            return None
        raise InputError(
            Problem(f"not a Parquet file: {str(error)[:120]}", "check the path", shown)
        ) from error
    if len(set(table.column_names)) != len(table.column_names):
        return None
    try:
        header_places(table.column_names, shown)
    except InputError:
        if parquet:
            raise
        return None
    if not parquet and table.num_rows != _lines(path) - 1:
        return None
    columns = {name: _column(table, name) for name in COLUMNS}
    columns |= {name: _whole(columns[name]) for name in WHOLE}
    faults = list(_faults(columns))
    if not faults:
        return columns
    if parquet:
        raise InputError(*(Problem(what, remedy, shown) for what, remedy in faults[:50]))
    return None


def _csv(path: Path) -> pyarrow.Table:
    from pyarrow import csv, dictionary, int32, string

    encoded = dictionary(int32(), string())
    return csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter="\t" if path.suffix in (".tsv", ".tab") else ","),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(COLUMNS, encoded),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )


def _lines(path: Path) -> int:
    """Lines of a file; a blank line or a line break inside quotes would shift the line numbers of rows."""
    lines, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(1 << 22):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")


def _parquet(path: Path) -> pyarrow.Table:
    from pyarrow import compute, parquet, string, table, types

    read = parquet.read_table(path)
    columns: dict[str, Any] = {}
    for name in read.column_names:
        column = read[name]
        if types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if name in NUMBERS and types.is_floating(column.type):
            column = compute.if_else(compute.is_nan(column), None, column)
            whole = name != "value"
            column = column.cast("int64") if whole else column
        columns[name] = compute.fill_null(column.cast(string()), "")
    return table(columns)


def _column(table: pyarrow.Table, name: str) -> Column:
    import numpy

    if name not in table.column_names:
        empty: Any = numpy.zeros(table.num_rows, dtype=numpy.int32)
        return Column(empty, [""])
    column = table[name].combine_chunks() if table[name].num_chunks != 1 else table[name].chunk(0)
    if not hasattr(column, "indices"):
        column = column.dictionary_encode()
    codes: Any = column.indices.to_numpy(zero_copy_only=False)
    return Column(codes, column.dictionary.to_pylist())


def _whole(column: Column) -> Column:
    """Return the column with whole numbers written one way; "1" and "1.0" become one name."""
    import numpy

    names = [whole(text) for text in column.names]
    if names == column.names:
        return column
    place = {text: at for at, text in enumerate(dict.fromkeys(names))}
    moved: Any = numpy.array([place[text] for text in names], dtype=numpy.int32)
    return Column(moved[numpy.asarray(column.codes)], list(place))


def _faults(columns: dict[str, Column]) -> Any:
    """Faults over distinct texts; the same rules as `row_faults`."""
    import numpy

    for name in REQUIRED:
        if any(not text.strip() for text in columns[name].names):
            yield f"{name} is empty in some row", "every row names its source, target, metric and status"
    for name in CHOICES:
        yield from (fault for text in columns[name].names for fault in choice_fault(name, text))
    for name in WHOLE:
        yield from (fault for text in columns[name].names for fault in integer_fault(name, text))
    yield from (fault for text in columns["value"].names for fault in value_fault(text))
    value, printed = columns["value"], columns["printed"]
    if printed.names != [""]:
        pairs = numpy.asarray(printed.codes, dtype=numpy.int64) * len(value.names) + value.codes
        for pair in numpy.unique(pairs).tolist():
            yield from printed_fault(
                value.names[pair % len(value.names)], printed.names[pair // len(value.names)]
            )

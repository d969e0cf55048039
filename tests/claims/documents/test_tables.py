"""Tables of a paper as rows of the results table."""

from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from claims.adapters import adapter
from claims.adapters.rows import Row

LATEX = r"""
\begin{table}\caption{Gains in Table 9}
\begin{tabularx}{\linewidth}{lrrr}
\toprule
 & \multicolumn{2}{c}{Pairs} & QA \\ \cmidrule(lr){2-3}
Task & XNLI & PAWS-X & XQuAD \\
\midrule
SQuAD & $-$1.4 & \textbf{+0.7}$^{\dagger}$ & 77.2/61.3 \\
ANLI+ \& co & 80.1$\pm$0.4 & -- & 42\% \\
\bottomrule
\end{tabularx}
\end{table}
\begin{tabular}{ll} other & 1,104,934 \\ rows & 2 \\ \end{tabular}
"""
MARKDOWN = """
| Task | XNLI | PAWS-X |
|:-----|-----:|:------:|
| SQuAD | -1.4 | **0.7** |
| none | n/a | 86.50 |
"""


def rows(path: Path, text: str, **options: Any) -> list[Row]:
    path.write_text(text, encoding="utf-8")
    return list(adapter("table")(path, {"rows": "intermediate", "columns": "target", **options}))


def test_latex_table_with_spans_bold_pairs_and_uncertainty(tmp_path: Path) -> None:
    found = rows(tmp_path / "p.tex", LATEX, find="XNLI", head=2, pair=["f1", "em"], names={"SQuAD": "squad"})
    printed = [(row["intermediate"], row["target"], row.get("metric"), row["printed"]) for row in found]
    assert printed == [
        ("squad", "XNLI", None, "−1.4"),
        ("squad", "PAWS-X", None, "+0.7"),
        ("squad", "XQuAD", "f1", "77.2"),
        ("squad", "XQuAD", "em", "61.3"),
        ("ANLI+ & co", "XNLI", None, "80.1"),
        ("ANLI+ & co", "XQuAD", None, "42%"),
    ]


def test_markdown_table_keeps_trailing_zeros_and_leaves_gaps_empty(tmp_path: Path) -> None:
    found = rows(tmp_path / "p.md", MARKDOWN)
    assert [(row["intermediate"], row["printed"]) for row in found] == [
        ("SQuAD", "-1.4"),
        ("SQuAD", "0.7"),
        ("none", "86.50"),
    ]
    assert found[0]["locator"] == f"{tmp_path / 'p.md'}:4, SQuAD / XNLI"


def test_html_table(tmp_path: Path) -> None:
    text = "<table><tr><th></th><th>XNLI</th></tr><tr><td>SQuAD</td><td>8.30</td></tr></table>"
    (row,) = rows(tmp_path / "p.html", text)
    assert (row["intermediate"], row["target"], row["printed"]) == ("SQuAD", "XNLI", "8.30")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "the document has 2 tables"),
        ({"find": "nowhere"}, "0 of 2 tables contain 'nowhere'"),
        ({"find": "XNLI", "rows": "intermediat"}, "is no column"),
        ({"find": "XNLI", "hed": 1}, "unknown option 'hed'"),
        (
            {"find": "XNLI", "head": 1},
            "is no printed number.*belongs to the head of the table, write head: 2$",
        ),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(tmp_path / "p.tex", LATEX, **options)


def test_a_gap_of_a_pair_and_a_footnote_sign_of_a_name(tmp_path: Path) -> None:
    text = "| | QA |\n|:--|--:|\n| Ours† | 73.1/63.0 |\n| Base | n/a |\n"
    found = rows(tmp_path / "p.md", text, pair=["f1", "em"], names={"Ours": "ours"})
    assert [(row["intermediate"], row["metric"], row["printed"]) for row in found] == [
        ("ours", "f1", "73.1"),
        ("ours", "em", "63.0"),
    ]
    with pytest.raises(InputError, match=r"the cell '73\.1/soon' is no printed number; write the number"):
        rows(tmp_path / "p.md", text.replace("63.0", "soon"), pair=["f1", "em"])


def test_a_document_without_a_table_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the document has no table; name the file that has it"):
        rows(tmp_path / "p.md", "Only words.\n")

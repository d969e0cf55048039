r"""What commands and environments of LaTeX print, as tables: dropped arguments, symbols, kinds of environment.

From the LaTeX 2e reference and the manuals of the packages that papers use (booktabs, siunitx, graphicx, xcolor,
tabularray, threeparttable). A command that stands in no table prints its arguments, as most formatting does.
"""

from __future__ import annotations

import re
from typing import Final

DROPPED: Final = {
    **dict.fromkeys((
        "label", "ref", "eqref", "autoref", "cref", "Cref", "pageref", "vref", "nameref", "input", "include",
        "includegraphics", "bibliography", "bibliographystyle", "usepackage", "documentclass", "RequirePackage",
        "vspace", "hspace", "vskip", "hskip", "color", "textcolor", "cellcolor", "rowcolor", "columncolor",
        "pagestyle", "thispagestyle", "newlength", "graphicspath", "hypersetup", "geometry", "cmidrule", "cline",
        "phantom", "hphantom", "vphantom", "addbibresource", "nocite", "captionsetup", "scalebox", "rotatebox",
        "url", "href", "sisetup", "pgfplotsset", "tikzset", "lstset", "linespread", "hyphenation", "tnote", "thref",
        "raisebox", "parbox", "colorbox", "specialrule", "Xhline", "noalign", "subfile", "bibitem", "SetTblrInner",
        "pgfplotstableread", "allowdisplaybreaks", "pdfinfo", "usetikzlibrary", "theoremstyle", "onlinecite",
    ), 1),
    **dict.fromkeys((
        "setlength", "addtolength", "setcounter", "addtocounter", "fontsize", "rule", "resizebox", "DeclareSIUnit",
        "newtheorem", "fcolorbox", "newcolumntype", "numberwithin", "SetKw", "addcontentsline",
    ), 2),
    "definecolor": 3,
    "hyperref": 0,
    "footnotemark": 0,
}  # fmt: skip
"""Command -> how many braced arguments print nothing (lengths, colours, keys, file names); the rest is printed."""

DEFINING: Final = frozenset({
    "newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "def", "gdef", "edef", "xdef",
    "newcommandx", "DeclareMathOperator", "NewDocumentCommand", "RenewDocumentCommand",
})  # fmt: skip
NOTES: Final = frozenset({"footnote", "footnotetext", "thanks", "tablefootnote", "tfootnote"})
"""Their text stands at the foot of the page, so it must not part the words around the mark."""

HEADERS: Final = frozenset({"title", "subtitle", "author", "date", "abstract", "keywords"})
"""What prints although it stands before \\begin{document}."""

RANGES: Final = frozenset({"SIrange", "qtyrange", "numrange", "SIrange*"})
STACKS: Final = frozenset({"makecell", "shortstack", "thead", "specialcell"})
"""A line break inside them stays inside the cell."""

SPANNING: Final = frozenset({"multicolumn", "multirow"})
BREAKS: Final = frozenset({"\\", "tabularnewline", "cr", "par"})
CITES: Final = re.compile(r"(?:[A-Za-z]*cite[A-Za-z]*)\*?")

SYMBOLS: Final = {
    "pm": "±", "times": "×", "approx": "≈", "sim": "~", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "cdot": "·", "ldots": "…", "dots": "…", "%": "%", "&": "&", "#": "#", "$": "$", "_": "_", "{": "{",
    "}": "}", ",": "\u2009", ";": " ", ":": " ", "!": "", " ": " ", "quad": " ", "qquad": " ",
    "textasciitilde": "~", "\n": " ", "percent": "%", "textpm": "±", "textminus": "−", "minus": "−",
    "dagger": "†", "dag": "†", "ddagger": "‡", "ddag": "‡", "ast": "*", "star": "*", "textdagger": "†",
    "textasteriskcentered": "*", "newline": " ", "Delta": "Δ", "textquotesingle": "'", "slash": "/",
    "-": "", "/": "", "thinspace": "\u2009", "textendash": "–", "textbackslash": "\\",
}  # fmt: skip
"""What a command prints by itself."""

VERBATIM: Final = ("verbatim", "lstlisting", "minted", "comment", "tikzpicture", "Verbatim", "filecontents")
BIBLIOGRAPHY: Final = "thebibliography"
TABULARS: Final = frozenset({
    "tabular", "tabularx", "tabulary", "array", "longtable", "tabu", "longtabu", "tblr", "longtblr", "talltblr",
    "NiceTabular", "supertabular", "xltabular", "xtabular",
})  # fmt: skip
MATHS: Final = frozenset({
    "equation", "align", "gather", "multline", "displaymath", "math", "eqnarray", "flalign", "alignat",
})  # fmt: skip
MEASURED: Final = frozenset({
    "minipage", "subfigure", "subtable", "wraptable", "wrapfigure", "adjustbox", "multicols", "spacing",
    "adjustwidth", "alignat", "textblock", "tcolorbox", "columns", "column", "SCtable",
})  # fmt: skip
"""Environments whose arguments are lengths and options."""

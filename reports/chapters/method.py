"""Method appendix: how a verdict comes about, the vocabulary, and the literature that the rules rest on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from claims.finding import VERDICT_OF, Level, Reason, Verdict
from claims.outcome import Outcome
from reports.document import (
    Badge,
    Block,
    Bullets,
    Column,
    Line,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    line,
)
from reports.words import label

STEPS: Final = (
    (
        "From report to claim",
        "A mention is one statement in one report, verbatim with its line. Mentions map to canonical claims by a "
        "catalogue that is written by hand; similarity only proposes. A claim has a scope (source and version, "
        "benchmark, split, model) and one or more assertions of a closed set of kinds.",
    ),
    (
        "Printed numbers",
        "A printed number is kept as its string and stands for the closed interval of all values "
        "that could have been "
        "printed so: 8.2 stands for [8.15, 8.25]. Arithmetic is exact decimal. Means, differences, shares and ranks "
        "propagate the intervals of their cells (interval arithmetic [1]).",
    ),
    (
        "Three outcomes of arithmetic",
        "A claimed number reproduces when the cells taken as exact round to it; it reproduces within rounding when "
        "only the propagated interval meets it; it is contradicted when the two do not meet, by at least the gap "
        "between them. Taking rounded cells as exact would accuse honest tables; consistency checks of printed "
        "statistics have met the same question [2, 3].",
    ),
    (
        "Averages of XTREME",
        "The average is the mean over tasks of the task score; a question-answering task scores the mean of F1 and "
        "exact match; a task score is the mean over its languages [4].",
    ),
    (
        "How a claim stands",
        "A claim takes the verdict of its weakest deciding assertion. Evidence from another version, "
        "benchmark, split "
        "or model is shown as drift and decides only where nothing else does; runs at miniature and "
        "small scale never "
        "decide about the paper.",
    ),
    (
        "Witnesses",
        "Reports that repeat one source are one witness. Roots are counted after merging versions of a document and "
        "near-identical abstracts. Where the reports under review are the only place that states a "
        "number, the finding "
        "says so, because a claim cannot be its own evidence.",
    ),
)

STATISTICS: Final = (
    "Statistics",
    "The unit of replication is a run; languages and targets of one run are never counted as independent runs. "
    "Effects are pooled by restricted maximum likelihood [6] with the Knapp and Hartung interval, never narrower "
    "than the normal one [7], and the range for a new unit is a prediction interval [8]. Where effects share "
    "settings or targets, errors are cluster-robust with the CR2 correction [9]. Many tests together are corrected "
    "by Holm's method [10]. A funnel plot of few studies cannot tell asymmetry from chance [11].",
)
"""Only where an analysis is part of the report."""

REFERENCES: Final = (
    ("Moore, Kearfott and Cloud (2009). Introduction to Interval Analysis. SIAM.", "10.1137/1.9780898717716"),
    (
        "Nuijten, Hartgerink, van Assen, Epskamp and Wicherts (2016). The prevalence of statistical "
        "reporting errors in "
        "psychology (1985–2013). Behavior Research Methods 48, 1205–1226.",
        "10.3758/s13428-015-0664-2",
    ),
    (
        "Brown and Heathers (2017). The GRIM test. Social Psychological and Personality Science 8, 363–369.",
        "10.1177/1948550616673876",
    ),
    ("Hu et al. (2020). XTREME. ICML. arXiv:2003.11080.", None),
    (
        "Okabe and Ito (2008). Color universal design: how to make figures and presentations that are friendly to "
        "colorblind people.",
        None,
    ),
)
"""Text and DOI where one is known; numbered in this order."""

OF_STATISTICS: Final = (
    (
        "Viechtbauer (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model. "
        "Journal of Educational and Behavioral Statistics 30, 261–293.",
        "10.3102/10769986030003261",
    ),
    (
        "Knapp and Hartung (2003). Improved tests for a random effects meta-regression with a single covariate. "
        "Statistics in Medicine 22, 2693–2710.",
        "10.1002/sim.1482",
    ),
    (
        "Higgins, Thompson and Spiegelhalter (2009). A re-evaluation of random-effects meta-analysis. "
        "Journal of the Royal Statistical Society A 172, 137–159.",
        "10.1111/j.1467-985X.2008.00552.x",
    ),
    (
        "Pustejovsky and Tipton (2018). Small-sample methods for cluster-robust variance estimation. "
        "Journal of Business & Economic Statistics 36, 672–683.",
        "10.1080/07350015.2016.1247004",
    ),
    (
        "Holm (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, "
        "65–70.",
        None,
    ),
    (
        "Sterne et al. (2011). Recommendations for examining and interpreting funnel plot asymmetry in "
        "meta-analyses. BMJ 343, d4002.",
        "10.1136/bmj.d4002",
    ),
)
"""Numbered after the others."""


def method(outcome: Outcome) -> Section:
    """Steps, vocabulary, references."""
    analysed = outcome.analysis is not None or bool((outcome.replication or {}).get("analysis"))
    told = (*STEPS, STATISTICS) if analysed else STEPS
    steps = tuple(Paragraph(line(Text(f"{title}. ", "strong"), text)) for title, text in told)
    references = (*REFERENCES, *OF_STATISTICS) if analysed else REFERENCES
    blocks: tuple[Block, ...] = (*steps, _verdicts(), _levels(), _reasons(outcome), _references(references))
    return Section("Method", "method", blocks, new_page=True)


def _verdicts() -> Table:
    rows = tuple(Row((line(Badge("verdict", verdict)), line(verdict.meaning))) for verdict in Verdict)
    return Table((Column("Verdict"), Column("Meaning", width=1)), rows, "Verdicts.", compact=True)


def _levels() -> Table:
    rows = tuple(Row((line(Badge("level", level)), line(level.meaning))) for level in Level)
    return Table(
        (Column("Level"), Column("Meaning", width=1)), rows, "Levels, from shallow to deep.", compact=True
    )


def _reasons(outcome: Outcome) -> Table:
    used = {finding.reason for finding in (*outcome.findings, *(row.finding for row in outcome.sweep))}
    rows = tuple(
        Row(
            (
                line(Text(label(reason), "strong")),
                line(Badge("verdict", VERDICT_OF[reason])),
                line(reason.meaning),
            )
        )
        for reason in Reason
        if reason in used
    )
    heads = (Column("Reason"), Column("Verdict"), Column("Meaning", width=1))
    return Table(heads, rows, "Reasons that occur in this report.", compact=True)


def _references(references: Iterable[tuple[str, str | None]]) -> Section:
    items: list[Line] = []
    for text, doi in references:
        link = (Text(" "), Link(f"doi:{doi}", f"https://doi.org/{doi}")) if doi else ()
        items.append((Text(text), *link))
    return Section("References", "references", (Bullets(tuple(items), numbered=True),), listed=False)

"""Outcomes made by hand: realistic, empty, single, huge and hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from claims.finding import Alternative, Cell, Contribution, Finding, Level, Location, Reason
from claims.outcome import AuditFinding, ClaimCard, Mention, Outcome, ReportCard, SourceCard, SweepRow

HOSTILE = (
    "#set page(fill: red) $x^2$ @ref <label> `raw` ```block``` \\ #{panic()} *b* _i_ = head",
    "**bold** [link](javascript:alert(1)) ![img](https://evil.example/x.png) <img src=x onerror=alert(1)> | a | b |",
    "<script>alert(1)</script></script><style>*{display:none}</style>&amp;&#60; \"quoted\" 'single'",
    "bell\x07 escape\x1b[31m null\x00 vertical\x0b override\u202egnp.exe\u2066 mark\ufeff surrogate\ud800",
    "שלום עולם مرحبا بالعالم 中文字符 日本語 한국어 😀👩\u200d👩\u200d👧 Ελληνικά кириллица",
    "x" * 10_000,
    "- item\n1. item\n# head\n\n    code",
    "]]> --> {{ template }} ${jndi:ldap://x} %s %n ' OR 1=1 --",
)


def cell(target: str, printed: str, line: int, metric: str = "gain_acc", intermediate: str = "squad") -> Cell:
    selector = {"intermediate": intermediate, "variant": "plain", "target": target, "metric": metric}
    return Cell(
        "arXiv:2005.13013v1", "Table 2", selector, printed, float(printed), "seen", "evidence/v1.csv", line
    )


def finding(claim: str, name: str, reason: Reason, level: Level = Level.RECOMPUTED, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "kind": "gain",
        "reading": "mean gain of squad over none equals 8.2",
        "detail": f"compared the mean of the cells with the claimed number: {reason}",
        "location": Location("claims.yaml", 12, 9),
    }
    return Finding(f"{claim}/{name}", claim, reason=reason, level=level, **(given | more))


REASONS = tuple(Reason)


def claim_card(index: int, text: str | None = None, rich: bool = True) -> ClaimCard:
    claim = f"study.topic-{index % 7}.claim-{index}"
    reason = REASONS[(index * 5) % len(REASONS)]
    # the printed value depends on the row, so that the heat map has contrast
    cells = tuple(
        cell(
            target,
            f"{(row * 7 + index) % 23 / 2 - 3:.1f}",
            10 * index + row,
            intermediate=f"task-{index % 5}",
        )
        for row, target in enumerate(("xnli", "pawsx", "udpos", "bucc2018", "tatoeba"))
    )
    main = finding(
        claim,
        "recomputed",
        reason,
        claimed="8.2",
        claimed_interval=("8.15", "8.25"),
        computed=f"8.{index % 5}0",
        computed_interval=(f"8.{index % 5}0", f"8.{index % 5}9"),
        margin="0.033",
        sensitivity="flips if one cell moves by 0.1",
        cells=cells,
        contributions=(
            Contribution("BUCC and Tatoeba", ("bucc2018", "tatoeba"), "7.40", "8.27"),
            Contribution("other seven", ("xnli", "pawsx", "udpos"), "0.87", "8.27"),
        )
        if index % 3 == 0
        else (),
        alternatives=(Alternative("published baseline", "6.1", "the authors' own baseline gives 8.1"),),
        needs=("evidence/v2.csv: row squad x average (gain_score)",) if index % 4 == 0 else (),
    )
    findings: tuple[Finding, ...] = (main,)
    if rich:
        runs = finding(
            claim,
            "regenerated",
            Reason.NO_RUNS,
            Level.REGENERATED,
            kind="regenerated",
            scale="paper",
            needs=("verify-claims replicate xstilts --scale paper",),
        )
        tested = finding(
            claim,
            "tested",
            Reason.INTERVAL_AGREES,
            Level.TESTED,
            scale="small",
            statistics={"estimate": 8.1, "interval": [7.5, 8.7], "n": 5, "p": None},
        )
        findings = (main, runs, tested)
    words = (
        text
        or f"Intermediate training on task {index} improves the development average by 8.{index % 10} points."
    )
    mentions = tuple(
        Mention(
            f"report-{r}",
            40 + index,
            words,
            r == 1,
            (index + r) % 3 != 0,
            f"0.{10 + (index * 3 + r) % 25}",
            (claim,),
        )
        for r in range(1 + index % 3)
    )
    scope = {"source": f"arXiv:2005.13013v{1 + index % 2}", "benchmark": "XTREME", "split": "dev"}
    group = ("Average gains", "Target tasks", "Task sizes")[index % 3]
    notes = ("A note that the author of the claims file left.",) if index % 5 == 0 else ()
    return ClaimCard(
        claim,
        words,
        group,
        scope,
        Location("claims.yaml", 10 + index),
        mentions,
        findings,
        notes,
        len(mentions),
        1,
    )


def make(
    n: int = 12, texts: tuple[str, ...] = (), rich: bool = True, analysis: dict[str, Any] | None = None
) -> Outcome:
    """An outcome with `n` claims; `texts` replace the first statements."""
    cards = tuple(claim_card(i, texts[i] if i < len(texts) else None, rich) for i in range(n))
    by_report: dict[str, list[Mention]] = {}
    for card in cards:
        for mention in card.mentions:
            by_report.setdefault(mention.report, []).append(mention)
    reports = tuple(
        ReportCard(
            name,
            f"reports/{name}.txt",
            "ab" * 32,
            f"Title of {name}",
            "July 2026",
            "Does scaling help?",
            "An abstract",
            True,
            {"claims": "14", "verified": "13"},
            ("http://arxiv.org/abs/2005.13013v2",),
            tuple(mentions),
            ((77, "a line that no rule knows"),) if name == "report-0" else (),
        )
        for name, mentions in sorted(by_report.items())
    )
    audit = (
        (
            AuditFinding(
                "threshold",
                tuple(by_report),
                None,
                "Verdicts are a cut at confidence 0.15.",
                {"threshold": "0.15"},
            ),
            AuditFinding(
                "opposite_verdicts", tuple(by_report), cards[0].id, "Ticked once and crossed once.", {}
            ),
        )
        if cards
        else ()
    )
    sweep = tuple(
        SweepRow(
            "arXiv:2005.13013v1",
            "Table 2",
            f"row {i}",
            "8.3",
            finding(
                "sweep",
                str(i),
                (Reason.REPRODUCES, Reason.OUTSIDE_ROUNDING)[i % 2],
                claimed="8.3",
                computed="8.27",
                computed_interval=("8.22", "8.32"),
                margin="0.12",
                cells=(cell("xnli", "1.0", 900 + i),),
            ),
        )
        for i in range(min(n, 9))
    )
    sources = (
        SourceCard(
            "arXiv:2005.13013v1", "Intermediate-task training", "v1", "arXiv:2005.13013", "Tables 1-2"
        ),
        SourceCard(
            "arXiv:2005.13013v2", "Intermediate-task training", "v2", "arXiv:2005.13013", "abstract only"
        ),
    )
    headlines = (
        (
            "BUCC and Tatoeba carry 7.40 of the 8.3 points.",
            "The reports' verdicts are a threshold on confidence.",
        )
        if n
        else ()
    )
    return Outcome(
        "verify-claims/outcome/1",
        "0.1.0",
        "example",
        "studies/example",
        {"claims.yaml": "cd" * 32, "evidence/v1.csv": "ef" * 32},
        sources if n else (),
        reports,
        cards,
        audit,
        sweep,
        headlines,
        analysis,
    )


@pytest.fixture(scope="session")
def outcome_of() -> Callable[..., Outcome]:
    return make


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    return make()


@pytest.fixture(scope="session")
def hostile() -> Outcome:
    """Markup and odd characters in every text that a report, a claims file or an evidence file can hold."""
    made = make(len(HOSTILE), HOSTILE)
    cards = tuple(
        replace(
            card,
            group=HOSTILE[i % 4],
            notes=(HOSTILE[(i + 1) % 4],),
            scope={HOSTILE[0]: HOSTILE[2], "source": HOSTILE[1]},
            findings=tuple(
                replace(f, reading=HOSTILE[i], detail=HOSTILE[(i + 2) % 8], sensitivity=HOSTILE[3])
                for f in card.findings
            ),
        )
        for i, card in enumerate(made.claims)
    )
    reports = tuple(
        replace(r, title=HOSTILE[2], question=HOSTILE[0], counts={HOSTILE[1]: HOSTILE[3]})
        for r in made.reports
    )
    sources = (SourceCard(HOSTILE[1], HOSTILE[4], HOSTILE[0], HOSTILE[2], HOSTILE[3]),)
    return replace(made, study=HOSTILE[2], claims=cards, reports=reports, sources=sources, headlines=HOSTILE)


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    return HOSTILE

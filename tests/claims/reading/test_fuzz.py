"""Anything at all as a report: a card or an `InputError`, in linear time. FUZZ=20000 runs the long variant."""

from __future__ import annotations

import os
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.audit import audit
from claims.clustering import map_mentions
from claims.proposals import proposals_yaml
from claims.reading import read_report

EXAMPLES = int(os.environ.get("FUZZ", "150"))
FRAGMENTS = [
    *(
        "## 5 Extracted Claims",
        "5 Extracted Claims",
        "Claim\tVerified\tConfidence",
        "| Claim | Verified | Confidence |",
    ),
    *(
        "|---|---|---|",
        "| a | ✓ | 0.3 |",
        "a b.\t×\t0.1",
        "\t✓\t0.2",
        "✓ 0.27",
        "0.27",
        "×",
        "Verified Confidence",
        "Claim",
    ),
    *(
        "14 claims extracted; 13 independently verified.",
        "Research question: why?.",
        "This paper examines: X. ",
        "Abstract",
    ),
    *(
        "References",
        "- <http://arxiv.org/abs/2005.13013v2>",
        "",
        "  ",
        "improve-",
        "ments of 8.2",
        "|",
        "\\|",
        "\t",
        "|||||",
    ),
    *(
        "<table>",
        "<tr><td>",
        "</td>",
        "<td>✓",
        "</tr>",
        "<h2>Claims</h2>",
        "<script>",
        "</script>",
        "&#xD800;",
        "<![CDATA[",
        "<!--",
    ),
    *(
        "- item ✓ 0.2",
        "1. item",
        "\u202e",
        "\x1b[2J",
        "\ud7ff",
        "𝟘.𝟛",
        "９９％",
        "…",
        "#" * 7,
        "---",
        "\x0c",
        "\x0c7",
        "2 claims extracted",
    ),
]
reports = st.lists(
    st.sampled_from(FRAGMENTS) | st.text(st.characters(codec="utf-8"), max_size=40), max_size=40
)


def survives(path):
    try:
        card = read_report(path)
    except InputError as error:
        assert error.problems and all(problem.what and problem.remedy for problem in error.problems)
        return
    told = map_mentions([card])
    assert len(card.mentions) == sum(len(proposal.mentions) for proposal in told.proposals)
    audit(told.reports)
    proposals_yaml(told.proposals)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(reports, st.sampled_from(["txt", "md", "html"]), st.sampled_from(["\n", "\r\n", " "]))
def test_any_text(tmp_path_factory, lines, suffix, ending):
    path = tmp_path_factory.getbasetemp() / f"fuzz.{suffix}"
    path.write_bytes(ending.join(lines).encode("utf-8", "replace"))
    survives(path)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.sampled_from(["txt", "md", "html", "pdf"]), st.booleans())
def test_any_bytes(tmp_path_factory, data, suffix, pdf):
    path = tmp_path_factory.getbasetemp() / f"bytes.{suffix}"
    path.write_bytes((b"%PDF-1.7\n" if pdf else b"") + data)
    survives(path)


@pytest.mark.parametrize(
    "line",
    [
        *(
            " ",
            "\t",
            "|",
            "✓ ",
            "0.3 ",
            "a",
            "-",
            "# ",
            "1.",
            "( ",
            "*",
            "a\t",
            "<td>",
            "<",
            "&",
            "0",
            "é-\n",
            "a.\n",
        ),
        *(
            "| a |\n",
            "✓\n",
            "a\n\n",
            "- a\n",
            "0.27\n",
            "\\|",
            "yes ",
            "Research question: ",
            "2020 ",
            "1,",
            "(2020",
        ),
        "<tr><td>a",
    ],
)
@pytest.mark.parametrize("suffix", ["md", "html"])
def test_time_grows_with_length_and_not_with_its_square(tmp_path, line, suffix):
    head = "3 claims extracted.\n\n## Claims\n\n| Claim | Verified |\n|---|---|\n| a | ✓ |\n"

    def seconds(size):
        path = tmp_path / f"{size}.{suffix}"
        path.write_text(head + line * (size // len(line)), encoding="utf-8")
        started = time.process_time()
        with suppress(InputError):
            read_report(path)
        return time.process_time() - started

    # Four times the length: a square would take sixteen times as long.
    # The least of three, because a collection of garbage or a busy neighbour lengthens single runs.
    long, short = (min(seconds(size) for _ in range(3)) for size in (80_000, 20_000))
    assert long < 10 * max(short, 0.02)

"""Mentions to claims: exact, then cut texts by their beginning, then nothing but a proposal."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import InputError
from claims.clustering import cluster, map_mentions
from claims.load import load_claims, validated
from claims.mapping import read_mapping
from claims.model import ClaimsFile
from claims.outcome import Mention, ReportCard
from claims.proposals import names_in, numbers_in, proposals_yaml
from claims.reading import read_reports
from claims.yaml_marks import parse_yaml

STUDY = Path(__file__).resolve().parents[2] / "claims" / "catalog" / "xstilts"
CLAIMS = [
    SimpleNamespace(id="squad.gain", text="SQuAD improves the development average by 8.2 points."),
    SimpleNamespace(id="xnli.none", text="XNLI does not benefit from intermediate training."),
]
LONG = "Intermediate training on SQuAD improves the average over all the target tasks by 8.2 points."


def report(*texts, cut=False, id="r"):
    mentions = tuple(Mention(id, n, text, cut, None, None) for n, text in enumerate(texts, start=1))
    return ReportCard(id, "r.md", "", None, None, None, None, False, {}, (), mentions, ())


def mapping(tmp_path, text):
    path = tmp_path / "mentions.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study():
    reports = read_reports(sorted((STUDY / "reports").glob("*.txt")))
    file, _ = load_claims(STUDY / "claims.yaml", "claims.yaml")
    return reports, file, map_mentions(reports, file.claims, STUDY / "mentions.yaml")


def test_all_62_mentions_of_the_bundled_reports_are_mapped(study):
    _, _, mapped = study
    mentions = [mention for report in mapped.reports for mention in report.mentions]
    assert len(mentions) == 62
    assert all(mention.claims for mention in mentions)
    assert mapped.proposals == ()


def test_the_places_listed_in_the_mapping_are_those_of_the_reports(study):
    _, file, mapped = study
    entries = read_mapping(STUDY / "mentions.yaml", {claim.id for claim in file.claims})
    listed = {place: entry.claims for entry in entries for place in entry.seen}
    read = {f"{m.report}:{m.line}": m.claims for report in mapped.reports for m in report.mentions}
    assert listed == read
    assert sum(len(entry.seen) for entry in entries) == 62


def test_compound_sentences_stand_for_several_claims(study):
    _, _, mapped = study
    by_line = {(m.report[:3], m.line): m.claims for report in mapped.reports for m in report.mentions}
    assert by_line["000", 33] == (
        "xstilts.squad.dev-gain",
        "xstilts.mnli.dev-gain",
        "xstilts.hellaswag.dev-gain",
    )
    assert by_line["002", 60] == ("xstilts.tydiqa.consistent", "xstilts.xnli.no-benefit")
    assert by_line["003", 42] == ("xstilts.xnli.no-benefit",)


def test_a_pdf_text_that_cuts_one_letter_earlier_is_the_same_sentence(study):
    _, _, mapped = study
    first = {report.id[:3]: report.mentions[0] for report in mapped.reports}
    assert first["002"].text.endswith("7.0 poin")
    assert first["000"].text.endswith("7.0 point")
    assert first["002"].claims == first["000"].claims


def test_without_a_study_every_statement_is_proposed_once(study):
    reports, _, _ = study
    proposals = map_mentions(reports).proposals
    assert sum(len(proposal.mentions) for proposal in proposals) == 62
    assert [
        len(p.mentions) for p in proposals if p.text.startswith("Intermediate-task training on SQuAD, MNLI")
    ] == [4]


def test_the_text_of_a_claim_maps_without_a_mapping_file():
    mapped = map_mentions([report("xnli does NOT benefit from intermediate training")], CLAIMS)
    assert mapped.reports[0].mentions[0].claims == ("xnli.none",)


def test_a_likeness_never_maps():
    mapped = map_mentions([report("SQuAD improves the development average by 8.3 points.")], CLAIMS)
    assert mapped.reports[0].mentions[0].claims == ()
    (proposal,) = mapped.proposals
    assert proposal.similar == ()  # another number makes it another claim


def test_a_near_wording_is_named_as_similar():
    (proposal,) = map_mentions([report("XNLI shows no benefit of intermediate training.")], CLAIMS).proposals
    assert proposal.similar[0][0] == "xnli.none"


@pytest.mark.parametrize(
    ("cut", "claims"),
    [
        (LONG[:70], ("squad.gain",)),  # within a word
        (LONG[:85], ("squad.gain",)),
        (LONG[:12], ()),  # too short to mean anything
        ("Another beginning " + LONG[:60], ()),
    ],
)
def test_a_cut_mention_maps_by_its_beginning(tmp_path, cut, claims):
    path = mapping(
        tmp_path,
        f"schema: verify-claims/mentions/1\nmentions:\n- text: {json.dumps(LONG)}\n  claims: [squad.gain]\n",
    )
    assert map_mentions([report(cut, cut=True)], CLAIMS, path).reports[0].mentions[0].claims == claims


def test_a_whole_mention_does_not_map_by_its_beginning(tmp_path):
    path = mapping(
        tmp_path,
        f"schema: verify-claims/mentions/1\nmentions:\n- text: {json.dumps(LONG)}\n  claims: [squad.gain]\n",
    )
    assert map_mentions([report(LONG[:-11])], CLAIMS, path).reports[0].mentions[0].claims == ()


def test_a_number_cut_short_is_not_taken_for_a_longer_one(tmp_path):
    whole = "Evaluating our best models on the benchmark yields an average improvement of 5.45 points."
    path = mapping(
        tmp_path,
        f"schema: verify-claims/mentions/1\nmentions:\n- text: {json.dumps(whole)}\n  claims: [squad.gain]\n",
    )
    cut = whole[: whole.index("5.45") + 3]
    assert cut.endswith("5.4")
    assert map_mentions([report(cut, cut=True)], CLAIMS, path).reports[0].mentions[0].claims == ()


def test_a_beginning_shared_by_different_claims_maps_to_none(tmp_path):
    entries = "".join(
        f"- text: {LONG[:-1]} {end}\n  claims: [{id}]\n"
        for end, id in (("a.", "squad.gain"), ("b.", "xnli.none"))
    )
    path = mapping(tmp_path, f"schema: verify-claims/mentions/1\nmentions:\n{entries}")
    assert map_mentions([report(LONG[:80], cut=True)], CLAIMS, path).reports[0].mentions[0].claims == ()


def test_every_problem_of_a_mapping_file_is_told_at_its_place(tmp_path):
    path = mapping(
        tmp_path,
        "schema: verify-claims/mention\nmentions:\n- text: A\n  claims: [squad.gian]\n- claim: [x]\n"
        "- {text: 8.20, claims: [squad.gain]}\n- {text: B., claims: []}\n"
        "- {text: b, claims: [squad.gain], cut: maybe}\n",
    )
    with pytest.raises(InputError) as caught:
        read_mapping(path, {"squad.gain"})
    told = [(p.line, p.what.split(";")[0]) for p in caught.value.problems]
    assert (1, "schema 'verify-claims/mention'") in told
    assert (4, "there is no claim 'squad.gian'") in told
    assert (5, "unknown key 'claim'") in told
    assert (5, "an entry without `text`") in told
    assert (6, "`text` is not a text, in quotes if it looks like a number") in told
    assert (7, "`claims` is empty") in told
    assert (8, "`cut` is not true or false") in told
    assert all(p.file == path.as_posix() and p.column and p.remedy for p in caught.value.problems)


def test_one_sentence_twice_in_a_mapping_file(tmp_path):
    path = mapping(
        tmp_path,
        "schema: verify-claims/mentions/1\nmentions:\n- {text: A b., claims: [x]}\n- {text: a  B, claims: [x]}\n",
    )
    with pytest.raises(InputError, match="sentence of line 3 is mapped again"):
        read_mapping(path)


def test_proposals_are_drafts_that_the_loader_accepts(study):
    reports, _, _ = study
    known = {"intermediate": ["squad", "mnli", "hellaswag", "none"]}
    text = proposals_yaml(map_mentions(reports).proposals, known)
    file = validated(ClaimsFile, parse_yaml(text.encode(), "proposals.yaml"))
    assert {claim.status for claim in file.claims} == {"draft"}
    assert len(file.claims) == len(map_mentions(reports).proposals)
    first = file.claims[0].assertions
    assert [(a.of, a.equals) for a in first] == [
        ({"intermediate": "squad"}, "8.2"),
        ({"intermediate": "mnli"}, "7.5"),
        ({"intermediate": "hellaswag"}, "7.0"),
    ]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
@example(
    [
        "0E0",
        "8.20",
        "1:30",
        "no",
        "+.5",
        "~",
        "null",
        "<<",
        "# x",
        "- y",
        "!tag",
        "&a",
        "*a",
        "𑥐 gains",
        "2020-05-26",
    ]
)
def test_any_statement_becomes_a_valid_draft(texts):
    proposals = map_mentions([report(*texts)]).proposals
    file = validated(ClaimsFile, parse_yaml(proposals_yaml(proposals).encode(), "proposals.yaml"))
    assert len({claim.id for claim in file.claims}) == len(proposals)


def test_nothing_to_propose_says_so():
    assert proposals_yaml(()).startswith("# every mention is covered")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("gains 8.2, 7.5, and 7.0 points", ("8.2", "7.5", "7.0")),
        ("1,104,934 examples (Nie et al., 2020)", ("1,104,934",)),
        ("SQuAD v2.0, GPT-4, XLM-R on 15 languages", ("15",)),
        ("falls by -3.1 % or −2", ("-3.1", "-2")),
        ("no number", ()),
    ],
)
def test_numbers_as_printed(text, numbers):
    assert numbers_in(text) == numbers


def test_names_of_columns_in_order():
    known = {"intermediate": ["anli+", "cosmos-qa", "squad"], "target": ["xnli"]}
    assert names_in("Cosmos QA, then ANLI+ and squadron", known) == {"intermediate": ["cosmos-qa", "anli+"]}


@given(st.lists(st.text("ab .", min_size=1, max_size=60), max_size=12), st.booleans())
def test_clusters_are_a_partition(texts, cut):
    mentions = report(*texts, cut=cut).mentions
    grouped = [mention for group in cluster(mentions) for mention in group]
    assert sorted(mention.line for mention in grouped) == [mention.line for mention in mentions]

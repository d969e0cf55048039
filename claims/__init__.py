"""What is claimed, and whether it holds: model, YAML, report readers, clustering, evidence, checks, audit.

Room plan
---------
reasons       the words of a decision: Verdict, Level, Reason
finding       a decision with all that a reader needs to find it again
outcome       the one result object of a check; every rendering is a pure function of it
standing      how a claim stands when its assertions are taken together
yaml_marks    YAML as plain values that remember their places (yaml_values); refuses what expands or executes
words         names, texts, selectors and printed numbers of all files; the closed base of all models
grants        what a study grants, why and until when: tolerances, policy
model         the claims file and the sources file as closed models; assertions: the kinds
load          a file as its model, or every fault at its line and column
crossed       problems between the parts of a claims file, each right by itself
families      whether contrasts that were registered together are all there, unchanged
schema/       the JSON Schema of the claims file, generated and shipped
evidence      results tables and source texts of a study, confined to its folder
run_scores    whether scores of a run are those that its record was written with
selector      what a selector means in its scope, and which rows it names
amount        what cells stand for together: point and interval, exactly
averages      numbers of settings and gains as weighted sums of cells
kinds/        one room per kind of assertion; `DECIDERS` is the seam for further kinds
comparable    whether the cells of a decision may be compared at all
absent        why cells are not there, and what would settle it
check         findings of claims, whatever happens
sweep         every printed average recomputed from the cells beside it
headlines     the findings a reader should know, computed from the findings
folder        which folder is the study, and which files in it have a fixed place
studies_named whether the studies of runs that assertions name exist
contents      a study folder, read and validated
study         a study folder -> the result object
remembered    findings of an earlier check, for unchanged claims over unchanged evidence
policy        which findings fail a build
baseline      the accepted findings of a study
scaffold      a small working study to begin with
catalog/      the bundled study: claims, sources, mentions, evidence, baseline, reports
reading/      report files (.txt, .md, .html, .pdf) -> report cards with their mentions
terms         content terms and likeness of texts; never decides anything
mapping       the mapping file mentions.yaml: sentence -> canonical claims
clustering    which claims stand behind each mention; proposals for the others
proposals     proposals as a claims file whose claims are all drafts
audit/        what is odd about reports: counts, questions, verdicts, independence
collect       rows from files of other tools; adapters/ has one reader per tool
documents/    the visible text of a paper, page or notebook, and its tables
printed_in    whether the places that print a claim's number agree with it
accounting    every number of a document: bound to a claim, set aside, or unbound
mending       the edits that make document, claims file and results agree
accepting     what a baseline should hold; baseline_edit writes it by editing
lint          what deserves a look although nothing fails
changes       what changed between two results of a check
source_drift  cells that two versions of a source print differently
statistics/   the questions that a study asks of its numbers, and claims tested over seeds
"""

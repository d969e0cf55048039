"""What is claimed, and whether it holds: model, YAML, report readers, clustering, evidence, checks, audit.

Room plan
---------
finding       the words of a decision: Verdict, Level, Reason, Finding
outcome       the one result object of a check; every rendering is a pure function of it
reading/      report files (.txt, .md, .html, .pdf) -> report cards with their mentions
terms         content terms and likeness of texts; never decides anything
mapping       the mapping file mentions.yaml: sentence -> canonical claims
clustering    which claims stand behind each mention; proposals for the others
proposals     proposals as a claims file whose claims are all drafts
audit/        what is odd about reports: counts, questions, verdicts, independence
(further rooms are listed here as they are built)
"""

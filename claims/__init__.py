"""What is claimed, and whether it holds: model, YAML, report readers, clustering, evidence, checks, audit.

Room plan
---------
finding       the words of a decision: Verdict, Level, Reason, Finding
outcome       the one result object of a check; every rendering is a pure function of it
(further rooms are listed here as they are built)
"""

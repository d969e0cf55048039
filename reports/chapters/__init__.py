"""The chapters of a report, each a pure function of the outcome.

overview (first page) · ladder (evidence per claim) · claims (groups and claims in full) · decided (one finding) ·
series (alike findings as a table) · open (what would settle what is open) · cells (the cells of a finding) ·
audit (the reports themselves) · sweep (published averages) · statistics (analysis) · asked (first page of an analysis
that stands alone) · rows (rows of an analysis) · runs (replication) · records (run records) ·
method (how, with references) · provenance (inputs, sources, rows) · places (anchors that numbers link to).
"""

"""Statistics over a tidy results table; knows no claim, no report and no model.

Scores are in points, the last axis of an array is the replication. Input that a question cannot be asked of (a
missing score, one seed, no spread, shapes that do not match) raises `analysis.errors.InputError`, which says what was
seen and what to do; docstrings say it again only where the reason is not plain.

Room plan
---------
errors        `InputError`: the problems of bad input, each with what, where and what to do
results       the results table: columns, meaning, reading; dictionary-encoded in memory
results_rules what a row must satisfy; results_text and results_arrow read files by it
index         rows of a results table by the texts of some columns
arrays        numbers and labels from what a caller hands over, or one clear error
printed       a number as it was printed, and the closed interval that it stands for
resampling    which rows a resample draws: keyed by claim, the same on every machine
seeds         what a few seeds say about a score or a gain: estimates and intervals
hypothesis    tests, the smallest p value each can reach, equivalence, tests over many claims
multiplicity  p values adjusted for the number of claims
selection     what picking the best does to a number
power         seeds needed, smallest detectable difference
meta          effects of many studies pooled: heterogeneity, regression, dependence, bias, prediction
estimand      what a claim estimates: quantity, error, unit of replication; or a refusal
coverage      measured coverage of intervals by design, and the default that follows
mixed         crossed random effects by REML, prediction for a new task or language
curves        score against dose: families, profile intervals, concavity, diminishing returns
answers       the questions people ask of a table, answered as plain data
contrast      registered contrasts, decided over seeds
"""

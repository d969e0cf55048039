"""What a few training seeds say about a score or a gain: estimates, intervals, and when they say nothing.

The last axis of every array is the replication (seeds or runs); leading axes are named in the parameter, or a batch.

Room plan
---------
scores        refuses what no interval can be made of: missing values, one value, no spread
interval      the interval that every method returns
location      mean, median, interquartile mean, trimmed mean, optimality gap
student       t intervals: one mean, Welch difference, paired difference, borrowed standard deviation
tasks         averages over tasks and their differences: Welch-Satterthwaite; shared runs (crossed designs)
prediction    where one replication should fall
bootstrap     percentile, basic, BCa, studentized; ideal (enumerated) for n <= 8
endpoints     the four bootstrap end-point rules on a (weighted) bootstrap distribution
stratified    seeds within tasks: IQM and other aggregates over tasks x seeds
hierarchical  seeds in languages in tasks; intermediate checkpoints shared by several targets
improvement   probability of improvement with guaranteed, rank and bootstrap intervals
dominance     almost stochastic order by its exact integral
profiles      performance profiles with exact stratified bands
examples      sampling error of the test set: Wilson, F1, combined with the spread of seeds
clustered     standard error of a mean of clustered examples: CR0, CR1, CR2 with Satterthwaite
"""

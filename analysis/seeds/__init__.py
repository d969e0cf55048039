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
endpoints     percentile, basic and BCa ends of a (weighted) bootstrap distribution
studentized   studentized ends: each resample divided by its own standard error
stratified    seeds within tasks: IQM and other aggregates over tasks x seeds
hierarchical  seeds in languages in tasks; intermediate checkpoints shared by several targets
improvement   probability of improvement with guaranteed, rank and bootstrap intervals
dominance     almost stochastic order by its exact integral
profiles      performance profiles with exact stratified bands
examples      sampling error of the test set: Wilson, F1, combined with the spread of seeds
clustered     standard error of a mean of clustered examples: CR0, CR1, CR2 with Satterthwaite
"""

from analysis.seeds.bootstrap import bootstrap_difference, bootstrap_interval
from analysis.seeds.clustered import clustered_interval
from analysis.seeds.dominance import AlmostStochasticOrder, almost_stochastic_order, violation_ratio
from analysis.seeds.examples import (
    f1_error,
    f1_interval,
    seeds_and_examples_interval,
    seeds_by_examples_interval,
    wilson_interval,
)
from analysis.seeds.hierarchical import hierarchical_interval, shared_checkpoint_interval
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.interval import Interval
from analysis.seeds.location import iqm, mean, median, optimality_gap, trimmed_mean
from analysis.seeds.prediction import gain_prediction_interval, prediction_interval, two_estimate_interval
from analysis.seeds.profiles import Profile, performance_profile
from analysis.seeds.stratified import stratified_difference, stratified_interval, studentized_task_interval
from analysis.seeds.student import (
    borrowed_interval,
    difference_interval,
    guarded,
    mean_interval,
    paired_interval,
    t_interval,
)
from analysis.seeds.tasks import (
    paired_task_average_difference,
    shared_run_interval,
    task_average_difference,
    task_average_interval,
)

__all__ = [
    "AlmostStochasticOrder",
    "Interval",
    "Profile",
    "almost_stochastic_order",
    "bootstrap_difference",
    "bootstrap_interval",
    "borrowed_interval",
    "clustered_interval",
    "difference_interval",
    "f1_error",
    "f1_interval",
    "gain_prediction_interval",
    "guarded",
    "hierarchical_interval",
    "iqm",
    "mean",
    "mean_interval",
    "median",
    "optimality_gap",
    "paired_interval",
    "paired_task_average_difference",
    "performance_profile",
    "prediction_interval",
    "probability_of_improvement",
    "seeds_and_examples_interval",
    "seeds_by_examples_interval",
    "shared_checkpoint_interval",
    "shared_run_interval",
    "stratified_difference",
    "stratified_interval",
    "studentized_task_interval",
    "t_interval",
    "task_average_difference",
    "task_average_interval",
    "trimmed_mean",
    "two_estimate_interval",
    "violation_ratio",
    "wilson_interval",
]

"""Tests of differences between scores, the smallest p value each can reach, and tests of equivalence.

Room plan
---------
outcome       what a test returns, with the smallest p value that its design can reach
student       t tests: one sample, paired, Welch, of task averages
ranks         exact sign, Wilcoxon signed-rank and Mann-Whitney tests
permutation   exact permutation tests when small, keyed Monte Carlo otherwise
equivalence   two one-sided tests and non-inferiority, from an estimate with its standard error
many_claims   max-t over claims that share runs, Dunnett against one baseline
"""

from analysis.hypothesis.equivalence import Equivalence, equivalence_test, non_inferiority_test
from analysis.hypothesis.many_claims import AdjustedTests, dunnett_tests, max_t
from analysis.hypothesis.outcome import TestOutcome, minimum_n, smallest_p
from analysis.hypothesis.permutation import permutation_test, sign_flip_test, stratified_permutation_test
from analysis.hypothesis.ranks import mann_whitney_test, sign_test, wilcoxon_test
from analysis.hypothesis.student import one_sample_t, paired_t, task_average_t, test_of, welch_t

__all__ = [
    "AdjustedTests",
    "Equivalence",
    "TestOutcome",
    "dunnett_tests",
    "equivalence_test",
    "mann_whitney_test",
    "max_t",
    "minimum_n",
    "non_inferiority_test",
    "one_sample_t",
    "paired_t",
    "permutation_test",
    "sign_flip_test",
    "sign_test",
    "smallest_p",
    "stratified_permutation_test",
    "task_average_t",
    "test_of",
    "welch_t",
    "wilcoxon_test",
]

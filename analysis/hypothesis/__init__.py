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

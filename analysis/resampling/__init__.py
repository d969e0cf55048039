"""Resamples that are the same on every machine: which rows a resample draws, before any statistic.

Room plan
---------
philox        counter-based random words: a pure function of (key, stream, resample, draw)
indices       the rows that each resample draws; chunks of bounded size
device        the same indices from torch, on CPU or GPU, where torch is installed
enumeration   all distinct resamples of n <= 8 rows with their probabilities (ideal bootstrap)
permutation   random orders and sign flips from the same words
"""

"""Resamples that are the same on every machine: which rows a resample draws, before any statistic.

Room plan
---------
philox        counter-based random words: a pure function of (key, stream, resample, draw)
indices       the rows that each resample draws; chunks of bounded size
device        the same indices from torch, on CPU or GPU, where torch is installed
enumeration   all distinct resamples of n <= 8 rows with their probabilities (ideal bootstrap)
permutation   random orders and sign flips from the same words
"""

from analysis.resampling.device import resample_indices_on
from analysis.resampling.enumeration import Enumeration, enumerate_resamples
from analysis.resampling.indices import chunks, resample_indices, stratified_indices
from analysis.resampling.permutation import random_orders, random_signs
from analysis.resampling.philox import key_of, random_words

__all__ = [
    "Enumeration",
    "chunks",
    "enumerate_resamples",
    "key_of",
    "random_orders",
    "random_signs",
    "random_words",
    "resample_indices",
    "resample_indices_on",
    "stratified_indices",
]

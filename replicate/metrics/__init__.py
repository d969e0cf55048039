"""Scores as the official scorers compute them, in percent; NumPy only.

Room plan
---------
score       `score(task, language, predictions, examples)`: picks the metric of the task
accuracy    share of right labels or tags
chunks      seqeval 0.0.12's chunk F1 (POS, NER)
answers     EM and F1 with the normaliser of each task (SQuAD v1.1 and v2.0, MLQA)
neighbours  exact nearest neighbours in blocks
mining      margin mining, threshold tuned on dev (BUCC)
ranking     nearest sentence (Tatoeba), mAP@20 (LAReQA, Mewsli-X)
pass_at_k   unbiased estimate of pass@k
programs    a completion made a program, cut where it ends, run in the sandbox
aggregate   means over languages, groups and tasks (XTREME)
rows        scores as rows of the results table
paired      refuses predictions that do not line up
"""

from replicate.metrics.aggregate import XTREME, XTREME_R, benchmark_average, task_average
from replicate.metrics.mining import Candidate, kept, mine, tuned_threshold
from replicate.metrics.ranking import best_candidates, nearest_source
from replicate.metrics.rows import score_rows
from replicate.metrics.score import score

__all__ = [
    "XTREME",
    "XTREME_R",
    "Candidate",
    "benchmark_average",
    "best_candidates",
    "kept",
    "mine",
    "nearest_source",
    "score",
    "score_rows",
    "task_average",
    "tuned_threshold",
]

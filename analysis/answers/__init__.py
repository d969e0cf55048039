"""Answers to the questions that people ask of a results table, each as plain data with one sentence.

Room plan
---------
part      one answer: question, sentence, what it cannot say, rows, figures
noise     which published gains exceed seed noise
spread    how much gains differ between targets
without   gains with and without a group of targets
doses     what gains at several doses say about diminishing returns
next_task what one further task brings, apart from which task it is
pooled    effects of many studies pooled, with dependence
detect    seeds needed and differences that can be detected
runs      the runs of a table: what counts, what stands twice, what belongs together
seeds     intervals over seeds of a measured table
components  where the variance of measured scores comes from: targets, languages, runs
table     the questions that any results table can be asked
"""

from analysis.answers.part import Part, merged

__all__ = ["Part", "merged"]

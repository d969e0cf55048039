"""Statistics of a study: the questions that it asks of its numbers, and claims tested over seeds.

Room plan
---------
questions   the model of analysis.yaml: which questions, over which rows, with which borrowed deviations
gains       task gains of a table under an averaging rule of the claims file
answer      every question answered; one JSON object
tested      assertions decided by statistics over seeds
"""

"""Statistics of a study: the questions that it asks of its numbers, and claims tested over seeds.

Room plan
---------
questions   the model of analysis.yaml: which questions, over which rows, with which borrowed deviations
gains       task gains of a table under an averaging rule of the claims file
answer      every question answered; one JSON object
runs        quantities over seeds, with the unit of replication
compared    a quantity over seeds against a claimed number
tested, several, trend, regenerated, contrasted
            the kinds that are decided over seeds
together    p values of statements about several quantities, and of trends
light_t     Student's t without NumPy, for checks that need no more
suite       Holm over all assertions tested together
borrowed_noise
            published single-run gains against a borrowed standard deviation
"""

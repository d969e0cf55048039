"""What picking the best does to a number: best of k tries, and the winner among several claims.

Room plan
---------
best_of       expected best of k tries, expected performance against the number of tries, with exact bands
winner        estimate and interval of a winner corrected for having won (conditional and hybrid)
shrinkage     all estimates pulled together (empirical Bayes): a simple alternative
reported      a lone reported maximum: by how much k tries inflate it
"""

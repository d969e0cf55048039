"""Measured coverage of intervals by design, and the default that follows from it.

`python -m analysis.coverage` simulates and prints the table; the shipped one is `table.csv` beside this file.

Room plan
---------
simulate   gains over tasks, languages and seeds from a known truth
methods    the intervals that compete, each batched over replications
table      runs the grid, writes and reads `table.csv`
__main__   `python -m analysis.coverage`
choose     the default interval for a number of seeds and tasks
"""

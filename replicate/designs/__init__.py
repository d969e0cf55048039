"""Which subsets and orders of tasks a study runs: balanced, so that a factor is not another one in disguise.

Room plan
---------
subsets   subsets of tasks per size, each task equally often; nested chains and independent draws
orders    orders of tasks: Williams designs, every task in every place and after every other equally often
balance   how balanced a design is, counted; the lines that a plan prints

Everything is a pure function of its arguments, the seed among them.
"""

from replicate.designs.balance import Balance, lines
from replicate.designs.orders import orders, williams
from replicate.designs.subsets import independent, nested

__all__ = ["Balance", "independent", "lines", "nested", "orders", "williams"]

"""Which subsets, orders and pairs of tasks a study runs: balanced, so that a factor is not another one in disguise.

Room plan
---------
subsets   subsets of tasks per size, each task equally often; nested chains and independent draws
orders    orders of tasks: Williams designs, every task in every place and after every other equally often
matched   pairs that agree in what must not differ and are close in what should not
balance   how balanced a design is, counted; the lines that a plan prints

Everything is a pure function of its arguments, the seed among them.
"""

from replicate.designs.balance import Balance, lines
from replicate.designs.matched import Pairing, matched
from replicate.designs.orders import orders, williams
from replicate.designs.subsets import independent, nested

__all__ = ["Balance", "Pairing", "independent", "lines", "matched", "nested", "orders", "williams"]

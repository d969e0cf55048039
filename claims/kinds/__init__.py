"""One room per kind of assertion: each decides its kind and nothing else.

Room plan
---------
case          one assertion in its surroundings; how a decision becomes a finding
in_words      an assertion as the engine understands it
comparison    a recomputed number against a printed one
recomputed    the decision and its sentence for a weighted sum of cells
value, gain, order, best, share, no_gain, fact, quote
              the kinds that published cells and texts decide
open          the kinds that need runs over seeds: trend, regenerated, contrast

`DECIDERS` is the one seam: a kind is decided by the function registered under its name.
"""

from __future__ import annotations

from collections.abc import Callable

from claims.kinds import best, fact, gain, no_gain, open, order, quote, share, value
from claims.kinds.case import Case, Decision

DECIDERS: dict[str, Callable[[Case], Decision]] = {
    "value": value.decide,
    "gain": gain.decide,
    "order": order.decide,
    "best": best.decide,
    "share": share.decide,
    "no_gain": no_gain.decide,
    "fact": fact.decide,
    "quote": quote.decide,
    "trend": open.decide_trend,
    "regenerated": open.decide_regenerated,
    "contrast": open.decide_contrast,
}
"""Kind -> function that decides it."""

"""Score against dose: which curve, how sure, what the next task brings, and whether returns diminish.

Room plan
---------
families     the registry of curves: columns, derivatives, limit, bounds
points       the checked points: doses, scores, weights, groups
separable    batched least squares by variable projection
fit          one fitted curve with its certificate and standard deviations
identify     what the data do not pin down, and why
profile      profile-likelihood intervals of parameters and derived quantities; the band of a curve
refits       bootstrap of a curve: all refits in one batch
averaging    families side by side: AICc, weights, averaged prediction and gain
contrasts    tests of concavity that assume no curve: second differences, early against late
concave      concave and isotonic least squares with a test of either
diminishing  the answer in one object and one sentence
"""

from analysis.curves.families import DEFAULT, FAMILIES, SATURATING, Family, get_family, hold
from analysis.curves.fit import Certificate, CurveFit, fit_curve
from analysis.curves.points import Points, read_points

__all__ = [
    "DEFAULT",
    "FAMILIES",
    "SATURATING",
    "Certificate",
    "CurveFit",
    "Family",
    "Points",
    "fit_curve",
    "get_family",
    "hold",
    "read_points",
]

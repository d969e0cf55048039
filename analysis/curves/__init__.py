"""Score against dose: which curve, how sure, what the next task brings, and whether returns diminish.

Room plan
---------
families     the registry of curves: columns, derivatives, limit, bounds
choice       a family by name, or with some shapes held
points       the checked points: doses, scores, weights, groups
separable    batched least squares by variable projection
fit          one fitted curve with its certificate and standard deviations
identify     what the data do not pin down, and why
quantities   what is read off a curve: value, gain, asymptote
profile      profile-likelihood intervals of parameters and derived quantities; the band of a curve
refits       bootstrap of a curve: all refits in one batch
enough       the smallest dose within a margin of the plateau
averaging    families side by side: AICc, weights, averaged prediction and gain
replication  dose means with the error that the design allows
contrasts    tests of concavity that assume no curve: second differences, early against late
concave      concave and isotonic least squares with a test of either
diminishing  the answer in one object and one sentence
"""

from analysis.curves.averaging import Comparison, compare_families
from analysis.curves.choice import get_family, hold
from analysis.curves.concave import concave_fit, isotonic_fit, shape_test
from analysis.curves.contrasts import concavity_test
from analysis.curves.diminishing import Diminishing, diminishing_returns
from analysis.curves.enough import enough_doses
from analysis.curves.families import DEFAULT, FAMILIES, SATURATING, Family
from analysis.curves.fit import Certificate, CurveFit, fit_curve
from analysis.curves.points import Points, read_points
from analysis.curves.profile import CurveInterval, band, parameter_interval, profile_interval
from analysis.curves.quantities import Quantity, asymptote, coefficient, gain_between, value_at
from analysis.curves.refits import Refits, bootstrap_curve

__all__ = [
    "DEFAULT",
    "FAMILIES",
    "SATURATING",
    "Certificate",
    "Comparison",
    "CurveFit",
    "CurveInterval",
    "Diminishing",
    "Family",
    "Points",
    "Quantity",
    "Refits",
    "asymptote",
    "band",
    "bootstrap_curve",
    "coefficient",
    "compare_families",
    "concave_fit",
    "concavity_test",
    "diminishing_returns",
    "enough_doses",
    "fit_curve",
    "gain_between",
    "get_family",
    "hold",
    "isotonic_fit",
    "parameter_interval",
    "profile_interval",
    "read_points",
    "shape_test",
    "value_at",
]

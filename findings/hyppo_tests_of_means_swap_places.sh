#!/usr/bin/env bash
# hyppo 0.5.2: of its two tests of equal means, Hotelling is wrong for one feature and MANOVA is wrong for more than one.
#
# For two groups, a source and a target, Hotelling's T-squared and MANOVA are one and the same test with the same p-value: the
# gap of the means, measured by the covariance within the groups. In one feature it is Student's t-test. Its result may not
# depend on the units. hyppo's Hotelling leaves the variance out when there is one feature: one and the same shift gets
# p = 0.98 in large units and p = 1e-121 in small ones. MANOVA wants for each row the matrix of all products of its
# deviations; it takes their inner product, one number, and puts it in every cell. So correlations within the groups are
# lost: where the features share a cause, as features mostly do, it misses nearly every shift that the right test finds.
# Hotelling with several features and MANOVA with one are right, so each shows the other's fault.
# Seen when both were asked the same question.
#
# Output seen (hyppo 0.5.2, SciPy 1.17.1, statsmodels 0.15.0; 40 rows on each side):
#   1 feature: Hotelling 0.00337, MANOVA 0.00813; T-squared 0.00813, Student 0.00813
#   1 feature in units of 1/100: Hotelling 1.75e-121, MANOVA 0.00813; T-squared 0.00813, Student 0.00813
#   1 feature in units of 100: Hotelling 0.976, MANOVA 0.00813; T-squared 0.00813, Student 0.00813
#   3 features: Hotelling 6.36e-05, MANOVA 0.0449; T-squared 6.36e-05, statsmodels' MANOVA 6.36e-05
#   10 features, means 0 apart: p < 0.05 by MANOVA 0.000, by T-squared 0.040
#   10 features, means 0.5 apart: p < 0.05 by MANOVA 0.000, by T-squared 1.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check hyppo==0.5.2 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 \
    pandas==3.1.1 numba==0.68.1 statsmodels==0.15.0

cat > means.py <<'PY'
import numpy as np
import pandas as pd
from hyppo.ksample import MANOVA, Hotelling
from scipy.stats import f, ttest_ind
from statsmodels.multivariate.manova import MANOVA as Statsmodels


def squared(one, other):  # the p-value of Hotelling's T-squared
    n, m, p = len(one), len(other), one.shape[1]
    within = np.atleast_2d(((n - 1) * np.cov(one.T) + (m - 1) * np.cov(other.T)) / (n + m - 2))
    gap = one.mean(axis=0) - other.mean(axis=0)
    size = gap @ np.linalg.solve(within, gap) * n * m / (n + m)
    return f.sf(size * (n + m - p - 1) / (p * (n + m - 2)), p, n + m - p - 1)


draw = np.random.default_rng(0)
source, target = draw.normal(size=(2, 40, 3)) + [[[0, 0, 0]], [[0.6, -0.6, 0]]]
for name, unit in (("", 1), (" in units of 1/100", 100), (" in units of 100", 0.01)):
    one, other = unit * source[:, :1], unit * target[:, :1]
    hotelling, manova = Hotelling().test(one, other).pvalue[0], MANOVA().test(one, other).pvalue
    right, student = squared(one, other), ttest_ind(one, other).pvalue[0]
    print(f"1 feature{name}: Hotelling {hotelling:.3g}, MANOVA {manova:.3g}; T-squared {right:.3g}, Student {student:.3g}")
    assert abs(manova - right) < 1e-9 and abs(student - right) < 1e-9 and abs(hotelling - right) > 0.001
hotelling, manova = Hotelling().test(source, target).pvalue, MANOVA().test(source, target).pvalue
right = squared(source, target)
table = pd.DataFrame(np.vstack([source, target]), columns=list("abc")).assign(domain=np.repeat(["source", "target"], 40))
tests = Statsmodels.from_formula("a + b + c ~ domain", table).mv_test().results["domain"]["stat"]
other = tests.loc["Pillai's trace", "Pr > F"]
print(f"3 features: Hotelling {hotelling:.3g}, MANOVA {manova:.3g}; T-squared {right:.3g}, statsmodels' MANOVA {other:.3g}")
assert abs(hotelling - right) < 1e-9 and abs(other - right) < 1e-9 and manova > 100 * right

for gap in (0, 0.5):
    found = []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        one, other = draw.normal(size=(2, 40, 10)) + 3 * draw.normal(size=(2, 40, 1))  # 10 features with a cause in common
        other = other + gap * np.resize([1, -1], 10)
        found.append([test(one, other) < 0.05 for test in (lambda *rows: MANOVA().test(*rows).pvalue, squared)])
    found = np.mean(found, axis=0)
    print(f"10 features, means {gap} apart: p < 0.05 by MANOVA {found[0]:.3f}, by T-squared {found[1]:.3f}")
assert found[0] < 0.05 and found[1] > 0.9, "MANOVA sees the shift now"
PY
PYTHONWARNINGS=ignore env/bin/python means.py

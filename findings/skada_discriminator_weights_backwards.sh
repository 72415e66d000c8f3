#!/usr/bin/env bash
# skada 0.6.0: DiscriminatorReweight weights the source's rows by the ratio turned upside down.
#
# Under a covariate shift a source row should count in proportion to p_target(x) / p_source(x). A classifier that tells the
# domains apart gives this ratio: P(target | x) / P(source | x). DiscriminatorReweight trains such a classifier with the
# target as class 1, and then takes (1 - p) / p of class 1: source over target. A row that is typical of the target gets
# next to nothing; the rows farthest from it rule the fit. Skada's own GaussianReweight has the ratio the right way round.
# Nothing fails, and the weights still have mean 1.
# Seen when all of its weightings were set beside weights that are known: source round 0, target round 1, where
# the true weight of a row x is exp(x1 - 1/2).
#
# Output seen (skada 0.6.0, scikit-learn 1.9.1; 400 rows each; a straight line fitted on the weighted source to y = x * x):
#   draw 0: rank correlation with the true weights: Discriminator -1.00, Gaussian 1.00
#           slopes: of the target 1.8, without weights -0.1, Discriminator -2.9, Gaussian 1.9
#   draw 1: rank correlation with the true weights: Discriminator -1.00, Gaussian 1.00
#           slopes: of the target 1.8, without weights -0.1, Discriminator -1.9, Gaussian 2.4
#   draw 2: rank correlation with the true weights: Discriminator -1.00, Gaussian 1.00
#           slopes: of the target 2.1, without weights -0.0, Discriminator -1.5, Gaussian 1.6
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check skada==0.6.0 POT==0.9.7.post1 scikit-learn==1.9.1

cat > weigh.py <<'PY'
import numpy as np
import skada
from scipy.stats import spearmanr
from sklearn.linear_model import LinearRegression

domains = np.repeat([1, -2], 400)
source, target = domains > 0, domains < 0
for seed in range(3):
    draw = np.random.default_rng(seed)
    rows = np.r_[draw.normal(0, 1, (400, 1)), draw.normal([1], 1, (400, 1))]
    wanted = rows[:, 0] ** 2
    true = np.exp(rows[source, 0] - 0.5)
    slopes = {name: LinearRegression().fit(rows[part], wanted[part]).coef_[0]
              for name, part in (("of the target", target), ("without weights", source))}
    rank = {}
    for name in ("Discriminator", "Gaussian"):
        adapter = getattr(skada, f"{name}ReweightAdapter")().fit(rows, sample_domain=domains)
        weights = adapter.compute_weights(rows, sample_domain=domains)[source]
        rank[name] = spearmanr(weights, true).statistic
        line = LinearRegression().set_fit_request(sample_weight=True)
        model = getattr(skada, f"{name}Reweight")(line).fit(rows, wanted.copy(), sample_domain=domains)
        slopes[name] = float(np.diff(model.predict(np.array([[0.0], [1.0]])))[0])
    told = ", ".join(f"{name} {slope:.1f}" for name, slope in slopes.items())
    ranks = ", ".join(f"{name} {value:.2f}" for name, value in rank.items())
    print(f"draw {seed}: rank correlation with the true weights: {ranks}")
    print(f"        slopes: {told}")
    assert rank["Discriminator"] < -0.9 and rank["Gaussian"] > 0.9, "no longer upside down"
    assert slopes["Discriminator"] < slopes["without weights"] - 0.5 < slopes["Gaussian"] - 1
PY
env/bin/python weigh.py 2> /dev/null

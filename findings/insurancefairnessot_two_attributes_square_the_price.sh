#!/usr/bin/env bash
# insurance-fairness-ot 0.1.0: its "discrimination-free" price, for two attributes, depends on both and is squared.
#
# Lindholm et al. (2022) take the model's price for every value of the protected attributes, whatever the customer's own, and
# average by how often each occurs: nothing of the own values is left. `LindholmCorrector` takes a list of attributes. For
# each of them it averages over that one alone, with the customer's own value of the others, and adds these averages up
# (`log_space=False`) or multiplies them (the default). So each attribute comes back through the terms of the others. In the
# product all else counts twice: a factor of 2 in the model is one of 4 in the price, since the last scaling only sets the
# mean right. One attribute is right.
# Seen when a fair price for a man and a woman of another region differed.
#
# Output seen (insurance-fairness-ot 0.1.0, polars 2.1.0; the model's price doubles with x; sex and region are independent):
#   sex, log_space=False: times 1.000 for sex, 1.250 for region, 2.000 for x
#   sex, log_space=True: times 1.000 for sex, 1.250 for region, 2.000 for x
#   sex and region, log_space=False: times 1.238 for sex, 1.131 for region, 2.000 for x
#   sex and region, log_space=True: times 1.500 for sex, 1.250 for region, 4.000 for x
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 polars==2.1.0 \
    networkx==3.6.1 statsmodels==0.15.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-fairness-ot==0.1.0

cat > square.py <<'PY'
import numpy as np
import polars as pl
from insurance_fairness_ot import LindholmCorrector

draw = np.random.default_rng(0)
known = pl.DataFrame({"x": draw.integers(0, 2, 4000)})
protected = pl.DataFrame({"sex": draw.integers(0, 2, 4000), "region": draw.integers(0, 2, 4000)})


def price(table):
    x, sex, region = (table[name].to_numpy() for name in ("x", "sex", "region"))
    return 100.0 * 2.0**x * 1.5**sex * 1.25**region


rows = np.array([(0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)])
asked = pl.DataFrame({"x": rows[:, 0]}), pl.DataFrame({"sex": rows[:, 1], "region": rows[:, 2]})
seen = {}
for attributes in (["sex"], ["sex", "region"]):
    for log_space in (False, True):
        fair = LindholmCorrector(attributes, log_space=log_space).fit(price, known, protected).transform(price, *asked)
        seen[len(attributes), log_space] = fair[1:] / fair[0]
        told = "times {:.3f} for sex, {:.3f} for region, {:.3f} for x".format(*fair[1:] / fair[0])
        print(f"{' and '.join(attributes)}, log_space={log_space}: {told}")
assert np.allclose(seen[1, True], [1, 1.25, 2]) and np.allclose(seen[1, False], [1, 1.25, 2])
assert np.allclose(seen[2, True], [1.5, 1.25, 4]) and seen[2, False][:2].min() > 1.1, "the price is free of both now"
PY
env/bin/python square.py

#!/usr/bin/env bash
# equiboots 0.0.1a14: all its bootstrap draws are ten, however many it is asked for; its 95 % intervals hold 87 %.
#
# To tell whether a model treats two groups differently, the rows are drawn anew with replacement many times, and the middle
# 95 % of the differences are the interval. equiboots warns below 5000 draws. Each draw begins from a fixed seed of its own,
# taken from a list that is begun again at its end. By default the list has ten seeds. So the eleventh draw is the first once
# more, and the interval is the lowest and the highest of ten values, however many are asked for. A list of as many seeds as
# draws mends it.
# Seen when 5000 draws held ten different values.
#
# Output seen (equiboots 0.0.1a14; accuracy of two equal groups of 200 rows, 1000 tables; share called different at 5 %):
#   (twice "Groups created", by the package)
#   its own seeds: 10 different draws of 500, 13.2%
#   500 seeds: 500 different draws of 500, 5.0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 \
    scikit-learn==1.9.1 matplotlib==3.11.2 seaborn==0.13.2 tqdm==4.70.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps equiboots==0.0.1a14

cat > seeds.py <<'PY'
import numpy as np
import pandas as pd
from equiboots import EquiBoots

group = pd.DataFrame({"group": np.repeat(["a", "b"], 200)})
row = np.arange(400)


def drawn(number, **seeds):
    tool = EquiBoots(
        y_true=row % 2, y_pred=row % 2, y_prob=row % 2, fairness_df=group, fairness_vars=["group"], reference_groups=["a"],
        bootstrap_flag=True, num_bootstraps=number, boot_sample_size=400, **seeds,
    )
    tool.grouper(groupings_vars=["group"])
    return [[draw["group"]["indices"][name] for name in "ab"] for draw in tool.groups]


def share(draws):
    alarms, (first, second) = [], np.swapaxes(draws, 0, 1)
    for table in range(1000):
        right = np.random.default_rng(table).random(400) < 0.8
        low, high = np.percentile(right[second].mean(axis=1) - right[first].mean(axis=1), [2.5, 97.5])
        alarms.append(not low <= 0 <= high)
    return len({tuple(np.concatenate(draw)) for draw in draws}), np.mean(alarms)


few, many = share(drawn(500)), share(drawn(500, seeds=list(range(500))))
print("its own seeds: {} different draws of 500, {:.1%}".format(*few))
print("500 seeds: {} different draws of 500, {:.1%}".format(*many))
assert few[0] == 10 and many[0] == 500 and few[1] > 2 * many[1], "each draw is another one now"
PY
env/bin/python seeds.py 2> progress

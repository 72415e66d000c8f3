#!/usr/bin/env bash
# deepsig 1.2.8: its Bonferroni correction grows weaker, not stronger, the more comparisons are made.
#
# `aso` (almost stochastic order) tells from scores over seeds whether one model is better. With `num_comparisons` = m it
# says that it corrects after Bonferroni: the error allowed to one test, 0.05, is divided by m, so the confidence of
# each becomes 1 - 0.05 / m. What it does is confidence + 0.05 / m. For two comparisons both are 0.975. For ten it
# uses 0.955 where 0.995 is right, and for a hundred 0.9505: almost no correction where most is needed. `multi_aso`, which
# compares all pairs of models, corrects in this way by default. A correction by hand (`confidence_level` = 1 - 0.05 / m,
# `num_comparisons` = 1) is right.
# Seen when a bound that should rise with the number of comparisons fell.
#
# Output seen (deepsig 1.2.8; bound on the violation ratio, below 0.5 counts as better; 5 scores each):
#   1 comparisons: num_comparisons gives 0.3752, confidence 0.9500 by hand gives 0.3752
#   2 comparisons: num_comparisons gives 0.4471, confidence 0.9750 by hand gives 0.4471
#   10 comparisons: num_comparisons gives 0.3867, confidence 0.9950 by hand gives 0.5876
#   100 comparisons: num_comparisons gives 0.3763, confidence 0.9995 by hand gives 0.7506
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check deepsig==1.2.8 numpy==2.4.6 scipy==1.17.1

cat > many.py <<'PY'
import numpy as np
from deepsig import aso

draw = np.random.default_rng(5)
ours, theirs = draw.normal(1.2, 1, 5), draw.normal(0, 1, 5)
same = {"seed": 1, "show_progress": False, "num_bootstrap_iterations": 200}
told = []
for count in (1, 2, 10, 100):
    right = 1 - 0.05 / count
    library = aso(ours, theirs, num_comparisons=count, **same)
    by_hand = aso(ours, theirs, confidence_level=right, **same)
    told.append((library, by_hand))
    print(f"{count} comparisons: num_comparisons gives {library:.4f}, confidence {right:.4f} by hand gives {by_hand:.4f}")
(one, _), (two, two_right), (_, ten_right), (hundred, hundred_right) = told
assert two == two_right and one < hundred < two < ten_right < hundred_right, "the bound rises with the comparisons now"
PY
env/bin/python many.py 2> /dev/null

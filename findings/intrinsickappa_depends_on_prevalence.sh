#!/usr/bin/env bash
# intrinsic-kappa 0.1.2: its kappa "strictly independent of class prevalence" is the accuracy; always "no" gets 0.98 of 1.
#
# Cohen's kappa changes when the classes become rarer though the classifier stays the same: bad for a comparison across domains
# with a label shift. This package promises a kappa free of that: by its own words it does not depend on the sample's
# class distribution. It is (accuracy - 1/K) / (1 - 1/K), and accuracy is the mean of the recalls weighted by just that
# distribution. A classifier that never finds a case has 0, chance, at equal classes and 0.98 at one case in a hundred; its
# lower bound certifies 0.98 as well. Cohen's kappa, said to be the misleading one, gives it 0 throughout. The same formula with
# the mean recall in place of the accuracy is what was promised.
# Seen when the classifier was left alone and only the share of cases moved.
#
# Output seen (intrinsic-kappa 0.1.2, scikit-learn 1.9.1; 100,000 rows):
#   recalls 95% and 60%, 50% cases: theirs 0.55, at least 0.54; Cohen 0.55; with the mean recall 0.55
#   recalls 95% and 60%, 20% cases: theirs 0.76, at least 0.76; Cohen 0.60; with the mean recall 0.55
#   recalls 95% and 60%, 5% cases: theirs 0.86, at least 0.86; Cohen 0.43; with the mean recall 0.54
#   recalls 95% and 60%, 1% cases: theirs 0.89, at least 0.89; Cohen 0.16; with the mean recall 0.54
#   always no, 50% cases: theirs 0.00, at least -0.01; Cohen 0.00; with the mean recall 0.00
#   always no, 20% cases: theirs 0.60, at least 0.60; Cohen 0.00; with the mean recall 0.00
#   always no, 5% cases: theirs 0.90, at least 0.90; Cohen 0.00; with the mean recall 0.00
#   always no, 1% cases: theirs 0.98, at least 0.98; Cohen 0.00; with the mean recall 0.00
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check intrinsic-kappa==0.1.2 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 scikit-learn==1.9.1

cat > prevalence.py <<'PY'
import numpy as np
from intrinsic_kappa import intrinsic_kappa_lower_bound, intrinsic_kappa_point_estimate
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, confusion_matrix

draw = np.random.default_rng(0)
for name, recalls in (("recalls 95% and 60%", (0.95, 0.6)), ("always no", (1, 0))):
    seen, promised = [], []
    for share in (0.5, 0.2, 0.05, 0.01):
        true = np.arange(100_000) < share * 100_000
        right = draw.random(len(true)) < np.where(true, recalls[1], recalls[0])
        answer = np.where(right, true, ~true)
        table = confusion_matrix(true, answer)
        seen.append(intrinsic_kappa_point_estimate(table))
        promised.append(2 * balanced_accuracy_score(true, answer) - 1)
        assert np.isclose(seen[-1], 2 * right.mean() - 1), "it is no longer the accuracy"
        print(f"{name}, {share:.0%} cases: theirs {seen[-1]:.2f}, at least {intrinsic_kappa_lower_bound(table):.2f}; "
              f"Cohen {cohen_kappa_score(true, answer):.2f}; with the mean recall {promised[-1]:.2f}")
    assert np.ptp(promised) < 0.05 and np.ptp(seen) > 0.3, "it does not depend on the prevalence now"
assert seen[-1] > 0.97 and abs(promised[-1]) < 1e-9
PY
env/bin/python prevalence.py

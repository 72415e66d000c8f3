#!/usr/bin/env bash
# equiboots 0.0.1a14: its one-tailed bootstrap tests call nearly every difference significant, equal groups first of all.
#
# A group's metric less the reference group's is drawn anew 5000 times, by the bootstrap. One-sided at 5 %, the difference is
# below 0 if 95 % of these draws are: if their 95th percentile is below 0. For "one_tail_less" equiboots takes as its
# interval the part from the lowest draw to the 5th percentile, and calls the difference significant if 0 is outside of it:
# that is so as soon as the 5th percentile is below 0. Where the groups are equal that happens 95 times in 100, where the
# group is better still often. "one_tail_greater" takes the uppermost part. For "two_tailed" the interval is right, but the
# p-value of a group that is better is one side's: the code doubles it for "two-tailed", a word that the interval refuses.
# With a correction for many groups the verdict goes by these halved p-values.
# Seen when equal groups were different in both directions.
#
# Output seen (equiboots 0.0.1a14; accuracy of two groups of 400 rows, 60 tables; share called significant):
#   equal: less 90% (by hand 2%), greater 98% (by hand 7%), two-tailed 3%, its p < 0.05 12%
#   b better by 0.03: less 57% (by hand 0%), greater 100% (by hand 38%), two-tailed 27%, its p < 0.05 43%
#   b worse by 0.03: less 100% (by hand 22%), greater 75% (by hand 0%), two-tailed 8%, its p < 0.05 8%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0 \
    scikit-learn==1.9.1 matplotlib==3.11.2 seaborn==0.13.2 tqdm==4.70.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps equiboots==0.0.1a14

cat > tails.py <<'PY'
import numpy as np
from equiboots.StatisticalTester import StatisticalTester


def tested(tail, gaps):
    rows = [{"b": {"Accuracy_diff": gap}} for gap in gaps]
    config = {"test_type": "bootstrap_test", "alpha": 0.05, "tail_type": tail, "adjust_method": "none"}
    config["metrics"] = ["Accuracy_diff"]
    return StatisticalTester().analyze_metrics([{}], "a", config, differences=rows)["b"]["Accuracy_diff"]


seen = []
for name, accuracy in (("equal", 0.8), ("b better by 0.03", 0.83), ("b worse by 0.03", 0.77)):
    called = []
    for seed in range(60):
        draw = np.random.default_rng(seed)
        a, b = draw.binomial(400, [0.8, accuracy]) / 400
        gaps = (draw.binomial(400, b, 5000) - draw.binomial(400, a, 5000)) / 400
        less, greater, both = (tested(tail, gaps) for tail in ("one_tail_less", "one_tail_greater", "two_tailed"))
        by_hand = np.percentile(gaps, 95) < 0, np.percentile(gaps, 5) > 0
        one_sided = less.is_significant, by_hand[0], greater.is_significant, by_hand[1]
        called.append((*one_sided, both.is_significant, both.p_value < 0.05))
    seen.append(np.mean(called, axis=0))
    told = "{}: less {:.0%} (by hand {:.0%}), greater {:.0%} (by hand {:.0%}), two-tailed {:.0%}, its p < 0.05 {:.0%}"
    print(told.format(name, *seen[-1]))
equal = seen[0]
assert min(equal[0], equal[2]) > 0.8 and max(equal[1], equal[3]) < 0.15, "one tail is the right one now"
assert all(one[5] > one[4] for one in seen[:2]), "two tails are counted now"
PY
env/bin/python tails.py

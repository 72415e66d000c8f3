#!/usr/bin/env bash
# groupBMC 1.0: with the usual prior of one count per model it sees no difference, though all 20 datasets favour one model.
#
# Which of several models is the better one over many subjects or datasets? Bayesian model selection for groups (Stephan and
# others 2009) learns how frequent each model is, from a prior count for each; the papers take 1. The protected probability
# (Rigoux and others 2014) asks first whether all are equally frequent: under that null each of K models has the chance 1 /
# K. The package puts the prior counts themselves there, without dividing by their sum. Its default counts add up to 1, and
# nothing shows. With counts of 1 the chance of each model is 1 under the null, its evidence K to the power of the number of
# datasets too high: a million times for 20 datasets and two models. The risk of the null is then 0.98, and both models are
# equally good.
# Seen when larger prior counts turned the answer round.
#
# Output seen (groupBMC 1.0, NumPy 2.4.6, SciPy 1.17.1; 20 datasets, two models, the better one by a log evidence of 3):
#   12 of 20, 0.5 counts each: risk of the null 0.7915, divided 0.7915, exact 0.7725; first model better with 0.570, exact 0.572
#   12 of 20, 1 counts each: risk of the null 1.0000, divided 0.7170, exact 0.6954; first model better with 0.500, exact 0.594
#   12 of 20, 5 counts each: risk of the null 1.0000, divided 0.5762, exact 0.5594; first model better with 0.500, exact 0.616
#   18 of 20, 0.5 counts each: risk of the null 0.0037, divided 0.0037, exact 0.0026; first model better with 0.998, exact 0.999
#   18 of 20, 1 counts each: risk of the null 0.9998, divided 0.0045, exact 0.0037; first model better with 0.500, exact 0.998
#   18 of 20, 5 counts each: risk of the null 1.0000, divided 0.0240, exact 0.0228; first model better with 0.500, exact 0.987
#   20 of 20, 0.5 counts each: risk of the null 0.0000, divided 0.0000, exact 0.0000; first model better with 1.000, exact 1.000
#   20 of 20, 1 counts each: risk of the null 0.9818, divided 0.0001, exact 0.0001; first model better with 0.509, exact 1.000
#   20 of 20, 5 counts each: risk of the null 1.0000, divided 0.0020, exact 0.0019; first model better with 0.500, exact 0.999
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check groupBMC==1.0 numpy==2.4.6 scipy==1.17.1

cat > null.py <<'PY'
import numpy as np
from groupBMC.groupBMC import GroupBMC
from scipy.integrate import quad
from scipy.stats import beta

for wins in (12, 18, 20):
    evidence = np.zeros((2, 20))
    evidence[0, :wins] = evidence[1, wins:] = 3
    null = np.sum(np.logaddexp(*evidence) - np.log(2))
    for counts in (None, np.ones(2), np.full(2, 5.0)):
        model = GroupBMC(evidence, counts)
        told = model.get_result().protected_exceedance_probability[0]
        each = 0.5 if counts is None else counts[0]

        def joint(share):  # the evidence with a share for the first model, over the one of the null; exact, by integration
            mixed = np.sum(np.log(share * np.exp(evidence[0]) + (1 - share) * np.exp(evidence[1])))
            return np.exp(mixed - null) * beta.pdf(share, each, each)

        whole, upper = quad(joint, 0, 1)[0], quad(joint, 0.5, 1)[0]
        risk = 1 / (1 + whole)
        exact = upper / whole * (1 - risk) + risk / 2
        theirs = 1 / (1 + np.exp(model.F1() - model.F0()))
        mended = 1 / (1 + np.exp(model.F1() - model.F0() + 20 * np.log(2 * each)))  # divided by the sum of the counts
        print(f"{wins} of 20, {each:g} counts each: risk of the null {theirs:.4f}, divided {mended:.4f}, exact {risk:.4f}; "
              f"first model better with {told:.3f}, exact {exact:.3f}")
        assert abs(mended - risk) < 0.2 and (counts is not None or abs(theirs - mended) < 1e-6)
        if wins == 20 and counts is not None:
            assert theirs > 0.9 and risk < 0.01 and told < 0.6 and exact > 0.99, "it divides by the sum now"
PY
PYTHONWARNINGS=ignore env/bin/python null.py

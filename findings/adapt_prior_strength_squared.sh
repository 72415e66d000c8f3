#!/usr/bin/env bash
# adapt 0.4.5: the strength `lambda_` of RegularTransferLR's pull towards the source acts as its square.
#
# The class says that it minimises |X w - y|^2 + lambda |w - w_source|^2. That has a closed form (one linear system). The
# weights that come out are those of the closed form with lambda * lambda. At 1, the default, both are the same, so a check
# with the default sees nothing; at 0.1 the pull is ten times too weak, at 10 ten times too strong. RegularTransferLC uses
# the same code. The reason: the strength is handed to SciPy's lsqr as `damp`, and lsqr squares it.
# Seen when it was tried as a reference for a source's weights as a prior.
#
# Output seen (adapt 0.4.5, SciPy 1.17.1, largest difference from the closed form):
#   lambda_ = 0.1: with lambda 0.0154, with lambda squared 0.0000
#   lambda_ = 1: with lambda 0.0000, with lambda squared 0.0000
#   lambda_ = 10: with lambda 0.8865, with lambda squared 0.0000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check \
    adapt==0.4.5 tensorflow-cpu==2.21.0 scikit-learn==1.9.1 scipy==1.17.1

cat > prior.py <<'PY'
import numpy as np
from adapt.parameter_based import RegularTransferLR
from sklearn.linear_model import LinearRegression

draw = np.random.default_rng(0)
rows = draw.normal(size=(200, 3))
source = LinearRegression(fit_intercept=False).fit(rows, rows @ [1, -2, 3])
few = draw.normal(size=(20, 3))
wanted = few @ [2, -2, 1] + draw.normal(size=20) / 10


def closed_form(strength):
    return np.linalg.solve(few.T @ few + strength * np.eye(3), few.T @ wanted + strength * source.coef_)


for strength in (0.1, 1, 10):
    found = RegularTransferLR(source, lambda_=strength, verbose=0).fit(few, wanted).estimator_.coef_.ravel()
    plain, squared = (np.abs(found - closed_form(s)).max() for s in (strength, strength**2))
    print(f"lambda_ = {strength}: with lambda {plain:.4f}, with lambda squared {squared:.4f}")
    assert squared < 1e-4 and (plain > 0.01 or strength == 1), "no longer the square"
PY
export TF_CPP_MIN_LOG_LEVEL=3
env/bin/python prior.py 2> /dev/null

#!/usr/bin/env bash
# diPLSlib 2.5.0: `target_domain` picks the target's model only where `l` is a tuple; with `l=1.0` it is the source's.
#
# Domain-invariant partial least squares finds directions that both domains share, and may then take the loadings of the source or
# those of a target into the regression: `target_domain` says which. The strength `l` is one number, or a tuple with one
# for each direction; one number is to mean the same for all. So `l=1.0` and `l=(1.0, 1.0)` are one model of two
# directions in two spellings. But only in the second one does the choice reach the coefficients. In the first they are
# always the source's, without a word, while with several targets the centering does follow the choice. The package's own
# example of a model for the second target gives one number.
# Seen when the predictions for a target were those for the source to the last digit.
#
# Output seen (diPLSlib 2.5.0, NumPy 2.4.6, scikit-learn 1.7.2; spectra of 30 points, means of 20 draws; error in the target):
#   1 target(s), target_domain=0, l=1.0: coefficients of source; error 0.163, by hand with the chosen loadings 0.163
#   1 target(s), target_domain=1, l=1.0: coefficients of source; error 0.163, by hand with the chosen loadings 0.138
#   1 target(s), target_domain=0, l=(1.0, 1.0): coefficients of source; error 0.163, by hand with the chosen loadings 0.163
#   1 target(s), target_domain=1, l=(1.0, 1.0): coefficients of target 1; error 0.138, by hand with the chosen loadings 0.138
#   2 target(s), target_domain=1, l=1.0: coefficients of source; error 0.162, by hand with the chosen loadings 0.137
#   2 target(s), target_domain=2, l=1.0: coefficients of source; error 0.105, by hand with the chosen loadings 0.112
#   2 target(s), target_domain=1, l=(1.0, 1.0): coefficients of target 1; error 0.137, by hand with the chosen loadings 0.137
#   2 target(s), target_domain=2, l=(1.0, 1.0): coefficients of target 2; error 0.112, by hand with the chosen loadings 0.112
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check diPLSlib==2.5.0 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.7.2 \
    matplotlib==3.11.2

cat > spectra.py <<'PY'
import numpy as np
from diPLSlib.models import DIPLS


def peak(place):
    return np.exp(-((np.arange(30) - place) / 3)**2 / 2)


def domain(draw, count, place, shift):  # what is asked for has its peak at 12; something else, at another place, overlaps it
    asked, other = draw.random(count), draw.random(count) + shift
    return np.outer(asked, peak(12)) + np.outer(other, peak(place)) + 0.01 * draw.normal(size=(count, 30)), asked


def by_hand(model, loadings):
    return model.W_ @ np.linalg.solve(loadings.T @ model.W_, model.C_)


rows = {}
for seed in range(20):
    draw = np.random.default_rng(seed)
    source, asked = domain(draw, 100, 16, 0)
    first, _ = domain(draw, 100, 14, 1)
    second, _ = domain(draw, 100, 18, 2)
    tests = [domain(draw, 200, 14, 1), domain(draw, 200, 18, 2)]
    for targets in (first, [first, second]):
        for strength in (1.0, (1.0, 1.0)):
            for choice in (0, 1) if targets is first else (1, 2):
                given = targets.copy() if targets is first else [part.copy() for part in targets]
                model = DIPLS(A=2, l=strength, target_domain=choice).fit(source, asked[:, None], source.copy(), given)
                loadings = [model.P_] + (model.Pt_ if isinstance(model.Pt_, list) else [model.Pt_])
                of = [number for number, part in enumerate(loadings) if np.allclose(model.b_, by_hand(model, part))]
                features, right = tests[choice == 2]
                error = np.sqrt(np.mean((model.predict(features).ravel() - right)**2))
                best = features - (first if choice < 2 else second).mean(axis=0)
                hand = np.sqrt(np.mean((best @ by_hand(model, loadings[choice]).ravel() + asked.mean() - right)**2))
                rows.setdefault((len(loadings) - 1, choice, strength), []).append((of, error, hand))
for (count, choice, strength), found in rows.items():
    of, errors, hands = zip(*found)
    assert all(part == of[0] for part in of)
    names = " and ".join("source" if number == 0 else f"target {number}" for number in of[0])
    print(f"{count} target(s), target_domain={choice}, l={strength}: coefficients of {names}; "
          f"error {np.mean(errors):.3f}, by hand with the chosen loadings {np.mean(hands):.3f}")
    assert of[0] == ([choice] if isinstance(strength, tuple) else [0]), "one number means the same now"
PY
PYTHONWARNINGS=ignore env/bin/python spectra.py

#!/usr/bin/env bash
# BayesCCal 0.1.1: rows with a score of exactly 0 are not counted; 10 % of positives are read as 68 %.
#
# To read the share of positives in a new table, with other shares than the known one, the package takes the score densities
# of known positives and negatives and finds the mixture of both that fits the new scores best. Its standard density is a
# moving window over 1000 cells: the cumulative count at the window's end less the one at its start. At the lower edge the
# start is cell 0 itself, so what lies there is taken away: no window holds it. Neighbours, forests and trees give a score
# of exactly 0 to most negatives; then the density of the negatives near 0 is made of the few others, and often the
# positives' is higher there. A score of 1 is counted. The same window with the cell 0 in it reads the shares right.
# Seen when a table of known shares was read as mostly positive.
#
# Output seen (BayesCCal 0.1.1, scikit-learn 1.9.1; trained on 1000 rows, densities of 2000 others, 3000 new ones; means of
# 3 draws):
#   5 neighbours: positives 10%, 30%, 50% read as 68.4%, 89.8%, 96.2%; with the cell 10.2%, 30.4%, 50.3%; negatives with the score 0: 93%
#   10 neighbours: positives 10%, 30%, 50% read as 5.8%, 26.3%, 46.6%; with the cell 10.3%, 30.3%, 50.1%; negatives with the score 0: 91%
#   forest: positives 10%, 30%, 50% read as 8.4%, 28.6%, 48.6%; with the cell 10.4%, 30.7%, 50.5%; negatives with the score 0: 77%
#   logistic regression: positives 10%, 30%, 50% read as 9.6%, 29.6%, 49.4%; with the cell 10.4%, 30.5%, 50.3%; negatives with the score 0: 0%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check BayesCCal==0.1.1 numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1

cat > zero.py <<'PY'
import numpy as np
from BayesCCal import calibrator_binary
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier


class Fitted:  # so that the densities come from other rows than the classifier
    def __init__(self, model):
        self.model, self.predict_proba = model, model.predict_proba

    def fit(self, rows, labels):
        return self


class Window:  # the same moving window, with the cell at its start
    def init(self, scores):
        counts = np.append(0, np.cumsum(np.histogram(scores, range=(0, 1), bins=1000)[0]))
        cell = np.arange(1000)
        start, end = np.maximum(cell - 100, 0), np.minimum(cell + 101, 1000)
        height = (counts[end] - counts[start]) / (end - start)
        height = height + height.sum() * 1e-20
        self.height = height / height.sum()

    def pdf(self, scores):
        return self.height[(scores * 999).astype(int)]


def rows(count, share, seed):
    draw = np.random.default_rng(seed)
    labels = draw.random(count) < share
    return draw.normal(size=(count, 2)) + 3 * labels[:, None], labels


for name, model in (("5 neighbours", KNeighborsClassifier(5)), ("10 neighbours", KNeighborsClassifier(10)),
                    ("forest", RandomForestClassifier(50, random_state=0)), ("logistic regression", LogisticRegression())):
    read = {"theirs": [], "with the cell": []}
    for share in (0.1, 0.3, 0.5):
        for way, density in (("theirs", "Waterman"), ("with the cell", (Window(), Window()))):
            found = []
            for seed in range(3):
                scorer = Fitted(model.fit(*rows(1000, 0.5, 50 + seed)))
                known, new = rows(2000, 0.5, seed), rows(3000, share, 100 + seed)
                found.append(calibrator_binary(scorer, density=density).fit(*known).getProportion(new[0]))
            read[way].append(np.mean(found))
    zero = np.mean(scorer.predict_proba(new[0])[~new[1], 1] == 0)
    print(f"{name}: positives 10%, 30%, 50% read as {', '.join(f'{value:.1%}' for value in read['theirs'])}; with the cell "
          f"{', '.join(f'{value:.1%}' for value in read['with the cell'])}; negatives with the score 0: {zero:.0%}")
    assert np.allclose(read["with the cell"], [0.1, 0.3, 0.5], atol=0.02)
    if name == "5 neighbours":
        assert read["theirs"][0] > 0.4 and zero > 0.9, "the rows of score 0 are counted now"
PY
PYTHONWARNINGS=ignore env/bin/python zero.py

#!/usr/bin/env bash
# incerto 0.1.1: its Mahalanobis detector calls rows between two classes normal, the more so the farther apart the classes are.
#
# To find rows from outside the training domain, Lee et al. 2018 measure a row's distance to the nearest class mean, in
# units of the spread within the classes: the covariance of the rows around the means of their own classes. `Mahalanobis` is
# said to be that. It takes the means of the classes and the covariance around the mean of all rows. That one has
# the distance between the classes in it. Well separated classes, the aim of training, make it large in just the
# directions that tell them apart, and a row far from every class, half way between or beyond, looks near. With one
# class, or means that coincide, both are the same.
# Seen when a blob of rows half way between two clear classes raised no alarm.
#
# Output seen (incerto 0.1.1, scikit-learn 1.9.1; area under the ROC curve of inside against outside):
#   classes 0 apart, rows half way between: incerto 0.500, spread within the classes 0.500, true spread 0.500
#   classes 0 apart, rows beyond: incerto 0.977, spread within the classes 0.977, true spread 0.978
#   classes 6 apart, rows half way between: incerto 0.549, spread within the classes 0.827, true spread 0.820
#   classes 6 apart, rows beyond: incerto 0.683, spread within the classes 0.981, true spread 0.980
#   classes 12 apart, rows half way between: incerto 0.587, spread within the classes 0.999, true spread 0.999
#   classes 12 apart, rows beyond: incerto 0.551, spread within the classes 0.978, true spread 0.976
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 tqdm==4.70.1 \
    scipy==1.17.1 scikit-learn==1.9.1 matplotlib==3.11.2
env/bin/python -m pip install -q --disable-pip-version-check --no-deps incerto==0.1.1
echo "datasets = transforms = None" > torchvision.py  # torchvision plays no part here

cat > between.py <<'PY'
from collections import OrderedDict

import numpy as np
import torch
from incerto.ood import Mahalanobis
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score
from torch.utils.data import DataLoader, TensorDataset


def area(score):
    return roc_auc_score([0] * 4000 + [1] * 4000, np.concatenate([score(inside), score(outside)]))


def nearest(means, covariance):
    def score(x):
        away = x.numpy()[:, None] - means
        return np.einsum("ijk,kl,ijl->ij", away, np.linalg.inv(covariance), away).min(axis=1)
    return score


draw = torch.Generator().manual_seed(0)
for apart in (0, 6, 12):
    means = torch.zeros(2, 5)
    means[1, 0] = apart
    labels, others = torch.randint(0, 2, (2, 4000), generator=draw)
    rows, inside = (means[which] + torch.randn(4000, 5, generator=draw) for which in (labels, others))
    net = torch.nn.Sequential(OrderedDict(penultimate=torch.nn.Linear(5, 5)))
    torch.nn.init.eye_(net.penultimate.weight)  # it leaves the rows as they are
    torch.nn.init.zeros_(net.penultimate.bias)
    detector = Mahalanobis(net)
    with torch.no_grad():
        detector.fit(DataLoader(TensorDataset(rows, labels), batch_size=500))
    fitted = LinearDiscriminantAnalysis(solver="lsqr", store_covariance=True).fit(rows, labels)
    for name, place in (("half way between", apart / 2), ("beyond", -4)):
        outside = torch.randn(4000, 5, generator=draw)
        outside[:, 0] += place
        seen = area(lambda x: detector.score(x).numpy())
        within, known = area(nearest(fitted.means_, fitted.covariance_)), area(nearest(means.numpy(), np.eye(5)))
        print(f"classes {apart} apart, rows {name}: incerto {seen:.3f}, spread within the classes {within:.3f}, "
              f"true spread {known:.3f}")
        assert abs(within - known) < 0.01
        assert abs(seen - within) < 0.02 if apart == 0 else seen < within - 0.2, "it takes the spread within the classes now"
PY
env/bin/python between.py 2> /dev/null

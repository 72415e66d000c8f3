#!/usr/bin/env bash
# torchcp 1.2.1: intervals with the score CQRR are the model's own quantiles; the calibration is computed and not used.
#
# Conformalized quantile regression takes a model's lower and upper quantile and widens or narrows both by what a calibration
# set asks for, so that in the end 90 % of the values lie inside, however wrong the quantiles are. CQRR (Sesia and Candes
# 2019) does so in units of each interval's width. torchcp's score has this width. Where it makes the intervals it takes
# the width from the array that they are to be written in, which is still 0: the correction is multiplied by a
# millionth. The calibrated threshold is right, the intervals come out as they went in. Quantiles that are too narrow stay
# so, which is what a calibration is for. CQR, CQRM and CQRFM of the same package are right.
# Seen when the coverage of all its scores was counted for quantiles that are wrong on purpose.
#
# Output seen (torchcp 1.2.1, PyTorch 2.13.0; 10000 rows to calibrate for 90 %, 20000 to count on):
#   quantiles that hold 0.383: CQR 0.905, CQRR 0.383, CQRR by hand 0.901; CQRR moves an end by at most 0.000001
#   quantiles that hold 0.683: CQR 0.907, CQRR 0.688, CQRR by hand 0.901; CQRR moves an end by at most 0.000000
#   quantiles that hold 0.997: CQR 0.909, CQRR 0.997, CQRR by hand 0.901; CQRR moves an end by at most 0.000000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 \
    scikit-learn==1.9.1 pandas==3.1.1 tqdm==4.70.1 torch_geometric==2.8.1 transformers==5.24.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps torchcp==1.2.1
echo "soft_rank = soft_sort = None" > torchsort.py  # it is built from source and plays no part here

cat > intervals.py <<'PY'
import numpy as np
import torch
from scipy.stats import norm
from torch.utils.data import DataLoader, TensorDataset
from torchcp.regression.predictor import SplitPredictor
from torchcp.regression.score import CQR, CQRR


class Quantiles(torch.nn.Module):  # of a normal distribution round x; the true spread is that of `spread`
    def __init__(self, factor):
        super().__init__()
        self.factor = torch.nn.Parameter(torch.tensor(float(factor)))

    def forward(self, x):
        return torch.cat([x - self.factor * spread(x), x + self.factor * spread(x)], dim=1)


def spread(x):
    return 0.5 + abs(x)


def rows(number):
    x = 2 * torch.rand(number, 1, generator=draw) - 1
    return x, x + spread(x) * torch.randn(number, 1, generator=draw)


draw = torch.Generator().manual_seed(0)
held_out, (x, y) = rows(10_000), rows(20_000)
for factor in (0.5, 1, 3):
    coverage = []
    with torch.no_grad():
        model = Quantiles(factor)
        for score in (CQR, CQRR):
            predictor = SplitPredictor(score(), model=model)
            predictor.calibrate(DataLoader(TensorDataset(*held_out), batch_size=500), alpha=0.1)
            low, high = predictor.predict(x)[:, 0].T
            coverage.append(((y[:, 0] >= low) & (y[:, 0] <= high)).float().mean())
        told = model(held_out[0])
        width = told[:, 1] - told[:, 0]
        misses = torch.maximum(told[:, 0] - held_out[1][:, 0], held_out[1][:, 0] - told[:, 1]) / width
        needed = np.sort(misses)[int(np.ceil(0.9 * 10_001)) - 1]
        assert abs(needed - predictor.q_hat.item()) < 1e-3
        by_hand = norm.cdf(factor * (1 + 2 * needed)) * 2 - 1  # the share in an interval of that many spreads, exactly
        moved = torch.maximum(abs(low - model(x)[:, 0]), abs(high - model(x)[:, 1])).max()
    told = 2 * norm.cdf(factor) - 1
    print(f"quantiles that hold {told:.3f}: CQR {coverage[0]:.3f}, CQRR {coverage[1]:.3f}, CQRR by hand {by_hand:.3f}; "
          f"CQRR moves an end by at most {moved:.6f}")
    assert abs(coverage[0] - 0.9) < 0.02 and abs(by_hand - 0.9) < 0.02
    assert abs(coverage[1] - told) < 0.01 and moved < 1e-5, "CQRR calibrates now"
PY
env/bin/python intervals.py 2> /dev/null

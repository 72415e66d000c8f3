#!/usr/bin/env bash
# meta-learning-toolkit 2.5.0: its Monte Carlo dropout switches the dropout off, so the uncertainty is always 0.
#
# Monte Carlo dropout asks a net many times with its dropout on; how far the answers lie apart tells how unsure it is.
# `MonteCarloDropout.predict_with_uncertainty` puts the model into evaluation mode first, in which dropout does nothing, and
# then asks. All answers are the same and the uncertainty is 0 for every row, near the training data and far from it.
# A comment beside the line says that dropout stays on.
# Seen when the uncertainty of pure noise was 0.
#
# Output seen (meta-learning-toolkit 2.5.0, PyTorch 2.13.0; a net with dropout 0.5, uncertainty as a mean over rows):
#   rows like the training data: 0.000, with the dropout on 2.060
#   rows far from it: 0.000, with the dropout on 35.678
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1 \
    pillow==13.0.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps meta-learning-toolkit==2.5.0

cat > unsure.py <<'PY'
import torch
from meta_learning.uncertainty_components import MonteCarloDropout

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(64, 2))
rows = torch.randn(200, 2)
optimizer = torch.optim.Adam(net.parameters(), 0.01)
for _ in range(200):
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(net(rows), (rows[:, 0] > 0).long()).backward()
    optimizer.step()
for name, new in (("rows like the training data", torch.randn(100, 2)), ("rows far from it", 20 * torch.randn(100, 2))):
    net.train()
    _, found = MonteCarloDropout(0.5, n_samples=50).predict_with_uncertainty(net, new)
    net.train()
    with torch.no_grad():
        right = torch.stack([net(new) for _ in range(50)]).std(dim=0)
    print(f"{name}: {found.mean():.3f}, with the dropout on {right.mean():.3f}")
    assert found.max() < 1e-6 and right.mean() > 0.1, "the dropout is on now"
PY
env/bin/python unsure.py 2> /dev/null

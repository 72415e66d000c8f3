#!/usr/bin/env bash
# POT 0.9.7: MappingTransport sends the very same rows to other places, alone than all together.
#
# MappingTransport learns a plan between the rows that it was fitted on and, beside it, a map for new rows. `transform` of
# exactly the fitted array answers with the plan; any other array, a part of it too, goes through the map. With the
# settings that it has by itself (a linear map without an offset) the map cannot move the mean: here the target's first
# coordinate lies about 3 away, the fitted rows arrive there all together, and one by one they stay near 0. So what a
# check on the training rows shows is not what new rows get. With `bias=True` the means agree, single rows still differ.
# Seen when `transform(rows)[:5]` was compared with `transform(rows[:5])`.
#
# Output seen (POT 0.9.7.post1; mean of the first coordinate, largest distance between the two answers for a row):
#   target 2.72 | bias=False: all together 2.72, one by one 0.15, largest distance 3.59
#   target 2.72 | bias=True: all together 2.72, one by one 2.72, largest distance 0.79
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check POT==0.9.7.post1 numpy==2.4.6 scipy==1.17.1

cat > twice.py <<'PY'
import numpy as np
import ot

draw = np.random.default_rng(0)
source = draw.normal(size=(60, 2))
target = draw.normal(size=(60, 2)) @ [[1, 0.5], [0, 1]] + [3, 0]
for bias in (False, True):
    mapping = ot.da.MappingTransport(bias=bias).fit(Xs=source, Xt=target)
    together = mapping.transform(Xs=source)
    alone = np.vstack([mapping.transform(Xs=row[None]) for row in source])
    far = np.linalg.norm(together - alone, axis=1).max()
    print(f"target {target[:, 0].mean():.2f} | bias={bias}: all together {together[:, 0].mean():.2f}, "
          f"one by one {alone[:, 0].mean():.2f}, largest distance {far:.2f}")
    assert far > 0.5, "both answers agree now"
PY
env/bin/python twice.py

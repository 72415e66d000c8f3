#!/usr/bin/env bash
# drr 1.0.5: in 16 columns a table has twice the intrinsic dimension that it has in 15; a line in 15 columns has seven.
#
# The intrinsic dimension is a matter of the rows' shape: a line stays a line in however many columns it is written. The
# package estimates it as its page says, from how the share of near pairs grows with the radius, and makes 1 - dimension /
# columns of it, a ratio by which one is to choose an optimiser. Inside are three estimates, for tables to 6, to 15 and of
# more columns, called after the kind of data expected there. The third multiplies its estimate by 2 (a remark says that it
# is not known why). The second counts an estimate of at most 1 as none and takes half of the number of columns in its
# place. The page tells of neither. So a repeated column changes the dimension from 3 to 7, and the ratio falls where it
# should rise.
# Seen when a column was added that is the copy of another one.
#
# Output seen (drr 1.0.5, NumPy 2.4.6, SciPy 1.17.1; 800 rows, a cube turned into the columns, or normal columns repeated):
#   dimension 1: 6 columns 1 (by hand 1.0), 10 columns 5 (by hand 1.0), 15 columns 7 (by hand 1.0), 16 columns 2 (by hand 1.0), 30 columns 2 (by hand 1.0)
#   dimension 2: 6 columns 2 (by hand 2.0), 10 columns 2 (by hand 2.0), 15 columns 2 (by hand 2.0), 16 columns 4 (by hand 2.0), 30 columns 4 (by hand 2.0)
#   dimension 4: 6 columns 3 (by hand 3.6), 10 columns 3 (by hand 3.5), 15 columns 3 (by hand 3.6), 16 columns 7 (by hand 3.6), 30 columns 7 (by hand 3.6)
#   four normal columns repeated: 15 columns 3 (by hand 3.7), ratio 0.80, 16 columns 7 (by hand 3.7), ratio 0.56
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 pandas==3.1.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps drr==1.0.5

cat > columns.py <<'PY'
import numpy as np
from drr import estimate_intrinsic_dimension
from scipy.spatial.distance import pdist


def by_hand(rows):  # the slope of the log share of near pairs over the log radius, between 0.5 % and 5 % of the pairs
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    apart = np.sort(pdist(rows, "cityblock"))
    shares = np.geomspace(0.005, 0.05, 10)
    return np.polyfit(np.log(apart[(shares * len(apart)).astype(int)]), np.log(shares), 1)[0]


sizes = (6, 10, 15, 16, 30)
seen = {}
for true in (1, 2, 4):
    draw = np.random.default_rng(0)
    cube = draw.random((800, true))
    tables = [cube @ np.linalg.qr(draw.normal(size=(columns, true)))[0].T for columns in sizes]
    seen[true] = [int(estimate_intrinsic_dimension(table)[1]) for table in tables]
    print(f"dimension {true}: " + ", ".join(f"{columns} columns {told} (by hand {by_hand(table):.1f})"
                                            for columns, told, table in zip(sizes, seen[true], tables)))
    assert all(abs(by_hand(table) - true) < 0.25 * true for table in tables)
four = np.tile(np.random.default_rng(0).normal(size=(800, 4)), 5)
told = [estimate_intrinsic_dimension(four[:, :columns])[1:] for columns in (15, 16)]
print("four normal columns repeated: " + ", ".join(
    f"{columns} columns {dimension} (by hand {by_hand(four[:, :columns]):.1f}), ratio {ratio:.2f}"
    for columns, (dimension, ratio) in zip((15, 16), told)))
assert seen[1][2] > 2 * seen[1][3] and seen[4][3] > 2 * seen[4][2], "one more column changes nothing now"
assert told[1][0] > 2 * told[0][0]
PY
env/bin/python columns.py 2> /dev/null

#!/usr/bin/env bash
# online-cp 0.4.0: a martingale's capital grows 10^19 times by bets that it says are all 1, so it protects nothing.
#
# A conformal test martingale bets against p-values that should be uniform; its capital grows when the stream changes. By
# its base class each step multiplies the capital by `b_n(p)`, and the integral `B_n` is the protection function: a
# predicted probability goes through it and is mended as far as the bets have shown it to be wrong.
# `CompositeLegendreJumper` never sets the two: b_n stays 1 and B_n leaves everything as it is, however large the capital.
# `CompositeJumper`, with the same bets to the last digit, does. The sleepers keep most of their capital aside, so that
# nothing is risked before there is a change; their b_n is the mean of the awake bets alone, as if no capital slept. After
# 20 uniform values `SleeperStayer` tells bets of 0.89 to 1.20 where all are 1.00, and 5 % that are right become 5.9.
# Seen when the next step was tried out on a copy.
#
# Output seen (online-cp 0.4.0, NumPy 2.4.6; 20 uniform p-values, then 500 of a Beta(0.5, 1)):
#   SimpleJumper, uniform: capital 0.649; b_n 0.97 to 1.03, bets made 0.97 to 1.03; B_n sends 0.05 to 0.049, the bets made to 0.049
#   SimpleJumper, changed: capital 1.98e+18; b_n 0.54 to 1.46, bets made 0.54 to 1.46; B_n sends 0.05 to 0.072, the bets made to 0.072
#   CompositeJumper, uniform: capital 0.733; b_n 0.98 to 1.02, bets made 0.98 to 1.02; B_n sends 0.05 to 0.049, the bets made to 0.049
#   CompositeJumper, changed: capital 2.08e+19; b_n 0.50 to 1.50, bets made 0.50 to 1.50; B_n sends 0.05 to 0.074, the bets made to 0.074
#   SleeperStayer, uniform: capital 0.991; b_n 0.89 to 1.20, bets made 1.00 to 1.00; B_n sends 0.05 to 0.059, the bets made to 0.050
#   SleeperStayer, changed: capital 1.58e+36; b_n 0.78 to 3.00, bets made 0.78 to 3.00; B_n sends 0.05 to 0.150, the bets made to 0.150
#   SleeperDrifter, uniform: capital 0.997; b_n 0.82 to 1.16, bets made 1.00 to 1.00; B_n sends 0.05 to 0.057, the bets made to 0.050
#   SleeperDrifter, changed: capital 9.48e+10; b_n 0.77 to 1.30, bets made 0.77 to 1.30; B_n sends 0.05 to 0.065, the bets made to 0.065
#   CompositeLegendreJumper, uniform: capital 0.733; b_n 1.00 to 1.00, bets made 0.98 to 1.02; B_n sends 0.05 to 0.050, the bets made to 0.049
#   CompositeLegendreJumper, changed: capital 2.08e+19; b_n 1.00 to 1.00, bets made 0.50 to 1.50; B_n sends 0.05 to 0.050, the bets made to 0.074
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check online-cp==0.4.0 numpy==2.4.6 scipy==1.17.1

cat > bets.py <<'PY'
import copy

import numpy as np
from online_cp.martingale import CompositeJumper, CompositeLegendreJumper, SimpleJumper, SleeperDrifter, SleeperStayer

grid = (np.arange(200) + 0.5) / 200


def made(martingale, p):  # the factor of the capital if p comes next
    trial = copy.deepcopy(martingale)
    trial.update(float(p))
    return np.exp(trial.logM - martingale.logM)


apart = {}
for name, martingale in (("SimpleJumper", SimpleJumper()), ("CompositeJumper", CompositeJumper()),
                         ("SleeperStayer", SleeperStayer()), ("SleeperDrifter", SleeperDrifter(G=5, M=10)),
                         ("CompositeLegendreJumper", CompositeLegendreJumper())):
    draw = np.random.default_rng(0)
    for stage, values in (("uniform", draw.random(20)), ("changed", draw.beta(0.5, 1, size=500))):
        for p in values:
            martingale.update(float(p))
        bets = np.array([made(martingale, p) for p in grid])
        told = np.array([float(np.ravel(martingale.b_n(p))[0]) for p in grid])
        protected = float(np.ravel(martingale.B_n(0.05))[0])
        apart[name, stage] = np.abs(told - bets).max()
        print(f"{name}, {stage}: capital {martingale.M:.3g}; b_n {told.min():.2f} to {told.max():.2f}, "
              f"bets made {bets.min():.2f} to {bets.max():.2f}; B_n sends 0.05 to {protected:.3f}, "
              f"the bets made to {bets[:10].sum() / 200:.3f}")
        assert abs(bets.mean() - 1) < 0.02
assert max(apart[name, stage] for name in ("SimpleJumper", "CompositeJumper") for stage in ("uniform", "changed")) < 1e-9
assert min(apart[name, "uniform"] for name in ("SleeperStayer", "SleeperDrifter")) > 0.1, "the sleeping capital counts now"
assert apart["CompositeLegendreJumper", "changed"] > 0.3, "it sets its bets now"
PY
PYTHONWARNINGS=ignore env/bin/python bets.py

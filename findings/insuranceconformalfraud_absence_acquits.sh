#!/usr/bin/env bash
# insurance-conformal-fraud 0.1.0: a missing p-value that is to count as neutral acquits; two strong alarms and one absence give 0.6.
#
# Several insurers each send a p-value for a claim; `stouffer_combine` turns them into normal scores and sums these. For an
# insurer that did not see the claim there is missing="impute_null": a p-value of 1, documented as "no evidence; neutral
# contribution". In Stouffer's sum a p-value of 1 is no zero but the strongest evidence for innocence: here a score of -7.9.
# It outweighs two insurers that say 0.0001 each. With one absent of three, almost no fraud is found any more. Neutral is a
# score of 0, so a p-value of 0.5; missing="drop", the default, leaves the insurer out and is right. In Fisher's sum 1 adds
# nothing and costs two degrees of freedom.
# Seen when a claim was the less suspect the fewer insurers knew it.
#
# Output seen (insurance-conformal-fraud 0.1.0, SciPy 1.17.1; three insurers, the third saw none of the 2000 claims):
#   scores 0 above those of honest claims, found at 1%: absence imputed 0.0%; dropped 0.8%; told as 0.5 0.1%; Fisher, absence imputed 0.1%
#   scores 2 above those of honest claims, found at 1%: absence imputed 0.0%; dropped 70.5%; told as 0.5 50.4%; Fisher, absence imputed 46.8%
#   scores 3 above those of honest claims, found at 1%: absence imputed 0.1%; dropped 97.1%; told as 0.5 92.0%; Fisher, absence imputed 90.5%
#   two insurers say 0.0001, one is absent: imputed 0.61, dropped 7.2e-08
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 polars==2.1.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps insurance-conformal-fraud==0.1.0  # nonconform plays no part

cat > absence.py <<'PY'
import numpy as np
from insurance_conformal_fraud.consortium import fisher_combine, stouffer_combine
from scipy.stats import combine_pvalues, norm

draw = np.random.default_rng(0)
absent = np.full(2000, np.nan)
for strength in (0, 2, 3):
    values = norm.sf(draw.normal(size=(2, 2000)) + strength)  # of 0: honest claims
    found = {name: stouffer_combine([*values, filler], missing=missing) for name, filler, missing in
             (("absence imputed", absent, "impute_null"), ("dropped", absent, "drop"), ("told as 0.5", np.full(2000, 0.5), "drop"))}
    found["Fisher, absence imputed"] = fisher_combine([*values, absent], missing="impute_null")
    right = combine_pvalues(values, method="stouffer").pvalue
    assert np.allclose(found["dropped"], right)
    told = {name: np.mean(part < 0.01) for name, part in found.items()}
    print(f"scores {strength} above those of honest claims, found at 1%: " + "; ".join(f"{name} {share:.1%}" for name, share in told.items()))
    if strength:
        assert told["absence imputed"] < 0.02 and told["told as 0.5"] > 0.3 and told["dropped"] > 0.5, "absence is neutral now"
claim = [np.array([0.0001]), np.array([0.0001]), np.array([np.nan])]
seen, dropped = (stouffer_combine(claim, missing=missing)[0] for missing in ("impute_null", "drop"))
print(f"two insurers say 0.0001, one is absent: imputed {seen:.2f}, dropped {dropped:.1e}")
assert seen > 0.3 > 1e-5 > dropped
PY
env/bin/python absence.py

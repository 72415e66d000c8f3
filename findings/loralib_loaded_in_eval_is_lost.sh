#!/usr/bin/env bash
# loralib 0.1.2: an adapter that is loaded into a model in evaluation mode is never applied, and training loses it for good.
#
# The way to load that the package describes: first the pretrained weights, then the file with the adapter alone. `eval()`
# adds the low-rank update to the weights and keeps a flag that it did; the flag is in no file and loading does not
# touch it. So a model that is in evaluation mode when it is loaded takes the pretrained weights for merged ones: it
# predicts as the pretrained model does. `train()` then subtracts an update that was never added, so the pretrained
# weights are off by it, and the adapter's effect is still nought. All keys match and nothing is said. The other way
# round, a whole model saved in evaluation mode and loaded in training mode counts the update twice.
# Seen when layers were saved and loaded in both modes.
#
# Output seen (loralib 0.1.2, PyTorch 2.13.0; largest differences in the output):
#   adapter's effect: 1.456
#   loaded in training mode: off by 0.000, in evaluation after it by 0.000
#   loaded in evaluation mode: off from the base by 0.000, in training by 0.000, its weights by 0.384
#   whole model saved in evaluation mode: off by 1.456, from a doubled effect by 0.000
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check loralib==0.1.2 torch==2.13.0 numpy==2.4.6

cat > load.py <<'PY'
import loralib
import torch

torch.manual_seed(0)
rows, wanted = torch.randn(64, 4), torch.randn(64, 2)
model = loralib.Linear(4, 2, r=2)
pretrained = {name: value.clone() for name, value in model.state_dict().items() if "lora" not in name}
base = torch.nn.functional.linear(rows, pretrained["weight"], pretrained["bias"])
loralib.mark_only_lora_as_trainable(model)
optimizer = torch.optim.Adam(model.parameters(), 0.1)
for _ in range(100):
    optimizer.zero_grad()
    ((model(rows) - wanted) ** 2).mean().backward()
    optimizer.step()
adapter, trained = loralib.lora_state_dict(model), model(rows)

def far(one, other):
    return float((one - other).detach().abs().max())

def load(files, modes):  # loads in the first mode; predicts in each
    layer = loralib.Linear(4, 2, r=2)
    layer.train(modes[0])
    for file in files:
        layer.load_state_dict(file, strict=False)
    outputs = []
    for mode in modes:
        layer.train(mode)
        outputs.append(layer(rows))
    return outputs, layer.weight


print(f"adapter's effect: {far(trained, base):.3f}")
good = [far(output, trained) for output in load([pretrained, adapter], [True, False])[0]]
print("loaded in training mode: off by {:.3f}, in evaluation after it by {:.3f}".format(*good))
outputs, weight = load([pretrained, adapter], [False, True])
bad, spoilt = [far(output, base) for output in outputs], far(weight, pretrained["weight"])
print("loaded in evaluation mode: off from the base by {:.3f}, in training by {:.3f}, its weights by {:.3f}".format(*bad, spoilt))
model.eval()
whole = load([model.state_dict()], [True])[0][0]
double = far(whole, 2 * trained - base)
print(f"whole model saved in evaluation mode: off by {far(whole, trained):.3f}, from a doubled effect by {double:.3f}")
assert far(trained, base) > 0.3 and max(*good, *bad, double) < 1e-5 and spoilt > 0.1, "loading minds the mode now"
PY
env/bin/python load.py

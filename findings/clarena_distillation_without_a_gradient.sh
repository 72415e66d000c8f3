#!/usr/bin/env bash
# clarena 1.1.0: its LwF distils without a gradient; the loss is added and moves nothing, so it forgets as plain finetuning does.
#
# Learning without forgetting (Li and Hoiem 2018) trains a new task, and holds the network's answers for the old tasks near
# those that it gave before: a distillation loss, computed on the new task's rows. Its gradient in the shared part is the whole
# method. clarena keeps the old heads fixed by computing the student's answers under `torch.no_grad()`. That cuts off
# the heads' weights, as is meant, and the shared part in front of them too. The loss is then a constant: it is logged and
# weighted by `distillation_reg_factor`, and the gradients are those of finetuning, whatever the factor.
# To hold a head and let the gradient through, its weights are to be frozen (`requires_grad_(False)`) or handed in detached.
# Seen when a factor of 0.001 and one of 1000 ended with the same weights.
#
# Output seen (clarena 1.1.0, Lightning 2.6.6, PyTorch 2.13.0; two tasks of 60 steps on the same rows):
#   finetuning: of the first task's answers 56.6% are kept
#   LwF, factor 0.001: kept 56.6%; distillation loss 0.0044, largest difference from finetuning's weights 0e+00
#   LwF, factor 1: kept 56.6%; distillation loss 4.4282, largest difference from finetuning's weights 0e+00
#   LwF, factor 1000: kept 56.6%; distillation loss 4428.1748, largest difference from finetuning's weights 0e+00
#   finetuning with the same loss by hand, factor 10: kept 96.5%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 lightning==2.6.6 torchmetrics==1.9.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps clarena==1.1.0

cat > distil.py <<'PY'
import sys
from unittest.mock import MagicMock

import lightning  # noqa: F401  (it looks for torchvision itself)
import torch

for name in ("torchvision", "captum", "captum.attr"):  # data sets, known nets and attributions play no part here
    sys.modules[name] = MagicMock()
from clarena.backbones import CLMLP
from clarena.cl_algorithms import Finetuning, LwF
from clarena.heads import HeadsTIL

draw = torch.Generator().manual_seed(0)
rows = torch.randn(500, 20, generator=draw)
labels = [(rows @ torch.randn(20, generator=draw) > 0).long() for _ in range(2)]
fresh = torch.randn(2000, 20, generator=draw)


def learn(make, by_hand=None):
    torch.manual_seed(0)
    model = make(backbone=CLMLP(20, [64], 32), heads=HeadsTIL(32))
    for task in (1, 2):
        model.setup_task_id(task, 2, None, None)
        model.train()
        before = torch.log_softmax(model(rows, stage="test", task_id=1)[0], dim=1).exp().detach()
        weights = [*model.backbone.parameters(), *model.heads.heads[str(task)].parameters()]
        optimizer = torch.optim.Adam(weights, lr=0.01)
        for _ in range(60):
            optimizer.zero_grad()
            outputs = model.training_step((rows, labels[task - 1]))
            loss = outputs["loss"]
            if by_hand and task == 2:
                loss = loss - by_hand * (before * torch.log_softmax(model(rows, stage="train", task_id=1)[0], dim=1)).sum(1).mean()
            loss.backward()
            optimizer.step()
        if task == 1:
            model.on_train_end() if isinstance(model, LwF) else None
            first = model(fresh, stage="test", task_id=1)[0].argmax(1).detach()
    kept = (model(fresh, stage="test", task_id=1)[0].argmax(1) == first).float().mean().item()
    return kept, float(outputs.get("loss_reg", 0)), torch.cat([weight.flatten() for weight in model.backbone.parameters()]).detach()


def lwf(factor):
    return lambda **parts: LwF(distillation_reg_factor=factor, distillation_reg_temperature=1, **parts)


plain = learn(Finetuning)
print(f"finetuning: of the first task's answers {plain[0]:.1%} are kept")
for factor in (0.001, 1, 1000):
    kept, loss, weights = learn(lwf(factor))
    apart = (weights - plain[2]).abs().max()
    print(f"LwF, factor {factor}: kept {kept:.1%}; distillation loss {loss:.4f}, "
          f"largest difference from finetuning's weights {apart:.0e}")
    assert loss > 0 and apart == 0, "the distillation moves the weights now"
kept, _, weights = learn(Finetuning, by_hand=10)
print(f"finetuning with the same loss by hand, factor 10: kept {kept:.1%}")
assert kept > plain[0] + 0.1
PY
env/bin/python distil.py 2> /dev/null

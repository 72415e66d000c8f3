#!/usr/bin/env bash
# meta-learning-toolkit 2.5.0: its detection of forgetting answers "no" whatever was forgotten; it measures nothing.
#
# `create_advanced_continual_learner` trains one net on task after task and is said to detect catastrophic forgetting and to
# analyse how knowledge is kept. After each task it returns the accuracy before it, whether something was forgotten, the drop,
# and a score of consolidation. All are constants: 0.8, no, 0.0 and 0.7. In the example the labels of the second task are
# those of the first, turned round. Once it is learned the net gets nearly every row of the first task wrong, and the answer
# is the same.
# Seen when the answer was set beside the accuracy on the first task's rows.
#
# Output seen (meta-learning-toolkit 2.5.0, PyTorch 2.13.0):
#   after the first task: accuracy on the first task 1.00
#   after a second task, its labels turned round: accuracy on the first task 0.03
#     told: forgetting_detected False
#     told: performance_drop 0.0
#     told: placeholder_accuracy 0.8
#     told: consolidation_score 0.7
#     told: transfer_metrics {'positive_transfer': 0.6}
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1 \
    pillow==13.0.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps meta-learning-toolkit==2.5.0

cat > forgotten.py <<'PY'
import torch
from meta_learning.continual_meta_learning import create_advanced_continual_learner

torch.manual_seed(0)
net = torch.nn.Linear(2, 2)
learner = create_advanced_continual_learner(net, torch.optim.Adam(net.parameters(), 0.05), memory_size=1, ewc_importance=0.0)
rows = torch.randn(200, 2)
labels = (rows[:, 0] > 0).long()


def right():
    return (net(rows).argmax(dim=1) == labels).float().mean().item()


for name, task in (("the first task", labels), ("a second task, its labels turned round", 1 - labels)):
    report = learner.learn_task([(rows, task)], epochs=60)
    print(f"after {name}: accuracy on the first task {right():.2f}")
answer = report["forgetting_analysis"] | report["baseline_performance"] | report["consolidation"]
for key, value in answer.items():
    print(f"  told: {key} {value}")
assert right() < 0.1 and not answer["forgetting_detected"] and answer["performance_drop"] == 0, "it sees what was forgotten now"
assert answer["placeholder_accuracy"] == 0.8 and answer["consolidation_score"] == 0.7
PY
env/bin/python forgotten.py 2> /dev/null

#!/usr/bin/env bash
# clearn-ai 0.3.0: Synaptic Intelligence divides the first task's importance by 0.001 alone, so the second task fails.
#
# Synaptic Intelligence (Zenke, Poole and Ganguli 2017) gives a weight the importance: what it did for the loss, divided by the
# square of how far it moved in the task, plus a small number against a division by nought. clearn takes the start of
# the task from a copy that it renews after every step, so at the end of the first task the way is always 0, and only
# the small number divides. The weights that moved most, and did most, get an importance that is many times too large.
# The pull towards their old values then hinders the second task; with an ordinary step it is too steep to follow, and the
# weights grow beyond all bounds.
# From the second task on the start is another copy, and right. Seen when the loss of a second task was not a number.
#
# Output seen (clearn-ai 0.3.0, PyTorch 2.13.0; two tasks of 600 rows, each with two columns of its own, 5 epochs each):
#   rate 0.1: largest importance 45.88; by hand, undivided by the way 45.88, as in the paper 4.20
#     after the second task: loss nan, right in the first 52.7%, in the second 50.8%; by hand 98.8%, 98.0%
#   rate 0.01: largest importance 17.92; by hand, undivided by the way 17.92, as in the paper 5.91
#     after the second task: loss 0.73, right in the first 91.8%, in the second 57.0%; by hand 86.3%, 75.8%
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 clearn-ai==0.3.0 numpy==2.4.6

cat > intelligence.py <<'PY'
import clearn
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(1)


def rows(task, seed):  # each task has two columns of its own, and asks for the sign of one of them
    features = torch.zeros(600, 4)
    features[:, 2 * task:2 * task + 2] = torch.randn(600, 2, generator=torch.Generator().manual_seed(seed))
    return features, (features[:, 2 * task] > 0).long()


def fresh():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(4, 32), torch.nn.ReLU(), torch.nn.Linear(32, 2))


def loader(task):
    return DataLoader(TensorDataset(*rows(task, task)), batch_size=32, shuffle=True)


def by_hand(net, data, rate, pull):  # gives what each weight did for the loss, and how far it came
    weights, optimizer = list(net.parameters()), torch.optim.SGD(net.parameters(), lr=rate)
    start, work = [part.detach().clone() for part in weights], [torch.zeros_like(part) for part in weights]
    for _ in range(5):
        for features, labels in data:
            before = [part.detach().clone() for part in weights]
            optimizer.zero_grad()
            (cross_entropy(net(features), labels) + pull(weights)).backward()
            optimizer.step()
            for sums, part, old in zip(work, weights, before):
                sums -= part.grad * (part.detach() - old)
    return work, [part.detach() - old for part, old in zip(weights, start)]


def right(net):
    return [(net(features).argmax(1) == labels).float().mean().item() for features, labels in (rows(0, 10), rows(1, 11))]


def largest(parts):
    return max(part.max().item() for part in parts)


for rate in (0.1, 0.01):
    model = clearn.wrap(fresh(), strategy="si")
    model.fit(loader(0), torch.optim.SGD(model.parameters(), lr=rate), epochs=5, task_id="first")
    theirs = [part.clone() for part in model.strategy._omega.values()]
    told = model.fit(loader(1), torch.optim.SGD(model.parameters(), lr=rate), epochs=5, task_id="second")

    net = fresh()
    work, way = by_hand(net, loader(0), rate, lambda weights: 0)
    plain = [(part / 0.001).clamp(min=0) for part in work]
    paper = [(part / (far**2 + 0.001)).clamp(min=0) for part, far in zip(work, way)]
    old = [part.detach().clone() for part in net.parameters()]
    by_hand(net, loader(1), rate, lambda weights: sum((much * (part - was)**2).sum() for much, part, was in zip(paper, weights, old)))
    print(f"rate {rate}: largest importance {largest(theirs):.2f}; by hand, undivided by the way {largest(plain):.2f}, "
          f"as in the paper {largest(paper):.2f}")
    print("  after the second task: loss {:.2f}, right in the first {:.1%}, in the second {:.1%}; by hand {:.1%}, {:.1%}".format(
        told.final_loss, *right(model.model), *right(net)))
    assert all(torch.allclose(one, other, rtol=0.01, atol=1e-4) for one, other in zip(theirs, plain)), "it knows the way now"
    assert largest(theirs) > 3 * largest(paper)
PY
PYTHONWARNINGS=ignore env/bin/python intelligence.py

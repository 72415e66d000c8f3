#!/usr/bin/env bash
# easyfsl 1.5.0: a higher `temperature` makes its predictions surer, where the documentation says softer.
#
# A softmax divides its logits by the temperature: the higher it is, the flatter the probabilities. The docstrings of Finetune,
# TransductiveFinetuning and TIM say so: applied to the logits before the softmax, "Higher temperature means softer
# predictions". All three multiply by it. A temperature of 10, asked for to calm a few-shot classifier that is too sure, makes it
# surer, and one of 0.1 makes it all but uniform. It also scales the logits inside the fine-tuning. The answers keep their order,
# so the accuracy says nothing; the error of the probabilities grows. TIM's own default of 10 is meant as a factor.
# Seen when the mean of the largest probability rose with the temperature.
#
# Output seen (easyfsl 1.5.0, PyTorch 2.14.1; 5 classes, five labelled rows each, 2000 queries; mean largest probability):
#   Finetune: at temperature 0.1, 1, 10 easyfsl 0.21, 0.27, 0.75; logits divided by it 0.75, 0.27, 0.21; right 0.60, 0.60, 0.60
#   TransductiveFinetuning: at temperature 0.1, 1, 10 easyfsl 0.22, 0.39, 0.89; logits divided by it 0.89, 0.39, 0.22; right 0.59, 0.59, 0.59
#   TIM: at temperature 0.1, 1, 10 easyfsl 0.21, 0.27, 0.75; logits divided by it 0.75, 0.27, 0.21; right 0.60, 0.60, 0.60
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.14.1 torchvision==0.29.1 numpy==2.4.6 pandas==3.1.1 \
    matplotlib==3.11.2 tqdm==4.70.1
env/bin/python -m pip install -q --disable-pip-version-check --no-deps easyfsl==1.5.0  # its pins are only lower bounds

cat > temperature.py <<'PY'
import numpy as np
import torch
from easyfsl.methods import TIM, Finetune, TransductiveFinetuning

draw = np.random.default_rng(0)
centres = 0.5 * draw.normal(size=(5, 16))
labels, truth = torch.arange(5).repeat_interleave(5), torch.arange(5).repeat_interleave(400)
support = torch.tensor(centres[labels] + draw.normal(size=(25, 16)), dtype=torch.float32)
queries = torch.tensor(centres[truth] + draw.normal(size=(2000, 16)), dtype=torch.float32)


def told(method, temperature, steps):
    classifier = method(temperature=temperature, use_softmax=True, fine_tuning_steps=steps)
    classifier.process_support_set(support, labels)
    with torch.no_grad():
        seen = classifier(queries)
        scores = classifier.l2_distance_to_prototypes if method is TransductiveFinetuning else classifier.cosine_distance_to_prototypes
        logits = scores(queries)
    divided, multiplied = (torch.softmax(part, 1) for part in (logits / temperature, logits * temperature))
    assert torch.allclose(seen, multiplied, atol=1e-5), "it divides now"
    return [part.max(1).values.mean().item() for part in (seen, divided)] + [(seen.argmax(1) == truth).float().mean().item()]


for method in (Finetune, TransductiveFinetuning, TIM):
    found = np.array([told(method, temperature, 10) for temperature in (0.1, 1, 10)])
    print(f"{method.__name__}: at temperature 0.1, 1, 10 easyfsl " + ", ".join(f"{value:.2f}" for value in found[:, 0])
          + "; logits divided by it " + ", ".join(f"{value:.2f}" for value in found[:, 1])
          + "; right " + ", ".join(f"{value:.2f}" for value in found[:, 2]))
    assert np.all(np.diff(found[:, 0]) > 0) and np.all(np.diff(found[:, 1]) < 0)
PY
env/bin/python temperature.py 2> /dev/null

#!/usr/bin/env bash
# meta-learning-toolkit 2.5.0: its evaluation never calls the model; the accuracies that it reports are random numbers.
#
# `publication_evaluation` and `quick_evaluation` are said to measure a few-shot model over many episodes, with a confidence
# interval, after the standards of the field. For each episode the accuracy is a number drawn evenly between 0.2 and 0.8. The
# model is put into evaluation mode and not called once. Whatever it is, the report says about 50 %, with an interval of
# less than a point at 10000 episodes, and a test against another model compares two draws. Nothing warns; only a
# comment beside the code calls it a placeholder. (`meta_learning.eval.evaluate` calls the model.)
# Seen when a model that is always right and one that is always wrong got the same mark.
#
# Output seen (meta-learning-toolkit 2.5.0, PyTorch 2.13.0; 2000 episodes with 5 classes, chance is 0.200):
#   model meant to be always right: called 0 times; accuracy 0.502, interval 0.494 to 0.510; mean of 2000 drawn numbers 0.502
#   model meant to be always wrong: called 0 times; accuracy 0.506, interval 0.498 to 0.513; mean of 2000 drawn numbers 0.506
#   model meant to be untrained: called 0 times; accuracy 0.492, interval 0.485 to 0.500; mean of 2000 drawn numbers 0.492
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 numpy==2.4.6 scipy==1.17.1 tqdm==4.70.1 \
    pillow==13.0.0
env/bin/python -m pip install -q --disable-pip-version-check --no-deps meta-learning-toolkit==2.5.0

cat > marks.py <<'PY'
import contextlib
import io

import numpy as np
import torch
from meta_learning.evaluation.few_shot_evaluation_harness import EpisodeConfig, FewShotEvaluationHarness

table = {name: list(range(100 * name, 100 * name + 100)) for name in range(20)}
for seed, name in enumerate(("always right", "always wrong", "untrained")):
    calls = []
    model = torch.nn.Linear(10, 5)
    model.register_forward_hook(lambda *_: calls.append(1))  # counts how often the model is asked
    np.random.seed(seed)
    with contextlib.redirect_stdout(io.StringIO()):
        config = EpisodeConfig(n_way=5, n_support=5, n_episodes=2000)
        result = FewShotEvaluationHarness(model, lambda: table, config).evaluate(progress_bar=False)
    np.random.seed(seed)
    drawn = np.random.uniform(0.2, 0.8, 2000)
    low, high = result.confidence_interval
    print(f"model meant to be {name}: called {len(calls)} times; accuracy {result.mean_accuracy:.3f}, interval {low:.3f} to "
          f"{high:.3f}; mean of 2000 drawn numbers {drawn.mean():.3f}")
    assert not calls and np.array_equal(result.per_episode_accuracies, drawn), "the model is called now"
PY
env/bin/python marks.py 2> /dev/null

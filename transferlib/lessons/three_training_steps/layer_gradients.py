"""Whose gradient reached which layer, and how large it was: measured on the side, at weights that a run went through.

A run of n updates sees the first n batches of a longer one, so the weights on the way are those of shorter runs.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import tensorflow as tf

from transferlib.cache import cached
from transferlib.experiments import Progress, in_parallel, source_weights, which_seeds
from transferlib.functional import Functional
from transferlib.networks import PARTS, TASKS, Pair
from transferlib.strategies import Strategy, checked
from transferlib.tasks import Task, whole_number
from transferlib.training import batches, starting_weights, train

UPDATES = (0, 1, 3, 10, 30, 100, 300)
BATCH = 32


def by_layer(pair: Pair, weights: dict, task: str, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """‖∂L/∂θ_layer‖ of one task's mean cross-entropy L on a batch: {part: (layers with weights to train,)}.

    weights  all weights, as `pair.weights()` gives them; the models of the pair are neither read nor changed
    task     whose loss, "source" or "target". It cannot reach the other's private part: exactly zero there
    x, y     (n, d) and (n,), the batch
    """
    pair.model(task)  # which says so where there is none
    pair.check_trainable()
    net = Functional(pair)
    theta, state = tf.nest.map_structure(tf.convert_to_tensor, net.split(weights))
    shared, private = net.gradients(task, theta, state, x, y)
    found = {part: np.zeros(theta[part].shape) for part in PARTS} | {"shared": shared.numpy(), task: private.numpy()}
    return {part: _norms(net.layers[part], found[part]) for part in PARTS}


def _sizes(model):
    """How many numbers there are to train in each layer of a part that has any."""
    sizes = (sum(int(np.prod(v.shape)) for v in layer.trainable_variables) for layer in model.layers)
    return [size for size in sizes if size]


def _norms(model, gradient):
    """A part's gradient (n,) → the norm of each layer's stretch of it."""
    return np.array([np.linalg.norm(stretch) for stretch in np.split(gradient, np.cumsum(_sizes(model)))[:-1]])


def over_training(
    pair: Pair,
    source: Task,
    target: Task,
    strategy: Strategy | None = None,
    *,
    per_class: int = 5,
    seeds: int | Iterable = 5,
    only_private: bool = False,
    updates: Iterable[int] = UPDATES,
    progress: Progress = None,
) -> dict[str, dict[str, np.ndarray]]:
    """The gradients by which a run moves its layers, along the way: {task: {part: (seeds, len(updates), layers)}}.

    strategy      what step 2 does; None looks at step 1 instead, the training of the source
    per_class     labels per class of the target
    only_private  step 1 read literally: the shared part stays random
    updates       after how many updates to look, in rising order; the gradient is that of the batch that comes next
    seeds, progress   as for `compare`

    Zero where a layer is frozen, and everywhere for a loss that the run does not use. Norms are not scaled by move or alpha.
    """
    updates = tuple(whole_number(n, "each of updates") for n in updates)
    if not updates or any(a >= b for a, b in pairwise(updates)):
        raise ValueError(f"updates must be whole numbers in rising order, not {updates!r}")
    if strategy is not None:
        checked(strategy)
    jobs = [(pair, source, target, strategy, per_class, seed, only_private, updates) for seed in which_seeds(seeds)]
    runs = in_parallel(_one_run, jobs, progress)
    return {task: {part: np.stack([run[task][part] for run in runs]) for part in PARTS} for task in TASKS}


@cached
def _one_run(pair, source, target, strategy, per_class, seed, only_private, updates):
    """One seed of `over_training`: {task: {part: (len(updates), layers)}}."""
    learned = source if strategy is None else target.few(per_class, seed)
    feeds = {"source" if strategy is None else "target": batches(learned, seed=seed, steps=max(updates) + 1)}
    if strategy and strategy.alpha:
        feeds["source"] = batches(source, seed=seed, steps=max(updates) + 1, partner=True)
    found = {task: {part: np.zeros((len(updates), len(_sizes(getattr(pair, part))))) for part in PARTS} for task in TASKS}
    for row, n in enumerate(updates):
        weights = _weights_after(n, pair, source, learned, strategy, seed, only_private)
        for task, rows in feeds.items():
            for part, norms in by_layer(pair, weights, task, *(a[n * BATCH :][:BATCH] for a in rows)).items():
                found[task][part][row] = norms
    if only_private if strategy is None else strategy.frozen:
        for parts in found.values():
            parts["shared"][:] = 0
    return found


def _weights_after(n, pair, source, learned, strategy, seed, only_private):
    if strategy is None:
        return source_weights(pair, source, seed, n, only_private) if n else pair.fresh(seed)
    weights = source_weights(pair, source, seed, only_private=only_private)
    if n == 0:
        return starting_weights(pair, strategy, weights, seed)
    return train(pair, learned, strategy, source=source, weights=weights, seed=seed, steps=n, every=n, batch=BATCH).weights

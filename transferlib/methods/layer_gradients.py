"""Whose gradient reached which layer, and how large it was: measured on the side, at weights that a run went through.

Nothing here trains. A run of n updates sees the same batches as the first n of a longer one, so the weights on the way are
those of shorter runs, and the gradient at each of them is taken with a plain tape.
"""

from functools import lru_cache

import numpy as np
import tensorflow as tf

from transferlib.experiments import source_weights
from transferlib.functional import Functional
from transferlib.networks import PARTS
from transferlib.training import batches, starting_weights, train

UPDATES = (0, 1, 3, 10, 30, 100, 300)
BATCH = 32
TASKS = "source", "target"


def by_layer(pair, weights, task, x, y):
    """‖∂L/∂θ_layer‖ of one task's mean cross-entropy L on a batch: {part: (layers that have weights,)}.

    weights  all weights, as `pair.weights()` gives them; the models of the pair are neither read nor changed
    task     whose loss, "source" or "target". It cannot reach the other's private part: exactly zero there
    x, y     (n, d) and (n,), the batch
    """
    net = Functional(pair)
    theta, state = tf.nest.map_structure(tf.convert_to_tensor, net.split(weights))
    shared, private, _ = net.gradients(task, theta, state, x, y, tf.constant(False))
    found = {part: np.zeros(theta[part].shape) for part in PARTS} | {"shared": shared.numpy(), task: private.numpy()}
    return {part: _norms(net.layers[part], found[part]) for part in PARTS}


def _norms(model, gradient):
    """A part's gradient (n,) → the norm of each layer's stretch of it (layers that have weights,)."""
    sizes = [sum(int(np.prod(v.shape)) for v in layer.trainable_variables) for layer in model.layers]
    ends = np.cumsum(sizes)
    return np.array([np.linalg.norm(gradient[end - size : end]) for size, end in zip(sizes, ends) if size])


def over_training(
    pair, source, target, strategy=None, *, per_class=5, seeds=5, only_private=False, updates=UPDATES, progress=None
):
    """The gradients by which a run moves its layers, along the way: {task: {part: (seeds, len(updates), layers)}}.

    strategy      what step 2 does; None looks at step 1 instead, the training of the source
    per_class     labels per class of the target
    only_private  step 1 read literally: the shared part stays random
    updates       after how many updates to look; the gradient is that of the batch that comes next
    progress      called as progress(done, of all) after each seed; what it raises stops the measurement

    Zero where a layer is frozen, and everywhere for a loss that the run does not use. Norms are not scaled by move or alpha.
    """
    runs = []
    for seed in range(seeds):
        runs.append(_one_run(pair, source, target, strategy, per_class, seed, only_private, tuple(updates)))
        if progress:
            progress(seed + 1, seeds)
    return {task: {part: np.stack([run[task][part] for run in runs]) for part in PARTS} for task in TASKS}


@lru_cache(maxsize=512)
def _one_run(pair, source, target, strategy, per_class, seed, only_private, updates):
    """One seed of `over_training`: {task: {part: (len(updates), layers)}}."""
    learned = source if strategy is None else target.few(per_class, seed)
    feeds = {"source" if strategy is None else "target": batches(learned, seed=seed, steps=max(updates) + 1)}
    if strategy and strategy.alpha:
        feeds["source"] = batches(source, seed=seed, steps=max(updates) + 1, partner=True)
    frozen = only_private if strategy is None else strategy.move == 0
    found = {task: {part: [] for part in PARTS} for task in TASKS}
    for n in updates:
        weights = _weights_after(n, pair, source, learned, strategy, seed, only_private)
        norms = {t: by_layer(pair, weights, t, *(rows[n * BATCH :][:BATCH] for rows in feeds[t])) for t in feeds}
        for task, parts in found.items():
            for part, row in parts.items():
                reached = task in norms and not (frozen and part == "shared")
                row.append(norms[task][part] if reached else np.zeros(_layers(pair, part)))
    return {task: {part: np.stack(row) for part, row in parts.items()} for task, parts in found.items()}


def _layers(pair, part):
    """How many layers of a part have weights."""
    return sum(bool(layer.trainable_variables) for layer in getattr(pair, part).layers)


def _weights_after(n, pair, source, learned, strategy, seed, only_private):
    if strategy is None:
        return source_weights(pair, source, seed, n, only_private) if n else pair.fresh(seed)
    weights = source_weights(pair, source, seed, only_private=only_private)
    if n == 0:
        return starting_weights(pair, strategy, weights, seed)
    return train(pair, learned, strategy, source=source, weights=weights, seed=seed, steps=n, every=n, batch=BATCH).weights

"""The rules of the course on all of its pairs: does freezing first hold, does keeping the head help, and so on."""

from dataclasses import dataclass

import numpy as np

from transferlib.experiments import Progress, compare, in_parallel, source_weights, which_seeds
from transferlib.functional import Functional
from transferlib.measures import PerSeed, at, in_brackets, interval
from transferlib.methods.ladder import accuracy, by_arrays, fit_simple, r_squared
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, HEAD_FIRST, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train

KEPT = SHARE_WEIGHTS.but(name="head kept", head="source")
RULES = {
    "freeze first": "frozen ahead of fine-tuned",
    "head first, then all": "its lead over the better of the two",
    "keep the head": "fine-tuned with the source's head ahead of without",
    "standardise first": "untouched source on inputs of equal mean and spread ahead of as they are",
    "no source is enough": "kernel ridge without a source ahead of the best of these",
}


@dataclass(frozen=True, eq=False)
class Couple:
    """A pair of tasks of the course: a network, its source (None: it came trained), its target, and rows without a source.

    few, many   labels a class (a regression: rows) that count as such here
    plain       (rows of the target's training part, rows of its test part) for a model without a source; None: the same rows
    """

    name: str
    pair: Pair
    source: Task | None
    target: Task
    few: int
    many: int
    plain: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def known(self) -> bool:
        """Whether the source's head answers the target's question."""
        return self.source is not None and self.source.classes == self.target.classes


def on(couple: Couple, labels: int, seeds=10, progress: Progress = None) -> dict[str, PerSeed]:
    """{rule: the difference that it speaks of, one number a seed} with so many labels; a rule that has no sense is left out."""
    seeds = which_seeds(seeds)
    arms = [FIX_COMMON, SHARE_WEIGHTS, HEAD_FIRST, *([KEPT] if couple.known else [])]
    if couple.source is None:
        jobs = [(couple, arm, labels, seed) for arm in arms for seed in seeds]
        runs = in_parallel(_trained, jobs, progress)
        runs = {arm.name: runs[i * len(seeds) : (i + 1) * len(seeds)] for i, arm in enumerate(arms)}
    else:
        given = dict(per_class=labels, seeds=seeds, every=300, progress=progress)
        runs = compare(couple.pair, couple.source, couple.target, arms, **given)
    ends = {name: at(each) for name, each in runs.items()}
    frozen, tuned, first = (ends[arm.name] for arm in arms[:3])
    made = {"freeze first": frozen - tuned, "head first, then all": first - max(frozen, tuned, key=np.mean)}
    if couple.known:
        made["keep the head"] = ends["head kept"] - tuned
        scores = PerSeed(in_parallel(_untouched, [(couple, seed) for seed in seeds]), seeds)
        made["standardise first"] = PerSeed(np.asarray(scores)[:, 1] - np.asarray(scores)[:, 0], seeds)
    simple = PerSeed([without(couple, labels, seed) for seed in seeds], seeds)
    made["no source is enough"] = simple - max(ends.values(), key=np.mean)
    return {rule: made[rule] for rule in RULES if rule in made}


def _trained(couple, strategy, labels, seed):
    start = couple.pair.fresh(seed, keep_given=True)
    return train(couple.pair, couple.target.few(labels, seed), strategy, weights=start, seed=seed, every=300)


def without(couple: Couple, labels: int, seed: int) -> float:
    """Test accuracy, or R², of a kernel ridge that has learned the labels of this seed and knows no source."""
    target, (train_rows, test_rows) = couple.target, couple.plain or (couple.target.x_train, couple.target.x_test)
    numbered = Task(
        "rows",
        np.arange(len(target.y_train))[:, None],
        target.y_train,
        [[0.0]] * len(target.y_test),
        target.y_test,
        target.classes,
    )
    rows = numbered.few(labels, seed).x_train[:, 0].astype(int)
    arrays = fit_simple("kernel ridge", train_rows[rows], target.y_train[rows], target.classes)
    said = by_arrays("kernel ridge", arrays, test_rows, None, target.classes)
    return (r_squared if target.regression else accuracy)(said, target.y_test)


def _untouched(couple, seed):
    """The untouched source's score on the target as it is, and with each input brought to the source's mean and spread."""
    source, target, net = couple.source, couple.target, Functional(couple.pair)
    weights = net.split(source_weights(couple.pair, source, seed))
    mean, spread = target.x_train.mean(0), np.maximum(target.x_train.std(0), 1e-3)
    moved = (target.x_test - mean) / spread * source.x_train.std(0) + source.x_train.mean(0)
    return [float(net.evaluate("source", *weights, x.astype(np.float32), target.y_test)[1]) for x in (target.x_test, moved)]


def in_words(differences: np.ndarray) -> str:
    """✓ clearly above 0, ✗ clearly below, · not decided, and mean and interval in points (a regression: hundredths of R²)."""
    mean, low, high = (100 * float(v) for v in interval(differences))
    return f"{'✓' if low > 0 else '✗' if high < 0 else '·'} {in_brackets(mean, low, high, len(differences))} points"

"""The rules of the course on all of its pairs: does freezing first hold, does keeping the head help, and so on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import keras
import numpy as np
from sklearn.metrics import accuracy_score, r2_score

from transferlib.cache import cached, get_or_make
from transferlib.changes import changed
from transferlib.datasets import mnist, pad, polar_words, uci_digits, words
from transferlib.experiments import compare, over_seeds, source_weights, which_seeds
from transferlib.functional import Functional
from transferlib.keel import keel_missing, keel_pairs
from transferlib.lessons.your_own_problem.examples import CARS, cars
from transferlib.measures import PerSeed, in_brackets, interval, value_at
from transferlib.minilm import minilm_missing, read_texts
from transferlib.networks import Pair
from transferlib.own_data.models import by_arrays, fit_simple
from transferlib.own_data.texts import letters
from transferlib.parallel import Progress, in_parallel
from transferlib.pretrained import GLOVE_VECTORS, VADER, embedding
from transferlib.strategies import FIX_COMMON, HEAD_FIRST, SCRATCH, SHARE_WEIGHTS
from transferlib.tasks import Task, rng_for
from transferlib.texts import sentiment, texts_missing
from transferlib.training import train

HEAD_KEPT = SHARE_WEIGHTS.but(name="head kept", head="source")
WAYS = (FIX_COMMON, HEAD_FIRST, HEAD_KEPT)
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
    plain       the target's (training, test) rows for a model without a source; None: the same rows
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


def measure_rules(couple: Couple, labels: int, seeds=10) -> dict[str, PerSeed]:
    """{rule: the difference that it speaks of, one number a seed} with so many labels; rules without sense are left out.

    "The better" and "the best" of several ways is the best on average over these very seeds, so that a rival looks a little
    worse than on new ones; and of twenty rules one is marked ✓ or ✗ by chance.
    """
    seeds = which_seeds(seeds)
    arms = [FIX_COMMON, SHARE_WEIGHTS, HEAD_FIRST, *([HEAD_KEPT] if couple.known else [])]
    if couple.source is None:
        runs = over_seeds(lambda arm, seed: _trained(couple, arm, labels, seed), arms, seeds)
        runs = {arm.name: each for arm, each in runs.items()}
    else:
        given = dict(per_class=labels, seeds=seeds, every=300)
        runs = compare(couple.pair, couple.source, couple.target, arms, **given)
    ends = {name: value_at(each) for name, each in runs.items()}
    frozen, tuned, first = (ends[arm.name] for arm in arms[:3])
    made = {"freeze first": frozen - tuned, "head first, then all": first - max(frozen, tuned, key=np.mean)}
    if couple.known:
        made["keep the head"] = ends["head kept"] - tuned
        scores = PerSeed(in_parallel(_untouched, [(couple, seed) for seed in seeds]), seeds)
        made["standardise first"] = PerSeed(np.asarray(scores)[:, 1] - np.asarray(scores)[:, 0], seeds)
    simple = PerSeed([without_source(couple, labels, seed) for seed in seeds], seeds)
    made["no source is enough"] = simple - max(ends.values(), key=np.mean)
    return {rule: made[rule] for rule in RULES if rule in made}


def _trained(couple, strategy, labels, seed):
    start = couple.pair.fresh(seed, keep_given=True)
    return get_or_make(train, couple.pair, couple.target.few(labels, seed), strategy, weights=start, seed=seed, every=300)


def without_source(couple: Couple, labels: int, seed: int) -> float:
    """Test accuracy, or R², of a kernel ridge that has learned the labels of this seed and knows no source."""
    target, (train_rows, test_rows) = couple.target, couple.plain or (couple.target.x_train, couple.target.x_test)
    numbers, none = np.arange(len(target.y_train))[:, None], np.zeros((len(target.y_test), 1))
    few = replace(target, x_train=numbers, x_test=none, picture=None).few(labels, seed)  # it tells which rows it chose
    rows = few.x_train[:, 0].astype(int)
    ridge = fit_simple("kernel ridge", train_rows[rows], target.y_train[rows], target.classes)
    answers = by_arrays("kernel ridge", ridge, test_rows, target.classes)
    return (r2_score if target.regression else accuracy_score)(target.y_test, answers)


def _untouched(couple, seed):
    """The untouched source's score on the target as it is, and with each input brought to the source's mean and spread."""
    source, target, net = couple.source, couple.target, Functional(couple.pair)
    weights = net.split(source_weights(couple.pair, source, seed))
    mean, spread = target.x_train.mean(0), np.maximum(target.x_train.std(0), 1e-3)
    moved = (target.x_test - mean) / spread * source.x_train.std(0) + source.x_train.mean(0)
    return [float(net.evaluate("source", *weights, x.astype(np.float32), target.y_test)[1]) for x in (target.x_test, moved)]


def marked(differences: np.ndarray) -> str:
    """✓ clearly above 0, ✗ clearly below, · not decided; mean and interval in points (a regression: hundredths of R²)."""
    mean, low, high = (100 * float(v) for v in interval(differences))
    return f"{'✓' if low > 0 else '✗' if high < 0 else '·'} {in_brackets(mean, low, high, len(differences))} points"


@lru_cache(maxsize=1)
def course() -> tuple[Couple, ...]:
    """The pairs of tasks of the course: digits near, far and the other way round, cars of two countries, words; and of
    part III vowels, a table and sentences."""
    net = Pair(100, shared=(64,), private=(64,), classes=(10, 10))
    couples = [
        Couple("MNIST → UCI digits", net, mnist(), uci_digits(), 2, 50),
        Couple("MNIST, padded → UCI digits", net, mnist(pad), uci_digits(), 2, 50),
        Couple("UCI digits → MNIST", net, uci_digits(), mnist(), 2, 50),
    ]
    for place in ("Japan", "Europe"):
        source, target = two_countries("USA", place)
        wheels = Pair(6, shared=(32,), private=(), classes=(None, None))
        couples.append(Couple(f"cars, USA → {place}", wheels, source, target, 10, 40))
    if GLOVE_VECTORS.installed and VADER.installed:
        vocabulary, target = polar_words()[0], words()
        reader = Pair(1, shared=(embedding(vocabulary), keras.layers.Flatten()), private=(), classes=(2, 2))
        plain = [letters([vocabulary[int(i)] for i in x[:, 0]]) for x in (target.x_train, target.x_test)]
        couples.append(Couple("GloVe → words", reader, None, target, 5, 50, tuple(plain)))
    for name, (source, target) in _of_part_three():
        source, target = in_units_of(source, source), in_units_of(target, source)
        inputs, classes = source.x_train.shape[1], len(source.classes)
        net = Pair(inputs, shared=(64,), private=(64,), classes=(classes, classes))
        couples.append(Couple(name, net, source, target, 5, min(20, *np.bincount(target.y_train))))
    return tuple(couples)


def _of_part_three():
    """(name, (source, target)) of three pairs of lesson 17, those whose packages are there."""
    if not keel_missing():
        yield "vowels, men → women", keel_pairs()["vowel: men → women"]
        yield "loans, young → old", keel_pairs()["german: under 35 → from 35"]
    if not (minilm_missing() or texts_missing()):
        yield "films → products", (_sentences("films"), _sentences("products"))


@cached
def _sentences(domain):
    """What MiniLM makes of 150 sentences a class of a domain; all sentences of a review are on one side."""
    told, rng = sentiment(domain), rng_for(7, "sentences")
    rows = np.concatenate([rng.permutation(np.flatnonzero(told.y == c))[:150] for c in (0, 1)])
    x = read_texts([told.texts[row] for row in rows])
    return Task.split(domain, x, told.y[rows], told.classes, test=120, groups=told.groups[rows])


def in_units_of(task: Task, source: Task) -> Task:
    """A task with each input scaled by the source's mean and deviation; 0 where the source's never varies."""
    mean, spread = source.x_train.mean(0), source.x_train.std(0)
    scale = 1 / np.where(spread > 1e-6, spread, np.inf)
    return replace(task, x_train=(task.x_train - mean) * scale, x_test=(task.x_test - mean) * scale)


def two_countries(source: str, target: str) -> tuple[Task, Task]:
    """The cars of two countries as two regressions; by the source's means and spreads, for both."""
    table, made = cars(), []
    mean, spread = table[source].mean(), table[source].std(ddof=0)
    for place, test in ((source, 40), (target, 28)):
        rows = (table[place] - mean) / spread
        made.append(Task.split(f"cars of {place}", rows[list(CARS)].to_numpy(), rows["mpg"].to_numpy(), test=test))
    return tuple(made)


def gains(labels: Iterable[int], seeds=10, progress: Progress = None) -> dict[str, dict[int, PerSeed]]:
    """{source: {labels a class: the best of three ways with it, less the better of two without}} on the UCI digits.

    With it: frozen, head first, then all, and fine-tuned with its head. Without: from scratch, and kernel ridge. The best is
    the best on average over the same seeds: the best of three is favoured over the better of two.
    """
    near, far, *_ = course()
    moved = rng_for(0, "moved").permutation(100)
    sources = {"MNIST, prepared alike": near.source, "MNIST, prepared otherwise": far.source}
    sources["MNIST, pixels moved about"] = changed(near.source, "MNIST, moved", lambda x: x[:, moved])
    made, of = {}, len(sources) * len(labels := list(labels))
    for name, source in sources.items():
        made[name] = {}
        for k in labels:
            couple = replace(near, source=source)
            runs = compare(near.pair, source, near.target, [*WAYS, SCRATCH], per_class=k, seeds=seeds, every=300)
            ends = {arm: value_at(each) for arm, each in runs.items()}
            simple = PerSeed([without_source(couple, k, seed) for seed in which_seeds(seeds)], which_seeds(seeds))
            best = max((ends[way.name] for way in WAYS), key=np.mean)
            made[name][k] = best - max(ends["from scratch"], simple, key=np.mean)
            if progress:
                progress(sum(map(len, made.values())), of)
    return made

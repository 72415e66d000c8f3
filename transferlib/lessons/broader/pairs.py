"""What lesson 17 compares: pairs of domains of four kinds, all rows of numbers; a source as a linear reader meets it; and
every rule on every pair, draw by draw."""

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np
from sklearn.datasets import load_digits

from transferlib.cache import cached
from transferlib.datasets import DIGITS, crop, framed, mnist, pad, uci_digits, uci_writers
from transferlib.experiments import which_seeds
from transferlib.keel import keel_missing, keel_pairs
from transferlib.measures import PerSeed
from transferlib.minilm import minilm_missing, read_texts
from transferlib.parallel import Progress, in_parallel
from transferlib.tasks import Task, rng_for
from transferlib.texts import DOMAINS, sentiment, texts_missing

Rule = Callable[["Source", np.ndarray, np.ndarray], np.ndarray]  # rule(source, X, Y) → weights (d, classes)
KINDS = ("tables", "speech", "pictures", "texts")
GRID = tuple(np.geomspace(0.1, 1e4, 6))  # penalties, for every rule and for the source


def missing() -> dict[str, str]:
    """{kind: why its data cannot be had}, for those that cannot."""
    why = {"tables": keel_missing(), "speech": keel_missing(), "texts": minilm_missing() or texts_missing()}
    return {kind: sentence for kind, sentence in why.items() if sentence}


@cached
def meanings(domain: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What MiniLM makes of 150 texts a class of a domain of sentiment: (x (n, 384), y (n,), the review of each text).

    Of texts that are the same to MiniLM, such as in small and large letters, one is kept.
    """
    told, rng = sentiment(domain), rng_for(0, "texts")
    rows = np.concatenate([rng.permutation(np.flatnonzero(told.y == c))[:150] for c in (0, 1)])
    x = read_texts([told.texts[row] for row in rows])
    once = np.sort(np.unique(x, axis=0, return_index=True)[1])
    return x[once], told.y[rows][once], told.groups[rows][once]


def _texts(seed):
    tasks = {}
    for domain in DOMAINS:
        x, y, reviews = meanings(domain)
        cut = dict(test=120, groups=reviews, seed=seed)
        tasks[domain] = Task.split(domain, x, y, ("negative", "positive"), **cut)
    return {f"{a} → {b}": (tasks[a], tasks[b]) for a in DOMAINS for b in DOMAINS if a != b}


@lru_cache(maxsize=1)
def _pictures():
    data, writers, halves = load_digits(), uci_writers(), []
    for name, here in (("writers 1–7", writers < 7), ("writers 8–14", writers >= 7)):
        x, y = framed(data.images[here] / 16), data.target[here]
        halves.append(Task.split(name, x, y, DIGITS, test=round(0.4 * len(y)), groups=writers[here]))
    two = [("MNIST", mnist()), ("MNIST cropped", mnist(crop)), ("MNIST padded", mnist(pad))]
    pairs = {f"{name} → UCI": (task, uci_digits()) for name, task in two}
    pairs |= {f"UCI → {name}": (uci_digits(), task) for name, task in two}
    return pairs | {f"{a.name} → {b.name}": (a, b) for a, b in (halves, halves[::-1])}


def pairs(kind: str, seed: int = 0) -> dict[str, tuple[Task, Task]]:
    """{name: (source, target)} of one kind. The seed holds out other rows of tables, speakers and reviews.

    "tables" 22 pairs of KEEL, "speech" the vowels of men and women, "pictures" 8 of digits, "texts" 12 of sentiment.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; not {kind!r}")
    if kind in ("tables", "speech"):
        return {name: two for name, two in keel_pairs(seed).items() if name.startswith("vowel") == (kind == "speech")}
    return _pictures() if kind == "pictures" else _texts(seed)


class Source:
    """A source as a linear reader of it and its target meets it.

    Each column is scaled by the source's own mean and deviation, a constant column is added, and the axes are turned so that
    the source's columns do not vary together. No reader notices the turn, but formulas become short.

    by_itself  the target's columns are scaled by the target's own training rows, which takes no label
    spread     (d,) how much the source varies along each axis; pull (d, classes): where its labels point
    reader     (d, classes) the source's own reader, by ridge regression

    Each class of the source counts the same, however many rows it has.
    """

    def __init__(self, source: Task, target: Task, by_itself: bool = False):
        self.spread, self.axes, self.pull, self.reader = _met(source)
        self.codes = partial(codes, classes=len(source.classes))
        self.rows = lambda x: scaled(x, target if by_itself else source) @ self.axes


def codes(y: np.ndarray, classes: int) -> np.ndarray:
    """(n, classes) what a reader is to say: 1 for the class, 0 for the others, less their mean."""
    return np.eye(classes)[y] - 1 / classes


def scaled(x: np.ndarray, by: Task) -> np.ndarray:
    """Rows with each column scaled by a task's training rows (0 where it never varies there), and a constant column."""
    mean, deviation = _scale(by)
    x = (np.asarray(x, float) - mean) / np.where(deviation > 1e-6, deviation, np.inf)
    return np.hstack([x, np.ones((len(x), 1))])


@lru_cache(maxsize=64)
def _scale(by):
    rows = by.x_train.astype(float)
    return rows.mean(0), rows.std(0)


@lru_cache(maxsize=64)
def _met(source):
    X = scaled(source.x_train, source)
    spread, axes, pull, weights = ridge(X, source.y_train, len(source.classes))
    return spread, axes, pull, axes.T @ weights


def ridge(X: np.ndarray, y: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(variances, axes, the labels' pull along the axes, weights) of ridge regression, each class counted the same.

    Its penalty is the one of GRID with the smallest leave-one-out error.
    """
    Y, count = codes(y, classes), np.bincount(y, minlength=classes)
    weight = (len(y) / classes / np.maximum(count, 1))[y][:, None]
    spread, axes = np.linalg.eigh((weight * X).T @ X)
    spread, turned, tries = np.clip(spread, 0, None), X @ axes, []
    pull = turned.T @ (weight * Y)
    for penalty in GRID:
        W = pull / (spread + penalty)[:, None]
        own = weight * (turned**2 / (spread + penalty)).sum(1, keepdims=True)  # how far each row pulls its own answer
        tries.append(((weight * ((Y - turned @ W) / (1 - own)) ** 2).mean(), axes @ W))
    return spread, axes, pull, min(tries, key=lambda each: each[0])[1]


def score(said: np.ndarray, y: np.ndarray) -> float:
    """Balanced accuracy: the share that is right in each class, averaged over the classes of y."""
    return float(np.mean([np.mean(said[y == c] == c) for c in np.unique(y)]))


def accuracy(W: np.ndarray, source: Source, target: Task) -> float:
    """Balanced accuracy of a linear reader on the target's test rows."""
    return score((source.rows(target.x_test) @ W).argmax(1), target.y_test)


@cached
def _draw(kind, rules, per_class, seed, by_itself):
    """{pair: {rule: accuracy}} of one draw of labels."""
    found = {}
    for name, (one, target) in pairs(kind, seed).items():
        source, few = Source(one, target, by_itself), target.few(per_class, seed)
        X, Y, tests = source.rows(few.x_train), source.codes(few.y_train), source.rows(target.x_test)
        said = {rule: (tests @ make(source, X, Y)).argmax(1) for rule, make in rules.items()}
        found[name] = {rule: score(each, target.y_test) for rule, each in said.items()}
    return found


def study(
    kind: str,
    rules: dict[str, Rule],
    per_class: int,
    seeds: int = 20,
    by_itself: bool = False,
    progress: Progress = None,
) -> dict[str, dict[str, PerSeed]]:
    """Every rule on every pair of a kind: {pair: {rule: balanced accuracy on the target's test rows (seeds,)}}.

    A seed draws the labels, and holds out other rows; by_itself as `Source` takes it.
    """
    return _by_pair(partial(_draw, kind, rules, per_class, by_itself=by_itself), seeds, progress)


@cached
def _guess(kind, measures, per_class, seed):
    """{pair: {measure: number}} of one draw of labels, and the cosine that takes all labels."""
    found = {}
    for name, (one, target) in pairs(kind, seed).items():
        source, few = Source(one, target), target.few(per_class, seed)
        X, Y = source.rows(few.x_train), source.codes(few.y_train)
        found[name] = {what: float(measure(source, X, Y)) for what, measure in measures.items()}
        own = ridge(source.rows(target.x_train), target.y_train, len(target.classes))[-1]
        found[name]["cosine, all labels"] = cosine(own, source.reader)
    return found


def guesses(kind: str, measures: dict[str, Callable], per_class: int, seeds: int = 20) -> dict[str, dict[str, PerSeed]]:
    """What one can know of a pair: {pair: {measure: (seeds,)}}, and "cosine, all labels", of which one has only a few.

    measures  {name: measure(source, X, Y) → number}, of the few labelled rows; the draws are those of `study`
    """
    return _by_pair(partial(_guess, kind, measures, per_class), seeds)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    """The cosine of the angle between two readers, all their weights as one vector."""
    return float(np.sum(one * other) / max(np.linalg.norm(one) * np.linalg.norm(other), 1e-12))


def _by_pair(draw, seeds, progress=None):
    seeds = which_seeds(seeds)
    draws = in_parallel(lambda seed: draw(seed=seed), [(seed,) for seed in seeds], progress)
    names = {name: list(each) for name, each in draws[0].items()}
    return {n: {w: PerSeed([one[n][w] for one in draws], seeds) for w in each} for n, each in names.items()}

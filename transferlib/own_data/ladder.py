"""The ladder: from the simplest model to the costliest, over many splits of one data set, to a verdict in words."""

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from transferlib.experiments import Progress, in_parallel, which_seeds
from transferlib.functional import predict
from transferlib.measures import PerSeed, with_error
from transferlib.own_data.problems import Problem
from transferlib.own_data.simple import by_arrays, fit_simple, said
from transferlib.own_data.verdict import MATTERS, Verdict
from transferlib.storage import remembered
from transferlib.strategies import HEAD_FIRST, SCRATCH
from transferlib.tasks import Task
from transferlib.training import train

NO_SOURCE = ("constant", "linear model", "nearest neighbour", "kernel ridge", "from scratch")
WITH_SOURCE = ("untouched source", "features + linear", "frozen", "head first, then all")
RUNGS = NO_SOURCE + WITH_SOURCE
NETWORKS = "from scratch", "frozen", "head first, then all"


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model of one rung that has learned: arrays by name, or a network's weights."""

    rung: str
    arrays: dict
    weights: dict | None = None


def fit(problem: Problem, rung: str, rows: np.ndarray, seed: int = 0, steps: int = 300) -> Fitted:
    """The model of a rung that has learned from these rows (numbers, (n,)) of the problem and no others."""
    if rung not in RUNGS:
        raise ValueError(f"there is no rung {rung!r}; they are: {', '.join(RUNGS)}")
    if rung in (skipped := _skipped(problem)):
        raise ValueError(f"{rung!r} cannot learn this problem: {skipped[rung]}")
    y = problem.y[rows]
    if rung == "constant":
        value = y.mean() if problem.classes is None else np.bincount(y).argmax()
        return Fitted(rung, dict(value=np.array(value)))
    if rung in ("linear model", "nearest neighbour", "kernel ridge"):
        return Fitted(rung, fit_simple(rung, problem.plain[rows], y, problem.classes))
    if rung == "features + linear":
        return Fitted(rung, fit_simple(rung, problem.features[rows], y, problem.classes), problem.weights)
    if rung == "untouched source":
        return Fitted(rung, {}, problem.weights)
    frozen = rung == "frozen"  # what lies below never changes: a head on its kept output learns the same
    pair, x = (problem.heads, problem.features[rows]) if frozen else (problem.pair, problem.x[rows])
    two = np.unique(y, return_index=True)[1][[0, -1]]  # a task must have test rows; nobody looks at these
    task = Task(problem.name, x, y, x[two], y[two], problem.classes)
    strategy = HEAD_FIRST.but(head_first=steps // 2) if rung == "head first, then all" else SCRATCH
    start = None if strategy is SCRATCH else problem.weights
    learned = remembered(train, pair, task, strategy, weights=start, seed=seed, steps=steps, every=steps).weights
    return Fitted(rung, {}, problem.weights | dict(target=learned["target"]) if frozen else learned)


def answers(problem: Problem, fitted: Fitted, rows: np.ndarray) -> np.ndarray:
    """(n,) what a fitted model says of these rows: class numbers, or a regression's numbers."""
    x = None if problem.x is None else problem.x[rows]
    if fitted.rung == "frozen":
        weights = problem.heads.weights() | dict(target=fitted.weights["target"])
        return said(predict(problem.heads, weights, problem.features[rows]), problem.classes)
    if fitted.rung in NETWORKS:
        return said(predict(problem.pair, fitted.weights, x), problem.classes)
    if fitted.rung == "untouched source":
        return said(predict(problem.pair, fitted.weights, x, "source"), problem.classes)
    features = problem.features[rows] if fitted.rung == "features + linear" else None
    return by_arrays(fitted.rung, fitted.arrays, problem.plain[rows], features, problem.classes)


# Measures of answers (n,) beside the truth (n,)


def accuracy(said: np.ndarray, truth: np.ndarray) -> float:
    """The share of rows that are right."""
    return float((said == truth).mean())


def balanced(said: np.ndarray, truth: np.ndarray) -> float:
    """The share of rows that are right in each class, averaged over the classes: 1 / classes for a constant."""
    return float(np.mean([(said[truth == c] == c).mean() for c in np.unique(truth)]))


def r_squared(said: np.ndarray, truth: np.ndarray) -> float:
    """1 is perfect, 0 as good as the mean of these rows."""
    return float(1 - np.mean((said - truth) ** 2) / max(np.var(truth), 1e-12))


class Ladder:
    """One problem climbed over splits of its rows; what was computed is kept, also when it was stopped.

    >>> ladder = Ladder(problem, seeds=10)
    >>> ladder.climb(progress=progress())
    >>> ladder.verdict()
    """

    def __init__(self, problem: Problem, seeds: int | Iterable[int] = 20, steps: int = 300, measure=None):
        if not isinstance(problem, Problem):
            raise ValueError(
                f"a Problem is expected, as of_folder, of_table and of_texts make it, not a {type(problem).__name__}"
            )
        self.problem, self.seeds, self.steps = problem, which_seeds(seeds), steps
        self.measure = measure or (r_squared if problem.classes is None else accuracy)
        self.skipped, self._said, self._lock = _skipped(problem), {}, threading.Lock()
        self.stopped = ""

    def climb(self, rungs: Iterable[str] = RUNGS, enough: float | None = None, progress: Progress = None) -> "Ladder":
        """Climb rung after rung; with `enough`, only until the mean of a rung has reached that.

        Interrupted (the button ■, or Ctrl+C), it keeps what is done, and goes on from there when it is called again.
        """
        rungs = [rungs] if isinstance(rungs, str) else list(rungs)
        if strange := [rung for rung in rungs if rung not in RUNGS]:
            raise ValueError(f"there is no rung {strange[0]!r}; they are: {', '.join(RUNGS)}")
        rungs, self.stopped = [rung for rung in rungs if rung not in self.skipped], ""
        of, done = len(rungs) * len(self.seeds), 0
        try:
            for rung in rungs:
                tell = progress and (lambda n, _, before=done: progress(before + n, of))
                in_parallel(self._one, [(rung, seed) for seed in self.seeds], tell)
                done += len(self.seeds)
                if enough is not None and self.scores()[rung].mean() >= enough:
                    self.stopped = f"“{rung}” reaches {enough:g}: that was enough, and the rungs above were not climbed."
                    break
        except KeyboardInterrupt:
            self.stopped = f"stopped by you after {len(self._said)} runs, which are kept; climb() goes on from there."
        return self

    def _one(self, rung, seed):
        if (rung, seed) not in self._said:
            rows, held = self.problem.split(seed)
            said = answers(self.problem, fit(self.problem, rung, rows, seed, self.steps), held)
            with self._lock:
                self._said[rung, seed] = said

    def scores(self) -> dict[str, PerSeed]:
        """{rung: its measure on the held-out rows, one number a split} of all rungs that were climbed to the end."""
        made = {}
        for rung in RUNGS:
            if all((rung, seed) in self._said for seed in self.seeds):
                values = [self.measure(self._said[rung, s], self.problem.y[self.problem.split(s)[1]]) for s in self.seeds]
                made[rung] = PerSeed(values, self.seeds)
        return made

    @property
    def with_source(self) -> tuple[str, ...]:
        """The rungs that use the source."""
        return WITH_SOURCE

    @property
    def best(self) -> str:
        """The rung with the highest mean; of equals the lowest."""
        scores = self.scores()
        if not scores:
            raise ValueError("nothing was climbed yet: ladder.climb()")
        return max(scores, key=lambda rung: scores[rung].mean())

    def _climbed(self, rung):
        """The rung, or the best; ValueError if it was not climbed to the end."""
        if rung is not None and rung not in self.scores():
            raise ValueError(f"{rung!r} was not climbed to the end; these were: {', '.join(self.scores()) or 'none'}")
        return rung or self.best

    def verdict(self, matters: float = MATTERS) -> "Verdict":
        """The best rung with a source against the best without: see `Verdict`."""
        scores = self.scores()
        without = {rung: scores[rung] for rung in NO_SOURCE if rung in scores}
        with_ = {rung: scores[rung] for rung in WITH_SOURCE if rung in scores}
        if not without or not with_:
            missing = "a source" if not with_ else "a model without a source"
            why = self.stopped or ("the problem has none" if self.problem.pair is None else "")
            raise ValueError(f"there is nothing to compare: {missing} was not climbed{f' ({why})' if why else ''}")
        a, b = (max(group, key=lambda rung: group[rung].mean()) for group in (with_, without))
        kept, held = self.problem.split(self.seeds[0])
        return Verdict.of(a, b, scores[a] - scores[b], len(held), len(kept), len(with_), matters, self.unit)

    @property
    def unit(self) -> str:
        """What a hundredth of the measure is called."""
        return "hundredths of R²" if self.problem.classes is None else "points"

    def wrong(self, rung: str | None = None, most: int = 10) -> list[tuple[int, str, str, str]]:
        """[(row, what it is called, truth, what was said most often)] of rows that the rung got wrong whenever held out.

        The rows that were held out most often come first; of a regression, those that it missed by most.
        """
        rung, said = self._climbed(rung), {}
        for seed in self.seeds:
            for row, each in zip(self.problem.split(seed)[1], self._said[rung, seed]):
                said.setdefault(int(row), []).append(each)
        y, classes, shown, found = self.problem.y, self.problem.classes, self.problem.shown, []
        if classes is None:
            mean, scale = self.problem.reading["mean"], self.problem.reading["scale"]
            order = sorted(said, key=lambda row: -abs(np.mean(said[row]) - y[row]))[:most]
            return [
                (r, str(shown[r]), f"{y[r] * scale + mean:.4g}", f"{np.mean(said[r]) * scale + mean:.4g}") for r in order
            ]
        for row in sorted(said, key=lambda row: (-len(said[row]), row)):
            if all(each != y[row] for each in said[row]):
                found.append((row, str(shown[row]), classes[y[row]], classes[Counter(said[row]).most_common(1)[0][0]]))
        return found[:most]

    def confusion(self, rung: str | None = None) -> np.ndarray:
        """(classes, classes) counts over all splits: true class down, answer across."""
        if self.problem.classes is None:
            raise ValueError("a regression has no classes to confuse; look at ladder.wrong()")
        n, rung = len(self.problem.classes), self._climbed(rung)
        counts = np.zeros((n, n), int)
        for seed in self.seeds:
            np.add.at(counts, (self.problem.y[self.problem.split(seed)[1]], self._said[rung, seed]), 1)
        return counts

    def __repr__(self):
        what = "R²" if self.problem.classes is None else self.measure.__name__
        kept, held = self.problem.split(self.seeds[0])
        lines = [
            f"{self.problem!r}",
            f"{len(self.seeds)} splits, {len(kept)} rows to learn from, {len(held)} held out; {what}, ± over splits:",
        ]
        lines += [f"  {rung}: {with_error(values)}" for rung, values in self.scores().items()]
        if self.problem.pair is None:
            lines.append("  there is no source, so no rung above was climbed; give source=… to have one")
        else:
            lines += [f"  {rung}: not climbed, {why}" for rung, why in self.skipped.items()]
        return "\n".join([*lines, *([self.stopped] if self.stopped else [])])


def _skipped(problem):
    """{rung: why it makes no sense for this problem}"""
    if problem.pair is None:
        return dict.fromkeys(("from scratch", *WITH_SOURCE), "there is no source")
    skipped = {}
    if not problem.pair.shared_layers:
        skipped["head first, then all"] = skipped["from scratch"] = "the source's own layers are not trained here"
    if not problem.known:
        skipped["untouched source"] = "the source answers another question"
    return skipped

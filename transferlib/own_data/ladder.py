"""The ladder: from the simplest model to the costliest, over splits of one data set, to a verdict in words."""

import threading
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, confusion_matrix, r2_score

from transferlib.cache import get_or_make
from transferlib.experiments import which_seeds
from transferlib.functional import predict
from transferlib.measures import PerSeed, with_error
from transferlib.minilm import minilm_missing
from transferlib.own_data.models import answer_of, by_arrays, fit_simple
from transferlib.own_data.problem import TWINS, Problem
from transferlib.own_data.texts import rarity, tf_idf
from transferlib.own_data.verdict import CONTROLS, MATTERS, SENTENCES, SENTENCES_TWIN, TWIN, Verdict
from transferlib.parallel import Progress, in_parallel
from transferlib.strategies import HEAD_FIRST, SCRATCH
from transferlib.tasks import Task
from transferlib.training import train

TF_IDF = "TF-IDF + linear"
OF_TEXTS = TF_IDF, SENTENCES_TWIN, SENTENCES  # these read texts, and nothing else
SIMPLE = "linear model", "nearest neighbour", "kernel ridge"
NO_SOURCE = ("constant", *SIMPLE, TF_IDF, TWIN, SENTENCES_TWIN, "from scratch")
WITH_SOURCE = ("untouched source", "features + linear", SENTENCES, "frozen", "head first, then all")
RUNGS = NO_SOURCE + WITH_SOURCE
NETWORKS = "from scratch", "frozen", "head first, then all"


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model of one rung that has learned: arrays by name, or a network's weights; twin: which random one."""

    rung: str
    arrays: dict
    weights: dict | None = None
    twin: int | None = None


def fit(problem: Problem, rung: str, rows: np.ndarray, seed: int = 0, steps: int = 300) -> Fitted:
    """The model of a rung that has learned from these rows (numbers, (n,)) of the problem and no others."""
    if rung not in RUNGS:
        raise ValueError(f"there is no step {rung!r}; they are: {', '.join(RUNGS)}")
    if rung in (skipped := _skipped(problem)):
        raise ValueError(f"{rung!r} cannot learn this problem: {skipped[rung] or 'its rows are no texts'}")
    y = problem.y[rows]
    if rung == "constant":
        value = y.mean() if problem.classes is None else np.bincount(y).argmax()
        return Fitted(rung, dict(value=np.array(value)))
    if rung == TF_IDF:  # which words are rare, the rows that are learned from tell
        counts = problem.word_counts[rows]
        idf = rarity(counts)
        return Fitted(rung, fit_simple(rung, tf_idf(counts, idf), y, problem.classes) | dict(idf=idf))
    if rung in SIMPLE or rung.endswith("+ linear"):
        twin = seed % TWINS if rung in (TWIN, SENTENCES_TWIN) else None
        weights = problem.weights if rung == "features + linear" else None
        return Fitted(rung, fit_simple(rung, _read_by(rung, problem, twin)[rows], y, problem.classes), weights, twin)
    if rung == "untouched source":
        return Fitted(rung, {}, problem.weights)
    frozen = rung == "frozen"  # what lies below never changes: a head on its kept output learns the same
    pair, x = (problem.heads, problem.features[rows]) if frozen else (problem.pair, problem.x[rows])
    two = np.unique(y, return_index=True)[1][[0, -1]]  # a task must have test rows; nobody looks at these
    task = Task(problem.name, x, y, x[two], y[two], problem.classes)
    strategy = HEAD_FIRST.but(head_first=steps // 2) if rung == "head first, then all" else SCRATCH
    start = None if strategy is SCRATCH else problem.weights
    learned = get_or_make(train, pair, task, strategy, weights=start, seed=seed, steps=steps, every=steps).weights
    return Fitted(rung, {}, problem.weights | dict(target=learned["target"]) if frozen else learned)


def _read_by(rung, problem, twin):
    """(n, d) all rows as a rung reads them that trains no network; twin: with which random weights, or None."""
    if rung in (SENTENCES, SENTENCES_TWIN):
        return problem.sentences(twin)
    if rung == TWIN:  # the same as the next, but for what the source has taught the network
        return problem.random_features(twin)
    return problem.features if rung == "features + linear" else problem.plain


def answers(problem: Problem, fitted: Fitted, rows: np.ndarray) -> np.ndarray:
    """(n,) what a fitted model says of these rows: class numbers, or a regression's numbers."""
    if fitted.rung == "frozen":
        weights = problem.heads.weights() | dict(target=fitted.weights["target"])
        return answer_of(predict(problem.heads, weights, problem.features[rows]), problem.classes)
    if fitted.rung in NETWORKS:
        return answer_of(predict(problem.pair, fitted.weights, problem.x[rows]), problem.classes)
    if fitted.rung == "untouched source":
        said = answer_of(predict(problem.pair, fitted.weights, problem.x[rows], "source"), problem.classes)
        return said if problem.classes is None else problem.known[said]
    if fitted.rung == TF_IDF:
        read = tf_idf(problem.word_counts[rows], fitted.arrays["idf"])
    else:
        read = _read_by(fitted.rung, problem, fitted.twin)[rows]
    return by_arrays(fitted.rung, fitted.arrays, read, problem.classes)


class Ladder:
    """One problem climbed over splits of its rows; what was computed stays, also when it was stopped.

    measure   a function of (truth, answers), such as sklearn.metrics.balanced_accuracy_score, higher for better answers;
              None: accuracy, or R². It gets the numbers of classes, or of a regression what `Problem.y` holds: numbers less
              their mean, in spreads

    >>> ladder = Ladder(problem, seeds=10)
    >>> ladder.climb(progress=progress())
    >>> ladder.verdict()
    """

    def __init__(self, problem: Problem, seeds: int | Iterable[int] = 20, steps: int = 300, measure=None):
        if not isinstance(problem, Problem):
            makers = "of_folder, of_table and of_texts"
            raise ValueError(f"a Problem is expected, as {makers} make it; not a {type(problem).__name__}")
        self.problem, self.seeds, self.steps, self.stopped = problem, which_seeds(seeds), steps, ""
        self.measure = measure or (r2_score if problem.classes is None else accuracy_score)
        if measure:
            with warnings.catch_warnings(action="ignore"):  # of answers that are all alike
                lower = measure(problem.y, problem.y) < measure(problem.y, np.full_like(problem.y, problem.y.min()))
            if lower:
                told = f"{self.measured} is lower for better answers, and the ladder takes the highest for the best"
                raise ValueError(f"{told}; give a function of (truth, answers) that returns its negative")
        self.skipped, self._said, self._lock = _skipped(problem), {}, threading.Lock()
        self.splits = {seed: problem.split(seed) for seed in self.seeds}
        self._truth = {seed: problem.y[held] for seed, (_, held) in self.splits.items()}
        if problem.classes is None and (alone := [seed for seed, truth in self._truth.items() if len(truth) < 2]):
            told = f"{problem.name}: split {alone[0]} holds out one row, and R² needs two"
            raise ValueError(f"{told}; make the groups more even, or take other seeds")
        held = set(np.concatenate([*self._truth.values()]).tolist())
        never = [repr(label) for c, label in enumerate(problem.classes or ()) if c not in held]
        self.never = ""
        if never:
            self.never = f"no split holds out a row of {', '.join(never)}: no score, and no average, speaks of it"
            warnings.warn(f"{problem.name}: {self.never}; its rows are too few, or in too few groups", stacklevel=2)

    def climb(self, rungs: Iterable[str] = RUNGS, enough: float | None = None, progress: Progress = None) -> "Ladder":
        """Climb rung after rung; with `enough`, only until the mean of a rung has reached that.

        Interrupted (the button ■, or Ctrl+C), it keeps what is done, and goes on from there when it is called again.
        """
        rungs = [rungs] if isinstance(rungs, str) else list(rungs)
        if strange := [rung for rung in rungs if rung not in RUNGS]:
            raise ValueError(f"there is no step {strange[0]!r}; they are: {', '.join(RUNGS)}")
        if enough is not None and not isinstance(enough, int | float | np.number):
            raise ValueError(f"enough must be a number, such as 0.85, not {enough!r}")
        if enough is not None and enough > 1 and self.measured in ("accuracy", "balanced accuracy", "R²"):
            raise ValueError(f"enough={enough:g}: no {self.measured} is above 1; for 85 % say 0.85")
        rungs, self.stopped = [rung for rung in rungs if rung not in self.skipped], ""
        of, done = len(rungs) * len(self.seeds), 0
        try:
            for rung in rungs:
                tell = progress and (lambda n, _, before=done: progress(before + n, of))
                in_parallel(self._one, [(rung, seed) for seed in self.seeds], tell)
                done += len(self.seeds)
                if enough is not None and self.scores()[rung].mean() >= enough:
                    self.stopped = f"“{rung}” reaches {enough:g}: that was enough, and the steps above were not climbed."
                    break
        except KeyboardInterrupt:
            self.stopped = f"stopped by you after {len(self._said)} runs, which are kept; climb() goes on from there."
        return self

    def _one(self, rung, seed):
        if (rung, seed) not in self._said:
            rows, held = self.splits[seed]
            said = answers(self.problem, fit(self.problem, rung, rows, seed, self.steps), held)
            with self._lock:
                self._said[rung, seed] = said

    def scores(self) -> dict[str, PerSeed]:
        """{rung: its measure on the held-out rows, one number a split} of all rungs that were climbed to the end."""
        done = [rung for rung in RUNGS if all((rung, seed) in self._said for seed in self.seeds)]
        with warnings.catch_warnings():  # a class that is said and is not among the rows held out is no news
            warnings.filterwarnings("ignore", "y_pred contains classes not in y_true")
            values = {rung: [self.measure(self._truth[s], self._said[rung, s]) for s in self.seeds] for rung in done}
        return {rung: PerSeed(each, self.seeds) for rung, each in values.items()}

    @property
    def with_source(self) -> tuple[str, ...]:
        """The rungs that use the source."""
        return WITH_SOURCE

    def _climbed(self, rung):
        """The rung, or the one with the highest mean; ValueError if it was not climbed to the end."""
        scores = self.scores()
        if not scores or rung is not None and rung not in scores:
            climbed = ", ".join(scores) or "none"
            raise ValueError(f"{rung or 'no step'!r} was not climbed to the end; these were: {climbed}")
        return rung or max(scores, key=lambda rung: scores[rung].mean())

    def verdict(self, matters: float = MATTERS) -> Verdict:
        """The best rung with a source against the best without: see `Verdict`."""
        scores = self.scores()
        without = {rung: scores[rung] for rung in NO_SOURCE if rung in scores}
        with_ = {rung: scores[rung] for rung in WITH_SOURCE if rung in scores}
        if self.problem.pair is None:
            raise ValueError("a verdict speaks of a source, and this problem has none; give source=… to have one")
        if not without or not with_:
            missing = "a source" if not with_ else "a model without a source"
            why = f" ({self.stopped})" if self.stopped else ""
            raise ValueError(f"there is nothing to compare: {missing} was not climbed{why}")
        kept, held = self.splits[self.seeds[0]]
        return Verdict.of(with_, without, len(held), len(kept), matters, self.unit)

    @property
    def unit(self) -> str:
        """What a hundredth of the measure is called."""
        return f"hundredths of {self.measured}" if self.problem.classes is None else "points"

    def wrong(self, rung: str | None = None, most: int = 10) -> list[tuple[int, str, str, str]]:
        """[(row, what it is called, truth, what was said most often)] of rows that were wrong whenever held out.

        row is its number in what was given (`Problem.numbers`), from 0: table.iloc[row], texts[row]. The rows that were held
        out most often come first; of a regression, those that it missed by most.
        """
        rung, said = self._climbed(rung), {}
        for seed, (_, held) in self.splits.items():
            for row, each in zip(held.tolist(), self._said[rung, seed].tolist()):
                said.setdefault(row, []).append(each)
        y, shown, names = self.problem.y, self.problem.shown, self.problem.classes
        given = self.problem.numbers.tolist()
        if names is None:
            units = lambda value: f"{value * self.problem.reading['scale'] + self.problem.reading['mean']:.4g}"  # noqa: E731
            worst = sorted(said, key=lambda row: -abs(np.mean(said[row]) - y[row]))
            return [(given[row], str(shown[row]), units(y[row]), units(np.mean(said[row]))) for row in worst[:most]]
        wrong = sorted((row for row in said if y[row] not in said[row]), key=lambda row: (-len(said[row]), row))
        often = {row: Counter(said[row]).most_common(1)[0][0] for row in wrong}
        return [(given[row], str(shown[row]), names[y[row]], names[often[row]]) for row in wrong[:most]]

    def last_look(self, rung: str, last: Problem) -> str:
        """One look at rows that were set aside (`Problem.set_aside`): a rung that learns from all rows, scored on them.

        The interval is of 2,000 draws of these rows, or groups, anew. A second look is told.
        """
        if not isinstance(last, Problem) or last.classes != self.problem.classes or last.reading != self.problem.reading:
            raise ValueError("last must be the rows that set_aside gave with these: mine, last = everything.set_aside(…)")
        known = {(name, row.tobytes()) for name, row in zip(self.problem.shown, self.problem.plain)}
        seen = sum((name, row.tobytes()) in known for name, row in zip(last.shown, last.plain))
        if seen > len(last.y) / 2:
            told = f"{seen} of these {len(last.y)} rows are rows that the model learns from"
            raise ValueError(f"{told}; take those that set_aside gave: mine, last = everything.set_aside(…)")
        everything = np.arange(len(last.y))
        said = answers(last, fit(self.problem, rung, np.arange(len(self.problem.y)), 0, self.steps), everything)
        who = everything if last.groups is None else np.unique(last.groups, return_inverse=True)[1]
        members, rng = [np.flatnonzero(who == group) for group in range(who.max() + 1)], np.random.default_rng(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a draw without one of the classes
            chosen = (rng.integers(len(members), size=len(members)) for _ in range(2000))
            draws = [np.concatenate([members[g] for g in groups]) for groups in chosen]
            low, high = np.quantile([self.measure(last.y[rows], said[rows]) for rows in draws], (0.025, 0.975))
        looks = last.__dict__["_looks"] = last.__dict__.get("_looks", 0) + 1
        again = f". This is look {looks} at these rows: no last look any more" if looks > 1 else ""
        value, rows = self.measure(last.y, said), f"{len(said)} rows that were set aside"
        return f"“{rung}” on {rows}: {self.measured} {value:.2f}, 95 % interval [{low:.2f}, {high:.2f}]{again}"

    def confusion(self, rung: str | None = None) -> np.ndarray:
        """(classes, classes) counts over all splits: true class down, answer across."""
        if self.problem.classes is None:
            raise ValueError("a regression has no classes to confuse; look at ladder.wrong()")
        rung, classes = self._climbed(rung), range(len(self.problem.classes))
        return sum(confusion_matrix(self._truth[seed], self._said[rung, seed], labels=classes) for seed in self.seeds)

    @property
    def measured(self) -> str:
        """What the measure is called."""
        return getattr(self.measure, "__name__", "measure").removesuffix("_score").replace("_", " ").replace("r2", "R²")

    def table(self) -> pd.DataFrame:
        """The rungs that were climbed, a row each: whether they use the source, and how well they do."""
        scores = self.scores()
        uses = ["yes" if rung in WITH_SOURCE else "control" if rung in CONTROLS.values() else "–" for rung in scores]
        columns = {"source": uses, f"{self.measured}, ± over splits": [with_error(each) for each in scores.values()]}
        return pd.DataFrame(columns, index=list(scores))

    def __repr__(self):
        kept, held = self.splits[self.seeds[0]]
        splits = f"{len(self.seeds)} splits, {len(kept)} rows to learn from, {len(held)} held out"
        lines = [repr(self.problem), f"{splits}; {self.measured}, ± over splits:"]
        lines += [f"  {rung}: {with_error(values)}" for rung, values in self.scores().items()]
        if self.problem.pair is None:
            lines.append("  there is no source, so no step above was climbed; give source=… to have one")
        else:
            lines += [f"  {rung}: not climbed, {why}" for rung, why in self.skipped.items() if why]
        return "\n".join([*lines, *filter(None, (self.never and f"  {self.never}", self.stopped))])


def _skipped(problem):
    """{rung: why it makes no sense for this problem}; "" where nobody would expect it"""
    if problem.pair is None:
        return dict.fromkeys((*OF_TEXTS, TWIN, "from scratch", *WITH_SOURCE), "there is no source")
    skipped = {} if problem.reading["kind"] == "texts" else dict.fromkeys(OF_TEXTS, "")
    if not skipped and (missing := minilm_missing()):
        skipped[SENTENCES] = missing
        skipped[SENTENCES_TWIN] = ""
    if not problem.pair.shared_layers:
        skipped["head first, then all"] = skipped["from scratch"] = "the source's own layers are not trained here"
        if not problem.reading.get("cut"):
            skipped[TWIN] = "the source has no layers of its own"
    if problem.known is None:
        skipped["untouched source"] = "the source answers another question"
    return skipped

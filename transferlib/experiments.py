"""Many runs: over seeds, label budgets and arms, on all cores or on other machines, with progress and cancel."""

import functools
import itertools
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from numbers import Integral

import numpy as np

from transferlib.budget import Budget
from transferlib.cache import cached, current_folder, get, get_or_make, put, use_folder
from transferlib.functional import Functional, predict
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.parallel import Progress, in_parallel
from transferlib.strategies import NAMED, Strategy, checked
from transferlib.tasks import Task, whole_number
from transferlib.training import SOURCE_STEPS, Learned, Run, learn, train, train_source

BY_SEED = "tasks", "weights", "order"  # what an arm of a study may give as functions of the seed
FIRST_SEED = "TRANSFERLIB_FIRST_SEED"


def source_weights(
    pair: Pair, source: Task, seed: int = 0, steps: int = SOURCE_STEPS, only_private: bool = False
) -> dict[str, list[np.ndarray]]:
    """The pair's weights after the source was trained (step 1), once per seed."""
    return _source_weights(pair.source_pair, source, seed, steps, only_private)


@cached
def _source_weights(pair, source, seed, steps, only_private):
    return train_source(pair, source, seed=seed, steps=steps, only_private=only_private).weights


def _run(pair, source, target, strategy, per_class, seed, only_private, budget):
    few = target if per_class is None else target.few(per_class, seed)
    weights = source_weights(pair, source, seed, only_private=only_private)
    return train(pair, few, strategy, source=source, weights=weights, seed=seed, **vars(budget))


def which_seeds(seeds: int | Iterable) -> tuple[int, ...]:
    """`seeds` as every experiment takes it, how many or which, as a tuple; ValueError where it makes no sense.

    How many are those from 0 up, or, where a lesson is replicated, from another number up: see `replication`.
    """
    chosen = seeds
    if isinstance(seeds, Integral) and not isinstance(seeds, bool):
        first = int(os.environ.get(FIRST_SEED, 0))
        chosen = range(first, first + seeds)
    if isinstance(chosen, str) or not isinstance(chosen, Iterable):
        raise ValueError(f"seeds must be how many (a whole number) or which (a list of them), not {seeds!r}")
    chosen = tuple(whole_number(seed, "each of seeds") for seed in chosen)
    if not chosen:
        raise ValueError(f"one seed at least is needed; seeds is {seeds!r}")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"seeds holds a seed more than once: {list(chosen)}; the same run again is no further measurement")
    return chosen


def over_seeds(
    one: Callable,
    arms: Iterable,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
    executor: Executor | None = None,
) -> dict[object, list]:
    """{arm: [one(arm, seed) for each seed]}, all in the pool: what every study of this course is made of.

    seeds: how many, or which. progress and errors as for `in_parallel`. An executor is sent a whole seed at a time, all its
    arms, so that what they have in common travels and is trained once; progress then moves on by that much.
    """
    arms, seeds = list(arms), which_seeds(seeds)
    if not arms:
        raise ValueError("there is nothing to compare: give one arm at least")
    _different(arms, "an arm stands twice in the comparison: {}")
    jobs = list(itertools.product(arms, seeds))
    if executor is None:
        made = dict(zip(jobs, in_parallel(one, jobs, progress)))
    else:
        made = _seed_by_seed(one, {job: job for job in jobs}, progress, executor, len(jobs))
    return {arm: [made[arm, seed] for seed in seeds] for arm in arms}


def study(
    method: Callable,
    parts: Pair | dict,
    tasks: dict[str, Task] | Callable,
    arms: dict[str, dict],
    *,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
    executor: Executor | None = None,
    **same,
) -> dict[str, list[Learned]]:
    """`learn` for each arm over the same seeds: {arm's name: [Learned, …]}.

    arms      {name: what is its own}: any argument of `learn` by name, such as dict(coral=1.0), dict(rate=1e-4) or
              dict(method=another)
    same      what all arms have in common, as for `learn`: steps, batch, rate, every, weights, report, settings
    tasks, weights, order   each may be a function of the seed, such as lambda seed: {"target": task.few(5, seed)}
    seeds, progress, executor   as for `over_seeds`

    A run that was made before, with the same arguments and the same code, is not made again.
    """
    given = dict(method=method, parts=parts, tasks=tasks, **same)
    _checked_arms(arms, given)
    seeds = which_seeds(seeds)
    asked = {(arm, n): (given | arms[arm], n) for arm in arms for n in seeds}
    made = _made_once(learn_arm, _one_of_each_first(asked), progress, executor)
    return {arm: [made[arm, seed] for seed in seeds] for arm in arms}


def _checked_arms(arms, given):
    if not isinstance(arms, dict) or not all(isinstance(own, dict) for own in arms.values()):
        raise ValueError(f"arms must be a dict of dicts, {{name: dict(coral=1.0)}}, not {arms!r}")
    for name, own in arms.items():
        if "seed" in own or not callable((given | own)["method"]):
            raise ValueError(f"the arm {name!r}: its method must be a function, and seeds are given as seeds")


def _one_of_each_first(asked):
    """The same jobs, in front one of each method and network: it compiles their program, each on a core of its own."""
    first = {}
    for job, (given, _) in asked.items():
        first.setdefault((id(given["method"]), id(given["parts"])), job)
    return {job: asked[job] for job in [*first.values(), *asked]}


def learn_arm(given: dict, seed: int) -> Learned:
    """`learn` with these arguments, of which some may be functions of the seed."""
    given = {name: each(seed) if name in BY_SEED and callable(each) else each for name, each in given.items()}
    return learn(**given, seed=seed)


def _made_once(make, asked, progress, executor):
    """{(arm, seed): make(*arguments)} for {(arm, seed): arguments}; what the cache has is not made again."""
    if executor is None:
        return dict(zip(asked, in_parallel(functools.partial(get_or_make, make), asked.values(), progress)))
    found = {job: get(make, *arguments) for job, arguments in asked.items()}
    missing = {job: asked[job] for job in asked if found[job] is None}
    one = functools.partial(_made_there, current_folder(), make)
    for job, result in _seed_by_seed(one, missing, progress, executor, len(asked)).items():
        found[job] = put(result, make, *asked[job])
    return found


def _made_there(folder, make, *arguments):
    """What a worker does, which stores results where the session does."""
    use_folder(folder)
    return get_or_make(make, *arguments)


def _seed_by_seed(one, asked, progress, executor, of):
    """{(arm, seed): one(*arguments)} by an executor that gets a whole seed at a time; `of` runs are wanted in all."""
    seeds = {}
    for arm, seed in asked:
        seeds.setdefault(seed, []).append((arm, seed))
    ends = list(itertools.accumulate(map(len, seeds.values()), initial=of - len(asked)))
    tell = progress and (lambda done, _: progress(ends[done], of))
    made = in_parallel(_several, [(one, [asked[job] for job in jobs]) for jobs in seeds.values()], tell, executor)
    return {job: result for jobs, results in zip(seeds.values(), made) for job, result in zip(jobs, results)}


def _several(one, of):
    return [one(*arguments) for arguments in of]


def _different(things, message):
    if len(set(things)) < len(things):
        raise ValueError(message.format(", ".join(map(str, things))))


def compare(
    pair: Pair,
    source: Task,
    target: Task,
    strategies: Iterable[Strategy],
    *,
    per_class: int | None = None,
    seeds: int | Iterable[int] = 10,
    only_private: bool = False,
    progress: Progress = None,
    executor: Executor | None = None,
    **budget,
) -> dict[str, list[Run]]:
    """Every strategy over the same seeds, labels, steps and batches: {strategy's name: [Run, …]}.

    per_class     labels per class that the target may learn from (a new choice each seed); None: all of them
    seeds         how many (0 … n-1), or which. Each has its own source training, labels, starting weights and batches
    only_private  read the article's step 1 literally: train the source with its shared part left random
    progress      called as progress(done, of all) after each run; what it raises stops the comparison
    executor      who runs it, as for `over_seeds`, with the same numbers; None: threads of this process
    budget        steps, batch, rate, every: as for `train`, one setting for all arms

    A run that was made before, with the same arguments, is not made again.
    """
    given = dict(seeds=seeds, only_private=only_private, progress=progress, executor=executor)
    budget = dict(every=Budget.every) | budget
    return label_budget(pair, source, target, strategies, [per_class], **given, **budget)[per_class]


def label_budget(
    pair: Pair,
    source: Task,
    target: Task,
    strategies: Iterable[Strategy],
    per_class: Iterable[int],
    *,
    seeds: int | Iterable[int] = 10,
    only_private: bool = False,
    progress: Progress = None,
    executor: Executor | None = None,
    **budget,
) -> dict[int, dict[str, list[Run]]]:
    """`compare` for each number of labels: {labels per class: {strategy's name: [Run, …]}}.

    A run is evaluated at its beginning and its end, unless `every` is said: thirty evaluations take a quarter longer.
    """
    budget = Budget(**dict(every=budget.get("steps", Budget.steps)) | budget)
    strategies, seeds, per_class = list(strategies), which_seeds(seeds), list(per_class)
    names = [checked(strategy).name for strategy in strategies]
    if not names or not per_class:
        raise ValueError("there is nothing to compare: give one strategy and one number of labels at least")
    _different(names, "two strategies bear one name ({}); give each its own: strategy.but(name=...)")

    _different(per_class, "a number of labels stands twice in per_class: {}")
    asked = {
        ((k, strategy), seed): (pair, source, target, strategy, k, seed, only_private, budget)
        for k, strategy, seed in itertools.product(per_class, strategies, seeds)
    }
    runs = _made_once(_run, asked, progress, executor)
    return {k: {each.name: [runs[(k, each), seed] for seed in seeds] for each in strategies} for k in per_class}


def on_training_rows(pair: Pair, target: Task, runs: Iterable[Run], per_class: int | None) -> PerSeed:
    """Accuracy of finished runs on the very rows that each of them learned from, one number a run: (runs,)."""
    net, scores, runs = Functional(pair), [], list(runs)
    for run in runs:
        few = target if per_class is None else target.few(per_class, run.seed)
        scores.append(float(net.evaluate("target", *net.split(run.weights), few.x_train, few.y_train)[1]))
    return PerSeed(scores, [run.seed for run in runs])


def untouched(pair: Pair, source: Task, target: Task, seeds: int | Iterable[int] = 10) -> PerSeed:
    """Test accuracy on `target` of the source's own model, nothing trained on the target: one number a seed, (seeds,).

    With `target` the source itself it is how well the source does at home.
    """
    seeds, net = which_seeds(seeds), Functional(pair)

    def one(seed):
        weights = net.split(source_weights(pair, source, seed))
        return float(net.evaluate("source", *weights, target.x_test, target.y_test)[1])

    return PerSeed(in_parallel(one, [(seed,) for seed in seeds]), seeds)


def opinions(
    pair: Pair,
    source: Task,
    target: Task,
    x: np.ndarray,
    *,
    per_class: int,
    seeds: int | Iterable[int] = 10,
    progress: Progress = None,
) -> dict[str, np.ndarray]:
    """What the models say of one row x (1, d): {name: probabilities (seeds, classes)}.

    First the source's own model, untouched; then the target's after each of the named strategies, on `per_class` labels.
    """
    seeds = which_seeds(seeds)
    arms = compare(pair, source, target, NAMED.values(), per_class=per_class, seeds=seeds, progress=progress)
    before = [source_weights(pair, source, seed) for seed in seeds]
    said = {"untouched source": np.concatenate([predict(pair, weights, x, "source") for weights in before])}
    return said | {name: np.concatenate([predict(pair, run.weights, x) for run in runs]) for name, runs in arms.items()}

"""The opening: what a source is worth at each number of labels, beside what can be had without one."""

from collections.abc import Iterable

from sklearn.svm import SVC

from transferlib.cache import cached
from transferlib.experiments import Progress, in_parallel, label_budget, untouched, which_seeds
from transferlib.measures import PerSeed, value_at
from transferlib.networks import Pair
from transferlib.strategies import HEAD_FIRST, NAMED, SHARE_WEIGHTS
from transferlib.tasks import Task

LABELS = 1, 2, 5, 10, 50
HEAD_KEPT = SHARE_WEIGHTS.but(name="share weights, head kept", head="source")
STRATEGIES = *NAMED.values(), HEAD_FIRST, HEAD_KEPT


def opening(
    pair: Pair,
    source: Task,
    target: Task,
    per_class: Iterable[int] = LABELS,
    seeds: int | Iterable[int] = 20,
    progress: Progress = None,
) -> dict[int, dict[str, PerSeed]]:
    """Test accuracy on the target at each number of labels: {labels per class: {name: one number a seed}}.

    The four named strategies, "head first, then all" and "share weights, head kept", 300 steps each; the "untouched source",
    which needs no label and so is the same at every number of them; and an "SVM, no source", on the same labelled rows.
    All but the two that keep the source's head, the untouched source and "head kept", begin with a random head.
    """
    seeds, per_class = which_seeds(seeds), list(per_class)
    runs = label_budget(pair, source, target, STRATEGIES, per_class, seeds=seeds, progress=progress)
    scores = {k: {name: value_at(group) for name, group in arms.items()} for k, arms in runs.items()}
    before = untouched(pair, source, target, seeds)
    for k in per_class:
        alone = in_parallel(svm, [(target, k, seed) for seed in seeds])
        scores[k] |= {"untouched source": before, "SVM, no source": PerSeed(alone, seeds)}
    return scores


@cached
def svm(target: Task, per_class: int, seed: int) -> float:
    """Test accuracy of scikit-learn's support vector machine on the labelled rows that the strategies get with this seed."""
    few = target.few(per_class, seed)
    return float(SVC(C=10).fit(few.x_train, few.y_train).score(target.x_test, target.y_test))

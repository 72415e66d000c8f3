"""Many readers, each with a small data set of her own: how often does an interval of hers hold what is true of new rows?"""

from dataclasses import replace

import numpy as np

from transferlib.experiments import Progress, which_seeds
from transferlib.functional import predict
from transferlib.lessons.your_own_problem.shipped import all_digits
from transferlib.own_data.ladder import fit
from transferlib.own_data.problems import Problem
from transferlib.own_data.models import by_arrays
from transferlib.tasks import hold_out, stream, whole


def readers(
    problem: Problem, said: np.ndarray, rows: int = 60, readers: int = 200, splits: int = 40, progress: Progress = None
):
    """(what each reader measures (readers, splits), what is true of new rows, one number).

    problem   all rows there are; each reader has `rows` of them and never sees the others
    said      (n,) what the untouched source says of all of them
    Measured, and true, is how far the source is ahead of a kernel ridge that learned a reader's training rows. The truth is
    its mean over readers and splits on 300 rows that the reader does not have.
    """
    whole(rows, "rows", 12), whole(readers, "readers", 1), whole(splits, "splits", 1)
    y, measured, true = problem.y, np.empty((readers, splits)), np.empty((readers, splits))
    first = which_seeds(1)[0]
    for reader in range(readers):
        mine = hold_out(problem.name, y, problem.classes, test=rows, seed=first + reader)[1]
        others = np.setdiff1d(np.arange(len(y)), mine)
        others = stream(first + reader, "others").permutation(others)[:300]
        for split in range(splits):
            kept, held = (mine[part] for part in hold_out("hers", y[mine], problem.classes, test=rows // 4, seed=split)[:2])
            arrays, where = fit(problem, "kernel ridge", kept).arrays, np.concatenate([held, others])
            answer = by_arrays("kernel ridge", arrays, problem.plain[where], None, problem.classes)
            ahead = (said[where] == y[where]).astype(float) - (answer == y[where])
            measured[reader, split], true[reader, split] = ahead[: len(held)].mean(), ahead[len(held) :].mean()
        if progress:
            progress(reader + 1, readers)
    return measured, float(true.mean())


def the_digits(like: Problem) -> tuple[Problem, np.ndarray]:
    """(all 1,797 UCI digits as a problem with the source of another, what the untouched source says of each)."""
    x, y, _ = all_digits()
    problem = replace(like, name="all digits", x=x, plain=x, y=y, groups=None, shown=np.arange(len(y)))
    return problem, predict(like.pair, like.weights, x, "source").argmax(1)

"""The exercises of lesson 16, which source?"""

import numpy as np
from scipy import stats  # noqa: F401 — the mistakes use it

from transferlib.exercises import code_exercise, exercise, need, number
from transferlib.tasks import rng_for


@code_exercise(
    "Take each target's own mean off its row, of the score and of the accuracy. Then one correlation over all pairs.",
    "score - score.mean(1, keepdims=True), the same for accuracy, then np.corrcoef of the two, made flat.",
    solution="""def answer(score, accuracy):
    s = score - score.mean(1, keepdims=True)
    a = accuracy - accuracy.mean(1, keepdims=True)
    return np.corrcoef(s.ravel(), a.ravel())[0, 1]""",
    mistakes={
        "that is the correlation over all pairs: nothing is taken off, or one mean of all, which changes nothing.":
            "np.corrcoef(score.ravel(), accuracy.ravel())[0, 1]",
        "the means are those of the sources; take off each *target's* mean, a row each (axis 1).": "mean(1 → mean(0",
        "only the score is centred; the accuracy's rows have means of their own.":
            "accuracy - accuracy.mean(1, keepdims=True) → accuracy",
        "only the accuracy is centred; the score's rows have means of their own.":
            "score - score.mean(1, keepdims=True) → score",
        "those are ranks; asked for is the plain correlation, np.corrcoef.":
            ("np.corrcoef(s.ravel(), a.ravel())[0, 1] → stats.spearmanr(s.ravel(), a.ravel())[0]",
             "np.corrcoef(s.ravel(), a.ravel())[0, 1] → stats.kendalltau(s.ravel(), a.ravel())[0]",
             "np.mean([stats.spearmanr(s, a)[0] for s, a in zip(score, accuracy)])"),
        "each row counts alike in yours, however little it varies, as in the mean of the rows' correlations.":
            "np.mean([np.corrcoef(s, a)[0, 1] for s, a in zip(score, accuracy)])",
        "np.corrcoef of two tables sets rows against rows; make both flat first, .ravel().":
            "np.corrcoef(s.ravel(), a.ravel())[0, 1] → np.corrcoef(s, a)[0, 1]",
        "that is one target alone; all pairs count.":
            ("np.corrcoef(score[0], accuracy[0])[0, 1]", "np.corrcoef(score[-1], accuracy[-1])[0, 1]"),
        "that is the whole 2 × 2 matrix of np.corrcoef; take its entry [0, 1].": "[0, 1] →",
        "the sources' means are taken off, too; only the target is to go.":
            "np.corrcoef(s.ravel(), a.ravel()) → np.corrcoef(*((each - each.mean(0)).ravel() for each in (s, a)))",
        "the median is taken off each row; asked for is the mean.":
            "np.corrcoef(*((v - np.median(v, 1, keepdims=True)).ravel() for v in (score, accuracy)))[0, 1]",
        "that is the correlation of the targets' means: just what is to be taken out.":
            "np.corrcoef(score.mean(1), accuracy.mean(1))[0, 1]",
        "the rows are divided by their means; take the means off.":
            "np.corrcoef((score / score.mean(1, keepdims=True)).ravel(), "
            "(accuracy / accuracy.mean(1, keepdims=True)).ravel())[0, 1]",
        "that is a covariance or a sum of products; a correlation is divided by both spreads.":
            ("np.corrcoef → np.cov", "np.corrcoef(s.ravel(), a.ravel())[0, 1] → (s * a).sum()",
             "np.corrcoef(s.ravel(), a.ravel())[0, 1] → (s * a).mean()"),
        "the correlation is squared; it is to keep its sign.": "answer(score, accuracy) ** 2",
        "its sign is turned.": "-answer(score, accuracy)",
        "its sign is lost: a score that ranks the sources the wrong way round is below 0.": "abs(answer(score, accuracy))",
    },
    praise="what is left of the agreement once the target is known.",
)  # fmt: skip
def centred():
    rng = rng_for(1, "exercise")
    for targets, sources in ((4, 9), (3, 5)):
        level, size = rng.normal(size=(targets, 1)), rng.uniform(0.3, 2, (targets, 1))
        score = 3 * level + size * rng.normal(size=(targets, sources))
        accuracy = 2 * level + 0.4 * size * score + rng.normal(size=(targets, sources))
        yield score, accuracy
    yield 5 * level - score, accuracy  # worse than none within a target


@code_exercise(
    "Which n sources have the highest score? Of these, which has the highest accuracy?",
    "np.argsort(-score)[:n] are their places. The loss is accuracy.max() minus the best accuracy among them.",
    solution="""def answer(score, accuracy, n):
    tried = np.argsort(-score)[:n]
    return accuracy.max() - accuracy[tried].max()""",
    mistakes={
        "it takes the n sources with the *lowest* score; np.argsort sorts upward.": "-score → score",
        "that is the loss of one source alone, the best by score. Here n are trained, and the best is kept.":
            "[:n] → [:1]",
        "all n are trained and the best is kept: take their max, not their mean or their sum.":
            ("accuracy[tried].max() → accuracy[tried].mean()", "accuracy[tried].max() → accuracy[tried].sum()"),
        "that is the accuracy itself; asked for is what is lost against the best source.": "accuracy.max() - →",
        "a loss is counted from the best source downward: it is never below 0.":
            "accuracy.max() - accuracy[tried].max() → accuracy[tried].max() - accuracy.max()",
        "it chooses by the accuracy, which one knows only after training them all.":
            "accuracy.max() - np.sort(accuracy)[-n]",
        "one source too many is trained: [:n] holds n.": "[:n] → [: n + 1]",
        "the source with the highest score is left out: [:n] starts with it.": ("[:n] → [1 : n + 1]", "[:n] → [1:n]"),
        "one source too few is trained: [:n] holds n.": "[:n] → [: max(1, n - 1)]",
        "of the n that are trained the *best* is kept, not the last one or the worst.":
            ("[:n] → [n - 1 : n]", "accuracy[tried].max() → accuracy[tried].min()",
             "accuracy[tried].max() → np.median(accuracy[tried])"),
        "that is the loss as a share or in percent; asked for is the difference of the accuracies.":
            ("accuracy.max() - accuracy[tried].max() → accuracy[tried].max() / accuracy.max()",
             "answer(score, accuracy, n) / accuracy.max()", "100 * answer(score, accuracy, n)",
             "100 * answer(score, accuracy, n) / accuracy.max()"),
        "the loss is counted in accuracy, not in the score.": "accuracy[tried].max() → score[tried].max()",
        "the loss is against the best source of all, not against the mean.":
            ("accuracy.max() → accuracy.mean()",
             "accuracy.max() - accuracy[tried].max() → accuracy[tried].max() - accuracy.mean()"),
        "it takes the first n sources as they stand; the score says which.": "np.argsort(-score)[:n] → np.arange(n)",
        "it trains the others: those that are *not* among the n with the highest score.": "[:n] → [n:]",
        "nothing is lost where the best source of all is taken: the score has to choose.": "0.0 * n",
    },
    praise="a score need not find the best source. It has to keep it among the few that one can try.",
)  # fmt: skip
def shortlist():
    rng = rng_for(2, "exercise")
    for sources, n in ((9, 3), (9, 2), (7, 4), (12, 2), (12, 3), (9, 5)):
        yield rng.normal(size=sources), rng.uniform(0.4, 0.9, sources), n
    yield np.array([0.1, 2.0, 0.3, 0.2]), np.array([0.9, 0.8, 0.6, 0.5]), 2  # the highest score is the best of those tried


@exercise(
    "With more features than rows, a linear function can take any value on the rows.",
    "So the class means explain *all* of the variance in classes − 1 directions, whatever the source.",
    solution="answer = 9",
)
def h_limit(answer):
    value = number(answer)
    need(value != 10, "the class means have the overall mean in common: of ten, nine are free.")
    need(value != 64, "64 is the number of features. Only directions between the class means count.")
    need(value not in (49, 50), "that is how many directions the rows span. The class means span fewer.")
    need(value != 1, "each direction between the class means adds 1; how many are there?")
    need(value != 0, "nothing is unexplained; and each direction that is explained adds 1.")
    need(value > 0, "a share of variance is never below 0.")
    need(value < 10, "H is a sum of shares, one for each direction between the class means; none is above 1.")
    need(value == 9, "it is the greatest value that H can have: count the directions between ten class means.")
    return "the same for every source. Such a score cannot choose; that is why the page shrinks the covariance."


@code_exercise(
    "It may use the target's easiness, and nothing of the source: so each row holds one number, nine times.",
    "accuracy.mean(1, keepdims=True) is each target's mean; np.broadcast_to, or adding zeros, gives it the shape.",
    solution="""def answer(accuracy):
    return accuracy * 0 + accuracy.mean(1, keepdims=True)""",
    mistakes={
        "those are the means of the sources; the score may know the *target* only (axis 1).": "mean(1 → mean(0",
        "it is the accuracy itself: it knows the source, too.": "accuracy",
        "one number for all pairs ranks nothing; each target has its own.": "accuracy * 0 + accuracy.mean()",
        "one number a target is right, but give it to each source: the shape of accuracy.": "accuracy.mean(1)",
        "the means stand in one column; repeat them for each source.": "accuracy * 0 + →",
        "that is what is left when the target's mean is taken off: the opposite.": "accuracy * 0 + → accuracy -",
        "it gives the target's best source to all: it has looked at the sources.": ("mean(1 → max(1", "mean(1 → min(1"),
        "that is the sum of the row; take its mean.": "mean(1 → sum(1",
        "that is the spread of the row; take its mean.": ("mean(1 → std(1", "mean(1 → var(1"),
        "the means are in the wrong places: each row holds one of them, as np.repeat puts it, and not np.tile.":
            "np.tile(accuracy.mean(1), accuracy.shape[1]).reshape(accuracy.shape)",
        "each source is left out of its own mean there, so it knows the source. Take the mean of all.":
            "(accuracy.sum(1, keepdims=True) - accuracy) / (accuracy.shape[1] - 1)",
        "that is how *hard* the target is: the error.": "1 - answer(accuracy)",
        "the accuracy is divided by it; give the mean itself.": "accuracy / accuracy.mean(1, keepdims=True)",
        "the median of the row is given; asked for is its mean.": "accuracy * 0 + np.median(accuracy, 1, keepdims=True)",
        "it takes one source for all: the first, or the last.":
            ("accuracy * 0 + accuracy[:, :1]", "accuracy * 0 + accuracy[:, -1:]"),
    },
    praise="it knows nothing of a source, and over all pairs it agrees with the accuracy all the same.",
)  # fmt: skip
def easiness():
    rng = rng_for(3, "exercise")
    return [(rng.uniform(0.2, 0.9, shape),) for shape in ((4, 9), (3, 3), (2, 5))]

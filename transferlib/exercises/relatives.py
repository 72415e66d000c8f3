"""The exercises of lesson 08, the relatives."""

import numpy as np

from transferlib.exercises import Exercise, need
from transferlib.measures import at

KINDS = ("transfer", "multi-task", "adaptation", "cross-modal")


def _which(answer):
    need(isinstance(answer, (list, tuple)) and len(answer) == 4, "a list of four words is asked for, one a situation.")
    for word in answer:
        need(word in KINDS, f"{word!r} is not one of the words; they are {', '.join(KINDS)}.")
    a, b, c, d = answer
    need(
        a != "transfer",
        "a) is transfer in the wide sense, but what is missing? There are no target labels: a narrower word.",
    )
    need(a == "adaptation", "a) has the same classes, other pictures, and no target label. Which row of the table is that?")
    need(b == "multi-task", "b) learns two things at once, and the clinic wants both. Look at the last column of the table.")
    need(c == "cross-modal", "c) pairs two kinds of data, sound and text, and asks for the way from one to the other.")
    need(d != "multi-task", "d) nobody wants the German documents any more: only the target is wanted.")
    need(d != "adaptation", "d) has 200 target labels. Unsupervised adaptation has none.")
    need(d == "transfer", "d) has a trained model, a few target labels, and one task that is wanted.")
    return "what is given and what is wanted decide, not the method."


which = Exercise(
    "which",
    _which,
    (
        "Ask of each: are there target labels? Is more than one result wanted? Are there two kinds of data in pairs?",
        "In a) the night photographs have no labels; in d) the Danish documents have some.",
    ),
    'answer = ["adaptation", "multi-task", "cross-modal", "transfer"]',
)


def _rule(answer, tuning):
    need(answer in tuning, f"{answer!r} is not one of the arms; they are {', '.join(tuning)}.")
    means = {name: at(runs, "source_accuracy").mean() for name, runs in tuning.items()}
    right = max(means, key=means.get)
    by_target = max(tuning, key=lambda name: at(tuning[name], "target_accuracy").mean())
    need(
        answer == right or answer != by_target,
        "that is the best on the *target's* labels. The rule may look at the source only.",
    )
    need(answer == right, f"its mean source accuracy is {means[answer]:.4f}; another arm has more.")
    return f"the rule chooses {right}, while the target's labels would have chosen {by_target}."


rule = Exercise(
    "rule",
    _rule,
    (
        "The rule may look at one column of the table above only.",
        "at(tuning[name], 'source_accuracy').mean() is the mean of one arm; take the name with the largest.",
    ),
    'answer = max(tuning, key=lambda name: at(tuning[name], "source_accuracy").mean())',
)


def _compared(cases, answer, expected, mistakes, shape):
    """Compare a function with the expected one on cases of arguments; name the mistake if it is one of `mistakes`."""
    got = [np.asarray(answer(*(np.copy(a) if isinstance(a, np.ndarray) else a for a in case))) for case in cases]
    wanted = [np.asarray(expected(*case)) for case in cases]
    need(all(g.shape == w.shape for g, w in zip(got, wanted)), f"it must return {shape}, not the shape {got[0].shape}.")

    def same(function):
        return all(np.allclose(g, function(*case), rtol=1e-6) for g, case in zip(got, cases))

    if same(expected):
        return
    for message, mistaken in mistakes.items():
        need(not same(mistaken), message)
    i = next(i for i, (g, w) in enumerate(zip(got, wanted)) if not np.allclose(g, w, rtol=1e-6))
    need(False, f"on a test case it gives {np.round(got[i], 3)} instead of {np.round(wanted[i], 3)}.")


def _direction(answer):
    need(callable(answer), f"a function of (g_task, g_domain, strength) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(8)
    cases = [(*rng.normal(size=(2, 5)), s) for s in (0.0, 0.5, 2.0)]
    _compared(
        cases,
        answer,
        lambda t, d, s: t - s * d,
        {
            "the sign of the domain's gradient is not turned round: this helps the domain classifier.": lambda t, d, s: (
                t + s * d
            ),
            "the task's gradient is missing: such an encoder never learns to read.": lambda t, d, s: -s * d,
            "the domain's gradient is missing: this is source-only training.": lambda t, d, s: t,
            "the strength is missing: λ multiplies the domain's gradient.": lambda t, d, s: t - d,
            "it is the domain's gradient that is turned round, not the task's.": lambda t, d, s: s * d - t,
            "the strength belongs to the domain's gradient alone.": lambda t, d, s: s * (t - d),
        },
        "one vector, as long as g_task",
    )
    return "towards the task, and away from whatever tells the domains apart."


direction = Exercise(
    "direction",
    _direction,
    (
        "The optimizer goes *down* the gradient that it is given. The task's loss should fall, the domain's should rise.",
        "Turn the sign of one of the two round, and multiply that one by the strength.",
    ),
    """def answer(g_task, g_domain, strength):
    return g_task - strength * g_domain""",
)


def _cov(x, ddof=1):
    return (x - x.mean(0)).T @ (x - x.mean(0)) / (len(x) - ddof)


def _coral(answer):
    need(callable(answer), f"a function of (a, b) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(9)
    cases = [
        (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)), rng.normal(size=(m, d)) + 1)
        for n, m, d in ((6, 9, 3), (8, 5, 4))
    ]

    def loss(c_a, c_b, d, power=2):
        return np.sqrt(((c_a - c_b) ** 2).sum()) ** power / (4 * d**2)

    _compared(
        cases,
        answer,
        lambda a, b: loss(_cov(a), _cov(b), a.shape[1]),
        {
            "the rows are not centred: subtract each column's mean first.": (
                lambda a, b: loss(a.T @ a / (len(a) - 1), b.T @ b / (len(b) - 1), a.shape[1])
            ),
            "the covariance divides by n; n − 1 was asked for.": lambda a, b: loss(_cov(a, 0), _cov(b, 0), a.shape[1]),
            "the division by 4d² is missing.": lambda a, b: ((_cov(a) - _cov(b)) ** 2).sum(),
            "it divides by 4d; the paper has d squared.": lambda a, b: ((_cov(a) - _cov(b)) ** 2).sum() / (4 * a.shape[1]),
            "the norm is not squared.": lambda a, b: loss(_cov(a), _cov(b), a.shape[1], 1),
            "it compares the means; CORAL compares the covariances.": lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(),
        },
        "one number",
    )
    return "second moments, and nothing about the labels."


coral = Exercise(
    "coral",
    _coral,
    (
        "np.cov(a, rowvar=False) is the (d, d) covariance of the columns, with n − 1 below.",
        "Take the difference of the two covariances, square each entry, add them all, and divide by 4 * d**2.",
    ),
    """def answer(a, b):
    difference = np.cov(a, rowvar=False) - np.cov(b, rowvar=False)
    return (difference**2).sum() / (4 * a.shape[1] ** 2)""",
)


def _cosines(mapped, codes):
    lengths = np.linalg.norm(mapped, axis=1)[:, None] * np.linalg.norm(codes, axis=1)
    return mapped @ codes.T / lengths


def _nearest(answer):
    need(callable(answer), f"a function of (mapped, codes, unseen) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(10)
    sizes = np.array([1.0, 3.0, 0.4, 2.0, 1.0, 5.0])[:, None]
    cases = [(rng.normal(size=(40, 4)), rng.normal(size=(6, 4)) * sizes, u) for u in ([1, 4], [5, 2, 0])]
    _compared(
        cases,
        answer,
        lambda m, c, u: np.array(u)[_cosines(m, c)[:, u].argmax(1)],
        {
            "it returns positions in the list `unseen`; class numbers are asked for: unseen[position].": (
                lambda m, c, u: _cosines(m, c)[:, u].argmax(1)
            ),
            "the seen classes compete too. Only the columns of the unseen ones may.": lambda m, c, u: _cosines(m, c).argmax(
                1
            ),
            "it takes the inner product; a long code then wins too often. Divide by the codes' lengths.": (
                lambda m, c, u: np.array(u)[(m @ c.T)[:, u].argmax(1)]
            ),
            "it takes the *least* alike: use argmax on a cosine.": lambda m, c, u: np.array(u)[
                _cosines(m, c)[:, u].argmin(1)
            ],
        },
        "one class number a picture, (n,)",
    )
    return "a class without a single picture has been named."


nearest = Exercise(
    "nearest",
    _nearest,
    (
        "The cosine is the inner product divided by both lengths; a picture's own length does not change which code wins.",
        "scores = mapped @ codes[unseen].T / np.linalg.norm(codes[unseen], axis=1), one column for each unseen class.",
        "scores.argmax(1) is a position in the list; np.array(unseen)[position] is the class.",
    ),
    """def answer(mapped, codes, unseen):
    lengths = np.linalg.norm(codes[unseen], axis=1)
    return np.array(unseen)[(mapped @ codes[unseen].T / lengths).argmax(1)]""",
)

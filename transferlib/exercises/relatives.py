"""The exercises of lesson 10, the relatives."""

import numpy as np

from transferlib.exercises import compare, exercise, need
from transferlib.measures import at
from transferlib.tasks import stream

KINDS = ("transfer", "multi-task", "adaptation", "cross-modal")


@exercise(
    "Ask of each: are there target labels? Is more than one result wanted? Are there two kinds of data in pairs?",
    "In a) the night photographs have no labels; in d) the Danish documents have some.",
    solution='answer = ["adaptation", "multi-task", "cross-modal", "transfer"]',
)
def which(answer):
    answer = list(answer.values()) if isinstance(answer, dict) else answer
    asked = "a list of four words is asked for, one a situation"
    need(isinstance(answer, (list, tuple, np.ndarray)), f"{asked}.")
    need(len(answer) == 4, f"{asked}, and there are {len(answer)}.")
    answer = [str(word).strip().lower() for word in answer]
    for word in answer:
        need(word in KINDS, f"{word!r} is not one of the words; they are {', '.join(KINDS)}.")
    for place, kind, says in (
        (0, "transfer", "is transfer in the wide sense, but what is missing? There are no target labels: a narrower word."),
        (1, "adaptation", "has labels for both, and nothing to adapt to: two things are learned at once."),
        (2, "multi-task", "wants one thing, the song; sound and text are two kinds of data, not two tasks."),
        (3, "multi-task", "nobody wants the German documents any more: only the target is wanted."),
        (3, "adaptation", "has 200 target labels. Unsupervised adaptation has none."),
        (0, None, "has the same classes, other pictures, and no target label. Which row of the table is that?"),
        (1, None, "learns two things at once, and the clinic wants both. Look at the last column of the table."),
        (2, None, "pairs two kinds of data, sound and text, and asks for the way from one to the other."),
        (3, None, "has a trained model, a few target labels, and one task that is wanted."),
    ):
        right = ("adaptation", "multi-task", "cross-modal", "transfer")[place]
        wrong = answer[place] != right if kind is None else answer[place] == kind
        need(not wrong, f"{'abcd'[place]}) {says}")
    return "what is given and what is wanted decide, not the method."


@exercise(
    "The rule may look at one column of the table above only.",
    "at(tuning[name], 'source_accuracy').mean() is the mean of one arm; take the name with the largest.",
    solution='answer = max(tuning, key=lambda name: at(tuning[name], "source_accuracy").mean())',
)
def rule(answer, tuning):
    said = f"{answer:g}" if isinstance(answer, (int, float, np.number)) else str(answer)
    said = said.replace(" ", "").lower().replace("lambda", "λ").removeprefix("λ=")
    names = {name.replace(" ", "").removeprefix("λ="): name for name in tuning}
    need(said in names, f"{answer!r} is not one of the arms; they are {', '.join(tuning)}.")
    answer, means = names[said], {name: at(runs, "source_accuracy").mean() for name, runs in tuning.items()}
    right = max(means, key=means.get)
    by_target = max(tuning, key=lambda name: at(tuning[name], "target_accuracy").mean())
    need(
        answer == right or answer != by_target,
        "that is the best on the *target's* labels. The rule may look at the source only.",
    )
    need(answer != min(means, key=means.get), f"its mean source accuracy, {means[answer]:.4f}, is the *lowest* of all.")
    need(answer == right, f"its mean source accuracy is {means[answer]:.4f}; another arm has more.")
    return f"the rule chooses {right}, while the target's labels would have chosen {by_target}."


@exercise(
    "The optimizer goes *down* the gradient that it is given. The task's loss should fall, the domain's should rise.",
    "Turn the sign of one of the two round, and multiply that one by the strength.",
    solution="""def answer(g_task, g_domain, strength):
    return g_task - strength * g_domain""",
)
def direction(answer):
    cases = [(*stream(8, "exercise").normal(size=(2, 5)), s) for s in (0.0, 0.5, 2.0)]
    mistakes = {
        "the domain's sign is not turned round: this helps the domain classifier.": lambda t, d, s: t + s * d,
        "the task's gradient is missing: such an encoder never learns to read.": lambda t, d, s: -s * d,
        "the domain's gradient is missing: this is source-only training.": lambda t, d, s: t,
        "the strength is missing: λ multiplies the domain's gradient.": lambda t, d, s: t - d,
        "that is the step itself; the optimizer puts the minus before what it is given.": lambda t, d, s: s * d - t,
        "both signs are turned round: the optimizer goes *down* the task's gradient already.": lambda t, d, s: -t - s * d,
        "the strength belongs to the domain's gradient alone.": lambda t, d, s: s * (t - d),
        "the strength stands at the task's gradient; it belongs to the domain's.": lambda t, d, s: s * t - d,
        "it weighs the two by 1 − λ and λ; the task's gradient counts in full.": lambda t, d, s: (1 - s) * t - s * d,
    }
    compare(answer, "g_task, g_domain, strength", lambda t, d, s: t - s * d, mistakes, cases)
    return "towards the task, and away from whatever tells the domains apart."


@exercise(
    "np.cov(a, rowvar=False) is the (d, d) covariance of the columns, with n − 1 below.",
    "Take the difference of the two covariances, square each entry, add them all, and divide by 4 * d**2.",
    solution="""def answer(a, b):
    difference = np.cov(a, rowvar=False) - np.cov(b, rowvar=False)
    return (difference**2).sum() / (4 * a.shape[1] ** 2)""",
)
def coral(answer):
    def loss(below=lambda d: 4 * d**2, cov=lambda a: np.cov(a, rowvar=False), norm=lambda c: (c**2).sum()):
        return lambda a, b: norm(cov(a) - cov(b)) / below(a.shape[1])

    mistakes = {
        "the rows are not centred: subtract each column's mean first.": loss(cov=lambda a: a.T @ a / (len(a) - 1)),
        "the covariance divides by n; n − 1 was asked for.": loss(cov=lambda a: np.cov(a, rowvar=False, ddof=0)),
        "the division by 4d² is missing.": loss(lambda d: 1),
        "it divides by 4d; the paper has d squared.": loss(lambda d: 4 * d),
        "it divides by d²; the 4 is missing.": loss(lambda d: d**2),
        "the norm is not squared.": loss(norm=lambda c: np.sqrt((c**2).sum())),
        "it compares the means; CORAL compares the covariances.": lambda a, b: ((a.mean(0) - b.mean(0)) ** 2).sum(),
        "it compares the variances alone; the covariances count too.": loss(norm=lambda c: (c.diagonal() ** 2).sum()),
        "np.cov takes the *rows* for the variables: rowvar=False, or np.cov(a.T).": loss(cov=np.cov),
    }
    rng = stream(9, "exercise")
    for sizes in (((6, 6, 3), (8, 8, 4)), ((6, 9, 3), (8, 5, 4))):  # as many rows first: there np.cov(a) - np.cov(b) exists
        cases = [(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)), rng.normal(size=(m, d)) + 1) for n, m, d in sizes]
        compare(answer, "a, b", loss(), mistakes, cases)
    return "second moments, and nothing about the labels."


@exercise(
    "The cosine is the inner product divided by both lengths; a picture's own length does not change which code wins.",
    "scores = mapped @ codes[unseen].T / np.linalg.norm(codes[unseen], axis=1), one column for each unseen class.",
    "scores.argmax(1) is a position in the list; np.array(unseen)[position] is the class.",
    solution="""def answer(mapped, codes, unseen):
    lengths = np.linalg.norm(codes[unseen], axis=1)
    return np.array(unseen)[(mapped @ codes[unseen].T / lengths).argmax(1)]""",
)
def nearest(answer):
    def inner(m, c):
        return m @ c.T

    def cosine(m, c):
        return m @ c.T / np.linalg.norm(c, axis=1)

    def away(m, c):
        return -np.linalg.norm(m[:, None] - c, axis=2)

    def place(score):
        return lambda m, c, u: score(m, c[u]).argmax(1)

    def named(score):
        return lambda m, c, u: np.array(u)[place(score)(m, c, u)]

    mistakes = {
        "it returns positions in the list `unseen`; class numbers are asked for: unseen[position].": place(cosine),
        "the seen classes compete too. Only the columns of the unseen ones may.": lambda m, c, u: cosine(m, c).argmax(1),
        "it takes the inner product; a long code then wins too often. Divide by the codes' lengths.": named(inner),
        "it takes the inner product, and returns positions in the list `unseen`.": place(inner),
        "it takes the *least* alike: use argmax on a cosine.": named(lambda m, c: -cosine(m, c)),
        "it takes the nearest in Euclidean distance, where lengths count; the cosine was asked for.": named(away),
        "it takes the cosine without its sign; opposite is not alike.": named(lambda m, c: abs(cosine(m, c))),
        "it returns the cosine itself; the class that has it was asked for.": lambda m, c, u: (
            cosine(m, c[u]).max(1) / np.linalg.norm(m, axis=1)
        ),
        "it says the first of the unseen classes for every picture.": lambda m, c, u: np.full(len(m), u[0]),
        "argmax should go along the classes, axis 1: one class for each picture.": lambda m, c, u: (
            cosine(m, c[u]) / np.linalg.norm(m, axis=1)[:, None]
        ).argmax(0),
    }
    rng = stream(10, "exercise")
    lengths = np.array([1.0, 3.0, 0.4, 2.0, 1.0, 5.0])[:, None]
    cases = [(rng.normal(size=(40, 4)), rng.normal(size=(6, 4)) * lengths, u) for u in ([1, 4], [5, 2, 0])]
    compare(answer, "mapped, codes, unseen", named(cosine), mistakes, cases)
    return "a class without a single picture has been named."

"""The exercises of lesson 12, cross-modal learning."""

import numpy as np

from transferlib.exercises import compare, exercise, match, need, number
from transferlib.tasks import stream

KINDS = ("transfer", "multi-task", "adaptation", "cross-modal")
RIGHT = ("cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal")


@exercise(
    "Ask of each report: which labels and which inputs were given, and which results does it measure?",
    "The name in a report is not evidence. (d) measures one task only; (e) has no label of the second domain.",
    solution='answer = ["cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal"]',
)
def reports(answer):
    answer = list(answer.values()) if isinstance(answer, dict) else answer
    asked = "a list of six words is asked for, one a report"
    need(isinstance(answer, (list, tuple, np.ndarray)), f"{asked}.")
    need(len(answer) == 6, f"{asked}, and there are {len(answer)}.")
    answer = [str(word).strip().lower() for word in answer]
    for word in answer:
        need(word in KINDS, f"{word!r} is not one of the words; they are {', '.join(KINDS)}.")
    for place, kind, says in (
        (0, "multi-task", "has one loss, about pairs; recordings and notes are two views of one thing, not two tasks."),
        (0, "transfer", "has no task that came first. What were the pairs?"),
        (1, "transfer", "is transfer in the wide sense. But has clinic B one label in training? There is a narrower word."),
        (1, "multi-task", "wants clinic B only; clinic A's accuracy is not even told."),
        (2, "transfer", "measures both results and uses both: nobody is the means."),
        (2, "cross-modal", "has one kind of input. Two answers to one input are two tasks."),
        (3, "multi-task", "calls itself so, and the two losses are summed. But whose accuracy is measured?"),
        (3, "adaptation", "has labels of the target."),
        (4, "transfer", "is transfer in the wide sense. But which labels of the new domain does it use? A narrower word."),
        (4, "cross-modal", "has photographs on both sides and no pairs of them; two domains are not two modalities."),
        (5, "adaptation", "has no second domain of pictures; what names the unseen classes is of another kind."),
        (5, "transfer", "carries over, that is true. But by what is a class without a picture named?"),
        *((place, None, "asks: what is given, what is optimised, what is measured?") for place in range(6)),
    ):
        wrong = answer[place] != RIGHT[place] if kind is None else answer[place] == kind
        need(not wrong, f"{'abcdef'[place]}) {says}")
    return "the report's own word decides nothing; what is given, optimised and measured does."


@exercise(
    "The partner of row i stands in column i. How many of row i's scores are higher than scores[i, i]?",
    "higher = (scores > np.diag(scores)[:, None]).sum(1); the partner is among the k best where that is below k.",
    solution="""def answer(scores, k):
    higher = (scores > np.diag(scores)[:, None]).sum(1)
    return (higher < k).mean()""",
)
def recall(answer):
    rng = stream(11, "exercise")
    cases = [(rng.normal(size=(40, 40)) + 1.5 * np.eye(40), k) for k in (1, 3, 10)]

    def rate(s, k, off=0):
        return ((s > np.diag(s)[:, None]).sum(1) < k + off).mean()

    mistakes = {
        "it goes down the columns; row i looks for its partner along its row.": lambda s, k: rate(s.T, k),
        "it counts one too many: with k = 1 nobody may be above the partner.": lambda s, k: rate(s, k, 1),
        "it counts one too few: the partner itself is one of the k.": lambda s, k: rate(s, k, -1),
        "it takes the lowest scores for the best.": lambda s, k: rate(-s, k),
        "it is recall@1 whatever k is.": lambda s, k: rate(s, 1),
        "it counts the hits; the share was asked for: divide by n.": lambda s, k: rate(s, k) * len(s),
        "it divides by k as well: that is a precision, and each has one partner only.": lambda s, k: rate(s, k) / k,
        "it is the share that is missed; 1 minus that.": lambda s, k: 1 - rate(s, k),
        "it gives one number a row; the mean of them is asked for.": lambda s, k: (s > np.diag(s)[:, None]).sum(1) < k,
        "it compares each score with the whole table's k best, not with its own row's.": lambda s, k: (
            np.diag(s) >= np.sort(s.ravel())[-k]
        ).mean(),
    }
    compare(answer, "scores, k", rate, mistakes, cases)
    return "say beside it among how many: recall@10 of a thousand is not recall@10 of twenty."


def _log_sum(x, axis):
    top = x.max(axis, keepdims=True)
    return np.log(np.exp(x - top).sum(axis)) + top.squeeze(axis)


@exercise(
    "logits = scale * a @ b.T. Along row i it is a softmax over all b, and the right answer is column i.",
    "Row part: mean over i of logsumexp(logits[i]) − logits[i, i]. Column part: the same of logits.T. Return their mean.",
    solution="""def answer(a, b, scale):
    logits = scale * a @ b.T
    own = np.diag(logits)
    rows = (np.log(np.exp(logits).sum(1)) - own).mean()
    columns = (np.log(np.exp(logits).sum(0)) - own).mean()
    return (rows + columns) / 2""",
)
def contrastive(answer):
    rng = stream(12, "exercise")
    cases = []
    for n, scale in ((5, 3.0), (8, 10.0)):
        a, b = rng.normal(size=(2, n, 4))
        b = a + 0.7 * b
        cases.append((*(x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b)), scale))

    def loss(a, b, scale, rows=0.5, columns=0.5, total=np.mean):
        logits = scale * a @ b.T
        parts = (total(_log_sum(logits, axis) - np.diag(logits)) for axis in (1, 0))
        return rows * next(parts) + columns * next(parts)

    mistakes = {
        "it goes one way only, a to b; the other way counts as much.": lambda a, b, s: loss(a, b, s, 1, 0),
        "it goes one way only, b to a; the other way counts as much.": lambda a, b, s: loss(a, b, s, 0, 1),
        "it adds the two ways; their mean was asked for.": lambda a, b, s: loss(a, b, s, 1, 1),
        "it sums over the batch; the mean was asked for.": lambda a, b, s: loss(a, b, s, total=np.sum),
        "the scale is missing.": lambda a, b, s: loss(a, b, 1.0),
        "it divides by the scale; a temperature divides, the scale multiplies.": lambda a, b, s: loss(a, b, 1 / s),
        "the sign is turned round: a loss is smaller where partners are alike.": lambda a, b, s: -loss(a, b, s),
        "the softmax is missing: it only makes partners alike, and all vectors equal would be best.": (
            lambda a, b, s: -np.mean(s * (a * b).sum(1)),
            lambda a, b, s: -np.mean((a * b).sum(1)),
        ),
        "the logarithm is missing: the loss is −log of the partner's probability.": lambda a, b, s: (
            1 - np.mean(np.exp(np.diag(s * a @ b.T) - _log_sum(s * a @ b.T, 1)))
        ),
    }
    compare(answer, "a, b, scale", loss, mistakes, cases)
    return "a classifier whose classes are the other members of the batch."


@exercise(
    "Who knows nothing gives each of the 128 the same probability, 1/128.",
    "The loss is −log of the partner's probability, with the natural logarithm.",
    solution="answer = np.log(128)",
)
def ignorant(answer):
    got = number(answer)
    mistakes = {
        "that is the logarithm to the base 2; the natural one is meant.": 7.0,
        "that is the logarithm to the base 10; the natural one is meant.": np.log10(128),
        "that is the partner's probability; the loss is −log of it.": 1 / 128,
        "the sign is wrong: a loss of this kind is never below 0.": -np.log(128),
        "both ways are averaged, not added.": 2 * np.log(128),
        "that is how many they are; the loss is the logarithm of it.": 128,
        "that is a batch of 127: the partner itself is one of those to choose from.": np.log(127),
        "0 is the loss of who is always sure and right.": 0.0,
        "that is the loss among ten classes; here the classes are the 128 members of the batch.": np.log(10),
    }
    match(got, np.log(128), mistakes, f"{got:g} is not −log of 1/128.", near=0.002)
    return "so a loss of 4.85 is where untrained encoders begin, and a larger batch begins higher."


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

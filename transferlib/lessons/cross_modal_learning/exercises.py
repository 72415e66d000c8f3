"""The exercises of lesson 12, cross-modal learning."""

import numpy as np
from scipy.special import logsumexp

from transferlib.exercises import compare, exercise, match, need, number, run
from transferlib.tasks import stream

KINDS = ("transfer", "multi-task", "adaptation", "cross-modal")
RIGHT = ("cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal")


def _kind(word):
    """The word for a field, also of "Transfer learning", "multi task" or "domain adaptation"."""
    plain = str(word).strip().lower().removesuffix("learning").removeprefix("domain").strip(" -")
    return plain.replace(" ", "-").replace("_", "-")


@exercise(
    "Ask of each report: which labels and which inputs were given, and which results does it measure?",
    "The name in a report is not evidence. In (d) one task came first; (e) has no label of the night.",
    solution='answer = ["cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal"]',
)
def reports(answer):
    asked = "a list of six words is asked for, one a report"
    need(hasattr(answer, "__iter__") and not isinstance(answer, str), f"{asked}.")
    answer = list(map(_kind, run(list, answer.values() if isinstance(answer, dict) else answer)))
    need(len(answer) == 6, f"{asked}, and there are {len(answer)}.")
    for word in answer:
        need(word in KINDS, f"{word!r} is not one of the words; they are {', '.join(KINDS)}.")
    for place, kind, says in (
        (0, "multi-task", "has one loss, about pairs; recordings and notes are two views of one thing."),
        (0, "transfer", "has no task that came first. What were the pairs?"),
        (1, "transfer", "is transfer in the wide sense. Has B a label in training? A narrower word fits."),
        (2, "transfer", "measures both results and uses both: nobody is the means."),
        (3, "multi-task", "calls itself so. But were both learned together, and whose accuracy is measured?"),
        (3, "adaptation", "has labels of the target."),
        (4, "transfer", "is transfer in the wide sense. Has the night a label? A narrower word fits."),
        (5, "adaptation", "has no second domain of pictures; what names the unseen classes is no picture."),
        (5, "transfer", "carries over, that is true. But by what is a class without a picture named?"),
        *((place, None, "asks: what is given, what is optimised, what is measured?") for place in range(6)),
    ):
        wrong = answer[place] != RIGHT[place] if kind is None else answer[place] == kind
        need(not wrong, f"{'abcdef'[place]}) {says}")
    return "the report's own word decides nothing; what is given, optimised and measured does."


@exercise(
    "The partner of row i stands in column i. How many of row i's scores are higher than scores[i, i]?",
    "higher = (scores > np.diag(scores)[:, None]).sum(1); below k, the partner is among the k best.",
    solution="""def answer(scores, k):
    higher = (scores > np.diag(scores)[:, None]).sum(1)
    return (higher < k).mean()""",
)
def recall(answer):
    rng = stream(11, "exercise")
    cases = [(rng.normal(size=(40, 40)) + 1.5 * np.eye(40), k) for k in (1, 3, 10)]

    def rate(s, k):
        return ((s > np.diag(s)[:, None]).sum(1) < k).mean()

    compare(answer, "scores, k", rate, {
        "it goes down the columns; row i looks for its partner along its row.": lambda s, k: rate(s.T, k),
        "it counts one too many: with k = 1 nobody may be above the partner.": lambda s, k: rate(s, k + 1),
        "it counts one too few: the partner itself is one of the k.": lambda s, k: rate(s, k - 1),
        "it takes the lowest scores for the best.": lambda s, k: rate(-s, k),
        "it is recall@1 whatever k is.": lambda s, k: rate(s, 1),
        "it counts the hits; the share was asked for: divide by n.": lambda s, k: rate(s, k) * len(s),
        "it divides by k as well; each row has one partner only.": lambda s, k: rate(s, k) / k,
        "it gives one number a row; give their mean.": lambda s, k: (s > np.diag(s)[:, None]).sum(1) < k,
    }, cases)  # fmt: skip
    return "say beside it among how many: recall@10 of a thousand is not recall@10 of twenty."


@exercise(
    "logits = scale * a @ b.T. Along row i it is a softmax over all b, and the right answer is column i.",
    "Rows: the mean of logsumexp(logits[i]) − logits[i, i]. Columns: the same of logits.T. Then their mean.",
    solution="""def answer(a, b, scale):
    logits = scale * a @ b.T
    own = np.diag(logits)
    rows = (np.log(np.exp(logits).sum(1)) - own).mean()
    columns = (np.log(np.exp(logits).sum(0)) - own).mean()
    return (rows + columns) / 2""",
)
def contrastive(answer):
    def loss(a, b, scale, rows=0.5, columns=0.5, total=np.mean):
        logits = scale * a @ b.T
        each, other = (total(logsumexp(logits, axis) - np.diag(logits)) for axis in (1, 0))
        return rows * each + columns * other

    rng, cases = stream(12, "exercise"), []
    for n, scale in ((5, 3.0), (8, 10.0)):
        a, b = rng.normal(size=(2, n, 4))
        cases.append((*(x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, a + 0.7 * b)), scale))
    compare(answer, "a, b, scale", loss, {
        "it goes one way only, a to b; the other way counts as much.": lambda a, b, s: loss(a, b, s, 1, 0),
        "it goes one way only, b to a; the other way counts as much.": lambda a, b, s: loss(a, b, s, 0, 1),
        "it adds the two ways; their mean was asked for.": lambda a, b, s: loss(a, b, s, 1, 1),
        "it sums over the batch; the mean was asked for.": lambda a, b, s: loss(a, b, s, total=np.sum),
        "the scale is missing.": lambda a, b, s: loss(a, b, 1.0),
        "it divides by scale, as by a temperature; multiply.": lambda a, b, s: loss(a, b, 1 / s),
        "CLIP learns log(scale); here scale is the scale: no exp.": lambda a, b, s: loss(a, b, np.exp(s)),
        "the sign is turned round: a loss is small where partners are alike.": lambda a, b, s: -loss(a, b, s),
        "the softmax is missing: with all vectors equal this would be best.":
            (lambda a, b, s: -np.mean(s * (a * b).sum(1)), lambda a, b, s: -np.mean((a * b).sum(1))),
    }, cases)  # fmt: skip
    return "a classifier whose classes are the other members of the batch."


@exercise(
    "With equal scores the softmax gives each of the 128 the same probability, 1/128.",
    "The loss is −log of the partner's probability, with the natural logarithm.",
    solution="answer = np.log(128)",
)
def ignorant(answer):
    got = number(answer)
    match(got, np.log(128), {
        "that is the logarithm to the base 2; the natural one is meant.": 7.0,
        "that is the logarithm to the base 10; the natural one is meant.": np.log10(128),
        "that is the partner's probability; the loss is −log of it.": 1 / 128,
        "the sign is wrong: a loss of this kind is never below 0.": -np.log(128),
        "both ways are averaged, not added.": 2 * np.log(128),
        "that is how many they are; the loss is the logarithm of it.": 128,
        "that is a batch of 127: the partner is one of the 128.": np.log(127),
        "0 is the loss of who is always sure and right.": 0.0,
    }, f"{got:g} is not −log of 1/128.", near=0.001)  # fmt: skip
    return "and untrained encoders may begin higher: their scores differ, and mean nothing."


@exercise(
    "The cosine is the inner product divided by both lengths; a picture's own does not change who wins.",
    "scores = mapped @ codes[unseen].T / np.linalg.norm(codes[unseen], axis=1): a column for each class.",
    "scores.argmax(1) is a position in the list; np.array(unseen)[position] is the class.",
    solution="""def answer(mapped, codes, unseen):
    lengths = np.linalg.norm(codes[unseen], axis=1)
    return np.array(unseen)[(mapped @ codes[unseen].T / lengths).argmax(1)]""",
)
def nearest(answer):
    def inner(m, c):
        return m @ c.T

    def cosine(m, c):
        return m @ c.T / np.linalg.norm(c, axis=1) / np.linalg.norm(m, axis=1)[:, None]

    def away(m, c):
        return -np.linalg.norm(m[:, None] - c, axis=2)

    def place(score):
        return lambda m, c, u: score(m, c[u]).argmax(1)

    def named(score):
        return lambda m, c, u: np.array(u)[place(score)(m, c, u)]

    rng = stream(10, "exercise")
    lengths = np.array([1.0, 3.0, 0.4, 2.0, 1.0, 5.0])[:, None]
    cases = [(rng.normal(size=(40, 4)), rng.normal(size=(6, 4)) * lengths, u) for u in ([1, 4], [5, 2, 0])]
    compare(answer, "mapped, codes, unseen", named(cosine), {
        "those are positions in `unseen`; class numbers are asked for.": tuple(map(place, (cosine, inner))),
        "the seen classes compete too; only unseen ones may.": lambda m, c, u: cosine(m, c).argmax(1),
        "the inner product favours long codes. Divide by the codes' lengths.": named(inner),
        "it takes the *least* alike: use argmax on a cosine.": named(lambda m, c: -cosine(m, c)),
        "Euclidean distance, where lengths count, is not the cosine.": named(away),
        "it centres the codes first, as a correlation does; a cosine takes them as they are.": (
            named(lambda m, c: cosine(m - m.mean(1, keepdims=True), c - c.mean(1, keepdims=True))),
            named(lambda m, c: cosine(m, c - c.mean(0))), lambda m, c, u: named(cosine)(m, c - c.mean(0), u),
        ),
        "that is the cosine; the class that has it was asked for.": lambda m, c, u: cosine(m, c[u]).max(1),
        "argmax should go along the classes, axis 1.": lambda m, c, u: cosine(m, c[u]).argmax(0),
    }, cases)  # fmt: skip
    return "a class without a single picture has been named."

"""The exercises of lesson 12, cross-modal learning."""

import re

import numpy as np

from transferlib.exercises import code_exercise, exercise, match, need, number, run
from transferlib.tasks import rng_for

KINDS = ("transfer", "multi-task", "adaptation", "cross-modal")
RIGHT = ("cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal")


def _kind(word):
    """The word for a field, also of "Transfer learning", "multitask" or "domain adaptation"; another word as it is."""
    letters = re.sub("[^a-z]", "", str(word).lower()).removesuffix("learning").removeprefix("domain")
    return {kind.replace("-", ""): kind for kind in KINDS}.get(letters, str(word).strip())


@exercise(
    "Ask of each report: which labels and which inputs were given, and which results does it measure?",
    "The name in a report is not evidence. In (d) one task came first; (e) has no label of the night.",
    solution='answer = ["cross-modal", "adaptation", "multi-task", "transfer", "adaptation", "cross-modal"]',
)
def reports(answer):
    asked = "a list of six words is asked for, one a report"
    need(hasattr(answer, "__iter__") and not isinstance(answer, str), f"{asked}.")
    answer = list(map(_kind, run(lambda: list(answer.values() if isinstance(answer, dict) else answer))))
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


@code_exercise(
    "The partner of row i stands in column i. How many of row i's scores are higher than scores[i, i]?",
    "higher = (scores > np.diag(scores)[:, None]).sum(1); below k, the partner is among the k best.",
    solution="""def answer(scores, k):
    higher = (scores > np.diag(scores)[:, None]).sum(1)
    return (higher < k).mean()""",
    mistakes={
        "it goes down the columns; row i looks for its partner along its row.": "answer(scores.T, k)",
        "it counts one too many: with k = 1 nobody may be above the partner.": "higher < k → higher <= k",
        "it counts one too few: the partner itself is one of the k.": "scores > → scores >=",
        "it takes the lowest scores for the best.": "scores > → scores <",
        "[:, None] is missing: each column's own diagonal is compared, and not the row's.": "[:, None] →",
        "argsort gives the order, and not the ranks; count how many of the row are higher.":
            tuple(f"(np.diag(({sign}scores).argsort(1)) < k).mean()" for sign in ("", "-")),
        "the partner is to be *among* the k best, and not just the k-th.": "higher < k → higher == k - 1",
        "that is the share of rows whose partner is *not* found.": "1 - answer(scores, k)",
        "that is the mean of both ways; only the rows look for their partners.":
            "(answer(scores, k) + answer(scores.T, k)) / 2",
        "it is recall@1 whatever k is.": "higher < k → higher < 1",
        "it counts the hits; the share was asked for: divide by n.": ".mean() → .sum()",
        "it divides by k as well; each row has one partner only.": ".mean() → .mean() / k",
        "it gives one number a row; give their mean.": ".mean() →",
    },
    praise="say beside it among how many: recall@10 of a thousand is not recall@10 of twenty.",
)  # fmt: skip
def recall():
    rng = rng_for(11, "exercise")
    return [(rng.normal(size=(40, 40)) + 1.5 * np.eye(40), k) for k in (1, 3, 10)]


@code_exercise(
    "Of −log softmax(row)[i] the derivative by the row is softmax(row), less 1 at place i.",
    "rows = softmax(scores, axis=1) - np.eye(n); the columns along axis 0; the loss is a mean of 2 · n.",
    solution="""from scipy.special import softmax

def answer(scores):
    partner = np.eye(len(scores))
    rows, columns = softmax(scores, axis=1) - partner, softmax(scores, axis=0) - partner
    return (rows + columns) / (2 * len(scores))""",
    mistakes={
        "it goes one way only; the rows and the columns both pull.":
            ("axis=1 → axis=0", "axis=0 → axis=1", "(rows + columns) → rows", "(rows + columns) → columns"),
        "it adds the two ways; the loss is their mean.": "(2 * len(scores)) → len(scores)",
        "it adds the batch up; the loss is a mean over its n pairs.":
            ("(2 * len(scores)) → 2", "/ (2 * len(scores)) →"),
        "the sign is turned round: that is the way the scores go, and the gradient points uphill.":
            "-answer(scores)",
        "each way takes 1 off the diagonal; yours does it for one of the two.":
            "(rows + columns) → (rows + columns + partner)",
        "the partners are missing: less 1 on the diagonal.": "np.eye(len(scores)) → 0",
        "the 1 is taken off everywhere; it belongs to the diagonal.": "np.eye(len(scores)) → 1",
        "one softmax over the whole table; it is one for each row, and one for each column.":
            "axis=1) - partner, softmax(scores, axis=0) → axis=None) - partner, softmax(scores, axis=None)",
        "it counts n² pairs; the mean is over n rows, and n columns.":
            ("(2 * len(scores)) → (2 * len(scores) ** 2)", "(2 * len(scores)) → len(scores) ** 2"),
        "the softmax is missing: how surely another is taken for the partner says how strongly it is pushed.":
            "softmax(scores, axis=1) - partner, softmax(scores, axis=0) - → scores - partner, scores -",
    },
    praise="a partner is pulled near; every other is pushed away by how much it is taken for the partner.",
)  # fmt: skip
def pull():
    rng = rng_for(12, "exercise")
    return [(scale * (rng.normal(size=(n, n)) + np.eye(n)),) for n, scale in ((5, 1.0), (8, 2.0))]


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
        "each way is log 128, and so is their mean.": np.log(128) / 2,
        "the mean over the pairs is that of one pair: do not divide by 128 again.": np.log(128) / 128,
        "that is how many they are; the loss is the logarithm of it.": 128,
        "that is a batch of 127: the partner is one of the 128.": np.log(127),
        "0 is the loss of an encoder that is always sure and right.": 0.0,
    }, f"{got:g} is not −log of 1/128.", near=0.001)  # fmt: skip
    return "and untrained encoders may begin higher: their scores differ, and mean nothing."


@code_exercise(
    "The cosine is the inner product divided by both lengths; a picture's own does not change who wins.",
    "scores = mapped @ codes[unseen].T / np.linalg.norm(codes[unseen], axis=1): a column for each class.",
    "scores.argmax(1) is a position in the list; np.array(unseen)[position] is the class.",
    solution="""def answer(mapped, codes, unseen):
    of = codes[unseen]
    cosine = mapped @ of.T / np.linalg.norm(of, axis=1) / np.linalg.norm(mapped, axis=1)[:, None]
    return np.array(unseen)[cosine.argmax(1)]""",
    mistakes={
        "those are positions in `unseen`; class numbers are asked for.":
            ("np.array(unseen)[cosine.argmax(1)] → cosine.argmax(1)", "(mapped @ codes[unseen].T).argmax(1)"),
        "a seen class that is set to 0 wins where all cosines are below 0; leave it out, or set it to -np.inf.":
            "(mapped @ codes.T / np.linalg.norm(codes, axis=1) * np.isin(np.arange(len(codes)), unseen)).argmax(1)",
        "`unseen` need not be in order: position k is unseen[k].": "np.array(unseen) → np.sort(unseen)",
        "the seen classes compete too; only unseen ones may.":
            "answer(mapped, codes, list(range(len(codes))))",
        "the inner product favours long codes. Divide by the codes' lengths.":
            "np.array(unseen)[(mapped @ codes[unseen].T).argmax(1)]",
        "it takes the *least* alike: use argmax on a cosine.": "argmax → argmin",
        "Euclidean distance, where lengths count, is not the cosine.":
            "np.array(unseen)[np.linalg.norm(mapped[:, None] - codes[unseen], axis=2).argmin(1)]",
        "it centres the codes first, as a correlation does; a cosine takes them as they are.": (
            "answer(mapped - mapped.mean(1)[:, None], codes - codes.mean(1)[:, None], unseen)",
            "answer(mapped, codes - codes[unseen].mean(0), unseen)",
            "answer(mapped, codes - codes.mean(0), unseen)",
        ),
        "that is the cosine; the class that has it was asked for.":
            "np.array(unseen)[cosine.argmax(1)] → cosine.max(1)",
        "argmax should go along the classes, axis 1.":
            "np.array(unseen)[cosine.argmax(1)] → cosine.argmax(0)",
    },
    praise="a class without a single picture has been named.",
)  # fmt: skip
def nearest():
    rng = rng_for(10, "exercise")
    lengths = np.array([1.0, 3.0, 0.4, 2.0, 1.0, 5.0])[:, None]
    return [(rng.normal(size=(40, 4)), rng.normal(size=(6, 4)) * lengths, u) for u in ([1, 4], [5, 2, 0])]

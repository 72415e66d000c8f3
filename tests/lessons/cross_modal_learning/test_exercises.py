"""The exercises of lesson 12."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import logsumexp, softmax
from sklearn.metrics import top_k_accuracy_score
from sklearn.metrics.pairwise import cosine_distances, cosine_similarity

from tests.exercises import Tried, every, holds
from transferlib.lessons.cross_modal_learning import exercises as cross_modal

RIGHT = list(cross_modal.RIGHT)


def but(**words):
    return [words.get(letter, right) for letter, right in zip("abcdef", RIGHT)]


def rate(s, k, off=0):
    return ((s > np.diag(s)[:, None]).sum(1) < k + off).mean()


def one_loop(a, b, scale):
    total = 0
    for i in range(len(a)):
        total += logsumexp(scale * b @ a[i]) + logsumexp(scale * a @ b[i]) - 2 * scale * a[i] @ b[i]
    return total / len(a) / 2


def rows(s):
    return softmax(s, axis=1)


def by_a_tape(s):
    s = tf.Variable(s)
    with tf.GradientTape() as tape:
        own = tf.linalg.diag_part(s)
        loss = sum(tf.reduce_mean(tf.reduce_logsumexp(s, axis) - own) for axis in (1, 0)) / 2
    return tape.gradient(loss, s).numpy()


def by_small_steps(s, far=1e-4):
    def loss(s):
        return np.mean(logsumexp(s, 0) + logsumexp(s, 1) - 2 * np.diag(s)) / 2

    steps = far * np.eye(s.size).reshape(-1, *s.shape)
    return np.array([loss(s + step) - loss(s - step) for step in steps]).reshape(s.shape) / 2 / far


def scores(m, c, u):
    return m @ c[u].T / np.linalg.norm(c[u], axis=1)


def one_by_one(mapped, codes, unseen):
    return [max(unseen, key=lambda u: np.dot(row, codes[u]) / np.linalg.norm(codes[u])) for row in mapped]


def masked(mapped, codes, unseen):
    table = cosine_similarity(mapped, codes)
    table[:, [k for k in range(len(codes)) if k not in unseen]] = -np.inf
    return table.argmax(1)


def of_unit_length(mapped, codes, unseen):
    mapped /= np.linalg.norm(mapped, axis=1, keepdims=True)
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    return np.array(unseen)[np.linalg.norm(mapped[:, None] - codes[unseen], axis=2).argmin(1)]


CASES = {
    "reports": Tried(
        right=[
            tuple(RIGHT),
            np.array(RIGHT),
            [word.upper() for word in RIGHT],
            [word.capitalize() for word in RIGHT],
            [f" {word} " for word in RIGHT],
            dict(zip("abcdef", RIGHT)),
            np.array(RIGHT, object),
            [np.str_(word) for word in RIGHT],
            dict(zip("abcdef", RIGHT)).values(),
            ["cross modal learning", "domain adaptation", "Multi task", "transfer learning", "adaptation", "cross_modal"],
            ["crossmodal", "adaptation", "multitask", "transfer", "Adaptation.", "cross-modal learning 跨模态学习"],
        ],
        wrong=[
            ("transfer", "six words"),
            (but(b=7), "'7' is not one"),
            (RIGHT[:3], "one a report, and there are 3"),
            (but(b="both"), "'both' is not one"),
            (but(a="multi-task"), "two views of one thing"),
            (but(a="transfer"), "came first"),
            (but(b="transfer"), "Has B a label"),
            (but(b="multi-task"), "b) asks"),
            (but(c="transfer"), "nobody is the means"),
            (but(c="cross-modal"), "c) asks"),
            (but(d="multi-task"), "were both learned together, and whose accuracy"),
            (but(d="adaptation"), "labels of the target"),
            (but(e="transfer"), "Has the night a label"),
            (but(e="cross-modal"), "e) asks"),
            (but(f="adaptation"), "no second domain"),
            (but(f="transfer"), "by what is a class"),
            (but(f="multi-task"), "f) asks"),
        ],
    ),
    "recall": Tried(
        right=[
            rate,
            lambda s, k: np.mean([i in np.argsort(-row)[:k] for i, row in enumerate(s)]),
            lambda s, k: np.float32(rate(s, k)),
            lambda s, k: sum(row[i] >= sorted(row)[-k] for i, row in enumerate(s)) / len(s),
            lambda s, k: (np.argsort(s, 1)[:, -k:] == np.arange(len(s))[:, None]).any(1).mean(),
            lambda s, k: (np.partition(s, -k, axis=1)[:, -k] <= np.diag(s)).mean(),
            lambda s, k: top_k_accuracy_score(np.arange(len(s)), s, k=k, labels=np.arange(len(s))),
            lambda scores, k: 1 - ((scores > scores.diagonal()[:, None]).sum(axis=1) >= k).mean(),
        ],
        wrong=[
            (0.5, "a function of"),
            (lambda s, k: rate(s.T, k), "down the columns"),
            (lambda s, k: ((s >= np.diag(s)[:, None]).sum(1) < k).mean(), "one too few"),
            (lambda s, k: ((s > np.diag(s)[:, None]).sum(1) <= k).mean(), "one too many"),
            (lambda s, k: rate(-s, k), "the lowest"),
            (lambda s, k: (s.argmax(1) == np.arange(len(s))).mean(), "whatever k"),
            (lambda s, k: rate(s, k) * 40, "the share was asked"),
            (lambda s, k: rate(s, k) / k, "each row has one partner only"),
            (lambda s, k: (s > np.diag(s)[:, None]).sum(1) < k, "give their mean"),
            (lambda s, k: ((s > np.diag(s)).sum(1) < k).mean(), "[:, None] is missing"),
            (lambda s, k: np.mean([np.argsort(-row)[i] < k for i, row in enumerate(s)]), "argsort gives the order"),
            (lambda s, k: np.mean([np.argsort(-row)[k - 1] == i for i, row in enumerate(s)]), "*among*"),
            (lambda s, k: 1 - rate(s, k), "*not* found"),
            (lambda s, k: (rate(s, k) + rate(s.T, k)) / 2, "both ways"),
            (lambda s, k: print(end=""), "`return`"),
        ],
        alike=[(lambda s, k: np.mean([np.argsort(row)[i] < k for i, row in enumerate(s)]), "argsort gives the order")],
    ),
    "pull": Tried(
        right=[
            by_a_tape,
            lambda s: (rows(s) + rows(s.T).T) / 2 / len(s) - np.eye(len(s)) / len(s),
            lambda s: np.float32(by_a_tape(s)),
            lambda s: np.mean([rows(s) - np.eye(len(s)), rows(s.T).T - np.eye(len(s))], axis=0) / len(s),
            lambda s: by_a_tape(s).tolist(),
            by_small_steps,
        ],
        wrong=[
            (4.85, "a function of"),
            (lambda s: (rows(s) - np.eye(len(s))) / len(s), "one way only"),
            (lambda s: 2 * by_a_tape(s), "adds the two ways"),
            (lambda s: len(s) * by_a_tape(s), "adds the batch up"),
            (lambda s: -by_a_tape(s), "points uphill"),
            (lambda s: (rows(s) + rows(s.T).T) / 2 / len(s), "the partners are missing"),
            (lambda s: (rows(s) + rows(s.T).T - 2) / 2 / len(s), "taken off everywhere"),
            (lambda s: softmax(s) / len(s) - np.eye(len(s)) / len(s), "over the whole table"),
            (lambda s: by_a_tape(s) / len(s), "counts n² pairs"),
            (lambda s: (s - np.eye(len(s))) / len(s), "the softmax is missing"),
            (lambda s: (rows(s) + rows(s.T).T - np.eye(len(s))) / 2 / len(s), "one of the two"),
            (lambda s: np.ones((len(s), len(s))), "instead of"),
            (lambda s: by_a_tape(s).mean(), "the shape (5, 5), and returns one number"),
            (lambda a, b: 0, "yours takes (a, b)"),
        ],
    ),
    "ignorant": Tried(
        right=[4.85, 4.852, np.log(128), np.float32(4.852), 7 * np.log(2), -np.log(1 / 128), 4.8520302639, np.array(4.85)],
        wrong=[
            (7, "base 2"),
            (2.107, "base 10"),
            (1 / 128, "the partner's probability"),
            (-4.852, "the sign"),
            (9.704, "averaged"),
            (np.log(128) / 2, "each way is log 128"),
            (np.log(128) / 128, "do not divide"),
            (128, "how many"),
            (np.log(127), "a batch of 127"),
            (0, "always sure"),
            ("much", "a number"),
            (3.3, "3.3 is not"),
        ],
    ),
    "nearest": Tried(
        right=[
            one_by_one,
            masked,
            of_unit_length,
            lambda m, c, u: np.take(u, scores(m, c, u).argmax(1)),
            lambda m, c, u: np.array(u)[cosine_distances(m, c[u]).argmin(1)],
            lambda m, c, u: [u[k] for k in cosine_similarity(m, c[u]).argmax(axis=1)],
            lambda m, c, u: np.array(u)[np.argsort(scores(m, c, u), axis=1)[:, -1]].astype(float),
            lambda m, c, u: np.array(u)[(np.einsum("nc,kc->nk", m, c[u]) / np.sqrt((c[u] ** 2).sum(1))).argmax(1)],
        ],
        wrong=[
            ([1], "a function of"),
            (lambda m, c, u: scores(m, c, u).argmax(1), "positions in `unseen`"),
            (lambda m, c, u: cosine_similarity(m, c).argmax(1), "the seen classes compete"),
            (lambda m, c, u: (cosine_similarity(m, c) * np.isin(range(len(c)), u)).argmax(1), "set to 0"),
            (lambda m, c, u: np.sort(u)[scores(m, c, u).argmax(1)], "in order"),
            (lambda m, c, u: np.array(u)[(m @ c[u].T).argmax(1)], "favours long codes"),
            (lambda m, c, u: np.array(u)[scores(m, c, u).argmin(1)], "least"),
            (lambda m, c, u: np.array(u)[np.linalg.norm(m[:, None] - c[u], axis=2).argmin(1)], "Euclidean"),
            (lambda m, c, u: np.array(u)[np.corrcoef(m, c[u])[: len(m), len(m) :].argmax(1)], "as a correlation does"),
            (lambda m, c, u: cosine_similarity(m, c[u]).max(1), "that is the cosine"),
            (lambda m, c, u: cosine_similarity(m, c[u]).argmax(0), "axis 1"),
            (lambda m, c, u: cosine_similarity(m, c[u]), "the shape (40,), and returns numbers of the shape (40, 2)"),
            (lambda m, c, u: np.full(len(m), 3), "the first wrong one of its 40 numbers"),
        ],
        alike=[(lambda m, c, u: (m @ c[u].T).argmax(1), "those are positions in `unseen`")],
    ),
}


def test_what_is_said_of_equal_scores_is_true_of_them_alone():
    """Encoders that were never trained start higher: scores that differ by chance cost more than equal ones."""
    rng = np.random.default_rng(0)
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in rng.normal(size=(2, 128, 32)))
    assert one_loop(0 * a, 0 * b, 1 / 0.07) == pytest.approx(np.log(128))
    assert one_loop(a, b, 1 / 0.07) > np.log(128) + 1
    assert "untrained encoders may begin higher" in cross_modal.ignorant.check(np.log(128)).text


@pytest.mark.parametrize("name", every(cross_modal))
def test_exercise(name):
    holds(every(cross_modal)[name], CASES[name])

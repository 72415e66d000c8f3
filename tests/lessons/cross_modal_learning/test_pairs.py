"""Two encoders: the compiled loop against a hand-written Keras tape, the rivals against scikit-learn, the controls."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import LogisticRegression, Ridge

from tests.page import page
from transferlib.datasets import DIGITS
from transferlib.experiments import study
from transferlib.lessons.cross_modal_learning.pairs import (
    alike,
    canonical,
    drawn_pairs,
    encoders_of,
    found_by,
    reads_upper,
    recall,
    shown,
    simple_rivals,
    two_views,
)
from transferlib.tasks import Task
from transferlib.training import learn, starts

PAGE = page("12")
PARTS = {"upper": PAGE.encoder(), "lower": PAGE.encoder(), "scale": np.log(1 / 0.07)}


def match(task, seed, pairs=None, shuffled=False, **budget):
    """The page's loss on drawn pairs, as `study` runs it."""
    arm = drawn_pairs(task, pairs, shuffled=shuffled, steps=budget.pop("steps"), batch=budget.pop("batch", 128))
    settings = dict(order={"pairs": arm["order"]["pairs"](seed)}, steps=arm["steps"], batch=arm["batch"], seed=seed)
    return learn(PAGE.contrastive, PARTS, arm["tasks"](seed), **settings, **budget)


@pytest.fixture(scope="module")
def task():
    rng = np.random.default_rng(0)
    y, hidden = np.arange(160) % 10, rng.normal(size=(160, 6))
    x = np.abs(hidden @ rng.normal(size=(6, 100)) + rng.normal(size=(160, 100)) / 5 + rng.normal(size=(10, 100))[y])
    return Task("things", x[:120], y[:120], x[120:], y[120:], DIGITS, (10, 10))


def test_three_steps_are_those_of_keras(task):
    """Keras layers, Keras' cross-entropy over the batch's own numbers, Keras' Adam, the same batches."""
    start, arm = starts(PARTS, None, 4), drawn_pairs(task, steps=3, batch=16)
    got, models = match(task, 4, steps=3, batch=16, every=1), [PAGE.encoder(), PAGE.encoder()]
    for model, view in zip(models, ("upper", "lower")):
        model.set_weights(start[view])
    scale = keras.Variable(np.float32(np.log(1 / 0.07)), dtype="float32")
    variables = [*models[0].variables, *models[1].variables, scale]
    adam, ce = keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    (upper, lower), order = two_views(arm["tasks"](4)["pairs"].x_train), arm["order"]["pairs"](4)
    for rows in order[:3]:
        with tf.GradientTape() as tape:
            a, b = (m(x[rows]) for m, x in zip(models, (upper, lower)))
            logits = tf.exp(scale.value) * tf.matmul(a, b, transpose_b=True)
            loss = (ce(np.arange(16), logits) + ce(np.arange(16), tf.transpose(logits))) / 2
        adam.apply(tape.gradient(loss, [v.value for v in variables]), variables)
    assert got.loss[-1] == pytest.approx(float(loss), abs=1e-4)
    for mine, theirs in zip(got.weights["lower"], models[1].get_weights()):
        np.testing.assert_allclose(mine, theirs, atol=2e-5)
    assert got.weights["scale"] == pytest.approx(float(scale.value), abs=1e-5)


def test_the_pairs_that_a_seed_draws(task):
    arm, apart = drawn_pairs(task, 40, steps=7, batch=16), drawn_pairs(task, 40, shuffled=True)
    (upper, lower), (a, b) = (two_views(each["tasks"](3)["pairs"].x_train) for each in (arm, apart))
    rows = {row.tobytes(): i for i, row in enumerate(two_views(task.x_train)[0])}
    chosen = [rows[row.tobytes()] for row in upper]
    assert len(set(chosen)) == 40 and (lower == task.x_train[chosen, 50:]).all()
    assert (a == upper).all() and sorted(map(tuple, b)) == sorted(map(tuple, lower)) and (b != lower).any(1).all()
    order = arm["order"]["pairs"](3)
    assert order.shape[1] == 16 and len(order) >= 7 and all(len(set(batch)) == 16 for batch in order)
    assert drawn_pairs(task, 5)["batch"] == 5, "no pair twice in a batch"


def test_pairs_teach_and_shuffled_pairs_do_not(task):
    arms = {"pairs": drawn_pairs(task, steps=200), "shuffled": drawn_pairs(task, shuffled=True, steps=200)}
    runs = study(PAGE.contrastive, PARTS, None, arms, every=200, seeds=2)
    there = {n: np.mean([recall(found_by(encoders_of(PARTS, r.weights), task)) for r in rs]) for n, rs in runs.items()}
    assert there["pairs"] > there["shuffled"] + 0.2 and there["shuffled"] < 0.15
    vectors = encoders_of(PARTS, runs["pairs"][0].weights)[0](two_views(task.x_test)[0])
    assert vectors.shape == (40, 32) and np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_who_calls_all_alike_loses_the_logarithm_of_the_batch():
    same = type(
        "Parts", (), dict(upper=lambda s, x: tf.ones((128, 4)) / 2, lower=lambda s, x: tf.ones((128, 4)) / 2, scale=2.0)
    )
    loss = PAGE.contrastive(same(), {"pairs": (tf.zeros((128, 100)), None)}, 0, {})
    assert float(loss) == pytest.approx(np.log(128), abs=1e-4)


def test_recall_by_hand():
    scores = np.array([[0.9, 0.1, 0.2], [0.8, 0.5, 0.1], [0.3, 0.2, 0.1]])
    assert [recall(scores, k) for k in (1, 2, 3)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert recall(np.ones((4, 4))) == 0, "who calls all alike has found nobody"


def test_the_rivals(task):
    scores = simple_rivals(task)
    (a, b), (x, y) = two_views(task.x_train), two_views(task.x_test)
    predicted = Ridge(1.0).fit(a, b).predict(x)
    np.testing.assert_allclose(scores["ridge"], alike(predicted - b.mean(0), y - b.mean(0)), atol=1e-5)
    nearest = [b[np.linalg.norm(a - row, axis=1).argmin()] for row in x]
    np.testing.assert_allclose(scores["nearest"], alike(np.array(nearest) - b.mean(0), y - b.mean(0)), atol=1e-5)


def test_cca_has_uncorrelated_directions_as_correlated_as_scikit_learn_finds():
    from sklearn.cross_decomposition import CCA

    rng = np.random.default_rng(1)
    shared = rng.normal(size=(500, 2))
    a, b = (np.hstack([shared + rng.normal(size=(500, 2)) * s, rng.normal(size=(500, 2))]) for s in (0.5, 0.8))
    f, g = canonical(a, b, size=2, ridge=1e-9)
    u, v = CCA(2, max_iter=5000, tol=1e-10).fit_transform(a, b)
    ours, theirs = ([abs(np.corrcoef(p[:, i], q[:, i])[0, 1]) for i in (0, 1)] for p, q in ((f(a), g(b)), (u, v)))
    assert ours == pytest.approx(theirs, abs=1e-3)
    assert abs(np.corrcoef(f(a).T)[0, 1]) < 1e-6


def test_labels_of_one_view_read_the_other(task):
    f, g = encoders = encoders_of(PARTS, match(task, 0, steps=200, every=200).weights)
    (u, low), (x, _) = two_views(task.few(5, 0).x_train), two_views(task.x_test)
    for labelled, vectors in (("upper", f(u)), ("lower", g(low))):
        score = LogisticRegression(C=10, max_iter=500).fit(vectors, task.few(5, 0).y_train).score(f(x), task.y_test)
        assert reads_upper(task, encoders, 5, 0, labelled) == pytest.approx(score)


def test_what_is_shown_of_a_picture(task):
    rng = np.random.default_rng(0)
    ways = {"one": {3: rng.random((40, 40)), 5: rng.random((40, 40))}, "other": {3: np.eye(40), 5: np.eye(40)}}
    made = shown(task, ways, back=True, first=5)
    assert (
        (made["given"] == two_views(task.x_test)[1][5:10]).all() and made["own"].tolist() == [5, 6, 7, 8, 9] and made["back"]
    )
    assert (made["best"]["one"] == np.argsort(-ways["one"][3].T[5:10], 1)[:, :5]).all()
    assert (made["best"]["other"][:, 0] == made["own"]).all()
    assert made["recalls"]["one"][10].tolist() == [recall(s.T, 10) for s in ways["one"].values()]
    assert (shown(task, ways)["best"]["one"] == np.argsort(-ways["one"][3][:5], 1)[:, :5]).all()


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda t: drawn_pairs(t, 1), "pairs must be a whole number, 2 or more"),
        (lambda t: drawn_pairs(t, 10**6), "things has 120 training pictures, 1000000 were asked for"),
        (lambda t: two_views(np.zeros((3, 99))), r"ten rows of ten pixels each, not \(3, 99\)"),
        (lambda t: alike(np.zeros((3, 2)), np.zeros((3, 4))), r"not \(3, 2\) and \(3, 4\)"),
        (lambda t: recall(np.zeros((3, 4))), r"their shape is \(3, 4\)"),
        (lambda t: recall(np.full((3, 3), np.nan)), "finite"),
        (lambda t: recall(np.zeros((3, 3)), 0), "k must be a whole number, 1 or more"),
        (lambda t: canonical(np.zeros((3, 2)), np.zeros((4, 2)), 1), r"must be pairs"),
    ],
)
def test_bad_input(task, wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(task)

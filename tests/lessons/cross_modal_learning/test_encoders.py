"""Two encoders: the compiled loop against a hand-written Keras tape, the rivals against scikit-learn, the controls."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.linear_model import LogisticRegression, Ridge

from transferlib.datasets import DIGITS
from transferlib.lessons.cross_modal_learning import encoders as cross_modal
from transferlib.lessons.cross_modal_learning.encoders import (
    alike,
    canonical,
    contrastive,
    embed,
    encoders_of,
    found,
    match,
    matches,
    reads_upper,
    recall,
    simple_rivals,
    two_views,
)
from transferlib.tasks import Task


@pytest.fixture(scope="module")
def task():
    rng = np.random.default_rng(0)
    y, hidden = np.arange(160) % 10, rng.normal(size=(160, 6))
    x = np.abs(hidden @ rng.normal(size=(6, 100)) + rng.normal(size=(160, 100)) / 5 + rng.normal(size=(10, 100))[y])
    return Task("things", x[:120], y[:120], x[120:], y[120:], DIGITS, (10, 10))


def test_three_steps_are_those_of_keras(task):
    """Keras layers, Keras' cross-entropy over the batch's own numbers, Keras' Adam, the same batches."""
    start = {view: cross_modal._fresh(50, 4, i) for i, view in enumerate(("upper", "lower"))}
    got = match(task, seed=4, steps=3, batch=16, every=1)
    models = []
    for theta in start.values():
        w, b, v, c = np.split(theta, np.cumsum([50 * 128, 128, 128 * 32]))
        model = keras.Sequential([keras.Input((50,)), keras.layers.Dense(128, "relu"), keras.layers.Dense(32)])
        model.set_weights([w.reshape(50, 128), b, v.reshape(128, 32), c])
        models.append(model)
    scale = keras.Variable(np.float32([np.log(1 / 0.07)]), dtype="float32")
    variables = [*models[0].variables, *models[1].variables, scale]
    adam, ce = keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    rng = cross_modal.stream(4, "pairs")
    chosen = rng.permutation(120)
    upper, lower = two_views(task.x_train[chosen])
    order = rng.permutation(120)[:112].reshape(-1, 16)
    for rows in order[:3]:
        with tf.GradientTape() as tape:
            a, b = (tf.math.l2_normalize(m(x[rows]), 1) for m, x in zip(models, (upper, lower)))
            logits = tf.exp(scale.value) * tf.matmul(a, b, transpose_b=True)
            loss = (ce(np.arange(16), logits) + ce(np.arange(16), tf.transpose(logits))) / 2
        adam.apply(tape.gradient(loss, [v.value for v in variables]), variables)
    assert got.loss[-1] == pytest.approx(float(loss), abs=1e-4)
    by_hand = np.concatenate([np.ravel(v) for v in models[1].variables])
    np.testing.assert_allclose(got.weights["lower"], by_hand, atol=2e-5)
    assert got.weights["scale"][0] == pytest.approx(float(scale.value[0]), abs=1e-5)


def test_the_curves_are_recall_of_the_final_encoders(task):
    run = match(task, seed=1, steps=30, every=30)
    scores = alike(*(embed(run.weights, view, x) for view, x in zip(("upper", "lower"), two_views(task.x_test))))
    assert run.there[-1] == pytest.approx(recall(scores)) and run.back[-1] == pytest.approx(recall(scores.T))
    assert np.allclose(np.linalg.norm(embed(run.weights, "upper", two_views(task.x_test)[0]), axis=1), 1)


def test_pairs_teach_and_shuffled_pairs_do_not(task):
    arms = matches(task, {"pairs": dict(steps=200), "shuffled": dict(steps=200, shuffled=True)}, seeds=2)
    there = {name: np.mean([m.there[-1] for m in runs]) for name, runs in arms.items()}
    assert there["pairs"] > there["shuffled"] + 0.2 and there["shuffled"] < 0.15
    again = matches(task, {"pairs": dict(steps=200)}, seeds=[1])["pairs"][0]
    assert again is arms["pairs"][1], "and a run is made once"


def test_a_batch_that_knows_nothing_loses_its_logarithm():
    same = tf.ones((128, 4)) / 2
    assert float(contrastive(same, same, tf.constant(10.0))) == pytest.approx(np.log(128), abs=1e-4)


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
    run = match(task, seed=0, steps=200, every=200)
    (u, low), (x, _) = two_views(task.few(5, 0).x_train), two_views(task.x_test)
    y = task.few(5, 0).y_train
    for labelled, view, rows in (("upper", "upper", u), ("lower", "lower", low)):
        reader = LogisticRegression(C=10, max_iter=500).fit(embed(run.weights, view, rows), y)
        score = reader.score(embed(run.weights, "upper", x), task.y_test)
        assert reads_upper(task, encoders_of(run), 5, 0, labelled) == pytest.approx(score)


def test_what_is_found_for_a_picture(task):
    shown = found(task, pairs=60, steps=30, rival="ridge", back=True, first=5, seeds=2)
    given, _ = two_views(task.x_test)[::-1]
    assert (shown["given"] == given[5:10]).all() and shown["own"].tolist() == [5, 6, 7, 8, 9] and shown["back"]
    assert {name: each.shape for name, each in shown["best"].items()} == {"two encoders": (5, 5), "ridge": (5, 5)}
    assert shown["recalls"]["ridge"][1][1] == recall(simple_rivals(task, 60, 1)["ridge"].T)
    assert found(task, pairs=60, steps=0, seeds=1)["recalls"]["two encoders"][1].shape == (1,)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda t: match(t, pairs=1), "pairs must be a whole number, 2 or more"),
        (lambda t: match(t, pairs=10**6), "things has 120 training pictures, 1000000 were asked for"),
        (lambda t: matches(t, {"a": dict(speed=1)}), "the arm 'a' sets speed"),
        (lambda t: two_views(np.zeros((3, 99))), r"ten rows of ten pixels each, not \(3, 99\)"),
        (lambda t: alike(np.zeros((3, 2)), np.zeros((3, 4))), r"not \(3, 2\) and \(3, 4\)"),
        (lambda t: recall(np.zeros((3, 4))), r"their shape is \(3, 4\)"),
        (lambda t: recall(np.full((3, 3), np.nan)), "finite"),
        (lambda t: recall(np.zeros((3, 3)), 0), "k must be a whole number, 1 or more"),
        (lambda t: embed({}, "left", np.zeros((1, 50))), "view must be one of upper, lower, not 'left'"),
        (lambda t: reads_upper(t, (), 1, 0, "left"), "labelled must be one of upper, lower, not 'left'"),
        (lambda t: canonical(np.zeros((3, 2)), np.zeros((4, 2)), 1), r"must be pairs"),
        (lambda t: canonical(np.zeros((3, 2)), np.zeros((3, 2)), 1, 0), "ridge must be a number above 0"),
    ],
)
def test_bad_input(task, wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong(task)

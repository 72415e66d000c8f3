"""Lesson 01: its exercises, its small functions against independent ones, and its pictures."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from transferlib.changes import redrawn
from transferlib.datasets import crop, mnist, pad, uci, uci_digits
from transferlib.exercises import source_and_target
from transferlib.experiments import opinions, predict, source_weights, untouched
from transferlib.networks import Pair


@pytest.fixture(scope="module")
def tasks():
    return mnist(), uci_digits()


@pytest.fixture(scope="module")
def pair():
    return Pair(100, shared=(64,), private=(64,), classes=(10, 10))


def solved(exercise, **names):
    """Run a solution's own text and return the `answer` that it makes."""
    scope = {"np": np, "replace": replace, **names}
    exec(exercise.solution().text, scope)
    return scope["answer"]


def told(exercise, answers, *given):
    """Each wrong answer is refused, with a message of its own."""
    messages = [exercise.check(answer, *given).text for answer in answers]
    assert all(message.startswith("✗") for message in messages), messages
    assert len(set(messages)) == len(messages), messages
    return messages


BY_DIGIT = {0: np.array([0.9, 0.8]), 4: np.array([0.6, 0.5]), 9: np.array([0.2, 0.3])}


def test_hardest():
    assert source_and_target.hardest.check(solved(source_and_target.hardest, by_digit=BY_DIGIT), BY_DIGIT).text.startswith(
        "✓"
    )
    told(source_and_target.hardest, [0, 4, 7, "nine"], BY_DIGIT)
    assert "no answer yet" in source_and_target.hardest.check(..., BY_DIGIT).text


def test_large(tasks):
    target = tasks[1]
    assert source_and_target.large.check(solved(source_and_target.large, target=target), target).text.startswith("✓")
    y, y_test = target.y_train, target.y_test

    def made(rule, task=target, classes=("small", "large")):
        return replace(task, y_train=rule(task.y_train), y_test=rule(task.y_test), classes=classes)

    other = replace(target, x_train=1 - target.x_train)
    wrong = [made(lambda y: y % 2), made(lambda y: y < 5), made(lambda y: y > 5), target, made(lambda y: y >= 5, other), 5]
    wrong += [replace(made(lambda y: y >= 5), y_test=y_test % 2), replace(made(lambda y: y >= 5), y_train=y >= 4)]
    told(source_and_target.large, wrong, target)
    assert "no answer yet" in source_and_target.large.check(..., target).text


def test_mapping_agrees_with_scikit_learn():
    answer = solved(source_and_target.mapping)
    assert source_and_target.mapping.check(answer).text.startswith("✓")
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 7)) * 3, rng.normal(size=(30, 7)) + 2
    a[:, 2] = 4.0
    expected = StandardScaler().fit(b).inverse_transform(StandardScaler().fit_transform(a))
    np.testing.assert_allclose(answer(a, b), expected, atol=1e-9)
    assert "no answer yet" in source_and_target.mapping.check(...).text


def test_mapping_tells_the_mistakes_apart():
    def full(s, t, over=0):
        return (s - s.mean(over)) / s.std(over) * t.std(over) + t.mean(over)

    wrong = [
        lambda s, t: (s - s.mean(0)) / s.std(0),
        lambda s, t: s - s.mean(0) + t.mean(0),
        lambda s, t: full(s, t, None),
        lambda s, t: (s - s.mean(0)) / s.var(0) * t.var(0) + t.mean(0),
        lambda s, t: s,
        lambda s, t: full(t, s),
        lambda s, t: full(s, t)[0],
        lambda s, t: s * 2,
        full,
        3,
    ]
    messages = told(source_and_target.mapping, wrong)
    assert "NaN" in messages[8]


def test_prepare(pair, tasks):
    answer = solved(source_and_target.prepare)
    assert source_and_target.prepare.check(answer, pair, tasks[1]).text.startswith("✓")
    wrong = [pad, crop, uci, lambda p: p, lambda p: pad(p) * 255, lambda p: pad(p) * np.nan, lambda p: pad(p).T, 8]
    told(source_and_target.prepare, wrong, pair, tasks[1])
    assert "no answer yet" in source_and_target.prepare.check(..., pair, tasks[1]).text


def test_predict_is_the_keras_model(pair, tasks):
    weights = source_weights(pair, tasks[0], 0)
    before, rows = pair.weights(), tasks[1].x_test[:50]
    said = predict(pair, weights, rows, "source")
    assert all(np.array_equal(a, b) for part in before for a, b in zip(before[part], pair.weights()[part]))
    pair.load(weights)
    np.testing.assert_allclose(said, pair.model("source").predict(rows, verbose=0), atol=1e-6)
    pair.load(before)
    accuracy = (predict(pair, weights, tasks[1].x_test, "source").argmax(1) == tasks[1].y_test).mean()
    assert untouched(pair, *tasks, seeds=1) == pytest.approx([accuracy])


def test_opinions_are_probabilities(pair, tasks):
    said = opinions(pair, *tasks, tasks[1].x_test[:1], per_class=2, seeds=2)
    assert list(said)[0] == "source, untouched" and len(said) == 5
    for p in said.values():
        assert p.shape == (2, 10)
        np.testing.assert_allclose(p.sum(1), 1, atol=1e-5)


def test_changed_by_hand():
    picture = np.zeros((5, 5), np.float32)
    picture[2, 2] = 1
    cross = picture.copy()
    cross[[1, 3, 2, 2], [2, 2, 1, 3]] = 1
    np.testing.assert_allclose(redrawn(picture), picture)
    np.testing.assert_allclose(redrawn(picture, right=1, down=-1), np.roll(picture, (-1, 1), (0, 1)))
    np.testing.assert_allclose(redrawn(picture, right=0.5)[2], [0, 0, 0.5, 0.5, 0])
    np.testing.assert_allclose(redrawn(picture, thicker=1), cross)
    np.testing.assert_allclose(redrawn(picture, thicker=0.5), 0.5 * picture + 0.5 * cross)
    np.testing.assert_allclose(redrawn(cross, thicker=-1), picture)
    np.testing.assert_allclose(redrawn(picture, right=5), 0)
    for bad in (dict(thicker=2), dict(thicker=float("nan"))):
        with pytest.raises(ValueError, match="thicker"):
            redrawn(picture, **bad)
    with pytest.raises(ValueError, match="one picture"):
        redrawn(np.zeros(100))

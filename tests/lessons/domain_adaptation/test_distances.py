"""Fresh probes, the joint error and the rules without labels, against NumPy, SciPy and what must be so by construction."""

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.linear_model import LogisticRegression

from transferlib.datasets import DIGITS
from transferlib.lessons.domain_adaptation.distances import (
    confidence,
    features,
    information,
    joint_error,
    nuclear_norm,
    told_apart,
)
from transferlib.networks import Pair
from transferlib.tasks import Task


def blobs(name, shift, seed=0, turn=0):
    rng, y = np.random.default_rng(seed), np.repeat(np.arange(10), 60)
    centres = np.random.default_rng(9).normal(size=(10, 12)) * 3
    return Task.split(name, centres[(y + turn) % 10] + shift + rng.normal(size=(600, 12)), y, DIGITS, test=200)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(16,), private=(8,))


def test_features_are_those_of_keras(pair):
    weights, x = pair.fresh(3), blobs("a", 0).x_test
    pair.load(weights)
    np.testing.assert_allclose(features(pair, weights, x), pair.shared(x), atol=1e-5)


def test_a_fresh_probe_is_at_chance_where_there_is_no_difference_and_sees_one(pair):
    here, same, away = blobs("a", 0), blobs("b", 0, seed=1), blobs("c", 1.0, seed=2)
    for hidden in (True, False):
        assert told_apart(pair, pair.fresh(0), here, same, hidden=hidden, steps=300) == pytest.approx(0.5, abs=0.1)
        assert told_apart(pair, pair.fresh(0), here, away, hidden=hidden, steps=300) > 0.75


def test_the_linear_probe_agrees_with_logistic_regression(pair):
    here, away = blobs("a", 0), blobs("c", 0.5, seed=2)
    x, test = (
        np.concatenate([features(pair, pair.fresh(0), getattr(t, side)) for t in (here, away)])
        for side in ("x_train", "x_test")
    )
    y, y_test = np.repeat([0, 1], 400), np.repeat([0, 1], 200)
    reference = LogisticRegression(max_iter=2000).fit(x, y).score(test, y_test)
    assert told_apart(pair, pair.fresh(0), here, away, hidden=False) == pytest.approx(reference, abs=0.04)


def test_the_joint_error_is_small_where_one_classifier_serves_both_and_large_where_none_can(pair):
    here, same, renamed = blobs("a", 0), blobs("b", 0, seed=1), blobs("c", 0, seed=2, turn=1)
    assert joint_error(pair, pair.fresh(0), here, same) < 0.15
    assert joint_error(pair, pair.fresh(0), here, renamed) > 0.8, "the same picture means two things"


def test_rules_against_scipy_and_their_extremes():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), size=9)
    assert confidence(p) == pytest.approx(-entropy(p, axis=1).mean())
    assert information(p) == pytest.approx(entropy(p.mean(0)) - entropy(p, axis=1).mean())
    assert nuclear_norm(p) == pytest.approx(np.linalg.norm(p, "nuc") / 3)
    sure, one = np.eye(4)[[0, 1, 2, 3] * 2], np.eye(4)[[0] * 8]
    assert confidence(sure) == pytest.approx(0) == confidence(one)
    assert information(sure) == pytest.approx(np.log(4)) and information(one) == pytest.approx(0)
    assert nuclear_norm(sure) == pytest.approx(2) and nuclear_norm(one) == pytest.approx(1)

"""The rules of the course on a pair, and the study of readers that stands on lesson 07's page."""

import numpy as np

from tests.page import page
from transferlib.lessons.your_own_problem import rules
from transferlib.lessons.your_own_problem.examples import all_digits
from transferlib.networks import Pair
from transferlib.own_data.models import by_arrays, fit_simple
from transferlib.tasks import Task


def test_readers_measure_their_own_rows_and_the_truth_is_of_others():
    reader, (x, y, _) = page("07").reader, all_digits()
    given = dict(every=x, y=y, names=tuple(map(str, range(10))))
    reader.__globals__.update(given, source_right=np.ones(len(y), bool))
    measured, true = reader(3, splits=4)
    assert measured.shape == true.shape == (4,) and (measured >= 0).all() and 0 < true.mean() < 0.6
    reader.__globals__.update(source_right=np.zeros(len(y), bool))
    worse, below = reader(3, splits=4)
    np.testing.assert_allclose(measured - worse, 1)
    np.testing.assert_allclose(true - below, 1)
    assert not np.array_equal(reader(4, splits=4)[0], worse)


def test_the_rules_on_a_small_couple():
    source, target = rules.two_countries("USA", "Japan")
    couple = rules.Couple("cars", Pair(6, shared=(8,), private=(), classes=(None, None)), source, target, 10, 40)
    found = rules.measure_rules(couple, 10, seeds=2)
    assert list(found) == list(rules.RULES) and all(values.shape == (2,) for values in found.values())
    assert rules.marked(np.array([0.1, 0.11, 0.12])).startswith("✓ +11.0 [")
    assert rules.marked(np.array([-0.1, 0.11, 0.12])).startswith("· ")


def test_kernel_ridge_learns_the_very_rows_that_the_networks_learn():
    rng = np.random.default_rng(0)
    target = Task.split("t", rng.normal(size=(90, 3)), np.arange(90) % 3, range(3), test=60)
    couple = rules.Couple("t", None, None, target, 2, 5)
    few = target.few(4, 7)
    ridge = fit_simple("kernel ridge", few.x_train, few.y_train, target.classes)
    wanted = (by_arrays("kernel ridge", ridge, target.x_test, target.classes) == target.y_test).mean()
    assert abs(rules.without_source(couple, 4, 7) - wanted) < 1e-9

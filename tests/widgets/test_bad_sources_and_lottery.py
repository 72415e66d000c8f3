"""The panels of lessons 05 and 13."""

import numpy as np
import pytest

from tests import HUNG
from tests.widgets.test_panels import fresh
from transferlib import changes, experiments
from transferlib.lessons.evaluation.widgets import seed_lottery
from transferlib.lessons.when_transfer_hurts.widgets import bad_sources
from transferlib.networks import Pair


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(8,), private=(5,), classes=(3, 3))


def test_probabilities_are_those_of_the_keras_model(pair, tasks):
    weights, x = pair.fresh(9), tasks[1].x_test
    pair.load(weights)
    for head in ("source", "target"):
        expected = pair.model(head).predict(x, verbose=0)
        np.testing.assert_allclose(experiments.predict(pair, weights, x, head), expected, atol=1e-6)


# The pictures and the panels.


def test_the_seed_lottery_has_a_button_for_each_winner(pair, tasks):
    panel = seed_lottery(pair, *tasks, seeds=6)
    panel.set(first=5, number=1)
    panel.settle()
    assert "With seed 5," in panel.text and "With all 6" in panel.text
    panel.set(first=5, number=3)
    panel.settle()
    assert "With seeds 3, 4, 5," in panel.text, "as many seeds as were asked for"
    buttons = [b for b in panel.children[1].children if getattr(b, "description", "").startswith("make ")]
    assert buttons
    for button in buttons:
        button.click()
        panel.settle()
        assert f"{button.description.removeprefix('make ').removesuffix(' win')} wins" in panel.text


def test_the_seed_lottery_is_drawn_among_the_seeds_of_a_replication(pair, tasks, monkeypatch):
    """Where a lesson is measured again its seeds are others: the panel offers those, by their numbers."""
    monkeypatch.setenv(experiments.FIRST_SEED, "100")
    panel = seed_lottery(pair, *tasks, seeds=4)
    assert panel.values["first"] == 100 and "With seed 100," in panel.text and "With all 4" in panel.text
    panel.set(first=103, number=2)
    panel.settle()
    assert "With seeds 102, 103," in panel.text


def test_half_way_on_the_dial_is_half_way():
    panel = fresh("dial", alpha=1.0)
    next(button for button in panel.children[1].children if button.description == "half way").click()
    panel.settle(HUNG)
    assert panel.values["your_dial"] and panel.values["move"] == 0.5 and panel.values["alpha"] == 0


def test_bad_sources_shows_both_controls_beside_the_chosen_source(pair, tasks):
    panel = bad_sources(pair, {"as it is": tasks[0], "renamed": changes.renamed(tasks[0])}, tasks[1])
    panel.set(name="renamed", per_class=2, steps=100, seeds=3)
    panel.settle()
    for arm in ("from scratch", "frozen at random", "fix common", "share weights", "head kept"):
        assert arm in panel.text
    assert 'sources["renamed"]' in panel.code.replace("'", '"')

"""The exercise of lesson 00."""

import numpy as np
import pytest

from tests.exercises import Tried, every, holds
from transferlib.lessons.start_here import exercises as start_here
from transferlib.lessons.start_here.exercises import KEPT, SVM

REACHED = {1: 0.63, 2: 0.75, 5: 0.87, 10: 0.92, 50: 0.98}
MEASURED = {k: {KEPT: np.full(3, 0.82), SVM: np.full(3, reached)} for k, reached in REACHED.items()}

TRIED = {
    "worth": Tried(
        right=[5, 5.0, np.int64(5), np.float32(5), np.array(5), [5], np.array([5.0]), sorted(REACHED)[2]],
        wrong=[
            (1, "with 1 the SVM reaches 0.63, still below the network's 0.82"),
            (2, "with 2 the SVM reaches 0.75"),
            (3, "3 was not measured"),
            (10, "not the first that is"),
            (50, "Labels per class are asked for"),
            (0.82, "that is an accuracy"),
            (4.5, "whole numbers"),
            (0, "no number of labels"),
            (500, "more than was measured"),
            ("five", "a number is asked for"),
        ],
        given=(MEASURED,),
        names=dict(measured=MEASURED),
    ),
}


@pytest.mark.parametrize("name", every(start_here))
def test_the_exercise_answers_everything(name):
    holds(every(start_here)[name], TRIED[name])


def test_where_nothing_reaches_it_the_message_says_so():
    never = {k: {KEPT: np.full(3, 0.99), SVM: np.full(3, 0.5)} for k in REACHED}
    assert "never reaches 0.99" in start_here.worth.check(5, never).text


def test_where_one_label_is_enough_the_message_says_so():
    """No answer would be right then, and the praise would have no number to name."""
    always = {k: {KEPT: np.full(3, 0.5), SVM: np.full(3, 0.6)} for k in REACHED}
    assert "reaches 0.50 with 1 label already" in start_here.worth.check(1, always).text


def test_the_labels_that_the_network_had_itself_are_counted_in():
    """It got one of each digit, too: the source alone is worth one less."""
    said = start_here.worth.check(5, MEASURED).text
    assert "the source and one label of each digit are worth more than 2 and up to 5" in said

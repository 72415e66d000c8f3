"""Multi-task gains: together minus alone, each seed against itself."""

import numpy as np
import pytest

from transferlib.methods.multi_task import MULTI_TASK, gains
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task
from transferlib.training import train, train_source


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres, y = rng.normal(size=(4, 8)), np.arange(160) % 4
    return [
        Task.split(name, centres[y] + shift + rng.normal(size=(160, 8)), y, "abcd", test=60)
        for name, shift in (("one", 0), ("two", 1.5))
    ]


@pytest.fixture(scope="module")
def pair():
    return Pair(8, shared=(12,), private=(6,), classes=(4, 4))


def test_gains_are_together_minus_alone(pair, tasks):
    got = gains(pair, *tasks, (3, 4), seeds=2, steps=30)
    source, target = tasks[0].few(3, 1), tasks[1].few(4, 1)
    both = train(pair, target, MULTI_TASK, source=source, seed=1, steps=30)
    alone = train_source(pair, source, seed=1, steps=30).source_accuracy[-1]
    alone_t = train(pair, target, SCRATCH, seed=1, steps=30).target_accuracy[-1]
    np.testing.assert_allclose(got[:, 1], [both.source_accuracy[-1] - alone, both.target_accuracy[-1] - alone_t], atol=1e-6)


def test_seeds_are_how_many_or_which(pair, tasks):
    several = gains(pair, *tasks, (3, 4), seeds=np.int64(3), steps=30)
    assert several.shape == (2, 3) and (gains(pair, *tasks, (3, 4), seeds=[2, 0], steps=30) == several[:, [2, 0]]).all()


@pytest.mark.parametrize(
    "labels, seeds, message",
    [((3, 4), 0, "one seed at least"), ((3, 4), [1, 1], "more than once"), (3, 1, "labels must be two numbers")],
)
def test_bad_input(pair, tasks, labels, seeds, message):
    with pytest.raises(ValueError, match=message):
        gains(pair, *tasks, labels, seeds=seeds)

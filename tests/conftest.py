"""What the tests of several files are made of."""

import numpy as np
import pytest

from tests.small import task
from transferlib.cache import forget, use_folder
from transferlib.networks import Pair
from transferlib.tasks import Task


@pytest.fixture(scope="module")
def tasks():
    """Two small tasks of three classes, pictures of 3 × 4 pixels, whose rows differ by which pixel is where."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(3, 12))

    def blobs(name, turn):
        y = np.arange(400) % 3
        x = (centres @ turn)[y] + rng.normal(size=(400, 12))
        return Task.split(name, np.clip(x / 8 + 0.5, 0, 1), y, "abc", test=100, picture=(3, 4))

    return blobs("one", np.eye(12)), blobs("two", np.roll(np.eye(12), 1, 1))


@pytest.fixture(scope="module")
def setting():
    """A small network, its source and its target."""
    return Pair(8, (6,), (4,), classes=(3, 3)), task("one", 0), task("two", 1)


@pytest.fixture
def folder(tmp_path):
    """A folder in which results are kept, and nothing in memory, before and after."""
    forget()
    yield use_folder(tmp_path / "runs")
    use_folder(None)
    forget()

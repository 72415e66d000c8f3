"""Tasks and the real data behind them: what is split stays split, and what is wrong is named."""

import numpy as np
import pytest

from transferlib.datasets import crop, mnist, pad, uci, uci_digits
from transferlib.tasks import Task


@pytest.fixture(params=[mnist, uci_digits], ids=["mnist", "uci_digits"])
def task(request):
    return request.param()


def test_ten_by_ten_pictures_in_zero_to_one(task):
    for x in (task.x_train, task.x_test):
        assert x.shape[1] == 100 and x.dtype == np.float32 and x.min() >= 0 and x.max() == 1
        edge = x.reshape(-1, 10, 10).copy()
        edge[:, 1:-1, 1:-1] = 0
        assert not edge.any(), "the border pixel is empty"


def test_sizes_and_shares(task):
    assert (len(task.y_train), len(task.y_test)) == {"MNIST": (4000, 1000), "UCI digits": (997, 800)}[task.name]
    share = np.bincount(task.y_test) / np.bincount(np.concatenate([task.y_train, task.y_test]))
    assert np.ptp(share) < 0.01, "every class gives its share to the test rows"


def test_no_test_row_is_also_a_training_row(task):
    seen = {row.tobytes() for row in task.x_train}
    assert not [i for i, row in enumerate(task.x_test) if row.tobytes() in seen]


def test_the_arrays_cannot_be_changed(task):
    for key in ("x_train", "y_train", "x_test", "y_test"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(task, key)[0] = 0


@pytest.mark.parametrize("per_class", [1, 5, 50])
def test_few_labels(per_class):
    task = uci_digits()
    few = task.few(per_class, seed=3)
    assert (np.bincount(few.y_train) == per_class).all() and few.x_test.shape == task.x_test.shape
    rows = {row.tobytes() for row in task.x_train}
    assert all(row.tobytes() in rows for row in few.x_train)
    again, other = task.few(per_class, seed=3), task.few(per_class, seed=4)
    assert (again.x_train == few.x_train).all() and (other.x_train != few.x_train).any()


def test_few_labels_are_nested():
    two, five = (uci_digits().few(k, seed=1) for k in (2, 5))
    inside = {row.tobytes() for row in five.x_train}
    assert all(row.tobytes() in inside for row in two.x_train)


@pytest.mark.parametrize(
    "k, message", [(0, "1 or more, not 0"), (500, r"class \w+ has \d+ training examples, 500 were asked")]
)
def test_too_few_or_too_many(k, message):
    with pytest.raises(ValueError, match=message):
        uci_digits().few(k)


def test_preparations_against_a_plain_loop():
    rng = np.random.default_rng(0)
    picture = np.zeros((28, 28), np.uint8)
    picture[5:23, 8:18] = rng.integers(60, 256, (18, 10))
    padded = np.zeros((32, 32))
    padded[2:30, 2:30] = picture
    blocks = [[padded[4 * i : 4 * i + 4, 4 * j : 4 * j + 4].mean() / 255 for j in range(8)] for i in range(8)]
    np.testing.assert_allclose(pad(picture), blocks, atol=1e-12)
    assert crop(picture).shape == (8, 8) and crop(picture).max() <= 1
    full = np.zeros((28, 28), np.uint8)
    full[3:20, 10:15] = 255  # a filled box of any size becomes the filled 20×32 box: columns 6 to 25 of 32
    expected = np.zeros((8, 8))
    expected[:, 1], expected[:, 2:6], expected[:, 6] = 8 / 16, 1, 8 / 16
    np.testing.assert_array_equal(uci(full), expected)


def rows(**change):
    good = dict(x_train=np.zeros((3, 4)), y_train=[0, 1, 1], x_test=np.zeros((2, 4)), y_test=[0, 1], classes="ab")
    return Task("toy", **(good | change))


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(y_train=[0, 1]), r"x_train has shape \(3, 4\) and y_train \(2,\)"),
        (dict(x_train=np.zeros((3, 2, 2))), "flatten the pictures"),
        (dict(x_test=np.full((2, 4), np.nan)), "x_test holds NaN"),
        (dict(y_train=[0, 1, 2]), "whole numbers 0 … 1"),
        (dict(y_train=[0, -1, 1]), "whole numbers 0 … 1"),
        (dict(y_train=[0, 0.5, 1]), "whole numbers 0 … 1"),
        (dict(x_test=np.zeros((2, 5))), "train rows have 4 numbers and test rows 5"),
        (dict(picture=(3, 3)), r"a picture of \(3, 3\) does not hold 4 numbers"),
    ],
)
def test_bad_tasks_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        rows(**change)


def test_split_refuses_to_hold_out_everything():
    with pytest.raises(ValueError, match="cannot hold out 5 of 5 rows"):
        Task.split("toy", np.zeros((5, 2)), np.zeros(5, int), "a", test=5)

"""Tasks and the real data behind them: what is split stays split, and what is wrong is named."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferlib.datasets import crop, mnist, pad, uci, uci_digits
from transferlib.tasks import Task, stream, whole


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
        (dict(x_train=[[1.0, 2.0], [3.0]]), "x_train must hold numbers, one example a row"),
        (dict(x_train=[["a"] * 4] * 3), "x_train must hold numbers, one example a row"),
        (dict(x_train=np.full((3, 4), np.nan)), "x_train holds NaN"),
        (dict(x_test=np.full((2, 4), np.inf)), "x_test holds NaN or infinity"),
        (dict(x_train=np.zeros((0, 4)), y_train=[]), r"x_train is empty, of shape \(0, 4\)"),
        (dict(x_test=np.zeros((0, 4)), y_test=[]), r"x_test is empty, of shape \(0, 4\)"),
        (dict(x_train=np.zeros((3, 0)), x_test=np.zeros((2, 0))), r"x_train is empty, of shape \(3, 0\)"),
        (dict(y_train=[0, 1, 2]), "whole numbers 0 … 1, one per class; it holds .*2"),
        (dict(y_train=[0, -1, 1]), "whole numbers 0 … 1, one per class; it holds .*-1"),
        (dict(y_train=[0, 0.5, 1]), "whole numbers 0 … 1, one per class; it holds .*0.5"),
        (dict(y_train=[0, np.nan, 1]), "whole numbers 0 … 1, one per class; it holds .*nan"),
        (dict(y_train=["a", "c", "b"]), "y_train holds the label 'c'; the classes are a, b"),
        (dict(y_train=np.array([0, 1, 1], complex)), "y_train must hold whole numbers"),
        (dict(classes=3), r"classes must be the names of the classes, .*; not 3"),
        (dict(classes=()), r"classes must be the names of the classes, .*; not \(\)"),
        (dict(classes=("a", "a")), "names of the classes, each once"),
        (dict(x_test=np.zeros((2, 5))), "train rows have 4 numbers and test rows 5"),
        (dict(picture=(3, 3)), r"a picture of \(3, 3\) does not hold 4 numbers"),
        (dict(picture=4), r"picture must be \(height, width\), two whole numbers, or None; not 4"),
        (dict(picture=(2, 2, 1)), r"picture must be \(height, width\)"),
        (dict(picture=(2.0, 2.0)), r"picture must be \(height, width\)"),
        (dict(picture=(-2, -2)), r"picture must be \(height, width\)"),
        (dict(picture="ab"), r"picture must be \(height, width\)"),
    ],
)
def test_bad_tasks_are_named(change, message):
    with pytest.raises(ValueError, match=f"toy: .*{message}"):
        rows(**change)


def test_labels_may_be_the_names_of_the_classes():
    task = rows(y_train=["b", "a", "b"], y_test=np.array(["a", "b"], object), classes=["a", "b"])
    assert task.y_train.tolist() == [1, 0, 1] and task.y_test.tolist() == [0, 1]
    assert task.y_train.dtype == np.int32 and task.classes == ("a", "b")
    x, y, names = np.random.default_rng(0).normal(size=(30, 2)), np.arange(30) % 3, np.array(["cat", "dog", "cow"])
    numbers, words = (Task.split("pets", x, labels, names, test=9) for labels in (y, names[y]))
    assert (numbers.y_train == words.y_train).all() and (numbers.x_test == words.x_test).all()


def split(**change):
    good = dict(x=np.zeros((5, 2)), y=[0, 1, 0, 1, 0], classes="ab", test=2)
    return Task.split("toy", **(good | change))


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(test=5), "cannot hold out 5 of 5 rows"),
        (dict(test=0), "test, how many rows are held out, must be a whole number, 1 or more, not 0"),
        (dict(test=0.2), "test, how many rows are held out, must be a whole number, 1 or more, not 0.2"),
        (dict(test="2"), "test, how many rows are held out, must be a whole number"),
        (dict(x=np.zeros((6, 2))), r"x has shape \(6, 2\) and y \(5,\)"),
        (dict(x=np.zeros((4, 2))), r"x has shape \(4, 2\) and y \(5,\)"),
        (dict(y=[[0], [1], [0], [1], [0]]), r"x has shape \(5, 2\) and y \(5, 1\)"),
        (dict(y=0), r"and y \(\)"),
        (dict(classes="abc"), "no row of y is of the class 'c'"),
        (dict(classes=2), "classes must be the names of the classes"),
        (dict(y=["a", "b", "c", "a", "b"]), "y holds the label 'c'"),
        (dict(seed=-1), "seed must be a whole number, 0 or more, not -1"),
    ],
)
def test_bad_splits_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        split(**change)


@pytest.mark.parametrize("k", [2.5, "5", True, None, np.float64(2)])
def test_labels_per_class_are_a_whole_number(k):
    with pytest.raises(ValueError, match="per_class must be a whole number, 1 or more, not"):
        uci_digits().few(k)
    assert whole(np.int64(3), "k") == 3


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None])
def test_a_seed_is_a_whole_number(seed):
    for draw in (lambda: stream(seed, "x"), lambda: uci_digits().few(1, seed)):
        with pytest.raises(ValueError, match="seed must be a whole number, 0 or more, not"):
            draw()


def test_no_two_streams_meet():
    made = [stream(*what).random() for what in ((0, "a"), (0, "b"), (1, "a"), (0, "a", 0), (0, "a", 0, 0), (0, "a", 1))]
    assert len(set(made)) == len(made) and stream(1, "a").random() == made[2]


LABELS = st.lists(st.integers(0, 2), min_size=3, max_size=60).map(lambda more: [0, 1, 2, *more])


@settings(max_examples=60, deadline=None)
@given(LABELS, st.integers(0, 2**32), st.data())
def test_a_split_deals_out_every_row_once_and_each_class_in_its_share(y, seed, data):
    x, test = np.arange(len(y)).reshape(-1, 1), data.draw(st.integers(1, len(y) - 1))
    task = Task.split("toy", x, y, "abc", test=test, seed=seed)
    assert len(task.x_test) == test and sorted(np.concatenate([task.x_train, task.x_test]).ravel()) == list(range(len(y)))
    for rows_of, labels in ((task.x_train, task.y_train), (task.x_test, task.y_test)):
        assert labels.tolist() == [y[int(row)] for row in rows_of.ravel()]
    size, held = np.bincount(y, minlength=3), np.bincount(task.y_test, minlength=3)
    # One share fits all classes within half a row, and hence any two classes within one.
    assert ((held - 0.5) / size).max() <= ((held + 0.5) / size).min() + 1e-9


def test_another_seed_is_another_split():
    x, y = np.arange(60).reshape(-1, 1), np.arange(60) % 3
    one, same, other = (Task.split("toy", x, y, "abc", test=20, seed=seed) for seed in (0, 0, 1))
    assert (one.x_test == same.x_test).all() and set(one.x_test.ravel()) != set(other.x_test.ravel())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 5))
def test_few_is_exact_and_nested_for_any_seed(seed, fewer, more):
    task = Task("toy", np.arange(24).reshape(-1, 1), np.arange(24) % 3, [[0.0]], [0], "abc")
    small, large = (task.few(k, seed) for k in sorted([fewer, more]))
    assert np.bincount(small.y_train).tolist() == [min(fewer, more)] * 3
    assert set(small.x_train.ravel()) <= set(large.x_train.ravel()) and len(set(large.x_train.ravel())) == 3 * max(
        fewer, more
    )
    assert (large.y_train == large.x_train.ravel() % 3).all()

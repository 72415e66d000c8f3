"""Tasks and the real data behind them: what is split stays split, and what is wrong is named."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transferlib import splits
from transferlib.datasets import crop, mnist, pad, uci, uci_digits
from transferlib.tasks import Task, rng_for, whole_number


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
        (dict(x_train=np.zeros(3)), r"x_train has shape \(3,\) .* expected \(n, …\) and \(n,\)"),
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
        (dict(x_test=np.zeros((2, 5))), r"training row is of shape \(4,\) and a test row of \(5,\)"),
        (dict(picture=(3, 3)), r"a picture of \(3, 3\) does not hold 4 numbers"),
        (dict(picture=4), r"picture must be \(height, width\), two whole numbers, or None; not 4"),
        (dict(picture=(2, 2, 1)), r"picture must be \(height, width\)"),
        (dict(picture=(2.0, 2.0)), r"picture must be \(height, width\)"),
        (dict(picture=(-2, -2)), r"picture must be \(height, width\)"),
        (dict(picture=(0, 4)), r"picture must be \(height, width\)"),
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
    assert whole_number(np.int64(3), "k") == 3


@pytest.mark.parametrize("seed", [-1, 0.5, "0", None])
def test_a_seed_is_a_whole_number(seed):
    for draw in (lambda: rng_for(seed, "x"), lambda: uci_digits().few(1, seed)):
        with pytest.raises(ValueError, match="seed must be a whole number, 0 or more, not"):
            draw()


def test_no_two_streams_meet():
    made = [rng_for(*what).random() for what in ((0, "a"), (0, "b"), (1, "a"), (0, "a", 0), (0, "a", 0, 0), (0, "a", 1))]
    assert len(set(made)) == len(made) and rng_for(1, "a").random() == made[2]


LABELS = st.lists(st.integers(0, 2), min_size=3, max_size=60).map(
    lambda more: [0, 1, 2, 0, 1, 2, *more]
)  # two a class at least


@settings(max_examples=60, deadline=None)
@given(LABELS, st.integers(0, 2**32), st.data())
def test_a_split_deals_out_every_row_once_and_each_class_in_its_share(y, seed, data):
    x, test = np.arange(len(y)).reshape(-1, 1), data.draw(st.integers(1, len(y) - 3))
    task = Task.split("toy", x, y, "abc", test=test, seed=seed)
    assert len(task.x_test) == test and sorted(np.concatenate([task.x_train, task.x_test]).ravel()) == list(range(len(y)))
    for rows_of, labels in ((task.x_train, task.y_train), (task.x_test, task.y_test)):
        assert labels.tolist() == [y[int(row)] for row in rows_of.ravel()]
    size, held = np.bincount(y, minlength=3), np.bincount(task.y_test, minlength=3)
    assert (size > held).all(), "every class can be learned"
    # One share fits all classes within half a row, or within the row that a small class was given.
    assert ((held - 1) / size).max() <= ((held + 1) / size).min() + 1e-9
    plain = _dealt(np.array(y), test, seed)
    assert (held == plain).all() or not plain.all() or not (size - plain).all(), "only small classes exchange rows"


def _dealt(y, test, seed):
    """How many rows of each class the first n of a deal by (rank within the class / its size) hold out."""
    order, share = np.random.default_rng(seed).permutation(len(y)), np.empty(len(y))
    for c in range(3):
        mine = order[y[order] == c]
        share[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return np.bincount(y[order[np.argsort(share[order], kind="stable")][:test]], minlength=3)


@pytest.mark.parametrize("sizes, test", [((20, 20, 2), 4), ((25, 25, 2), 13), ((31, 31, 2), 16), ((20, 20, 2, 2), 1)])
def test_a_small_class_is_held_out_as_often_as_its_share(sizes, test):
    y, splits = np.repeat(range(len(sizes)), sizes), 400
    held = np.zeros(len(sizes))
    for seed in range(splits):
        held += np.bincount(
            Task.split("t", y[:, None], y, "abcd"[: len(sizes)], test=test, seed=seed).y_test, minlength=len(held)
        )
    share = np.array(sizes) * test / len(y)
    np.testing.assert_allclose(held / splits, share, atol=0.5)
    assert (held[2:] >= 0.7 * splits * share[2:]).all(), "and not never"


@pytest.mark.parametrize("sizes, test", [((8, 2), 8), ((50, 2), 40), ((50, 2), 50), ((9, 2, 2), 10)])
def test_a_row_of_each_class_is_left_to_learn_from(sizes, test):
    y = np.repeat(range(len(sizes)), sizes)
    for seed in range(30):
        task = Task.split("t", np.arange(len(y))[:, None], y, "abc"[: len(sizes)], test=test, seed=seed)
        assert set(task.y_train) == set(y) and len(task.y_test) == test
        assert sorted([*task.x_train.ravel(), *task.x_test.ravel()]) == list(range(len(y)))
    with pytest.raises(ValueError, match="no row of the class 'a|b' is left to learn from; hold out fewer rows"):
        Task.split("t", np.zeros((10, 1)), np.repeat([0, 1], [8, 2]), "ab", test=9)


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


def test_rows_of_any_shape_and_what_is_a_picture_by_itself():
    for shape, drawn in (
        [(7,), None],
        [(4, 5), (4, 5)],
        [(4, 5, 1), (4, 5)],
        [(4, 5, 3), (4, 5, 3)],
        [(4, 5, 2), None],
        [(2, 3, 4, 5), None],
    ):
        task = Task.split("any", np.random.default_rng(0).normal(size=(12, *shape)), np.arange(12) % 2, "ab", test=4)
        assert task.x_train.shape == (8, *shape) and task.x_train.dtype == np.float32 and task.picture == drawn
        assert task.few(2).x_train.shape == (4, *shape) and f"{'×'.join(map(str, shape))} numbers" in repr(task)
    assert rows(x_train=np.zeros((3, 12)), x_test=np.zeros((2, 12)), picture=(2, 2, 3)).picture == (2, 2, 3)


def test_a_regression_has_decimals_and_no_classes():
    y = np.linspace(-1, 1, 20)
    task = Task.split("line", np.arange(20).reshape(-1, 1), y, test=5)
    assert task.regression and task.classes is None and task.y_train.dtype == np.float32
    assert repr(task) == "Task('line': 15 training and 5 test rows of 1 numbers, a number to predict)"
    small, large = task.few(3, seed=1), task.few(7, seed=1)
    assert len(small.y_train) == 3 and set(small.y_train) < set(large.y_train) and len(set(large.y_train)) == 7
    np.testing.assert_allclose(large.y_train, np.linspace(-1, 1, 20)[large.x_train.ravel().astype(int)], rtol=1e-6)
    assert (Task("whole", task.x_train, np.arange(15), task.x_test, np.arange(5), None)).y_train.dtype == np.float32
    with pytest.raises(ValueError, match="the task has 15 training examples, 16 were asked"):
        task.few(16)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(classes=None, y=[0, 1, 2, 3, 4]), r"whole numbers. For classes .* classes=range\(5\); .* y.astype\(float\)"),
        (dict(classes=None, y=["a", "b", None, "a", "b"]), "the label of row 2 is None"),
        (dict(classes=None, y=["a", "b", np.nan, "a", "b"], test=2), "the label of row 2 is nan, no class's name"),
        (dict(classes=None, y=[0.5, 1, np.nan, 2, 3]), "the label of row 2 is nan; drop the rows"),
        (dict(classes=None, y=[0.5, 0.5, 0.5, 0.5, 0.5]), r"every test row has the label 0.5; R² needs two"),
        (dict(classes=None, y=np.array([1, 0, 1, 0, 1], complex)), "label of row 0 is"),
        (dict(classes=None, y=["a"] * 5), "one class only, 'a'"),
        (dict(classes="a", y=["a"] * 5), "one class only, 'a'"),
        (dict(y=["a", "b", "a", "a", "a"]), "one row only is of the class 'b', and each side needs one"),
        (dict(groups=[1, 2, 3]), r"groups must hold one writer, .* each of the 5 rows, not \(3,\)"),
        (dict(groups=[1, 1, 1, 1, 1]), "every row is of the group 1; two groups at least"),
        (dict(groups=[1, 2, None, 2, 1]), "1 rows, row 2 first, have no group"),
        (dict(groups=[1.0, 2, np.nan, 2, 1]), "1 rows, row 2 first, have no group"),
        (dict(groups=["p", "q", np.nan, "q", "p"]), "1 rows, row 2 first, have no group"),
        (dict(groups=np.array([1, 2, "NaT", 2, 1], "datetime64[ns]")), "1 rows, row 2 first, have no group"),
        (dict(groups=pd.Series(["p", "q", None, "q", "p"], dtype="string")), "1 rows, row 2 first, have no group"),
        (dict(groups=pd.Series([1, 2, None, 2, 1], dtype="Int64")), "1 rows, row 2 first, have no group"),
        (dict(classes=None, y=pd.Series(["a", "b", None, "a", "b"], dtype="string")), "the label of row 2 is <NA>"),
        (dict(classes=None, y=pd.Series([True, False, None, True, False], dtype="boolean")), "the label of row 2 is <NA>"),
        (dict(y=pd.Series(["a", "b", None, "a", "b"], dtype="string")), "y holds the label <NA>"),
        (dict(groups=[1, 2, 2, 2, 2], test=5), "cannot hold out 5 of 5"),
        (dict(groups=[1, 1, 2, 2, 2], test=4), "no more than 3 of 5 rows can be held out; test is 4"),
        (dict(groups=[1, 2, 1, 2, 1], test=2), "no row of the class 'b' is left to learn from"),
    ],
)
def test_bad_labels_and_groups_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        split(**change)


def test_names_become_classes():
    task = Task.split("pets", np.zeros((6, 2)), ["dog", "cat", "dog", "cat", "cow", "cow"], test=3)
    assert task.classes == ("cat", "cow", "dog") and sorted(task.y_train) == [0, 1, 2]
    for kind in (np.array, list, pd.Series, lambda y: pd.Series(y, dtype="boolean"), lambda y: np.array(y, object)):
        task = Task.split("yes", np.zeros((6, 2)), kind(np.arange(6) % 2 == 0), test=2)
        assert task.classes == (False, True) and sorted(task.y_train) == [0, 0, 1, 1]


GROUPED = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=12, max_size=80)


@settings(max_examples=60, deadline=None)
@given(GROUPED, st.integers(0, 99), st.integers(1, 40))
def test_no_group_is_on_both_sides(pairs, seed, test):
    groups, y = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2], *pairs]).T
    x, sizes, test = np.stack([np.arange(len(y)), groups], 1), np.bincount(groups), min(test, len(y) - 1)
    try:
        task = Task.split("toy", x, y, "abc", test=test, groups=groups, seed=seed)
    except ValueError as error:
        assert "whole groups" in str(error)
        return
    held, kept = set(task.x_test[:, 1]), set(task.x_train[:, 1])
    assert held and kept and not held & kept and held | kept == set(groups)
    assert sorted([*task.x_test[:, 0], *task.x_train[:, 0]]) == list(range(len(y)))
    assert set(task.y_train) == {0, 1, 2}, "every class can be learned"
    again = Task.split("toy", x, y, "abc", test=test, groups=groups, seed=seed)
    assert (again.x_test == task.x_test).all()
    # It is within a mean group's rows, or nothing nearer is one group away: neither the rows nor the classes.
    wanted, held_counts = np.bincount(y) * test / len(y), np.bincount(task.y_test, minlength=3)
    cost = np.abs(wanted - held_counts).sum()
    for g in np.flatnonzero(sizes):
        counts = np.bincount(y[groups == g], minlength=3)
        other = held_counts + (-counts if g in held else counts)
        if len(held - {g}) and len(kept - {g}):
            assert cost <= sizes[sizes > 0].mean() or np.abs(wanted - other).sum() > cost - 1e-6


def test_thirteen_writers_are_split_in_whole_and_in_shares():
    """What the example of the documentation says: near to the rows that were asked for, and to each class's share."""
    rng = np.random.default_rng(0)
    writer, y = np.repeat(np.arange(13), rng.integers(110, 160, 13)), None
    y = rng.integers(0, 10, len(writer))
    tasks = [Task.split("digits", writer[:, None], y, "0123456789", test=400, groups=writer, seed=s) for s in range(5)]
    for task in tasks:
        assert abs(len(task.y_test) - 400) < 80
        held = np.bincount(task.y_test) / np.bincount(y)
        assert np.abs(held - len(task.y_test) / len(y)).max() <= 0.08, "each class is within 8 points of its share"
    assert len({frozenset(task.x_test.ravel()) for task in tasks}) > 1, "another seed holds out other writers"


def test_every_group_is_held_out_in_its_turn():
    """Few patients are few draws: if all seeds held out the same two, nobody would know how the others are read."""
    rng = np.random.default_rng(0)
    for number in (3, 4, 6, 10, 14, 29, 30, 50):
        group, y = rng.integers(0, number, 900), rng.integers(0, 3, 900)
        times = np.zeros(number)
        for seed in range(100):
            times[np.unique(group[splits.hold_out("people", y, ("a", "b", "c"), test=225, groups=group, seed=seed)[1]])] += 1
        assert times.min() >= 10 and times.max() <= 60, (number, times)


def test_many_groups_are_soon_split():
    """3,000 of them, in the time that a look at all pairs for each exchange would take fifty times over."""
    rng = np.random.default_rng(0)
    y, groups = rng.integers(0, 10, 15_000), rng.integers(0, 3_000, 15_000)
    begun = time.process_time()
    task = Task.split("many", groups[:, None], y, "0123456789", test=3_000, groups=groups)
    assert time.process_time() - begun < 2
    assert not set(task.x_test.ravel()) & set(task.x_train.ravel()) and len(task.y_test) == 3_000
    assert (np.bincount(task.y_test) == np.round(np.bincount(y) / 5)).mean() > 0.5


def test_whole_groups_are_those_that_a_look_at_all_pairs_finds():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        counts = rng.integers(0, 4, (rng.integers(2, 25), rng.integers(1, 5))).astype(float)
        wanted = counts.sum(0) * rng.uniform(0.1, 0.9)
        found = splits._whole_groups(counts, wanted, np.random.default_rng(seed))
        best = np.abs(wanted - counts[found].sum(0)).sum()
        if best <= counts.sum() / len(counts):
            continue
        for one in np.flatnonzero(found):
            for other in np.flatnonzero(~found):
                gap = wanted - counts[found].sum(0) + counts[one] - counts[other]
                assert np.abs(gap).sum() > best - 1e-6

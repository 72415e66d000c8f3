"""Lesson 08: training on a mapped source, with other maps than the page's, and the gaps between two clouds."""

import numpy as np
import pytest

from transferlib.changes import changed, only
from transferlib.datasets import mnist, mnist_pixels
from transferlib.lessons.feature_mapping import carrying
from transferlib.lessons.feature_mapping.carrying import NO_SOURCE, carry, carry_paired, clouds, gaps, part_way
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, rng_for


def moved(X, Y):
    return lambda x: x - X.mean(0) + Y.mean(0)


def scaled(X, Y):
    return lambda x: Y.mean(0) + (x - X.mean(0)) / X.std(0) * Y.std(0)


def far(a, b):
    return np.abs(a - b).max() / (1 + np.abs(b).max())


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 6)) * 3

    def blobs(name, shift):
        y = rng.integers(0, 3, 150)
        return Task.split(name, centres[y] + rng.normal(size=(150, 6)) + shift, y, "abc", test=50)

    return Pair(6, shared=(8,), private=(), classes=(3, 3)), blobs("one", 0.0), blobs("two", 4.0)


def test_carry_helps_where_the_map_can_undo_the_damage(small):
    told = []
    arms = {"no map": None, "moved": moved, "none": part_way(moved, 0.0)}
    found = carry(*small, arms, rows=60, seeds=3, steps=100, progress=lambda *now: told.append(now))
    assert found["moved"].mean() > found["no map"].mean() + 0.1
    assert np.allclose(found["none"], found["no map"]) and told == [(i, 9) for i in range(1, 10)]


def test_what_a_seed_finds_depends_on_no_other_arm_or_seed(small):
    both = carry(*small, {"no map": None, "scaled": scaled}, rows=60, seeds=3, steps=30)
    alone = carry(*small, {"scaled": scaled}, rows=60, seeds=[2, 0], steps=30)
    assert (alone["scaled"] == both["scaled"][[2, 0]]).all()


@pytest.fixture
def trained(monkeypatch):
    """The tasks that were trained on, in the order of the arms, and the accuracy that each is said to have."""
    seen = []

    def train(pair, task, strategy, **settings):
        seen.append((task, strategy, settings))
        return type("Run", (), dict(target_accuracy=np.array([0.0, len(task.y_train)])))

    monkeypatch.setattr(carrying, "train", train)
    monkeypatch.setattr(carrying, "over_seeds", lambda one, arms, seeds, _: {a: [one(a, s) for s in seeds] for a in arms})
    return seen


@pytest.mark.parametrize("learn", [scaled, moved])
def test_carry_maps_then_trains(small, trained, learn):
    pair, source, target = small
    found = carry(pair, source, target, {"m": learn}, rows=60, seeds=[1], steps=40)
    drawn = rng_for(1, "rows").permutation(100)
    x = source.x_train[drawn].astype(float)
    (task, strategy, settings) = trained.pop()
    assert far(task.x_train, learn(x, target.x_train[drawn[:60]].astype(float))(x)) < 1e-6
    assert (task.y_train == source.y_train[drawn]).all()
    assert (task.x_test == target.x_test).all() and (task.y_test == target.y_test).all()
    assert strategy == SCRATCH and settings == dict(seed=1, steps=40, every=40, rate=1e-3) and found["m"].tolist() == [100]


def test_carry_back_maps_the_target_and_leaves_the_source(small, trained):
    pair, source, target = small
    carry(pair, source, target, {"m": scaled}, rows=60, labels=2, back=True, seeds=[1], steps=40)
    drawn, few = rng_for(1, "rows").permutation(100), target.few(2, 1)
    M = scaled(target.x_train[drawn[:60]].astype(float), source.x_train[drawn].astype(float))
    ((task, *_),) = trained
    assert (task.x_train[:100] == source.x_train[drawn]).all()
    assert far(task.x_train[100:], M(few.x_train)[np.arange(100) % 6]) < 1e-6 and far(task.x_test, M(target.x_test)) < 1e-6


def test_carry_with_labels_and_without_a_source(small, trained):
    pair, source, target = small
    carry(pair, source, target, {"labels": NO_SOURCE, "both": None, "moved": moved}, rows=60, labels=2, seeds=[1], steps=40)
    few, drawn = target.few(2, 1), rng_for(1, "rows").permutation(100)
    labels, both, mapped = (task for task, *_ in trained)
    again = np.arange(100) % 6
    assert (labels.x_train == few.x_train).all() and (labels.y_train == few.y_train).all()
    for task in (both, mapped):
        assert far(task.x_train[100:], few.x_train[again]) < 1e-6
        assert (task.y_train == np.r_[source.y_train[drawn], few.y_train[again]]).all()
        assert (task.x_test == target.x_test).all()
    assert (both.x_train[:100] == source.x_train[drawn]).all()
    assert far(mapped.x_train[:100].mean(0), target.x_train[drawn[:60]].mean(0)) < 1e-6


@pytest.mark.parametrize(
    "arms, settings, message",
    [
        ({}, {}, "give one arm at least"),
        ({"no map": None}, dict(seeds=0), "one seed at least"),
        ({"no map": None}, dict(rows=0), "two has 100 training rows; cannot draw 0"),
        ({"no map": None}, dict(rows=500), "cannot draw 500"),
        ({"no map": None}, dict(rows=2.5), "cannot draw 2.5"),
        ({"no map": None}, dict(labels=-1), "labels must be .* 0 or more for these arms, not -1"),
        ({"no map": None}, dict(labels=1.5), "labels must be .* not 1.5"),
        ({"labels": NO_SOURCE}, {}, "labels must be .* 1 or more for these arms, not 0"),
    ],
)
def test_carry_says_what_is_wrong(small, arms, settings, message):
    with pytest.raises(ValueError, match=message):
        carry(*small, arms, **settings)


def test_every_paired_arm_makes_rows_then_trains(small, trained):
    pair, twin, target = small
    wide = Task("w", np.c_[twin.x_train, twin.x_train**2], twin.y_train, np.c_[twin.x_test, twin.x_test], twin.y_test, "abc")
    arms = {"labels only": None, "by hand": lambda x, y, z, few: (z, y), "half": lambda x, y, z, few: (x[:, 6:], y[::-1])}
    carry_paired(pair, wide, target, 2, arms, twin=twin, seeds=[3], steps=40)
    few, drawn, again = target.few(2, 3), rng_for(3, "rows").permutation(100), np.arange(100) % 6
    (alone, *_), (hand, *_), (half, *_) = trained
    assert (alone.x_train == few.x_train).all() and (alone.y_train == few.y_train).all()
    assert far(hand.x_train, np.r_[twin.x_train[drawn], few.x_train[again]]) < 1e-6
    assert far(half.x_train[:100], twin.x_train[drawn] ** 2) < 1e-6
    assert (half.y_train == np.r_[twin.y_train[drawn][::-1], few.y_train[again]]).all()
    assert all((task.x_test == target.x_test).all() for task, *_ in trained)


def test_the_twins_are_the_same_pictures(small):
    assert np.array_equal(mnist_pixels().y_train, mnist().y_train) and mnist_pixels().x_train.shape == (4000, 784)
    with pytest.raises(ValueError, match="twin must be the source row by row"):
        carry_paired(*small, 2, {"labels only": None}, twin=small[2])


def test_strength_leads_straight_from_the_rows_to_the_map(small):
    _, source, target = small
    X, Y = source.x_train.astype(float), target.x_train.astype(float)
    assert (part_way(moved, 0.0)(X, Y)(X) == X).all() and far(part_way(moved, 1.0)(X, Y)(X), moved(X, Y)(X)) < 1e-12
    assert far(part_way(moved, 0.25)(X, Y)(X), 0.75 * X + 0.25 * moved(X, Y)(X)) < 1e-12


def test_the_gaps(small):
    _, source, target = small
    cloud = clouds(source, target, moved, rows=60)
    before, after = gaps(cloud, "before"), gaps(cloud)
    assert before["means"] == pytest.approx(np.linalg.norm(cloud["before"].mean(0) - cloud["seen"].mean(0)))
    assert after["means"] < 1e-9 * before["means"] and after["covariances"] == pytest.approx(before["covariances"])
    here = np.stack([cloud["after"][cloud["y"] == c].mean(0) for c in range(3)])
    there = np.stack([target.x_test[target.y_test == c].mean(0) for c in range(3)])
    apart = (here - here.mean(0)) - (there - there.mean(0))
    assert after["digits"] == pytest.approx(np.linalg.norm(apart, axis=1).mean())
    mirror = clouds(source, changed(source, "mirror", lambda x: -x), scaled, rows=100)
    assert gaps(mirror)["digits"] > 0.9 * gaps(mirror, "before")["digits"], "no map of two moments sees it"
    assert np.isfinite(list(gaps(clouds(only(source, "two classes", [0, 2]), target, moved, rows=60)).values())).all()

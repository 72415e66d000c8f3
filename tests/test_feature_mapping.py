"""Lesson 06: the maps against references written another way, the exercises' checkers, the notebook's helpers."""

import numpy as np
import pytest
from scipy import linalg
from sklearn.base import clone

from transferlib.changes import changed, only
from transferlib.datasets import mnist, mnist_pixels
from transferlib.methods.feature_mapping import (
    MAPPINGS,
    Coral,
    OptimalTransport,
    PairedRidge,
    Standardise,
    carry,
    carry_paired,
    class_means,
    class_pairs,
    clouds,
    gaps,
    strengths,
)
from transferlib.networks import Pair
from transferlib.tasks import Task

RIDGE = 0.3


def rows(seed=0, n=40, m=30, d=6):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(k, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d) for k in (n, m)]


def moments(X, ridge):
    return X.mean(0), np.cov(X.T) + ridge * np.eye(X.shape[1])


def reference(name, X, Y, new):
    """Each map with other tools than the module's own: sqrtm and svd, domain by domain."""
    (a, C), (b, D) = moments(X, RIDGE), moments(Y, RIDGE)
    if name == "Standardise":
        return (new - a) / np.sqrt(X.var(0) + RIDGE) * np.sqrt(Y.var(0) + RIDGE) + b
    if name == "Coral":
        return (new - a) @ linalg.inv(linalg.sqrtm(C).real) @ linalg.sqrtm(D).real + b
    if name == "OptimalTransport":  # the same matrix by its other formula: C⁻¹ (C D)^½, which is C⁻¹ # D
        return (new - a) @ (linalg.inv(C) @ linalg.sqrtm(C @ D).real) + b
    P, Q = (linalg.svd(rows - rows.mean(0), full_matrices=False)[2][:3].T for rows in (X, Y))
    return ((new - a) @ P) @ (P.T @ Q) @ Q.T + b


def made(name, **settings):
    return MAPPINGS[name](**({"components": 3} if name == "SubspaceAlignment" else {"ridge": RIDGE}), **settings)


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("seed", range(5))
def test_maps_agree_with_a_reference(name, seed):
    X, Y = rows(seed)
    new = rows(seed + 100)[0]
    expected = reference(name, X, Y, new)
    assert np.abs(made(name).fit(X, Y).transform(new) - expected).max() < 1e-6
    half = made(name, strength=0.5).fit(X, Y).transform(new)
    assert np.abs(half - (new + expected) / 2).max() < 1e-6
    assert np.array_equal(made(name, strength=0.0).fit(X, Y).transform(new), new)


@pytest.mark.parametrize("maker", [Coral, OptimalTransport])
def test_covariance_is_matched_and_transport_is_symmetric_positive(maker):
    X, Y = rows()
    m = maker(ridge=0).fit(X, Y)
    assert np.allclose(np.cov(m.transform(X).T), np.cov(Y.T), atol=1e-8)
    assert np.allclose(m.transform(X).mean(0), Y.mean(0))
    if maker is OptimalTransport:
        assert np.allclose(m.matrix_, m.matrix_.T) and linalg.eigvalsh(m.matrix_).min() > 0


def test_transport_moves_least():
    X, Y = rows(3)
    moved = {m: np.square(m(ridge=0).fit(X, Y).transform(X) - X).sum() for m in (Coral, OptimalTransport)}
    assert moved[OptimalTransport] < moved[Coral]


def test_subspace_alignment_projects_the_target():
    X, Y = rows()
    m = made("SubspaceAlignment").fit(X, Y)
    Q = linalg.svd(Y - Y.mean(0))[2][:3].T
    assert np.allclose(m.target(Y), Y.mean(0) + (Y - Y.mean(0)) @ Q @ Q.T, atol=1e-8)
    assert np.allclose(made("Coral").fit(X, Y).target(Y), Y)


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("ridge", [0.0, 0.01])
def test_rank_deficient_and_single_rows(name, ridge):
    X, Y = rows(1, n=4, m=3, d=8)  # fewer rows than features
    X[:, 0], Y[:, 1] = 5.0, 2.0  # constant features, different ones
    X[:, 3] = X[:, 2]
    settings = {} if name == "SubspaceAlignment" else {"ridge": ridge}
    m = MAPPINGS[name](**settings).fit(X, Y)
    out = m.transform(X)
    assert np.isfinite(out).all() and np.allclose(out.mean(0), Y.mean(0))
    assert np.abs(out).max() < 10 * max(np.abs(X).max(), np.abs(Y).max())
    assert m.transform(X[:1]).shape == (1, 8)
    for x, y in ((X[:1], Y), (X, Y[:1]), (X[:1], Y[:1])):  # one row: the map is the shift of the means
        shift = MAPPINGS[name](**settings).fit(x, y)
        assert np.allclose(shift.transform(X), X - x.mean(0) + y.mean(0))
        assert np.allclose(shift.target(Y), Y)


@pytest.mark.parametrize("name", MAPPINGS)
def test_convention_and_errors(name):
    X, Y = rows()
    m = clone(MAPPINGS[name](strength=0.25))
    assert m.get_params()["strength"] == 0.25 and np.allclose(m.fit_transform(X, Y), m.transform(X))
    with pytest.raises(ValueError, match="6 features and the target 5"):
        m.fit(X, Y[:, :5])
    with pytest.raises(ValueError, match="5 features; the map was fitted on 6"):
        m.fit(X, Y).transform(X[:, :5])
    with pytest.raises(ValueError, match="not fitted"):
        MAPPINGS[name]().transform(X)
    with pytest.raises(ValueError, match="ridge must be 0 or more"):
        MAPPINGS[name](**({"components": 0} if name == "SubspaceAlignment" else {"ridge": -1})).fit(X, Y)


@pytest.mark.parametrize("n", [5, 30])
def test_paired_ridge_agrees_with_augmented_least_squares(n):
    rng = np.random.default_rng(n)
    X, Y, new = rng.normal(size=(n, 12)) + 1, rng.normal(size=(n, 7)) - 1, rng.normal(size=(4, 12))
    a, b = X.mean(0), Y.mean(0)
    stacked = np.r_[X - a, np.sqrt(2.0) * np.eye(12)], np.r_[Y - b, np.zeros((12, 7))]
    expected = (new - a) @ linalg.lstsq(*stacked)[0] + b
    assert np.abs(PairedRidge(2.0).fit(X, Y).transform(new) - expected).max() < 1e-6
    assert np.allclose(PairedRidge().fit(X[:1], Y[:1]).transform(new), Y[0])
    with pytest.raises(ValueError, match="not pairs"):
        PairedRidge().fit(X, Y[:-1])
    with pytest.raises(ValueError, match="above 0"):
        PairedRidge(0).fit(X, Y)


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 6)) * 3

    def blobs(name, shift):
        y = rng.integers(0, 3, 150)
        return Task.split(name, centres[y] + rng.normal(size=(150, 6)) + shift, y, "abc", test=50)

    return Pair(6, shared=(8,), private=(), classes=(3, 3)), blobs("one", 0.0), blobs("two", 4.0)


def test_carry_helps_where_the_map_can_undo_the_damage(small):
    pair, source, target = small
    told = []
    arms = {"no map": None, "standardise": Standardise(), "none": Standardise(strength=0.0)}
    found = carry(pair, source, target, arms, rows=60, seeds=3, steps=100, progress=lambda *now: told.append(now))
    assert found["standardise"].mean() > found["no map"].mean() + 0.1
    assert np.allclose(found["none"], found["no map"]) and told[-1] == (9, 9)
    with pytest.raises(ValueError, match="cannot draw 500"):
        carry(pair, source, target, arms, rows=500)


def test_pairs_are_of_one_class(small):
    _, source, target = small
    few = target.few(2, 0)
    X, Y = class_means(source.x_train, source.y_train, few, 0)
    assert np.allclose(X[1], source.x_train[source.y_train == 1].mean(0))
    assert np.allclose(Y[2], few.x_train[few.y_train == 2].mean(0))
    _, Y = class_pairs(source.x_train, source.y_train, few, 0)
    for y, row in zip(source.y_train, Y):
        assert (few.x_train[few.y_train == y] == row).all(1).any()


def test_carry_paired_and_the_twins_are_the_same_pictures(small):
    assert np.array_equal(mnist_pixels().y_train, mnist().y_train) and mnist_pixels().x_train.shape == (4000, 784)
    pair, _, target = small
    wide = Task("wide", np.zeros((2000, 9)), np.arange(2000) % 3, np.zeros((1, 9)), [0], "abc")
    twin = Task("twin", np.zeros((2000, 6)), np.arange(2000) % 3, np.zeros((1, 6)), [0], "abc")
    found = carry_paired(pair, wide, target, 2, twin=twin, seeds=1, steps=5)
    assert list(found) == ["target labels only", "class means", "class pairs", "same pictures", "made by hand"]


def test_worlds_and_gaps(small):
    _, source, target = small
    assert np.allclose(changed(target, "n", lambda x: -x).x_test, -target.x_test)
    assert set(only(target, "o", [0, 2]).y_train) == {0, 2} and len(only(target, "o", [0]).y_test) == 50
    assert [m.strength for m in strengths(Coral(), (0.0, 1.0)).values()] == [0.0, 1.0]
    cloud = clouds(source, target, Coral(ridge=0), rows=60)
    before, after = gaps(cloud, "before"), gaps(cloud)
    assert after["means"] < 1e-6 < before["means"] and after["covariances"] < 1e-6
    assert before["means"] == pytest.approx(np.linalg.norm(cloud["before"].mean(0) - cloud["seen"].mean(0)))
    mirror = clouds(source, changed(source, "mirror", lambda x: -x), Standardise(), rows=100)
    assert gaps(mirror)["digits"] > 0.9 * gaps(mirror, "before")["digits"]

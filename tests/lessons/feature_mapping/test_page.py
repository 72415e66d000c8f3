"""Lesson 08: the maps on its page against references written another way, and what holds for any two clouds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, stats

from tests.page import page

PAGE = page("08")
MATRICES = {"shift": PAGE.shift} | {name: getattr(PAGE, name) for name in ("standardise", "coral", "transport")}
RIDGE = 0.3


def rows(seed=0, n=40, m=30, d=6):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(k, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d) for k in (n, m)]


def mapped(name, X, Y, new, ridge=RIDGE):
    matrix = MATRICES[name] if name == "shift" else lambda X, Y: MATRICES[name](X, Y, ridge)
    return PAGE.linear(matrix)(X, Y)(new)


def reference(name, X, Y, new):
    """Each map with other tools than the page's: sqrtm, domain by domain."""
    a, C, b, D = X.mean(0), np.cov(X.T) + RIDGE * np.eye(6), Y.mean(0), np.cov(Y.T) + RIDGE * np.eye(6)
    if name == "standardise":
        return (new - a) / np.sqrt(X.var(0) + RIDGE) * np.sqrt(Y.var(0) + RIDGE) + b
    if name == "coral":
        return (new - a) @ linalg.inv(linalg.sqrtm(C).real) @ linalg.sqrtm(D).real + b
    if name == "transport":  # the same matrix by its other formula: C⁻¹ (C D)^½
        return (new - a) @ (linalg.inv(C) @ linalg.sqrtm(C @ D).real) + b
    return new - a + b


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("seed", range(3))
def test_maps_agree_with_a_reference(name, seed):
    X, Y = rows(seed)
    new = rows(seed + 100)[0]
    assert np.abs(mapped(name, X, Y, new) - reference(name, X, Y, new)).max() < 1e-6


def far(a, b):
    """The largest difference, in units of the numbers' size."""
    return np.abs(a - b).max() / (1 + np.abs(b).max())


any_clouds = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(8, 40)).map(
    lambda drawn: rows(drawn[0], n=drawn[2], m=drawn[2] + 3, d=drawn[1])
)
few_examples = settings(max_examples=15, deadline=None)


@pytest.mark.parametrize("name", ["standardise", "coral", "transport"])
@few_examples
@given(any_clouds)
def test_without_ridge_the_mapped_cloud_has_the_targets_moments(name, both):
    X, Y = both
    new = mapped(name, X, Y, X, 0)
    assert far(new.mean(0), Y.mean(0)) < 1e-9
    if name == "standardise":
        assert far(new.std(0), Y.std(0)) < 1e-9
    else:
        assert far(np.cov(new.T), np.cov(Y.T)) < 1e-5


@pytest.mark.parametrize("name", MATRICES)
@few_examples
@given(any_clouds, st.integers(0, 2**32 - 1))
def test_moving_and_turning_both_domains_turns_the_map(name, both, seed):
    """M(xR + a) = M(x)R + a; but standardising looks at each feature by itself, so that only a move leaves it the same."""
    (X, Y), rng = both, np.random.default_rng(seed)
    d = X.shape[1]
    R, a = linalg.qr(rng.normal(size=(d, d)))[0], rng.normal(size=d)
    if name == "standardise":
        R = np.eye(d)[rng.permutation(d)]
    there = mapped(name, X @ R + a, Y @ R + a, X @ R + a)
    assert far(there, mapped(name, X, Y, X) @ R + a) < 1e-5


def test_transport_is_symmetric_positive_moves_least_and_finds_a_mixing():
    X, Y = rows(3)
    A = PAGE.transport(X, Y, 0)
    assert np.allclose(A, A.T) and linalg.eigvalsh(A).min() > 0
    moved = {name: np.square(mapped(name, X, Y, X, 0) - X).sum() for name in ("coral", "transport")}
    assert moved["transport"] < moved["coral"]
    X, B = rows(5, n=200)[0], np.random.default_rng(5).normal(size=(6, 6))
    B = B @ B.T + np.eye(6)
    assert far(PAGE.transport(X, X @ B, 0), B) < 1e-6 and far(PAGE.coral(X, X @ B, 0), B) > 1e-3


@pytest.mark.parametrize("name", MATRICES)
def test_the_ridge_holds_where_rows_are_few_and_features_never_vary(name):
    X, Y = rows(1, n=4, m=3, d=8)
    X[:, 0], Y[:, 1], X[:, 3] = 5.0, 2.0, X[:, 2]
    new = mapped(name, X, Y, X, 0.01)
    assert np.isfinite(new).all() and np.allclose(new.mean(0), Y.mean(0))


@pytest.mark.parametrize("mirrored", [1, -1])
def test_the_third_moments_tell_the_side(mirrored):
    """Against SciPy's: the sign of the skewness of each feature, weighted as the moments are."""
    rng = np.random.default_rng(4)
    X, Y = (rng.exponential(size=(n, 5)) * [1, 2, -1, 1, -3] for n in (200, 150))
    Y = 7 + mirrored * Y
    third = [stats.moment(each, 3, axis=0) for each in (X, Y)]
    assert PAGE.side(X, Y) == np.sign(third[0] @ third[1]) == mirrored
    plain = PAGE.linear(PAGE.coral)
    there = Y.mean(0) + mirrored * (plain(X, Y)(X) - Y.mean(0))
    assert np.allclose(PAGE.turned(plain)(X, Y)(X), there)
    assert PAGE.side(np.ones((5, 3)), np.full((4, 3), 2.0)) == 1, "what never varies has no side, and is not turned"


def test_pairs_teach_a_ridge_or_are_learned_themselves():
    rng, few = np.random.default_rng(0), type("Few", (), dict(x_train=np.eye(3), y_train=np.arange(3)))
    x, z, y = rng.normal(size=(9, 5)), rng.normal(size=(9, 3)), np.arange(9) % 3
    made, labels = PAGE.taught_by(6)(x, y, z, few)
    X, Z = x[:6] - x[:6].mean(0), z[:6] - z[:6].mean(0)
    W = np.linalg.solve(X.T @ X + 10 * np.eye(5), X.T @ Z)
    assert np.allclose(made, (x - x[:6].mean(0)) @ W + z[:6].mean(0)) and (labels == y).all()
    made, labels = PAGE.themselves(4)(x, y, z, few)
    assert (made == z[[0, 1, 2, 3, 0, 1, 2, 3, 0]]).all() and (labels == y[[0, 1, 2, 3, 0, 1, 2, 3, 0]]).all()
    made, labels = PAGE.by_class_means(x, y, z, few)
    assert np.linalg.matrix_rank(made - made.mean(0)) <= 2 and (labels == y).all()

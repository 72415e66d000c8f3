"""Lesson 08: the maps against references written another way, the exercises' checkers, the notebook's helpers."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, stats
from sklearn.base import clone
from sklearn.linear_model import Ridge

from transferlib.changes import changed, only
from transferlib.datasets import mnist, mnist_pixels
from transferlib.lessons.feature_mapping import maps as feature_mapping
from transferlib.lessons.feature_mapping.maps import (
    MAPPINGS,
    NO_SOURCE,
    Coral,
    MeanShift,
    OptimalTransport,
    Standardise,
    carry,
    carry_paired,
    clouds,
    gaps,
    side,
    strengths,
)
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task, stream

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
    return new - a + b


def made(name, **settings):
    return MAPPINGS[name](ridge=RIDGE, **settings)


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


@pytest.mark.parametrize("name", MAPPINGS)
@pytest.mark.parametrize("ridge", [0.0, 0.01])
def test_rank_deficient_and_single_rows(name, ridge):
    X, Y = rows(1, n=4, m=3, d=8)  # fewer rows than features
    X[:, 0], Y[:, 1] = 5.0, 2.0  # constant features, different ones
    X[:, 3] = X[:, 2]
    settings = {"ridge": ridge}
    m = MAPPINGS[name](**settings).fit(X, Y)
    out = m.transform(X)
    assert np.isfinite(out).all() and np.allclose(out.mean(0), Y.mean(0))
    assert np.abs(out).max() < 10 * max(np.abs(X).max(), np.abs(Y).max())
    assert m.transform(X[:1]).shape == (1, 8)
    for x, y in ((X[:1], Y), (X, Y[:1]), (X[:1], Y[:1])):  # one row: the map is the shift of the means
        shift = MAPPINGS[name](**settings).fit(x, y)
        assert np.allclose(shift.transform(X), X - x.mean(0) + y.mean(0))


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


@pytest.mark.parametrize(
    "mapping, message",
    [
        (Coral(strength=np.nan), "strength must be a number from 0, no map, to 1, the whole map, not nan"),
        (Coral(strength=5), "strength must be .* not 5"),
        (MeanShift(strength=-0.1), "strength must be"),
        (Standardise(strength="full"), "strength must be .* not 'full'"),
        (Standardise(ridge=np.nan), "ridge must be 0 or a positive number, not nan"),
        (Coral(ridge=np.inf), "ridge must be"),
        (OptimalTransport(ridge=-1), "ridge must be"),
    ],
    ids=repr,
)
def test_numbers_that_make_no_sense(mapping, message):
    with pytest.raises(ValueError, match=message):
        mapping.fit(*rows())


@pytest.mark.parametrize("values", [(0.0, np.nan), (0.5, 1.5), ("full",), (None,)])
def test_strengths_that_make_no_sense(values):
    with pytest.raises(ValueError, match="strength must be"):
        strengths(Coral(), values)


# What holds for any two clouds

clouds_of_points = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(8, 40)).map(
    lambda drawn: rows(drawn[0], n=drawn[2], m=drawn[2] + 3, d=drawn[1])
)
few_examples = settings(max_examples=15, deadline=None)


def far(a, b):
    """The largest difference, in units of the numbers' size."""
    return np.abs(a - b).max() / (1 + np.abs(b).max())


@pytest.mark.parametrize("name", MAPPINGS)
@few_examples
@given(clouds_of_points, st.floats(0, 1))
def test_strength_leads_straight_from_the_rows_to_the_map(name, both, strength):
    X, Y = both
    none, part, full = (made(name, strength=s).fit(X, Y) for s in (0.0, strength, 1.0))
    assert (none.transform(X) == X).all()
    expected = (1 - strength) * X + strength * full.transform(X)
    assert far(part.transform(X), expected) < 1e-9


@pytest.mark.parametrize("name", ["Standardise", "Coral", "OptimalTransport"])
@few_examples
@given(clouds_of_points)
def test_without_ridge_the_mapped_cloud_has_the_targets_moments(name, both):
    X, Y = both
    mapped = MAPPINGS[name](ridge=0).fit(X, Y).transform(X)
    assert far(mapped.mean(0), Y.mean(0)) < 1e-9
    if name == "Standardise":
        assert far(mapped.std(0), Y.std(0)) < 1e-9
    else:
        assert far(np.cov(mapped.T), np.cov(Y.T)) < 1e-5


@pytest.mark.parametrize("name", MAPPINGS)
@few_examples
@given(clouds_of_points, st.integers(0, 2**32 - 1))
def test_moving_and_turning_both_domains_turns_the_map(name, both, seed):
    """M(xR + a) = M(x)R + a; but standardising looks at each feature by itself, so that only a move leaves it the same."""
    (X, Y), rng = both, np.random.default_rng(seed)
    d = X.shape[1]
    R, a = linalg.qr(rng.normal(size=(d, d)))[0], rng.normal(size=d)
    if name == "Standardise":
        R = np.eye(d)[rng.permutation(d)]
    here, there = made(name).fit(X, Y), made(name).fit(X @ R + a, Y @ R + a)
    assert far(there.transform(X @ R + a), here.transform(X) @ R + a) < 1e-5


@pytest.mark.parametrize("maker", [Standardise, Coral, OptimalTransport])
def test_the_mean_of_a_constant_feature_is_rounded_and_that_is_no_variance(maker):
    X, Y = rows(n=37)
    X[:, 2] = 0.3
    assert X.var(0)[2] > 0, "the trap"
    new = X + np.eye(6)[2]  # a pixel that never varied in what the map saw, and now does
    assert np.abs(maker(ridge=0).fit(X, Y).transform(new)).max() < 100


@pytest.mark.parametrize("maker", [Coral, OptimalTransport])
def test_a_direction_without_variance_stays_without(maker):
    """Pseudo-inverses where a cloud is flat: the eigenvalues there are rounding, whose inverse would be huge."""
    X, Y = rows(2, n=5, m=4, d=9)
    C, D = (np.cov(rows.T) for rows in (X, Y))
    inverse = linalg.pinvh(linalg.sqrtm(C).real, rtol=1e-5)
    if maker is Coral:
        expected = inverse @ linalg.sqrtm(D).real
    else:
        expected = inverse @ linalg.sqrtm(linalg.sqrtm(C) @ D @ linalg.sqrtm(C)).real @ inverse
    assert far(maker(ridge=0).fit(X, Y).matrix_, expected) < 1e-6


@pytest.mark.parametrize("mirrored", [1, -1])
def test_the_third_moments_tell_the_side(mirrored):
    """Against SciPy's: the sign of the skewness of each feature, weighted as the moments are."""
    rng = np.random.default_rng(4)
    X, Y = (rng.exponential(size=(n, 5)) * [1, 2, -1, 1, -3] for n in (200, 150))
    Y = 7 + mirrored * Y
    third = [stats.moment(rows, 3, axis=0) for rows in (X, Y)]
    assert side(X, Y) == np.sign(third[0] @ third[1]) == mirrored
    plain, turned = (Coral(turn=turn).fit(X, Y) for turn in (False, True))
    assert np.allclose(turned.matrix_, mirrored * plain.matrix_) and turned.side_ == mirrored
    assert np.allclose(np.cov(turned.transform(X).T), np.cov(plain.transform(X).T))


def test_transport_finds_a_symmetric_positive_mixing_and_coral_another_matrix():
    X, rng = rows(5, n=200)[0], np.random.default_rng(5)
    B = rng.normal(size=(6, 6))
    B = B @ B.T + np.eye(6)
    assert far(OptimalTransport(ridge=0).fit(X, X @ B).matrix_, B) < 1e-6
    assert far(Coral(ridge=0).fit(X, X @ B).matrix_, B) > 1e-3


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
    assert np.allclose(found["none"], found["no map"]) and told == [(i, 9) for i in range(1, 10)]


def test_what_a_seed_finds_depends_on_no_other_arm_or_seed(small):
    pair, source, target = small
    arms = {"no map": None, "CORAL": Coral()}
    both = carry(pair, source, target, arms, rows=60, seeds=3, steps=30)
    alone = carry(pair, source, target, {"CORAL": Coral()}, rows=60, seeds=[2, 0], steps=30)
    assert (alone["CORAL"] == both["CORAL"][[2, 0]]).all()


@pytest.fixture
def trained(monkeypatch):
    """The tasks that were trained on, in the order of the arms, and the accuracy that each is said to have."""
    seen = []

    def train(pair, task, strategy, **settings):
        seen.append((task, strategy, settings))
        return type("Run", (), dict(target_accuracy=np.array([0.0, len(task.y_train)])))

    monkeypatch.setattr(feature_mapping, "train", train)
    monkeypatch.setattr(
        feature_mapping, "over_seeds", lambda one, arms, seeds, _: {a: [one(a, s) for s in seeds] for a in arms}
    )
    return seen


@pytest.mark.parametrize("mapping", [Coral(ridge=RIDGE), MeanShift()], ids=repr)
def test_carry_maps_then_trains(small, trained, mapping):
    pair, source, target = small
    found = carry(pair, source, target, {"m": mapping}, rows=60, seeds=[1], steps=40)
    drawn = stream(1, "rows").permutation(100)
    m = clone(mapping).fit(source.x_train[drawn], target.x_train[drawn[:60]])
    (task, strategy, settings) = trained.pop()
    assert far(task.x_train, m.transform(source.x_train[drawn])) < 1e-6 and (task.y_train == source.y_train[drawn]).all()
    assert (task.x_test == target.x_test).all() and (task.y_test == target.y_test).all()
    assert strategy == SCRATCH and settings == dict(seed=1, steps=40, every=40) and found["m"].tolist() == [100]


def test_carry_back_maps_the_target_and_leaves_the_source(small, trained):
    pair, source, target = small
    carry(pair, source, target, {"m": Coral()}, rows=60, labels=2, back=True, seeds=[1], steps=40)
    drawn, few = stream(1, "rows").permutation(100), target.few(2, 1)
    m = Coral().fit(target.x_train[drawn[:60]], source.x_train[drawn])
    ((task, *_),) = trained
    assert (task.x_train[:100] == source.x_train[drawn]).all()
    assert far(task.x_train[100:], m.transform(few.x_train)[np.arange(100) % 6]) < 1e-6
    assert far(task.x_test, m.transform(target.x_test)) < 1e-6


def test_carry_with_labels_and_without_a_source(small, trained):
    pair, source, target = small
    arms = {"labels": NO_SOURCE, "both": None, "mapped": MeanShift()}
    carry(pair, source, target, arms, rows=60, labels=2, seeds=[1], steps=40)
    few, drawn = target.few(2, 1), stream(1, "rows").permutation(100)
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
        ([Coral()], {}, "mappings must be a dictionary"),
        ({"CORAL": "Coral"}, {}, "mappings must be a dictionary"),
        ({"CORAL": Coral}, {}, "mappings must be a dictionary"),
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


def test_carry_paired_and_the_twins_are_the_same_pictures(small):
    assert np.array_equal(mnist_pixels().y_train, mnist().y_train) and mnist_pixels().x_train.shape == (4000, 784)
    pair, _, target = small
    y = np.arange(2000) % 3
    wide, twin = (Task("t", np.zeros((2000, d)), y, np.zeros((1, d)), [0], "abc") for d in (9, 6))
    found = carry_paired(pair, wide, target, 2, [4, 9], twin=twin, seeds=1, steps=5)
    assert list(found) == ["labels only", "class means", 4, 9, "4, no map", "9, no map", "by hand"]
    with pytest.raises(ValueError, match="twin must be the source row by row"):
        carry_paired(pair, wide, target, 2, [4], twin=target)
    for wrong in (0, 2001, 1.5, "ten"):
        with pytest.raises(ValueError, match="pairs must be whole numbers from 1 to 2000"):
            carry_paired(pair, wide, target, 2, [4, wrong], twin=twin)


def test_every_paired_arm_is_its_map_then_train(small, trained):
    pair, twin, target = small
    wide = Task("w", np.c_[twin.x_train, twin.x_train**2], twin.y_train, np.c_[twin.x_test, twin.x_test], twin.y_test, "abc")
    found = carry_paired(pair, wide, target, 2, [6, 50], twin=twin, seeds=[3], steps=40)
    few, drawn = target.few(2, 3), stream(3, "rows").permutation(100)
    x, y = wide.x_train[drawn].astype(float), wide.y_train[drawn]
    means = [
        np.stack([rows[labels == c].mean(0) for c in range(3)]) for rows, labels in ((x, y), (few.x_train, few.y_train))
    ]
    pairs = means, *((x[:n], twin.x_train[drawn[:n]]) for n in (6, 50))
    mapped = [Ridge(alpha=10).fit(*known).predict(x) for known in pairs] + [twin.x_train[drawn]]
    again = np.resize(np.arange(6), 100)
    given = [(m, y) for m in mapped]
    given[3:3] = [(twin.x_train[rows], twin.y_train[rows]) for rows in (np.resize(drawn[:n], 100) for n in (6, 50))]
    learned = [(few.x_train, few.y_train)]
    learned += [(np.r_[m, few.x_train[again]], np.r_[c, few.y_train[again]]) for m, c in given]
    for arm, (x, y), (task, *_) in zip(found, learned, trained, strict=True):
        assert far(task.x_train, x) < 1e-6 and (task.y_train == y).all() and (task.x_test == target.x_test).all(), arm


def test_the_gap_of_the_digits_is_how_they_lie_about_their_middle(small):
    _, source, target = small
    cloud = clouds(source, target, Coral(), rows=60)
    here = np.stack([cloud["after"][cloud["y"] == c].mean(0) for c in range(3)])
    there = np.stack([target.x_test[target.y_test == c].mean(0) for c in range(3)])
    apart = (here - here.mean(0)) - (there - there.mean(0))
    assert gaps(cloud)["digits"] == pytest.approx(np.linalg.norm(apart, axis=1).mean())
    moved = cloud | {"after": cloud["after"] + 7}
    assert gaps(moved)["digits"] == pytest.approx(gaps(cloud)["digits"]) and gaps(moved)["means"] > 10


def test_gaps_look_at_the_classes_that_both_domains_have(small):
    _, source, target = small
    cloud = clouds(only(source, "two classes", [0, 2]), target, Coral(), rows=60)
    assert np.isfinite(list(gaps(cloud).values())).all()


def test_worlds_and_gaps(small):
    _, source, target = small
    assert np.allclose(changed(target, "n", lambda x: -x).x_test, -target.x_test)
    assert set(only(target, "o", [0, 2]).y_train) == {0, 2} and len(only(target, "o", [0]).y_test) == 50
    assert [m.strength for m in strengths(Coral(), (0.0, 1.0)).values()] == [0.0, 1.0]
    cloud = clouds(source, target, Coral(ridge=0), rows=60)
    before, after = gaps(cloud, "before"), gaps(cloud)
    assert all(before[moment] > 0.1 and after[moment] < 1e-6 * before[moment] for moment in ("means", "covariances"))
    assert before["means"] == pytest.approx(np.linalg.norm(cloud["before"].mean(0) - cloud["seen"].mean(0)))
    mirror = clouds(source, changed(source, "mirror", lambda x: -x), Standardise(), rows=100)
    assert gaps(mirror)["digits"] > 0.9 * gaps(mirror, "before")["digits"]


def test_a_map_learns_from_lists_and_refuses_what_is_not_finite():
    X, Y = rows()
    np.testing.assert_array_equal(Coral().fit(X.tolist(), Y.tolist()).transform(X), Coral().fit(X, Y).transform(X))
    for place in (0, 1):
        two = [X.copy(), Y.copy()]
        two[place][3, 2] = np.nan
        with pytest.raises(ValueError, match="NaN"):
            MeanShift().fit(*two)


def test_what_never_varies_has_no_side_and_so_is_not_turned():
    assert side(np.ones((5, 3)), np.full((4, 3), 2.0)) == 1


@pytest.mark.parametrize("study", [carry, carry_paired])
def test_a_study_has_ten_seeds_unless_asked_for_others(study):
    assert inspect.signature(study).parameters["seeds"].default == 10

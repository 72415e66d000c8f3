"""Lesson 18: its formulas against other ways to the same numbers."""

from functools import partial

import numpy as np
import pytest
from scipy import stats
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge

from tests.page import page
from transferlib.keel import keel, keel_missing
from transferlib.lessons.theory.plots import ANGLES
from transferlib.lessons.theory.tables import fitted, in_groups, prepared, rank_correlation, same_sign, without_giveaway
from transferlib.lessons.theory.widgets import first
from transferlib.tasks import Task

PAGE = page("18")
DRAWS = 400
needs_tables = pytest.mark.skipif(bool(keel_missing()), reason=keel_missing())


def close(values, want, errors=4):
    """The mean of draws is what it should be, within so many standard errors."""
    values = np.asarray(values)
    return abs(values.mean() - want) < errors * values.std(ddof=1) / len(values) ** 0.5


def rows(n, seed=0, noise=0.7, length=1.3):
    rng = np.random.default_rng(seed)
    a, b = PAGE.two_solutions(50, rng, length)
    return *PAGE.labelled(b, n, noise, rng), a, b


def test_the_two_solutions_have_the_angle_and_the_lengths_that_are_asked_for():
    a, b = PAGE.two_solutions(50, np.random.default_rng(0), 1.3)
    assert np.linalg.norm(a) == pytest.approx(1.3) and np.linalg.norm(b) == pytest.approx(1)
    assert a @ b / 1.3 == pytest.approx(np.cos(np.radians(50)))


@pytest.mark.parametrize("n", [12, 80])
def test_fine_tuning_is_the_pseudo_inverse_and_where_gradient_descent_ends(n):
    X, y, a, _ = rows(n)
    w = a
    for _ in range(4000):
        w = w - 0.1 * X.T @ (X @ w - y) / n
    assert np.allclose(PAGE.fine_tune(X, y, a), a + np.linalg.pinv(X) @ (y - X @ a))
    assert np.allclose(PAGE.fine_tune(X, y, a), w, atol=1e-6)


@pytest.mark.parametrize("n, noise, length", [(5, 0.0, 1.0), (25, 1.0, 1.0), (40, 0.0, 0.5), (25, 0.5, 2.0)])
def test_the_formula_is_the_mean_of_the_draws(n, noise, length):
    for angle in (20, 60, 80):
        want = (1 - n / 50) * (2 * length * np.cos(np.radians(angle)) - length**2)
        assert PAGE.theory(angle, n, noise, length) == pytest.approx(want)
        assert close(PAGE.gains(DRAWS, angle=angle, n=n, noise=noise, length=length), want)


def test_noise_cancels_in_every_draw_and_the_gain_is_nothing_from_d_labels_on():
    for n in (10, 40):
        quiet, loud = (PAGE.gains(5, angle=50, n=n, noise=noise) for noise in (0.0, 3.0))
        assert np.allclose(quiet, loud)
    assert np.allclose(PAGE.gains(5, angle=50, n=60, noise=1.0), 0)


def test_the_border_is_the_same_for_one_ridge_and_for_arms_that_are_stopped():
    def ridge(X, y, start):
        return start + Ridge(alpha=20, fit_intercept=False).fit(X, y - X @ start).coef_

    for tune in (ridge, PAGE.stopped):
        for n in (20, 120):
            gains = [
                PAGE.gains(DRAWS, angle=angle, n=n, noise=0.5, tune=tune, scratch=tune).mean() for angle in (50, 60, 70)
            ]
            assert gains[0] > 0.002 and abs(gains[1]) < 0.25 * min(gains[0], -gains[2]) and gains[2] < -0.002


def test_the_border_in_accuracy_is_where_the_lesson_says():
    for n, border in ((5, 76.1), (25, 65.5)):
        p = n / 50
        assert np.degrees(np.arccos(p**0.5 / (1 + p**0.5))) == pytest.approx(border, abs=0.1)
        for angle, sign in ((border - 6, 1), (border + 6, -1)):
            gain = PAGE.gains(DRAWS, PAGE.wrong_sign, angle=angle, n=n)
            assert sign * stats.ttest_1samp(gain, 0).statistic > 3


def test_the_share_of_right_signs_is_that_of_new_rows():
    _, _, a, b = rows(5)
    X = np.random.default_rng(1).normal(size=(200_000, 50))
    assert 1 - PAGE.wrong_sign(a, b) == pytest.approx(np.mean((X @ a > 0) == (X @ b > 0)), abs=0.005)


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_a_deep_network_ends_where_the_limit_says(depth):
    X, y, a, _ = rows(25)
    weights = PAGE.layers(a, depth)
    assert np.allclose(np.linalg.multi_dot(weights[::-1])[0], a)
    for low, high in zip(weights, weights[1:]):  # balanced, as training from small weights leaves them
        assert np.allclose(low @ low.T, high.T @ high)
    far, near = (
        np.linalg.norm(PAGE.deep(X, y, a, depth, rate, 1e-9) - PAGE.limit(X, y, a, depth)) for rate in (0.02, 0.005)
    )
    assert near < 0.01 and near < 0.4 * far
    assert np.linalg.norm(PAGE.fine_tune(X, y, a) - PAGE.limit(X, y, a, depth)) > 10 * near
    assert np.allclose(PAGE.limit(X, y, a, 1), PAGE.fine_tune(X, y, a))


DEEP = [dict(angle=55, noise=1.0), dict(angle=55, noise=0.5), dict(angle=30, length=2.0), dict(angle=65, length=0.5)]


@pytest.mark.parametrize("setting", DEEP)
def test_the_formula_for_depth_is_near_the_mean_of_the_limits(setting):
    tune = partial(PAGE.limit, depth=4)
    gains = PAGE.gains(DRAWS, n=25, tune=tune, **setting)
    assert PAGE.theory(n=25, depth=4, **setting) == pytest.approx(gains.mean(), abs=0.03 + 3 * stats.sem(gains))


def test_the_formula_of_the_frozen_subspace_is_the_mean_of_the_draws():
    for angle, n, noise in ((30, 20, 0.0), (30, 40, 0.0), (60, 30, 0.5)):
        assert close(PAGE.frozen_gains(DRAWS, angle=angle, n=n, noise=noise), PAGE.frozen_theory(angle, n, noise))


def test_the_ridge_is_told_the_best_penalty():
    """No other penalty is better on average."""
    D, noise, found = 50, 0.5, {}
    for factor in (0.25, 1, 4):
        errors = []
        for seed in range(100):
            rng = np.random.default_rng(seed)
            b = rng.normal(size=D) / D**0.5
            X, y = PAGE.labelled(b, 30, noise, rng)
            w = Ridge(alpha=factor * D * noise**2, fit_intercept=False).fit(X, y).coef_
            errors.append(PAGE.unexplained(w, b))
        found[factor] = np.mean(errors)
    assert min(found, key=found.get) == 1


def test_the_first_angle_that_hurts():
    assert first(PAGE.theory, 25) == pytest.approx(60, abs=0.11)
    assert first(PAGE.theory, 25, length=0.5) == pytest.approx(75.5, abs=0.11)
    assert first(lambda angles, n: 1 + 0 * angles, 25) == 90
    assert max(ANGLES) == 90


def made(n, shift, seed, classes=("a", "b"), d=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) + shift
    y = (x[:, 0] > shift).astype(int)
    return Task("made", x[: n // 2], y[: n // 2], x[n // 2 :], y[n // 2 :], classes)


@pytest.mark.parametrize("distance", [0.0, 1.0, 3.0])
def test_the_divergence_is_that_of_two_gaussians(distance):
    """Known in closed form, and told by scikit-learn's discriminant analysis too; the domains are of unequal size."""
    s, t = made(4000, 0.0, 1), made(1000, distance / 3**0.5, 2)
    half = PAGE.terms(s, t)["half the divergence"]
    assert half == pytest.approx(max(0, 1 - 2 * stats.norm.cdf(-distance / 2)), abs=0.04)
    model = LinearDiscriminantAnalysis(priors=[0.5, 0.5])
    model.fit(np.concatenate([s.x_train, t.x_train]), np.repeat([0, 1], [2000, 500]))
    told = np.mean([np.mean(model.predict(task.x_test) != k) for k, task in enumerate((s, t))])
    assert half == pytest.approx(max(0, 1 - 2 * told), abs=0.02)


def test_the_terms_of_the_bound_on_tasks_that_are_one_and_on_tasks_that_contradict():
    s, same = made(2000, 0.0, 1), made(2000, 0.0, 2)
    terms = PAGE.terms(s, same)
    assert all(terms[name] < 0.05 for name in ("source error", "half the divergence", "λ", "target error", "own labels"))
    assert terms["constant"] == pytest.approx(0.5, abs=0.05)
    turned = Task("turned", same.x_train, 1 - same.y_train, same.x_test, 1 - same.y_test, same.classes)
    terms = PAGE.terms(s, turned)
    assert terms["target error"] > 0.95 and terms["own labels"] < 0.05 and 0.9 < terms["λ"] < 1.1
    assert sum(terms[name] for name in PAGE.PARTS) >= terms["target error"] - 0.05


@pytest.mark.parametrize("distance, moved", [(0.5, 0.0), (1.5, 0.0), (1.0, 0.8), (2.0, -1.0)])
def test_the_terms_and_the_theorem_on_a_line_where_all_classifiers_can_be_counted(distance, moved):
    """Rows are one number and a classifier is a threshold, either way round; the labels' own threshold moves too.

    Of one threshold the divergence is twice the statistic of Kolmogorov and Smirnov. The theorem's asks where two thresholds
    disagree: between them. With that one no classifier breaks the bound; ours is at most as large.
    """
    s, t = line(4000, 0.0, 0.0, 3), line(4000, distance, moved, 4)
    found, learned = PAGE.terms(s, t), (s.x_test[:, 0], t.x_test[:, 0])
    assert found["half the divergence"] == pytest.approx(stats.ks_2samp(*learned).statistic, abs=0.03)

    cuts = np.quantile(np.concatenate(learned), np.linspace(0, 1, 81))
    below = [np.mean(x[:, None] < cuts, 0) for x in learned]
    half = max(np.ptp(below[0] - below[1]), np.abs(below[0] - below[1]).max())  # of all that lies between two thresholds
    rights = [np.mean((task.x_test > cuts) == task.y_test[:, None], 0) for task in (s, t)]
    errors = np.concatenate([[1 - one for one in rights], rights], 1)  # (two domains, thresholds of either way round)
    best = errors.sum(0).min()
    assert (errors[1] <= errors[0] + half + best + 1e-9).all()
    assert found["half the divergence"] <= half + 0.02
    assert best - 0.01 <= found["λ"] <= best + 0.1


def line(n, mean, threshold, seed):
    x = np.random.default_rng(seed).normal(mean, 1, (n, 1))
    y = (x[:, 0] > threshold).astype(int)
    return Task("line", x[: n // 2], y[: n // 2], x[n // 2 :], y[n // 2 :], ("a", "b"))


def test_each_part_counts_alike_in_a_fit():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(5000, 2))
    few, many = (x[:50], np.zeros(50, int)), (x, np.ones(5000, int))
    assert abs(fitted(few, many).predict_proba(rng.normal(size=(500, 2)))[:, 1].mean() - 0.5) < 0.1


@needs_tables
def test_whitened_inputs_have_the_identity_as_their_covariance_on_the_target():
    (Xs, Ys), (X, Y) = prepared(*keel("german by age"))
    assert np.allclose(X.T @ X / len(X), np.eye(X.shape[1]), atol=1e-6) and np.allclose(Y.mean(0), 0)
    assert Xs.shape[1] == X.shape[1] and Ys.shape[1] == Y.shape[1] == 2 and np.allclose(Xs.mean(0), 0, atol=1e-6)
    (_, _), (scaled, _) = prepared(*keel("german by age"), white=False)
    assert not np.allclose(scaled.T @ scaled / len(scaled), np.eye(scaled.shape[1]), atol=0.3)


@needs_tables
def test_on_whitened_tables_both_pulls_are_ridges_and_the_law_is_a_difference_of_two_distances():
    X, Y, a, law, cosine = PAGE.solved(*keel("heart by age"))
    b = np.linalg.pinv(X) @ Y
    assert law == pytest.approx((np.sum(b**2) - np.sum((a - b) ** 2)) / np.sum(Y.var(0)))
    assert cosine == pytest.approx(1 - np.sum((a / np.linalg.norm(a) - b / np.linalg.norm(b)) ** 2) / 2)
    ridge = Ridge(alpha=3, fit_intercept=False).fit(X[:30], Y[:30] - X[:30] @ a)
    assert np.allclose(PAGE.towards(a, X[:30], Y[:30], 3), a + ridge.coef_.T)


def test_a_column_that_alone_tells_the_domains_is_left_out_of_both():
    s, t = made(100, 0.0, 1), made(100, 0.0, 2)
    young, old = (
        Task("x", np.c_[task.x_train, tell], task.y_train, np.c_[task.x_test, tell], task.y_test, task.classes)
        for task, tell in ((s, np.full(50, 30)), (t, np.full(50, 40)))
    )
    for task, plain in zip(without_giveaway(young, old), (s, t)):
        assert np.array_equal(task.x_train, plain.x_train) and np.array_equal(task.x_test, plain.x_test)
    for task, plain in zip(without_giveaway(s, t), (s, t)):
        assert task.x_train.shape == plain.x_train.shape


def test_what_foretells_is_measured_in_groups_of_draws():
    gains = np.array([[1.0, 1, -3, -3], [2, 2, 2, 2], [3, 3, 3, 3]])
    says = np.array([1.0, 2, -3])
    assert in_groups(rank_correlation, says, gains, 2).tolist() == pytest.approx([-0.5, -0.5])
    assert in_groups(same_sign, says, gains, 2).tolist() == pytest.approx([2 / 3, 1 / 3])

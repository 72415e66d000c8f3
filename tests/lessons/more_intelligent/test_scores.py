"""The scores of lesson 16's page, each against a reference that is made in another way."""

import numpy as np
import pytest
from scipy import optimize, stats
from sklearn.covariance import ledoit_wolf

from tests.lessons.more_intelligent.examples import ACCURACY, AGREEMENT, SCORE, SOURCES, TARGETS, all_pairs
from tests.page import page as read_page
from tests.plots.drawn import Page
from transferlib import changes
from transferlib.datasets import uci_tasks
from transferlib.lessons.more_intelligent import pairs, plots, texts
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.training import train, train_source


@pytest.fixture(scope="module")
def lesson():
    return read_page("16")


def made(seed, n=40, d=6, classes=3, apart=1.0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    F = rng.normal(size=(n, d)) + apart * rng.normal(size=(classes, d))[y]
    answers = rng.dirichlet(np.ones(4), n)
    return pairs.Seen(rng.random((n, 5)), y, F, answers, rng.normal(size=(30, d)) + 0.5)


@pytest.mark.parametrize("seed, n, d", [(0, 40, 6), (1, 60, 10), (2, 25, 4)])
def test_log_me_is_the_largest_evidence(lesson, seed, n, d):
    """Against the density of the labels, a normal with covariance I/b + F Fᵀ/a, maximised over a and b by SciPy."""
    seen = made(seed, n, d)

    def minus(logs, t):
        a, b = np.exp(logs)
        return -stats.multivariate_normal(np.zeros(n), np.eye(n) / b + seen.F @ seen.F.T / a).logpdf(t) / n

    best = [-optimize.minimize(minus, [0, 0], (t,), "Nelder-Mead", tol=1e-8).fun for t in np.eye(3)[seen.y].T]
    assert lesson.log_me(seen) == pytest.approx(np.mean(best), abs=1e-4)


def test_h_score_is_its_definition(lesson):
    seen = made(3)
    F = seen.F - seen.F.mean(0)
    between = sum((seen.y == c).mean() * np.outer(m, m) for c in range(3) if (m := F[seen.y == c].mean(0)) is not None)
    shrunk, share = ledoit_wolf(F)
    assert lesson.h_score(seen) == pytest.approx((1 - share) * np.trace(np.linalg.inv(shrunk) @ between), rel=1e-6)


def test_h_score_without_shrinking_is_classes_minus_one(lesson):
    """What exercise 3 says."""
    seen = made(4, n=50, d=64, classes=10)
    F = seen.F - seen.F.mean(0)
    means = np.stack([F[seen.y == c].mean(0) for c in seen.y])
    assert np.trace(np.linalg.pinv(F.T @ F) @ (means.T @ means)) == pytest.approx(9)
    assert lesson.h_score(seen) < 9


def test_cka_is_the_ratio_of_hsic_on_similarities(lesson):
    seen = made(5)
    centre = np.eye(40) - 1 / 40
    K, L = centre @ seen.F @ seen.F.T @ centre, centre @ (seen.y[:, None] == seen.y) @ centre
    assert lesson.cka(seen) == pytest.approx(np.sum(K * L) / np.sqrt(np.sum(K * K) * np.sum(L * L)))


def test_leep_is_its_definition(lesson):
    seen = made(6)
    joint = np.array([[seen.answers[seen.y == c, z].sum() / 40 for z in range(4)] for c in range(3)])
    told = [np.log(sum(joint[y, z] / joint[:, z].sum() * p[z] for z in range(4))) for y, p in zip(seen.y, seen.answers)]
    assert lesson.leep(seen) == pytest.approx(np.mean(told))


def test_the_probe_leaves_each_row_out(lesson):
    seen = made(7, n=30, apart=0.7)
    F = seen.F - seen.F.mean(0)
    F = np.c_[F / np.sqrt((F**2).sum(1).mean()), np.ones(30)]
    right = 0
    for i in range(30):
        rest = np.arange(30) != i
        w = np.linalg.solve(F[rest].T @ F[rest] + 0.1 * np.eye(7), F[rest].T @ np.eye(3)[seen.y[rest]])
        right += (F[i] @ w).argmax() == seen.y[i]
    assert lesson.probe(seen) == pytest.approx(right / 30) and 0.4 < right / 30 < 1


def test_nearness_falls_as_the_clouds_part(lesson):
    seen = made(8)
    near = [lesson.nearness(seen._replace(home=seen.F + by)) for by in (0, 1, 2)]
    spread = np.sqrt(2 * seen.F.var(0).sum())
    assert near == pytest.approx([0, -np.sqrt(6) / spread, -np.sqrt(24) / spread])


def test_the_pixels_know_no_source(lesson):
    one, two = made(9), made(10)
    assert lesson.pixels(one) == lesson.pixels(one._replace(F=two.F, answers=two.answers, home=two.home))


def test_a_score_of_the_targets_mean_agrees_over_all_pairs_and_orders_nothing_within(lesson):
    rng, level = np.random.default_rng(11), np.arange(4.0)[:, None, None]
    accuracy = level + 0.1 * rng.random((4, 9, 10))
    knows_target = level + 0.1 * rng.random((4, 9, 10))
    assert lesson.over_all(knows_target, accuracy).mean() > 0.9
    assert abs(lesson.within(knows_target, accuracy).mean()) < 0.25
    assert lesson.within(accuracy.mean(-1, keepdims=True) + 0 * accuracy, accuracy).mean() > 0.9


def test_the_correlations_leave_the_draw_out(lesson):
    other = np.delete(ACCURACY, 2, -1).mean(-1)
    assert lesson.in_others(SCORE[1], ACCURACY[1])[2] == pytest.approx(stats.spearmanr(SCORE[1, :, 2], other[1])[0])
    assert lesson.in_others(SCORE, ACCURACY)[2] == pytest.approx(stats.spearmanr(SCORE[..., 2], other, axis=None)[0])
    assert lesson.over_all(SCORE, ACCURACY).mean() == pytest.approx(lesson.in_others(SCORE, ACCURACY).mean())
    within = np.mean([lesson.in_others(*target).mean() for target in zip(SCORE, ACCURACY)])
    assert lesson.within(SCORE, ACCURACY).mean() == pytest.approx(within)


def test_the_error_of_a_correlation_is_its_spread_over_fresh_draws(lesson):
    """The score is the same in all draws, so that only the accuracies vary, which the draws share."""
    rng, truth = np.random.default_rng(13), np.linspace(0, 1, 12)[:, None]
    fresh = [(truth + 0 * noise, truth + noise) for noise in 1.5 * rng.normal(size=(100, 12, 10))]
    told, alone = ([measure(*both) for both in fresh] for measure in (lesson.over_all, lesson.in_others))
    spread = np.std([each.mean() for each in told])
    error, too_small = (np.sqrt(np.mean([each.var(ddof=1) / 10 for each in made])) for made in (told, alone))
    assert error == pytest.approx(spread, rel=0.25) and too_small < spread / 2


def test_a_score_that_says_the_same_of_all_sources_has_no_order(lesson):
    assert lesson.over_all(0 * ACCURACY, ACCURACY) == pytest.approx(np.zeros(ACCURACY.shape[-1]))
    one, two = lesson.within(SCORE[:2], ACCURACY[:2]), lesson.within(SCORE[:1], ACCURACY[:1])
    tied = np.stack([SCORE[0], 0 * SCORE[1] + 0.6])
    assert lesson.within(tied, ACCURACY[:2]) == pytest.approx(two / 2) != pytest.approx(one)


def test_what_is_lost(lesson):
    accuracy = np.tile(np.array([[0.5, 0.7, 0.9], [0.8, 0.6, 0.4]])[..., None], 10)
    assert lesson.loses(accuracy, accuracy) == pytest.approx(np.zeros(10))
    assert lesson.loses(-accuracy, accuracy) == pytest.approx(np.full(10, 0.4))
    assert lesson.loses(0 * accuracy, accuracy) == pytest.approx(np.full(10, 0.2))


def test_what_is_seen_is_no_test_row_and_what_the_network_computes():
    target, source = uci_tasks()["parity"], pairs.nine_sources()["five digits"]
    seen = pairs.seen(source, target, 3, 0)
    few = target.few(3, 0)
    assert np.array_equal(seen.pixels, few.x_train) and np.array_equal(seen.y, few.y_train)
    alone, weights = pairs._learned(source, 0)
    alone.load(weights)
    assert np.allclose(seen.F, alone.shared.predict(few.x_train, verbose=0), atol=1e-5)
    assert seen.answers == pytest.approx(alone.model("source").predict(few.x_train, verbose=0), abs=1e-5)


def test_the_nine_sources_are_what_their_names_say():
    made = pairs.nine_sources()
    digits = made["digit"]
    assert np.array_equal(made["parity"].y_test, digits.y_test % 2)
    assert np.array_equal(made["5 or more"].y_train, digits.y_train > 4)
    assert set(made["five digits"].y_train) == set(range(5))
    for c in range(10):
        assert made["slant"].y_train[digits.y_train == c].mean() == pytest.approx(0.5, abs=0.01)


def test_a_source_is_carried_over():
    """With labels enough, a frozen source of the same question beats one of random labels; from scratch knows neither."""
    from transferlib.strategies import SCRATCH

    few = {name: pairs.nine_sources()[name] for name in ("digit", "random labels")}
    frozen = pairs.outcomes(FIX_COMMON, 5, 2, sources=few)["accuracy"][0].mean(-1)
    scratch = pairs.outcomes(SCRATCH, 5, 2, sources=few)["accuracy"][0]
    assert frozen[0] - frozen[1] > 0.02 and np.array_equal(*scratch)


def test_a_run_that_is_judged_on_its_way_ends_where_the_other_ends():
    few = {"digit": pairs.nine_sources()["digit"]}
    ends = pairs.outcomes(SHARE_WEIGHTS, 2, 2, sources=few)
    curves = pairs.outcomes(SHARE_WEIGHTS, 2, 2, sources=few, every=100)
    assert curves["accuracy"].shape == (4, 1, 2, 3)
    for what, values in curves.items():
        assert np.allclose(values[..., -1], ends[what], atol=1e-3)
        assert not np.allclose(values[..., 0], values[..., -1], atol=1e-3)


def test_networks_side_by_side_learn_what_each_learns_alone():
    """Against `train`, a network after the other; a target of two classes beside one of fourteen."""
    few, targets = {name: pairs.nine_sources()[name] for name in ("digit", "scrambled")}, uci_tasks()
    for strategy in (FIX_COMMON, SHARE_WEIGHTS.but(name="a tenth", move=0.1, head_first=100)):
        together = pairs.outcomes(strategy, 2, [3], sources=few)
        for row, name in ((1, "parity"), (2, "writer")):
            pair, target = Pair(100, (64,), (), classes=(2, len(targets[name].classes))), targets[name].few(2, 3)
            for place, source in enumerate(few.values()):
                weights = pair.weights() | {"shared": pairs._learned(source, 3)[1]["shared"]}
                run = train(pair, target, strategy, weights=weights, seed=3, rate=3e-3, every=300)
                assert together["accuracy"][row, place, 0] == pytest.approx(run.target_accuracy[-1], abs=2e-3)
                assert together["loss"][row, place, 0] == pytest.approx(run.target_loss[-1], rel=2e-3)


def test_a_source_that_learns_on_is_refused():
    with pytest.raises(ValueError, match="'share gradients', and here no source learns on: take alpha 0"):
        pairs.outcomes([SHARE_WEIGHTS, SHARE_GRADIENTS])


def test_rows_that_are_held_out_count_once_each():
    """Against `train` on the same rows; they are far fewer than the program judges."""
    few, strategies = {"digit": pairs.nine_sources()["digit"]}, [SHARE_WEIGHTS, SHARE_WEIGHTS.but(name="still", move=0.0)]
    judged = pairs.outcomes(strategies, 3, [3], validation=1, sources=few)
    assert judged["loss"].shape == (2, 4, 1, 1)
    for place, strategy in enumerate(strategies):
        for row, target in enumerate(uci_tasks().values()):
            pair, held = Pair(100, (64,), (), classes=(2, len(target.classes))), changes.held_out(target, 2, 1, 3)
            weights = pair.weights() | {"shared": pairs._learned(few["digit"], 3)[1]["shared"]}
            run = train(pair, held, strategy, weights=weights, seed=3, rate=3e-3, every=300)
            assert judged["accuracy"][place, row, 0, 0] == pytest.approx(run.target_accuracy[-1], abs=1e-4)
            assert judged["loss"][place, row, 0, 0] == pytest.approx(run.target_loss[-1], rel=2e-3)


def test_a_source_learns_as_it_does_alone():
    for name in ("five digits", "parity"):
        source = pairs.nine_sources()[name]
        alone, weights = pairs._learned(source, 3)
        run = train_source(alone, source, seed=3)
        for part in ("shared", "source"):
            for ours, theirs in zip(weights[part], run.weights[part]):
                assert np.allclose(ours, theirs, atol=5e-3), (name, part, np.abs(ours - theirs).max())


needs_texts = pytest.mark.skipif(bool(texts.missing()), reason=texts.missing())


@needs_texts
def test_no_target_of_texts_is_its_own_source_and_no_text_is_in_both():
    targets, sources = texts.texts()
    assert list(targets) == list(sources) == list(texts.TASKS)
    assert sum(map(len, sources.values())) == 35
    for name, target in targets.items():
        assert name not in sources[name] and len(sources[name]) == 7
        assert np.bincount(target.y_train).tolist() == [texts.POOL] * len(target.classes)
        own = {row.tobytes() for row in np.concatenate([target.x_train, target.x_test])}
        assert len(own) == len(target.y_train) + len(target.y_test), "no text stands there twice"
        for source in sources[name].values():
            assert not own & {row.tobytes() for row in source.x_train}, (name, source.name)


@needs_texts
def test_a_review_is_in_one_half_and_the_labels_are_those_of_the_texts():
    half = texts._halves()["news"]
    x, y, groups = texts.numbers()["news"]
    told = texts.sentiment("news")
    assert len(y) == texts.NUMBER and np.bincount(y).tolist() == [texts.NUMBER // 2] * 2
    where = {group: told.y[told.groups == group] for group in set(groups)}
    assert all(label in where[group] for label, group in zip(y, groups))
    assert not set(map(bytes, half.x_train)) & set(map(bytes, half.x_test))
    made = {row.tobytes(): group for row, group in zip(_scaled(x), groups)}
    sides = [{made[row.tobytes()] for row in rows} for rows in (half.x_train, half.x_test)]
    assert sides[0] and sides[1] and not sides[0] & sides[1]


def _scaled(x):
    """Each number by the mean and deviation that it has over all texts."""
    everything = np.concatenate([each[0] for each in texts.numbers().values()])
    deviation = everything.std(0)
    scaled = (x - everything.mean(0)) * (0.25 / np.where(deviation > 1e-6, deviation, np.inf))
    return scaled.astype(np.float32)


def test_the_same_question_is_read_from_the_names():
    world = pairs.World(dict.fromkeys("ab"), {"a": dict.fromkeys("xyz"), "b": dict.fromkeys("xyw")})
    made = read_page("16", draws=2).by_question(world, {"a": ["x", "z"]})
    assert made.tolist() == [[[1, 1], [0, 0], [1, 1]], [[0, 0], [0, 0], [0, 0]]]


def test_all_pairs_are_drawn():
    figure = plots.scatter(SCORE, ACCURACY, TARGETS, SOURCES, AGREEMENT, name="LogME").figure
    page = Page(figure.axes[0])
    all_pairs(page)
    page.is_done()

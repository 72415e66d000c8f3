"""The dial: named values, checked settings, and each combination of gradients against NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from transferlib.strategies import COMBINATIONS, HEAD_FIRST, NAMED, SHARE_WEIGHTS, Strategy, combine

REFERENCE = {
    "sum": lambda t, s, step: t + s,
    "alternating": lambda t, s, step: s if step % 2 else t,
    "gate": lambda t, s, step: t + s if np.dot(t, s) >= 0 else t,
    "weighted": lambda t, s, step: t + max(0, np.dot(t, s) / (np.linalg.norm(t) * np.linalg.norm(s) or 1)) * s,
    "pcgrad": lambda t, s, step: project(t, s) + project(s, t),
    "one-sided": lambda t, s, step: t + project(s, t),
}


def project(a, b):
    """a without what opposes b."""
    return a - (a @ b) / (b @ b) * b if a @ b < 0 else a


def cases():
    rng = np.random.default_rng(0)
    for _ in range(25):
        yield rng.normal(size=(2, 7)).astype("float32")
    a = rng.normal(size=7).astype("float32")
    yield a, -a  # straight against each other
    yield a, a
    yield a, 0 * a  # the source's gradient left out
    yield 0 * a, a
    yield np.float32([1, 0]), np.float32([0, 1])


@pytest.mark.parametrize("name", COMBINATIONS)
def test_combinations_as_numpy_does_them(name):
    which = list(COMBINATIONS).index(name)
    conflicts = 0
    for g_t, g_s in cases():
        conflicts += g_t @ g_s < 0
        for step in (0, 1, 2, 3, 5):
            got = combine(which, tf.constant(g_t), tf.constant(g_s), step).numpy()
            np.testing.assert_allclose(got, REFERENCE[name](g_t, g_s, step), atol=1e-5, err_msg=f"{g_t} {g_s}")
    assert 5 < conflicts < 25, "the cases hold conflicts and agreements"


@pytest.mark.parametrize("name", COMBINATIONS)
@pytest.mark.parametrize("size_t", [1e-12, 1e-10, 1e-5, 1.0, 1e10, 1e20])
@pytest.mark.parametrize("size_s", [1e-12, 1e-10, 1.0, 1e10, 1e20])
def test_a_combination_does_not_depend_on_the_size_of_the_gradients(name, size_t, size_s):
    """Squares leave float32 at 1e-19 and 1e19; compiled too, as in the loop."""
    for compiled in (False, True):
        made = tf.function(combine, jit_compile=True) if compiled else combine
        for g_t, g_s in cases():
            g_t, g_s = np.float32(g_t) * np.float32(size_t), np.float32(g_s) * np.float32(size_s)
            got = made(list(COMBINATIONS).index(name), tf.constant(g_t), tf.constant(g_s), 0).numpy()
            expected = REFERENCE[name](np.float64(g_t), np.float64(g_s), 0)
            assert np.isfinite(got).all()
            tolerance = 1e-5 * (np.abs(g_t).max() + np.abs(g_s).max())
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=tolerance, err_msg=f"{g_t} {g_s}")
            if compiled:
                break


def test_gradients_of_ordinary_size_are_combined_to_the_bit_as_by_the_formulas():
    rng = np.random.default_rng(3)
    for scale in (1e-4, 1e-2, 1.0, 30.0):
        for _ in range(20):
            t, s = (tf.constant(scale * rng.normal(size=999), tf.float32) for _ in range(2))
            dot, tt, ss = (tf.reduce_sum(a * b) for a, b in ((t, s), (t, t), (s, s)))
            low = tf.minimum(dot, 0.0)
            for name, c in {
                "weighted": (1.0, tf.maximum(0.0, dot / tf.sqrt(tt * ss))),
                "pcgrad": (1.0 - low / tt, 1.0 - low / ss),
                "one-sided": (1.0 - low / tt, 1.0),
            }.items():
                got = combine(list(COMBINATIONS).index(name), t, s, 0)
                assert (got.numpy() == (c[0] * t + c[1] * s).numpy()).all(), name


def test_after_pcgrad_neither_gradient_opposes_the_others_original():
    """combine gives the sum; what is left of each is found by leaving the other's share out of it."""
    which, conflicts = list(COMBINATIONS).index("pcgrad"), 0
    for g_t, g_s in cases():
        both = combine(which, tf.constant(g_t), tf.constant(g_s), 0).numpy()
        conflicts += g_t @ g_s < -1e-3
        assert both @ g_t >= -1e-4 and both @ g_s >= -1e-4, "the sum opposes neither"
        if g_t @ g_s < -1e-3:  # both have given way: along either, only the other's projection is left
            assert both @ g_t == pytest.approx(g_t @ g_t - (g_t @ g_s) ** 2 / (g_s @ g_s), abs=1e-3)
            assert both @ g_s == pytest.approx(g_s @ g_s - (g_t @ g_s) ** 2 / (g_t @ g_t), abs=1e-3)
    assert conflicts > 5


def test_the_one_sided_source_never_opposes_the_target():
    which = list(COMBINATIONS).index("one-sided")
    for g_t, g_s in cases():
        part = combine(which, tf.constant(g_t), tf.constant(g_s), 0).numpy() - g_t
        assert part @ g_t >= -1e-5


def test_the_four_named_strategies():
    dial = {name: (s.start, s.move, s.alpha) for name, s in NAMED.items()}
    assert dial == {
        "from scratch": ("random", 1, 0),
        "fix common": ("source", 0, 0),
        "share weights": ("source", 1, 0),
        "share gradients": ("source", 1, 1),
    }


def test_a_strategy_is_a_frozen_value():
    half = SHARE_WEIGHTS.but(name="half", move=0.5)
    assert half == Strategy("half", "source", 0.5) and half != SHARE_WEIGHTS and len({half, SHARE_WEIGHTS}) == 2
    with pytest.raises(AttributeError):
        half.move = 1


def test_a_number_a_layer_is_a_value_too():
    ways = [SHARE_WEIGHTS.but(move=move) for move in ([0, 0.5], np.array([0, 0.5]), (0.0, 0.5))]
    assert len(set(ways)) == 1 and ways[0].move == (0, 0.5) == ways[0].moves
    assert SHARE_WEIGHTS.moves == (1,) and SHARE_WEIGHTS.but(move=np.float32(0.5)).moves == (0.5,), "NumPy's numbers too"
    frozen = {move: SHARE_WEIGHTS.but(move=move).frozen for move in (0, 0.1, (0.0, 0.0), (0.0, 0.5))}
    assert list(frozen.values()) == [True, False, True, False]


def test_a_strategy_is_shown_as_it_is_typed_and_without_what_is_not_set():
    assert repr(NAMED["fix common"]) == (
        "Strategy(name='fix common', start='source', move=0.0, alpha=0.0, combine='sum', head='random')"
    )
    every = dict(move=(0.5, 1.0), head_first=3, batchnorm="frozen")
    for strategy in (HEAD_FIRST, SHARE_WEIGHTS.but(**every)):
        assert eval(repr(strategy)) == strategy
    assert repr(HEAD_FIRST).endswith("head='random', head_first=150)")


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(name=""), "name must be a text, for plots to call it by, not ''"),
        (dict(name=3), "name must be a text, for plots to call it by, not 3"),
        (dict(move="0.3"), "move must be a number between .* not '0.3'"),
        (dict(move=True), "move must be a number between .* not True"),
        (dict(alpha=None), "alpha must be 0 or a positive number, not None"),
        (dict(start="middle"), "start must be 'source' or 'random', not 'middle'"),
        (dict(head=None), "head must be"),
        (dict(move=-0.1), r"between 0 \(frozen\) and 1 \(full\)"),
        (dict(move=1.5), "between 0"),
        (dict(move=float("nan")), "between 0"),
        (dict(alpha=-1), "alpha must be 0 or a positive number"),
        (dict(alpha=float("inf")), "alpha must be"),
        (dict(move=()), "move must be a number, or one for each layer .* not none"),
        (dict(move=(0.5, True)), "move must be a number between .*, or one a layer; not True"),
        (dict(move=(0.5, 2)), r"move must be a number between 0 \(frozen\) and 1 \(full\), .* not 2"),
        (dict(move=((0.5,),)), r"move must be a number between .* not \(0.5,\)"),
        (dict(head_first=-1), "head_first must be a whole number, 0 or more, not -1"),
        (dict(head_first=None), "head_first must be"),
        (dict(batchnorm=True), "batchnorm must be 'live' or 'frozen', not True"),
        (dict(combine="mean"), "no combination is called 'mean'; choose one of sum, alternating"),
    ],
)
def test_bad_settings_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        SHARE_WEIGHTS.but(**change)

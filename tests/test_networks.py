"""The pair of networks: what is shared is one object, weights come and go whole, and the table says what is there."""

import keras
import numpy as np
import pytest

from transferlib.networks import PARTS, Pair


@pytest.fixture
def pair():
    return Pair(12, shared=(8, 6), private=(5,), classes=(3, 4))


def test_the_two_models_share_the_same_objects(pair):
    models = pair.model("source"), pair.model("target")
    assert all(isinstance(m, keras.Model) for m in models)
    assert models[0].get_layer("shared") is models[1].get_layer("shared") is pair.shared
    common = {id(v) for v in models[0].variables} & {id(v) for v in models[1].variables}
    assert common == {id(v) for v in pair.shared.variables}
    assert [m.output_shape for m in models] == [(None, 3), (None, 4)]


def test_a_change_of_the_shared_part_moves_both_and_of_a_private_part_one(pair):
    x = np.ones((1, 12), "float32")

    def outputs():
        return [keras.ops.convert_to_numpy(pair.model(task)(x)) for task in ("source", "target")]

    for part, moved in (("shared", [True, True]), ("source", [True, False]), ("target", [False, True])):
        before, bias = outputs(), getattr(pair, part).layers[-1].bias
        bias.assign(bias + 10 * np.eye(bias.shape[0])[0])
        assert [bool((a != b).any()) for a, b in zip(before, outputs())] == moved, part


def test_an_ordinary_keras_model(pair, tmp_path):
    model = pair.model("target")
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = np.random.default_rng(0).normal(size=(20, 12)), np.arange(20) % 4
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), atol=1e-6)


def test_weights_come_and_go(pair):
    fresh = pair.fresh(1)
    pair.load(fresh)
    for part in PARTS:
        assert all((a == b).all() for a, b in zip(pair.weights()[part], fresh[part]))
    pair.weights()["shared"][0][:] = 7
    assert (pair.weights()["shared"][0] != 7).all(), "weights() gives copies"


def test_load_changes_nothing_when_something_does_not_fit(pair):
    before, wrong = pair.weights(), pair.fresh(1)
    wrong["target"] = wrong["target"][:-1]
    with pytest.raises(ValueError, match="the weights of the target part have the shapes"):
        pair.load(wrong)
    assert all((a == b).all() for part in PARTS for a, b in zip(pair.weights()[part], before[part]))


def test_fresh_is_glorot_uniform_and_seeded():
    pair = Pair(400, (300,), (), classes=(10, 10))
    a, b, c = pair.fresh(0), pair.fresh(0), pair.fresh(1)
    assert (a["shared"][0] == b["shared"][0]).all() and (a["shared"][0] != c["shared"][0]).any()
    assert (a["source"][0] != a["target"][0]).any(), "the two private parts start differently"
    limit = np.sqrt(6 / 700)
    assert np.abs(a["shared"][0]).max() <= limit and a["shared"][0].std() == pytest.approx(limit / np.sqrt(3), rel=0.01)
    assert not a["shared"][1].any(), "biases start at zero"


def test_glorot_of_a_convolution_counts_its_receptive_field():
    layers = keras.layers.Reshape((12, 12, 1)), keras.layers.Conv2D(32, 3), keras.layers.Flatten()
    kernel = Pair(144, layers, (), classes=(2, 2)).fresh(0)["shared"][0]
    limit = np.sqrt(6 / (9 * (1 + 32)))
    assert 0.9 * limit < np.abs(kernel).max() <= limit


@pytest.mark.parametrize("shared, private", [((), (4,)), ((4,), ()), ((), ())])
def test_any_depth_even_none(shared, private):
    pair = Pair(6, shared, private, classes=(2, 3))
    assert pair.model("target").output_shape == (None, 3)
    assert pair.describe().parameters.sum() == sum(v.numpy().size for part in PARTS for v in getattr(pair, part).variables)


def test_describe_says_what_is_trainable_and_for_whom(pair):
    table = pair.describe()
    assert table["used by"].tolist() == ["source and target", "source", "target"]
    assert table["parameters"].tolist() == [12 * 8 + 8 + 8 * 6 + 6, 6 * 5 + 5 + 5 * 3 + 3, 6 * 5 + 5 + 5 * 4 + 4]
    assert table["trainable"].tolist() == ["yes"] * 3
    pair.shared.trainable = False
    assert pair.describe()["trainable"].tolist() == ["no", "yes", "yes"]
    pair.shared.trainable = True
    pair.shared.layers[0].trainable = False
    assert pair.describe()["trainable"].tolist() == ["partly", "yes", "yes"]


@pytest.mark.parametrize("spec", [(0,), (-3,), ("64",), (2.5,)])
def test_a_layer_that_is_none_is_named(spec):
    with pytest.raises(ValueError, match="shared part: .* is neither a number of units nor a Keras layer"):
        Pair(6, shared=spec)


def test_an_unknown_model_is_named(pair):
    with pytest.raises(ValueError, match="choose 'source' or 'target'"):
        pair.model("tgt")

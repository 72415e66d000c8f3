"""The pair of networks: what is shared is one object, weights come and go whole, and the table says what is there."""

import keras
import numpy as np
import pytest

from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task
from transferlib.training import train_source


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


def base():
    """A network that somebody else trained: its weights, biases too, are not as Keras begins."""
    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(7), keras.layers.BatchNormalization()])
    rng = np.random.default_rng(0)
    model.set_weights([np.abs(rng.normal(size=w.shape)) + 0.1 for w in model.get_weights()])
    return model


def test_what_is_handed_in_keeps_its_weights():
    given, x = base(), np.random.default_rng(1).normal(size=(4, 12))
    expected, known = given.predict(x, verbose=0), given.get_weights()
    pair = Pair(12, shared=(given,), private=(), classes=(2, 2))
    assert pair.shared.layers[0] is given, "the very object is shared"
    np.testing.assert_allclose(pair.shared.predict(x, verbose=0), expected, atol=1e-6)
    for a, b in zip(pair.weights()["shared"], known):
        np.testing.assert_array_equal(a, b)


def test_step_1_begins_where_the_given_layers_are_and_from_scratch_does_not():
    known, pair = base().get_weights(), Pair(12, shared=(base(), 5), private=(), classes=(2, 2))
    kept, new = pair.fresh(0, keep_given=True), pair.fresh(0)
    assert all((a == b).all() for a, b in zip(kept["shared"], known)), "given: kernel, bias and BatchNorm"
    assert (kept["shared"][-2] == new["shared"][-2]).all(), "what the pair made itself is drawn"
    assert all((a != b).any() for a, b in zip(new["shared"][: len(known)], known)), "from scratch is from scratch"
    assert not new["shared"][1].any() and (new["shared"][2] == 1).all(), "biases 0, scales 1"


def test_frozen_features_of_a_given_base_are_used_by_training():
    rng = np.random.default_rng(0)
    task, given = Task.split("t", rng.normal(size=(60, 12)), rng.integers(0, 2, 60), "ab", test=20), base()
    known = given.get_weights()
    pair = Pair(12, shared=(given,), private=(), classes=(2, 2))
    run = train_source(pair, task, steps=10, only_private=True)
    assert all((a == b).all() for a, b in zip(run.weights["shared"], known))


def test_a_private_layer_is_copied_for_each_task_with_its_weights():
    layer = keras.layers.Dense(6)
    layer.build((None, 8))
    pair = Pair(12, shared=(8,), private=(layer,), classes=(2, 3))
    own = [pair.source.layers[0], pair.target.layers[0]]
    assert layer not in own and own[0] is not own[1]
    assert all((each.get_weights()[0] == layer.get_weights()[0]).all() for each in own)


@pytest.mark.parametrize(
    "settings, message",
    [
        (dict(inputs=0), "inputs must be a whole number above 0, or a shape of such numbers, not 0"),
        (dict(inputs=(3, -1)), "inputs must be"),
        (dict(inputs="100"), "inputs must be"),
        (dict(classes=10), "classes must be two whole numbers above 0, .* not 10"),
        (dict(classes=(3, 0)), r"classes must be two whole numbers above 0, .* not \(3, 0\)"),
        (dict(classes=(3, 2.5)), "classes must be"),
        (dict(shared=64), r"shared part: a list of layers is expected, such as \(64,\), not 64"),
        (dict(private="64"), "source part: a list of layers is expected"),
        (dict(shared=None), "shared part: a list of layers is expected"),
        (dict(shared=(keras.layers.Conv2D(3, 3),)), r"shared part: these layers do not take an input of shape \(100,\)"),
    ],
)
def test_a_network_that_cannot_be_is_named(settings, message):
    with pytest.raises(ValueError, match=message):
        Pair(**settings)


@pytest.mark.parametrize("spec", [(0,), (-3,), ("64",), (2.5,)])
def test_a_layer_that_is_none_is_named(spec):
    with pytest.raises(ValueError, match="shared part: .* is neither a number of units nor a Keras layer"):
        Pair(6, shared=spec)


def test_an_unknown_model_is_named(pair):
    with pytest.raises(ValueError, match="choose 'source' or 'target'"):
        pair.model("tgt")

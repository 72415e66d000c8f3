"""The pair of networks: what is shared is one object, weights come and go whole, and the table says what is there."""

import io
import re
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib import saving, training
from transferlib.functional import predict
from transferlib.networks import PARTS, Pair, cut
from transferlib.tasks import Task
from transferlib.training import train, train_source


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
    model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
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


def random_task(shape, classes=2, n=60, seed=0, words=None):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, *shape)) if words is None else rng.integers(0, words, (n, *shape))
    return Task.split(f"task {seed}", x, rng.integers(0, classes, n), "abcd"[:classes], test=20)


def as_keras_trains(pair, begin, task, steps, batch, seed):
    """The target's weights after Keras's own layers, losses and Adam on the batches of `train`.

    A word that a batch holds twice has one gradient, the sum, as in the paper. train_on_batch would hand Adam its parts,
    which Keras 3 then squares one by one.
    """
    pair.load(begin)
    model, adam = pair.model("target"), keras.optimizers.Adam(1e-3)
    for rows in training.batch_order(task, seed, 0, training.Budget(steps, batch)):
        with tf.GradientTape() as tape:
            output = model(task.x_train[rows], training=True)
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(task.y_train[rows], output))
        gradients = tape.gradient(loss, model.trainable_variables)
        adam.apply([tf.convert_to_tensor(g) for g in gradients], model.trainable_variables)
    return pair.weights()


L = keras.layers
SHAPES = {  # name: inputs, shared part, private part
    "convolutions": (
        (8, 8, 1),
        lambda: (L.Conv2D(3, 3, use_bias=False), L.BatchNormalization(), L.ReLU(), L.GlobalMaxPooling2D()),
        (),
    ),
    "words": ((6,), lambda: (L.Embedding(9, 4), L.Conv1D(3, 2, activation="relu"), L.GlobalAveragePooling1D()), (5,)),
    "words with a mask": ((6,), lambda: (L.Embedding(9, 4, mask_zero=True),), (L.GlobalAveragePooling1D(),)),
    "recurrence": ((6,), lambda: (L.Embedding(9, 4, mask_zero=True), L.LSTM(5)), ()),
    "layer norm": ((7,), lambda: (5, L.LayerNormalization()), (4,)),
}


@pytest.mark.filterwarnings("ignore:Layer .* does not support masking", "ignore:Gap Layer")
@pytest.mark.parametrize("name", SHAPES)
def test_every_kind_of_layer_trains_as_keras_trains_it(name, monkeypatch):
    shape, shared, private = SHAPES[name]
    with monkeypatch.context() as patch:
        # Word numbers and pictures go past the checks of rows of numbers, which are another's business.
        task = random_task((int(np.prod(shape)),), words=9 if "Embedding" in str(shared()) else None)
        x = np.float32(task.x_train.reshape(-1, *shape)), np.float32(task.x_test.reshape(-1, *shape))
        patch.setattr(training, "task_arrays", raw)
        for attribute, value in zip(("x_train", "x_test"), x):
            object.__setattr__(task, attribute, value)
        keras.utils.set_random_seed(1)
        pair = Pair(shape, shared(), private, classes=(2, 2))
        run = train(pair, task, seed=3, steps=20, batch=8)
    expected = as_keras_trains(pair, training.starting_weights(pair, seed=3), task, 20, 8, 3)
    for part in PARTS:
        for a, b in zip(run.weights[part], expected[part]):
            np.testing.assert_allclose(a, b, atol=1e-5, err_msg=f"{name}: {part}")
    assert any((a != b).any() for a, b in zip(run.weights["shared"], pair.fresh(3)["shared"]))


def raw(task, seed, place, budget, order=None):
    """A task's arrays as they are."""
    order = training.batch_order(task, seed, place, budget)
    return dict(x=task.x_train, y=task.y_train, order=order, x_test=task.x_test, y_test=task.y_test)


def test_a_base_is_cut_at_a_named_layer_and_keeps_its_weights():
    x = keras.Input((12,))
    hidden = keras.layers.Dense(7, name="body", activation="relu")(x)
    base = keras.Model(x, keras.layers.Dense(3, name="top")(hidden))
    shared = cut(base, "body")
    pair = Pair(12, shared=(shared,), private=(), classes=(2, 2))
    assert pair.shared.output_shape == (None, 7) and pair.shared_layers == [base.get_layer("body")]
    rows = np.random.default_rng(0).normal(size=(5, 12)).astype("float32")
    np.testing.assert_allclose(base(rows), base.get_layer("top")(pair.shared(rows)), atol=1e-6)
    assert (pair.fresh(0, keep_given=True)["shared"][0] == base.get_layer("body").kernel.numpy()).all()


def two_inputs():
    a, b = keras.Input((4,)), keras.Input((4,))
    return keras.Model([a, b], keras.layers.Add(name="both")([a, b]), name="base")


def elsewhere():
    """A model with a layer that another model used before."""
    x, y, layer = keras.Input((4,)), keras.Input((4,)), keras.layers.Dense(4, name="lent")
    layer(x)
    return keras.Model(y, layer(y), name="other")


@pytest.mark.parametrize(
    "model, layer, message",
    [
        (
            lambda: keras.Sequential([keras.Input((4,)), L.Dense(2, name="block1"), L.Dense(2, name="top")]),
            "blok1",
            "'blok1'; it has block1$",
        ),
        (
            lambda: keras.Sequential([keras.Input((4,)), L.Dense(2, name="a"), L.Dense(2, name="b")]),
            7,
            "no layer 7; it has a, b",
        ),
        (lambda: keras.Sequential([L.Dense(2, name="a")]), "a", "a Keras model that knows its input"),
        (lambda: "vgg16", "a", "is to be cut, not 'vgg16'"),
        (two_inputs, "both", "base cannot be cut at both: that takes one input to one output"),
        (elsewhere, "lent", "other cannot be cut at lent"),
        (
            lambda: keras.Sequential([keras.Input((12,)), keras.Sequential([fixed()], name="deep"), L.Dense(2, name="top")]),
            "dense_within",
            "no layer 'dense_within'; it lies in 'deep': cut that one",
        ),
    ],
)
def test_a_cut_that_cannot_be_is_named(model, layer, message):
    with pytest.raises(ValueError, match=message):
        cut(model(), layer)


def fixed():
    return keras.Sequential([keras.Input((12,)), L.Dense(3, name="dense_within")])


@pytest.mark.filterwarnings("ignore:Layer .* does not support masking")
@pytest.mark.parametrize(
    "layers, message",
    [
        (lambda: (L.Dense(3, kernel_regularizer="l2"),), r"Dense 'dense\w*' has a regularizer, which adds to the loss"),
        (lambda: (L.Dense(3, activity_regularizer="l2"),), "has a regularizer"),
        (lambda: (L.Dense(3, bias_constraint="non_neg"),), "has a constraint, which changes the weights after each step"),
        (lambda: (L.Dense(3, dtype="float16"),), "has weights of float16; only float32 trains here"),
        (lambda: (L.Normalization(),), "holds what it adapted to outside its weights"),
        (lambda: (L.Reshape((3, 4)), L.LSTM(2, stateful=True)), "stateful"),
        (lambda: (L.Embedding(9, 2, mask_zero=True), L.Dropout(0.1)), "ends with a mask"),
        (lambda: (keras.Model(x := keras.Input((12,)), [L.Dense(2)(x), L.Dense(3)(x)]),), "2 outputs; cut"),
        (lambda: (two_inputs(),), "shared part: these layers do not take an input of shape"),
        (lambda: (keras.Sequential([keras.Input((9,)), L.Dense(2)]),), "shared part: these layers do not take an input of"),
    ],
)
def test_what_train_would_not_keep_is_refused_with_its_reason(layers, message):
    with pytest.raises(ValueError, match=message):
        Pair(12, shared=layers(), private=(), classes=(2, 2))


def test_a_normalization_told_its_mean_is_kept():
    layer = L.Normalization(mean=[2.0] * 12, variance=[4.0] * 12)
    pair = Pair(12, shared=(layer,), private=(), classes=(2, 2))
    np.testing.assert_allclose(pair.shared(np.full((1, 12), 4.0)), np.ones((1, 12)), atol=1e-5)


def freeze(base, how):
    """Freeze a base of one layer as people do."""
    layer = base.layers[0]
    if how == "the base":
        base.trainable = False
    elif how in ("a layer", "all but a bias"):
        layer.trainable = False
    elif how == "a kernel":
        layer.kernel.trainable = False
    else:
        layer.enable_lora(2)
    if how == "all but a bias":
        layer.bias.trainable = True
    return base


@pytest.mark.parametrize(
    "how, message",
    [
        ("the base", r"Dense 'dense\w*' is frozen: here the strategy says what is frozen.* Set its trainable = True"),
        ("a layer", "is frozen: here the strategy says what"),
        ("a kernel", "has a frozen variable, kernel: .* Set kernel.trainable = True"),
        ("all but a bias", "is frozen"),
        ("LoRA", "has LoRA, which freezes its kernel, and which Keras merges into it when it saves"),
    ],
)
def test_what_is_frozen_is_said_in_one_place(how, message):
    """A base that stays frozen would make the control that trains from scratch a random, frozen one."""
    for spec in (dict(shared=(freeze(fixed(), how),)), dict(shared=(), private=(freeze(fixed(), how).layers[0],))):
        with pytest.raises(ValueError, match=message):
            Pair(**{**dict(inputs=12, private=(), classes=(2, 2)), **spec})


@pytest.mark.parametrize("how", ["the base", "a layer", "a kernel", "all but a bias", "LoRA"])
def test_what_is_frozen_later_is_not_trained_nor_saved_and_how_to_thaw_it_is_said(how, tmp_path):
    pair, task = Pair(12, shared=(base := fixed(),), private=(), classes=(2, 2)), random_task((12,))
    freeze(base, how)
    with pytest.raises(ValueError, match="the shared part cannot be saved: Dense"):
        pair.save(tmp_path / "pair")  # Keras would read it back thawed, or without what LoRA learned
    with pytest.raises(ValueError, match="changed after the network was built") as error:
        train(pair, task, steps=1)
    if how == "LoRA":
        assert "make the pair anew" in str(error.value)
        return
    for value in re.findall(r"True|False", str(error.value).split("; set ")[1]):
        pair.shared.trainable = value == "True"
    begin, run = pair.fresh(0), train(pair, task, steps=1)
    assert all((a != b).any() for a, b in zip(run.weights["shared"], begin["shared"]))
    pair.save(tmp_path / "pair")
    assert Pair.open(tmp_path / "pair").describe().equals(pair.describe())


def test_from_scratch_trains_all_that_it_drew():
    pair, task = Pair(12, shared=(base(), 4), private=(3,), classes=(2, 2)), random_task((12,))
    begin, run = pair.fresh(0), train(pair, task, steps=3)
    assert all((a != b).any() for part in ("shared", "target") for a, b in zip(run.weights[part], begin[part]))


def test_statistics_and_frozen_words_are_told_apart():
    norm = L.BatchNormalization()
    assert Pair(12, shared=(norm,), private=(norm,)).describe().trainable.tolist()[0] == "partly"
    with pytest.raises(ValueError, match="Embedding 'words' is frozen"):
        Pair(3, shared=(L.Embedding(9, 4, trainable=False, name="words"), L.Flatten()))


def test_mixed_precision_is_refused():
    with pytest.raises(ValueError, match="computes in float16 .mixed precision.; only float32 trains"):
        Pair(12, shared=(L.Dense(3, dtype="mixed_float16"),), private=())


def test_a_layer_programmed_anew_under_its_name_is_another_network():
    def made(factor):
        class Times(keras.layers.Layer):
            def call(self, x):
                return x * factor

        return Pair(12, shared=(Times(),), private=(), classes=(2, 2))

    a, b, task = made(1.0), made(5.0), random_task((12,))
    assert a.build != b.build and a.build == a.build
    losses = [train(pair, task, steps=1, seed=0).target_loss[0] for pair in (a, b)]
    assert losses[0] != losses[1]
    assert Pair(12, (L.Lambda(lambda x: x),)).build != Pair(12, (L.Lambda(lambda x: x),)).build


def test_a_layer_called_after_its_activation_is_told_by_its_activation():
    def made(activation):
        return Pair(12, (L.Dense(8, name="body"), L.Activation(activation, name=activation)), classes=(2, 2))

    pairs, task = [made(each) for each in ("relu", "tanh", "sigmoid", "relu")], random_task((12,))
    losses = [train(pair, task, steps=5).target_loss[-1] for pair in pairs]
    assert len({pair.build for pair in pairs}) == len(set(losses)) == 3 and losses[0] == losses[3]
    for pair, loss in zip(pairs, losses):
        run = train(pair, task, steps=5)
        said = predict(pair, run.weights, task.x_test)
        np.testing.assert_allclose(-np.log(said[range(20), task.y_test]).mean(), loss, rtol=1e-4)


def test_names_alone_make_no_other_network():
    def made(*names):
        x = keras.Input((12,), name=names[0])
        wide, narrow = L.Dense(4, name=names[1])(x), L.Dense(4, name=names[2])
        return Pair(12, (keras.Model(x, L.Add(name=names[3])([wide, narrow(narrow_in(x, names))])),), classes=(2, 2))

    def narrow_in(x, names):
        return L.Dense(5, activation="relu", name=names[4])(x) * 2.0

    assert made(*"abcde").build == made("relu", "linear", "a", "b", "c").build == made(*"edcba").build


def sine(factor):
    def fn(x):
        return tf.sin(factor * x)

    return fn


def relu(x):
    """Keras writes it down as its own."""
    return tf.sin(3 * x)


@pytest.mark.parametrize(
    "layer",
    [
        lambda: L.Dense(16, activation=sine(5.0)),
        lambda: L.Dense(16, activation=relu),
        lambda: L.Activation(relu),
        lambda: keras.Sequential([L.Reshape((3, 4)), L.LSTM(5, activation=relu)]),
        lambda: keras.Sequential([L.Reshape((3, 2, 2)), L.TimeDistributed(L.TimeDistributed(L.Dense(2, activation=relu)))]),
        lambda: L.Dense(16, activation=keras.saving.register_keras_serializable("test")(sine(2.0))),
        lambda: keras.Sequential([keras.Input((12,)), L.Dense(3, activation=tf.sin)]),
    ],
    ids=["of a factory", "named as Keras's", "as a layer", "in a cell", "two deep", "registered", "TensorFlow's"],
)
def test_a_function_that_is_not_kerass_is_told_by_nothing(layer):
    assert Pair(12, (layer(),)).build != Pair(12, (layer(),)).build


def test_a_function_of_one_name_trains_as_itself(tmp_path):
    task = random_task((12,))
    for activation in (sine(1.0), sine(5.0), relu, "relu"):
        pair = Pair(12, (L.Dense(16, activation=activation),), (), classes=(2, 2))
        run = train(pair, task, steps=5)
        said = predict(pair, run.weights, task.x_test)
        np.testing.assert_allclose(-np.log(said[range(20), task.y_test]).mean(), run.target_loss[-1], rtol=1e-4)
    with pytest.raises(ValueError, match="Keras reads back another relu"):
        Pair(12, (L.Dense(16, activation=relu),)).save(tmp_path / "pair")
    assert not any(tmp_path.iterdir())


def test_what_draws_at_random_counts_as_trainable_whole():
    pair = Pair(12, shared=(4, L.Dropout(0.1)), private=(3, L.Dropout(0.5)), classes=(2, 2))
    assert pair.describe().trainable.tolist() == ["yes"] * 3
    assert pair.describe().parameters.tolist() == [52, 23, 23]


# One file


def test_an_opened_pair_is_the_saved_one(tmp_path):
    keras.utils.set_random_seed(0)
    pair = Pair(12, shared=(base(), 8, L.Dropout(0.2)), private=(5, L.BatchNormalization()), classes=(2, 3))
    rng, x = np.random.default_rng(0), np.float32(np.random.default_rng(1).normal(size=(20, 12)))
    pair.load({part: [np.abs(rng.normal(size=w.shape)).astype(w.dtype) for w in ws] for part, ws in pair.weights().items()})
    pair.save(tmp_path / "pair.zip")
    again = Pair.open(tmp_path / "pair.zip")
    assert again.model("source").get_layer("shared") is again.model("target").get_layer("shared") is again.shared
    for task in ("source", "target"):
        np.testing.assert_allclose(
            again.model(task).predict(x, verbose=0), pair.model(task).predict(x, verbose=0), atol=1e-6
        )
    assert again.build == pair.build and again.describe().equals(pair.describe())
    for keep in (False, True):
        one, two = (p.fresh(3, keep_given=keep) for p in (pair, again))
        for part in PARTS:
            for a, b in zip(one[part], two[part], strict=True):
                np.testing.assert_array_equal(a, b, err_msg=part)
    assert [p.name for p in tmp_path.iterdir()] == ["pair.zip"], "nothing is left beside it"


def test_the_parts_in_the_file_are_kerass_own(pair, tmp_path):
    pair.save(tmp_path / "pair.zip")
    with zipfile.ZipFile(tmp_path / "pair.zip") as archive:
        archive.extract("shared.keras", tmp_path)
    alone = keras.models.load_model(tmp_path / "shared.keras")
    assert all((a == b).all() for a, b in zip(alone.get_weights(), pair.shared.get_weights()))


@pytest.mark.parametrize("broken", ["lambda", "stopped"])
def test_a_save_that_fails_leaves_the_old_file(pair, tmp_path, monkeypatch, broken):
    path = tmp_path / "pair.zip"
    pair.save(path)
    before = path.read_bytes()
    if broken == "lambda":
        with pytest.raises(ValueError, match="Keras does not read the shared part .*Lambda"):
            Pair(12, shared=(L.Lambda(lambda x: x * 2),)).save(path)
    else:

        def stopped(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(saving.os, "replace", stopped)
        with pytest.raises(KeyboardInterrupt):
            pair.save(path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["pair.zip"]


def test_a_kind_of_pair_that_is_not_saved_says_so(tmp_path):
    class Odd(Pair):
        pass

    with pytest.raises(ValueError, match="a Odd pair is not saved; pair.model"):
        Odd(12).save(tmp_path / "odd")
    for path, said in ((tmp_path, "that is a folder"), (tmp_path / "none" / "a", "its folder does not exist")):
        with pytest.raises(ValueError, match=said):
            Pair(12).save(path)


def test_a_file_that_is_no_pair_is_named(pair, tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*none"):
        Pair.open(tmp_path / "none")
    pair.save(tmp_path / "good")
    whole = (tmp_path / "good").read_bytes()
    pair.shared.save(tmp_path / "one.keras")
    for name, content in (
        ("text", b"hello"),
        ("half", whole[: len(whole) // 2]),
        ("changed", whole[:200] + bytes(40) + whole[240:]),
        ("one", (tmp_path / "one.keras").read_bytes()),
        ("other", zipped({"facts.json": '{"format": "transferlib models 9"}'})),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match="not a pair's file, or it is damaged"):
            Pair.open(tmp_path / name)


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()

"""The exercises of lesson 02, shared and private layers."""

import keras
import numpy as np

from transferlib.exercises import Exercise, need, number


def _count(answer):
    number(answer)
    need(answer != 6400, "6,400 are the weights alone. Each of the 64 units has a bias too.")
    need(answer != 100 * 64 + 100, "a bias belongs to each *unit*, of which there are 64; not to each input.")
    need(answer != 64, "64 is the number of units. Each has a weight for every one of the 100 inputs.")
    need(answer == 6464, f"it is not {answer:,}. Units times inputs, and one bias a unit.")
    return "100 × 64 weights and 64 biases."


count = Exercise(
    "count",
    _count,
    ("Every unit has one weight for each input.", "100 inputs × 64 units, and then one bias for each unit."),
    "answer = 100 * 64 + 64",
)


def _saved(answer):
    number(answer)
    need(answer != 12928, "that is the shared layer twice. One copy is still needed; the *other* one is saved.")
    need(answer != 16084, "that is what the pair has. How many more would two separate networks have?")
    need(answer != 22548, "that is what two separate networks have. How many fewer has the pair?")
    need(answer == 6464, f"it is not {answer:,}. Take the pair's total from that of two separate networks.")
    return "exactly one copy of the shared layer: that is all that sharing saves."


saved = Exercise(
    "saved",
    _saved,
    (
        "The panel's caption has both totals.",
        "Two separate networks have 2 × 11,274 parameters; the pair has one shared and two private parts.",
    ),
    "answer = 2 * 11274 - 16084",
)


def _two_models(shared, equal=False):
    """Two small models that share the layers of that many places; the others are new, or equal copies by name and value."""
    spec = (("first", 6), ("second", 5), ("out", 3))
    source = [keras.layers.Dense(n, name=name) for name, n in spec]
    target = [a if i in shared else keras.layers.Dense(a.units, name=a.name) for i, a in enumerate(source)]
    models = [keras.Sequential([keras.Input((4,)), *layers]) for layers in (source, target)]
    if equal:
        models[1].set_weights(models[0].get_weights())
    return models


def _is_shared(answer):
    need(callable(answer), f"a function of two models is asked for, not {type(answer).__name__}.")

    def names(models):
        found = answer(*models)
        need(isinstance(found, (list, set, tuple)), f"it must return a list of names, not {type(found).__name__}.")
        need(
            all(isinstance(name, str) for name in found), "it returns the layers; their *names* were asked for: layer.name."
        )
        return sorted(found)

    need(
        names(_two_models(())) == [],
        "two models whose layers only bear the same names share nothing; it says they do. Compare the objects, with `is`.",
    )
    need(
        names(_two_models((), equal=True)) == [],
        "it takes equal weights for shared ones. A copy is equal today and different after one step. Compare the objects.",
    )
    need(
        names(_two_models((0, 2))) == ["first", "out"],
        "here the first and the last layer are shared; look at all.",
    )
    need(names(_two_models((1,))) == ["second"], "the shared layer in the middle was not found.")
    return "the same object twice, and nothing less, is sharing."


is_shared = Exercise(
    "is_shared",
    _is_shared,
    (
        "model.layers is the list of a model's layers. Equal names, or equal values, are not enough.",
        "`any(a is b for b in second.layers)` asks whether the very object `a` is in the second model too.",
    ),
    """def answer(first, second):
    return [a.name for a in first.layers if any(a is b for b in second.layers)]""",
)


def _dense(model):
    """The Dense layers of a model, those inside nested models too."""
    found = []
    for layer in model.layers:
        found += (
            _dense(layer) if isinstance(layer, keras.Model) else [layer] if isinstance(layer, keras.layers.Dense) else []
        )
    return found


def _build(answer):
    need(
        isinstance(answer, (tuple, list)) and len(answer) == 2 and all(isinstance(m, keras.Model) for m in answer),
        "two Keras models are asked for: answer = (source_model, target_model).",
    )
    source, target = answer
    need(source is not target, "it is one model twice; the private outputs must differ.")
    for role, model, classes in (("source", source, 10), ("target", target, 5)):
        need(model.input_shape == (None, 100), f"the {role} model takes {model.input_shape}; it should take (None, 100).")
        need(
            model.output_shape == (None, classes),
            f"the {role} model gives {model.output_shape}; it should tell {classes} classes apart: (None, {classes}).",
        )
    common = [a for a in _dense(source) if any(a is b for b in _dense(target))]
    need(common, "the two models share no layer. Create the shared layers once, and call the same objects in both models.")
    need(len(common) == 2, f"two shared layers were asked for; these share {len(common)}.")
    need(
        all(layer.units == 32 for layer in common),
        f"the shared layers have {[a.units for a in common]} units; 32 each were asked for.",
    )
    need(
        all(layer.activation is keras.activations.relu for layer in common),
        "a shared layer has no ReLU. Without an activation, two layers in a row are no more than one.",
    )
    rows = np.random.default_rng(0).normal(size=(8, 100)).astype("float32")
    sums = [np.sum(keras.ops.convert_to_numpy(model(rows)), axis=1) for model in answer]
    need(np.allclose(sums, 1, atol=1e-4), "the outputs are no probabilities: their sum is not 1. Use activation='softmax'.")
    return "two shared layers, two private outputs, and no layer that nothing uses."


build = Exercise(
    "build",
    _build,
    (
        "Create two Dense(32, activation='relu') layers, once. Call them on the source's input and on the target's.",
        "Each model then gets a Dense of its own with a softmax: 10 units for the source, 5 for the target.",
        "Pair(100, shared=(32, 32), private=(), classes=(10, 5)) builds the same; .model('source') gives the first.",
    ),
    """first, second = (keras.layers.Dense(32, activation="relu") for _ in range(2))
a, b = keras.Input((100,)), keras.Input((100,))
source_out = keras.layers.Dense(10, activation="softmax")(second(first(a)))
target_out = keras.layers.Dense(5, activation="softmax")(second(first(b)))
answer = keras.Model(a, source_out), keras.Model(b, target_out)""",
)

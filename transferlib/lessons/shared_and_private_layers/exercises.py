"""The exercises of lesson 02, shared and private layers."""

import keras
import numpy as np
from scipy.special import softmax

from transferlib.exercises import code_exercise, exercise, match, need, number, run, several
from transferlib.layers import leaves
from transferlib.tasks import rng_for


@exercise(
    "Every unit has one weight for each input.",
    "200 inputs × 48 units, and then one bias for each unit.",
    solution="answer = 200 * 48 + 48",
)
def count(answer):
    answer = number(answer)
    match(answer, 9648, {
        "9,600 are the weights alone. Each of the 48 units has a bias too.": 9600,
        "a bias belongs to each *unit*, of which there are 48; not to each input.": 9800,
        "a bias belongs to each *unit*: 48 of them, not one for the whole layer.": 9601,
        "weights are one for each pair of an input and a unit: multiply, and do not add.": 248,
        "that is the layer of the lesson, 64 units on 100 inputs; here there are 48 on 200.": 6464,
    }, f"it is not {answer:,}. Units times inputs, and one bias a unit.")  # fmt: skip
    return "200 × 48 weights and 48 biases."


@exercise(
    "What is shared exists once instead of twice.",
    "Make the pair, and look at pair.describe() or pair.shared.count_params().",
    solution="answer = (784 * 128 + 128) + (128 * 64 + 64)",
)
def saved(answer):
    answer = number(answer)
    need(not 0 < answer < 1, "that is the share that is saved; the number of parameters was asked for.")
    match(answer, 108736, {
        "that is the shared part twice. One copy is still needed; the *other* one is saved.": 217472,
        "that is what the pair has. How many more would two separate networks have?": 113391,
        "that is what two separate networks have. How many fewer has the pair?": 222127,
        "that is the whole source network. Its private part is not saved.": 111146,
        "that is the whole target network. Its private part is not saved.": 110981,
        "those are the weights of the shared part; its biases are saved too.": 108544,
        "that is the first shared layer; the second is saved too.": 100480,
        "the pair has fewer, so that many are saved: the difference the other way round.": -108736,
    }, f"it is not {answer:,}. Take the pair's total from that of two separate networks.")  # fmt: skip
    return "exactly one copy of the shared part: that is all that sharing saves."


NAMES = ("first", "second", "third", "out")


def _models(*places, equal=False):
    """Two small models; the second has these layers of the first, and for -1 new ones.

    If both are equally long, the new ones bear the first's names; with `equal` they have its values too.
    """
    names = NAMES if len(places) == len(NAMES) else (None,) * 4
    first, new = ([keras.layers.Dense(5, name=name) for name in some] for some in (NAMES, names))
    for layer in (*first, *new):
        layer.build((None, 5))
    second = [first[i] if i >= 0 else layer for i, layer in zip(places, new)]
    models = [keras.Sequential(layers) for layers in (first, second)]
    if equal:
        models[1].set_weights(models[0].get_weights())
    return models


def _names(found):
    """Some names as five numbers: 1 for each of NAMES that is among them, and 1 if there are others."""
    asked = f"it must return a list of names, not a {type(found).__name__}."
    need(not isinstance(found, dict), asked)
    found = several(found, asked)
    need(all(isinstance(name, str) for name in found), "return the layers' *names*: layer.name.")
    return np.array([*np.isin(NAMES, found), not set(found) <= set(NAMES)], float)


def _told(got, want):
    said, right = (", ".join(np.array([*NAMES, "others"])[which > 0]) or "none" for which in (got, want))
    return f"where {right} are shared it says {said}."


EQUAL = "all(map(np.array_equal, a.get_weights(), b.get_weights()))"
AT_ONE_PLACE = "[a.name for a, b in zip(first.layers, second.layers) if {}]"


@code_exercise(
    "model.layers is the list of a model's layers. Equal names, or equal values, are not enough.",
    "`any(a is b for b in second.layers)` asks whether the very object `a` is in the second model too.",
    solution="""def answer(first, second):
    return [a.name for a in first.layers if any(a is b for b in second.layers)]""",
    mistakes={
        "layers that only bear the same names are not shared. Compare the objects, with `is`.":
            ("a is b → a.name == b.name", AT_ONE_PLACE.format("a.name == b.name")),
        "it takes equal weights for shared ones; a copy is equal until one learns. Compare the objects.":
            (f"a is b → {EQUAL}", AT_ONE_PLACE.format(EQUAL)),
        "it compares layers at the same place only; the shared one may stand elsewhere.": AT_ONE_PLACE.format("a is b"),
        "it returns the layers that are *not* shared.": "set(NAMES) - set(answer(first, second))",
        "it looks at the first layer alone.": "first.layers if → first.layers[:1] if",
        "it stops at the first shared layer; go on through all.": "answer(first, second)[:1]",
    },
    praise="the same object twice, and nothing less, is sharing.",
    read=_names,
    otherwise=_told,
)  # fmt: skip
def is_shared():
    cases = [_models(*places) for places in ((-1, -1, -1, -1), (0, -1, -1, 3), (-1, 1, -1, -1), (-1, 0, 2))]
    return [*cases, _models(-1, -1, -1, -1, equal=True)]


def _through(x, layer, relu=True):
    """What a Dense layer makes of rows, in NumPy, whatever activation it has itself."""
    kernel, *bias = layer.get_weights()
    x = x @ kernel + sum(bias)
    return np.maximum(x, 0) if relu else x


@exercise(
    "Create two Dense(32, activation='relu') layers, once. Call them on the source's and the target's input.",
    "Each model then gets a Dense of its own with a softmax: 10 units for the source, 5 for the target.",
    "Pair(100, shared=(32, 32), private=(), classes=(10, 5)) builds the same; see .model('source').",
    solution="""first, second = (keras.layers.Dense(32, activation="relu") for _ in range(2))
a, b = keras.Input((100,)), keras.Input((100,))
source_out = keras.layers.Dense(10, activation="softmax")(second(first(a)))
target_out = keras.layers.Dense(5, activation="softmax")(second(first(b)))
answer = keras.Model(a, source_out), keras.Model(b, target_out)""",
)
def build(answer):
    asked = "two Keras models are asked for: answer = (source_model, target_model)."
    answer = several(answer, asked, 2)
    need(all(isinstance(model, keras.Model) for model in answer), asked)
    need(answer[0] is not answer[1], "it is one model twice; the private outputs must differ.")
    for role, model, classes in (("source", answer[0], 10), ("target", answer[1], 5)):
        takes, gives = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
        need(takes, f"the {role} model does not say what it takes: begin it with keras.Input((100,)).")
        need(takes == (None, 100), f"the {role} model takes {takes}; it should take (None, 100).")
        told = f"it should tell {classes} classes apart: (None, {classes})."
        need(gives == (None, classes), f"the {role} model gives {gives}; {told}")
    layers = [[layer for layer in dict.fromkeys(leaves(model)) if isinstance(layer, keras.layers.Dense)] for model in answer]
    common = [layer for layer in layers[0] if any(layer is other for other in layers[1])]
    need(common, "the two models share no layer. Create the shared ones once; call the same objects in both.")
    need(len(common) == 2, f"two shared layers were asked for; these share {len(common)}.")
    units = [layer.units for layer in common]
    need(units == [32, 32], f"the shared layers have {units} units; 32 each were asked for.")
    first, second = sorted(common, key=lambda layer: layer.kernel.shape[0], reverse=True)
    row = "should stand one after the other: the second on the first, the output on the second."
    need((first.kernel.shape[0], second.kernel.shape[0]) == (100, 32), f"the shared layers {row}")
    rows = rng_for(0, "exercise").normal(size=(8, 100)).astype("float32")
    for role, model, mine in zip(("source", "target"), answer, layers):
        own = [layer for layer in mine if layer not in common]
        need(len(own) == 1, f"the {role} has {len(own)} private Dense layers; it needs one, its output.")
        need(own[0].kernel.shape[0] == 32, f"the {role}'s layers {row}")

        def made(*relu, end=lambda z: softmax(z, 1), out=own[0]):
            x = rows
            for layer, bent in zip((first, second), relu or (True, True)):
                x = _through(x, layer, bent)
            return end(_through(x, out, relu=False))

        match(run(lambda model=model: keras.ops.convert_to_numpy(model(rows))), made(), {
            "a shared layer has no ReLU; without, two layers are no more than one.": made(False, False),
            "the first shared layer has no ReLU.": made(False, True),
            "the second shared layer has no ReLU.": made(True, False),
            "the outputs are no probabilities, of sum 1: use activation='softmax'.": made(end=lambda z: z),
            "each output is squeezed alone: softmax, not sigmoid.": made(end=lambda z: 1 / (1 + np.exp(-z))),
        }, f"the {role} model is something else than two ReLU layers of 32 and a softmax.", 1e-4)  # fmt: skip
    return "two shared layers, two private outputs, and no layer that nothing uses."

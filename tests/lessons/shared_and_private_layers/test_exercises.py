"""The exercises of lesson 02."""

import keras
import numpy as np
import pytest

from tests.exercises import Tried, every, holds
from transferlib.lessons.shared_and_private_layers import exercises as shared_and_private_layers
from transferlib.lessons.shared_and_private_layers.exercises import NAMES
from transferlib.networks import Pair

Dense, Input = keras.layers.Dense, keras.Input


def ways(units=(32, 32), share=2, classes=(10, 5), activation="relu", out="softmax", inputs=100, own=()):
    """Two models whose first `share` layers are shared, as the exercise asks, or otherwise."""
    shared, models = [Dense(n, activation=activation) for n in units], []
    for c in classes:
        layers = shared[:share] + [Dense(n, activation=activation) for n in units[share:]] + [Dense(n) for n in own]
        models.append(keras.Sequential([Input((inputs,)), *layers, Dense(c, activation=out)]))
    return tuple(models)


def built(body, classes=(10, 5), **settings):
    """Two models of one body, a function of the input, and an output each."""
    models = []
    for c in classes:
        x = Input((100,))
        models.append(keras.Model(x, Dense(c, activation="softmax", **settings)(body(x))))
    return tuple(models)


def relu(n=32, **settings):
    return Dense(n, activation="relu", **settings)


def chain(*layers):
    def body(x):
        for layer in layers:
            x = layer(x)
        return x

    return body


def nested():
    body = keras.Sequential([Input((100,)), relu(), relu()], name="body")
    return [keras.Sequential([Input((100,)), body, Dense(c, activation="softmax")]) for c in (10, 5)]


def separate_relu():
    return built(chain(Dense(32), keras.layers.ReLU(), Dense(32), keras.layers.Activation("relu")))


def softmax_layer():
    a, b, models = relu(), relu(), []
    for c in (10, 5):
        x = Input((100,))
        models.append(keras.Model(x, keras.ops.softmax(Dense(c)(b(a(x))))))
    return models


def pair_models():
    pair = Pair(100, shared=(32, 32), private=(), classes=(10, 5))
    return pair.model("source"), pair.model("target")


def ops_relu():
    a, b = Dense(32), Dense(32)
    return built(lambda x: keras.ops.relu(b(keras.ops.relu(a(x)))))


def side_by_side():
    a, b = relu(), relu()
    return built(lambda x: a(x) + b(x))


def past_the_second():
    a, b = relu(), relu()
    return lambda x: keras.layers.Concatenate()([a(x), b(a(x))])


def three_private():
    return ways(own=(16, 16))


def one_model_twice():
    model = ways(classes=(10,))[0]
    return model, model


def found(same):
    return lambda a, b: [x.name for x in a.layers if any(same(x, y) for y in b.layers)]


def generated(a, b):
    yield from found(lambda x, y: x is y)(a, b)


def alike(x, y):
    return all(np.array_equal(v, w) for v, w in zip(x.get_weights(), y.get_weights()))


def careful(a, b):
    names = {x.name for x in b.layers}
    return [x.name for x in a.layers if x.name in names and b.get_layer(x.name) is x]


PAIR = Pair(784, shared=(128, 64), private=(32,), classes=(10, 5))
LAYER = keras.Sequential([Input((200,)), Dense(48)])
CASES = {
    "count": Tried(
        right=[
            9648,
            9648.0,
            [9648],
            np.sum([9600, 48]),
            np.array(9648),
            LAYER.count_params(),
            sum(v.numpy().size for v in LAYER.weights),
        ],
        wrong=[
            (9600, "the weights alone"),
            (9800, "not to each input"),
            (9601, "not one for the whole layer"),
            (248, "multiply"),
            (6464, "the layer of the lesson"),
            (7000, "it is not 7,000"),
            ("many", "a number is asked for, not 'many'"),
            (True, "a number is asked for, not True"),
        ],
    ),
    "saved": Tried(
        right=[
            108736,
            108736.0,
            np.float32(108736),
            np.array(108736),
            PAIR.shared.count_params(),
            PAIR.describe().loc["shared", "parameters"],
            sum(PAIR.model(task).count_params() for task in ("source", "target")) - PAIR.describe()["parameters"].sum(),
        ],
        wrong=[
            (217472, "twice"),
            (113391, "what the pair has"),
            (222127, "two separate networks have"),
            (111146, "the whole source"),
            (110981, "the whole target"),
            (108544, "its biases"),
            (100480, "the first shared layer"),
            (-108736, "the other way round"),
            (0.49, "the share"),
            (100, "it is not 100"),
            (int, "a number"),
        ],
    ),
    "is_shared": Tried(
        right=[
            generated,
            careful,
            lambda a, b: {x.name for x in a.layers if x in b.layers},
            lambda a, b: tuple(x.name for x in a.layers for y in b.layers if x is y),
            lambda a, b: (y.name for y in b.layers if id(y) in map(id, a.layers)),
            lambda a, b: dict.fromkeys(x.name for x in set(a.layers) & set(b.layers)).keys(),
            lambda a, b: [x.name for x in a.layers if any(x.kernel is y.kernel for y in b.layers)],
            lambda a, b: np.array([x.name for x in a.layers if x in b.layers]),
            lambda a, b: sorted(set(found(lambda x, y: x is y)(b, a)), reverse=True),
        ],
        wrong=[
            (found(lambda x, y: x.name == y.name), "only bear the same names are not shared"),
            (found(alike), "takes equal weights for shared"),
            (lambda a, b: [x.name for x, y in zip(a.layers, b.layers) if x is y], "at the same place"),
            (lambda a, b: [x for x in a.layers if x in b.layers], "layers' *names*"),
            (lambda a, b: [x.name for x in a.layers[:1] if x in b.layers], "the first layer alone"),
            (lambda a, b: [x.name for x in a.layers if x not in b.layers], "*not* shared"),
            (lambda a, b: [x.name for x in a.layers[1:] if x in b.layers], "where first, out are shared it says out."),
            (lambda a, b: [x.name for x in a.layers if x in b.layers][:1], "stops at the first"),
            (lambda a, b: [], "it says none."),
            (lambda a, b: [x.name for x in a.layers], "it says first, second, third, out."),
            (
                lambda a, b: careful(a, b) + [x.name for x in b.layers if x.name not in NAMES],
                "it says first, third, others.",
            ),
            (lambda a, b: [x.name for x in a.layers if b.get_layer(x.name) is x], "your answer raised ValueError"),
            (lambda a, b: True, "not a bool"),
            (lambda a, b: "first", "not a str"),
            (lambda a, b: print(end=""), "`return`"),
            (lambda a, b: (x.nome for x in a.layers), "your answer raised AttributeError"),
            ("first", "a function of"),
        ],
    ),
    "build": Tried(
        right=[
            ways(),
            nested(),
            separate_relu(),
            softmax_layer(),
            pair_models(),
            ops_relu(),
            built(chain(relu(), keras.layers.Dropout(0.5), relu())),
            built(chain(relu(use_bias=False), relu(kernel_initializer="he_normal"))),
        ],
        wrong=[
            (ways()[0], "two Keras models"),
            (ways(share=0), "share no layer"),
            (ways(share=1), "these share 1"),
            (ways(units=(64, 64)), "[64, 64] units"),
            (ways(classes=(10, 10)), "5 classes"),
            (ways(activation=None), "a shared layer has no ReLU"),
            (ways(out=None), "no probabilities"),
            (ways(out="sigmoid"), "not sigmoid"),
            (ways(inputs=64), "it should take (None, 100)"),
            (one_model_twice(), "one model twice"),
            (built(chain(relu(), Dense(32))), "the second shared layer has no ReLU"),
            (built(chain(Dense(32), relu())), "the first shared layer has no ReLU"),
            (ways(activation="tanh"), "something else"),
            (side_by_side(), "the shared layers should stand one after the other"),
            (built(past_the_second()), "the source's layers should stand one after the other"),
            ([keras.Sequential([relu(), relu(), Dense(c)]) for c in (10, 5)], "begin it with keras.Input"),
            (three_private(), "3 private Dense layers"),
        ],
        names=dict(keras=keras),
    ),
}


@pytest.mark.parametrize("name", every(shared_and_private_layers))
def test_exercise(name):
    holds(every(shared_and_private_layers)[name], CASES[name])

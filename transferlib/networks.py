"""A network cut into a shared part and one private part per task, as plain Keras models.

`pair.model("source")` and `pair.model("target")` are ordinary Keras models: compile, fit, save and summarise them. Both
call the *same* `pair.shared` object, so its variables are one set of variables with two users.
"""

import keras
import numpy as np
import pandas as pd

from transferlib.tasks import stream

PARTS = ("shared", "source", "target")


def _stack(spec, name, inputs, classes=None):
    """A Sequential of the given layers; a number n stands for Dense(n, relu), and `classes` adds a softmax of that size."""
    layers = []
    for item in spec:
        if isinstance(item, keras.layers.Layer):
            layers.append(item.__class__.from_config(item.get_config()))  # a copy: a private part is made twice
        elif isinstance(item, (int, np.integer)) and item > 0:
            layers.append(keras.layers.Dense(int(item), activation="relu"))
        else:
            raise ValueError(f"{name} part: {item!r} is neither a number of units nor a Keras layer")
    if classes:
        layers.append(keras.layers.Dense(classes, activation="softmax"))
    return keras.Sequential([keras.Input(inputs), *(layers or [keras.layers.Identity()])], name=name)


class Pair:
    """Two tasks on one network: a shared part (the article's common part, 公共部分), a private part (私有部分) each.

    inputs   how many numbers go in, or the shape of one input
    shared   the layers of the shared part: numbers of units (ReLU), or Keras layers such as Conv2D
    private  the hidden layers of each private part; a softmax over the classes follows them
    classes  how many classes the source and the target have

    >>> pair = Pair(100, shared=(64,), private=(64,), classes=(10, 10))
    >>> pair.model("source").get_layer("shared") is pair.model("target").get_layer("shared")
    True
    """

    def __init__(self, inputs=100, shared=(64,), private=(64,), classes=(10, 10)):
        shape = (inputs,) if isinstance(inputs, (int, np.integer)) else tuple(inputs)
        self.shared = _stack(shared, "shared", shape)
        features = self.shared.output_shape[1:]
        self.source = _stack(private, "source_private", features, classes[0])
        self.target = _stack(private, "target_private", features, classes[1])
        self._join(shape)

    def _join(self, shape):
        """Make the two models of the three parts, and keep what was built, for `fresh` and `check_trainable`."""
        self._models = {}
        for task in ("source", "target"):
            x = keras.Input(shape, name=f"{task}_input")
            self._models[task] = keras.Model(x, getattr(self, task)(self.shared(x)), name=f"{task}_model")
        self._built = self.weights()
        self._trainable = {part: len(getattr(self, part).trainable_variables) for part in PARTS}

    def model(self, task):
        """The whole Keras model of "source" or "target": input → shared part → that task's private part."""
        if task not in self._models:
            raise ValueError(f"there is no model {task!r}; choose 'source' or 'target'")
        return self._models[task]

    def weights(self):
        """All weights now, as copies: {"shared": [arrays], "source": [arrays], "target": [arrays]}."""
        return {part: [v.numpy() for v in getattr(self, part).variables] for part in PARTS}

    def load(self, weights):
        """Put weights, such as `run.weights`, into the models. Nothing is changed when a shape does not fit."""
        pairs = []
        for part in PARTS:
            variables, values = getattr(self, part).variables, weights[part]
            if [tuple(v.shape) for v in variables] != [np.shape(a) for a in values]:
                raise ValueError(
                    f"the weights of the {part} part have the shapes {[np.shape(a) for a in values]}; "
                    f"this network needs {[tuple(v.shape) for v in variables]}"
                )
            pairs += zip(variables, values)
        for variable, value in pairs:
            variable.assign(value)

    def fresh(self, seed):
        """Random starting weights, the same for the same seed on every machine; the models stay as they are.

        Every kernel (two or more axes) is drawn Glorot-uniform (Glorot & Bengio 2010, eq. 16) with NumPy; biases and
        statistics are as Keras made them.
        """
        weights = {}
        for number, part in enumerate(PARTS):
            rng, drawn = stream(seed, "weights", number), []
            for value in self._built[part]:
                if value.ndim >= 2:
                    fan = value.shape[-1] + value.shape[-2]
                    limit = np.sqrt(6 / (fan * np.prod(value.shape[:-2])))
                    value = rng.uniform(-limit, limit, value.shape).astype(value.dtype)
                drawn.append(value.copy())
            weights[part] = drawn
        return weights

    def describe(self):
        """A table, one row a part: its layers, how many parameters, trainable or not, and which task uses it."""
        rows = []
        for part, used_by in zip(PARTS, ("source and target", "source", "target")):
            model = getattr(self, part)
            trainable, every = len(model.trainable_variables), len(model.trainable_variables + model.non_trainable_variables)
            rows.append(
                {
                    "part": "shared" if part == "shared" else f"private to {part}",
                    "layers": " → ".join(short(layer) for layer in model.layers),
                    "parameters": model.count_params(),
                    "trainable": "yes" if every and trainable == every else "partly" if trainable else "no",
                    "used by": used_by,
                }
            )
        return pd.DataFrame(rows).set_index("part")

    def check_trainable(self):
        """Raise when a part was frozen or thawed since the network was built: a strategy decides that for `train`."""
        for part, count in self._trainable.items():
            if len(getattr(self, part).trainable_variables) != count:
                raise ValueError(
                    f"pair.{part}.trainable was changed after the network was built. The strategy says what is frozen "
                    f"here; set pair.{part}.trainable = True again before calling train"
                )


def short(layer):
    """A Keras layer in a word: its kind and its size, where it has one."""
    size = next((getattr(layer, key) for key in ("units", "filters") if hasattr(layer, key)), "")
    return f"{layer.__class__.__name__}({size})" if size else layer.__class__.__name__

"""A network cut into a shared part and one private part per task, as plain Keras models.

`pair.model("source")` and `pair.model("target")` are ordinary Keras models: compile, fit, save and summarise them. Both
call the *same* `pair.shared` object, so its variables are one set of variables with two users.
"""

import itertools
import json
from collections.abc import Sequence
from functools import cached_property
from numbers import Integral

import keras
import numpy as np
import pandas as pd

from transferlib.tasks import stream

PARTS = ("shared", "source", "target")
_unlike = itertools.count()


class Pair:
    """Two tasks on one network: a shared part (the article's common part, 公共部分), a private part (私有部分) each.

    inputs   how many numbers go in, or the shape of one input
    shared   the layers of the shared part: numbers of units (ReLU), or Keras layers and models
    private  the hidden layers of each private part; a softmax over the classes follows them
    classes  how many classes the source and the target have; None is a regression, one number without a softmax

    A Keras layer of the shared part is used as it is, the very object, with the weights that it has. A private part is
    made twice, so each gets a copy of the layers that are handed in, with their weights.

    >>> pair = Pair(100, shared=(64,), private=(64,), classes=(10, 10))
    >>> pair.model("source").get_layer("shared") is pair.model("target").get_layer("shared")
    True
    """

    def __init__(
        self, inputs: int | Sequence[int] = 100, shared=(64,), private=(64,), classes: Sequence[int | None] = (10, 10)
    ):
        shape = tuple(np.atleast_1d(inputs).tolist())
        if not shape or not all(map(_counts, shape)):
            raise ValueError(f"inputs must be a whole number above 0, or a shape of such numbers, not {inputs!r}")
        if np.shape(classes) != (2,) or not all(n is None or _counts(n) and n > 1 for n in classes):
            raise ValueError(
                "classes must be two whole numbers above 0, the source's and the target's, 2 the least, or None in "
                f"the place of one for a regression; not {classes!r}"
            )
        given = {}
        self.shared, given["shared"] = _stack(shared, "shared", shape)
        for task, n in zip(("source", "target"), classes):
            part, given[task] = _stack(private, f"{task}_private", self.shared.output_shape[1:], 1 if n is None else int(n))
            setattr(self, task, part)
        self._join(shape, given)

    def _join(self, shape, given=None):
        """Make the two models of the three parts, and keep what was built, for `fresh` and `check_trainable`.

        given   {part: for each variable, whether it came with a value}; None: none did
        """
        self._given = given or {part: [False] * len(getattr(self, part).variables) for part in PARTS}
        self._models = {}
        for task in ("source", "target"):
            x = keras.Input(shape, name=f"{task}_input")
            self._models[task] = keras.Model(x, getattr(self, task)(self.shared(x)), name=f"{task}_model")
        self._begun = self.weights()
        self._trainable = self._flags()

    def _flags(self):
        return {part: [v.trainable for v in getattr(self, part).variables] for part in PARTS}

    @property
    def source_pair(self) -> "Pair":
        """The pair on which step 1 trains this one's source: itself, but for pairs that borrow a trained source."""
        return self

    @cached_property
    def build(self) -> str:
        """What the network is made of, as text: equal for two pairs that compute the same function of their weights."""
        try:
            return "\n".join(_build(getattr(self, part)) + str(self._trainable[part]) for part in PARTS)
        except (NotImplementedError, TypeError, ValueError):  # a layer that cannot be written down is like no other
            return f"unlike any other: {next(_unlike)}"

    def model(self, task: str) -> keras.Model:
        """The whole Keras model of "source" or "target": input → shared part → that task's private part."""
        if task not in ("source", "target"):
            raise ValueError(f"there is no model {task!r}; choose 'source' or 'target'")
        return self._models[task]

    def weights(self) -> dict[str, list[np.ndarray]]:
        """All weights now, as copies: {"shared": [arrays], "source": [arrays], "target": [arrays]}."""
        return {part: [v.numpy() for v in getattr(self, part).variables] for part in PARTS}

    def load(self, weights: dict[str, list[np.ndarray]]) -> None:
        """Put weights, such as `run.weights`, into the models. Nothing is changed when a shape does not fit."""
        self.check_weights(weights)
        for part in PARTS:
            for variable, value in zip(getattr(self, part).variables, weights[part]):
                variable.assign(value)

    def check_weights(self, weights: dict[str, list[np.ndarray]], parts: Sequence[str] = PARTS) -> None:
        """Raise ValueError unless `weights` are weights of a network whose `parts` have the shapes of this one's."""
        if not isinstance(weights, dict) or set(weights) != set(PARTS):
            kind = (
                f"a {type(weights).__name__}"
                if not isinstance(weights, dict)
                else f"a dict of {', '.join(map(str, weights))}"
            )
            raise ValueError(
                f"weights must be a dict of {', '.join(PARTS)}, as pair.weights() or run.weights is, not {kind}"
            )
        for part in parts:
            came, wanted = [np.shape(a) for a in weights[part]], [tuple(v.shape) for v in getattr(self, part).variables]
            if came != wanted:
                raise ValueError(f"the weights of the {part} part have the shapes {came}; this network needs {wanted}")

    def fresh(self, seed: int, keep_given: bool = False) -> dict[str, list[np.ndarray]]:
        """Random starting weights, the same for the same seed on every machine; the models stay as they are.

        Every kernel (two or more axes) is drawn Glorot-uniform (Glorot & Bengio 2010, eq. 16) with NumPy; biases and
        statistics are as Keras makes them. keep_given leaves those as they came that were handed in with weights.
        """
        drawn = {}
        for number, part in enumerate(PARTS):
            rng, begun = stream(seed, "weights", number), self._begun[part]
            if any(self._given[part]):  # what was handed in may have learned biases too: a copy as new has not
                new = [v.numpy() for v in keras.models.clone_model(getattr(self, part)).variables]
            else:
                new = begun
            values = [_glorot(rng, value) if value.ndim >= 2 else value.copy() for value in new]
            kept = [keep_given and given for given in self._given[part]]
            drawn[part] = [old.copy() if keep else value for keep, old, value in zip(kept, begun, values)]
        return drawn

    def describe(self) -> pd.DataFrame:
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

    def check_trainable(self) -> None:
        """Raise when a part was frozen or thawed since the network was built: a strategy decides that for `train`."""
        for part, flags in self._flags().items():
            if flags != self._trainable[part]:
                raise ValueError(
                    f"pair.{part}.trainable was changed after the network was built. The strategy says what is frozen "
                    f"here; set pair.{part}.trainable = True again before calling train"
                )


def _counts(n):
    return isinstance(n, Integral) and not isinstance(n, bool) and n > 0


def _stack(spec, name, shape, classes=None):
    """(a Sequential of the layers, whether each of its variables came with one); `classes` adds a softmax of that many.

    One class is a regression: one number, without the softmax.
    """
    part, layers, given = name.removesuffix("_private"), [], set()
    if isinstance(spec, (str, Integral, keras.layers.Layer)) or not hasattr(spec, "__iter__"):
        raise ValueError(f"{part} part: a list of layers is expected, such as (64,), not {spec!r}")
    for item in spec:
        if isinstance(item, keras.layers.Layer):
            layer = item if classes is None else _copied(item)
            given |= {id(v) for v in layer.variables}  # a layer that was never built has none
        elif _counts(item):
            layer = keras.layers.Dense(int(item), activation="relu")
        else:
            raise ValueError(f"{part} part: {item!r} is neither a number of units nor a Keras layer")
        layers.append(layer)
    if classes:
        layers.append(keras.layers.Dense(classes, activation="softmax" if classes > 1 else None))
    try:
        model = keras.Sequential([keras.Input(shape), *(layers or [keras.layers.Identity()])], name=name)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{part} part: these layers do not take an input of shape {shape}: {error}") from error
    return model, [id(v) in given for v in model.variables]


def _copied(layer):
    """A layer of the same kind with the same weights."""
    copy = layer.__class__.from_config(layer.get_config())
    if layer.built:
        if not isinstance(layer, keras.Model):
            copy.build(layer.get_build_config()["input_shape"])
        copy.set_weights(layer.get_weights())
    return copy


def _build(model):
    """A model's layers and how they are joined, as text, with numbers for the names that Keras counts up."""
    text = model.to_json()
    for number, name in enumerate(_names(json.loads(text))):
        text = text.replace(f'"{name}"', f'"#{number}"')
    return text


def _names(node):
    """The names of the layers in a model's configuration, in their order."""
    if isinstance(node, list):
        return [name for each in node for name in _names(each)]
    if not isinstance(node, dict):
        return []
    config = node.get("config")
    is_layer = isinstance(config, dict) and "name" in config and not node["class_name"].endswith("Policy")
    own = [config["name"]] if is_layer else []
    return [*own, *_names(list(node.values()))]


def _glorot(rng, kernel):
    fan = kernel.shape[-1] + kernel.shape[-2]
    limit = np.sqrt(6 / (fan * np.prod(kernel.shape[:-2])))
    return rng.uniform(-limit, limit, kernel.shape).astype(kernel.dtype)


def short(layer: keras.layers.Layer) -> str:
    """A Keras layer in a word: its kind and its size, where it has one."""
    size = next((getattr(layer, key) for key in ("units", "filters") if hasattr(layer, key)), "")
    return f"{layer.__class__.__name__}({size})" if size else layer.__class__.__name__

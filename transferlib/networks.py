"""A network cut into a shared part and one private part per task, as plain Keras models.

`pair.model("source")` and `pair.model("target")` are ordinary Keras models: compile, fit, save and summarise them. Both
call the *same* `pair.shared` object, so its variables are one set of variables with two users.
"""

import difflib
import os
import uuid
from collections.abc import Sequence
from functools import cached_property
from numbers import Integral

import keras
import numpy as np
import pandas as pd

from transferlib import saving
from transferlib.layers import as_text, copied, frozen, leaves, unsupported
from transferlib.tasks import rng_for

PARTS = ("shared", "source", "target")
TASKS = PARTS[1:]


class Pair:
    """Two tasks on one network: a shared part (the article's common part, 公共部分), a private part (私有部分) each.

    inputs   how many numbers go in, or the shape of one input
    shared   the layers of the shared part: numbers of units (ReLU), or Keras layers and models
    private  the hidden layers of each private part; a softmax over the classes follows them
    classes  how many classes the source and the target have; None is a regression, one number without a softmax

    A Keras layer of the shared part is used as it is, the very object, with its weights; each private part gets a copy of
    those handed in. What `train` could not keep, such as a penalty that a layer adds to the loss, is refused.

    >>> pair = Pair(100, shared=(64,), private=(64,), classes=(10, 10))
    >>> pair.model("source").get_layer("shared") is pair.model("target").get_layer("shared")
    True
    """

    _opened = False  # from a file, so that every weight may be a trained one

    def __init__(
        self, inputs: int | Sequence[int] = 100, shared=(64,), private=(64,), classes: Sequence[int | None] = (10, 10)
    ):
        shape = _shape(inputs)
        if np.shape(classes) != (2,) or not all(n is None or _counts(n) and n > 1 for n in classes):
            what = "two whole numbers above 0, the source's and the target's, 2 the least"
            raise ValueError(f"classes must be {what}, or None in the place of one for a regression; not {classes!r}")
        given = {}
        self.shared, given["shared"] = _stack(shared, "shared", shape)
        for task, n in zip(TASKS, classes):
            part, given[task] = _stack(private, f"{task}_private", self.shared.output_shape[1:], 1 if n is None else int(n))
            setattr(self, task, part)
        self._join(shape, given)

    def _join(self, shape, given=None):
        """Make the two models of the three parts, and keep what was built, for `fresh` and `check_trainable`.

        given   {part: for each variable, whether it came with a value}; None: none did
        """
        self._given = given or {part: [False] * len(getattr(self, part).variables) for part in PARTS}
        self._models = {}
        for task in TASKS:
            x = keras.Input(shape, name=f"{task}_input")
            self._models[task] = keras.Model(x, getattr(self, task)(self.shared(x)), name=f"{task}_model")
        self._begun, self._new = self.weights(), {}
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
            return "\n".join(as_text(getattr(self, part)) + str(self._trainable[part]) for part in PARTS)
        except (NotImplementedError, TypeError, ValueError):  # a layer that cannot be written down is like no other
            return f"unlike any other: {uuid.uuid4()}"

    def model(self, task: str) -> keras.Model:
        """The whole Keras model of "source" or "target": input → shared part → that task's private part."""
        if task not in TASKS:
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
        if not isinstance(weights, dict) or not set(PARTS) <= set(weights):  # more parts may have trained along
            came = f"dict of {', '.join(map(str, weights))}" if isinstance(weights, dict) else type(weights).__name__
            wanted = f"a dict of {', '.join(PARTS)}, as pair.weights() or run.weights is"
            raise ValueError(f"weights must be {wanted}, not a {came}")
        for part in parts:
            came, wanted = [np.shape(a) for a in weights[part]], [tuple(v.shape) for v in getattr(self, part).variables]
            if came != wanted:
                raise ValueError(f"the weights of the {part} part have the shapes {came}; this network needs {wanted}")

    def fresh(self, seed: int, keep_given: bool = False) -> dict[str, list[np.ndarray]]:
        """Random starting weights, the same for the same seed on every machine; the models stay as they are.

        Every kernel (two or more axes) is drawn as by `glorot`, and the seeds of Dropout and its like too; biases and
        statistics are as Keras makes them. keep_given leaves those as they came that were handed in with weights.
        """
        drawn = {}
        for number, part in enumerate(PARTS):
            rng = rng_for(seed, "weights", number)
            values = [glorot(rng, value) if value.ndim >= 2 else value.copy() for value in self._as_new(part)]
            kept = [keep_given and given for given in self._given[part]]
            values = [old.copy() if keep else value for keep, old, value in zip(kept, self._begun[part], values)]
            rng = rng_for(seed, "noise", number)
            noise = [np.array([rng.integers(2**31), 0], value.dtype) for value in values]
            drawn[part] = self.with_noise_of(part, values, noise)
        return drawn

    def _as_new(self, part):
        """The part's variables as Keras makes them: what was handed in may have learned biases too, a clone has not."""
        if part not in self._new:
            model = getattr(self, part)
            clone = keras.models.clone_model(model) if any(self._given[part]) or self._opened else None
            self._new[part] = [v.numpy() for v in clone.variables] if clone else self._begun[part]
        return self._new[part]

    def with_noise_of(self, part: str, values: list, others: list) -> list:
        """A part's weights, but the seeds of its Dropout, and of the other layers that draw at random, from `others`."""
        model = getattr(self, part)
        weights = {id(v) for v in model.weights}
        return [old if id(v) in weights else new for v, old, new in zip(model.variables, values, others)]

    @property
    def shared_layers(self) -> list[keras.layers.Layer]:
        """The layers of the shared part that have weights, first to last: what a strategy's `move` counts."""
        return [layer for layer in leaves(self.shared) if layer.weights]

    def describe(self) -> pd.DataFrame:
        """A table, one row a part: its layers, how many parameters, trainable or not, and which task uses it."""
        rows = []
        for part, used_by in zip(PARTS, ("source and target", *TASKS)):
            model = getattr(self, part)
            trainable, every = len(model.trainable_weights), len(model.weights)
            name, layers = part if part == "shared" else f"private to {part}", " → ".join(map(short, model.layers))
            learns = "yes" if every and trainable == every else "partly" if trainable else "no"
            rows.append((name, layers, model.count_params(), learns, used_by))
        return pd.DataFrame(rows, columns=["part", "layers", "parameters", "trainable", "used by"]).set_index("part")

    def save(self, path: str | os.PathLike) -> None:
        """Write the network as it is now into one file, for `Pair.open`: a zip of three .keras files, one a part.

        After `pair.load(run.weights)` that is a trained one. Raises ValueError, with the reason, when that cannot be.
        """
        if type(self) is not Pair:
            raise ValueError(f"a {type(self).__name__} pair is not saved; pair.model('target').save(…) keeps its model")
        shapes = dict.fromkeys(TASKS, self._models["target"].input_shape[1:])
        begun = {f"{part} {n}": value for part in PARTS for n, value in enumerate(self._begun[part]) if self._given[part][n]}
        saving.write(path, {part: getattr(self, part) for part in PARTS}, dict(inputs=shapes, given=self._given), begun)

    @classmethod
    def open(cls, path: str | os.PathLike) -> "Pair":
        """The pair that `save` wrote: its models share one shared part again, and it trains as the first one would.

        Raises FileNotFoundError when there is no such file, ValueError when it is not of `save`, or damaged.
        """
        parts, facts, begun = saving.read(path)
        pair = cls.__new__(cls)
        for part, model in parts.items():
            if reason := unsupported(model):
                raise ValueError(f"{path}: {part} part: {reason}")
        pair.__dict__.update(parts)
        pair._join(tuple(facts["inputs"]["target"]), facts["given"])
        for name, value in begun.items():  # where step 1 starts, which is not where a trained network was saved
            part, number = name.split()
            pair._begun[part][int(number)] = value
        pair._opened = True
        return pair

    def check_trainable(self) -> None:
        """Raise when something was frozen or thawed since the network was built: a strategy decides that for `train`."""
        for part, flags in self._flags().items():
            if flags != self._trainable[part]:
                own, model = f"pair.{part}.trainable", getattr(self, part)
                # Keras does nothing where a model is told what it says already, whatever its layers and variables say.
                cure = f"set {own} = {'False, then True,' if model.trainable else 'True'} again"
                if len(flags) != len(self._trainable[part]):  # LoRA, which cannot be taken back
                    cure = "make the pair anew"
                changed = f"{own}, or that of a layer or variable in it, was changed after the network was built"
                raise ValueError(f"{changed}. The strategy says what is frozen here; {cure} before calling train")


def _counts(n):
    return isinstance(n, Integral) and not isinstance(n, bool) and n > 0


def _shape(inputs):
    """The shape of one input, of what a pair is given as its inputs."""
    shape = tuple(np.atleast_1d(inputs).tolist())
    if not shape or not all(map(_counts, shape)):
        raise ValueError(f"inputs must be a whole number above 0, or a shape of such numbers, not {inputs!r}")
    return shape


def _stack(spec, name, shape, classes=None):
    """(a Sequential of the layers, whether each of its variables came with one); `classes` adds a softmax of that many.

    One class is a regression: one number, without the softmax.
    """
    part, layers, given = name.removesuffix("_private"), [], set()
    if isinstance(spec, (str, Integral, keras.layers.Layer)) or not hasattr(spec, "__iter__"):
        raise ValueError(f"{part} part: a list of layers is expected, such as (64,), not {spec!r}")
    for item in spec:
        if isinstance(item, keras.layers.Layer):
            _check_thawed(item, part)
            layer = item if classes is None else copied(item)
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
    if reason := unsupported(model):
        raise ValueError(f"{part} part: {reason}")
    return model, [id(v) in given for v in model.variables]


def _check_thawed(layer, part):
    """ValueError where a variable of what is handed in was frozen, which a copy of the layer would forget."""
    for each in leaves(layer) if isinstance(layer, keras.Model) else [layer]:
        if reason := frozen(each):
            raise ValueError(f"{part} part: {reason}")


def cut(model: keras.Model, layer: str) -> keras.Model:
    """A model from its input to the output of the layer of that name, with its weights: a base for a shared part.

    The layers are the model's own, not copies. Raises ValueError where there is no such layer, or it has several outputs.

    >>> Pair(100, shared=(cut(Pair().model("source"), "shared"),)).shared.output_shape
    (None, 64)
    """
    if not isinstance(model, keras.Model) or not model.built:
        raise ValueError(f"a Keras model that knows its input is to be cut, not {model!r}")
    names = [each.name for each in model.layers]
    if layer not in names:
        inside = [each.name for each in model.layers if isinstance(each, keras.Model) and _holds(each, layer)]
        near = difflib.get_close_matches(str(layer), names) or names
        place = f"it lies in {inside[0]!r}: cut that one" if inside else f"it has {', '.join(near)}"
        raise ValueError(f"{model.name} has no layer {layer!r}; {place}")
    output = model.get_layer(layer).output
    if len(model.inputs) > 1 or not isinstance(output, keras.KerasTensor):
        raise ValueError(f"{model.name} cannot be cut at {layer}: that takes one input to one output")
    try:
        made = keras.Model(model.inputs[0], output, name=f"{model.name}_to_{layer}")
    except ValueError as error:
        raise ValueError(f"{model.name} cannot be cut at {layer}: {error}") from error
    if sum(isinstance(each, keras.layers.InputLayer) for each in made.layers) > 1:  # Keras before 3.15 says nothing
        raise ValueError(f"{model.name} cannot be cut at {layer}: the layer was used in another model first")
    return made


def _holds(model, name):
    """Whether a layer of that name lies in a model, or in a model within it."""
    return any(each.name == name or isinstance(each, keras.Model) and _holds(each, name) for each in model.layers)


def glorot(rng: np.random.Generator, kernel: np.ndarray) -> np.ndarray:
    """Random numbers of a kernel's shape, uniform as Glorot & Bengio (2010, eq. 16) have them."""
    fan = kernel.shape[-1] + kernel.shape[-2]
    limit = np.sqrt(6 / (fan * np.prod(kernel.shape[:-2])))
    return rng.uniform(-limit, limit, kernel.shape).astype(kernel.dtype)


def short(layer: keras.layers.Layer) -> str:
    """A Keras layer in a word: its kind and its size, where it has one."""
    size = next((getattr(layer, key) for key in ("units", "filters") if hasattr(layer, key)), "")
    return f"{layer.__class__.__name__}({size})" if size else layer.__class__.__name__

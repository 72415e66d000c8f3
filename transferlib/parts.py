"""What a training method is given: the parts of the networks as functions, their gradients, and a place to tell numbers."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from transferlib.functional import Functional
from transferlib.networks import PARTS, Pair


def spread(parts: Pair | dict) -> dict:
    """{name: Keras model or array}; a `Pair`, alone or in a dict under any name, stands for shared, source and target."""
    if isinstance(parts, Pair):
        parts = {"pair": parts}
    if not isinstance(parts, dict) or not parts:
        raise ValueError(f"parts must be a Pair, or a dict of networks and arrays by name, not {parts!r}")
    every = {}
    for name, part in parts.items():
        several = {each: getattr(part, each) for each in PARTS} if isinstance(part, Pair) else {name: part}
        if twice := set(several) & set(every):
            raise ValueError(f"two parts are called {', '.join(sorted(twice))}; a Pair's are {', '.join(PARTS)}")
        every |= several
    for name, part in every.items():
        if isinstance(part, keras.Model) and not part.built:
            raise ValueError(f"the part {name!r} does not know its input yet: begin it with keras.Input(shape)")
        if not isinstance(part, keras.Model) and np.asarray(part).dtype.kind not in "fiu":
            raise ValueError(f"the part {name!r} must be a Keras model, a number or an array of them, not {part!r}")
    return every


class Parts:
    """The parts by name, `parts.shared(x)` or `parts["shared"](x)`, with the weights of this step. An array is itself.

    In a method the calls train (BatchNorm takes the batch's statistics, Dropout drops) unless training=False is said; in a
    report they never do.
    """

    def __init__(self, net: Functional, theta: dict, state: dict, way_back: Callable | None = None, **about):
        self._net, self._theta, self._way_back, self._slopes, self.told = net, theta, way_back, {}, {}
        self.state = state  # BatchNorm's statistics, Dropout's seeds: each call leaves the next ones here
        self.step = about.get("step")  # how many steps were made, a whole number
        self.last = about.get("last")  # a method: is this the last before an evaluation? A report: the first or last of all?

    def __getitem__(self, name: str):
        if name not in self._theta:
            raise ValueError(f"there is no part {name!r}; there are {', '.join(self._theta)}")
        if isinstance(self._net.layers[name], keras.Model):
            return Part(self, name)
        return tf.reshape(self._theta[name], self._net.shapes[name][0])

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __iter__(self):
        return iter(self._theta)

    def vector(self, name: str) -> tf.Tensor:
        """All weights of a part that learn, as one vector (n,)."""
        return self._theta[name]

    def gradient(self, loss: tf.Tensor, name: str) -> tf.Tensor:
        """∂loss/∂(all weights of the part), as one vector (n,). Several parts of one loss cost one way back."""
        key = id(loss), id(tf.compat.v1.get_default_graph())
        if key not in self._slopes:
            slopes = self._way_back(loss, [*self._theta.values()])
            if all(slope is None for slope in slopes):
                raise ValueError("the loss depends on the weights of no part: was it made of parts[...](x)?")
            self._slopes[key] = loss, dict(zip(self._theta, slopes))  # the loss is held: no other takes its number
        slope = self._slopes[key][1][name]
        return tf.zeros_like(self._theta[name]) if slope is None else slope

    def tell(self, **numbers) -> None:
        """Numbers of this step that become curves: `parts.tell(cosine=…)`, as they are at the step before an evaluation."""
        self.told |= {name: tf.cast(number, tf.float32) for name, number in numbers.items()}

    def when(self, condition: tf.Tensor, this: Callable, other: Callable):
        """this() or other(), tensors of one form: only the one is computed, and only its calls train."""
        before = self.state

        def leaving_state(branch):
            self.state = before
            return branch(), self.state

        made, self.state = tf.cond(condition, lambda: leaving_state(this), lambda: leaving_state(other))
        return made

    def when_told(self, number: Callable) -> tf.Tensor:
        """number(), for a curve, which is computed at the last step before an evaluation only; NaN at all others."""
        return tf.cond(self.last, number, lambda: tf.constant(np.nan))

    def loss(self, task: str, y, output) -> tf.Tensor:
        """The loss of a task whose private part gave this output: cross-entropy, of a regression the squared error."""
        return self._net.loss(task, y, output)

    def evaluate(self, task: str, x, y) -> tuple:
        """(loss, accuracy) of a task, by the shared part and its own private part; both are NaN where the loss is."""
        loss, accuracy = self._net.evaluate(task, self._theta, self.state, x, y)
        return loss, tf.where(tf.equal(loss, loss), accuracy, np.nan)

    def followed(self, answer) -> dict:
        """What a method returned, as {part: (gradient, how far it moves)}."""
        if not isinstance(answer, dict):
            loss = self._checked(answer, "the method")
            self.tell(loss=loss)
            answer = dict.fromkeys(self._theta, loss)
        made = {}
        for name, what in answer.items():
            if name not in self._theta:
                raise ValueError(f"the method says what {name!r} follows; there are {', '.join(self._theta)}")
            what, far = what if isinstance(what, tuple) else (what, 1.0)
            if self._theta[name].shape != getattr(what, "shape", None) or not what.shape.rank:
                what = self.gradient(self._checked(what, f"for {name!r} the method"), name)
            made[name] = what, far
        return made

    def _checked(self, loss, who):
        if not tf.is_tensor(loss) or loss.shape.rank != 0:
            what = f"a tensor of shape {tuple(loss.shape)}" if tf.is_tensor(loss) else repr(loss)
            raise ValueError(f"{who} returned {what}; a loss is one number, such as tf.reduce_mean(…), a gradient a vector")
        return loss


class Part:
    """One part as a function of its input, with this step's weights."""

    def __init__(self, parts: Parts, name: str):
        self._parts, self._name = parts, name

    def __call__(self, x, training: bool | tf.Tensor | None = None):
        return self._called(self._parts._net, x, training)

    def scores(self, x, training: bool | tf.Tensor | None = None):
        """The class scores (logits): what the part says before its softmax."""
        return self._called(self._parts._net.without_softmax(self._name), x, training)

    def _called(self, net, x, training):
        parts, name = self._parts, self._name
        state = parts.state[name]

        def call(training):
            return net.call(name, parts._theta, parts.state, x, training)

        if parts._way_back is None:
            training = False
        elif training is None or tf.is_tensor(training) and not state:
            training = True
        output, new = (
            tf.cond(training, lambda: call(True), lambda: call(False)) if tf.is_tensor(training) else call(training)
        )
        parts.state = {**parts.state, name: new}
        return output

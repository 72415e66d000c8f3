"""A pair of networks as a function of its weights: what the compiled training loop works on.

θ is one vector a part, {"shared": θ_c, "source": θ_s, "target": θ_t}, as in the formulas. Beside it a part may keep state
that no gradient moves, such as BatchNorm's statistics.
"""

import keras
import numpy as np
import tensorflow as tf

from transferlib.layers import leaves
from transferlib.networks import PARTS, Pair

AT_ONCE = 2**21  # how many numbers, 8 MB of them, a layer may make of the rows that are asked about at once


class Functional:
    """The functions below, for one `Pair`. Nothing here reads or changes the values of the pair's own variables.

    Instead of a pair also {part: a Keras model, or an array, which is a part whose only weight is itself}.
    """

    def __init__(self, pair: Pair | dict):
        self.layers = {part: getattr(pair, part) for part in PARTS} if isinstance(pair, Pair) else pair
        models = {part: m for part, m in self.layers.items() if isinstance(m, keras.Model)}
        self.shapes = {
            part: [tuple(v.shape) for v in m.trainable_variables] if part in models else [np.shape(m)]
            for part, m in self.layers.items()
        }
        self.sizes = {part: [int(np.prod(s)) for s in shapes] for part, shapes in self.shapes.items()}
        self.places = {part: _places(m) if part in models else ([0], []) for part, m in self.layers.items()}
        self._scores = {}
        self.regression = {part: m.output_shape[-1] == 1 for part, m in models.items()}  # one class is no task

    def split(self, weights: dict) -> tuple[dict, dict]:
        """Weights, as `pair.weights()` gives them → (θ, state), in the precision of the network."""
        theta, state = {}, {}
        for part, (trained, kept) in self.places.items():
            model = isinstance(self.layers[part], keras.Model)
            values = [np.asarray(each) for each in (weights[part] if model else [weights[part]])]
            if strange := [each.dtype for each in values if each.dtype.kind not in "biuf"]:
                raise ValueError(f"the weights of the {part} part must be real numbers; they hold {strange[0]}")
            theta[part] = np.concatenate([np.zeros(0), *(np.ravel(values[i]) for i in trained)], dtype=np.float32)
            state[part] = [values[i].astype(self.layers[part].variables[i].dtype, copy=False) for i in kept]
        return theta, state

    def join(self, theta: dict, state: dict) -> dict:
        """(θ, state) → weights, for `pair.load`."""
        weights = {}
        for part, (trained, kept) in self.places.items():
            pieces = np.split(np.array(theta[part]), np.cumsum(self.sizes[part])[:-1]) if trained else []
            values = {i: piece.reshape(shape) for i, piece, shape in zip(trained, pieces, self.shapes[part])}
            values |= {i: np.array(s) for i, s in zip(kept, state[part])}
            weights[part] = [values[i] for i in range(len(values))]
            if not isinstance(self.layers[part], keras.Model):
                (weights[part],) = weights[part]
        return weights

    def call(self, part: str, theta: dict, state: dict, x, training: bool) -> tuple:
        """One part: inputs (n, …) → (outputs (n, …), the part's new state)."""
        pieces = tf.split(theta[part], self.sizes[part]) if self.sizes[part] else []
        tensors = [tf.reshape(piece, shape) for piece, shape in zip(pieces, self.shapes[part])]
        return self.layers[part].stateless_call(tensors, state[part], x, training=training)

    def without_softmax(self, part: str) -> "Functional":
        """The part as a function, up to its class scores (logits)."""
        if part not in self._scores:
            self._scores[part] = Functional({part: scores_of(self.layers[part])})
        return self._scores[part]

    def gradients(self, task: str, theta: dict, state: dict, x, y) -> tuple:
        """A task's loss on a batch, all layers in training → (∂/∂θ_c, ∂/∂θ_private), as vectors."""
        with tf.GradientTape() as tape:
            tape.watch([theta["shared"], theta[task]])
            hidden, _ = self.call("shared", theta, state, x, True)
            output, _ = self.call(task, theta, state, hidden, True)
            loss = self.loss(task, y, output)
        zero = tf.UnconnectedGradients.ZERO
        return tape.gradient(loss, (theta["shared"], theta[task]), unconnected_gradients=zero)

    def loss(self, task: str, y, output) -> tf.Tensor:
        """Mean cross-entropy of labels y (n,) and probabilities (n, classes); of a regression's (n, 1) squared error."""
        if self.regression[task]:
            return tf.reduce_mean(tf.square(y - output[:, 0]))
        return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, output))

    def answers(self, task: str, theta: dict, state: dict, x) -> tf.Tensor:
        """What a task's model says of rows x (n, …), in inference mode: (n, classes), or (n, 1) of a regression.

        In parts, where the network makes much of each row, so that the memory that it takes does not grow with n.
        """

        def some(rows):
            hidden, _ = self.call("shared", theta, state, rows, False)
            return self.call(task, theta, state, hidden, False)[0]

        x = tf.convert_to_tensor(x)
        n, at_once = x.shape[0], max(1, AT_ONCE // self._widest(task, x.shape[1:]))
        if n <= at_once:
            return some(x)
        begins = tf.minimum(tf.range(0, n, at_once), n - at_once)  # all of one size: the last one begins earlier
        shape = tf.TensorSpec((at_once, self.layers[task].output_shape[-1]), tf.float32)
        rows = tf.range(at_once)
        said = tf.map_fn(lambda a: some(tf.gather(x, a + rows)), begins, fn_output_signature=shape, parallel_iterations=1)
        again = -n % at_once  # how many of its rows the one before has answered
        return tf.concat([tf.reshape(said[:-1], (-1, shape.shape[-1])), said[-1, again:]], 0)

    def _widest(self, task, row):
        """How many numbers the layer that makes most makes of a row of that shape; open sides are as long as the row's."""
        shapes = [row, *(s for part in ("shared", task) for layer in leaves(self.layers[part]) for s in _outputs(layer))]
        return max(int(np.prod([side or max(row) for side in shape])) for shape in shapes)

    def evaluate(self, task: str, theta: dict, state: dict, x, y) -> tuple:
        """A task's (loss, accuracy) on the rows x, y, in inference mode; of a regression R² = 1 - loss / variance of y.

        Both are NaN where an answer is no number: the largest of none would be class 0, and right as often as that is.
        """
        output = self.answers(task, theta, state, x)
        loss = self.loss(task, y, output)
        if self.regression[task]:
            accuracy = 1 - loss / tf.math.reduce_variance(y)
        else:
            accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(output, -1, tf.int32), y), tf.float32))
        sound = tf.reduce_all((output > -np.inf) & (output < np.inf))
        return tuple(tf.where(sound, each, np.nan) for each in (loss, accuracy))


def _outputs(layer):
    """The shapes of a row in what a layer makes; none where it cannot say."""
    try:
        return [tuple(each.shape[1:]) for each in keras.tree.flatten(layer.output)]
    except (AttributeError, ValueError):  # it was called twice, or never
        return []


def scores_of(part: keras.Model) -> keras.Model:
    """A part without its last softmax: of the same variables, in the same order, it makes the class scores (logits)."""
    config, last = part.get_config(), part.layers[-1]
    if not isinstance(part, keras.Sequential) or getattr(last, "activation", None) is not keras.activations.softmax:
        raise ValueError(f"{part.name} does not end in a softmax of its own, before which there would be scores")
    config["layers"][-1]["config"]["activation"] = "linear"
    return keras.Sequential.from_config(config)


def _places(model):
    """Where a model's trainable variables, and its others, stand in `model.variables`."""
    place = {id(v): i for i, v in enumerate(model.variables)}
    return [[place[id(v)] for v in group] for group in (model.trainable_variables, model.non_trainable_variables)]


def predict(pair: Pair, weights: dict, x: np.ndarray, task: str = "target") -> np.ndarray:
    """What the model of `task` says with these weights: rows x (n, …) → probabilities (n, classes), or (n, 1).

    Nothing is loaded into the pair's own models, so panels may ask from any thread. Raises ValueError where an answer is no
    number: the largest of such probabilities would be the first.
    """
    pair.check_weights(weights)
    wanted = pair.model(task).input_shape[1:]
    if np.shape(x)[1:] != wanted:
        raise ValueError(f"x must hold rows of {wanted}, one an example; its shape is {np.shape(x)}")
    net = Functional(pair)
    said = net.answers(task, *net.split(weights), np.asarray(x, np.float32)).numpy()
    if wrong := np.flatnonzero(~np.isfinite(said).all(-1)).tolist():
        reason = "look at that row"
        if not all(np.isfinite(a).all() for part in ("shared", task) for a in weights[part]):
            reason = "these weights are no numbers either; look at the rows that were learned from, or take a smaller rate"
        raise ValueError(f"the network's answer to row {wrong[0]} is not a number (NaN): {reason}")
    return said

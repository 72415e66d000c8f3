"""The compiled training loop of the whole course, and the programs that were compiled, one for all networks of a build."""

import ctypes
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from transferlib.functional import Functional
from transferlib.layers import leaves
from transferlib.networks import PARTS, Pair

# A new network is a new function to TensorFlow, which warns after the fifth that it had to trace them all.
tf.get_logger().setLevel("ERROR")


def run_loop(
    loop: Callable, theta: dict, state: dict, data: dict, dial: dict, rate: float, points: np.ndarray
) -> tuple[dict, dict, dict]:
    """Call a compiled loop, evaluating after points (e,) steps: → θ, state, {curve: (e,)}."""
    # Padded with the last of them, so that a longer training with more evaluations need not be another program.
    ahead = np.pad(points, (0, rounded_up(len(points) + 1, 64) - len(points)), mode="edge")
    given = tf.nest.map_structure(tf.constant, (theta, state, data, dial, np.float32(rate), ahead))
    traced = loop.experimental_get_tracing_count()
    theta, state, curves = loop(*given)  # which takes milliseconds longer to make tensors of arrays itself
    if loop.experimental_get_tracing_count() > traced:
        _give_back()
    return theta, state, {name: np.array(curve)[: len(points)] for name, curve in curves.items()}


def _give_back():
    """Give the memory that compiling took back to the system, about 140 MB; the C library of Linux would keep it."""
    with suppress(AttributeError, OSError, TypeError):  # others have no such function
        ctypes.CDLL(None).malloc_trim(0)


def rounded_up(n: int, least: int) -> int:
    """The power of two that holds n, or `least`: so that many sizes compile to one program."""
    return max(least, 1 << (int(n) - 1).bit_length())


def compiled_loop(step: Callable, report: Callable, facts: tuple, jit: bool) -> Callable:
    """The training loop of the whole course, for any step: gradients in, Adam, and an evaluation now and then.

    step    (θ, state, data, dial, done, last) → ({part: gradient}, {part: how far it moves, where not 1}, state, facts)
    report  (θ, state, data, dial, whether it is the first or the last) → {curve: number}: what an evaluation tells
    facts   the names of the curves that the last step before an evaluation tells
    The loop: (θ, state, data, dial, rate, ahead) → θ, state, {curve: (len(ahead),)}; `ahead` are the steps at which to
    evaluate, from 0 upward, and the last one of them once more at least. After dial["head_first"] steps, where the dial
    says so, Adam starts afresh.
    """

    def loop(theta, state, data, dial, rate, ahead):
        def one(theta, state, moments, told, done, begun, end):
            gradients, far, state, told = step(theta, state, data, dial, done, tf.equal(done + 1, end))
            t = tf.cast(done - begun + 1, tf.float32)
            steps = {part: adam(moments[part], gradients[part], t) for part in theta}
            theta = {part: theta[part] - rate * far.get(part, 1.0) * steps[part][0] for part in theta}
            return theta, state, {part: steps[part][1] for part in theta}, told, done + 1, begun, end

        def to_the_next(theta, state, moments, curves, done, row):
            """On to the next evaluation, or to the end of the first phase, where the next comes sooner or later."""
            goal, first = tf.gather(ahead, row), done < head_first
            begun, end = tf.where(first, 0, head_first), tf.where(first, tf.minimum(goal, head_first), goal)
            moments = tf.nest.map_structure(lambda m: tf.where(tf.equal(done, begun), tf.zeros_like(m), m), moments)
            now = tf.while_loop(lambda *now: now[-3] < now[-1], one, (theta, state, moments, nothing, done, begun, end))
            theta, state, moments, told, done, *_ = now
            told = report(theta, state, data, dial, tf.equal(done, ahead[-1])) | told
            curves = {name: tf.tensor_scatter_nd_update(curves[name], [[row]], [told[name]]) for name in curves}
            return theta, state, moments, curves, done, row + tf.cast(tf.equal(done, goal), tf.int32)

        theta, state = tf.nest.map_structure(tf.convert_to_tensor, (theta, state))
        head_first = dial.get("head_first", 0)
        moments = {part: (tf.zeros_like(v), tf.zeros_like(v)) for part, v in theta.items()}
        nothing = {name: tf.constant(np.nan) for name in facts}
        first = report(theta, state, data, dial, tf.constant(True)) | nothing
        curves = {name: tf.fill(ahead.shape, value) for name, value in first.items()}
        begin = theta, state, moments, curves, tf.constant(0), tf.constant(1)
        theta, state, _, curves, _, _ = tf.while_loop(lambda *now: now[-2] < tf.gather(ahead, now[-1]), to_the_next, begin)
        return theta, state, curves

    return tf.function(loop, jit_compile=jit, autograph=False)


def adam(moments: tuple, gradient: tf.Tensor, t: tf.Tensor) -> tuple:
    """Adam (Kingma & Ba 2015, alg. 1, with Keras's ε): how far to go at rate 1, and the new moments."""
    m, v = moments
    m, v = m + 0.1 * (gradient - m), v + 0.001 * (tf.square(gradient) - v)
    return m * tf.sqrt(1 - 0.999**t) / (1 - 0.9**t) / (tf.sqrt(v) + 1e-7), (m, v)


_programs, _building = OrderedDict(), threading.Lock()
PROGRAMS = 32  # how many are kept
ALONG_A_SEQUENCE = keras.layers.RNN, keras.layers.Bidirectional, keras.layers.TimeDistributed


def program(pair: Pair, make: Callable, *roles: str) -> tuple[Functional, Callable]:
    """(the pair as a function, the compiled loop that make(net, *roles) describes), one for all pairs of the same build."""
    key = pair.build, make, roles
    with _building:  # two threads must not compile the same
        if key not in _programs:
            net = Functional(pair)
            _programs[key] = net, compiled_loop(*make(net, *roles), jit=xla_works() and pays_to_jit(pair))
        _programs.move_to_end(key)
        while len(_programs) > PROGRAMS:
            _programs.popitem(last=False)
        return _programs[key]


@lru_cache(maxsize=1)
def xla_works() -> bool:
    """Whether this TensorFlow can compile with XLA at all; some platforms' builds cannot."""
    try:
        return bool(tf.function(lambda x: x > 0, jit_compile=True)(tf.constant(1.0)))
    except (tf.errors.OpError, ValueError):
        return False


def pays_to_jit(pair: Pair) -> bool:
    """Whether XLA makes this network faster on a CPU: it does for dense layers that are not too wide and for tables of
    embeddings of any length, not for convolutions; on batches of 500, layers twice as wide are six times slower with it.

    What runs along a sequence it cannot compile beside BatchNorm or Dropout.
    """
    variables = pair.model("source").variables + pair.model("target").variables
    all_layers = [layer for part in PARTS for layer in leaves(getattr(pair, part))]
    if any(isinstance(layer, ALONG_A_SEQUENCE) for layer in all_layers):
        return False
    tables = {id(v) for layer in all_layers if isinstance(layer, keras.layers.Embedding) for v in layer.variables}
    return all(id(v) in tables or len(v.shape) <= 2 and np.prod(v.shape) <= 2**16 for v in variables)

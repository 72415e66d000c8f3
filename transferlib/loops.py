"""The compiled training loop of the whole course, and the programs that were compiled, one for all networks of a build."""

import ctypes
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial

import keras
import numpy as np
import tensorflow as tf

from transferlib.fingerprint import build, fingerprint
from transferlib.functional import Functional
from transferlib.layers import leaves
from transferlib.networks import Pair
from transferlib.parts import Parts, spread

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


def compiled_loop(step: Callable, report: Callable, jit: bool, looked_at: Callable | None = None) -> Callable:
    """The training loop of the whole course, for any step: gradients in, Adam, and an evaluation now and then.

    step    (θ, state, data, dial, done, last) → ({part: gradient}, {part: how far it moves, where not 1}, state,
            {curve: number}); a part without a gradient stays, and of the curves the last step before an evaluation counts
    report  (θ, state, data, dial, whether it is the first or the last) → {curve: number}: what an evaluation tells
    looked_at  a step of the same form that is traced faster, for where only the form is asked for
    The loop: (θ, state, data, dial, rate, ahead) → θ, state, {curve: (len(ahead),)}; `ahead` are the steps at which to
    evaluate, from 0 upward, and the last one of them once more at least. After dial["head_first"] steps, where the dial
    says so, Adam starts afresh.
    """

    def loop(theta, state, data, dial, rate, ahead):
        def one(theta, state, moments, told, done, begun, end):
            gradients, far, state, told = step(theta, state, data, dial, done, tf.equal(done + 1, end))
            t = tf.cast(done - begun + 1, tf.float32)
            steps = {part: adam(moments[part], gradients[part], t) for part in gradients}
            theta = theta | {part: theta[part] - rate * far.get(part, 1.0) * steps[part][0] for part in steps}
            return theta, state, {part: moments for part, (_, moments) in steps.items()}, told, done + 1, begun, end

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
        # A step that nobody takes, and that is not computed: only what it is made of is looked at.
        follow, _, _, told = (looked_at or step)(theta, state, data, dial, tf.constant(0), tf.constant(False))
        moments = {part: (tf.zeros_like(theta[part]), tf.zeros_like(theta[part])) for part in follow}
        nothing = {name: tf.constant(np.nan) for name in told}
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


def program(parts: Pair | dict, method: Callable, report: Callable, roles: tuple) -> tuple[Functional, Callable]:
    """(the parts as functions of their weights, the compiled loop of this method): compiled once for all parts of one build.

    Found again by all that it is: the networks, the code of method and report, and what that code reads.
    """
    networks = spread(parts)
    builds = parts.build if isinstance(parts, Pair) else tuple(map(_build, parts.values()))
    name, held = fingerprint(builds, list(networks), method, report, roles, live=True)
    with _building:  # two threads must not compile the same
        if name not in _programs:
            net = Functional({part: _own(network) for part, network in networks.items()})
            step, told = _as_step(net, method, report, roles)
            jit = xla_works() and pays_to_jit(networks)
            loop = compiled_loop(step, told, jit, partial(step, tape=Still))
            _programs[name] = net, loop, held  # whose numbers in memory the name may hold
        _programs.move_to_end(name)
        while len(_programs) > PROGRAMS:
            _programs.popitem(last=False)
        return _programs[name][:2]


def _build(part):
    if isinstance(part, Pair):
        return part.build
    return build(part) if isinstance(part, keras.Model) else np.shape(part)


def _own(part):
    """The part with layers of the program's own, so that nobody can freeze or change them; where Keras can copy it."""
    if not isinstance(part, keras.Model) or build(part).startswith("unlike any other"):
        return part
    copy = keras.models.clone_model(part)
    for ours, theirs in zip(copy.variables, part.variables):
        if ours.trainable != theirs.trainable:
            ours.trainable = theirs.trainable
    return copy


def _as_step(net, method, report, roles):
    """A method and a report, as a reader writes them, in the form that the compiled loop takes."""

    def step(theta, state, data, dial, done, last, tape=tf.GradientTape):
        batch = Batch((role, partial(_rows_of, data[role], done)) for role in roles)
        part_done = tf.cast(done, tf.float32) / dial["steps"]
        with tape(persistent=True) as tape:
            tape.watch(theta)
            parts = Parts(net, theta, state, tape, step=done, last=last)
            follow = parts.followed(method(parts, batch, part_done, Settings(dial["settings"])))
        far = {part: far for part, (_, far) in follow.items()}
        if "shared" in far:
            far["shared"] = tf.where(done < dial["head_first"], 0.0, far["shared"])
        return {part: gradient for part, (gradient, _) in follow.items()}, far, parts.state, parts.told

    def told(theta, state, data, dial, at_an_end):
        parts = Parts(net, theta, state, last=at_an_end)
        tasks = {role: (data[role]["x_test"], data[role]["y_test"]) for role in roles}
        return {name: tf.cast(n, tf.float32) for name, n in report(parts, tasks, Settings(dial["settings"])).items()}

    return step, told


def _rows_of(data, step):
    order = tf.gather(data["order"], step)
    return tf.gather(data["x"], order), tf.gather(data["y"], order)


class Batch(Mapping):
    """{role: (x, y)}, a step's rows, which are taken where the method asks for them: a branch that is not taken takes none.
    (With all rows taken first, a step of two tasks takes half as much CPU time again; we do not know why.)
    """

    def __init__(self, take):
        self._take = dict(take)

    def __getitem__(self, role):
        return self._take[role]()

    def __iter__(self):
        return iter(self._take)

    def __len__(self):
        return len(self._take)


class Still:
    """In place of a tape, where only the form of a step is asked for: it tells no slopes, which take seconds to trace."""

    def __init__(self, persistent: bool = True):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def watch(self, theta: dict) -> None:
        pass

    def stop_recording(self) -> "Still":
        return self

    def gradient(self, loss: tf.Tensor, theta: dict) -> dict:
        return tf.nest.map_structure(tf.zeros_like, theta)


class Settings(dict):
    """The numbers of a run, by name."""

    def __missing__(self, name):
        raise ValueError(f"the method reads the setting {name!r}, which it was not given: {name}=… is missing")


@lru_cache(maxsize=1)
def xla_works() -> bool:
    """Whether this TensorFlow can compile with XLA at all; some platforms' builds cannot."""
    try:
        return bool(tf.function(lambda x: x > 0, jit_compile=True)(tf.constant(1.0)))
    except (tf.errors.OpError, ValueError):
        return False


def pays_to_jit(parts: dict) -> bool:
    """Whether XLA makes these networks faster on a CPU: it does for dense layers that are not too wide and for tables of
    embeddings of any length, not for convolutions; on batches of 500, layers twice as wide are six times slower with it.

    What runs along a sequence it cannot compile beside BatchNorm or Dropout.
    """
    models = [part for part in parts.values() if isinstance(part, keras.Model)]
    variables = [v for model in models for v in model.variables]
    all_layers = [layer for model in models for layer in leaves(model)]
    if any(isinstance(layer, ALONG_A_SEQUENCE) for layer in all_layers):
        return False
    tables = {id(v) for layer in all_layers if isinstance(layer, keras.layers.Embedding) for v in layer.variables}
    return all(id(v) in tables or len(v.shape) <= 2 and np.prod(v.shape) <= 2**16 for v in variables)

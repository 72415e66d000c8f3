"""The compiled training loop of the whole course, and the programs that were compiled, one for all networks of a build."""

import ctypes
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial

import keras
import numpy as np
import tensorflow as tf

from transferlib import programs
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
    theta, state, curves = loop(*given)  # which takes milliseconds longer to make tensors of arrays itself
    return theta, state, {name: np.array(curve)[: len(points)] for name, curve in curves.items()}


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
            told = report(theta, state, data, dial, tf.equal(row, 0) | tf.equal(done, ahead[-1])) | told
            curves = {name: tf.tensor_scatter_nd_update(curves[name], [[row]], [told[name]]) for name in curves}
            return theta, state, moments, curves, done, row + tf.cast(tf.equal(done, goal), tf.int32)

        theta, state = tf.nest.map_structure(tf.convert_to_tensor, (theta, state))
        head_first = dial.get("head_first", 0)
        # A step that nobody takes, and a report that nobody reads, are not computed: only their form is looked at.
        follow, _, _, told = (looked_at or step)(theta, state, data, dial, tf.constant(0), tf.constant(False))
        moments = {part: (tf.zeros_like(theta[part]), tf.zeros_like(theta[part])) for part in follow}
        nothing = {name: tf.constant(np.nan) for name in told}
        names = report(theta, state, data, dial, tf.constant(True)) | told
        curves = dict.fromkeys(names, tf.fill(ahead.shape, np.float32(np.nan)))
        begin = theta, state, moments, curves, tf.constant(0), tf.constant(0)
        more = lambda *now: tf.equal(now[-1], 0) | (now[-2] < tf.gather(ahead, now[-1]))  # noqa: E731
        theta, state, _, curves, _, _ = tf.while_loop(more, to_the_next, begin)
        return theta, state, curves

    return tf.function(loop, jit_compile=jit, autograph=False)


def adam(moments: tuple, gradient: tf.Tensor, t: tf.Tensor) -> tuple:
    """Adam (Kingma & Ba 2015, alg. 1, with Keras's ε): how far to go at rate 1, and the new moments."""
    m, v = moments
    m, v = m + 0.1 * (gradient - m), v + 0.001 * (tf.square(gradient) - v)
    return m * tf.sqrt(1 - 0.999**t) / (1 - 0.9**t) / (tf.sqrt(v) + 1e-7), (m, v)


class StoredLoop:
    """A compiled loop that is traced once for each form of its arguments: the graph is kept, and the next kernel reads it.

    All kernels run the graph as it is kept. In a graph that was traced TensorFlow counts up the names of the functions, and
    XLA's program is found again under the same names only: here they are named after what the graph holds. (Not after the
    graph's name: where another kernel has kept a trace of its own meanwhile, one name would have two meanings, an error.)
    """

    def __init__(self, make: Callable, *name):
        self._make, self._name, self.made, self._making = make, name, {}, threading.Lock()

    def __call__(self, *given):
        form = repr(tf.nest.map_structure(lambda each: (*each.shape, each.dtype), given))
        with self._making:  # two threads must not trace the same
            if new := form not in self.made:
                self.made[form] = self._program(given, fingerprint(*self._name, form)[0])
        made = self.made[form](*given)
        if new:
            _give_back()
        return made

    def _program(self, given, name):
        flat = tf.nest.flatten(given)
        if not (kept := programs.read(name)):
            loop, curves = self._make(), []

            def by_place(*flat):
                theta, state, told = loop(*tf.nest.pack_sequence_as(given, flat))
                curves.extend(sorted(told))
                return tf.nest.flatten((theta, state, told))

            traced = tf.function(by_place, autograph=False).get_concrete_function(*flat)
            graph = traced.graph.as_graph_def()
            if traced.captured_inputs or b"PyFunc" in (content := graph.SerializeToString()):
                return loop  # it reads what lives in this kernel only
            places = [each.name for each in traced.inputs], [each.name for each in traced.outputs], curves
            kept = json.dumps(places).encode() + b"\n" + _bare(graph, fingerprint(content)[0]).SerializeToString()
            programs.write(name, kept)
        places, _, graph = kept.partition(b"\n")
        (inputs, outputs, curves), graph = json.loads(places), tf.compat.v1.GraphDef.FromString(graph)
        program = tf.compat.v1.wrap_function(
            lambda *flat: tf.graph_util.import_graph_def(graph, dict(zip(inputs, flat)), outputs, name=""),
            [tf.TensorSpec(each.shape, each.dtype) for each in flat],
        )

        def run(theta, state, *others):
            made = program(*tf.nest.flatten((theta, state, *others)))
            return tf.nest.pack_sequence_as((theta, state, dict.fromkeys(curves)), made)

        return run


def _bare(graph, name):
    """A graph with only what its outputs need, whose functions have this name and a number."""
    functions, names = {each.signature.name: each for each in graph.library.function}, {}

    def visit(nodes):
        for node in nodes:
            for called in (each for value in node.attr.values() for each in (value.func, *value.list.func)):
                if called.name in functions and called.name not in names:
                    names[called.name] = f"{name}_{len(names)}"
                    function = functions[called.name]
                    _prune(function)
                    visit(function.node_def)
                if called.name in names:
                    called.name = names[called.name]

    visit(graph.node)
    del graph.library.function[:]
    for was, now in names.items():
        functions[was].signature.name = now
        graph.library.function.append(functions[was])
    return graph


def _prune(function):
    """Take out of a function what neither an output nor an effect needs: XLA would compile it."""
    inputs = {node.name: node.input for node in function.node_def}
    ahead, needed = [*function.ret.values(), *function.control_ret.values()], set()
    while ahead:
        name = ahead.pop().lstrip("^").partition(":")[0]
        if name in inputs and name not in needed:
            needed.add(name)
            ahead += inputs[name]
    for place in reversed(range(len(function.node_def))):
        if function.node_def[place].name not in needed:
            del function.node_def[place]


def _give_back():
    """Give the memory that compiling took back to the system, about 140 MB; the C library of Linux would keep it."""
    with suppress(AttributeError, OSError, TypeError):  # others have no such function
        ctypes.CDLL(None).malloc_trim(0)


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
            make = partial(compiled_loop, partial(step, tf.gradients), told, jit, partial(step, nowhere))
            loop = make() if held else StoredLoop(make, name, jit, compiled_loop, keras.__version__, np.__version__)
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

    def step(way_back, theta, state, data, dial, done, last):
        batch = Batch((role, partial(_rows_of, data[role], done)) for role in roles)
        part_done = tf.cast(done, tf.float32) / dial["steps"]
        parts = Parts(net, theta, state, way_back, step=done, last=last)
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


def nowhere(loss: tf.Tensor, weights: list) -> list:
    """In place of tf.gradients, where only the form of a step is asked for: slopes take long to trace."""
    return tf.nest.map_structure(tf.zeros_like, weights)


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

"""The dial: a strategy for sharing parameters is a value, not a program.

Write θ_c for the shared part, g_t = ∂L_target/∂θ_c and g_s = ∂L_source/∂θ_c. A strategy says where θ_c starts, how far
it moves, how much of g_s joins in, and how the two gradients are combined. Each private part follows its own loss only.
"""

from dataclasses import dataclass, fields, replace
from numbers import Real

import keras
import numpy as np
import tensorflow as tf

from transferlib.networks import Pair
from transferlib.tasks import whole_number

# Every way to combine two gradients is c_t·g_t + c_s·g_s, so it *is* a pair of numbers (c_t, c_s), computed from
# cos(g_t, g_s), from how far the other one reaches along each, on_t = g_t·g_s / ‖g_t‖² and on_s = g_t·g_s / ‖g_s‖², and from
# the number of the step. All three are 0 where a gradient is. g_s comes in already multiplied by α.
COMBINATIONS = {
    # Both, always: hard parameter sharing (Caruana 1997).
    "sum": lambda cos, on_t, on_s, step: (1.0, 1.0),
    # The target on even steps, the source on odd ones.
    "alternating": lambda cos, on_t, on_s, step: (1 - step % 2, step % 2),
    # The source joins while it does not oppose the target: 1[cos ≥ 0] (Du et al. 2018, unweighted).
    "gate": lambda cos, on_t, on_s, step: (1.0, cos >= 0),
    # The source joins by as much as it agrees: max(0, cos) (Du et al. 2018, weighted).
    "weighted": lambda cos, on_t, on_s, step: (1.0, tf.maximum(0.0, cos)),
    # In a conflict each gives up what opposes the other's original gradient, then sum (Yu et al. 2020, alg. 1).
    "pcgrad": lambda cos, on_t, on_s, step: (1.0 - tf.minimum(on_t, 0.0), 1.0 - tf.minimum(on_s, 0.0)),
    # In a conflict only the source gives way: PCGrad's projection, on g_s alone; the target's gradient is untouched.
    "one-sided": lambda cos, on_t, on_s, step: (1.0 - tf.minimum(on_t, 0.0), 1.0),
}


def combine(which: int | tf.Tensor, g_t: tf.Tensor, g_s: tf.Tensor, step: int | tf.Tensor) -> tf.Tensor:
    """The gradient that moves the shared part: vectors (n,) in, vector (n,) out.

    which: the position of a name in COMBINATIONS, as a number or a tensor, so that one compiled program serves them all.
    """
    plain = list(COMBINATIONS).index("sum")
    # A plain sum asks for no angle, and so for none of the sums over all weights.
    c = tf.cond(tf.equal(which, plain), lambda: tf.ones(2), lambda: tf.gather(_pairs(g_t, g_s, step), which))
    return c[0] * g_t + c[1] * g_s


def _pairs(g_t, g_s, step):
    """(combinations, 2): c_t and c_s of each."""
    # Squares of gradients leave float32 long before the gradients do, so both are first scaled to about 1. By powers of
    # two, which rounds nothing: for gradients of ordinary size the numbers are what they would be without.
    (t, size_t), (s, size_s) = _scaled(g_t), _scaled(g_s)
    dot, tt, ss = (tf.reduce_sum(a * b) for a, b in ((t, s), (t, t), (s, s)))
    ratio = tf.math.divide_no_nan(size_s, size_t), tf.math.divide_no_nan(size_t, size_s)
    cos = tf.math.divide_no_nan(dot, tf.sqrt(tt * ss))
    on_t, on_s = (tf.math.divide_no_nan(dot, square) * back for square, back in zip((tt, ss), ratio))
    return tf.stack([tf.stack([tf.cast(c, tf.float32) for c in w(cos, on_t, on_s, step)]) for w in COMBINATIONS.values()])


def _scaled(g):
    """(a vector divided by the power of two below its largest number, that power)"""
    bits = tf.bitcast(g, tf.int32) & 0x7F800000  # a float32's exponent alone
    size = tf.bitcast(tf.reduce_max(bits), tf.float32)
    return tf.math.divide_no_nan(g, size), size


CHOICES = {"start": ("source", "random"), "head": ("source", "random"), "batchnorm": ("live", "frozen")}


@dataclass(frozen=True, repr=False)
class Strategy:
    """One point on the dial: which weights move, from where, how far, and when.

    name        what plots call it
    start       where θ_c starts: "source" (the trained source's weights) or "random"
    move        how far θ_c moves: 0 (frozen) … 1 (full), or such a number for each of its layers that have weights, first to
                last. It scales the *update*: Adam would undo a scaled gradient
    alpha       α ≥ 0: how much of g_s joins in. Above 0, the source's private part keeps training on its own loss too
    combine     how g_t and α·g_s become one: a name in COMBINATIONS
    head        where the target's private part starts: "random", or "source" (only where the two have the same shape)
    head_first  so many steps in which θ_c stays, whatever α is; then all moves and Adam starts afresh, as when Keras
                compiles again (a linear probe, then fine-tuning: Kumar et al. 2022)
    batchnorm   of θ_c: "live" takes the batch's statistics and updates its own; "frozen" uses its own as they are, while
                its scales and shifts still move, and Dropout rests: Keras's base(x, training=False), which `fit` of a
                functional model turns into True all the same (seen up to 3.15)

    Where θ_c does not move at all (move 0, or head first), it also runs in inference mode.
    """

    name: str
    start: str = "source"
    move: float | tuple[float, ...] = 1.0
    alpha: float = 0.0
    combine: str = "sum"
    head: str = "random"
    head_first: int = 0
    batchnorm: str = "live"

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name must be a text, for plots to call it by, not {self.name!r}")
        for key, choices in CHOICES.items():
            if getattr(self, key) not in choices:
                raise ValueError(f"{key} must be {' or '.join(map(repr, choices))}, not {getattr(self, key)!r}")
        if isinstance(self.move, (list, np.ndarray)):
            object.__setattr__(self, "move", tuple(np.array(self.move, object)))  # so that a strategy is a key of a dict
        if not self.moves:
            raise ValueError("move must be a number, or one for each layer of the shared part, not none")
        for move in self.moves:
            if not (_is_number(move) and 0 <= move <= 1):
                raise ValueError(f"move must be a number between 0 (frozen) and 1 (full), or one a layer; not {move!r}")
        if not (_is_number(self.alpha) and 0 <= self.alpha < np.inf):
            raise ValueError(f"alpha must be 0 or a positive number, not {self.alpha!r}")
        if self.combine not in COMBINATIONS:
            raise ValueError(f"no combination is called {self.combine!r}; choose one of {', '.join(COMBINATIONS)}")
        object.__setattr__(self, "head_first", whole_number(self.head_first, "head_first"))

    def __repr__(self):
        """The first settings, and of the later ones those that are set: what makes this strategy when it is typed."""
        shown = [f for number, f in enumerate(fields(self)) if number < 6 or getattr(self, f.name) != f.default]
        return f"Strategy({', '.join(f'{f.name}={getattr(self, f.name)!r}' for f in shown)})"

    @property
    def moves(self) -> tuple[float, ...]:
        """`move` as a tuple: one number for all layers of the shared part, or one for each."""
        return self.move if isinstance(self.move, tuple) else (self.move,)

    @property
    def frozen(self) -> bool:
        """Whether the shared part never moves."""
        return not any(self.moves)

    def but(self, **changes) -> "Strategy":
        """The same strategy with some settings changed: `SHARE_WEIGHTS.but(name="half way", move=0.5)`."""
        return replace(self, **changes)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def checked(strategy: Strategy) -> Strategy:
    """The strategy itself, or ValueError where something else came, such as its name."""
    if not isinstance(strategy, Strategy):
        known = isinstance(strategy, str) and strategy in NAMED
        hint = f"; NAMED[{strategy!r}] is the strategy of this name" if known else ""
        raise ValueError(f"a Strategy is expected, such as SHARE_WEIGHTS, not {strategy!r}{hint}")
    return strategy


SCRATCH = Strategy("from scratch", start="random")
FIX_COMMON = Strategy("fix common", move=0.0)
SHARE_WEIGHTS = Strategy("share weights")
SHARE_GRADIENTS = Strategy("share gradients", alpha=1.0)
HEAD_FIRST = Strategy("head first, then all", head_first=150)  # half of the 300 steps of `train`

NAMED = {s.name: s for s in (SCRATCH, FIX_COMMON, SHARE_WEIGHTS, SHARE_GRADIENTS)}


def starting_weights(pair: Pair, strategy: Strategy = SCRATCH, weights: dict | None = None, seed: int = 0) -> dict:
    """Where `train` with the same arguments starts: weights for `pair.load`, before any step.

    Raises ValueError when the strategy starts from the source and its `weights` are missing or do not fit.
    """
    if weights is None and "source" in (checked(strategy).start, strategy.head):
        raise ValueError(f"'{strategy.name}' starts from the trained source: give train weights=train_source(...).weights")
    if weights is not None:
        pair.check_weights(weights, ("shared", "source"))  # nested pairs borrow those of another, whose h is its own
    fresh = pair.fresh(seed)
    begin = {
        "shared": weights["shared"] if strategy.start == "source" else fresh["shared"],
        "source": fresh["source"] if weights is None else weights["source"],
        "target": weights["source"] if strategy.head == "source" else fresh["target"],
    }
    if strategy.head == "source" and [*map(np.shape, begin["target"])] != [*map(np.shape, fresh["target"])]:
        raise ValueError("head='source' needs private parts of the same shape, with the same number of classes")
    return {part: pair.with_noise_of(part, begin[part], fresh[part]) for part in begin}


def how_far(pair: Pair, strategy: Strategy) -> np.ndarray:
    """(n,) how far each number of θ_c moves; ValueError where `move` does not have a number for each layer."""
    layers, moves = pair.shared_layers, strategy.moves
    if isinstance(strategy.move, tuple) and len(moves) != len(layers):
        names = ", ".join(layer.name for layer in layers) or "none"
        raise ValueError(f"move has {len(moves)} numbers; the shared part has {len(layers)} layers with weights: {names}")
    learns = not strategy.frozen and strategy.batchnorm == "live"
    for place, layer in enumerate(layers):
        if learns and isinstance(layer, keras.layers.BatchNormalization) and not moves[place % len(moves)]:
            why = "where another layer moves, a BatchNormalization takes the batch's statistics and updates its own"
            raise ValueError(f'move 0 does not freeze {layer.name}: {why}. Say batchnorm="frozen" too')
    far = {id(v): moves[place % len(moves)] for place, layer in enumerate(layers) for v in layer.variables}
    pieces = (np.full(np.prod(v.shape, dtype=int), far[id(v)], np.float32) for v in pair.shared.trainable_variables)
    return np.concatenate([np.zeros(0, np.float32), *pieces])

"""The dial: a strategy for sharing parameters is a value, not a program.

Write θ_c for the shared part, g_t = ∂L_target/∂θ_c and g_s = ∂L_source/∂θ_c. A strategy says where θ_c starts, how far
it moves, how much of g_s joins in, and how the two gradients are combined. Each private part follows its own loss only.
"""

from dataclasses import dataclass, replace
from numbers import Real

import tensorflow as tf

# Every way to combine two gradients below returns c_t·g_t + c_s·g_s, so it *is* a pair of numbers (c_t, c_s), computed from
# dot = g_t·g_s, tt = ‖g_t‖², ss = ‖g_s‖² and the number of the step. g_s comes in already multiplied by α.


def _sum(dot, tt, ss, step):
    """Both, always: hard parameter sharing (Caruana 1997)."""
    return 1.0, 1.0


def _alternating(dot, tt, ss, step):
    """The target on even steps, the source on odd ones."""
    odd = tf.cast(step % 2, tf.float32)
    return 1.0 - odd, odd


def _gate(dot, tt, ss, step):
    """The source joins while it does not oppose the target: 1[cos ≥ 0] (Du et al. 2018, unweighted)."""
    return 1.0, tf.cast(dot >= 0, tf.float32)


def _weighted(dot, tt, ss, step):
    """The source joins by as much as it agrees: max(0, cos) (Du et al. 2018, weighted)."""
    return 1.0, tf.maximum(0.0, tf.math.divide_no_nan(dot, tf.sqrt(tt * ss)))


def _pcgrad(dot, tt, ss, step):
    """In a conflict each gives up what opposes the other's original gradient, then sum (Yu et al. 2020, alg. 1)."""
    conflict = tf.minimum(dot, 0.0)
    return 1.0 - tf.math.divide_no_nan(conflict, tt), 1.0 - tf.math.divide_no_nan(conflict, ss)


def _one_sided(dot, tt, ss, step):
    """In a conflict only the source gives way: PCGrad's projection, on g_s alone; the target's gradient is untouched."""
    return 1.0 - tf.math.divide_no_nan(tf.minimum(dot, 0.0), tt), 1.0


COMBINATIONS = {
    "sum": _sum,
    "alternating": _alternating,
    "gate": _gate,
    "weighted": _weighted,
    "pcgrad": _pcgrad,
    "one-sided": _one_sided,
}


def combine(which: int | tf.Tensor, g_t: tf.Tensor, g_s: tf.Tensor, step: int | tf.Tensor) -> tf.Tensor:
    """The gradient that moves the shared part: vectors (n,) in, vector (n,) out.

    which: the position of a name in COMBINATIONS, as a number or a tensor, so that one compiled program serves them all.
    """
    facts = *(tf.reduce_sum(a * b) for a, b in ((g_t, g_s), (g_t, g_t), (g_s, g_s))), step
    pairs = tf.stack([tf.stack([tf.cast(c, tf.float32) for c in way(*facts)]) for way in COMBINATIONS.values()])
    c = tf.gather(pairs, which)
    return c[0] * g_t + c[1] * g_s


@dataclass(frozen=True)
class Strategy:
    """One point on the dial.

    name     what plots call it
    start    where θ_c starts: "source" (the trained source's weights) or "random"
    move     how far θ_c moves: 0 (frozen) … 1 (full). It scales the *update*: Adam would undo a scaled gradient
    alpha    α ≥ 0: how much of g_s joins in. Above 0, the source's private part keeps training on its own loss too
    combine  how g_t and α·g_s become one: a name in COMBINATIONS
    head     where the target's private part starts: "random", or "source" (only where the two have the same shape)
    """

    name: str
    start: str = "source"
    move: float = 1.0
    alpha: float = 0.0
    combine: str = "sum"
    head: str = "random"

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"name must be a text, for plots to call it by, not {self.name!r}")
        for key in ("start", "head"):
            if getattr(self, key) not in ("source", "random"):
                raise ValueError(f"{key} must be 'source' or 'random', not {getattr(self, key)!r}")
        for key in ("move", "alpha"):
            if not isinstance(getattr(self, key), Real) or isinstance(getattr(self, key), bool):
                raise ValueError(f"{key} must be a number, not {getattr(self, key)!r}")
        if not 0 <= self.move <= 1:
            raise ValueError(f"move must lie between 0 (frozen) and 1 (full), not {self.move!r}")
        if not 0 <= self.alpha < float("inf"):
            raise ValueError(f"alpha must be 0 or a positive number, not {self.alpha!r}")
        if self.combine not in COMBINATIONS:
            raise ValueError(f"no combination is called {self.combine!r}; choose one of {', '.join(COMBINATIONS)}")

    def but(self, **changes) -> "Strategy":
        """The same strategy with some settings changed: `SHARE_WEIGHTS.but(name="half way", move=0.5)`."""
        return replace(self, **changes)


def checked(strategy: Strategy) -> Strategy:
    """The strategy itself, or ValueError where something else came, such as its name."""
    if not isinstance(strategy, Strategy):
        hint = (
            f"; NAMED[{strategy!r}] is the strategy of this name" if isinstance(strategy, str) and strategy in NAMED else ""
        )
        raise ValueError(f"a Strategy is expected, such as SHARE_WEIGHTS, not {strategy!r}{hint}")
    return strategy


SCRATCH = Strategy("from scratch", start="random")
FIX_COMMON = Strategy("fix common", move=0.0)
SHARE_WEIGHTS = Strategy("share weights")
SHARE_GRADIENTS = Strategy("share gradients", alpha=1.0)

NAMED = {s.name: s for s in (SCRATCH, FIX_COMMON, SHARE_WEIGHTS, SHARE_GRADIENTS)}

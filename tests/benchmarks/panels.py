"""From an event to the new picture of a panel.

One strategy over 5 seeds of the main pair, after the first picture, which compiles: 100 settings never seen, then the same
again. Then the opening, whose runs are made once: all labels of all its lines over 20 seeds.
"""

import itertools
import time

import numpy as np

from transferlib.datasets import mnist, uci_digits
from transferlib.lessons.start_here.widgets import race
from transferlib.lessons.three_sharing_strategies.widgets import dial
from transferlib.networks import Pair


def times(panel, settings):
    """Seconds from setting the controls to the picture that belongs to them."""
    taken = []
    for values in settings:
        begin = time.perf_counter()
        panel.set(**values)
        panel.settle()
        taken.append(time.perf_counter() - begin)
    return np.array(taken) * 1e3


def tell(what, taken):
    middle, late, last = np.percentile(taken, [50, 95, 100])
    print(f"{what:<46} median {middle:5.0f} ms   95 % below {late:5.0f} ms   slowest {last:5.0f} ms   ({len(taken)} events)")


def main():
    setting = Pair(100, (64,), (64,)), mnist(), uci_digits()
    panel = dial(*setting)
    panel.set(fix_common=False, share_weights=False, seeds=5)
    panel.settle()
    ways = itertools.product((1, 2, 5, 10, 20), (0.1, 0.2, 0.4, 0.5, 0.6), (0.0, 0.25, 0.5, 1.0))
    settings = [dict(per_class=k, move=move, alpha=alpha) for k, move, alpha in ways]
    np.random.default_rng(0).shuffle(settings)
    tell("one strategy, 5 seeds, a new setting", times(panel, settings))
    tell("the same, seen before", times(panel, settings[::-1]))
    tell("the opening's mark, 20 seeds, a new setting", times(race(*setting), [dict(per_class=k) for k in (2, 5, 10, 50)]))


if __name__ == "__main__":
    main()

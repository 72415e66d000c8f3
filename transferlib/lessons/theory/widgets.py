"""The panel of the theory: when must it hurt?"""

from collections.abc import Callable

import numpy as np

from transferlib.widgets.panel import Panel, choice


def border(gains_of: Callable, theory: Callable, frozen_gains: Callable, frozen_theory: Callable) -> Panel:
    """Angle, labels, noise, depth and length: theory's line over fresh simulation, and where the harm begins.

    gains_of, frozen_gains the page's functions: (draws, angle, n, noise, …) → (draws,), measured
    theory, frozen_theory  the page's formulas: (angle, n, noise, …) → the gain
    """
    controls = dict(
        angle=choice("angle, in degrees", range(0, 91, 5), 65),
        n=choice("labels, of 50 dimensions", (10, 15, 20, 25, 30, 35, 40), 25),
        noise=choice("noise in the labels", (0.0, 0.25, 0.5, 1.0), 0.0),
        depth=choice("layers", (1, 2, 3, 4), 1),
        length=choice("length of the source's solution", (0.5, 1.0, 1.5, 2.0), 1.0),
        seeds=choice("draws", (5, 10, 20), 10),
    )

    def code(angle, n, noise, depth, length, seeds):
        return f"""
            import numpy as np

            from transferlib.lessons.theory import plots
            from transferlib.lessons.theory.widgets import first

            tuned, fixed = dict(noise={noise}, depth={depth}, length={length}), dict(noise={noise})
            all_angles, labels = np.arange(91), np.arange(10, 42, 2)
            measured = {{
                "fine-tuned": {{a: gains_of({seeds}, angle=a, n={n}, **tuned) for a in plots.ANGLES}},
                "frozen subspace": {{a: frozen_gains({seeds}, angle=a, n={n}, **fixed) for a in plots.ANGLES}},
            }}
            ways = {{"fine-tuned": (theory, tuned), "frozen subspace": (frozen_theory, fixed)}}
            lines = {{name: (all_angles, way(all_angles, {n}, **own)) for name, (way, own) in ways.items()}}
            starts = {{name: [first(way, m, **own) for m in labels] for name, (way, own) in ways.items()}}
            borders = {{name: (labels / 50, starts[name]) for name in ways}}
            plots.border_map(measured, lines, borders, {angle}, {n} / 50)"""

    presets = {
        "noisy labels, four layers": dict(noise=1.0, depth=4, length=1.0),
        "twice as long": dict(noise=0.0, depth=1, length=2.0),
        "twice as long, four layers": dict(noise=0.0, depth=4, length=2.0),
    }
    at_hand = dict(gains_of=gains_of, theory=theory, frozen_gains=frozen_gains, frozen_theory=frozen_theory)
    return Panel(controls, code, at_hand, presets, "Border")


def first(way: Callable, n: int, **setting) -> float:
    """The smallest angle, in degrees, at which the gain way(angles, n, **setting) is below 0; 90 where it nowhere is."""
    angles = np.linspace(0, 90, 901)
    hurts = way(angles, n, **setting) < 0
    return float(angles[hurts.argmax()]) if hurts.any() else 90.0

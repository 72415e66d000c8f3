"""The panel of lesson 07: the ladder on fewer rows and fewer splits."""

from transferlib.own_data.problem import Problem
from transferlib.widgets.panel import Panel, choice, menu


def ladder(problems: dict[str, Problem]) -> Panel:
    """Climb the ladder of one of several problems, {name: Problem}, with some of its rows, on some splits."""
    controls = dict(
        name=menu("problem", problems),
        rows=choice("rows", (24, 40, 60), 24),
        splits=choice("splits", (5, 10, 20, 40), 10),
        draw=choice("which rows", (0, 1, 2, 3), 0),
    )

    def code(name, rows, splits, draw):
        return f"""
            from transferlib.lessons.your_own_problem import plots
            from transferlib.own_data.ladder import RUNGS, Ladder

            ladder = Ladder(problems[{name!r}].few({rows}, seed={draw}), seeds={splits})
            ladder.climb(RUNGS, progress=progress)
            plots.ladder(ladder)"""

    presets = {"more splits": dict(splits=40), "more rows": dict(rows=60), "other rows": dict(draw=1)}
    return Panel(controls, code, dict(problems=problems), presets, "Ladder")

"""The panel of task nesting."""

from transferlib.networks import Pair
from transferlib.strategies import Strategy
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, buttons, choice

OPENS = "un-nested, from scratch", "nested, from scratch", "stacking", "nested, fine-tuned"


def nesting(grades: dict[str, tuple[Pair, Strategy]], source: Task, digits: dict[str, Task]) -> Panel:
    """Grades of nesting, retrained for every setting: labelled sums, steps, whose digits, grades, seeds.

    It opens where the lesson begins: after 1,000 steps, when the nested shape alone is far behind.
    """
    boxes = {name: box(name, name in OPENS) for name in grades}
    controls = dict(
        added=buttons("digits added", digits),
        per_sum=choice("labelled sums of each value", (2, 5, 10, 20, 50, 100), 50),
        steps=choice("training steps", (200, 500, 1000, 2000), 1000),
        seeds=choice("seeds", range(1, 11), 10),
    )

    def code(per_sum, steps, added, seeds, **ticked):
        names = ",\n                     ".join(repr(name) for name in grades if ticked[name])
        if not names:
            raise ValueError("tick at least one grade")
        return f"""
            from transferlib.changes import sums
            from transferlib.lessons.task_nesting import plots
            from transferlib.lessons.task_nesting.nested import compare_grades, inner_readers

            names = [{names}]
            chosen = {{name: grades[name] for name in names}}
            budget = dict(per_class={per_sum}, steps={steps}, seeds={seeds}, every={steps // 10})
            results = compare_grades(chosen, source, sums(digits[{added!r}]), **budget, progress=progress)
            plots.nesting(results, inner_readers(grades, results, digits[{added!r}]))"""

    parts = {
        "what may h see?": ("stacking", "progressive", "hierarchical, predictions", "hierarchical, hidden"),
        "the shape alone": ("un-nested, from scratch", "nested, from scratch"),
    }
    presets = {"hardly any sums": dict(per_sum=2), "twice the steps": dict(steps=2000)}
    presets |= {title: {name: name in part for name in grades} for title, part in parts.items() if grades.keys() & {*part}}
    return Panel(boxes | controls, code, dict(grades=grades, source=source, digits=digits), presets, "Nesting")

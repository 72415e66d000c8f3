"""The panel of task nesting."""

from ipywidgets import ToggleButtons

from transferlib.networks import Pair
from transferlib.strategies import Strategy
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, choice


def nesting(grades: dict[str, tuple[Pair, Strategy]], source: Task, digits: dict[str, Task]) -> Panel:
    """Grades of nesting, retrained for every setting: labelled sums, whose digits are added, which grades, seeds."""
    boxes = {name: box(name, name in ("un-nested, fine-tuned", "stacking", "hierarchical")) for name in grades}
    controls = dict(
        added=choice("digits added", digits, next(iter(digits), None), ToggleButtons),
        per_sum=choice("labelled sums of each value", (2, 5, 10, 20, 50, 100), 10),
        seeds=choice("seeds", range(1, 11), 10),
    )

    def code(per_sum, added, seeds, **ticked):
        names = ",\n          ".join(repr(name) for name in grades if ticked[name])
        if not names:
            raise ValueError("tick at least one grade")
        return (
            "from transferlib import plots\nfrom transferlib.changes import sums\n"
            "from transferlib.methods.task_nesting import compare_grades, inner_readers\n\n"
            f"chosen = [{names}]\n"
            f"results = compare_grades({{name: grades[name] for name in chosen}}, source, sums(digits[{added!r}]),\n"
            f"                         per_class={per_sum}, seeds={seeds}, steps=1000, every=200, progress=progress)\n"
            f"plots.nesting(results, inner_readers(grades, results, digits[{added!r}]))"
        )

    def only(*names):
        return {name: name in names for name in grades}

    presets = {
        "hardly any sums": dict(per_sum=2),
        "plenty of sums": dict(per_sum=100),
        "the three grades": only("stacking", "progressive", "hierarchical"),
        "does nesting alone help?": only("un-nested, from scratch", "nested, from scratch", "addition, from scratch"),
    }
    return Panel(boxes | controls, code, dict(grades=grades, source=source, digits=digits), presets, "Nesting")

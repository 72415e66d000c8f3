"""The panel of task nesting."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.changes import sums
from transferlib.methods.task_nesting import compare_grades, inner_readers
from transferlib.widgets.panel import WIDE, Panel, choice


def nesting(grades, source, digits):
    """Grades of nesting, retrained for every setting: labelled sums, whose digits are added, which grades, seeds."""
    boxes = {
        name: widgets.Checkbox(
            value=name in ("un-nested, fine-tuned", "stacking", "hierarchical"),
            description=name,
            indent=False,
        )
        for name in grades
    }
    controls = dict(
        added=widgets.ToggleButtons(options=list(digits), description="digits added", style=WIDE),
        per_sum=choice("labelled sums of each value", (2, 5, 10, 20, 50, 100), 10),
        seeds=choice("seeds", tuple(range(1, 11)), 10),
    )

    def draw(progress, per_sum, added, seeds, **ticked):
        chosen = {name: grade for name, grade in grades.items() if ticked[name]}
        if not chosen:
            raise ValueError("tick at least one grade")
        budget = dict(per_class=per_sum, seeds=seeds, steps=1000, every=200)
        results = compare_grades(chosen, source, sums(digits[added]), progress=progress, **budget)
        return plots.nesting(results, inner_readers(grades, results, digits[added]))

    def code(per_sum, added, seeds, **ticked):
        names = ",\n          ".join(repr(name) for name in grades if ticked[name])
        return (
            "from transferlib import plots\nfrom transferlib.changes import sums\n"
            "from transferlib.methods.task_nesting import compare_grades, inner_readers\n\n"
            f"chosen = [{names}]\n"
            f"results = compare_grades({{name: grades[name] for name in chosen}}, source, sums(digits[{added!r}]),\n"
            f"                         per_class={per_sum}, seeds={seeds}, steps=1000, every=200)\n"
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
    return Panel(boxes | controls, draw, code, presets, "Nesting")

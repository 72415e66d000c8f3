"""The panel of two tasks on one layer."""

from ipywidgets import Dropdown

from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice

SURGERY = "pcgrad", "one-sided", "gate", "weighted", "alternating"


def two_tasks(tasks: dict[str, Task]) -> Panel:
    """What two tasks trade on one shared layer: which two, how wide it is, and another way to combine their gradients."""
    controls = dict(
        first=choice("the one task", tasks, "digit", Dropdown),
        second=choice("the other", tasks, "writer", Dropdown),
        combine=choice("beside the weights", SURGERY, "pcgrad", Dropdown),
        units=choice("shared units", (4, 8, 16, 32, 64), 8),
        steps=choice("steps", (300, 1000), 1000),
        seeds=choice("seeds", (3, 5), 5),
    )

    def code(first, second, combine, units, steps, seeds):
        if first == second:
            raise ValueError("choose two different tasks")
        return (
            "from transferlib.lessons.multi_task_learning import plots\n"
            "from transferlib.lessons.multi_task_learning.together import MULTI_TASK, alone, together, weights_of\n\n"
            f"one, other = tasks[{first!r}], tasks[{second!r}]\n"
            f"settings = dict(seeds={seeds}, steps={steps})\n"
            "weights = [weights_of(w) for w in (0.1, 0.3, 1, 3, 10)]\n"
            f"weighted = together(one, other, weights, {units}, **settings, progress=progress)\n"
            f"surgery = together(one, other, [MULTI_TASK.but(name={combine!r}, combine={combine!r})], {units}, **settings)\n"
            f"apart = {{f'apart, {{u}} + {{u}} units': {{t.name: alone(t, u, **settings) for t in (one, other)}}"
            f" for u in ({units // 2}, {units})}}\n"
            "plots.trade(weighted, surgery, apart)"
        )

    presets = {"one task in two": dict(first="digit", second="parity"), "room enough": dict(units=64)}
    return Panel(controls, code, dict(tasks=tasks), presets, "TwoTasks")

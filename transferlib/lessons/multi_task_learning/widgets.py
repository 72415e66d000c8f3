"""The panel of two tasks on one layer."""

from collections.abc import Callable

from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice, menu


def two_tasks(tasks: dict[str, Task], two_heads: Callable, surgery: dict[str, Callable]) -> Panel:
    """What two tasks trade on one shared layer: which two, how wide, and another way to combine gradients.

    two_heads   the method of the lesson's page; surgery its others, {name: method}
    """
    controls = dict(
        first=menu("the one task", tasks, "digit"),
        second=menu("the other", tasks, "writer"),
        combine=menu("beside the weights", surgery, [*surgery][-1]),
        units=choice("shared units", (4, 8, 16, 32, 64), 8),
        steps=choice("steps", (300, 1000), 1000),
        seeds=choice("seeds", (3, 5), 5),
    )

    def code(first, second, combine, units, steps, seeds):
        if first == second:
            raise ValueError("choose two different tasks")
        return f"""
            from transferlib.lessons.multi_task_learning import plots
            from transferlib.lessons.multi_task_learning.together import alone, together

            two, settings = (tasks[{first!r}], tasks[{second!r}]), dict(seeds={seeds}, steps={steps})
            weights = {{f"weight {{w:g}}": dict(weight=w) for w in (0.1, 0.3, 1, 3, 10)}}
            weighted = together(two_heads, *two, weights, {units}, **settings, progress=progress)
            other = together(surgery[{combine!r}], *two, {{{combine!r}: {{}}}}, {units}, **settings)
            apart = {{
                f"apart, {{u}} + {{u}} units": {{task.name: alone(task, u, **settings) for task in two}}
                for u in ({units // 2}, {units})
            }}
            plots.trade(weighted, other, apart)"""

    presets = {"one task in two": dict(first="digit", second="parity"), "room enough": dict(units=64)}
    return Panel(controls, code, dict(tasks=tasks, two_heads=two_heads, surgery=surgery), presets, "TwoTasks")

"""The panel of the rank: how many numbers move, and what they buy."""

from collections.abc import Callable

from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice, menu


def how_many_move(tried: Callable, moved: Callable, head_only: Callable, targets: dict[str, Task]) -> Panel:
    """LoRA of a chosen rank between the head alone and everything, on a chosen target, by the page's own functions.

    tried    tried(arms, target, per_class, …) → {(arm, rate): runs}, as lesson 15 defines it
    moved    moved(rank, names) → how many numbers move
    head_only   head_only(target, per_class, seeds) → (seeds,) accuracies
    targets  {name: Task}
    """
    names = list(targets)
    controls = dict(
        name=menu("target", names),
        per_class=choice("labels per class", (2, 5, 20, 50), 5),
        rank=choice("rank", (1, 2, 4, 8, 16, 32), 4),
        rate=choice("learning rate", (0.0003, 0.001, 0.003, 0.01), 0.001),
        steps=choice("training steps", (100, 300, 1000), 300),
        seeds=choice("seeds", (3, 5, 10), 3),
    )

    def code(name, per_class, rank, rate, steps, seeds):
        return f"""
            from transferlib.lessons.more_efficient.plots import moved_and_right
            from transferlib.measures import value_at

            low = "A1", "B1", "A2", "B2", "head"
            arms = {{"LoRA, rank {rank}": ({rank}, low)}}
            arms |= {{"one layer": (1, ("W2", "b2", "head")), "all": (1, ("W1", "b1", "W2", "b2", "head"))}}
            budget = dict(rates=[{rate}], steps={steps}, seeds={seeds}, progress=progress)
            runs = tried(arms, targets[{name!r}], {per_class}, **budget)
            head = head_only(targets[{name!r}], {per_class}, {seeds})
            reached = {{"head only": (moved(1, ["head"]), head)}}
            reached |= {{arm: (moved(*arms[arm]), value_at(each, "target")) for (arm, rate), each in runs.items()}}
            moved_and_right({{{f"{name}, {per_class} labels per class"!r}: reached}})"""

    presets = {"far, many labels": dict(name=names[-1], per_class=50, rate=0.003)}
    at_hand = dict(tried=tried, moved=moved, head_only=head_only, targets=targets)
    return Panel(controls, code, at_hand, presets, "How many move")

"""The panel of unseen digits."""

from ipywidgets import Dropdown, ToggleButtons

from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, choice


def unseen(pair: Pair, source: Task) -> Panel:
    """Zero-shot by hand: which two digits no picture is seen of, which second modality, and the seen digits' handicap."""
    controls = dict(
        first=choice("never seen", range(10), 1, Dropdown),
        second=choice("and", range(10), 6, Dropdown),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
        modality=choice("code", ("segments", "spelling"), "segments", ToggleButtons),
    )

    def code(first, second, modality, handicap):
        if first == second:
            raise ValueError("choose two different digits")
        digits, codes = tuple(sorted((first, second))), modality.upper()
        return (
            "from transferlib import plots\n"
            f"from transferlib.methods.cross_modal import {codes}, unseen_answers, unseen_map\n\n"
            f"read = unseen_map(pair, source, {codes}, {digits})\n"
            f"plots.unseen_answers(**unseen_answers(*read, source.y_test, {codes}, {digits}, handicap={handicap}))"
        )

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, code, dict(pair=pair, source=source), presets, "Unseen")

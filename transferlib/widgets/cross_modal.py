"""The panel of unseen digits."""

import ipywidgets as widgets

from transferlib import plots
from transferlib.methods.cross_modal import SEGMENTS, SPELLING, unseen_map
from transferlib.widgets.panel import WIDE, Panel, choice


def unseen(pair, task):
    """Zero-shot by hand: which two digits no picture is seen of, which second modality, and the seen digits' handicap."""
    modalities = {"segments": SEGMENTS, "spelling": SPELLING}
    digits = list(range(10))
    controls = dict(
        first=widgets.Dropdown(options=digits, value=1, description="never seen", style=WIDE),
        second=widgets.Dropdown(options=digits, value=6, description="and", style=WIDE),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
        modality=widgets.ToggleButtons(options=list(modalities), description="code", style=WIDE),
    )

    def chosen(first, second):
        if first == second:
            raise ValueError("choose two different digits")
        return tuple(sorted((first, second)))

    def draw(progress, first, second, modality, handicap):
        pair_, codes = chosen(first, second), modalities[modality]
        return plots.unseen_answers(*unseen_map(pair, task, codes, pair_), task.y_test, codes, pair_, handicap)

    def code(first, second, modality, handicap):
        pair_, codes = chosen(first, second), modality.upper()
        return (
            f"from transferlib import plots\nfrom transferlib.methods.cross_modal import {codes}, unseen_map\n\n"
            f"code_map, features = unseen_map(pair, source, {codes}, {pair_})\n"
            f"plots.unseen_answers(code_map, features, source.y_test, {codes}, {pair_}, handicap={handicap})"
        )

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, draw, code, presets, "Unseen")

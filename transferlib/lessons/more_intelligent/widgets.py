"""The panel that asks every score about every target."""

from collections.abc import Callable

from ipywidgets import Dropdown, ToggleButtons

from transferlib.datasets import uci_tasks
from transferlib.widgets.panel import Panel, choice


def which_source(scores: dict[str, Callable], over_all: Callable, within: Callable) -> Panel:
    """The scatter of a score: choose the score, what is looked at, the labels, and whether the shared layer moves.

    scores            {name: function of a `Seen`}
    over_all, within  the page's own rank correlations, of (score, accuracy), each (targets, sources, draws)
    """
    controls = dict(
        score=choice("score", scores, next(iter(scores)), Dropdown),
        look=choice("look at", ["all pairs", *uci_tasks()], "all pairs", ToggleButtons),
        per_class=choice("labels per class", (2, 5, 20), 5),
        way=choice("the shared layer", ("fix common", "share weights"), "fix common", Dropdown),
        draws=choice("draws of labels", (3, 5, 10), 5),
    )

    def code(score, look, per_class, way, draws):
        place = list(uci_tasks()).index(look) if look != "all pairs" else None
        one = "" if place is None else f"[[{place}]]"
        rank = "over_all" if place is None else "within"
        return f"""
            from transferlib.lessons.more_intelligent import pairs, plots
            from transferlib.strategies import NAMED

            accuracy = pairs.outcomes(NAMED[{way!r}], {per_class}, {draws}, progress=progress)["accuracy"]
            score = pairs.scored(scores[{score!r}], {per_class}, {draws})
            agreement = {rank}(score{one}, accuracy{one})
            names = list(pairs.uci_tasks()), list(pairs.nine_sources())
            plots.scatter(score, accuracy, *names, agreement, {look!r}, {score!r})"""

    presets = {"within one target": dict(look="parity"), "many labels": dict(look="parity", per_class=20)}
    at_hand = dict(scores=scores, over_all=over_all, within=within)
    return Panel(controls, code, at_hand, presets, "Which source")

"""The panel that asks every score about every target."""

from collections.abc import Callable

from transferlib.lessons.more_intelligent.pairs import World
from transferlib.widgets.panel import Panel, buttons, choice, menu


def which_source(scores: dict[str, Callable], over_all: Callable, within: Callable, worlds: dict[str, World]) -> Panel:
    """The scatter of a score: choose the score, what is looked at, the labels, and whether the shared layer moves.

    scores            {name: function of a `Seen`}
    over_all, within  the page's own rank correlations, of (score, accuracy), each (targets, sources, draws)
    worlds            {"pictures": World, …}: what can be looked at is all pairs of one, or one of its targets
    """
    looks = {f"all {kind}": (kind, None) for kind in worlds}
    looks |= {target: (kind, target) for kind, world in worlds.items() for target in world.targets}
    order = sorted(looks, key=lambda look: list(worlds).index(looks[look][0]))  # all of a kind, and then its targets
    controls = dict(
        score=menu("score", scores),
        look=buttons("look at", order),
        per_class=choice("labels per class", (2, 5, 20), 5),
        way=menu("the shared layer", ("fix common", "share weights")),
        draws=choice("draws of labels", (3, 5, 10), 5),
    )

    def code(score, look, per_class, way, draws):
        kind, target = looks[look]
        targets = list(worlds[kind].targets)
        one = "" if target is None else f"[[{targets.index(target)}]]"
        rank, named = ("over_all", targets[0]) if target is None else ("within", target)
        return f"""
            from transferlib.lessons.more_intelligent import pairs, plots
            from transferlib.strategies import NAMED

            world = worlds[{kind!r}]
            same = dict(per_class={per_class}, seeds={draws}, world=world)
            accuracy = pairs.outcomes(NAMED[{way!r}], **same, progress=progress)["accuracy"]
            score = pairs.scored(scores[{score!r}], **same)
            agreement = {rank}(score{one}, accuracy{one})
            names = list(world.targets), list(world.sources[{named!r}])
            plots.scatter(score, accuracy, *names, agreement, {look!r}, {score!r})"""

    presets = {"within one target": dict(look="parity"), "many labels": dict(look="parity", per_class=20)}
    if "texts" in worlds:
        presets |= {"texts": dict(look="all texts"), "texts, one target": dict(look="films")}
    at_hand = dict(scores=scores, over_all=over_all, within=within, worlds=worlds)
    return Panel(controls, code, at_hand, presets, "Which source")

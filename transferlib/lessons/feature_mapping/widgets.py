"""The panel of feature mapping."""

from collections.abc import Callable
from functools import wraps

from transferlib.fingerprint import fingerprint
from transferlib.lessons.feature_mapping.carrying import carry
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, choice, menu

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


def mapping(
    pair: Pair, domains: dict[str, tuple[Task, Task]], maps: dict[str, Callable], turned: Callable[[Callable], Callable]
) -> Panel:
    """A map from none to full: the clouds, the gaps between them and the accuracy.

    domains  {name: (source, target)}
    maps     {name: a map of the lesson's page}; turned(map) → the map on its right side
    """
    controls = dict(
        which=menu("domains", domains),
        mapping=menu("map M", maps, list(maps)[min(2, len(maps) - 1)]),
        turn=box("turned where the third moments say so"),
        strength=choice("strength: none to full", STRENGTHS, 1.0),
        rows=choice("unlabelled target pictures", (5, 10, 20, 50, 100, 200, 400), 400),
        seeds=choice("seeds", range(1, 11), 10),
    )
    trained = {}

    @wraps(carry)  # with a memory: another strength needs no new training
    def carried(pair, source, target, arms, rows, seeds, progress):
        key = fingerprint(source, target, arms, rows, seeds)
        if key not in trained:
            trained[key] = carry(pair, source, target, arms, rows=rows, seeds=seeds, progress=progress)
        return trained[key]

    def code(which, mapping, turn, strength, rows, seeds):
        learn = f"turned(maps[{mapping!r}])" if turn else f"maps[{mapping!r}]"
        return f"""
            from transferlib.lessons.feature_mapping import plots
            from transferlib.lessons.feature_mapping.carrying import carry, clouds, gaps, part_way

            source, target = domains[{which!r}]
            arms = {{s: part_way({learn}, s) for s in {STRENGTHS}}}
            cloud = clouds(source, target, arms[{strength}], rows={rows})
            accuracy = carry(pair, source, target, arms, rows={rows}, seeds={seeds}, progress=progress)
            plots.map_panel(cloud, (gaps(cloud, 'before'), gaps(cloud)), accuracy, {strength})"""

    presets = {"no map": dict(strength=0.0), "full": dict(strength=1.0), "turned": dict(turn=True)}
    presets["ten pictures"] = dict(rows=10)
    at_hand = dict(pair=pair, domains=domains, maps=maps, turned=turned, carry=carried)
    return Panel(controls, code, at_hand, presets, "Mapping")

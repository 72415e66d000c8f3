"""The panel of feature mapping."""

from functools import wraps

from ipywidgets import Dropdown

from transferlib.lessons.feature_mapping.maps import MAPPINGS, carry
from transferlib.networks import Pair
from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, box, choice


def mapping(pair: Pair, domains: dict[str, tuple[Task, Task]]) -> Panel:
    """A map from none to full: the clouds, the gaps between them and the accuracy. domains: {name: (source, target)}."""
    controls = dict(
        which=choice("domains", domains, next(iter(domains), None), Dropdown),
        mapping=choice("map M", MAPPINGS, "Coral", Dropdown),
        turn=box("turned where the third moments say so"),
        strength=choice("strength: none to full", (0.0, 0.25, 0.5, 0.75, 1.0), 1.0),
        rows=choice("unlabelled target pictures", (5, 10, 20, 50, 100, 200, 400), 400),
        seeds=choice("seeds", range(1, 11), 10),
    )
    known = {}

    @wraps(carry)  # with a memory: another strength needs no new training
    def carried(pair, source, target, mappings, progress, **settings):
        key = source, target, repr(mappings), *settings.values()
        if key not in known:
            known[key] = carry(pair, source, target, mappings, progress=progress, **settings)
        return known[key]

    def code(which, mapping, turn, strength, rows, seeds):
        return (
            "from transferlib.lessons.feature_mapping import plots\n"
            "from transferlib.lessons.feature_mapping.maps import MAPPINGS, carry, clouds, gaps, strengths\n\n"
            f"mapping = MAPPINGS[{mapping!r}](strength={strength}, turn={turn})\n"
            f"cloud = clouds(*domains[{which!r}], mapping, rows={rows})\n"
            f"accuracy = carry(pair, *domains[{which!r}], strengths(mapping), rows={rows}, seeds={seeds}"
            ", progress=progress)\n"
            "plots.map_panel(cloud, (gaps(cloud, 'before'), gaps(cloud)), accuracy)"
        )

    presets = {
        "no map": dict(strength=0.0),
        "full": dict(strength=1.0),
        "turned": dict(turn=True),
        "ten pictures": dict(rows=10),
    }
    return Panel(controls, code, dict(pair=pair, domains=domains, carry=carried), presets, "Mapping")

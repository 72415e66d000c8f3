"""The panel of feature mapping."""

from functools import lru_cache

import ipywidgets as widgets

from transferlib import plots
from transferlib.methods.feature_mapping import MAPPINGS, carry, clouds, gaps, strengths
from transferlib.widgets.panel import WIDE, Panel, choice


def mapping(pair, domains):
    """A map from none to full: the clouds, the gaps between them and the accuracy. domains: {name: (source, target)}."""
    controls = dict(
        which=widgets.Dropdown(options=list(domains), value=list(domains)[0], description="domains", style=WIDE),
        mapping=widgets.Dropdown(options=list(MAPPINGS), value="Standardise", description="map M", style=WIDE),
        strength=choice("strength: none to full", (0.0, 0.25, 0.5, 0.75, 1.0), 1.0),
        rows=choice("unlabelled target pictures", (5, 10, 20, 50, 100, 200, 400), 400),
        seeds=choice("seeds", tuple(range(1, 11)), 3),
    )
    runs = lru_cache(maxsize=64)(
        lambda which, name, rows, seeds, progress: carry(
            pair, *domains[which], strengths(MAPPINGS[name]()), rows=rows, seeds=seeds, progress=progress
        )
    )

    def draw(progress, which, mapping, strength, rows, seeds):
        cloud = clouds(*domains[which], MAPPINGS[mapping](strength=strength), rows=rows)
        accuracy = runs(which, mapping, rows, seeds, progress)
        return plots.map_panel(cloud, (gaps(cloud, "before"), gaps(cloud)), accuracy)

    def code(which, mapping, strength, rows, seeds):
        return (
            "from transferlib import plots\n"
            "from transferlib.methods.feature_mapping import MAPPINGS, carry, clouds, gaps, strengths\n\n"
            f"mapping = MAPPINGS[{mapping!r}](strength={strength})\n"
            f"cloud = clouds(*domains[{which!r}], mapping, rows={rows})\n"
            f"accuracy = carry(pair, *domains[{which!r}], strengths(mapping), rows={rows}, seeds={seeds})\n"
            "plots.map_panel(cloud, (gaps(cloud, 'before'), gaps(cloud)), accuracy)"
        )

    presets = {"no map": dict(strength=0.0), "full": dict(strength=1.0), "ten pictures": dict(rows=10)}
    return Panel(controls, draw, code, presets, "Mapping")

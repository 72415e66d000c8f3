"""The panel of one rule on many kinds of data."""

from transferlib.lessons.broader.pairs import Rule
from transferlib.widgets.panel import Panel, box, choice, menu


def broader(kinds: list[str], rules: dict[str, Rule]) -> Panel:
    """Every rule of the page on every pair of a kind: a heat map, with the number of labels as a slider."""
    controls = dict(
        kind=menu("data", kinds),
        per_class=choice("target labels per class", (1, 2, 5, 10, 20), 5),
        by_itself=box("each domain scaled by itself"),
        seeds=choice("draws", (3, 5, 10, 20), 5),
    )

    def code(kind, per_class, by_itself, seeds):
        return f"""
            from transferlib.lessons.broader import plots
            from transferlib.lessons.broader.pairs import study

            table = study({kind!r}, rules, {per_class}, seeds={seeds}, by_itself={by_itself}, progress=progress)
            plots.rules_by_pairs(table, title="{kind.capitalize()}, {per_class} label{"s" * (per_class > 1)} per class")"""

    presets = {"one label": dict(per_class=1), "twenty labels": dict(per_class=20), "scaled": dict(by_itself=True)}
    return Panel(controls, code, dict(rules=rules), presets, "Broader")

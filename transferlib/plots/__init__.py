"""Pictures of results. Every function takes what was measured and returns a `Picture`; none of them trains anything."""

from transferlib.plots.feature_mapping import arms_by_labels, map_gains, map_panel
from transferlib.plots.page import Picture, sheet, style
from transferlib.plots.relatives import adaptation, clouds, displays, sharing_gains, unseen_answers, unseen_pairs
from transferlib.plots.steps import label_lines, layer_gradients, source_curves
from transferlib.plots.task_nesting import couple_rows, grades_of_nesting, nesting, shuffles, sums_budget
from transferlib.plots.transfer import budget_curves, digits, gallery, learning_curves, network, seed_dots, what_they_say
from transferlib.plots.trust import budget_gains, confusions, differences, four_measures, lottery, reliability_diagram

__all__ = [
    "Picture",
    "adaptation",
    "arms_by_labels",
    "budget_curves",
    "budget_gains",
    "clouds",
    "confusions",
    "couple_rows",
    "differences",
    "digits",
    "displays",
    "four_measures",
    "gallery",
    "grades_of_nesting",
    "label_lines",
    "layer_gradients",
    "learning_curves",
    "lottery",
    "map_gains",
    "map_panel",
    "nesting",
    "network",
    "reliability_diagram",
    "seed_dots",
    "sharing_gains",
    "sheet",
    "shuffles",
    "source_curves",
    "style",
    "sums_budget",
    "unseen_answers",
    "unseen_pairs",
    "what_they_say",
]

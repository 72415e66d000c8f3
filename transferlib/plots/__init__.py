"""Pictures that several lessons share: each takes what was measured and returns a `Picture`; none trains or computes."""

from transferlib.plots.canvas import Picture, sheet, style
from transferlib.plots.evaluation import confusions, differences, four_measures, lottery, reliability_diagram, seed_dots
from transferlib.plots.label_budgets import budget_curves, gains_by_steps, label_lines
from transferlib.plots.learning_curves import learning_curves
from transferlib.plots.networks import grades_of_nesting, network, wiring
from transferlib.plots.paired import paired_dots
from transferlib.plots.pictures import couple_rows, digits, gallery, what_they_say

__all__ = [
    "budget_curves", "confusions", "couple_rows", "differences", "digits", "four_measures", "gains_by_steps", "gallery",
    "grades_of_nesting", "label_lines", "learning_curves", "lottery", "network", "paired_dots", "Picture",
    "reliability_diagram", "seed_dots", "sheet", "style", "what_they_say", "wiring",
]  # fmt: skip

"""Pictures of results: each function takes what was measured and returns a `Picture`; none trains or computes."""

from transferlib.plots.canvas import Picture, sheet, style
from transferlib.plots.cross_modal import displays, unseen_answers, unseen_pairs
from transferlib.plots.domain_adaptation import adaptation, feature_clouds
from transferlib.plots.evaluation import confusions, differences, four_measures, lottery, reliability_diagram, seed_dots
from transferlib.plots.feature_mapping import arms_by_labels, map_gains, map_panel
from transferlib.plots.label_budgets import budget_curves, gains_by_steps, label_lines
from transferlib.plots.ladder import chart, ladder
from transferlib.plots.layer_gradients import layer_gradients
from transferlib.plots.learning_curves import learning_curves
from transferlib.plots.multi_task import sharing_gains
from transferlib.plots.networks import grades_of_nesting, network, wiring
from transferlib.plots.opening import opening
from transferlib.plots.paired import paired_dots
from transferlib.plots.pictures import couple_rows, digits, gallery, what_they_say
from transferlib.plots.task_nesting import nesting, shuffles, sums_budget

__all__ = [
    "adaptation", "arms_by_labels", "budget_curves", "chart", "confusions", "couple_rows",
    "differences", "digits", "displays", "feature_clouds", "four_measures", "gains_by_steps", "gallery",
    "grades_of_nesting", "label_lines", "ladder", "layer_gradients", "learning_curves", "lottery",
    "map_gains", "map_panel", "nesting", "network", "opening", "paired_dots", "Picture", "reliability_diagram", "seed_dots",
    "sharing_gains", "sheet", "shuffles", "style", "sums_budget",
    "unseen_answers", "unseen_pairs", "what_they_say", "wiring",
]  # fmt: skip

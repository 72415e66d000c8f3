"""Pictures of results: each function takes what was measured and returns a `Picture`; none trains or computes."""

from transferlib.plots.a_real_pretrained_network import block_lines, patches, step_lines
from transferlib.plots.canvas import Picture, sheet, style
from transferlib.plots.cross_modal import displays, partners, recall_bars, unseen_answers, unseen_pairs
from transferlib.plots.domain_adaptation import (
    adaptation,
    adaptation_by_gap,
    adaptation_gains,
    feature_clouds,
    fooled_or_aligned,
)
from transferlib.plots.evaluation import confusions, differences, four_measures, lottery, reliability_diagram, seed_dots
from transferlib.plots.feature_mapping import map_gains, map_panel, pairs_gain
from transferlib.plots.label_budgets import budget_curves, gains_by_steps, label_lines
from transferlib.plots.ladder import chart, ladder
from transferlib.plots.layer_gradients import layer_gradients
from transferlib.plots.learning_curves import learning_curves
from transferlib.plots.multi_task import agreement, company, trade
from transferlib.plots.networks import grades_of_nesting, network, wiring
from transferlib.plots.opening import opening
from transferlib.plots.paired import paired_dots
from transferlib.plots.pictures import couple_rows, digits, gallery, what_they_say
from transferlib.plots.task_nesting import ablations, nesting

__all__ = [
    "ablations", "adaptation", "adaptation_by_gap", "adaptation_gains", "agreement", "block_lines", "budget_curves",
    "chart", "company", "confusions", "couple_rows", "differences", "digits", "displays", "feature_clouds",
    "fooled_or_aligned", "four_measures", "gains_by_steps", "gallery", "grades_of_nesting", "label_lines", "ladder",
    "layer_gradients", "learning_curves", "lottery", "map_gains", "map_panel", "nesting", "network", "opening",
    "paired_dots", "pairs_gain", "partners", "patches", "Picture", "recall_bars", "reliability_diagram", "seed_dots",
    "sheet", "step_lines", "style", "trade", "unseen_answers", "unseen_pairs", "what_they_say", "wiring",
]  # fmt: skip

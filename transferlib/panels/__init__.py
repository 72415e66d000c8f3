"""The live panels of the course. Each is its controls, what to draw for them, and the code that draws the same."""

from transferlib.panels.feature_mapping import mapping
from transferlib.panels.picture import one_picture
from transferlib.panels.relatives import alignment, unseen
from transferlib.panels.sharing import dial, race, sharing
from transferlib.panels.steps import reach
from transferlib.panels.task_nesting import nesting
from transferlib.panels.trust import label_budgets, seed_lottery

__all__ = [
    "alignment",
    "dial",
    "label_budgets",
    "mapping",
    "nesting",
    "one_picture",
    "race",
    "reach",
    "seed_lottery",
    "sharing",
    "unseen",
]

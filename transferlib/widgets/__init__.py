"""The live panels of the course: each is its controls, what to draw for them, and the code that draws the same."""

from transferlib.widgets.a_real_pretrained_network import blocks
from transferlib.widgets.cross_modal import partners, unseen
from transferlib.widgets.domain_adaptation import alignment
from transferlib.widgets.evaluation import bad_sources, seed_lottery
from transferlib.widgets.feature_mapping import mapping
from transferlib.widgets.ladder import ladder
from transferlib.widgets.layer_gradients import reach
from transferlib.widgets.multi_task import two_tasks
from transferlib.widgets.networks import sharing
from transferlib.widgets.one_picture import one_picture
from transferlib.widgets.strategies import dial, race
from transferlib.widgets.task_nesting import nesting

__all__ = [
    "alignment",
    "bad_sources",
    "blocks",
    "dial",
    "ladder",
    "mapping",
    "nesting",
    "one_picture",
    "partners",
    "race",
    "reach",
    "seed_lottery",
    "sharing",
    "two_tasks",
    "unseen",
]

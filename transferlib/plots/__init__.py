"""Pictures that several lessons share: each takes what was measured and returns a `Picture`; none trains or computes."""

from transferlib.plots.canvas import Picture
from transferlib.plots.grids import confusions, digits, gallery
from transferlib.plots.lines import label_lines, learning_curves
from transferlib.plots.networks import network
from transferlib.plots.rows import differences, paired_dots

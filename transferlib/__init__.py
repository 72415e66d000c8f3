"""transferlib: the thin library behind the course. Its core lies flat and is read bottom up; methods, plots, widgets and
exercises are rooms. Imports come from before an arrow only, and where brackets follow a room, from what they name:

installation, own_copy, pretrained, saving, layers, tasks → changes, datasets, intake, measures, networks → claims,
functional, strategies → loops → training → travel → storage → experiments → replication, methods (core) →
plots (measures, networks) → widgets (core, methods, plots) → exercises (core, methods, widgets.display)
"""

import os

# TensorFlow reads these once, when it is imported. They silence its start-up notes, and fix the order of its additions, so
# that the lessons' numbers do not depend on which kernels oneDNN would choose.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

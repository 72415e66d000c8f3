"""transferlib: the thin library behind the course. Its core lies flat and is read bottom up; plots, widgets and exercises
hold what several lessons share, own_data a reader's own problem, lessons/ a folder for each lesson with what it alone
needs. Imports come from before an arrow only; in lessons/, a module of pictures may import measures and plots alone, and no
lesson a lesson:

installation, own_copy, programs, pretrained, layers, splits → imagenet, record, tasks, texts → changes,
datasets, keel, measures, saving → networks → claims, functional, fingerprint, strategies → parts, travel → loops, parallel
→ budget, cache, minilm → training → experiments → own_data (core, imagenet) → plots (measures, networks) → widgets
(core, plots) → exercises (core, widgets.display) → lessons (core, imagenet, own_data, plots, widgets, exercises)
"""

import gc
import os

from transferlib.programs import keep_programs, one_core_a_program

# TensorFlow reads these once, when it is imported. They silence its start-up notes, and fix the order of its additions, so
# that the lessons' numbers do not depend on which kernels oneDNN would choose.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# What TensorFlow makes as it is imported and traces, stays. Python would look through it for garbage again and again, for a
# seventh of the import's time. It now waits for 10,000 new objects, unless it was told to wait longer or never to look.
if 0 < gc.get_threshold()[0] < 10_000:
    gc.set_threshold(10_000, *gc.get_threshold()[1:])
one_core_a_program()  # the flags are part of where programs lie
keep_programs()

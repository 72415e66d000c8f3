"""transferlib: the thin library behind the course. Import its modules by name; the arrows go one way:

panels → panel, plots → evaluation → training → functional → strategies, networks → tasks.
"""

import os

# TensorFlow reads these once, when it is imported. They silence its start-up notes, and fix the order of its additions, so
# that the lessons' numbers do not depend on which kernels oneDNN would choose.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

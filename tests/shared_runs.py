"""A pytest plugin: what one test computed is not computed again by another, in a folder that goes at the end.

The lessons, in nbval and then in the browser, share what they train. A run is found there by content, the code of the
library included: what is shared is what would come out again. Other tests train for themselves.

All share the programs that XLA compiled: two seconds of a core each, and half a second to read, for the same bits.
"""

import os
import shutil
import tempfile

import pytest
from nbval.plugin import IPyNbCell

from tests.closing_lines import BROWSER

FOLDER = "TRANSFERLIB_FOLDER"  # as transferlib.storage has it; to import that would import TensorFlow
OURS = "TRANSFERLIB_TESTS_FOLDER"
FLAGS = "TF_XLA_FLAGS"  # TensorFlow reads them once, when it is imported


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit them
        os.environ[OURS] = tempfile.mkdtemp(prefix="runs-")
        programs = os.path.join(os.environ[OURS], "programs")
        config.flags_before = os.environ.get(FLAGS, "")
        os.environ[FLAGS] = f"{config.flags_before} --tf_xla_persistent_cache_directory={programs}".strip()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(OURS), ignore_errors=True)
        os.environ[FLAGS] = config.flags_before


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before the kernel of a lesson, or JupyterLab, starts."""
    if isinstance(item, IPyNbCell) or BROWSER in item.nodeid:
        os.environ[FOLDER] = os.environ[OURS]
    else:
        os.environ.pop(FOLDER, None)

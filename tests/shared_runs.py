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

FOLDER = "TRANSFERLIB_FOLDER"  # as transferlib.cache has it; to import that would import TensorFlow
OURS = "TRANSFERLIB_TESTS_FOLDER"
FLAGS = "TF_XLA_FLAGS"  # TensorFlow reads them once, when it is imported


# Threads of OpenMP and OpenBLAS wait for work by going round and round, on a core that another worker could use.
WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit them
        ours = tempfile.mkdtemp(prefix="runs-")
        flags = f"{os.environ.get(FLAGS, '')} --tf_xla_persistent_cache_directory={os.path.join(ours, 'programs')}".strip()
        config.before = {name: os.environ.get(name) for name in (OURS, FLAGS, *WAITING)}
        os.environ |= WAITING | {OURS: ours, FLAGS: flags}


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[OURS], ignore_errors=True)
        for name, value in config.before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before the kernel of a lesson, or JupyterLab, starts."""
    if isinstance(item, IPyNbCell) or BROWSER in item.nodeid:
        os.environ[FOLDER] = os.environ[OURS]
    else:
        os.environ.pop(FOLDER, None)

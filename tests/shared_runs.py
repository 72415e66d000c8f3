"""A pytest plugin: the lessons, in nbval and then in the browser, share what they train, in a folder that goes at the end.

A run is found there by content, the code of the library included: what is shared is what would come out again. Other tests
train for themselves.
"""

import os
import shutil
import tempfile

import pytest
from nbval.plugin import IPyNbCell

from tests.closing_lines import BROWSER

FOLDER = "TRANSFERLIB_FOLDER"  # as transferlib.storage has it; to import that would import TensorFlow
OURS = "TRANSFERLIB_TESTS_FOLDER"


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit it
        os.environ[OURS] = tempfile.mkdtemp(prefix="runs-")


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(OURS), ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before the kernel of a lesson, or JupyterLab, starts."""
    if isinstance(item, IPyNbCell) or BROWSER in item.nodeid:
        os.environ[FOLDER] = os.environ[OURS]
    else:
        os.environ.pop(FOLDER, None)

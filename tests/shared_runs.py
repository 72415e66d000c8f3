"""A pytest plugin: what a lesson's cell trained is not trained again, by the browser or by the next call of the tests.

A run is found by content: network, rows, strategy, seed, and the code that made it, so what is found is what would come out
again, and an edit of prose or of a picture trains nothing. It lies in pytest's cache, in a folder for this machine and
these packages; `pytest --cache-clear` empties it, and without a cache (-p no:cacheprovider) all is trained anew, in a folder
that goes at the end. Only the lessons share: other tests train for themselves.

All share the programs that XLA compiled: two seconds of a core each, and half a second to read, for the same bits.
"""

import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

from tests.closing_lines import in_a_browser

FOLDER = "TRANSFERLIB_FOLDER"  # as transferlib.cache has it; to import that would import TensorFlow
OURS = "TRANSFERLIB_TESTS_FOLDER"
FLAGS = "TF_XLA_FLAGS"  # TensorFlow reads them once, when it is imported
DIRECTORY = "--tf_xla_persistent_cache_directory="  # as transferlib.programs has it
PROGRAMS = "TRANSFERLIB_PROGRAMS"  # the folder in which transferlib lets XLA keep them
MOST = 2_000_000_000  # bytes that may stay in the cache from one call to the next


# Threads of OpenMP and OpenBLAS wait for work by going round and round, on a core that another worker could use.
WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_THREAD_TIMEOUT": "4"}
# What chooses the instructions that a result is computed with, and so its last digits.
CHOOSING = "XLA_FLAGS", FLAGS, "TF_ENABLE_ONEDNN_OPTS", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE"


def surroundings() -> str:
    """The hash of all that a result depends on besides what its name tells."""
    from transferlib.programs import processor

    packages = sorted(f"{each.name} {each.version}" for each in distributions())
    settings = [re.sub(rf"{DIRECTORY}\S*", "", os.environ.get(name, "")).split() for name in CHOOSING]
    told = platform.platform(), platform.processor(), processor(), sys.version, packages, settings
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def place(config) -> tuple[Path, bool]:
    """The folder for runs and programs, and whether it stays."""
    with suppress(AttributeError, OSError):  # no cache; or one that cannot be written
        return Path(config.cache.mkdir("lessons")) / surroundings(), True
    return Path(tempfile.mkdtemp(prefix="runs-")), False


def pytest_configure(config):
    # Each worker's kernels keep a history of their own: of one that another has locked a cell's stderr would speak.
    config.ipython = os.environ["IPYTHONDIR"] = tempfile.mkdtemp(prefix="ipython-")
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit them
        from transferlib.programs import keep_programs

        config.before = {name: os.environ.get(name) for name in (OURS, PROGRAMS, FLAGS, *WAITING)}
        folder, config.runs_stay = place(config)
        flags = re.sub(rf"{DIRECTORY}\S*", "", os.environ.get(FLAGS, "")).strip()  # the reader's own folder
        os.environ |= WAITING | {OURS: str(folder), PROGRAMS: str(folder / "programs"), FLAGS: flags}
        keep_programs()


def pytest_unconfigure(config):
    shutil.rmtree(config.ipython, ignore_errors=True)
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[OURS])
        if config.runs_stay:
            from transferlib.programs import keep_the_latest

            keep_the_latest(folder.parent, MOST)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        for name, value in config.before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Before the kernel of a lesson, or JupyterLab, starts."""
    if isinstance(item, IPyNbCell) or in_a_browser(item.nodeid):
        os.environ[FOLDER] = os.environ[OURS]
    else:
        os.environ.pop(FOLDER, None)

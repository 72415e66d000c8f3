"""Compiled programs that stay: found by the next kernel, for the same numbers; kept nowhere where that could do harm."""

import os
import subprocess
import sys

import pytest

from transferlib import programs

TRAINS = """
import sys
import numpy as np
from transferlib.networks import Pair
from transferlib.strategies import SCRATCH
from transferlib.tasks import Task
from transferlib.training import train
import tensorflow as tf
if "again" in sys.argv:  # other functions were made before, and a way back cannot be traced
    tf.function(lambda x: tf.cond(x > 0, lambda: x, lambda: -x))(tf.constant(1.0))
    tf.gradients = None
rng = np.random.default_rng(0)
x, y = rng.normal(size=(60, 7)).astype("float32"), np.arange(60) % 3
task = Task("toy", x[:40], y[:40], x[40:], y[40:], list("abc"))
run = train(Pair(7, shared=(5,), private=(), classes=(3, 3)), task, SCRATCH, seed=0, steps=9)
print(float(run.target_loss[-1]).hex(), float(run.weights["shared"][0].sum()).hex())
"""


def numbers(home, *told):
    environment = {name: value for name, value in os.environ.items() if name not in (programs.FLAGS, programs.FOLDER)}
    environment |= {"XDG_CACHE_HOME": str(home)}
    command = [sys.executable, "-c", TRAINS, *told]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="kept on Linux only")
def test_the_next_kernel_finds_the_program_traces_nothing_and_says_the_same(tmp_path):
    first = numbers(tmp_path)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.pb")}
    (graph,) = tmp_path.rglob("*.graph")
    assert kept and numbers(tmp_path, "again") == first
    now = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.pb")}
    assert now.items() >= kept.items(), "nothing was compiled again"
    assert all(path.stat().st_size < 20_000 for path in now if path not in kept), "but the question whether XLA works"
    graph.write_bytes(b"damaged")
    assert numbers(tmp_path) == first


@pytest.mark.parametrize("told, waits", [(700, 10_000), (50_000, 50_000), (0, 0)])
def test_python_looks_for_garbage_less_often_unless_a_reader_told_it_when(told, waits):
    program = f"import gc; gc.set_threshold({told}); import transferlib; print(gc.get_threshold()[0])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == waits


@pytest.fixture
def before(monkeypatch, tmp_path):
    """As in a kernel that has not imported TensorFlow: the folder that would be taken."""
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(programs.FLAGS, "--some=1")
    monkeypatch.setenv(programs.FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_a_readers_flags_stay(before):
    folder = programs.keep_programs()
    assert folder.parent == before and os.environ[programs.FLAGS] == f"--some=1 {programs.DIRECTORY}{folder}"
    assert programs.keep_programs() is None, "there is one already"


OURS = f"{programs.NO_PASS}cpu-parallel-task-assigner"


@pytest.mark.parametrize("flags, made", [("", OURS), ("--some=1", f"--some=1 {OURS}"), (f"{programs.NO_PASS}cse",) * 2])
def test_a_program_keeps_to_one_core_unless_a_reader_says_what_xla_leaves_out(before, monkeypatch, flags, made):
    monkeypatch.setenv(programs.XLAS_OWN, flags)
    programs.one_core_a_program()
    assert os.environ[programs.XLAS_OWN] == made


@pytest.mark.parametrize("why", ["off", "mac", "late", "a file", "a blank"])
def test_nothing_is_kept_where_that_could_do_harm(before, monkeypatch, why):
    if why == "off":
        monkeypatch.setenv(programs.FOLDER, "")
    elif why == "mac":
        monkeypatch.setattr(sys, "platform", "darwin")
    elif why == "late":
        monkeypatch.setitem(sys.modules, "tensorflow", programs)
    elif why == "a file":
        before.write_text("")
    else:
        monkeypatch.setenv(programs.FOLDER, f"{before} here")
    assert programs.keep_programs() is None and os.environ[programs.FLAGS] == "--some=1"


@pytest.mark.parametrize("setting", ["XLA_FLAGS", programs.FLAGS])
def test_other_flags_have_another_folder(monkeypatch, setting):
    here = programs._machine()
    monkeypatch.setenv(setting, "--another=1")
    assert programs._machine() != here


def test_another_processor_has_another_folder(monkeypatch):
    here = programs._machine()
    monkeypatch.setattr(programs, "processor", lambda: ["flags: avx1024"])
    assert programs._machine() != here

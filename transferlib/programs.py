"""Compiled programs stay from one kernel to the next: XLA takes seconds of a core to make one, and a fraction to read it.

TensorFlow stores and finds them itself, by all that a program is made of. Here it is told where, before it is imported. A
program is machine code, so each kind of processor and each version of TensorFlow has a folder of its own.
"""

import hashlib
import os
import platform
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = "TRANSFERLIB_PROGRAMS"  # the environment may name another folder; empty: keep nothing
FLAGS = "TF_XLA_FLAGS"  # TensorFlow reads them once, when it is imported
DIRECTORY = "--tf_xla_persistent_cache_directory="
MOST = 300_000_000  # bytes of a folder, half a megabyte a program


def keep_programs() -> Path | None:
    """Tell TensorFlow where to keep its programs; returns the folder, or None where nothing is kept.

    Nothing is kept where that was not tried (outside Linux), where TensorFlow is there already or has a folder of its own,
    and where the folder cannot be written.
    """
    flags, asked = os.environ.get(FLAGS, ""), os.environ.get(FOLDER)
    if asked == "" or sys.platform != "linux" or "tensorflow" in sys.modules or DIRECTORY in flags:
        return None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = Path(asked or cache / "transferlib" / "programs").absolute() / _machine()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return None
    if any(sign in str(folder) for sign in " '\""):  # flags end at a blank
        return None
    _keep_the_latest(folder)
    os.environ[FLAGS] = f"{flags} {DIRECTORY}{folder}".strip()
    return folder


def _machine() -> str:
    """A name for the processor and the versions that a program is made for."""
    processor = Path("/proc/cpuinfo")
    lines = processor.read_text(errors="replace").splitlines() if processor.exists() else []
    told = {line for line in lines if line.startswith(("model", "flags", "Features", "CPU"))}
    versions = []
    for package in ("tensorflow", "tensorflow-cpu"):
        with suppress(PackageNotFoundError):
            versions.append(f"{package} {version(package)}")
    return hashlib.sha256(repr((platform.machine(), sorted(told), versions)).encode()).hexdigest()[:16]


def _keep_the_latest(folder: Path, size: int = MOST) -> None:
    """Delete the oldest files until the rest takes no more than `size` bytes."""
    with suppress(OSError):  # another kernel may do the same
        for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True):
            size -= path.stat().st_size
            if size < 0:
                path.unlink(missing_ok=True)

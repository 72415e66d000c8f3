"""Compiled programs run on one core each, and stay from one kernel to the next: XLA takes seconds of a core to make one, and
a fraction to read it.

TensorFlow stores and finds them itself, by all that a program is made of. Here it is told where, before it is imported. A
program is machine code, so each kind of processor, each version of TensorFlow and each choice of XLA's flags has a folder of
its own. Beside them lie the graphs that they were made of, which take Python as long to trace.
"""

import hashlib
import os
import platform
import sys
import tempfile
import uuid
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = "TRANSFERLIB_PROGRAMS"  # the environment may name another folder; empty: keep nothing
FLAGS = "TF_XLA_FLAGS"  # TensorFlow reads them once, when it is imported
XLAS_OWN = "XLA_FLAGS"  # and XLA these
NO_PASS = "--xla_disable_hlo_passes="
CHOOSING = XLAS_OWN, FLAGS  # what chooses the instructions of a program, besides the processor
DIRECTORY = "--tf_xla_persistent_cache_directory="
MOST = 300_000_000  # bytes of a folder, half a megabyte a program
_folder = None  # where they lie


def one_core_a_program() -> None:
    """Tell XLA not to spread the small loops of a program over all cores: they would wait for each other longer than they
    work, and a study has a run for every core. No number changes by it.
    """
    flags = os.environ.get(XLAS_OWN, "")
    if "tensorflow" not in sys.modules and NO_PASS not in flags:
        os.environ[XLAS_OWN] = f"{flags} {NO_PASS}cpu-parallel-task-assigner".strip()


def keep_programs() -> Path | None:
    """Tell TensorFlow where to keep its programs, and `read` and `write` too; returns the folder, or None where nothing is.

    Nothing is kept where that was not tried (outside Linux), where TensorFlow is there already or has a folder of its own,
    and where the folder cannot be written.
    """
    global _folder
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
    keep_the_latest(folder, MOST)
    os.environ[FLAGS] = f"{flags} {DIRECTORY}{folder}".strip()
    _folder = folder
    return folder


def read(name: str) -> bytes | None:
    """The graph of this name, or None; one that is damaged counts as missing."""
    with suppress(OSError):
        if _folder:
            os.utime(path := _folder / f"{name}.graph")  # it is in use
            content = path.read_bytes()
            return content[32:] if content[:32] == hashlib.sha256(content[32:]).digest() else None


def write(name: str, content: bytes) -> None:
    """Keep a graph under this name, where anything is kept."""
    with suppress(OSError):
        if _folder:
            part = _folder / f"{uuid.uuid4().hex}.part"
            part.write_bytes(hashlib.sha256(content).digest() + content)
            os.replace(part, _folder / f"{name}.graph")


def _machine() -> str:
    """A name for the processor and the versions that a program is made for."""
    versions, settings = [], [os.environ.get(name) for name in CHOOSING]
    for package in ("tensorflow", "tensorflow-cpu"):
        with suppress(PackageNotFoundError):
            versions.append(f"{package} {version(package)}")
    told = platform.machine(), processor(), versions, settings
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def processor() -> list[str]:
    """What Linux tells of the processor's kind and instructions; nothing elsewhere."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(errors="replace").splitlines() if cpu.exists() else []
    return sorted({line for line in lines if line.startswith(("model", "flags", "Features", "CPU"))})


def keep_the_latest(folder: Path, size: int) -> None:
    """Delete what was written or used least lately until the rest takes no more than `size` bytes."""
    files = []
    for path in folder.rglob("*"):
        with suppress(OSError):  # another kernel may have deleted it
            if path.is_file():
                files.append((path.stat().st_mtime, path.stat().st_size, path))
    for _, its, path in sorted(files, reverse=True):
        size -= its
        if size < 0:
            path.unlink(missing_ok=True)

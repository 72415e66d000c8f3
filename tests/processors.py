"""Is every test green on another processor? Run by hand: make processors, or python tests/processors.py [--only PATH …]

Runs what `make test` runs under several settings, twice each: instructions that the compilers and libraries may use, and
threads. Each setting first trains a small network and shows the sum of its weights: its last digits differ from one set of
instructions to the next, which shows that the setting has an effect. A whole pass takes eight times as long as `make test`.

--only notebooks   runs only these tests, as pytest names them
--times 1          runs each setting once
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
INSTRUCTIONS = {  # to XLA, to oneDNN, to OpenBLAS
    "SSE4.2": ("SSE4_2", "SSE41", "Nehalem"),
    "AVX": ("AVX", "AVX", "Sandybridge"),
    "AVX2": ("AVX2", "AVX2", "Haswell"),
    "all": None,
}
SETTINGS = ("SSE4.2", 1), ("AVX", 2), ("AVX2", 4), ("all", 2)
TRAINING = """
from transferlib.datasets import mnist
from transferlib.networks import Pair
from transferlib.training import train_source
run = train_source(Pair(100, (64,), (64,)), mnist())
print(f"{sum(float(w.sum()) for w in run.weights['shared']):.13f}")
"""


def environment(instructions: str, threads: int) -> dict[str, str]:
    """The variables of the shell, with the compilers and libraries held to some instructions and threads."""
    made = os.environ | dict.fromkeys(THREADS, str(threads)) | {"PYTHONPATH": str(ROOT)}
    if names := INSTRUCTIONS[instructions]:
        xla, onednn, openblas = names
        flags = f"{made.get('XLA_FLAGS', '')} --xla_cpu_max_isa={xla}".strip()
        made |= {"XLA_FLAGS": flags, "ONEDNN_MAX_CPU_ISA": onednn, "OPENBLAS_CORETYPE": openblas}
    return made


def run(command: list[str], variables: dict[str, str], threads: int) -> subprocess.CompletedProcess:
    """Run a command under a setting; where the system can, on no more cores than threads."""

    def hold():
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

    few = hold if hasattr(os, "sched_setaffinity") else None
    return subprocess.run(command, cwd=ROOT, env=variables, preexec_fn=few, stdout=subprocess.PIPE, text=True)


def tell(row: tuple) -> None:
    print("| {:12} | {:>7} | {:>3} | {:>18} | {:>6} | {:>6} | {:>7} | {}".format(*row), flush=True)


def main() -> int:
    """Print a table, a line a run as soon as it is done; 1 when any test failed."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--only", nargs="+", default=[])
    ask.add_argument("--times", type=int, default=2)
    wanted = ask.parse_args()
    tell(("instructions", "threads", "run", "sum of weights", "passed", "failed", "minutes", "which failed"))
    red = 0
    for instructions, threads in SETTINGS:
        variables = environment(instructions, threads)
        weights = run([sys.executable, "-c", TRAINING], variables, threads).stdout.strip()
        for turn in range(wanted.times):
            with tempfile.TemporaryDirectory() as folder:
                report, begin = Path(folder) / "report.xml", time.monotonic()
                anew = ["-p", "no:cacheprovider"]  # no run of before is found
                command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *anew, f"--junitxml={report}", *wanted.only]
                out = run(command, variables, threads).stdout
                if not report.exists():
                    sys.exit(out)
                cases = list(ElementTree.parse(report).iter("testcase"))
            failed = [c.get("classname") + "::" + c.get("name") for c in cases if {"failure", "error"} & {k.tag for k in c}]
            skipped = sum(c.find("skipped") is not None for c in cases)
            red += len(failed)
            minutes = f"{(time.monotonic() - begin) / 60:.1f}"
            row = turn + 1, weights, len(cases) - len(failed) - skipped, len(failed), minutes, ", ".join(failed)
            tell((instructions, threads, *row))
    return int(red > 0)


if __name__ == "__main__":
    sys.exit(main())

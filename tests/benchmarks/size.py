"""What a kernel holds, and what the import costs: each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

LESSONS = Path(__file__).resolve().parents[2] / "notebooks"

IMPORTS = """
import os, sys, time
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow, keras, matplotlib.pyplot, ipywidgets, pandas
begin = time.perf_counter()
import transferlib.exercises, transferlib.widgets, transferlib.plots, transferlib.datasets
print(time.perf_counter() - begin)
"""

AFTER = """
from pathlib import Path as _Path
_held = dict(line.split(":") for line in _Path("/proc/self/status").read_text().splitlines())
print("held", _held["VmRSS"].split()[0], _held["VmHWM"].split()[0], _held["RssAnon"].split()[0])
"""


def main():
    times = [float(subprocess.check_output([sys.executable, "-c", IMPORTS], text=True).split()[-1]) for _ in range(3)]
    print(f"import of all of transferlib, TensorFlow and the others there before: {min(times):.2f} s")
    import nbformat
    from nbclient import NotebookClient

    os.chdir(LESSONS)
    print("MB of a kernel after all of a lesson      resident   at most   its own")
    for path in sorted(LESSONS.glob("*.ipynb")):
        lesson = nbformat.read(path, 4)
        lesson.cells.append(nbformat.v4.new_code_cell(AFTER))
        NotebookClient(lesson, timeout=900).execute()
        held = [int(number) / 1e3 for number in lesson.cells[-1].outputs[0].text.split()[1:]]
        print(f"{path.stem:<40}" + "".join(f"{each:10.0f}" for each in held))


if __name__ == "__main__":
    main()

"""Many learners at once, with a filled folder of runs and without: python -m tests.benchmarks.learners, ten minutes.

So many kernels run the first third of lesson 04. Each compiles for itself, as in homes of their own. Seconds count from the
start of all to the end of a kernel's last cell. Memory is the largest sum of proportional set sizes (a page that n kernels
share counts 1/n in each), and what the whole machine used at most, less what it used before.
"""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSON = Path(__file__).resolve().parents[2] / "notebooks" / "04_three_sharing_strategies.ipynb"
LAST = "With 50 labels per class, after 300 steps"  # in the last cell that is run
KERNELS = 1, 5, 10, 20


def used():
    """GB that the machine uses."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    size = {line[0]: int(line[1]) / 1e6 for line in lines}
    return size["MemTotal:"] - size["MemAvailable:"]


def proportional(process):
    """GB of a process, with its part of what it shares; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) / 1e6 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0.0


def processor(process):
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def learner(environment, number, seconds, cores, kernels):
    lesson, begin = nbformat.read(LESSON, 4), time.perf_counter()
    last = next(i for i, cell in enumerate(lesson.cells) if cell.cell_type == "code" and LAST in cell.source)
    client = NotebookClient(lesson, timeout=1800, resources={"metadata": {"path": str(LESSON.parent)}})
    async with client.async_setup_kernel(env=environment):
        kernels.append(kernel := client.km.provisioner.pid)
        for i, cell in enumerate(lesson.cells[: last + 1]):
            await client.async_execute_cell(cell, i)
        cores.append(processor(kernel))
        seconds.append(time.perf_counter() - begin)
        while len(seconds) < number:  # a learner's kernel stays while she reads
            await asyncio.sleep(0.1)


async def measured(number, folder):
    """(seconds of each kernel, seconds of a core of each, GB of all, GB more of the machine) of so many kernels at once."""
    environment = os.environ | dict(TRANSFERLIB_FOLDER=folder, TRANSFERLIB_PROGRAMS="", PYTHONPATH=str(LESSON.parents[1]))
    seconds, cores, kernels, before, sizes = [], [], [], used(), []

    async def watch():
        while True:
            sizes.append((sum(map(proportional, kernels)), used() - before))
            await asyncio.sleep(2)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(learner(environment, number, seconds, cores, kernels) for _ in range(number)))
    watching.cancel()
    return seconds, cores, *map(max, zip(*sizes))


def main():
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measured(1, folder))  # fills it
        print("kernels  folder  median, s  last, s  of a core, s  kernels, GB  machine, GB   load")
        for where in ("", folder):
            for number in KERNELS:
                seconds, cores, own, machine = asyncio.run(measured(number, where))
                row = f"{number:>7}  {'filled' if where else 'none':<6}  {statistics.median(seconds):9.0f}"
                row += f"  {max(seconds):7.0f}  {statistics.mean(cores):12.1f}"
                print(f"{row}  {own:11.1f}  {machine:11.1f}  {os.getloadavg()[0]:5.1f}", flush=True)


if __name__ == "__main__":
    main()

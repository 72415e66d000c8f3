"""A pytest plugin: long tests start first, on as many cores as there are, and the closing lines say what was tested.

Each file of tests and each lesson stays in one worker, since its tests share a kernel or what was trained; only the browser
tests, each minutes long, are spread over the workers.
"""

import os
from collections import Counter

import pytest
from nbval.plugin import IPyNbCell

from tests import HUNG
from transferlib.claims import LINE

BROWSER = "test_browser.py", "test_second_day.py"
LONGEST = "test_panels.py", "test_training.py", "test_executors.py"  # of the other files: minutes each
WORKERS = 2, 8  # at least, so that one waits while another computes; at most, since a lesson's kernel holds a gigabyte
seconds, counts = Counter(), Counter()
lessons = set()


def in_a_browser(nodeid):
    return any(name in nodeid for name in BROWSER)


def pytest_configure(config):
    config.option.nbval_cell_timeout = config.option.nbval_kernel_startup_timeout = HUNG


def pytest_xdist_auto_num_workers(config):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(cores, WORKERS[0]), WORKERS[1])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if in_a_browser(nodeid) else super()._split_scope(nodeid)

    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """The lessons first, the browser, which finds their runs, then the rest, the longest files of it before the others, so
    that no worker has one left when the others are done; a lesson's cell says how many claims it has.
    """

    def place(item):
        rest = all(name not in item.nodeid for name in LONGEST)
        return not isinstance(item, IPyNbCell), not in_a_browser(item.nodeid), rest

    items.sort(key=place)
    for item in items:
        if isinstance(item, IPyNbCell):
            item.output_timeout = HUNG / 10  # for what is still on its way when the cell is done
            texts = (o.get("text") or o.get("data", {}).get("text/plain", "") for o in item.cell.outputs)
            claims = sum(1 for text in texts for line in text.splitlines() if LINE.match(line))
            item.user_properties.append(("claims", claims))


def pytest_runtest_logreport(report):
    seconds[report.nodeid] += report.duration
    if report.when == "call":
        counts["tests"] += 1
        if ".ipynb" in report.nodeid:
            lessons.add(report.nodeid.split("::")[0])
        if report.passed:
            counts.update({name: number for name, number in report.user_properties if name in ("claims", "controls")})


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("the slowest")
    for nodeid, taken in seconds.most_common(10):
        terminalreporter.write_line(f"{taken:7.1f} s  {nodeid}")
    claims = f"{len(lessons)} lessons with {counts['claims']} claims that hold"
    terminalreporter.write_line(f"{counts['tests']} tests, {claims}, {counts['controls']} controls moved")

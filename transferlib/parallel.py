"""Jobs on all cores of this machine, or on others, with progress and cancel."""

import functools
import os
import pickle
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from threadpoolctl import ThreadpoolController

from transferlib.travel import packed

Progress = Callable[[int, int], object] | None  # called as progress(done, of all)


def in_parallel(job: Callable, jobs: Iterable, progress: Progress = None, executor: Executor | None = None) -> list:
    """[job(*arguments) for arguments in jobs], on all cores: TensorFlow lets go of Python's lock while it computes.

    progress(done, of all) is called after each in turn; what it raises, or a job raises, cancels the jobs not yet begun.
    executor: any of concurrent.futures, in place of threads of our own, such as a pool of (spawned) processes or Dask's
    `client.get_executor()`; functions and lambdas of a notebook travel too.
    A job may itself call this: its jobs then run one after the other, in its own thread. In the pool they would wait for
    threads that wait for them. What makes a kept result has threads of its own, for the same reason.
    """
    jobs = list(jobs)
    _check(executor)
    waiting, results, inside = [], [], getattr(_here, "inside", None)
    nested = inside == "a job" or inside and executor
    with ExitStack() as stack:
        if not nested and executor is None:
            stack.enter_context(one_thread())
            executor = stack.enter_context(ThreadPoolExecutor(cores())) if inside else _pool()
        try:
            for each in jobs:
                if nested:
                    waiting.append(_Now(job, each))
                elif isinstance(executor, ThreadPoolExecutor):
                    waiting.append(executor.submit(_work, job, each))
                else:
                    waiting.append(executor.submit(_work_from_afar, packed((job, each))))
            for each in waiting:
                results.append(each.result())
                if progress:
                    progress(len(results), len(jobs))
        except BaseException:
            for each in waiting:
                each.cancel()
            raise
    return results


def _check(executor):
    """ValueError where one sees beforehand that an executor cannot do the job."""
    if not isinstance(executor, Executor | None):
        such = "such as a ProcessPoolExecutor or Dask's client.get_executor()"
        raise ValueError(f"executor must be an Executor of concurrent.futures, {such}, not {executor!r}")
    # There is no public way to ask how a pool makes its processes; where Python hides it one day, this says nothing.
    context = getattr(executor, "_mp_context", None)
    if context is not None and context.get_start_method() == "fork":
        cure = 'ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))'
        raise ValueError(f"executor forks this process, which TensorFlow does not survive; give it another context: {cure}")


class _Now:
    """A job of a job: done when its result is asked for."""

    def __init__(self, job, arguments):
        self.result, self.cancel = (lambda: job(*arguments)), (lambda: None)


_here = threading.local()


@contextmanager
def outside_the_pool(inside: str = "a result"):
    """Within, `in_parallel` keeps its jobs out of the pool, whose threads may all wait for them: the jobs of "a job" run in
    the thread that asks, those of "a result" in new threads.
    """
    before = getattr(_here, "inside", None)
    _here.inside = before or inside
    try:
        yield
    finally:
        _here.inside = before


def _work(job, arguments):
    with outside_the_pool("a job"):
        return job(*arguments)


def _work_from_afar(sent):
    return _work(*pickle.loads(sent))


@functools.cache
def _pool():
    """One pool for good, since every new thread would take memory of its own. It has a thread more than there are cores:
    while one waits for Python's lock, its core works for another. On two cores a study takes a tenth to a fifth less time.
    """
    return ThreadPoolExecutor(cores() + 1)


@contextmanager
def one_thread():
    """Within, NumPy's and SciPy's linear algebra takes one thread, in all of the process.

    In a study every core has a job of its own, and on so few rows its threads would wait for each other: with one, the same
    numbers take a part of the time.
    """
    begun = _limiting.submit(_begin)
    try:
        begun.result()
        yield
    finally:
        _limiting.submit(_end).result()


# One thread for all limits: threadpoolctl lets nobody but the thread that set the first one change or end it.
_limiting, _inside = ThreadPoolExecutor(1), []


def _begin():
    _inside.append(1)
    if len(_inside) == 1:
        _controller().limited = _controller().limit(limits=1, user_api="blas")


def _end():
    _inside.pop()
    if not _inside:
        _controller().limited.restore_original_limits()


@functools.cache
def _controller():
    import scipy.linalg  # noqa: F401  it brings a library of its own, which is to be found too

    return ThreadpoolController()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

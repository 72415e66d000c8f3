"""One study, whoever runs it: the same numbers, nothing lost, nothing twice."""

import functools
import multiprocessing
import os
import pickle
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.page import page
from tests.small import task
from transferlib import cache, experiments, travel
from transferlib.experiments import compare, in_parallel, label_budget, over_seeds, study
from transferlib.fingerprint import content
from transferlib.functional import predict
from transferlib.lessons.task_nesting.nested import Nested
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH
from transferlib.travel import packed

NESTING = page("09")
BUDGET = dict(steps=20, every=5)
SPAWN = multiprocessing.get_context("spawn")


def travelled(value):
    return pickle.loads(packed(value))


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=SPAWN) as executor:
        yield executor


def same(one, other):
    """Whether the runs of two studies are equal to the last bit."""
    assert list(one) == list(other)
    for a, b in zip([run for runs in one.values() for run in runs], [run for runs in other.values() for run in runs]):
        assert list(a.weights) == list(b.weights)
        for part in a.weights:
            assert all((x == y).all() and x.dtype == y.dtype for x, y in zip(a.weights[part], b.weights[part], strict=True))
        curves = [{**vars(run), **vars(run).get("curves", {})} for run in (a, b)]
        for name, curve in curves[0].items():
            if isinstance(curve, np.ndarray):
                np.testing.assert_array_equal(curve, curves[1][name])
    return True


# What travels


@pytest.mark.parametrize("kind", ["dense", "given", "convolution", "nested"])
def test_a_pair_arrives_as_it_was(kind):
    keras.utils.set_random_seed(0)
    pair = {
        "dense": lambda: Pair(8, (6,), (4,), classes=(3, 3)),
        "given": lambda: Pair(8, (keras.Sequential([keras.Input((8,)), keras.layers.Dense(6)]),), (4,), classes=(3, 2)),
        "convolution": lambda: Pair(
            (6, 6, 1), (keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization(), keras.layers.Flatten()), (4,)
        ),
        "nested": lambda: Nested(NESTING.stacked, NESTING.reader, like=Nested(NESTING.stacked, NESTING.reader)),
    }[kind]()
    came = travelled(pair)
    assert came is not pair and came.build == pair.build and content(came) == content(pair)
    assert (came.source_pair is came) == (pair.source_pair is pair)
    for mine, yours in (
        (pair.weights(), came.weights()),
        (pair.fresh(3, True), came.fresh(3, True)),
        (pair.fresh(3), came.fresh(3)),
    ):
        for part, arrays in mine.items():
            assert all((a == b).all() for a, b in zip(arrays, yours[part], strict=True))
    layers = {id(layer) for layer in came.model("source").layers} & {id(layer) for layer in came.model("target").layers}
    assert id(came.shared) in layers


def test_equal_networks_and_tasks_are_unpacked_once(setting):
    pair, source, _ = setting
    first, second = (travelled(value) for value in (pair, Pair(8, (6,), (4,), classes=(3, 3))))
    assert first is second
    for number in (1, 2):
        pair.load(pair.fresh(number))
        came = travelled(pair)
        assert (came.weights()["shared"][0] == pair.weights()["shared"][0]).all(), "with the weights that it holds now"
    assert travelled(pair) is came is not first
    came = travelled(source)
    assert not came.x_train.flags.writeable and came.classes == source.classes and (came.x_test == source.x_test).all()
    assert travelled(task("one", 0)) is came
    for number in range(travel.ARRIVED):
        travelled(task("one", 10 + number))
    assert travelled(source) is not came, "a worker keeps no more than the latest"


class Plain(keras.layers.Layer):
    def call(self, x):
        return x


@keras.saving.register_keras_serializable("tests")
def twice(x):
    return 2 * x


class Unwritten(Plain):
    def __init__(self, what):
        super().__init__()

    def get_config(self):
        raise NotImplementedError("no words for it")


@pytest.mark.parametrize(
    "own, written",
    [(Plain, True), (lambda: keras.layers.Dense(8, activation=twice), True), (lambda: Unwritten(1), False)],
)
def test_a_network_that_has_no_name_is_trained_and_not_stored(own, written, setting, folder):
    pair = Pair(8, (own(), keras.layers.Dense(6)), (4,), classes=(3, 3))
    with pytest.warns(UserWarning, match="holds code that is not Keras's own.*the study goes on without storing it"):
        assert len(compare(pair, *setting[1:], [SCRATCH], seeds=1, **BUDGET)["from scratch"]) == 1
    assert len(folder) == 0
    if written:
        again = travelled(pair)
        assert type(again.shared.layers[0]) is type(pair.shared.layers[0])
        said = [predict(each, pair.weights(), setting[1].x_test) for each in (again, pair)]
        assert said[0].tolist() == said[1].tolist()
    else:
        with pytest.raises(ValueError, match="a layer that cannot be written down, so it cannot travel"):
            packed(pair)


# A pool of processes


def test_processes_make_the_numbers_that_threads_make(setting, processes):
    pair, source, target = setting
    seen = []
    tell = lambda done, n: seen.append((done, n))  # noqa: E731
    given = dict(per_class=3, seeds=3, **BUDGET)
    away = compare(pair, source, target, NAMED.values(), progress=tell, executor=processes, **given)
    assert seen == [(4, 12), (8, 12), (12, 12)]
    assert compare(pair, source, target, [FIX_COMMON], **given)["fix common"][0] is away["fix common"][0], "it is kept"
    more = label_budget(
        pair, source, target, [SCRATCH, FIX_COMMON], [3, 5], seeds=3, progress=tell, executor=processes, **BUDGET
    )
    assert more[3]["fix common"][2] is away["fix common"][2]
    assert seen[3:] == [(8, 12), (10, 12), (12, 12)], "six of the twelve runs were made before"
    cache.forget()
    here = compare(pair, source, target, NAMED.values(), **given)
    assert here["fix common"][0] is not away["fix common"][0] and same(here, away)
    assert same(label_budget(pair, source, target, [SCRATCH, FIX_COMMON], [5], seeds=3, **BUDGET)[5], more[5])


def tens(arm, seed):
    return os.getpid(), 10 * arm + seed


def test_a_seed_travels_as_a_whole(processes):
    made = over_seeds(tens, [1, 2, 3], (4, 6), executor=processes)
    assert {arm: [value for _, value in values] for arm, values in made.items()} == {1: [14, 16], 2: [24, 26], 3: [34, 36]}
    places = [{values[seed][0] for values in made.values()} for seed in range(2)]
    assert all(len(pids) == 1 for pids in places) and os.getpid() not in places[0] | places[1]


def nested(n):
    began = threading.get_ident()
    return all(each == began for each in in_parallel(threading.get_ident, [()] * n))


def test_a_job_that_was_sent_has_its_own_jobs_in_its_own_thread(processes):
    assert in_parallel(nested, [(3,), (4,)], executor=processes) == [True, True]


def note(folder, n):
    (Path(folder) / str(n)).touch()
    time.sleep(0.02)
    if n == 1:
        raise ValueError("the second job fails")


def test_an_error_or_a_stop_cancels_what_was_not_sent(processes, tmp_path):
    def stop(done, n):
        raise KeyboardInterrupt

    job = functools.partial(note, str(tmp_path))
    for jobs, tell, error in ((range(100), None, ValueError), (range(100, 200), stop, KeyboardInterrupt)):
        with pytest.raises(error):
            in_parallel(job, [(n,) for n in jobs], tell, processes)
    time.sleep(0.3)
    assert 2 < len(list(tmp_path.iterdir())) < 60


def test_executors_that_cannot_do_it_are_refused(setting, processes):
    with pytest.raises(ValueError, match="executor must be an Executor of concurrent.futures.* not 2"):
        compare(*setting, [SCRATCH], executor=2, **BUDGET)
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as forking,
        pytest.raises(ValueError, match="executor forks this process, which TensorFlow does not survive"),
    ):
        compare(*setting, [SCRATCH], executor=forking, seeds=77, **BUDGET)
    lock = threading.Lock()
    with pytest.raises(ValueError, match="a job that goes to other processes cannot be sent: cannot pickle"):
        in_parallel(lambda: lock, [()], executor=processes)


METHOD = """
def method(parts, batch, done, settings):
    x, y = batch["source"]
    return parts.loss("source", y, parts.source(parts.shared(x))) * settings["weight"] * by
"""


def cell(by):
    """What a notebook's cell defines, which no other process can import."""
    scope = {"__name__": "__main__", "tf": tf, "by": by}
    exec(METHOD, scope)
    return scope["method"]


def test_other_processes_make_the_same_numbers_of_a_notebooks_functions(setting, processes, folder):
    pair, source, _ = setting
    few = lambda seed: {"source": source.few(5, seed)}  # noqa: E731

    def made(executor=None):
        cache.forget()
        return study(cell(1.5), pair, few, {"one": dict(weight=2.0)}, seeds=2, executor=executor, **BUDGET)

    here = made()
    folder.clear()
    away = made(processes)
    assert same(here, away) and len(folder) == 2, "there they were stored"
    for each in (made, lambda: made(processes)):
        before = {path: path.stat().st_ino for path in folder.path.iterdir()}
        assert same(each(), here) and {path: path.stat().st_ino for path in folder.path.iterdir()} == before
    assert over_seeds(lambda arm, seed: arm * seed, [3], (4, 5), executor=processes) == {3: [12, 15]}


def put_often(path, run, times):
    for _ in range(times):
        cache.Folder(path).put("name", run)


def test_two_processes_may_write_one_name(processes, tmp_path):
    run = {"a": np.arange(1000), "b": [np.ones(500)] * 3}
    writing = [processes.submit(put_often, str(tmp_path), run, 60) for _ in range(2)]
    reader, seen = cache.Folder(tmp_path), 0
    while not all(each.done() for each in writing):
        if (got := reader.get("name")) is not None:  # a warning, of a file half written, would be an error here
            seen += (got["a"] == run["a"]).all()
    assert [each.result() for each in writing] == [None, None]
    assert seen and [path.name for path in tmp_path.iterdir()] == ["name.npz"]


def test_what_processes_made_lies_on_disk(setting, folder, processes, monkeypatch):
    trained = []
    for name in ("train", "train_source"):
        monkeypatch.setattr(experiments, name, lambda *_, **__: trained.append(1))
    given = dict(per_class=6, seeds=[20, 21], **BUDGET)  # seeds whose sources no worker keeps in memory yet
    away = compare(*setting, [FIX_COMMON, SCRATCH], executor=processes, **given)
    assert len(folder) == 2 + 4 and trained == []
    cache.forget()
    assert same(compare(*setting, [FIX_COMMON, SCRATCH], executor=processes, **given), away) and trained == []
    cache.forget()
    assert same(compare(*setting, [FIX_COMMON, SCRATCH], **given), away) and trained == []
    cache.use_folder(None)
    cache.forget()
    compare(*setting, [FIX_COMMON], executor=processes, **given)
    cache.use_folder(folder)
    folder.clear()
    assert len(folder) == 0, "workers store no more when the session does not"


# Dask


def counting(folder, name, real):
    """In a worker: every training that ends leaves a file; at the sixth of a target the worker is killed, once."""

    def counted(*given, **named):
        if name == "train" and len(list(folder.glob("train-*"))) >= 5:
            with suppress(FileExistsError):
                (folder / "killed").touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
        run = real(*given, **named)
        (folder / f"{name}-{run.strategy.name}-{run.seed}-{os.getpid()}-{time.monotonic_ns()}").touch()
        return run

    return counted


def test_dask_loses_nothing_and_makes_nothing_twice_when_a_worker_is_killed(setting, folder, tmp_path):
    distributed = pytest.importorskip(
        "distributed", reason="Dask's distributed is an optional extra: pip install -e .[dask]"
    )

    class Counting(distributed.WorkerPlugin):
        def setup(self, worker):
            for name in ("train", "train_source"):
                setattr(experiments, name, counting(tmp_path, name, getattr(experiments, name)))

    given = dict(per_class=3, seeds=5, **BUDGET)
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        client.register_plugin(Counting())
        away = compare(*setting, NAMED.values(), executor=client.get_executor(), **given)
    assert (tmp_path / "killed").exists()
    for name, arms in (("train", NAMED), ("train_source", [SCRATCH.name])):
        made = sorted(path.name.split("-")[1:3] for path in tmp_path.glob(f"{name}-*"))
        assert made == sorted([arm, str(seed)] for arm in arms for seed in range(5))
    cache.use_folder(None)
    cache.forget()
    assert same(compare(*setting, NAMED.values(), **given), away)

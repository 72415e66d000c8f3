"""One study, whoever runs it: the same numbers, nothing lost, nothing twice."""

import functools
import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.page import page
from transferlib import experiments, storage, travel
from transferlib.experiments import compare, in_parallel, label_budget, over_seeds, study
from transferlib.fingerprint import content
from transferlib.functional import predict
from transferlib.lessons.task_nesting.nested import Nested
from transferlib.lessons.three_training_steps import layer_gradients
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train_source
from transferlib.travel import Parcel

NESTING = page("09")
BUDGET = dict(steps=20, every=5)
SPAWN = multiprocessing.get_context("spawn")


def task(name, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, 240)
    return Task.split(name, np.eye(3)[y] @ rng.normal(size=(3, 8)) + rng.normal(size=(240, 8)), y, "abc", test=60)


@pytest.fixture(scope="module")
def setting():
    return Pair(8, (6,), (4,), classes=(3, 3)), task("one", 0), task("two", 1)


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, mp_context=SPAWN) as executor:
        yield executor


@pytest.fixture
def folder(tmp_path):
    storage.forget()
    yield storage.remember(tmp_path / "runs")
    storage.remember(None)
    storage.forget()


def same(one, other):
    """Whether two studies are equal to the last bit."""
    assert list(one) == list(other)
    for a, b in zip([run for runs in one.values() for run in runs], [run for runs in other.values() for run in runs]):
        for field in fields(a):
            if field.name != "weights":
                np.testing.assert_array_equal(getattr(a, field.name), getattr(b, field.name))
        assert list(a.weights) == list(b.weights)
        for part in a.weights:
            assert all((x == y).all() and x.dtype == y.dtype for x, y in zip(a.weights[part], b.weights[part], strict=True))
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
    came = pickle.loads(pickle.dumps(Parcel(pair))).value
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


def test_equal_parcels_are_unpacked_once(setting):
    pair, source, _ = setting
    first, second = (
        pickle.loads(pickle.dumps(Parcel(value))).value for value in (pair, Pair(8, (6,), (4,), classes=(3, 3)))
    )
    assert first is second
    came = pickle.loads(pickle.dumps(Parcel(source))).value
    assert not came.x_train.flags.writeable and came.classes == source.classes and (came.x_test == source.x_test).all()
    assert pickle.loads(pickle.dumps(Parcel(task("one", 0)))).value is came
    for number in range(travel.ARRIVED):
        pickle.loads(pickle.dumps(Parcel(task("one", 10 + number))))
    assert pickle.loads(pickle.dumps(Parcel(source))).value is not came, "a worker keeps no more than the latest"


def test_content_tells_apart_what_trains_differently(setting):
    pair, source, _ = setting
    base = keras.Sequential([keras.Input((8,)), keras.layers.Dense(6)])
    other = keras.Sequential([keras.Input((8,)), keras.layers.Dense(6)])
    nets = pair, Pair(8, (7,), (4,), classes=(3, 3)), Pair(8, (base,), (4,)), Pair(8, (other,), (4,)), Pair(8, (6,), (4,))
    assert len({content(net) for net in nets}) == len(nets)
    assert content(pair) == content(Pair(8, (6,), (4,), classes=(3, 3)))
    start = Pair(8, (6,), (4,), classes=(3, 3))
    layer = keras.layers.Dense(6, activation="relu")
    layer.build((None, 8))
    layer.set_weights(start.fresh(0)["shared"])  # given what seed 0 would draw: for seed 1 it is another network
    assert content(Pair(8, (layer,), (4,), classes=(3, 3))) != content(start)
    x = source.x_train.copy()
    x[-1, -1] += 1
    changed = Task(source.name, x, source.y_train, source.x_test, source.y_test, source.classes)
    assert len({content(t) for t in (source, changed, task("two", 0), task("one", 1))}) == 4
    assert content(source) == content(task("one", 0))


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
        again = pickle.loads(pickle.dumps(Parcel(pair))).value
        assert type(again.shared.layers[0]) is type(pair.shared.layers[0])
        said = [predict(each, pair.weights(), setting[1].x_test) for each in (again, pair)]
        assert said[0].tolist() == said[1].tolist()
    else:
        with pytest.raises(ValueError, match="a layer that cannot be written down, so it cannot travel"):
            pickle.dumps(Parcel(pair))


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
    storage.forget()
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
    with pytest.raises(ValueError, match="this one cannot be sent.*Functions must stand in a module"):
        in_parallel(lambda n: n, [(1,)], executor=processes)
    with pytest.raises(ValueError, match="this one cannot be sent"):
        over_seeds(lambda arm, seed: seed, [1], 2, executor=processes)


# On disk


@pytest.fixture
def trained(monkeypatch):
    """Every training, by who did it."""
    made = []
    for name in ("train", "train_source"):
        monkeypatch.setattr(experiments, name, noting(made, name, getattr(experiments, name)))
    return made


def noting(made, name, real):
    def noted(*given, **named):
        made.append(name)
        return real(*given, **named)

    return noted


def test_runs_outlive_the_kernel(setting, folder, trained):
    pair, source, target = setting
    half = SHARE_WEIGHTS.but(name="half", move=np.float32(0.5))
    given = dict(strategies=[FIX_COMMON, half], per_class=2, seeds=2, **BUDGET)
    first = compare(pair, source, target, **given)
    assert sorted(trained) == ["train"] * 4 + ["train_source"] * 2
    assert len(folder) == 6 and folder.size() == sum(path.stat().st_size for path in folder.path.iterdir()) > 0
    assert repr(folder).startswith(f"Folder({str(folder.path)!r}: 6 runs, 0.")
    storage.forget()
    again = compare(Pair(8, (6,), (4,), classes=(3, 3)), task("one", 0), task("two", 1), **given)  # as a new kernel would
    assert len(trained) == 6 and same(first, again)
    storage.forget()
    compare(pair, source, target, **given | dict(seeds=3))
    assert len(trained) == 6 + 3
    folder.clear()
    assert len(folder) == folder.size() == 0
    storage.forget()
    assert same(compare(pair, source, target, **given), first) and len(trained) == 9 + 6


@pytest.mark.parametrize(
    "change",
    [
        dict(seeds=[1]),
        dict(steps=21),
        dict(rate=0.01),
        dict(per_class=3),
        dict(only_private=True),
        dict(batch=8),
        dict(every=4),
    ],
)
def test_another_question_is_another_file(change, setting, folder, trained):
    given = dict(per_class=2, seeds=1, **BUDGET)
    compare(*setting, [FIX_COMMON], **given)
    storage.forget()
    before = len(trained)
    compare(*setting, [FIX_COMMON], **given | change)
    assert trained[before:].count("train") == 1


def test_a_name_is_of_all_that_was_asked_to_the_last_number(setting):
    """As NumPy writes a long array, most of it is three dots."""
    pair, source, _ = setting
    weights = {"shared": [np.zeros((100, 64), np.float32)], "source": []}
    one = weights["shared"][0].copy()
    one[50, 30] = 1e-6
    asked = [weights, {"shared": [one], "source": []}, {"shared": [], "source": [one]}, [one], (one,), one, one.tolist()]
    asked += [FIX_COMMON, FIX_COMMON.but(move=0.5), None, 1, 1.0, "1", (pair, source), (source, pair)]
    names = [travel.name_of("train", each) for each in asked]
    assert len(set(names)) == len(names)
    assert names[0] == travel.name_of("train", {"shared": [np.zeros((100, 64), np.float32)], "source": []})
    with pytest.raises(ValueError, match="a value of the kind object cannot be told from others by its content"):
        travel.name_of("train", [object()])


def test_what_is_kept_of_any_kind_comes_back_as_it_was(setting, folder, monkeypatch):
    """A run of a method from a page, and of gradients; and what trains without being kept in memory."""
    pair, source, target = setting

    def asked():
        storage.forget()
        tasks = {"target": target, "source": source}
        (learned,) = study(page("10").two_heads, pair, tasks, {"a": dict(weight=1.0)}, seeds=1, steps=4, every=4)["a"]
        norms = layer_gradients.over_training(pair, source, target, SCRATCH, seeds=1, updates=(0, 2))
        return learned, norms

    def equal(a, b):
        assert type(a) is type(b)
        if is_dataclass(a):
            return equal(vars(a), vars(b))
        if isinstance(a, dict | list | tuple):
            assert list(a) == list(b) if isinstance(a, dict) else len(a) == len(b)
            return all(map(equal, *((each.values() if isinstance(a, dict) else each) for each in (a, b))))
        np.testing.assert_array_equal(a, b)
        return getattr(a, "dtype", None) == getattr(b, "dtype", None)

    first, number = asked(), len(folder)
    assert number >= 2
    monkeypatch.setattr(experiments, "learn", lambda *_, **__: pytest.fail("trained"))
    assert equal(first, asked()) and len(folder) == number


def test_any_words_numbers_and_arrays_are_read_as_they_were_written_and_what_cannot_be_is_said(folder):
    made = {1: (2, [3.5, None]), "a": {("b", True): np.arange(3)}, (): "", 0.5: np.float32(0.1)}
    folder.put("it", made)
    read = folder.get("it")
    assert repr(read) == repr(made) and type(read[0.5]) is np.float32
    with pytest.warns(UserWarning, match="takes no results .*not JSON serializable.*goes on without storing"):
        folder.put("other", {"a": object()})
    assert "other" not in folder and len(folder) == 1


def test_a_file_that_asks_for_another_kind_of_thing_is_not_obeyed(folder, stored):
    kinds = "os:getcwd", "transferlib.storage:forget", "transferlib.nowhere:Run", "transferlib.training:Run"
    for kind in kinds:
        about = json.dumps({"name": "name", "result": {"kind": kind, "fields": {}}})
        np.savez(folder.path / "name.npz", about=about)
        with pytest.warns(UserWarning, match="cannot be used"):
            assert folder.get("name") is None


def test_another_library_makes_its_own_runs(setting, folder, monkeypatch):
    compare(*setting, [SCRATCH], seeds=1, **BUDGET)
    monkeypatch.setattr(travel, "VERSIONS", ["another"])
    storage.forget()
    compare(*setting, [SCRATCH], seeds=1, **BUDGET)
    assert len(folder) == 4


def test_nothing_is_written_unasked(setting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    storage.forget()
    compare(*setting, [SCRATCH], seeds=1, **BUDGET)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def stored(setting, tmp_path_factory):
    """A run, its file's bytes, and its name."""
    run = train_source(setting[0], setting[1], steps=2)
    folder = storage.Folder(tmp_path_factory.mktemp("stored"))
    folder.put("name", run)
    return run, (folder.path / "name.npz").read_bytes()


def damaged(stored, tmp_path, data):
    """What a folder says of a file with these bytes: the run, or None after one sentence, the file being gone."""
    folder, (run, _) = storage.Folder(tmp_path), stored
    file = tmp_path / "name.npz"
    file.write_bytes(data)
    with pytest.warns(UserWarning) as said:
        got = folder.get("name")
        if got is None:
            ours = [each for each in said if "name.npz cannot be used" in str(each.message)]  # NumPy may have its own
            assert len(ours) == 1 and not file.exists()
        else:
            assert same({"": [got]}, {"": [run]})
            storage._say("pytest.warns wants one")
    return got


def test_a_file_that_was_cut_off_anywhere_is_told_from_a_whole_one(stored, tmp_path):
    whole = stored[1]
    for length in {*range(0, len(whole), 97), *range(len(whole) - 70, len(whole))}:
        assert damaged(stored, tmp_path, whole[:length]) is None


def test_a_file_with_any_wrong_byte_gives_the_run_or_none(stored, tmp_path):
    whole, rng, fine = stored[1], np.random.default_rng(0), 0
    for place in rng.choice(len(whole), 300, replace=False):
        data = bytearray(whole)
        data[place] ^= 1 << rng.integers(8)
        fine += damaged(stored, tmp_path, bytes(data)) is not None
    assert fine < 150


def test_a_file_of_something_else_is_not_taken(stored, tmp_path):
    with pytest.warns(UserWarning, match="it holds another run"):
        (tmp_path / "other.npz").write_bytes(stored[1])
        assert storage.Folder(tmp_path).get("other") is None
    assert damaged(stored, tmp_path, pickle.dumps({"a": 1})) is None
    np.savez(tmp_path / "x.npz", about=np.array({"name": "name"}, object))
    assert damaged(stored, tmp_path, (tmp_path / "x.npz").read_bytes()) is None, "nothing in a file is executed"


def test_a_damaged_file_is_made_again(setting, folder, trained):
    run = compare(*setting, [SCRATCH], seeds=1, **BUDGET)
    for path in folder.path.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    storage.forget()
    with pytest.warns(UserWarning, match="cannot be used .*; its run is made again"):
        assert same(compare(*setting, [SCRATCH], seeds=1, **BUDGET), run)
    storage.forget()
    before = len(trained)
    assert same(compare(*setting, [SCRATCH], seeds=1, **BUDGET), run) and len(trained) == before


def test_a_full_disk_stops_no_study(setting, folder, monkeypatch):
    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.np, "savez", full)
    with pytest.warns(UserWarning, match="takes no results .No space left on device.; the study goes on without storing"):
        assert len(compare(*setting, [SCRATCH], seeds=1, **BUDGET)["from scratch"]) == 1
    assert not list(folder.path.iterdir()), "nothing half written stays"


def test_a_folder_that_went_away_or_is_none(setting, folder, tmp_path):
    folder.path.rmdir()
    folder.path.write_text("a file in its place")
    with pytest.warns(UserWarning, match="takes no results"):
        assert len(compare(*setting, [SCRATCH], seeds=1, **BUDGET)["from scratch"]) == 1
    for wrong in (folder.path, folder.path / "below", 5):
        with pytest.raises(ValueError, match="folder must be one that is there or can be made"):
            storage.remember(wrong)
    assert storage.in_use() is folder


def test_what_a_killed_process_left_is_cleared(folder):
    (folder.path / "abc.part").write_bytes(b"half")
    (folder.path / "notes.txt").write_text("mine")
    assert folder.size() == 4 and len(folder) == 0
    folder.clear()
    assert [path.name for path in folder.path.iterdir()] == ["notes.txt"]


def put_often(path, run, times):
    for _ in range(times):
        storage.Folder(path).put("name", run)


def test_two_processes_may_write_one_name(stored, processes, tmp_path):
    run, _ = stored
    writing = [processes.submit(put_often, str(tmp_path), run, 60) for _ in range(2)]
    reader, seen = storage.Folder(tmp_path), 0
    while not all(each.done() for each in writing):
        if (got := reader.get("name")) is not None:  # a warning, of a file half written, would be an error here
            seen += same({"": [got]}, {"": [run]})
    assert [each.result() for each in writing] == [None, None]
    assert seen and [path.name for path in tmp_path.iterdir()] == ["name.npz"]


def test_what_processes_made_lies_on_disk(setting, folder, trained, processes):
    given = dict(per_class=6, seeds=[20, 21], **BUDGET)  # seeds whose sources no worker keeps in memory yet
    away = compare(*setting, [FIX_COMMON, SCRATCH], executor=processes, **given)
    assert len(folder) == 2 + 4 and trained == []
    storage.forget()
    assert same(compare(*setting, [FIX_COMMON, SCRATCH], executor=processes, **given), away) and trained == []
    storage.forget()
    assert same(compare(*setting, [FIX_COMMON, SCRATCH], **given), away) and trained == []
    storage.remember(None)
    storage.forget()
    compare(*setting, [FIX_COMMON], executor=processes, **given)
    storage.use(folder)
    folder.clear()
    assert len(folder) == 0, "workers store no more when the session does not"


def test_what_others_made_where_we_do_not_see_it_is_stored_here(setting, folder, monkeypatch):
    elsewhere = storage.Folder(folder.path / "elsewhere")
    monkeypatch.setattr(experiments, "use", lambda sent: storage.use(elsewhere))
    with ThreadPoolExecutor(1) as executor:
        real = experiments.in_parallel

        def and_back(*given):
            made = real(*given)
            storage.use(folder)
            return made

        monkeypatch.setattr(experiments, "in_parallel", and_back)
        compare(*setting, [SCRATCH], seeds=1, executor=executor, **BUDGET)
    assert (len(elsewhere), len(folder)) == (2, 1)


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
    storage.remember(None)
    storage.forget()
    assert same(compare(*setting, NAMED.values(), **given), away)


def test_a_folder_can_be_named_by_the_environment(tmp_path):
    """As for a class, whose lessons are not to be edited: each of its kernels begins with the folder in use."""
    code = "from transferlib import storage; print(storage.in_use())"
    for named, said in ((str(tmp_path / "runs"), f"Folder({str(tmp_path / 'runs')!r}: 0 runs, 0.0 MB)"), ("", "None")):
        env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), storage.FOLDER: named}
        assert subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True).stdout.strip() == said

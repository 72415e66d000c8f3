"""What was computed is found again by all that was asked, in memory and in a folder; nothing else is taken for it."""

import importlib
import json
import os
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.small import task
from transferlib import cache, experiments, fingerprint, parallel
from transferlib.cache import Folder, cached, forget, get, get_or_make, put, use_folder
from transferlib.experiments import compare
from transferlib.fingerprint import content
from transferlib.measures import PerSeed
from transferlib.networks import Pair
from transferlib.parallel import in_parallel
from transferlib.strategies import FIX_COMMON, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.texts import Texts
from transferlib.training import Learned, train, train_source

BUDGET = dict(steps=20, every=5)


class Count:
    """How often each thing was made. To a fingerprint it is itself, since its class has no __dict__."""

    __slots__ = ("times",)

    def __init__(self):
        self.times = []

    def __call__(self, what):
        self.times.append(what)
        return what


# In memory


def test_two_threads_that_ask_for_one_result_compute_it_once():
    count = Count()

    @cached
    def slow(what, n):
        time.sleep(0.05)
        count(n)
        return [n]

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: slow("it", 1), range(8)))
    assert count.times == [1] and all(each is results[0] for each in results)
    assert slow("it", n=1) is slow(n=1, what="it") is results[0], "by name or by place, it is one question"
    forget()
    assert slow("it", 1) is not results[0]


def test_who_writes_into_a_result_does_not_change_that_of_the_next_who_asks(setting):
    weights = experiments.source_weights(*setting[:2], steps=2)
    made = cached(lambda: {"all": [PerSeed([0.5, 0.6], (0, 1))]})()["all"][0]
    for array in (weights["shared"][0], made):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    assert experiments.source_weights(*setting[:2], steps=2)["shared"][0].any()


def test_a_failed_computation_is_tried_again():
    count = Count()

    @cached
    def fails_first():
        if len(count.times) < 1:
            count(1)
            raise ValueError("first")
        return 7

    with pytest.raises(ValueError, match="first"):
        fails_first()
    assert fails_first() == 7


def test_the_latest_results_are_kept_and_no_more_than_so_many_bytes(monkeypatch):
    count = Count()

    def made(n, size=1):
        return count(n) and {"weights": [np.zeros(size, np.int8)]}

    monkeypatch.setattr(cache, "_memory", cache.Memory(number=2))
    for n in (1, 2, 1, 3, 1, 2):  # 3 pushes out 2, which was asked for longer ago than 1
        get_or_make(made, n)
    assert count.times == [1, 2, 3, 2]
    monkeypatch.setattr(cache, "_memory", cache.Memory(size=1000))
    for n in (11, 12, 13):
        get_or_make(made, n, size=400)
    assert get(made, 11, size=400) is None and get(made, 12, size=400) and get(made, 13, size=400)


def test_a_result_whose_jobs_ask_for_it_does_not_wait_for_ever():
    """Threads of the pool that wait for a result must not keep its own jobs from a thread."""

    @cached
    def outer(n):
        time.sleep(0.1)
        return sum(in_parallel(lambda m: m, [(m,) for m in range(n)]))

    first = threading.Thread(target=outer, args=(5,), daemon=True)
    first.start()
    time.sleep(0.03)
    others = threading.Thread(target=lambda: in_parallel(outer, [(5,)] * 40), daemon=True)
    others.start()
    for each in (first, others):
        each.join(20)
        assert not each.is_alive()


@pytest.mark.skipif(parallel.cores() < 2, reason="one core")
def test_a_result_is_made_on_all_cores_and_in_a_job_on_one():
    both = threading.Barrier(2)

    def made(n):
        return in_parallel(lambda _: both.wait(10) >= 0, [(m,) for m in range(2)])

    assert get_or_make(made, 1) == [True, True], "its jobs meet: they run side by side"

    def alone(n):
        return in_parallel(lambda _: threading.get_ident() == here.value, [(m,) for m in range(3)])

    def job(n):
        here.value = threading.get_ident()
        return get_or_make(alone, n)

    here = threading.local()
    assert in_parallel(job, [(1,), (2,)]) == [[True] * 3] * 2


def test_a_readers_own_pool_is_not_serial_ever_after():
    with ThreadPoolExecutor(1) as pool:
        in_parallel(int, [(1,)], executor=pool)
        there = pool.submit(lambda: (threading.get_ident(), in_parallel(threading.get_ident, [()]))).result()
    assert there[1] != [there[0]]


# By content


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


def name_of(*asked):
    return fingerprint.fingerprint(*asked)[0]


def test_a_name_is_of_all_that_was_asked_to_the_last_number(setting):
    """As NumPy writes a long array, most of it is three dots."""
    pair, source, _ = setting
    weights = {"shared": [np.zeros((100, 64), np.float32)], "source": []}
    one = weights["shared"][0].copy()
    one[50, 30] = 1e-6
    asked = [weights, {"shared": [one], "source": []}, {"shared": [], "source": [one]}, [one], (one,), one, one.tolist()]
    asked += [FIX_COMMON, FIX_COMMON.but(move=0.5), None, 1, 1.0, "1", (pair, source), (source, pair), {1, 2}, {1, 3}]
    assert len({name_of(each) for each in asked}) == len(asked)
    assert name_of(weights) == name_of({"shared": [np.zeros((100, 64), np.float32)], "source": []})
    assert fingerprint.fingerprint(asked)[1] == ()
    odd = object()
    assert fingerprint.fingerprint(1, odd)[1] == (odd,)


class Knob:
    value = 1


class Odd(keras.layers.Dense):
    pass


def reading(value, live=False):
    """The name of a function that reads the value."""
    return fingerprint.fingerprint(lambda: value, live=live)[0]


def test_what_code_reads_is_told_by_what_it_holds_now():
    """A teacher that was loaded, a knob that was turned: the same method computes something else."""
    one, other = (Pair(8, (6,), (4,), classes=(3, 3)) for _ in "ab")
    assert reading(one) == reading(other), "weights that nobody gave are other ones in each kernel"
    assert reading(one, live=True) != reading(other, live=True), "a program reads the variables of one of them, later"
    new, live = reading(one), reading(one, live=True)
    one.load(one.fresh(0))
    assert reading(one) != new and reading(one, live=True) == live
    other.load(one.fresh(0))
    assert reading(one) == reading(other)
    variable, space, knob, own = tf.Variable(1.0), SimpleNamespace(value=1), Knob(), keras.Sequential([Odd(2)])
    own(np.zeros((1, 2)))
    assert len({reading(each.get) for each in ({1: 2}, {1: 3})}) == 2, "a method written in C, of one dict or another"
    turned = {
        "variable": (variable, lambda: variable.assign(2.0)),
        "namespace": (space, lambda: vars(space).update(value=2)),
        "object": (knob, lambda: setattr(knob, "value", 2)),
        "model": (own, lambda: own.set_weights([2 * a + 1 for a in own.get_weights()])),
    }
    for what, (value, turn) in turned.items():
        before = reading(value)
        assert before == reading(value)
        turn()
        assert before != reading(value), what


def test_a_list_that_holds_itself_has_a_name():
    a, b = [1], [1]
    a.append(a)
    b.append(b)
    assert name_of(a) == name_of(b) != name_of([1, [1]])


def test_what_a_module_imports_counts_and_what_it_says_of_itself_does_not(monkeypatch):
    monkeypatch.setattr(fingerprint, "_TEXTS", dict(fingerprint._TEXTS))

    def changed(module, old, new):
        before = fingerprint.source("transferlib.training")
        text = fingerprint._TEXTS[module]
        assert old in text
        monkeypatch.setitem(fingerprint._TEXTS, module, text.replace(old, new))
        for each in (fingerprint.source, fingerprint._compiled):
            each.cache_clear()
        return fingerprint.source("transferlib.training") != before

    try:
        assert changed("transferlib.loops", "0.999", "0.99"), "what is imported through two modules"
        assert changed("transferlib.training", "SOURCE_STEPS = 1000", "SOURCE_STEPS = 1001")
        assert not changed("transferlib.training", "SOURCE_STEPS = 1001", "SOURCE_STEPS = 1001  # steps")
        assert not changed("transferlib.tasks", "A task: what goes in", "A task: what comes in")
        assert not changed("transferlib.plots.canvas", "import", "import os\nimport")
        assert not changed("transferlib.experiments", "SOURCE_STEPS", "SOURCE"), "which comes later"
    finally:
        monkeypatch.undo()
        for each in (fingerprint.source, fingerprint._compiled):
            each.cache_clear()


def test_the_code_is_that_which_was_imported(tmp_path, monkeypatch):
    """A module that is edited while a kernel lives is not yet what runs there."""
    before = fingerprint.source("transferlib.training")
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "nowhere.py"))
    for each in (fingerprint.source, fingerprint._compiled):
        each.cache_clear()
    assert fingerprint.source("transferlib.training") == before


def test_functions_of_lessons_are_told_by_their_modules_code():
    module = importlib.import_module("transferlib.changes")
    first, *others = (getattr(module, name) for name in ("centred", "standardised"))
    assert name_of(first) != name_of(others[0])
    assert name_of(tf.reduce_mean) != name_of(tf.reduce_sum) and name_of(np) != name_of(np.linalg)


# In a folder


@pytest.fixture
def trained(monkeypatch):
    """Every training, by who did it."""
    made = []
    for name in ("train", "train_source"):
        real = getattr(experiments, name)
        noted = lambda *given, name=name, real=real, **named: made.append(name) or real(*given, **named)  # noqa: E731
        monkeypatch.setattr(experiments, name, noted)
    return made


def same(one, other):
    """Whether two results are equal to the last bit, and of one kind."""
    assert type(one) is type(other)
    if isinstance(one, dict | list | tuple):
        assert list(one) == list(other) if isinstance(one, dict) else len(one) == len(other)
        pairs = zip(*(each.values() if isinstance(each, dict) else each for each in (one, other)))
        return all(same(a, b) for a, b in pairs)
    if hasattr(one, "__dict__") and not isinstance(one, np.ndarray):
        return same(vars(one), vars(other))
    np.testing.assert_array_equal(one, other)
    return getattr(one, "dtype", None) == getattr(other, "dtype", None)


def test_runs_outlive_the_kernel(setting, folder, trained):
    pair, source, target = setting
    half = SHARE_WEIGHTS.but(name="half", move=np.float32(0.5))
    given = dict(strategies=[FIX_COMMON, half], per_class=2, seeds=2, **BUDGET)
    first = compare(pair, source, target, **given)
    assert sorted(trained) == ["train"] * 4 + ["train_source"] * 2
    assert len(folder) == 6 and folder.size() == sum(path.stat().st_size for path in folder.path.iterdir()) > 0
    assert repr(folder).startswith(f"Folder({str(folder.path)!r}: 6 runs, 0.")
    forget()
    again = compare(Pair(8, (6,), (4,), classes=(3, 3)), task("one", 0), task("two", 1), **given)  # as a new kernel would
    assert len(trained) == 6 and same(first, again)
    forget()
    compare(pair, source, target, **given | dict(seeds=3))
    assert len(trained) == 6 + 3
    folder.clear()
    assert len(folder) == folder.size() == 0
    forget()
    assert same(compare(pair, source, target, **given), first) and len(trained) == 9 + 6


def test_another_question_is_another_file(setting, folder, trained):
    given = dict(per_class=2, seeds=1, **BUDGET)
    compare(*setting, [FIX_COMMON], **given)
    changes = dict(seeds=[1]), dict(steps=21), dict(rate=0.01), dict(per_class=3), dict(only_private=True), dict(batch=8)
    for change in (*changes, dict(every=4)):
        before = len(trained)
        compare(*setting, [FIX_COMMON], **given | change)
        assert trained[before:].count("train") == 1, change


@pytest.mark.parametrize("package", [tf, keras, np], ids=lambda each: each.__name__)
def test_another_version_of_what_computes_makes_its_own(folder, package, monkeypatch):
    assert f"{package.__name__} {package.__version__}" in cache.VERSIONS
    get_or_make(sorted, [1])
    monkeypatch.setattr(cache, "VERSIONS", [each for each in cache.VERSIONS if not each.startswith(package.__name__)])
    get_or_make(sorted, [1])
    assert len(folder) == 2


def test_scipy_and_scikit_learn_count_too():
    assert [each.split()[0] for each in cache.VERSIONS] == ["tensorflow", "keras", "numpy", "scipy", "sklearn"]


def test_what_is_kept_of_any_kind_comes_back_as_it_was(setting, folder):
    run = train(*setting[::2], steps=2)
    learned = Learned(3, np.arange(2), {"loss": np.array([np.nan, 1.0])}, {"scale": np.float32(2.5), "m": [np.eye(2)]})
    for number, made in enumerate([run, learned, {"a": run, 2: [learned, None]}, np.float32(0.1)]):
        folder.put(str(number), made)
        assert same(folder.get(str(number)), made)
    seeds = PerSeed([0.5, 0.7], [3, 4])
    folder.put("seeds", {"accuracy": seeds})
    came = folder.get("seeds")["accuracy"]
    assert type(came) is PerSeed and came.seeds == (3, 4) and came.tolist() == [0.5, 0.7]


def test_any_words_numbers_and_arrays_are_read_as_they_were_written_and_what_cannot_be_is_said(folder):
    made = {1: (2, [3.5, None]), "a": {("b", True): np.arange(3)}, (): "", 0.5: np.float32(0.1)}
    folder.put("it", made)
    read = folder.get("it")
    assert repr(read) == repr(made) and type(read[0.5]) is np.float32
    for wrong in ({"a": object()}, [np.array([None, "a"], object)], {"a": Texts("a", (), np.arange(2), (), np.arange(2))}):
        with pytest.warns(
            UserWarning, match="takes no results .*(JSON serializable|objects|another kind).*goes on without storing"
        ):
            folder.put("other", wrong)
        assert folder.get("other") is None and len(folder) == 1


def test_what_was_made_elsewhere_is_kept_here(folder):
    assert get(sorted, [2, 1]) is None
    assert put([1, 2], sorted, [2, 1]) == [1, 2] == get(sorted, [2, 1])
    forget()
    assert get(sorted, [2, 1]) == [1, 2] and len(folder) == 1


def test_a_file_that_asks_for_another_kind_of_thing_is_not_obeyed(folder):
    kinds = "os:getcwd", "transferlib.cache:forget", "transferlib.nowhere:Run", "transferlib.training:Run"
    for kind in kinds:
        about = json.dumps({"name": "name", "result": {"kind": kind, "fields": {}}})
        np.savez(folder.path / "name.npz", about=about)
        with pytest.warns(UserWarning, match="cannot be used"):
            assert folder.get("name") is None


def test_nothing_is_written_unasked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    forget()
    get_or_make(sorted, [3, 1])
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def stored(setting, tmp_path_factory):
    """A run, its file's bytes, and its name."""
    run = train_source(setting[0], setting[1], steps=2)
    folder = Folder(tmp_path_factory.mktemp("stored"))
    folder.put("name", run)
    return run, (folder.path / "name.npz").read_bytes()


def damaged(stored, tmp_path, data):
    """What a folder says of a file with these bytes: the run, or None after one sentence."""
    folder, (run, _) = Folder(tmp_path), stored
    (tmp_path / "name.npz").write_bytes(data)
    with pytest.warns(UserWarning) as said:
        got = folder.get("name")
        if got is None:
            ours = [each for each in said if "name.npz cannot be used" in str(each.message)]  # NumPy may have its own
            assert len(ours) == 1
        else:
            assert same(got, run)
            cache._say("pytest.warns wants one")
    return got


def test_a_file_that_was_cut_off_anywhere_is_told_from_a_whole_one(stored, tmp_path):
    whole = stored[1]
    for length in {*range(0, len(whole), 97), *range(len(whole) - 70, len(whole))}:
        assert damaged(stored, tmp_path, whole[:length]) is None


def test_a_file_with_any_wrong_byte_gives_the_run_or_none(stored, tmp_path):
    whole, rng, fine = stored[1], np.random.default_rng(0), 0
    for place in rng.choice(len(whole), 150, replace=False):
        data = bytearray(whole)
        data[place] ^= 1 << rng.integers(8)
        fine += damaged(stored, tmp_path, bytes(data)) is not None
    assert fine < 75


def test_a_file_of_something_else_is_not_taken(stored, tmp_path):
    with pytest.warns(UserWarning, match="it holds another run"):
        (tmp_path / "other.npz").write_bytes(stored[1])
        assert Folder(tmp_path).get("other") is None
    assert damaged(stored, tmp_path, pickle.dumps({"a": 1})) is None
    np.savez(tmp_path / "x.npz", about=np.array({"name": "name"}, object))
    assert damaged(stored, tmp_path, (tmp_path / "x.npz").read_bytes()) is None, "nothing in a file is executed"


def test_a_damaged_file_is_made_again(folder):
    made = {"made": np.arange(50)}
    folder.put("x", made)
    (file,) = folder.path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.warns(UserWarning, match="cannot be used .*; its run is made again"):
        assert folder.get("x") is None
    folder.put("x", made)
    assert same(folder.get("x"), made)


def test_a_file_is_read_again_where_another_thread_was_in_the_parsers_way(folder, monkeypatch):
    folder.put("x", {"a": np.arange(3)})
    load, errors = np.load, [SystemError("AST constructor recursion depth mismatch")] * 2

    def tripping(*arguments, **named):
        if errors:
            raise errors.pop()
        return load(*arguments, **named)

    monkeypatch.setattr(cache.np, "load", tripping)
    assert same(folder.get("x"), {"a": np.arange(3)}) and not errors, "without a word: a warning would be an error here"


@pytest.mark.parametrize("error", [MemoryError(), OSError(24, "Too many open files")], ids=str)
def test_a_machine_that_is_short_of_something_deletes_no_good_file(folder, monkeypatch, error):
    folder.put("x", {"a": np.arange(3)})
    with monkeypatch.context() as patch:
        patch.setattr(cache.np, "load", lambda *_, **__: (_ for _ in ()).throw(error))
        with pytest.warns(UserWarning, match="cannot be used"):
            assert folder.get("x") is None
    assert folder.get("x")["a"].tolist() == [0, 1, 2]


def test_a_full_disk_stops_no_study(folder, monkeypatch):
    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    with pytest.warns(UserWarning, match="takes no results .No space left on device.; the study goes on without storing"):
        assert get_or_make(sorted, [2, 1]) == [1, 2]
    assert not list(folder.path.iterdir()), "nothing half written stays"


def test_a_folder_in_which_one_may_not_write_is_only_read(folder, monkeypatch, recwarn):
    """A class's folder, filled by its lecturer: nobody is told of what no learner can change."""
    folder.put("x", [1])
    monkeypatch.setattr(cache.os, "access", lambda path, mode: not mode & os.W_OK)  # root may write anywhere
    assert folder.get("x") == [1] and get_or_make(sorted, [2, 1]) == [1, 2]
    assert len(folder) == 1 and repr(folder).endswith(", only read)") and not recwarn.list


def test_a_folder_that_went_away_or_is_none(folder):
    folder.path.rmdir()
    folder.path.write_text("a file in its place")
    with pytest.warns(UserWarning, match="takes no results"):
        assert get_or_make(sorted, [2, 1]) == [1, 2]
    for wrong in (folder.path, folder.path / "below", 5):
        with pytest.raises(ValueError, match="folder must be one that exists or can be made"):
            use_folder(wrong)
    assert cache.current_folder() is folder


def test_what_a_killed_process_left_is_cleared(folder):
    (folder.path / "abc.part").write_bytes(b"half")
    (folder.path / "notes.txt").write_text("mine")
    assert folder.size() == 4 and len(folder) == 0
    folder.clear()
    assert [path.name for path in folder.path.iterdir()] == ["notes.txt"]


def test_a_folder_can_be_named_by_the_environment(tmp_path):
    """As for a class, whose lessons are not to be edited: each of its kernels begins with the folder in use."""
    assert repr(cache.named_folder({cache.FOLDER: str(tmp_path)})) == f"Folder({str(tmp_path)!r}: 0 runs, 0.0 MB)"
    assert cache.named_folder({cache.FOLDER: ""}) is cache.named_folder({}) is None
    assert os.environ.get(cache.FOLDER) or cache.current_folder() is None

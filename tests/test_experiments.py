"""Comparisons over seeds: paired, cached, stoppable."""

import gc
import inspect
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
from threadpoolctl import threadpool_info

from transferlib import cache, experiments, parallel
from transferlib.datasets import mnist, uci_digits
from transferlib.experiments import compare, in_parallel, label_budget, over_seeds
from transferlib.measures import curves
from transferlib.networks import Pair
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import train, train_source


@pytest.fixture(scope="module")
def setting():
    rng = np.random.default_rng(0)

    def task(name):
        y = rng.integers(0, 3, 240)
        return Task.split(name, np.eye(3)[y] @ rng.normal(size=(3, 8)) + rng.normal(size=(240, 8)), y, "abc", test=60)

    return Pair(8, (6,), (4,), classes=(3, 3)), task("one"), task("two")


BUDGET = dict(steps=20, every=5)


def test_compare_is_train_over_seeds(setting):
    pair, source, target = setting
    results = compare(pair, source, target, [SCRATCH, SHARE_WEIGHTS], per_class=3, seeds=[4, 7], **BUDGET)
    assert list(results) == ["from scratch", "share weights"]
    weights = train_source(pair, source, seed=7).weights
    run = train(pair, target.few(3, 7), SHARE_WEIGHTS, source=source, weights=weights, seed=7, **BUDGET)
    assert (run.target_loss == results["share weights"][1].target_loss).all()
    assert curves(results["from scratch"]).shape == (2, 5)


def test_a_run_is_made_once(setting):
    pair, source, target = setting
    first = compare(pair, source, target, [FIX_COMMON], per_class=2, seeds=2, **BUDGET)
    again = compare(pair, source, target, [SCRATCH, FIX_COMMON], per_class=2, seeds=3, **BUDGET)
    assert again["fix common"][:2] == first["fix common"]


def test_progress_counts_and_can_stop(setting):
    pair, source, target = setting
    seen = []
    compare(pair, source, target, NAMED.values(), seeds=3, progress=lambda done, n: seen.append((done, n)), **BUDGET)
    assert seen == [(i, 12) for i in range(1, 13)]

    def stop(done, n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(pair, source, target, NAMED.values(), seeds=3, steps=20, every=4, progress=stop)


def test_label_budget(setting):
    seen = []
    tell = lambda done, n: seen.append((done, n))  # noqa: E731
    made = label_budget(*setting, [SCRATCH, FIX_COMMON], [1, 4], seeds=2, progress=tell, **BUDGET)
    assert list(made) == [1, 4] and [len(runs) for arms in made.values() for runs in arms.values()] == [2] * 4
    assert seen == [(i, 8) for i in range(1, 9)]


def test_without_every_a_label_budget_tells_the_two_ends_of_the_same_runs(setting):
    pair, source, target = setting
    (ends,) = label_budget(*setting, [SHARE_GRADIENTS], [4], seeds=1, steps=20)[4]["share gradients"]
    (whole,) = compare(*setting, [SHARE_GRADIENTS], per_class=4, seeds=1, steps=20, every=5)["share gradients"]
    assert ends.step.tolist() == [0, 20] and len(whole.step) == 5
    for curve in ("target_accuracy", "target_loss", "source_accuracy", "source_loss"):
        np.testing.assert_array_equal(getattr(ends, curve), getattr(whole, curve)[[0, -1]])
    for part, arrays in whole.weights.items():
        for a, b in zip(ends.weights[part], arrays):
            np.testing.assert_array_equal(a, b)


def test_compare_refuses_what_makes_no_sense(setting):
    for strategies, seeds, message in (
        ([], 2, "there is nothing to compare: give one strategy"),
        ([SCRATCH], 0, "one seed at least is needed; seeds is 0"),
        ([SCRATCH], [], "one seed at least is needed"),
        ([SCRATCH], [0] * 10, "seeds holds a seed more than once"),
        ([SCRATCH], [0, -1], "each of seeds must be a whole number, 0 or more, not -1"),
        ([SCRATCH], 2.5, "seeds must be how many"),
        ([SCRATCH], "10", "seeds must be how many"),
        ([SCRATCH], True, "seeds must be how many"),
        (["from scratch"], 2, r"a Strategy is expected, .* not 'from scratch'; NAMED\['from scratch'\]"),
        ([SCRATCH, SCRATCH.but(move=0.5)], 2, "two strategies bear one name"),
    ):
        with pytest.raises(ValueError, match=message):
            compare(*setting, strategies, seeds=seeds, **BUDGET)


def test_equal_calls_are_one_call_however_they_are_spelt(setting):
    pair, source, target = setting
    short = compare(pair, source, target, [SCRATCH], seeds=1, steps=20, every=5)
    spelt = compare(pair, source, target, [SCRATCH], seeds=[0], steps=20, batch=32, rate=0.001, every=np.int64(5))
    assert short["from scratch"][0] is spelt["from scratch"][0]
    with pytest.raises(TypeError, match="step"):
        compare(pair, source, target, [SCRATCH], seeds=1, step=20)


def test_a_job_may_have_jobs_of_its_own():
    """Nested calls must not wait for places that their callers hold."""
    inner = lambda n: in_parallel(lambda m: 10 * n + m, [(m,) for m in range(3)])  # noqa: E731
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(in_parallel, inner, [(n,) for n in range(4 * parallel.cores())]).result(timeout=30)
    assert made == [[10 * n + m for m in range(3)] for n in range(4 * parallel.cores())]


def test_the_pool_has_a_thread_for_every_core_and_one_more(monkeypatch):
    assert parallel._pool()._max_workers == parallel.cores() + 1
    if hasattr(os, "sched_getaffinity"):
        assert parallel.cores() == len(os.sched_getaffinity(0))
    monkeypatch.setattr(parallel.os, "cpu_count", lambda: 7)
    monkeypatch.delattr(parallel.os, "sched_getaffinity", raising=False)
    assert parallel.cores() == 7


def test_what_stops_one_job_cancels_those_that_have_not_begun():
    begun = []

    def job(n):
        begun.append(n)
        time.sleep(0.02)
        if n == 1:
            raise ValueError("the second job fails")

    with pytest.raises(ValueError, match="the second job fails"):
        in_parallel(job, [(n,) for n in range(200)])
    in_parallel(time.sleep, [(0,)])  # comes after all that is still waiting
    assert len(begun) < 60, f"{len(begun)} of 200 jobs went on after the error"


def test_over_seeds_is_arms_times_seeds():
    seen = []
    made = over_seeds(lambda arm, seed: f"{arm}{seed}", "ab", (3, 5), lambda done, n: seen.append((done, n)))
    assert made == {"a": ["a3", "a5"], "b": ["b3", "b5"]} and seen == [(i, 4) for i in range(1, 5)]
    with pytest.raises(ValueError, match="an arm stands twice"):
        over_seeds(lambda arm, seed: 0, "aa", 2)
    with pytest.raises(ValueError, match="nothing to compare"):
        over_seeds(lambda arm, seed: 0, [], 2)


def blas_threads(number=1):
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"} if number else 1 / number


def test_in_a_study_linear_algebra_takes_one_thread_and_afterwards_what_it_had():
    before = blas_threads()
    assert in_parallel(blas_threads, [(1,), (2,)]) == [{1}, {1}] and blas_threads() == before
    with pytest.raises(ZeroDivisionError):
        in_parallel(blas_threads, [(1,), (0,)])
    assert blas_threads() == before


def test_of_two_studies_in_two_threads_the_last_ends_the_limit():
    before, first = blas_threads(), parallel.one_thread()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(first.__enter__).result()
        with parallel.one_thread():
            pool.submit(first.__exit__, None, None, None).result()
            assert blas_threads() == {1}
        assert blas_threads() == before
        with parallel.one_thread():
            assert blas_threads() == {1}
    assert blas_threads() == before


def test_a_long_session_does_not_grow():
    """Fifty new pairs of one build, compared in one kernel: less than 200 MB more at the end than after the fifth."""
    source, target, memory = mnist(), uci_digits(), psutil.Process().memory_info
    for number in range(50):
        compare(Pair(100, (64,), (64,)), source, target, NAMED.values(), per_class=5, seeds=[number], steps=20)
        if number == 4:
            gc.collect()
            fifth = memory().rss
    gc.collect()
    assert memory().rss - fifth < 200e6


def test_labels_of_a_budget_are_drawn_anew_for_each_seed(setting):
    """label_budget's runs learn from the rows that their seed draws."""
    pair, source, target = setting
    runs = label_budget(pair, source, target, [SCRATCH], [2], seeds=2, **BUDGET)[2]["from scratch"]
    for run in runs:
        alone = train(pair, target.few(2, run.seed), SCRATCH, source=source, seed=run.seed, **BUDGET)
        assert (alone.target_loss == run.target_loss).all()
    assert (target.few(2, 0).x_train != target.few(2, 1).x_train).any()


def test_untouched_is_the_sources_own_model(setting):
    pair, source, target = setting
    pair.load(experiments.source_weights(pair, source, 3))
    said = pair.model("source").predict(target.x_test, verbose=0).argmax(1)
    values = experiments.untouched(pair, source, target, seeds=[3])
    assert values[0] == pytest.approx((said == target.y_test).mean()) and values.seeds == (3,)


def test_accuracy_on_training_rows_is_of_the_rows_that_a_run_learned_from(setting):
    pair, source, target = setting
    for per_class in (2, None):
        runs = compare(pair, source, target, [SHARE_WEIGHTS], per_class=per_class, seeds=[5, 1], **BUDGET)["share weights"]
        values = experiments.on_training_rows(pair, target, iter(runs), per_class)
        for run, value in zip(runs, values):
            rows = target if per_class is None else target.few(per_class, run.seed)
            said = experiments.predict(pair, run.weights, rows.x_train).argmax(1)
            assert value == pytest.approx((said == rows.y_train).mean(), abs=1e-6)
        assert values.seeds == (5, 1)


def test_opinions_are_those_of_every_model(setting):
    pair, source, target = setting
    seen = []
    tell = lambda done, n: seen.append((done, n))  # noqa: E731
    said = experiments.opinions(pair, source, target, target.x_test[:1], per_class=2, seeds=2, progress=tell)
    assert list(said) == ["untouched source", *NAMED] and seen[-1] == (8, 8)
    before = experiments.predict(pair, experiments.source_weights(pair, source, 1), target.x_test[:1], "source")
    assert (said["untouched source"][1] == before[0]).all()
    run = compare(pair, source, target, [FIX_COMMON], per_class=2, seeds=2)["fix common"][1]
    assert (said["fix common"][1] == experiments.predict(pair, run.weights, target.x_test[:1])[0]).all()
    assert all(values.shape == (2, 3) for values in said.values())


def test_seeds_may_be_a_number_or_anything_that_yields_them(setting):
    assert experiments.which_seeds(n for n in (4, np.int64(7))) == (4, 7) == experiments.which_seeds([4, 7])
    assert experiments.which_seeds(np.int64(3)) == (0, 1, 2)
    assert experiments.untouched(*setting, seeds=2).seeds == (0, 1)
    assert len(experiments.untouched(*setting)) == len(over_seeds(lambda arm, seed: seed, "a")["a"]) == 10
    for study in (compare, label_budget, experiments.opinions):
        assert inspect.signature(study).parameters["seeds"].default == 10


def test_step_one_trains_all_unless_told(setting):
    pair, source, target = setting
    begun = pair.fresh(0)["shared"][0]
    assert (experiments.source_weights(pair, source)["shared"][0] != begun).any()
    assert (experiments.source_weights(pair, source, only_private=True)["shared"][0] == begun).all()
    for study, labels in ((compare, {}), (label_budget, {"per_class": [2]})):
        plain, told, literal = (
            study(pair, source, target, [FIX_COMMON], seeds=1, **labels, **how, **BUDGET)
            for how in ({}, {"only_private": False}, {"only_private": True})
        )
        loss = [curves((r if study is compare else r[2])["fix common"], "target_loss") for r in (plain, told, literal)]
        assert (loss[0] == loss[1]).all() and (loss[0] != loss[2]).any()


def test_jobs_run_side_by_side_and_jobs_of_jobs_do_not():
    here = lambda: threading.get_ident()  # noqa: E731
    assert threading.get_ident() not in in_parallel(here, [()] * 4)
    inner = in_parallel(lambda: {threading.get_ident(), *in_parallel(here, [()] * 3)}, [()] * 3)
    assert all(len(threads) == 1 for threads in inner)
    with pytest.raises(ValueError, match="stop"):
        in_parallel(lambda: in_parallel(lambda n: 1 / n if n else stop(), [(1,), (0,), (2,)]), [()])


def stop():
    raise ValueError("stop")


def test_an_executor_gets_what_is_not_kept_a_seed_at_a_time(setting):
    seen, given = [], dict(per_class=4, only_private=True, **BUDGET)
    tell = lambda done, n: seen.append((done, n))  # noqa: E731
    cache.forget()
    with ThreadPoolExecutor(2) as executor:
        away = compare(*setting, [SHARE_WEIGHTS, SCRATCH], seeds=[3, 1], progress=tell, executor=executor, **given)
        assert seen == [(2, 4), (4, 4)]
        more = compare(*setting, [FIX_COMMON, SCRATCH], seeds=[1, 3, 0], progress=tell, executor=executor, **given)
        assert seen[2:] == [(3, 6), (4, 6), (6, 6)], "two of the six were kept"
        assert (
            compare(*setting, [SCRATCH], seeds=[3], executor=executor, **given)["from scratch"][0] is more["from scratch"][1]
        )
        threads = over_seeds(lambda arm, seed: (arm, seed), "ab", (5, 2), executor=executor)
    assert more["from scratch"][:2] == away["from scratch"][::-1]
    assert threads == {"a": [("a", 5), ("a", 2)], "b": [("b", 5), ("b", 2)]}
    cache.forget()
    here = compare(*setting, [SHARE_WEIGHTS, SCRATCH], seeds=[3, 1], **given)
    for name, runs in here.items():
        assert [run.seed for run in away[name]] == [3, 1]
        assert all((a.target_loss == b.target_loss).all() and a is not b for a, b in zip(runs, away[name]))


def test_the_accuracy_on_the_rows_that_were_learned(setting):
    pair, source, target = setting
    for per_class in (2, None):
        runs = compare(pair, source, target, [SCRATCH], per_class=per_class, seeds=[3, 5], **BUDGET)[SCRATCH.name]
        found = experiments.on_training_rows(pair, target, runs, per_class)
        for value, run in zip(found, runs, strict=True):
            few = target if per_class is None else target.few(per_class, run.seed)
            assert value == pytest.approx(
                (experiments.predict(pair, run.weights, few.x_train).argmax(1) == few.y_train).mean()
            )


def test_one_run_of_each_program_is_begun_first():
    """So each core compiles another one; and no run is lost or made twice."""
    methods, pair = {"a": object(), "b": object()}, object()
    asked = {(arm, n): (dict(method=methods[arm[0]], parts=pair, rate=n), n) for arm in ("a1", "a2", "b1") for n in (0, 1)}
    sorted_ones = experiments._one_of_each_first(asked)
    assert list(sorted_ones)[:2] == [("a1", 0), ("b1", 0)] and sorted_ones == asked

"""The training function against plain Keras, a hand-written two-task tape, and its own promises."""

import inspect
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf

from transferlib import budget, loops, training
from transferlib.networks import PARTS, Pair
from transferlib.parts import spread
from transferlib.strategies import FIX_COMMON, NAMED, SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.tasks import Task, rng_for
from transferlib.training import train, train_source

STEPS, BATCH = 40, 16


def batches(task, seed, role, steps=STEPS):
    """The batches that `train` feeds, in its order: role 0 is the learner's, 1 the partner's."""
    order = training.batch_order(task, seed, role, training.Budget(steps, BATCH))
    return [(task.x_train[rows], task.y_train[rows]) for rows in order]


def largest_difference(weights, expected):
    return max(np.abs(a - b).max() for part in PARTS for a, b in zip(weights[part], expected[part]) if a.size)


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 12))

    def blobs(name, turn, n):
        y = rng.integers(0, 3, n)
        return Task.split(name, (centres @ turn)[y] + rng.normal(size=(n, 12)), y, "abc", test=50)

    return blobs("one", np.eye(12), 300), blobs("two", np.roll(np.eye(12), 1, 1), 200)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(8, 6), private=(5,), classes=(3, 3))


@pytest.fixture(scope="module")
def weights(pair, tasks):
    return train_source(pair, tasks[0], steps=100, seed=3).weights


PLAIN = OrderedDict()  # the programs that were made without XLA


def without_xla(monkeypatch):
    monkeypatch.setattr(loops, "pays_to_jit", lambda pair: False)
    monkeypatch.setattr(loops, "_programs", PLAIN)


@pytest.fixture(params=[True, False], ids=["xla", "plain"])
def compiled_or_not(request, pair, normalised, monkeypatch):
    if request.param:
        assert loops.pays_to_jit(spread(pair)) and loops.pays_to_jit(spread(normalised[0]))
    else:
        without_xla(monkeypatch)


@pytest.mark.usefixtures("compiled_or_not")
@pytest.mark.parametrize("strategy", [SCRATCH, FIX_COMMON, SHARE_WEIGHTS], ids=lambda s: s.name)
def test_same_numbers_as_train_on_batch(pair, tasks, weights, strategy):
    source, target = tasks
    run = train(pair, target, strategy, source=source, weights=weights, seed=5, steps=STEPS, batch=BATCH)

    fresh = pair.fresh(5)
    pair.load({**weights, "target": fresh["target"], **({"shared": fresh["shared"]} if strategy is SCRATCH else {})})
    model = pair.model("target")
    pair.shared.trainable = strategy is not FIX_COMMON
    try:
        adam = keras.optimizers.Adam(1e-3)
        model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
        for x, y in batches(target, 5, 0):
            model.train_on_batch(x, y)
        loss, accuracy = model.evaluate(target.x_test, target.y_test, verbose=0)
    finally:
        pair.shared.trainable = True
    assert largest_difference(run.weights, pair.weights()) < 1e-5
    assert run.target_loss[-1] == pytest.approx(loss, abs=1e-5)
    assert run.target_accuracy[-1] == pytest.approx(accuracy, abs=1e-6)


def test_same_numbers_as_fit(pair, tasks):
    """One epoch of `fit` in the order of the rows, which is what `train` sees when the order is the rows' own."""
    target = tasks[1]
    order = training.batch_order(target, 0, 0, training.Budget(9, BATCH)).ravel()
    pair.load(pair.fresh(0))
    model = pair.model("target")
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(target.x_train[order], target.y_train[order], batch_size=BATCH, shuffle=False, verbose=0)
    run = train(pair, target, SCRATCH, seed=0, steps=9, batch=BATCH)
    assert largest_difference(run.weights, pair.weights()) < 1e-5


@pytest.mark.parametrize("alpha", [1.0, 0.3])
def test_share_gradients_as_a_two_task_tape(pair, tasks, weights, alpha):
    source, target = tasks
    strategy = SHARE_GRADIENTS.but(alpha=alpha)
    run = train(pair, target, strategy, source=source, weights=weights, seed=5, steps=STEPS, batch=BATCH)

    pair.load({**weights, "target": pair.fresh(5)["target"]})
    models = pair.model("target"), pair.model("source")
    own = pair.target.trainable_variables, pair.source.trainable_variables
    shared = pair.shared.trainable_variables
    adam = keras.optimizers.Adam(1e-3)
    crossentropy = keras.losses.SparseCategoricalCrossentropy()
    for batch_t, batch_s in zip(batches(target, 5, 0), batches(source, 5, 1)):
        gradients = []
        for model, private, (x, y) in zip(models, own, (batch_t, batch_s)):
            with tf.GradientTape() as tape:
                loss = crossentropy(y, model(x, training=True))
            gradients.append(tape.gradient(loss, shared + private))
        n = len(shared)
        both = [t + alpha * s for t, s in zip(gradients[0][:n], gradients[1][:n])]
        adam.apply_gradients(zip(both + gradients[0][n:] + gradients[1][n:], shared + own[0] + own[1]))
    assert largest_difference(run.weights, pair.weights()) < 1e-5
    flat = [np.concatenate([np.ravel(g) for g in gs[:n]]) for gs in gradients]
    assert run.target_norm[-1] == pytest.approx(np.linalg.norm(flat[0]), rel=1e-4)
    assert run.source_norm[-1] == pytest.approx(np.linalg.norm(flat[1]), rel=1e-4)
    cosine = flat[0] @ flat[1] / np.linalg.norm(flat[0]) / np.linalg.norm(flat[1])
    assert run.cosine[-1] == pytest.approx(cosine, abs=1e-4)


def test_move_scales_the_update_of_the_shared_part_only(pair, tasks, weights):
    def step(move):
        run = train(pair, tasks[1], SHARE_WEIGHTS.but(move=move), weights=weights, steps=1)
        return [a - b for part in ("shared", "target") for a, b in zip(run.weights[part], weights[part])]

    whole, half = step(1.0), step(0.5)
    for number, (a, b) in enumerate(zip(whole, half)):
        np.testing.assert_allclose(b, a * (0.5 if number < 4 else 1.0), atol=1e-6)


def as_keras_does(pair, weights, task, phases, seed=5, batchnorm="live", moves=None):
    """The target trained by Keras: phases of (steps, whether the shared part trains), each compiled anew.

    With moves or frozen BatchNorm by a tape; else by train_on_batch.
    """
    pair.load(weights)
    model, feed = pair.model("target"), iter(batches(task, seed, 0))
    for steps, trains in phases:
        pair.shared.trainable = trains
        try:
            model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", jit_compile=False)
            for _ in range(steps):
                x, y = next(feed)
                if not moves and batchnorm == "live":
                    model.train_on_batch(x, y)
                    continue
                shared, private = pair.shared.trainable_variables, pair.target.trainable_variables
                with tf.GradientTape() as tape:
                    output = pair.target(pair.shared(x, training=batchnorm == "live"), training=True)
                    loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, output))
                before = [tf.identity(v) for v in shared]
                model.optimizer.apply(tape.gradient(loss, shared + private), shared + private)
                for variable, old, far in zip(shared, before, moves or [1] * len(shared)):
                    variable.assign(old + far * (variable - old))
        finally:
            pair.shared.trainable = True
    return pair.weights()


@pytest.mark.usefixtures("compiled_or_not")
@pytest.mark.parametrize(
    "setting, reference",
    [
        (dict(head_first=15), dict(phases=[(15, False), (STEPS - 15, True)])),
        (dict(head_first=STEPS + 1), dict(phases=[(STEPS, False)])),
        (dict(move=(0.0, 0.3)), dict(phases=[(STEPS, True)], moves=[0, 0, 0.3, 0.3])),
    ],
    ids=["head first", "head only", "a rate a layer"],
)
def test_each_setting_as_keras_does_it(pair, tasks, weights, setting, reference):
    run = train(pair, tasks[1], SHARE_WEIGHTS.but(**setting), weights=weights, seed=5, steps=STEPS, batch=BATCH, every=4)
    expected = as_keras_does(pair, {**weights, "target": pair.fresh(5)["target"]}, tasks[1], **reference)
    assert largest_difference(run.weights, expected) < 1e-5
    assert len(run.step) == 11 and np.isfinite(run.target_loss).all(), (
        "a phase's end between two evaluations is none of them"
    )
    assert np.abs(run.weights["shared"][2] - weights["shared"][2]).max() > 1e-3 or setting["head_first"] > STEPS


@pytest.mark.usefixtures("compiled_or_not")
@pytest.mark.parametrize(
    "setting, reference",
    [
        (dict(batchnorm="frozen"), dict(phases=[(STEPS, True)], batchnorm="frozen")),
        (dict(head_first=15), dict(phases=[(15, False), (STEPS - 15, True)])),
        (dict(move=(0.0, 0.0)), dict(phases=[(STEPS, False)])),
    ],
    ids=["frozen", "head first", "no layer moves"],
)
def test_batchnorm_in_each_setting_as_keras_does_it(normalised, tasks, setting, reference):
    pair, weights = normalised
    run = train(pair, tasks[1], SHARE_WEIGHTS.but(**setting), weights=weights, seed=5, steps=STEPS, batch=BATCH)
    expected = as_keras_does(pair, {**weights, "target": pair.fresh(5)["target"]}, tasks[1], **reference)
    assert largest_difference(run.weights, expected) < 1e-5
    moved = [(a != b).any() for a, b in zip(weights["shared"], run.weights["shared"])]
    both = [True] * 4 if "move" not in setting else [False] * 4
    assert moved == both + ["head_first" in setting] * 2, "kernel, bias, scale, shift; mean, variance"


def test_the_curves_are_the_same_wherever_the_first_phase_ends(pair, tasks, weights):
    """The end of the head's phase on an evaluation, between two, in the last step: each curve point is its own step's."""
    for end in (1, 10, 13, 20):
        fine, coarse = (
            train(pair, tasks[1], SHARE_WEIGHTS.but(head_first=end), weights=weights, steps=20, every=every)
            for every in (1, 10)
        )
        for curve in ("target_loss", "target_accuracy", "target_norm"):
            np.testing.assert_array_equal(getattr(fine, curve)[::10], getattr(coarse, curve), err_msg=f"{curve} {end}")
        assert largest_difference(fine.weights, coarse.weights) == 0


def test_while_the_head_goes_first_the_sources_gradient_does_not_move_the_shared_part(pair, tasks, weights):
    first = SHARE_GRADIENTS.but(head_first=20)
    run = train(pair, tasks[1], first, source=tasks[0], weights=weights, steps=20)
    assert all((a == b).all() for a, b in zip(run.weights["shared"], weights["shared"]))
    assert any((a != b).any() for a, b in zip(run.weights["source"], weights["source"])), "the source's private part trains"
    later = train(pair, tasks[1], first, source=tasks[0], weights=weights, steps=21)
    assert any((a != b).any() for a, b in zip(later.weights["shared"], weights["shared"]))


def test_layers_within_a_model_within_the_shared_part_count_one_by_one(tasks):
    base = keras.Sequential([keras.Input((12,)), keras.layers.Dense(7), keras.layers.Dropout(0.1), keras.layers.Dense(6)])
    pair = Pair(12, shared=(base, keras.layers.ReLU(), 5), private=(), classes=(3, 3))
    assert [layer.units for layer in pair.shared_layers] == [7, 6, 5]
    begin = pair.fresh(0)
    run = train(pair, tasks[1], SHARE_WEIGHTS.but(move=(0.0, 1.0, 0.0)), weights=begin, steps=3)
    moved = [(a != b).any() for a, b in zip(run.weights["shared"], begin["shared"]) if a.dtype == np.float32]
    assert moved == [False, False, True, True, False, False]


def test_a_setting_that_does_not_fit_the_network_says_how_many_layers_it_has(pair, tasks, weights):
    with pytest.raises(ValueError, match="move has 1 numbers; the shared part has 2 layers with weights: dense"):
        train(pair, tasks[1], SHARE_WEIGHTS.but(move=(1.0,)), weights=weights)


def test_a_batchnorm_that_would_go_on_learning_statistics_is_not_called_frozen(normalised, tasks):
    pair, weights = normalised
    for move in ((1.0, 0.0), (0.5, 0)):
        with pytest.raises(ValueError, match="move 0 does not freeze .*: where another layer moves, a BatchNormalization"):
            train(pair, tasks[1], SHARE_WEIGHTS.but(move=move), weights=weights)
    frozen = SHARE_WEIGHTS.but(move=(1.0, 0.0), batchnorm="frozen")
    run = train(pair, tasks[1], frozen, weights=weights, steps=5)
    moved = [(a != b).any() for a, b in zip(run.weights["shared"], weights["shared"])]
    assert moved == [True, True, False, False, False, False]


@pytest.fixture(scope="module")
def dropping():
    return Pair(12, shared=(8, keras.layers.Dropout(0.5)), private=(6, keras.layers.Dropout(0.3)), classes=(3, 3))


def test_dropout_draws_the_same_for_a_seed_and_otherwise_for_another(dropping, tasks):
    def weights(pair, seed):
        source = train_source(pair, tasks[0], steps=10, seed=1).weights
        return train(pair, tasks[1], SHARE_GRADIENTS, source=tasks[0], weights=source, seed=seed, steps=15).weights

    again = Pair(12, shared=(8, keras.layers.Dropout(0.5)), private=(6, keras.layers.Dropout(0.3)), classes=(3, 3))
    one, same, other = weights(dropping, 3), weights(again, 3), weights(dropping, 4)
    assert largest_difference(one, same) == 0, "whatever seed Keras gave the layer"
    assert largest_difference(one, other) > 0
    seeds = [[a.tolist() for a in w["shared"] if a.dtype == "int64"] for w in (one, other)]
    assert seeds[0][0][0] != seeds[1][0][0] and seeds[0][0][1] == 30, "30 draws: the target's and the source's 15 batches"


def test_dropout_as_keras_does_it(dropping, tasks, monkeypatch):
    """Without XLA, whose random numbers are others."""
    without_xla(monkeypatch)
    run = train(dropping, tasks[1], seed=5, steps=STEPS, batch=BATCH)
    begin = training.starting_weights(dropping, seed=5)
    assert largest_difference(run.weights, as_keras_does(dropping, begin, tasks[1], [(STEPS, True)])) < 1e-5


@pytest.mark.parametrize("strategy", NAMED.values(), ids=lambda s: s.name)
def test_nothing_changes_behind_the_callers_back(pair, tasks, weights, strategy):
    before, given = pair.weights(), {part: [a.copy() for a in weights[part]] for part in PARTS}
    state = np.random.get_state()[1].copy()
    train(pair, tasks[1], strategy, source=tasks[0], weights=weights, steps=5)
    assert largest_difference(pair.weights(), before) == 0
    assert largest_difference(weights, given) == 0
    assert (np.random.get_state()[1] == state).all()


def test_same_call_same_numbers_and_another_seed_others(pair, tasks, weights):
    a, b, c = (train(pair, tasks[1], SHARE_WEIGHTS, weights=weights, steps=20, seed=s) for s in (1, 1, 2))
    assert largest_difference(a.weights, b.weights) == 0 and (a.target_loss == b.target_loss).all()
    assert largest_difference(a.weights, c.weights) > 0


def test_a_second_strategy_seed_or_number_of_labels_compiles_nothing(pair, tasks, weights):
    source, target = tasks
    train(pair, target, SCRATCH, source=source, weights=weights, steps=10)
    loop = loops.program(pair, training.sharing, training.both_tasks, ("target", "source"))[1]
    traced = len(loop.made)
    every = dict(move=(0.5, 1.0), head_first=7, batchnorm="frozen")
    more = SHARE_GRADIENTS.but(combine="pcgrad"), SHARE_WEIGHTS.but(move=0.5), SHARE_WEIGHTS.but(**every)
    for strategy in (*NAMED.values(), *more):
        for labels, steps in ((1, 30), (5, 200)):
            train(pair, target.few(labels), strategy, source=source, weights=weights, seed=labels, steps=steps, rate=1e-2)
    assert len(loop.made) == traced


def test_a_program_that_was_given_up_is_made_again_though_it_is_traced_or_kept_otherwise(monkeypatch, pair, tasks, tmp_path):
    """As after PROGRAMS others, where nothing is kept, or where another kernel has kept its own trace meanwhile."""
    monkeypatch.setattr(loops.programs, "_folder", tmp_path)
    made, there = [], []
    for _ in range(2):
        monkeypatch.setattr(loops, "_programs", OrderedDict())
        made.append(train(pair, tasks[1], SCRATCH, steps=7))
        there.append(loops._programs)  # its functions live on, as in a kernel where somebody holds them
        next(tmp_path.glob("*.graph")).unlink()
    np.testing.assert_array_equal(*(run.target_loss for run in made))


def test_the_last_interval_may_be_shorter(pair, tasks):
    run = train(pair, tasks[1], steps=25, every=10)
    assert run.step.tolist() == [0, 10, 20, 25]
    long = train(pair, tasks[1], steps=25, every=25)
    assert largest_difference(run.weights, long.weights) == 0
    assert np.isnan(run.source_accuracy).all() and np.isnan(run.cosine).all()
    assert np.isfinite(run.target_norm[1:]).all()


@pytest.fixture(scope="module")
def normalised():
    keras.utils.set_random_seed(0)
    pair = Pair(12, shared=(8, keras.layers.BatchNormalization()), private=(), classes=(3, 3))
    weights = pair.weights()
    rng = np.random.default_rng(1)
    weights["shared"] = [np.abs(a + rng.normal(size=a.shape) * 0.1).astype(np.float32) for a in weights["shared"]]
    return pair, weights


def test_frozen_means_that_no_weight_and_no_batchnorm_statistic_moved(normalised, tasks):
    pair, weights = normalised
    run = train(pair, tasks[1], FIX_COMMON, source=tasks[0], weights=weights, steps=20)
    for variable, before, after in zip(pair.shared.variables, weights["shared"], run.weights["shared"]):
        assert (before == after).all(), f"{variable.path} is frozen and moved by {np.abs(after - before).max()}"
    assert largest_difference(run.weights, weights) > 0, "the private part did not train"


@pytest.mark.parametrize("strategy", [FIX_COMMON, SHARE_WEIGHTS], ids=lambda s: s.name)
def test_batchnorm_as_keras_does_it(normalised, tasks, strategy):
    pair, weights = normalised
    run = train(pair, tasks[1], strategy, weights=weights, seed=5, steps=STEPS, batch=BATCH)
    pair.load({**weights, "target": pair.fresh(5)["target"]})
    pair.shared.trainable = strategy is SHARE_WEIGHTS
    try:
        model = pair.model("target")
        model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", jit_compile=False)
        for x, y in batches(tasks[1], 5, 0):
            model.train_on_batch(x, y)
    finally:
        pair.shared.trainable = True
    assert largest_difference(run.weights, pair.weights()) < 1e-5


def test_convolutions_run_as_a_plain_function():
    rng = np.random.default_rng(0)
    task = Task.split("pictures", rng.normal(size=(80, 36)), rng.integers(0, 2, 80), "ab", test=20, picture=(6, 6))
    layers = keras.layers.Reshape((6, 6, 1)), keras.layers.Conv2D(3, 3, activation="relu"), keras.layers.Flatten()
    pair = Pair(36, shared=layers, private=(), classes=(2, 2))
    assert not loops.pays_to_jit(spread(pair)) and loops.pays_to_jit(spread(Pair(36, (64,), (64,))))
    run = train(
        pair, task, SHARE_GRADIENTS, source=task, weights=train_source(pair, task, steps=5).weights, steps=5, batch=8
    )
    assert run.target_loss[-1] != run.target_loss[0]
    assert largest_difference(run.weights, pair.weights()) > 0


@pytest.mark.parametrize("strategy", NAMED.values(), ids=lambda s: s.name)
def test_with_nothing_shared_every_strategy_is_the_same(tasks, strategy):
    pair = Pair(12, shared=(), private=(5,), classes=(3, 3))
    runs = [train(pair, tasks[1], s, source=tasks[0], weights=pair.fresh(0), steps=10) for s in (strategy, SCRATCH)]
    assert (runs[0].target_loss == runs[1].target_loss).all()


def test_without_xla_the_same_function_runs_plainly(monkeypatch, pair, tasks):
    with_xla = train(pair, tasks[1], steps=20)

    def missing(*args, **kwargs):
        raise tf.errors.UnimplementedError(None, None, "XLA is not linked in")

    monkeypatch.setattr(loops, "_programs", OrderedDict())
    loops.xla_works.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(tf, "constant", missing)
        assert not loops.xla_works()
    plain = train(pair, tasks[1], steps=20)
    loops.xla_works.cache_clear()
    np.testing.assert_allclose(plain.target_loss, with_xla.target_loss, atol=1e-5)


def test_only_private_is_the_articles_first_step_read_literally(pair, tasks):
    fresh, run = pair.fresh(4), train_source(pair, tasks[0], seed=4, steps=20, every=10, only_private=True)
    for part, moved in (("shared", False), ("source", True), ("target", False)):
        assert any((a != b).any() for a, b in zip(fresh[part], run.weights[part])) is moved, part
    assert run.step.tolist() == [0, 10, 20] and run.source_loss[-1] < run.source_loss[0] and np.isnan(run.target_loss).all()


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(strategy="share weights"), r"a Strategy is expected.*not 'share weights'; NAMED\['share weights'\]"),
        (dict(strategy=None), "a Strategy is expected, such as SHARE_WEIGHTS, not None"),
        (dict(seed=-1), "seed must be a whole number, 0 or more, not -1"),
        (dict(seed=0.5), "seed must be a whole number"),
        (dict(steps=300.0), "steps must be a whole number, 1 or more, not 300.0"),
        (dict(steps=True), "steps must be a whole number"),
        (dict(steps="300"), "steps must be a whole number, 1 or more, not '300'"),
        (dict(source="MNIST"), "the source must be a Task, not str"),
        (dict(weights="source"), "weights must be a dict of shared, source, target, .* not a str"),
        (dict(strategy=SHARE_GRADIENTS, source=None), "give train the source task"),
        (dict(weights=None), "train_source"),
        (dict(steps=0), "steps must be a whole number, 1 or more, not 0"),
        (dict(steps=2.5), "steps must be a whole number"),
        (dict(batch=-1), "batch must be"),
        (dict(every=0), "every must be"),
        (dict(rate=0), "rate must be a positive number"),
        (dict(rate=float("nan")), "rate must be a positive number"),
    ],
)
def test_bad_input_says_what_was_wrong(pair, tasks, weights, change, message):
    call = dict(strategy=SHARE_WEIGHTS, source=tasks[0], weights=weights) | change
    with pytest.raises(ValueError, match=message):
        train(pair, tasks[1], call.pop("strategy"), **call)


def test_weights_of_another_pair_or_a_whole_run_are_named(pair, tasks, weights):
    other = Pair(12, shared=(8, 7), private=(5,), classes=(3, 3)).fresh(0)
    with pytest.raises(ValueError, match=r"weights of the shared part have the shapes .*7.*this network needs"):
        train(pair, tasks[1], SHARE_WEIGHTS, weights=other)
    with pytest.raises(ValueError, match="as pair.weights.. or run.weights is, not a Run"):
        train(pair, tasks[1], SHARE_WEIGHTS, weights=train(pair, tasks[1], steps=1))


def test_numpys_whole_numbers_are_whole_numbers(pair, tasks):
    assert train(pair, tasks[1], steps=np.int32(3), batch=np.int64(4)).step.tolist() == [0, 3]


def test_each_epoch_comes_in_a_new_order_and_holds_every_row_once(tasks):
    n = len(tasks[1].y_train)
    order = training.batch_order(tasks[1], 3, 0, training.Budget(3 * n, 1)).reshape(3, n)
    assert (np.sort(order) == np.arange(n)).all()
    assert (order[0] != order[1]).any() and (order[1] != order[2]).any()
    partner = training.batch_order(tasks[1], 3, 1, training.Budget(n, 1)).ravel()
    assert (partner != order[0]).any(), "the partner's batches are drawn on their own"
    rng = rng_for(3, "batches", 0)
    assert (order == [rng.permutation(n) for _ in range(3)]).all(), "what a seed meant, it means"


def test_a_task_is_made_ready_once_and_let_go_with_it(tasks):
    few = tasks[1].few(2)
    first, again = (training.task_arrays(few, seed, 0, training.Budget(3, 2)) for seed in (0, 1))
    assert first["x"] is again["x"] and (first["x"].numpy()[: len(few.x_train)] == few.x_train).all()
    assert (first["order"] != again["order"]).any()
    kept = len(budget._ready)
    del few
    assert len(budget._ready) == kept - 1


def test_no_two_random_streams_meet(pair, tasks):
    """A seed's streams differ: as lists, [s, 2] and [s, 2, 0] were one."""
    first = [rng_for(3, "weights", n).random() for n in range(3)]
    first += [rng_for(3, "batches", n).random() for n in range(2)] + [
        rng_for(3, p).random() for p in ("labels", "rows", "sums")
    ]
    first += [np.random.default_rng(3).random()]
    assert len(set(first)) == len(first)


def test_the_partners_norm_is_told_where_it_does_not_join_in(pair, tasks, weights):
    """At α = 0 the source only watches: its norm and the cosine are measured, and nothing of it moves."""
    run = train(pair, tasks[1], SHARE_WEIGHTS, source=tasks[0], weights=weights, steps=20)
    assert np.isnan(run.source_norm[0]) and (run.source_norm[1:] > 0).all() and (np.abs(run.cosine[1:]) <= 1).all()
    assert all((a == b).all() for a, b in zip(run.weights["source"], weights["source"]))
    alone = train(pair, tasks[1], SHARE_WEIGHTS, weights=weights, steps=20)
    assert largest_difference(run.weights, alone.weights) == 0 and (run.target_norm[1:] == alone.target_norm[1:]).all()


def test_the_other_task_is_evaluated_at_the_ends_or_where_both_curves_are_asked_for(pair, tasks, weights):
    """25 steps by 10: the last evaluation comes sooner than the others."""
    given = dict(source=tasks[0], weights=weights, steps=25, every=10, batch=BATCH)
    ends, both = (train(pair, tasks[1], SHARE_WEIGHTS, both_curves=both, **given) for both in (False, True))
    for curve in ("source_loss", "source_accuracy"):
        whole, few = getattr(both, curve), getattr(ends, curve)
        assert len(whole) == 4 and np.isfinite(whole).all() and np.isnan(few[1:-1]).all()
        assert (few[[0, -1]] == whole[[0, -1]]).all() and whole[1] != whole[0]
    assert (ends.target_loss == both.target_loss).all() and largest_difference(ends.weights, both.weights) == 0
    with pytest.raises(ValueError, match="both_curves must be True or False, not 5"):
        train(pair, tasks[1], SHARE_WEIGHTS, both_curves=5, **given)


def test_the_sources_own_run_bears_its_own_columns(pair, tasks):
    """The learner's curves are under its name, whichever task learns."""
    run = train_source(pair, tasks[0], steps=30, every=10)
    pair.load(run.weights)
    model = pair.model("source")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    loss, accuracy = model.evaluate(tasks[0].x_test, tasks[0].y_test, verbose=0)
    assert run.source_loss[-1] == pytest.approx(loss, abs=1e-5) and run.source_accuracy[-1] == pytest.approx(
        accuracy, abs=1e-6
    )
    assert np.isfinite(run.source_norm[1:]).all() and np.isnan(run.target_norm).all() and np.isnan(run.target_loss).all()
    assert (run.source, run.target) == ("one", None)


def test_the_partners_private_part_moves_at_full_speed(pair, tasks, weights):
    """`move` slows the shared part alone: the source's private part goes its first step of Adam whole."""
    strategy = SHARE_GRADIENTS.but(move=0.1)
    run = train(pair, tasks[1], strategy, source=tasks[0], weights=weights, steps=1, rate=1e-3)
    for part, far in (("shared", 1e-4), ("source", 1e-3)):
        step = max(np.abs(a - b).max() for a, b in zip(run.weights[part], weights[part]))
        assert step == pytest.approx(far, rel=0.02), part


def test_two_threads_compile_one_program(tasks):
    pair = Pair(12, shared=(9,), private=(), classes=(3, 3))
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda _: loops.program(pair, training.sharing, training.both_tasks, ("target", "source")), range(8))
        )
    assert all(each[1] is made[0][1] for each in made)


def test_pairs_of_one_build_share_a_program_and_others_do_not(tasks):
    def loop(*arguments, **settings):
        return loops.program(
            Pair(12, *arguments, classes=(3, 3), **settings), training.sharing, training.both_tasks, ("target", "source")
        )[1]

    assert loop((8,), (5,)) is loop((8,), (5,))
    others = [
        loop((9,), (5,)),
        loop((8,), (6,)),
        loop((8, 8), (5,)),
        loop((keras.layers.Dense(8, activation="tanh"),), (5,)),
    ]
    assert len({id(each) for each in [*others, loop((8,), (5,))]}) == 5


def test_a_pair_of_the_same_build_trains_as_the_first_did(tasks):
    a, b = (train(Pair(12, (8,), (5,), (3, 3)), tasks[1], seed=2, steps=15) for _ in range(2))
    assert largest_difference(a.weights, b.weights) == 0


def test_a_task_that_does_not_fit_the_network_is_named(tasks):
    with pytest.raises(ValueError, match=r"target model takes \(7,\) and knows 3 classes; two has rows of \(12,\)"):
        train(Pair(7, (4,), (), classes=(3, 3)), tasks[1])


def test_a_part_frozen_by_hand_is_an_error_and_not_a_silent_surprise(tasks):
    pair = Pair(12, (4,), (), classes=(3, 3))
    pair.shared.trainable = False
    with pytest.raises(ValueError, match="pair.shared.trainable, or .* was changed after"):
        train(pair, tasks[1])


def test_head_from_the_source(pair, tasks, weights):
    run = train(pair, tasks[1], SHARE_WEIGHTS.but(head="source"), source=tasks[0], weights=weights, steps=1)
    pair.load({**weights, "target": weights["source"]})
    model = pair.model("target")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    assert run.target_accuracy[0] == pytest.approx(model.evaluate(tasks[1].x_test, tasks[1].y_test, verbose=0)[1], abs=1e-6)
    odd = Pair(12, (4,), (), classes=(2, 3))
    with pytest.raises(ValueError, match="same number of classes"):
        train(odd, tasks[1], SHARE_WEIGHTS.but(head="source"), weights=odd.fresh(0))


def test_few_rows_and_many_compile_to_one_program(tasks):
    few, many = (training.task_arrays(t, 0, 0, training.Budget(30, 8)) for t in (tasks[0].few(1, 0), tasks[0]))
    assert {k: v.shape for k, v in few.items()} == {k: v.shape for k, v in many.items()}
    assert few["order"].max() < 3, "no batch holds a row that was only added"


def test_unless_asked_all_parts_of_the_source_train_and_the_batches_are_the_learners(pair, tasks):
    fresh, run = pair.fresh(0), train_source(pair, tasks[0], steps=3)
    assert all((a != b).any() for a, b in zip(fresh["shared"][::2], run.weights["shared"][::2]))
    for partner in (False, True):
        x, y = training.batches(tasks[0], seed=2, steps=4, batch=8, **(dict(partner=True) if partner else {}))
        order = training.batch_order(tasks[0], 2, int(partner), training.Budget(4, 8)).ravel()
        assert (x == tasks[0].x_train[order]).all() and (y == tasks[0].y_train[order]).all() and len(y) == 32


def test_the_smallest_budget_is_one_of_everything():
    assert training.Budget(1, 1, 1e-3, 1).evaluations.tolist() == [0, 1]


def test_as_many_evaluations_as_there_is_room_for(pair, tasks, monkeypatch):
    """64 of them fill the room that was rounded up; the loop still looks one ahead."""
    without_xla(monkeypatch)
    run, longer = (train(pair, tasks[1], steps=steps, every=1, batch=4) for steps in (63, 64))
    assert len(run.step) == 64 and (run.target_loss == longer.target_loss[:64]).all()


def test_room_is_rounded_up_to_a_power_of_two():
    assert [loops.rounded_up(n, 4) for n in (1, 4, 5, 8, 9)] == [4, 4, 8, 8, 16]


@pytest.mark.parametrize(
    "inputs, shared, pays",
    [
        (12, (), True),
        (512, (128,), True),
        (513, (128,), False),
        (1, (keras.layers.Embedding(10_000, 50), keras.layers.Flatten()), True),
        ((6, 4), (keras.layers.Conv1D(3, 2), keras.layers.GlobalMaxPooling1D()), False),
        ((6, 4), (keras.layers.LSTM(3),), False),
        ((6, 4), (keras.layers.Bidirectional(keras.layers.LSTM(3)),), False),
    ],
    ids=["dense", "2^16 weights", "more", "a table", "rank 3", "recurrent", "both ways"],
)
def test_xla_is_for_dense_layers_and_tables(inputs, shared, pays):
    assert loops.pays_to_jit(spread(Pair(inputs, shared, ()))) is pays


def test_a_budget_left_open_is_that_of_train():
    usual = inspect.signature(train).parameters
    for name, value in vars(training.Budget()).items():
        assert value == usual[name].default, name


def test_a_run_is_itself_and_no_other(tasks):
    """Its arrays have no one truth: two runs are told apart as objects, in sets too."""
    pair, (source, _) = Pair(12, (6,), (4,), classes=(3, 3)), tasks
    one, again = (train_source(pair, source, steps=5) for _ in range(2))
    assert one == one and one != again and len({one, again, one}) == 2


def test_source_training_begins_with_what_was_handed_in(tasks):
    body = keras.Sequential([keras.Input((12,)), keras.layers.Dense(5, name="body")])
    body.layers[0].set_weights([np.full((12, 5), 0.25), np.zeros(5)])
    pair = Pair(12, (body,), (4,), classes=(3, 3))
    np.testing.assert_allclose(train_source(pair, tasks[0], steps=1, rate=1e-9).weights["shared"][0], 0.25, atol=1e-6)

"""The exercises of lesson 03."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.exercises import Tried, every, holds
from transferlib.lessons.three_training_steps import exercises as three_training_steps
from transferlib.networks import PARTS, Pair

PAIR = Pair()
crossentropy = keras.losses.SparseCategoricalCrossentropy()


def variables(pair, *parts):
    return [v for part in parts for v in getattr(pair, part).trainable_variables]


def tape(pair, losses, wanted):
    """The gradient of the sum of losses {task: (x, y)} for the variables `wanted`."""
    with tf.GradientTape() as tape:
        loss = sum(crossentropy(y, pair.model(task)(x)) for task, (x, y) in losses.items())
    return tape.gradient(loss, wanted)


def compiled(model, loss="sparse_categorical_crossentropy", rate=1e-3):
    model.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)


def freezes(then=compiled, **trainable):
    def answer(pair, model):
        for part, value in trainable.items():
            (model if part == "model" else getattr(pair, part)).trainable = value
        then(model)

    return answer


def frozen_by_layer(pair, model):
    for layer in pair.shared.layers:
        layer.trainable = False
    compiled(model)


def frozen_through_the_model(pair, model):
    model.get_layer("shared").trainable = False
    compiled(model)


def shakes(pair, model):
    pair.shared.set_weights([0 * w for w in pair.shared.get_weights()])


def half_frozen(pair, model):
    pair.shared.trainable = pair.target.layers[0].trainable = False
    compiled(model)


def evaluated(model, x, y):
    return model.evaluate(x, y, verbose=0)


def on_tests(model, task):
    return evaluated(model, task.x_test, task.y_test)


def by_metric(model, task):
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(task.y_test, model(task.x_test))
    return metric.result()


def by_loop(model, task):
    return sum(int(p.argmax()) == y for p, y in zip(model.predict(task.x_test, verbose=0), task.y_test)) / len(task.y_test)


def looping(parts=("target",), test=False, size=8, passes=1, sign=1, most=99, apply=True, take=slice(None), to=None, step=1):
    """The training loop of exercise 4, with one thing wrong in it."""

    def answer(pair, task, optimizer):
        x, y = (task.x_test, task.y_test) if test else (task.x_train, task.y_train)
        wanted = variables(pair, *parts)[take]
        for i in [*range(0, len(y), size)][:most:step] * passes:
            rows = slice(i, i + size) if to is None else slice(0, to)
            gradients = tape(pair, {"target": (x[rows], y[rows])}, wanted)
            if apply:
                optimizer.apply([(len(y[rows]) if sign == "sum" else sign) * g for g in gradients], wanted)

    return answer


def full_batches(pair, task, optimizer):
    looping(most=len(task.y_train) // 8)(pair, task, optimizer)


def by_flag(pair, task, optimizer):
    pair.shared.trainable = False
    model = pair.model("target")
    for i in range(0, 37, 8):
        rows = {"target": (task.x_train[i : i + 8], task.y_train[i : i + 8])}
        optimizer.apply(tape(pair, rows, model.trainable_variables), model.trainable_variables)


def by_split(pair, task, optimizer):
    places = np.arange(8, len(task.y_train), 8)
    for x, y in zip(np.split(task.x_train, places), np.split(task.y_train, places)):
        wanted = pair.target.trainable_variables
        optimizer.apply_gradients(zip(tape(pair, {"target": (x, y)}, wanted), wanted))


def by_dataset(pair, task, optimizer):
    for x, y in tf.data.Dataset.from_tensor_slices((task.x_train, task.y_train)).batch(8):
        wanted = pair.target.trainable_variables
        optimizer.apply(tape(pair, {"target": (x, y)}, wanted), wanted)


def in_two_parts(pair, task, optimizer):
    for i in range(0, len(task.y_train), 8):
        hidden = pair.shared(task.x_train[i : i + 8])
        with tf.GradientTape() as tape:
            p = pair.target(hidden)
            loss = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(task.y_train[i : i + 8], p))
        optimizer.apply(tape.gradient(loss, pair.target.trainable_variables), pair.target.trainable_variables)


def by_traced_step(pair, task, optimizer):
    model, wanted = pair.model("target"), pair.target.trainable_variables
    optimizer.build(wanted)

    @tf.function
    def step(x, y):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([v.value for v in wanted])
            loss = crossentropy(y, model(x))
        optimizer.apply(tape.gradient(loss, [v.value for v in wanted]), wanted)

    left = len(task.y_train)
    while left > 0:
        step(task.x_train[-left:][:8], task.y_train[-left:][:8])
        left -= 8


def by_hand(pair, task, optimizer):
    wanted = pair.target.trainable_variables
    for i in range(0, len(task.y_train), 8):
        rows = {"target": (task.x_train[i : i + 8], task.y_train[i : i + 8])}
        for variable, gradient in zip(wanted, tape(pair, rows, wanted)):
            variable.assign_sub(optimizer.learning_rate * gradient)


def fits(pair, task, optimizer):
    pair.shared.trainable = False
    model = pair.model("target")
    model.compile(optimizer, "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(task.x_train, task.y_train, batch_size=8, shuffle=False, verbose=0)


def other_head(pair, task, optimizer):
    pair.source.set_weights([w + 1 for w in pair.source.get_weights()])


def sharing(shared="st", source=1.0, target=1.0, scale=1.0, every=1.0):
    """One update with both losses: which the shared part follows, how far each private part goes."""

    def answer(pair, optimizer, source_batch, target_batch):
        losses = {"source": source_batch, "target": target_batch}
        followed = {task: batch for task, batch in losses.items() if task[0] in shared}
        zero = [tf.zeros_like(v) for v in variables(pair, "shared")]
        g_c = tape(pair, followed, variables(pair, "shared")) if followed else zero
        g_s, g_t = (tape(pair, {task: losses[task]}, variables(pair, task)) for task in ("source", "target"))
        moved = [scale * g for g in g_c] + [source * g for g in g_s] + [target * g for g in g_t]
        optimizer.apply([every * g for g in moved], variables(pair, *PARTS))

    return answer


def one_loss(*order):
    """An update for each loss in turn, on what that loss reaches."""

    def answer(pair, optimizer, source_batch, target_batch):
        optimizer.build(variables(pair, *PARTS))
        for task in order:
            wanted = variables(pair, "shared", task)
            batch = source_batch if task == "source" else target_batch
            optimizer.apply(tape(pair, {task: batch}, wanted), wanted)

    return answer


def listed_twice(pair, optimizer, source_batch, target_batch):
    wanted = pair.model("source").trainable_variables + pair.model("target").trainable_variables
    optimizer.apply(tape(pair, {"source": source_batch, "target": target_batch}, wanted), wanted)


def exchanged(pair, optimizer, source_batch, target_batch):
    sharing()(pair, optimizer, target_batch, source_batch)


def in_two_steps(*order):
    """Both gradients first, and then a step by each: the sum for plain gradient descent only."""

    def answer(pair, optimizer, source_batch, target_batch):
        optimizer.build(variables(pair, *PARTS))
        batch, found = {"source": source_batch, "target": target_batch}, []
        for task in order:
            wanted = variables(pair, "shared", task)
            found.append((tape(pair, {task: batch[task]}, wanted), wanted))
        for gradients, wanted in found:
            optimizer.apply(gradients, wanted)

    return answer


def two_tapes(pair, optimizer, source_batch, target_batch):
    g_s = tape(pair, {"source": source_batch}, variables(pair, "shared", "source"))
    g_t = tape(pair, {"target": target_batch}, variables(pair, "shared", "target"))
    n = len(pair.shared.trainable_variables)
    shared = [a + b for a, b in zip(g_s[:n], g_t[:n])]
    optimizer.apply(shared + g_s[n:] + g_t[n:], variables(pair, *PARTS))


def with_zeros(pair, optimizer, source_batch, target_batch):
    wanted, zero = variables(pair, *PARTS), tf.UnconnectedGradients.ZERO
    total = [0] * len(wanted)
    for task, (x, y) in {"source": source_batch, "target": target_batch}.items():
        with tf.GradientTape() as tape:
            loss = crossentropy(y, pair.model(task)(x))
        found = tape.gradient(loss, [v.value for v in wanted], unconnected_gradients=zero)
        total = [a + b for a, b in zip(total, found)]
    optimizer.apply(total, wanted)


def with_none(pair, optimizer, source_batch, target_batch):
    wanted = variables(pair, *PARTS)
    both = (tape(pair, {task: batch}, wanted) for task, batch in (("source", source_batch), ("target", target_batch)))
    optimizer.apply([a + b for a, b in zip(*both)], wanted)


def each_model_by_itself(pair, optimizer, source_batch, target_batch):
    for task, batch in (("source", source_batch), ("target", target_batch)):
        wanted = pair.model(task).trainable_variables
        optimizer.apply(tape(pair, {task: batch}, wanted), wanted)


def without_none(pair, optimizer, source_batch, target_batch):
    wanted = variables(pair, *PARTS)
    both = zip(*(tape(pair, {task: b}, wanted) for task, b in (("source", source_batch), ("target", target_batch))))
    optimizer.apply_gradients((sum(g for g in two if g is not None), v) for two, v in zip(both, wanted))


def through_the_parts(pair, optimizer, source_batch, target_batch):
    wanted = {id(v): v for task in ("source", "target") for v in pair.model(task).trainable_variables}.values()
    with tf.GradientTape() as tape:
        hidden = pair.shared(np.concatenate([source_batch[0], target_batch[0]]))
        loss = crossentropy(source_batch[1], pair.source(hidden[:8])) + crossentropy(
            target_batch[1], pair.target(hidden[8:])
        )
    optimizer.apply(tape.gradient(loss, list(wanted)), list(wanted))


def in_other_order(pair, optimizer, source_batch, target_batch):
    wanted = variables(pair, "target", "source", "shared")
    optimizer.apply(tape(pair, {"source": source_batch, "target": target_batch}, wanted), wanted)


def persistent(pair, optimizer, source_batch, target_batch):
    with tf.GradientTape(persistent=True) as tape:
        a = crossentropy(source_batch[1], pair.model("source")(source_batch[0]))
        b = crossentropy(target_batch[1], pair.model("target")(target_batch[0]))
        both = a + b
    optimizer.build(variables(pair, *PARTS))
    for loss, part in ((both, "shared"), (a, "source"), (b, "target")):
        optimizer.apply(tape.gradient(loss, variables(pair, part)), variables(pair, part))


CASES = {
    "moved": Tried(
        right=[
            4810,
            4810.0,
            [4810],
            PAIR.describe().loc["private to target", "parameters"],
            sum(np.prod(v.shape) for v in PAIR.target.trainable_variables),
            64 * 64 + 64 + 64 * 10 + 10,
            PAIR.model("target").count_params() - PAIR.shared.count_params(),
        ],
        wrong=[
            (11274, "leave it out"),
            (6464, "the numbers that stay"),
            (16084, "everything in the pair"),
            (650, "the output layer alone"),
            (9620, "count one private part"),
            (4736, "the biases move too"),
            (4, "counts the arrays"),
            (5, "it is not 5"),
            ("4810", "a number is asked for"),
        ],
        given=(PAIR,),
        names=dict(pair=PAIR),
    ),
    "freeze": Tried(
        right=[
            frozen_by_layer,
            frozen_through_the_model,
            freezes(shared=False),
            freezes(lambda model: model.compile(loss="sparse_categorical_crossentropy"), shared=False),
            freezes(lambda model: model.make_train_function(force=True), shared=False, source=False),
        ],
        wrong=[
            (freezes(lambda model: None, shared=False), "did not compile again: fit never noticed"),
            (freezes(), "nothing sets pair.shared.trainable"),
            (freezes(target=False), "you froze the private part"),
            (freezes(source=False), "the source's private part"),
            (freezes(model=False), "now nothing moves at all"),
            (half_frozen, "some of the private part"),
            (shakes, "changed the shared weights"),
            (
                lambda pair, model: pair.target.set_weights([0 * w for w in pair.target.get_weights()]),
                "the private part itself",
            ),
            (lambda pair, model: pair.nothing, "your answer raised AttributeError"),
            (freezes(lambda model: compiled(model, "no such loss"), shared=False), "your answer raised ValueError"),
            (lambda model: None, "yours takes (model)"),
            (3, "a function of (pair, model)"),
        ],
        names=dict(keras=keras),
    ),
    "score": Tried(
        right=[
            by_metric,
            by_loop,
            lambda model, task: on_tests(model, task)[-1],
            lambda model, task: model.evaluate(task.x_test, task.y_test, verbose=0, return_dict=True)["accuracy"],
            lambda model, task: [np.mean(model(task.x_test).numpy().argmax(1) == task.y_test)],
            lambda model, task: tf.reduce_mean(tf.cast(tf.argmax(model(task.x_test), 1) == task.y_test, tf.float32)),
        ],
        wrong=[
            (lambda model, task: evaluated(model, task.x_train, task.y_train)[1], "the accuracy on the rows for training"),
            (on_tests, "returns several numbers"),
            (lambda model, task: on_tests(model, task)[0], "that is a loss"),
            (lambda model, task: 1 - on_tests(model, task)[1], "the share of mistakes"),
            (lambda model, task: 100 * on_tests(model, task)[1], "in per cent"),
            (lambda model, task: len(task.y_test) * on_tests(model, task)[1], "how many were right"),
            (lambda model, task: print(end=""), "it returns nothing"),
            (lambda model, task: 0.123, "it gives 0.1230"),
            (lambda model, task: evaluated(model, task.x_test[:20], task.y_test[:20])[1], "of the held-out rows right"),
            (
                lambda model, task: evaluated(
                    model, np.concatenate([task.x_train, task.x_test]), np.concatenate([task.y_train, task.y_test])
                )[1],
                "are mixed",
            ),
            (
                lambda model, task: model.fit(task.x_test, task.y_test, verbose=0).history["accuracy"][0],
                "the weights moved while you evaluated",
            ),
            (lambda model, task: {}, "it should return numbers"),
            (lambda model: 0.5, "yours takes (model)"),
        ],
    ),
    "loop": Tried(
        right=[
            by_flag,
            by_split,
            by_dataset,
            in_two_parts,
            by_traced_step,
            by_hand,
            lambda pair, task, optimizer, n=8: looping(size=n)(pair, task, optimizer),
        ],
        wrong=[
            (looping(apply=False), "nothing moved"),
            (looping(("shared", "target")), "you forgot to freeze it"),
            (looping(take=slice(2, None)), "some variables of the private part never moved"),
            (looping(test=True), "those are the held-out rows"),
            (looping(size=37), "one update on all rows at once"),
            (looping(size=1), "for every single row"),
            (looping(most=1), "one update only"),
            (looping(to=8), "again and again"),
            (full_batches, "the last rows are left out"),
            (looping(sign=-1), "it goes uphill"),
            (looping(sign="sum"), "the loss is summed"),
            (looping(passes=2), "one pass was asked for"),
            (looping(size=32), "32 rows at a time"),
            (looping(size=7), "7 rows at a time"),
            (looping(passes=3), "but not to where one pass of gradient descent"),
            (fits, "write the loop with a tape"),
            (other_head, "wrong variables"),
            ("loop", "a function of (pair, task, optimizer)"),
        ],
        names=dict(tf=tf, crossentropy=crossentropy),
    ),
    "two_tasks": Tried(
        right=[
            two_tapes,
            in_other_order,
            persistent,
            with_zeros,
            without_none,
            through_the_parts,
            lambda *given: sharing()(*given),
        ],
        wrong=[
            (lambda pair, optimizer, source_batch, target_batch: None, "nothing moved"),
            (with_none, "calculates with a None"),
            (each_model_by_itself, "the first `apply`"),
            (sharing("t"), "g_s is missing"),
            (sharing("s"), "g_t is missing"),
            (sharing(""), "the shared part stayed"),
            (sharing(scale=0.5), "the mean of the two, not the sum"),
            (listed_twice, "in the list twice"),
            (in_two_steps("source", "target"), "first by the source's gradient"),
            (in_two_steps("target", "source"), "first by the target's gradient"),
            (sharing(every=0.5), "the two losses are averaged"),
            (sharing(every=8), "summed over the rows"),
            (sharing(every=-1), "uphill"),
            (exchanged, "the batches are exchanged"),
            (sharing(source=0.0), "the source's private part stayed"),
            (sharing(target=0.0), "the target's private part stayed"),
            (sharing(source=0.0, target=0.0), "both private parts stayed"),
            (one_loss("target"), "That is share weights"),
            (one_loss("source"), "the target learned nothing"),
            (one_loss("source", "target"), "the target's gradient was taken after"),
            (one_loss("target", "source"), "the source's gradient was taken after"),
            (sharing(scale=3.0), "the parts moved (shared by"),
            (1, "a function of (pair, optimizer"),
        ],
        names=dict(tf=tf, crossentropy=crossentropy),
    ),
}


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
@pytest.mark.parametrize("name", every(three_training_steps))
def test_exercise(name):
    holds(every(three_training_steps)[name], CASES[name])


def test_no_answer_is_praised_for_what_it_did_not_do():
    """It froze, and had fit trace anew, and never compiled."""
    answer = freezes(lambda model: model.make_train_function(force=True), shared=False)
    assert "compile" not in three_training_steps.freeze.check(answer).text

"""The exercises of lesson 03, three training steps."""

from functools import lru_cache

import keras
import numpy as np

from transferlib.exercises import Exercise, need, number
from transferlib.functional import Functional
from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task

RATE = 0.1


def _moved(answer, pair):
    number(answer)
    shared, private = pair.shared.count_params(), pair.target.count_params()
    last = pair.target.layers[-1].count_params()
    need(
        answer != shared + private,
        "that is the whole target model. Under fix common the shared part does not move: leave it out.",
    )
    need(answer != shared, "those are the numbers that stay: the frozen ones. The others move.")
    need(answer != shared + 2 * private, "that is everything in the pair. In step 2 the source's private part is not used.")
    need(answer != last, "that is the output layer alone; the private part has a hidden layer too.")
    need(answer != private - last, "that is the private hidden layer alone; the output layer moves too.")
    need(answer != 2 * private, "the source's private part does not move in step 2: count one private part, not two.")
    need(
        answer == private,
        f"it is not {answer:,}. Which of the three parts does the target's gradient move under fix common?",
    )
    return f"{private:,} of the pair's {shared + 2 * private:,} numbers; the optimizer never touches the rest."


moved = Exercise(
    "moved",
    _moved,
    (
        "Only the target's private part moves. pair.describe() lists how many parameters each part has.",
        "A dense layer from a to b units has a · b weights and b biases.",
    ),
    "answer = pair.target.count_params()",
)


def _small(test=32):
    """A small pair with random weights, two small tasks of 64 rows for it, nothing compiled."""
    rng = np.random.default_rng(3)
    pair = Pair(6, shared=(5,), private=(4,), classes=(3, 3))
    pair.load(pair.fresh(3))
    tasks = [Task.split(n, rng.normal(size=(64, 6)), rng.integers(0, 3, 64), "abc", test=test) for n in ("source", "target")]
    return pair, *tasks


def _distance(a, b):
    """How far two lists of arrays are apart: the largest difference."""
    return max(float(np.abs(u - v).max()) for u, v in zip(a, b))


def _compiled(model):
    model.compile(keras.optimizers.SGD(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def _freeze(answer):
    need(callable(answer), f"a function of (pair, model) is asked for, not {type(answer).__name__}.")
    pair, _, target = _small()
    model = _compiled(pair.model("target"))
    model.fit(target.x_train, target.y_train, batch_size=8, verbose=0)
    before = pair.weights()
    answer(pair, model)
    need(
        _distance(pair.weights()["shared"], before["shared"]) == 0, "it changed the shared weights itself; only freeze them."
    )
    need(model.optimizer is not None, "the model has no optimizer any more: compile it with one.")
    model.fit(target.x_train, target.y_train, batch_size=8, verbose=0)
    after = pair.weights()
    if _distance(after["shared"], before["shared"]):
        need(
            pair.shared.trainable_variables,
            "you froze the shared part and did not compile again, so fit never noticed: it moved.",
        )
        need(pair.target.trainable_variables, "you froze the private part; it is the shared part that should stay.")
        need(False, "the shared part still moves: nothing sets pair.shared.trainable to False.")
    need(
        _distance(after["target"], before["target"]) > 0,
        "now nothing moves at all. Freeze pair.shared only, not the whole model, and keep the learning rate above 0.",
    )
    return "frozen, compiled again, and the next fit moved the private part alone."


freeze = Exercise(
    "freeze",
    _freeze,
    (
        "Which two things did the lesson do before the shared part stopped moving?",
        "pair.shared.trainable = False is the first; model.compile(...) with an optimizer and a loss is the second.",
    ),
    """def answer(pair, model):
    pair.shared.trainable = False
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])""",
)


def _judge(model, x, y):
    """(mean cross-entropy, accuracy) of a model on some rows, without `evaluate`, which the reader may be using."""
    p = model(x).numpy()
    return float(-np.log(p[np.arange(len(y)), y]).mean()), float((p.argmax(1) == y).mean())


def _score(answer):
    need(callable(answer), f"a function of (model, task) is asked for, not {type(answer).__name__}.")
    pair, _, task = _small(test=27)  # 37 and 27 rows: no accuracy on the one is an accuracy on the other
    model, before = _compiled(pair.model("target")), pair.weights()
    got = answer(model, task)
    need(
        all(_distance(pair.weights()[part], before[part]) == 0 for part in PARTS),
        "the weights moved while you evaluated. Step 3 takes no gradient: use evaluate or predict, not fit.",
    )
    need(got is not None, "it returns nothing: is there a `return`?")
    need(np.ndim(got) == 0, "it returns several numbers; evaluate gives [loss, accuracy]: return the accuracy alone.")
    loss, right = _judge(model, task.x_test, task.y_test)
    loss_seen, right_seen = _judge(model, task.x_train, task.y_train)
    every = np.concatenate([task.x_train, task.x_test]), np.concatenate([task.y_train, task.y_test])
    for value, message in (
        (right_seen, "that is the accuracy on the rows for training. Use the held-out rows."),
        (loss, "that is the loss. evaluate gives [loss, accuracy]; the accuracy was asked for."),
        (loss_seen, "that is the loss, and on the rows for training. The accuracy on the held-out rows was asked for."),
        (1 - right, "that is the share of mistakes; the share of right answers was asked for."),
        (100 * right, "that is in per cent; the metric lies between 0 and 1."),
        (_judge(model, *every)[1], "training and held-out rows are mixed. Use the held-out rows alone."),
    ):
        need(abs(float(got) - value) > 1e-5, message)
    need(abs(float(got) - right) < 1e-5, f"it gives {got:.4f} for a model that gets {right:.4f} of the held-out rows right.")
    return "measured on rows that no gradient has seen."


score = Exercise(
    "score",
    _score,
    (
        "A Task keeps its held-out rows in x_test and y_test.",
        "model.evaluate(x, y, verbose=0) gives [loss, accuracy], in this order.",
    ),
    """def answer(model, task):
    loss, accuracy = model.evaluate(task.x_test, task.y_test, verbose=0)
    return accuracy""",
)


@lru_cache(maxsize=1)
def _net():
    """The small pair as a function of its weights; nobody's pair, so that nobody can have frozen it."""
    return Functional(_small()[0])


def _follow(weights, batches, move):
    """Gradient descent by hand: weights after the batches; move(gradients) says how far each part goes on one batch."""
    net = _net()
    theta, state = net.split(weights)
    for batch in batches:
        found = {}
        for task, (x, y) in batch.items():
            shared, private, _ = net.gradients(task, {p: keras.ops.array(v) for p, v in theta.items()}, state, x, y, False)
            found[task] = {"shared": shared.numpy(), task: private.numpy()}
        theta = {part: theta[part] - RATE * move(found).get(part, 0) for part in PARTS}
    return net.join(theta, state)


def _equal(got, expected):
    return all(_distance(got[part], expected[part]) < 1e-5 for part in PARTS)


def _pieces(x, y, size=8):
    return [{"target": (x[i : i + size], y[i : i + size])} for i in range(0, len(y), size)]


def _loop(answer):
    need(callable(answer), f"a function of (pair, task, optimizer) is asked for, not {type(answer).__name__}.")
    pair, _, task = _small()
    before = pair.weights()
    answer(pair, task, keras.optimizers.SGD(RATE))
    after = pair.weights()
    moved = {part: _distance(after[part], before[part]) > 0 for part in PARTS}
    need(any(moved.values()), "nothing moved: hand the gradients to the optimizer, optimizer.apply(gradients, variables).")
    need(
        not moved["shared"],
        "the shared part moved: you forgot to freeze it. Take the gradient for pair.target's variables alone.",
    )
    need(not moved["source"], "the source's private part moved: wrong variables. In step 2 it is pair.target's that learn.")
    still = [i for i, (a, b) in enumerate(zip(after["target"], before["target"])) if (a == b).all()]
    need(not still, "some variables of the private part never moved. Take all of pair.target.trainable_variables.")
    rows, own = _pieces(task.x_train, task.y_train), lambda g: {"target": g["target"]["target"]}
    if _equal(after, _follow(before, rows, own)):
        return "a pass through the training rows, and only the private part learned from it."
    for message, mistaken in {
        "those are the held-out rows: it learned from x_test. Then nothing honest is left to evaluate on.": lambda: _follow(
            before, _pieces(task.x_test, task.y_test), own
        ),
        "it made one update on all rows at once; eight rows at a time were asked for.": lambda: _follow(
            before, _pieces(task.x_train, task.y_train, len(task.y_train)), own
        ),
        "it made one update only. Go on through all the training rows.": lambda: _follow(before, rows[:1], own),
        "it goes uphill: the loss grows. The optimizer subtracts by itself; hand it the gradient as it is.": lambda: _follow(
            before, rows, lambda g: {"target": -g["target"]["target"]}
        ),
        "the loss is summed over the eight rows; take their mean, as `crossentropy` does.": lambda: _follow(
            before, rows, lambda g: {"target": 8 * g["target"]["target"]}
        ),
        "it went through the rows twice; one pass was asked for.": lambda: _follow(before, rows + rows, own),
    }.items():
        need(not _equal(after, mistaken()), message)
    need(False, "the right part moved, but not to where gradient descent on the mean cross-entropy, 8 rows in order, leads.")


loop = Exercise(
    "loop",
    _loop,
    (
        "Three lines in a for loop: with a tape, the loss of eight rows; its gradient; optimizer.apply.",
        "range(0, len(task.y_train), 8) gives where each batch begins; x_train[i : i + 8] is the batch.",
        "tape.gradient(loss, pair.target.trainable_variables) asks for the private part alone: that *is* the freezing.",
    ),
    """def answer(pair, task, optimizer):
    model, private = pair.model("target"), pair.target.trainable_variables
    for i in range(0, len(task.y_train), 8):
        with tf.GradientTape() as tape:
            loss = crossentropy(task.y_train[i : i + 8], model(task.x_train[i : i + 8]))
        optimizer.apply(tape.gradient(loss, private), private)""",
)


def _both(shared):
    """How far each part goes when both private parts follow their own loss, and the shared part shared(g_s, g_t)."""
    return lambda g: {
        "shared": shared(g["source"]["shared"], g["target"]["shared"]),
        "source": g["source"]["source"],
        "target": g["target"]["target"],
    }


def _one(task, share=1):
    return lambda g: {"shared": share * g[task]["shared"], task: g[task][task]}


def _two_tasks(answer):
    need(
        callable(answer),
        f"a function of (pair, optimizer, source_batch, target_batch) is asked for, not {type(answer).__name__}.",
    )
    pair, source, target = _small()
    batch = {"source": (source.x_train[:8], source.y_train[:8]), "target": (target.x_train[:8], target.y_train[:8])}
    before = pair.weights()
    answer(pair, keras.optimizers.SGD(RATE), batch["source"], batch["target"])
    after = pair.weights()
    need(
        any(_distance(after[part], before[part]) > 0 for part in PARTS),
        "nothing moved: hand the gradients to the optimizer, optimizer.apply(gradients, variables).",
    )
    if _equal(after, _follow(before, [batch], _both(lambda s, t: s + t))):
        return "two losses, one shared part that follows both, and two private parts that follow their own."
    half = lambda g: {part: v / 2 for part, v in _both(lambda s, t: s + t)(g).items()}  # noqa: E731

    def in_turn(first, second):
        between = _follow(before, [batch], _one(first))
        return _follow(between, [batch], _one(second))

    mistakes = {
        "the shared part follows the target alone: g_s is missing from its sum.": lambda: _follow(
            before, [batch], _both(lambda s, t: t)
        ),
        "the shared part follows the source alone: g_t is missing from its sum.": lambda: _follow(
            before, [batch], _both(lambda s, t: s)
        ),
        "the shared part stayed: it should follow g_s + g_t.": lambda: _follow(before, [batch], _both(lambda s, t: 0 * s)),
        "the shared part follows the mean of the two gradients; the sum was asked for.": lambda: _follow(
            before, [batch], _both(lambda s, t: (s + t) / 2)
        ),
        "everything goes half as far as it should: the two losses are averaged; add them.": lambda: _follow(
            before, [batch], half
        ),
        "only the target's loss was used. That is share weights.": lambda: _follow(before, [batch], _one("target")),
        "only the source's loss was used; the target learned nothing.": lambda: _follow(before, [batch], _one("source")),
        "two updates one after the other: the target's gradient was taken after the source had moved the shared part. "
        "Take both gradients first, then move once.": lambda: in_turn("source", "target"),
        "two updates one after the other: the source's gradient was taken after the target had moved the shared part. "
        "Take both gradients first, then move once.": lambda: in_turn("target", "source"),
        "the source's private part stayed; it should follow its own loss.": lambda: _follow(
            before, [batch], lambda g: {k: v for k, v in _both(lambda s, t: s + t)(g).items() if k != "source"}
        ),
        "the target's private part stayed; it should follow its own loss.": lambda: _follow(
            before, [batch], lambda g: {k: v for k, v in _both(lambda s, t: s + t)(g).items() if k != "target"}
        ),
    }
    for message, mistaken in mistakes.items():
        need(not _equal(after, mistaken()), message)
    moves = ", ".join(f"{part} by {_distance(after[part], before[part]):.3f}" for part in PARTS)
    need(
        False,
        f"the parts moved ({moves}), but not to where g_s + g_t, and each private part's own gradient, lead.",
    )


two_tasks = Exercise(
    "two_tasks",
    _two_tasks,
    (
        "One tape can watch both losses: add them inside it, and each variable gets what is its due.",
        "A private part appears in one of the two losses only, so the gradient of the sum is its own gradient.",
        "The variables are pair.shared's, pair.source's and pair.target's trainable_variables, added as lists.",
    ),
    """def answer(pair, optimizer, source_batch, target_batch):
    (x_s, y_s), (x_t, y_t) = source_batch, target_batch
    variables = pair.shared.trainable_variables + pair.source.trainable_variables + pair.target.trainable_variables
    with tf.GradientTape() as tape:
        loss = crossentropy(y_s, pair.model("source")(x_s)) + crossentropy(y_t, pair.model("target")(x_t))
    optimizer.apply(tape.gradient(loss, variables), variables)""",
)

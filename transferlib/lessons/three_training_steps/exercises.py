"""The exercises of lesson 03, three training steps."""

from functools import lru_cache

import keras
import numpy as np

from transferlib.exercises import Wrong, compare, exercise, function_of, match, need, number, run
from transferlib.functional import Functional
from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task, stream

RATE = 0.1


@exercise(
    "Only the target's private part moves. pair.describe() lists how many parameters each part has.",
    "A dense layer from a to b units has a · b weights and b biases.",
    solution="answer = pair.target.count_params()",
)
def moved(answer, pair):
    answer, shared, private = number(answer), pair.shared.count_params(), pair.target.count_params()
    last, arrays = pair.target.layers[-1].count_params(), pair.target.trainable_variables
    mistakes = {
        "that is the whole target model. Under fix common the shared part does not move: leave it out.": shared + private,
        "those are the numbers that stay: the frozen ones. The others move.": shared,
        "that is everything in the pair. In step 2 the source's private part is not used.": shared + 2 * private,
        "that is the output layer alone; the private part has a hidden layer too.": last,
        "that is the private hidden layer alone; the output layer moves too.": private - last,
        "the source's private part does not move in step 2: count one private part, not two.": 2 * private,
        "those are the weights alone; the biases move too.": sum(np.prod(v.shape) for v in arrays if len(v.shape) > 1),
        "that counts the arrays of weights and biases; how many numbers do they hold?": len(arrays),
    }
    otherwise = f"it is not {answer:,}. Which of the three parts does the target's gradient move under fix common?"
    match(answer, private, mistakes, otherwise)
    return f"{private:,} of the pair's {shared + 2 * private:,} numbers; the optimizer never touches the rest."


def _small(test=27):
    """A small pair with random weights, two small tasks of 64 rows for it, nothing compiled.

    Of the 64 rows 37 are for training by default: no number of eights, and no accuracy on 37 is one on 27.
    """
    rng, pair = stream(3, "exercise"), Pair(6, shared=(5,), private=(4,), classes=(3, 3))
    pair.load(pair.fresh(3))
    tasks = [Task.split(n, rng.normal(size=(64, 6)), rng.integers(0, 3, 64), "abc", test=test) for n in ("source", "target")]
    return pair, *tasks


def _flat(weights):
    """All weights of a pair in one vector."""
    return np.concatenate([np.ravel(array) for part in PARTS for array in weights[part]])


def _moved_parts(before, after):
    """{part: the largest change of one of its numbers}."""
    return {part: max(float(np.abs(a - b).max()) for a, b in zip(after[part], before[part])) for part in PARTS}


def _compiled(model):
    model.compile(keras.optimizers.SGD(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


@exercise(
    "Which two things did the lesson do before the shared part stopped moving?",
    "pair.shared.trainable = False is the first; model.compile(...) with an optimizer and a loss is the second.",
    solution="""def answer(pair, model):
    pair.shared.trainable = False
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])""",
)
def freeze(answer):
    answer, (pair, _, target) = function_of("pair, model", answer), _small()
    model = _compiled(pair.model("target"))

    def fit():
        model.fit(target.x_train, target.y_train, batch_size=8, verbose=0)

    fit()
    before = pair.weights()
    answer(pair, model)
    after = _moved_parts(before, pair.weights())
    need(not after["shared"], "it changed the shared weights itself; only freeze them.")
    need(not after["target"], "it trained, or changed, the private part itself; only freeze and compile.")
    run(fit)
    after = _moved_parts(before, pair.weights())
    if after["shared"]:
        frozen = not pair.shared.trainable_variables
        need(not frozen, "you froze the shared part and did not compile again, so fit never noticed: it moved.")
        need(pair.target.trainable_variables, "you froze the private part; it is the shared part that should stay.")
        need(pair.source.trainable_variables, "you froze the source's private part, which this model does not use.")
        need(False, "the shared part still moves: nothing sets pair.shared.trainable to False.")
    stays = "now nothing moves at all. Freeze pair.shared only, not the whole model, and keep the learning rate above 0."
    need(after["target"] > 0, stays)
    need(len(pair.target.trainable_variables) == len(pair.target.variables), "you froze some of the private part as well.")
    return "frozen, compiled again, and the next fit moved the private part alone."


def _judge(model, x, y):
    """(mean cross-entropy, accuracy) of a model on some rows, without `evaluate`, which the reader may be using."""
    p = model(x).numpy()
    return float(-np.log(p[np.arange(len(y)), y]).mean()), float((p.argmax(1) == y).mean())


@exercise(
    "A Task keeps its held-out rows in x_test and y_test.",
    "model.evaluate(x, y, verbose=0) gives [loss, accuracy], in this order.",
    solution="""def answer(model, task):
    loss, accuracy = model.evaluate(task.x_test, task.y_test, verbose=0)
    return accuracy""",
)
def score(answer):
    def judged(which, what=1, then=lambda value: value):
        def function(model, task):
            x, y = zip(*((getattr(task, f"x_{side}"), getattr(task, f"y_{side}")) for side in which))
            return then(_judge(model, np.concatenate(x), np.concatenate(y))[what])

        return function

    def both(which):
        return lambda model, task: [judged(which, what)(model, task) for what in (0, 1)]

    mistakes = {
        "that is the accuracy on the rows for training. Use the held-out rows.": judged(["train"]),
        "that is the loss. evaluate gives [loss, accuracy]; the accuracy was asked for.": judged(["test"], 0),
        "that is the loss, and on the rows for training; the held-out accuracy was asked for.": judged(["train"], 0),
        "that is the share of mistakes; the share of right answers was asked for.": judged(["test"], then=lambda v: 1 - v),
        "that is in per cent; the metric lies between 0 and 1.": judged(["test"], then=lambda v: 100 * v),
        "training and held-out rows are mixed. Use the held-out rows alone.": judged(["train", "test"]),
        "it returns several numbers; evaluate gives [loss, accuracy]: return the accuracy alone.": both(["test"]),
        "it returns several numbers, and on the rows for training; the accuracy on the held-out rows alone.": both(
            ["train"]
        ),
        "that is how many were right; their share was asked for.": lambda model, task: (
            judged(["test"])(model, task) * len(task.y_test)
        ),
    }
    cases, before = [], []
    for test in (27, 23):
        pair, _, task = _small(test)
        cases.append((_compiled(pair.model("target")), task))
        before.append((pair, pair.weights()))

    def asked(model, task):
        got = function_of("model, task", answer)(model, task)
        still = all(not any(_moved_parts(weights, pair.weights()).values()) for pair, weights in before)
        need(still, "the weights moved while you evaluated. Step 3 takes no gradient: use evaluate or predict, not fit.")
        return got

    def told(got, right):
        return f"it gives {got:.4f} for a model that gets {right:.4f} of the held-out rows right."

    function_of("model, task", answer)
    compare(asked, "model, task", judged(["test"]), mistakes, cases, near=1e-5, otherwise=told)
    return "measured on rows that no gradient has seen."


@lru_cache(maxsize=1)
def _net():
    """The small pair as a function of its weights; nobody's pair, so that nobody can have frozen it."""
    return Functional(_small()[0])


def _follow(weights, batches, move):
    """The weights, as one vector, after gradient descent by hand; move(gradients) says how far each part goes on a batch."""
    net = _net()
    theta, state = net.split(weights)
    for batch in batches:
        found = {}
        for task, (x, y) in batch.items():
            shared, private, _ = net.gradients(task, {p: keras.ops.array(v) for p, v in theta.items()}, state, x, y, False)
            found[task] = {"shared": shared.numpy(), task: private.numpy(), "rows": len(y)}
        theta = {part: theta[part] - RATE * move(found).get(part, 0) for part in PARTS}
    return _flat(net.join(theta, state))


@exercise(
    "Three lines in a for loop: with a tape, the loss of eight rows; its gradient; optimizer.apply.",
    "range(0, len(task.y_train), 8) gives where each batch begins; x_train[i : i + 8] is the batch.",
    "tape.gradient(loss, pair.target.trainable_variables) asks for the private part alone: that *is* the freezing.",
    solution="""def answer(pair, task, optimizer):
    model, private = pair.model("target"), pair.target.trainable_variables
    for i in range(0, len(task.y_train), 8):
        with tf.GradientTape() as tape:
            loss = crossentropy(task.y_train[i : i + 8], model(task.x_train[i : i + 8]))
        optimizer.apply(tape.gradient(loss, private), private)""",
)
def loop(answer):
    answer, (pair, _, task) = function_of("pair, task, optimizer", answer), _small()

    def refused(*given, **settings):
        raise Wrong("it lets Keras do the work (`fit` or `train_on_batch`); write the loop with a tape.")

    model = pair.model("target")
    model.fit = model.train_on_batch = refused
    before = pair.weights()
    answer(pair, task, keras.optimizers.SGD(RATE))
    after = pair.weights()
    went = _moved_parts(before, after)
    need(any(went.values()), "nothing moved: hand the gradients to the optimizer, optimizer.apply(gradients, variables).")
    need(
        not went["shared"],
        "the shared part moved: you forgot to freeze it. Take the gradient for pair.target's variables alone.",
    )
    need(not went["source"], "the source's private part moved: wrong variables. In step 2 it is pair.target's that learn.")
    still = [i for i, (a, b) in enumerate(zip(after["target"], before["target"])) if (a == b).all()]
    need(not still, "some variables of the private part never moved. Take all of pair.target.trainable_variables.")

    def pieces(size=8, x=task.x_train, y=task.y_train):
        return [{"target": (x[i : i + size], y[i : i + size])} for i in range(0, len(y), size)]

    def leads(rows=None, scale=lambda g: 1):
        return lambda: _follow(before, rows or pieces(), lambda g: {"target": scale(g["target"]) * g["target"]["target"]})

    mistakes = {
        "those are the held-out rows: then nothing honest is left to evaluate on.": (
            leads(pieces(8, task.x_test, task.y_test))
        ),
        "it made one update on all rows at once; eight rows at a time were asked for.": leads(pieces(37)),
        "it made an update for every single row; eight rows at a time were asked for.": leads(pieces(1)),
        "it made one update only. Go on through all the training rows.": leads(pieces()[:1]),
        "the last rows are left out: the last batch has fewer than eight, and counts too.": leads(pieces()[:-1]),
        "it learns from the first eight rows again and again: i has to move on.": leads(pieces()[:1] * len(pieces())),
        "it goes uphill. The optimizer subtracts by itself; hand it the gradient as it is.": leads(scale=lambda g: -1),
        "the loss is summed over the eight rows; take their mean, as `crossentropy` does.": leads(scale=lambda g: g["rows"]),
        "it went through the rows twice; one pass was asked for.": leads(pieces() * 2),
        "it went through the rows backwards; their order was asked for.": leads(pieces()[::-1]),
    }
    otherwise = "the right part moved, but not to where gradient descent on the mean cross-entropy, 8 rows in order, leads."
    match(_flat(after), leads()(), mistakes, otherwise, near=1e-5)
    return "a pass through the training rows, and only the private part learned from it."


@exercise(
    "One tape can watch both losses: add them inside it, and each variable gets what is its due.",
    "A private part appears in one of the two losses only, so the gradient of the sum is its own gradient.",
    "The variables are pair.shared's, pair.source's and pair.target's trainable_variables, added as lists.",
    solution="""def answer(pair, optimizer, source_batch, target_batch):
    (x_s, y_s), (x_t, y_t) = source_batch, target_batch
    variables = pair.shared.trainable_variables + pair.source.trainable_variables + pair.target.trainable_variables
    with tf.GradientTape() as tape:
        loss = crossentropy(y_s, pair.model("source")(x_s)) + crossentropy(y_t, pair.model("target")(x_t))
    optimizer.apply(tape.gradient(loss, variables), variables)""",
)
def two_tasks(answer):
    answer = function_of("pair, optimizer, source_batch, target_batch", answer)
    pair, *tasks = _small()
    batch = {task.name: (task.x_train[:8], task.y_train[:8]) for task in tasks}
    before = pair.weights()
    try:
        answer(pair, keras.optimizers.SGD(RATE), batch["source"], batch["target"])
    except Wrong as mistake:
        need(
            "NoneType" not in str(mistake),
            "it calculates with a None: a loss has no gradient for the other task's private part. Ask each loss for the "
            "variables that it reaches, or add the two losses inside one tape.",
        )
        raise
    after = pair.weights()
    went = _moved_parts(before, after)
    need(any(went.values()), "nothing moved: hand the gradients to the optimizer, optimizer.apply(gradients, variables).")

    def leads(shared=lambda s, t: s + t, source=1, target=1, scale=1, given=batch):
        """Where it leads when the shared part follows shared(g_s, g_t), the private ones so much of their own gradient."""

        def move(g):
            parts = {"shared": shared(g["source"]["shared"], g["target"]["shared"])}
            parts |= {"source": source * g["source"]["source"], "target": target * g["target"]["target"]}
            return {part: scale * value for part, value in parts.items()}

        return lambda: _follow(before, [given], move)

    def in_turn(*order):
        """One update on each of these losses, one after the other."""
        return lambda: _follow(before, [{task: batch[task]} for task in order], lambda g: next(iter(g.values())))

    swapped = {"source": batch["target"], "target": batch["source"]}
    mistakes = {
        "the shared part follows the target alone: g_s is missing from its sum.": leads(lambda s, t: t),
        "the shared part follows the source alone: g_t is missing from its sum.": leads(lambda s, t: s),
        "the shared part stayed: it should follow g_s + g_t.": leads(lambda s, t: 0 * s),
        "the shared part follows the mean of the two gradients; the sum was asked for.": leads(lambda s, t: (s + t) / 2),
        "the shared part follows the difference of the two gradients; the sum was asked for.": leads(lambda s, t: t - s),
        "the shared part goes twice as far: its variables are in the list twice.": leads(lambda s, t: 2 * (s + t)),
        "everything goes half as far as it should: the two losses are averaged; add them.": leads(scale=0.5),
        "everything goes eight times as far: the losses are summed over the rows; take their means.": leads(scale=8),
        "it goes uphill. The optimizer subtracts by itself; hand it the gradients as they are.": leads(scale=-1),
        "the batches are exchanged: each belongs to the model of its own task.": leads(given=swapped),
        "only the target's loss was used. That is share weights.": in_turn("target"),
        "only the source's loss was used; the target learned nothing.": in_turn("source"),
        "two updates one after the other: the target's gradient was taken after the source had moved the shared part. "
        "Take both gradients first, then move once.": in_turn("source", "target"),
        "two updates one after the other: the source's gradient was taken after the target had moved the shared part. "
        "Take both gradients first, then move once.": in_turn("target", "source"),
        "the source's private part stayed; it should follow its own loss.": leads(source=0),
        "the target's private part stayed; it should follow its own loss.": leads(target=0),
    }
    moves = ", ".join(f"{part} by {far:.3f}" for part, far in went.items())
    otherwise = f"the parts moved ({moves}), but not to where g_s + g_t, and each private part's own gradient, lead."
    match(_flat(after), leads()(), mistakes, otherwise, near=1e-5)
    return "two losses, one shared part that follows both, and two private parts that follow their own."

"""The exercises of lesson 03, three training steps."""

import keras
import numpy as np
import tensorflow as tf

from transferlib.exercises import Wrong, compare, exercise, function_of, match, need, number, run
from transferlib.functional import Functional
from transferlib.networks import PARTS, Pair
from transferlib.tasks import Task, rng_for

RATE, MOMENTUM = 0.1, 0.9
STILL = "nothing moved: hand the gradients to the optimizer, optimizer.apply(gradients, variables)."


@exercise(
    "Only the target's private part moves. pair.describe() lists how many parameters each part has.",
    "A dense layer from a to b units has a · b weights and b biases.",
    solution="answer = pair.target.count_params()",
)
def moved(answer, pair):
    answer, shared, private = number(answer), pair.shared.count_params(), pair.target.count_params()
    last, arrays = pair.target.layers[-1].count_params(), pair.target.get_weights()
    match(answer, private, {
        "that is the whole target model. The shared part does not move: leave it out.": shared + private,
        "those are the numbers that stay: the frozen ones. The others move.": shared,
        "that is everything in the pair. The source's private part is not used.": shared + 2 * private,
        "the source's private part does not move in step 2: count one private part, not two.": 2 * private,
        "that is the output layer alone; the private part has a hidden layer too.": last,
        "those are the weights alone; the biases move too.": sum(a.size for a in arrays if a.ndim > 1),
        "that counts the arrays of weights and biases; how many numbers do they hold?": len(arrays),
    }, f"it is not {answer:,}. Which part does the target's gradient move under fix common?")  # fmt: skip
    return f"{private:,} of the pair's {shared + 2 * private:,} numbers; the rest stays as it is."


def _small():
    """A small pair with random weights, and two small tasks of 64 rows for it, nothing compiled.

    Of the 64 rows 37 are for training: no number of eights, and no accuracy on 37 is one on 27.
    """
    rng, pair = rng_for(3, "exercise"), Pair(6, shared=(5,), private=(4,), classes=(3, 3))
    pair.load(pair.fresh(3))
    rows = [(name, rng.normal(size=(64, 6)), rng.integers(0, 3, 64)) for name in ("source", "target")]
    return pair, *(Task.split(*each, "abc", test=27) for each in rows)


def _flat(theta):
    """All weights of a pair in one vector."""
    return np.concatenate([theta[part] for part in PARTS])


def _moved(before, after):
    """{part: the largest change of one of its numbers}."""
    return {p: max(float(np.abs(a - b).max()) for a, b in zip(after[p], before[p])) for p in PARTS}


def _compiled(model):
    loss, optimizer = "sparse_categorical_crossentropy", keras.optimizers.SGD(RATE)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    return model


def _follow(net, weights, batches, move, momentum=0.0):
    """All weights of a pair, in one vector, after gradient descent by hand on batches {task: (x, y)}.

    move   move({task: its gradients, {part: vector}}, rows) → {part: the gradient that it follows}
    """
    theta, state = tf.nest.map_structure(tf.constant, net.split(weights))
    speed = dict.fromkeys(PARTS, 0)
    for batch in batches:
        found = {task: dict(zip(("shared", task), net.gradients(task, theta, state, *xy))) for task, xy in batch.items()}
        for part, gradient in move(found, len(next(iter(batch.values()))[1])).items():
            speed[part] = momentum * speed[part] - RATE * gradient
            theta[part] = theta[part] + speed[part]
    return _flat(theta)


@exercise(
    "Which two things did the lesson do before the shared part stopped moving?",
    "pair.shared.trainable = False is the first; model.compile(optimizer, loss) is the second.",
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
    after = _moved(before, pair.weights())
    need(not after["shared"], "it changed the shared weights itself; only freeze them.")
    need(not after["target"], "it trained, or changed, the private part itself; only freeze and compile.")
    run(fit)
    after = _moved(before, pair.weights())
    if after["shared"]:
        frozen = not pair.shared.trainable_variables
        need(not frozen, "you froze the shared part and did not compile again: fit never noticed.")
        need(pair.target.trainable_variables, "you froze the private part; the shared part should stay.")
        need(pair.source.trainable_variables, "you froze the source's private part, which is not used here.")
        need(False, "the shared part still moves: nothing sets pair.shared.trainable to False.")
    need(after["target"], "now nothing moves at all. Freeze pair.shared only; keep the rate above 0.")
    some = len(pair.target.trainable_variables) < len(pair.target.variables)
    need(not some, "you froze some of the private part as well.")
    return "the shared part is frozen, and the next fit moved the private part alone."


@exercise(
    "A Task keeps its held-out rows in x_test and y_test.",
    "model.evaluate(x, y, verbose=0) gives [loss, accuracy], in this order.",
    solution="""def answer(model, task):
    loss, accuracy = model.evaluate(task.x_test, task.y_test, verbose=0)
    return accuracy""",
)
def score(answer):
    answer, (pair, _, task) = function_of("model, task", answer), _small()
    net, before = Functional(pair), pair.weights()
    got = answer(_compiled(pair.model("target")), task)
    still = not any(_moved(before, pair.weights()).values())
    need(still, "the weights moved while you evaluated. Use evaluate or predict, not fit.")

    def judged(*sides):
        """(mean cross-entropy, accuracy) on these rows."""
        x, y = (np.concatenate([getattr(task, f"{what}_{side}") for side in sides]) for what in "xy")
        return [each.numpy() for each in net.evaluate("target", *net.split(before), x, y)]

    (loss, right), train = judged("test"), judged("train")
    told = "it gives {:.4f} for a model that gets {:.4f} of the held-out rows right."
    compare(lambda task: got, "task", lambda task: right, {
        "that is the accuracy on the rows for training. Use the held-out rows.": lambda task: train[1],
        "that is a loss. evaluate gives [loss, accuracy]; the accuracy on the held-out rows was asked for.":
            (lambda task: loss, lambda task: train[0]),
        "it returns several numbers, as evaluate does; return the accuracy on the held-out rows alone.":
            (lambda task: (loss, right), lambda task: train),
        "that is the share of mistakes; the share of right answers was asked for.": lambda task: 1 - right,
        "that is in per cent; the metric lies between 0 and 1.": lambda task: 100 * right,
        "training and held-out rows are mixed; use the latter.": lambda task: judged("train", "test")[1],
        "that is how many were right; their share was asked for.": lambda task: right * len(task.y_test),
    }, [(task,)], near=1e-5, otherwise=told.format)  # fmt: skip
    return "measured on rows that no gradient has seen."


@exercise(
    "Three lines in a for loop: with a tape, the loss of eight rows; its gradient; optimizer.apply.",
    "range(0, len(task.y_train), 8) gives where each batch begins; x_train[i : i + 8] is the batch.",
    "tape.gradient(loss, pair.target.trainable_variables): the private part alone. That *is* the freezing.",
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

    model, net = pair.model("target"), Functional(_small()[0])  # the reader may freeze his own
    model.fit = model.train_on_batch = refused
    before = pair.weights()
    answer(pair, task, keras.optimizers.SGD(RATE))
    after = pair.weights()
    went = _moved(before, after)
    need(any(went.values()), STILL)
    need(not went["shared"], "the shared part moved: you forgot to freeze it. Only pair.target learns.")
    need(not went["source"], "the source's private part moved: wrong variables. Let pair.target's learn.")
    still = any((a == b).all() for a, b in zip(after["target"], before["target"]))
    need(not still, "some variables of the private part never moved. Take all of them.")

    def pieces(size=8, x=task.x_train, y=task.y_train):
        return [{"target": (x[i : i + size], y[i : i + size])} for i in range(0, len(y), size)]

    def leads(batches=None, scale=lambda rows: 1):
        def move(g, rows):
            return {"target": scale(rows) * g["target"]["target"]}

        return lambda: _follow(net, before, batches or pieces(), move)

    match(_flat(net.split(after)[0]), leads()(), {
        "those are the held-out rows: then nothing honest is left to evaluate on.":
            leads(pieces(8, task.x_test, task.y_test)),
        "it made one update on all rows at once; eight rows at a time were asked for.": leads(pieces(37)),
        "it made an update for every single row; eight rows at a time were asked for.": leads(pieces(1)),
        "it went through the rows twice; one pass was asked for.": leads(pieces() * 2),
        "it made one update only. Go on through all the training rows.": leads(pieces()[:1]),
        "the last rows are left out: a batch of fewer than eight counts too.": leads(pieces()[:-1]),
        "it learns from the same eight rows again and again.": leads(pieces()[:1] * len(pieces())),
        "it goes uphill. The optimizer subtracts by itself.": leads(scale=lambda rows: -1),
        "the loss is summed over the eight rows; take their mean.": leads(scale=lambda rows: rows),
    } | {
        f"it takes {size} rows at a time; eight were asked for.": leads(pieces(size)) for size in (4, 7, 9, 16, 32)
    }, "the right part moved, but not to where one pass of gradient descent on the mean cross-entropy leads, "
       "eight rows at a time and in order.", near=1e-5)  # fmt: skip
    return "a pass through the training rows, and only the private part learned from it."


@exercise(
    "One tape can watch both losses: add them inside it, and each variable gets its own gradient.",
    "A private part appears in one of the two losses only, so the gradient of the sum is its own gradient.",
    "The variables are pair.shared's, pair.source's and pair.target's trainable_variables, added as lists.",
    solution="""def answer(pair, optimizer, source_batch, target_batch):
    (x_s, y_s), (x_t, y_t) = source_batch, target_batch
    variables = [v for part in (pair.shared, pair.source, pair.target) for v in part.trainable_variables]
    with tf.GradientTape() as tape:
        loss = crossentropy(y_s, pair.model("source")(x_s)) + crossentropy(y_t, pair.model("target")(x_t))
    optimizer.apply(tape.gradient(loss, variables), variables)""",
)
def two_tasks(answer):
    answer = function_of("pair, optimizer, source_batch, target_batch", answer)
    pair, *tasks = _small()
    net = Functional(_small()[0])  # the reader may freeze his own
    batch = {task.name: (task.x_train[:8], task.y_train[:8]) for task in tasks}
    before = pair.weights()
    try:  # with momentum: of one step it makes nothing else, of two steps it does, as the course's Adam
        answer(pair, keras.optimizers.SGD(RATE, MOMENTUM), batch["source"], batch["target"])
    except Wrong as mistake:
        none = "it calculates with a None: a loss has no gradient for the other task's private part."
        need("NoneType" not in str(mistake), f"{none} Ask for what it reaches, or add both in one tape.")
        once = "an optimizer moves the variables of the first `apply` and no others"
        need("Unknown variable" not in str(mistake), f"{once}: add the two gradients, and apply once to all three parts.")
        raise
    after = pair.weights()
    went = _moved(before, after)
    need(any(went.values()), STILL)

    def leads(shared=lambda s, t: s + t, source=1, target=1, scale=1, given=batch):
        """When the shared part follows shared(g_s, g_t), the private ones so much of their own gradient."""

        def move(g, rows):
            own = {"source": source * g["source"]["source"], "target": target * g["target"]["target"]}
            parts = own | {"shared": shared(g["source"]["shared"], g["target"]["shared"])}
            return {part: scale * value for part, value in parts.items()}

        return lambda: _follow(net, before, [given], move)

    def in_turn(*order):
        """One update on each of these losses, one after the other."""
        batches = [{task: batch[task]} for task in order]
        return lambda: _follow(net, before, batches, lambda g, rows: next(iter(g.values())), MOMENTUM)

    twice = 1 + MOMENTUM  # how far the first of two steps carries
    match(_flat(net.split(after)[0]), leads()(), {
        "the shared part follows the target alone: g_s is missing from its sum.": leads(lambda s, t: t),
        "the shared part follows the source alone: g_t is missing from its sum.": leads(lambda s, t: s),
        "the shared part stayed: it should follow g_s + g_t.": leads(lambda s, t: 0 * s),
        "the shared part follows the mean of the two, not the sum.": leads(lambda s, t: (s + t) / 2),
        "the shared variables are in the list twice.": leads(lambda s, t: (1 + twice) * (s + t)),
        "everything goes half as far as it should: the two losses are averaged; add them.": leads(scale=0.5),
        "everything goes eight times as far: summed over the rows; take means.": leads(scale=8),
        "it goes uphill. The optimizer subtracts by itself.": leads(scale=-1),
        "the batches are exchanged: each belongs to the model of its own task.":
            leads(given={"source": batch["target"], "target": batch["source"]}),
        "only the target's loss was used. That is share weights.": in_turn("target"),
        "only the source's loss was used; the target learned nothing.": in_turn("source"),
        "the source's private part stayed; it should follow its own loss.": leads(source=0),
        "the target's private part stayed; it should follow its own loss.": leads(target=0),
        "both private parts stayed; each should follow its own loss.": leads(source=0, target=0),
    } | {
        f"two updates in turn: the {second}'s gradient was taken after the {first} moved the shared part; "
        "take both gradients first, then move once.": in_turn(first, second)
        for first, second in (("source", "target"), ("target", "source"))
    } | {
        f"the shared part is moved twice, first by the {task}'s gradient. An optimizer that remembers, as "
        "Adam does, then goes elsewhere: add the two gradients, and apply once.": leads(shared)
        for task, shared in (("source", lambda s, t: twice * s + t), ("target", lambda s, t: s + twice * t))
    }, "the parts moved ({}), but not to where g_s + g_t, and each private part's own gradient, lead.".format(
        ", ".join(f"{part} by {far:.3f}" for part, far in went.items())
    ), near=1e-5)  # fmt: skip
    return "two losses, one shared part that follows both, and two private parts that follow their own."

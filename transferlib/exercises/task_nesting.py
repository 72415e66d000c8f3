"""The exercises of lesson 07, task nesting."""

import keras
import numpy as np

from transferlib.exercises import Exercise, need, number
from transferlib.measures import at
from transferlib.methods.task_nesting import Nested, adding


def _overtaking(answer, table):
    number(answer)
    need(answer in table, f"{answer} is not one of the budgets that were run: {', '.join(map(str, table))}.")
    lead = {k: at(arms["nested, fine-tuned"]).mean() - at(arms["stacking"]).mean() for k, arms in table.items()}
    right = next(k for k in lead if lead[k] > 0)
    need(
        lead[answer] > 0, f"with {answer} of each sum the frozen reader is still ahead, by {-100 * lead[answer]:.1f} points."
    )
    need(answer == right, f"the reader that moves is ahead at {answer}, but it was ahead with fewer sums already.")
    return f"from {right} of each sum on, it pays to let the inner reader move."


overtaking = Exercise(
    "overtaking",
    _overtaking,
    (
        "Compare the solid blue and the solid orange line on the left of the budget picture.",
        "at(table[k]['nested, fine-tuned']).mean() is the height of the orange line at k; do the same for 'stacking'.",
    ),
    """for k in table:
    if at(table[k]["nested, fine-tuned"]).mean() > at(table[k]["stacking"]).mean():
        break
answer = k""",
)


def _both_right(answer, right):
    number(answer)
    right, close = float(np.mean(right)), lambda a, b: abs(a - b) < 0.006
    need(0 <= answer <= 1, f"{answer} is no probability; give a number between 0 and 1.")
    need(not close(answer, right), "that is one reading. Here two have to be right at the same time.")
    need(
        not close(answer, 2 * right - 1),
        "that is the worst case, when the two never fail together. Take them as independent.",
    )
    need(not close(answer, (1 - right) ** 2), "that is how often both are wrong.")
    need(not close(answer, 1 - (1 - right) ** 2), "that is how often at least one is right; the sum needs both.")
    need(close(answer, right**2), f"it should come from the reader's accuracy, {right:.3f}, twice; got {answer:.3f}.")
    return f"{right:.3f} times itself is {right**2:.3f}; compare the frozen addition in the tables."


both_right = Exercise(
    "both right",
    _both_right,
    (
        "The readers' errors on the two pictures are taken as independent; what do independent probabilities do?",
        "They multiply. `readers[10]['stacking'].mean()` is how often one reading is right.",
    ),
    """right = readers[10]["stacking"].mean()
answer = float(right**2)""",
)


def _addition(answer):
    need(callable(answer), f"a function of (p, q) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(7)
    cases = [rng.dirichlet(np.full(10, 0.3), 2) for _ in range(10)]
    got = [np.asarray(answer(p.copy(), q.copy())) for p, q in cases]
    need(
        all(g.shape == (19,) for g in got),
        f"two digits have 19 sums, 0 … 18; what comes back has the shape {got[0].shape}, not (19,).",
    )

    def hard(p, q):
        return np.eye(19)[p.argmax() + q.argmax()]

    wrongs = {
        "it says how far the two are apart, not their sum: one of the vectors is turned round.": (
            lambda p, q: np.convolve(p, q[::-1])
        ),
        "it puts all on the sum of the two likeliest digits. What the reader doubts should come out as doubt.": hard,
        "it counts the ways to make a sum and never looks at how likely they are.": (
            lambda p, q: np.convolve(np.ones(10), np.ones(10)) / 100
        ),
        "it never looks at q.": lambda p, q: np.convolve(p, p),
    }
    if not all(np.allclose(g, np.convolve(p, q)) for g, (p, q) in zip(got, cases)):
        for message, wrong in wrongs.items():
            need(not all(np.allclose(g, wrong(p, q)) for g, (p, q) in zip(got, cases)), message)
        need(
            all(np.isclose(g.sum(), 1) for g in got),
            f"the 19 numbers should add up to 1; for the first try they add up to {got[0].sum():.3f}.",
        )
        three = np.asarray(answer(np.eye(10)[1], np.eye(10)[2]))
        need(False, f"for a sure 1 and a sure 2 it says {three.argmax()} is the likeliest sum, or doubts: {three.round(2)}.")
    return "that is `adding`, an h with nothing to learn. Statisticians call it the convolution of p and q."


addition = Exercise(
    "addition",
    _addition,
    (
        "The sum is 3 when the digits are 0 and 3, or 1 and 2, or 2 and 1, or 3 and 0: add up those four products.",
        "Two loops over a and b; out[a + b] += p[a] * q[b].",
        "NumPy has one function for exactly this: np.convolve.",
    ),
    """def answer(p, q):
    out = np.zeros(19)
    for a in range(10):
        for b in range(10):
            out[a + b] += p[a] * q[b]
    return out""",
)


def _swap(answer):
    need(callable(answer), f"a function of (readings, rng) is asked for, not {type(answer).__name__}.")
    given = np.random.default_rng(0).random((50, 2, 10))
    got = answer(given.copy(), np.random.default_rng(1))
    need(got is not None, "it returns nothing. rng.shuffle works in place and returns None.")
    got = np.asarray(got)
    need(got.shape == given.shape, f"readings of shape {given.shape} went in, and {got.shape} came out; keep the shape.")
    need(not np.array_equal(got, given), "it changes nothing.")
    flat, out = given.reshape(100, 10), got.reshape(100, 10)
    home = np.array([np.flatnonzero((flat == row).all(1)).max(initial=-1) for row in out])
    if (home < 0).any():
        need(
            not np.allclose(np.sort(out, 1), np.sort(flat, 1)),
            "it shuffles the ten probabilities *inside* each reading. Move whole readings to other pictures.",
        )
        need(False, "some readings in what comes back were never given. Whole readings should change places, unaltered.")
    need(len(set(home)) == 100, "some readings occur twice and others are lost: draw without replacement, as a permutation.")
    need(
        not np.array_equal(home[::2] // 2, home[1::2] // 2),
        "the two readings of a row stay together: then the sum that they make moves as one. Shuffle all 2·n readings.",
    )
    need(
        not (np.array_equal(home[::2] % 2, np.zeros(50)) and np.array_equal(home[1::2] % 2, np.ones(50))),
        "left readings stay left and right ones right. Shuffle all 2·n readings as one list.",
    )
    return "every reading is still there, and none where it belongs but by accident."


swap = Exercise(
    "swap",
    _swap,
    (
        "First make one list of all 2·n readings: readings.reshape(-1, 10).",
        "rng.permutation(a) returns the rows of a in a random order.",
        "Give the result the shape that came in: .reshape(readings.shape).",
    ),
    """def answer(readings, rng):
    return rng.permutation(readings.reshape(-1, 10)).reshape(readings.shape)""",
)


def _even_handed(answer):
    need(callable(answer), f"a function of (pictures, hidden, reading) is asked for, not {type(answer).__name__}.")
    need(answer is not adding, "that is `adding`, which is even-handed and learns nothing. Write one that learns.")
    model = Nested(answer).target
    need(model.output_shape == (None, 19), f"h gives {model.output_shape}; 19 probabilities a row, (None, 19), are needed.")
    need(model.trainable_variables, "this h has nothing to learn. Put a Dense layer in it.")
    rng = np.random.default_rng(0)
    inputs = [rng.random((8, 2, n)).astype("float32") for n in (100, 64, 10)]
    said = keras.ops.convert_to_numpy(model(inputs))
    need(
        (said >= 0).all() and np.allclose(said.sum(1), 1, atol=1e-4),
        "its 19 outputs are no probabilities; end with a softmax.",
    )
    others = [rng.random(t.shape).astype("float32") for t in inputs[:2]]
    need(
        np.allclose(keras.ops.convert_to_numpy(model([*others, inputs[2]])), said, atol=1e-5),
        "it looks at the pictures or at the hidden layer too. In stacking h sees the reading alone.",
    )
    turned = keras.ops.convert_to_numpy(model([t[:, ::-1] for t in inputs]))
    need(
        np.allclose(turned, said, atol=1e-5),
        "it says something else when left and right change places. Join the two readings in a way that has no order.",
    )
    return "3 + 5 is now 5 + 3 by construction, and not something to be learned."


even_handed = Exercise(
    "even-handed",
    _even_handed,
    (
        "reading[:, 0] and reading[:, 1] are the two readings (n, 10). Which operations do not care for their order?",
        "Add them, reading[:, 0] + reading[:, 1], and go on as `stacked` does: Dense(64, relu), then Dense(19, softmax).",
    ),
    """def answer(pictures, hidden, reading):
    x = reading[:, 0] + reading[:, 1]
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.layers.Dense(19, activation="softmax")(x)""",
)

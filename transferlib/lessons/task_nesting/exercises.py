"""The exercises of lesson 09, task nesting."""

import keras
import numpy as np

from transferlib.exercises import Wrong, compare, exercise, function_of, match, need, number, numbers, run
from transferlib.lessons.task_nesting.nested import Nested
from transferlib.measures import at
from transferlib.tasks import stream


@exercise(
    "Compare the two grey lines, solid and dotted, in the picture of the curves.",
    "at(results['nested, from scratch'], step=s).mean() is the height of one of them after s steps.",
    solution="""for step in results["nested, from scratch"][0].step[1:]:
    if at(results["nested, from scratch"], step=step).mean() > at(results["un-nested, from scratch"], step=step).mean():
        break
answer = step""",
)
def overtaking(answer, results):
    answer = number(answer)
    one, two = (results[name] for name in ("nested, from scratch", "un-nested, from scratch"))
    lead = {int(s): float((at(one, step=s) - at(two, step=s)).mean()) for s in one[0].step if s}
    need(any(v > 0 for v in lead.values()), "in these runs the nested network never gets ahead; run the lesson's own steps.")
    right = next(s for s in lead if lead[s] > 0)
    need(answer != 0, "before the first step both only guess, and who guesses better is chance.")
    need(not 0 < answer < 1, "that looks like an accuracy; a number of training steps is asked for.")
    places = f"{min(lead)}, {list(lead)[1]}, … {max(lead)}" if len(lead) > 1 else str(min(lead))
    need(answer in lead, f"the curves were not measured at {answer}, but after {places} steps.")
    need(lead[answer] > 0, f"after {answer} steps the un-nested network is ahead, by {-100 * lead[answer]:.1f} points.")
    need(answer == right, f"the nested network is ahead after {answer} steps, but it was ahead sooner.")
    return f"a comparison that stops before {right} steps would have named the other winner."


@exercise(
    "The readers' errors on the two pictures are taken as independent; what do independent probabilities do?",
    "They multiply. `readers['stacking'].mean()` is how often one reading is right.",
    solution="""right = readers["stacking"].mean()
answer = float(right**2)""",
    name="both right",
)
def both_right(answer, right):
    answer, right = number(answer), float(np.mean(right))
    mistakes = {
        "that is one reading. Here two have to be right at the same time.": right,
        "that is the worst case, when the two never fail together. Take them as independent.": 2 * right - 1,
        "that is how often both are wrong.": (1 - right) ** 2,
        "that is how often at least one is right; the sum needs both.": 1 - (1 - right) ** 2,
        "that is how often exactly one of the two is right.": 2 * right * (1 - right),
        "that is half of one reading's accuracy; independent probabilities are multiplied.": right / 2,
        "probabilities that are added can come out above 1; independent ones are multiplied.": 2 * right,
        "that is the root; a probability below 1 becomes smaller when two things must hold.": right**0.5,
        "that is in per cent; a number between 0 and 1 is asked for.": 100 * right**2,
    }
    otherwise = f"it should come from the reader's accuracy, {right:.3f}, twice; got {answer:.3f}."
    otherwise = otherwise if 0 <= answer <= 1 else f"{answer} is no probability; give a number between 0 and 1."
    match(answer, right**2, mistakes, otherwise, near=0.01)
    return f"{right:.3f} times itself is {right**2:.3f}; compare the hard addition, which the lesson prints."


@exercise(
    "The sum is 3 when the digits are 0 and 3, or 1 and 2, or 2 and 1, or 3 and 0: add up those four products.",
    "Two loops over a and b; out[a + b] += p[a] * q[b].",
    "NumPy has one function for exactly this: np.convolve.",
    solution="""def answer(p, q):
    out = np.zeros(19)
    for a in range(10):
        for b in range(10):
            out[a + b] += p[a] * q[b]
    return out""",
)
def addition(answer):
    rng, two = stream(7, "exercise"), (np.eye(10)[1], np.eye(10)[2])

    def overwritten(p, q):
        out = np.zeros(19)
        for a in range(10):
            out[a : a + 10] = p[a] * q
        return out

    def told(got, want):
        if not np.isclose(got.sum(), 1):
            return f"the 19 numbers should add up to 1; for the first try they add up to {got.sum():.3f}."
        three = numbers(run(answer, *two))
        return f"for a sure 1 and a sure 2 it says {three.argmax()} is the likeliest sum, with {three.max():.2f}."

    mistakes = {
        "that is how far the two are apart: one of the vectors is turned round.": lambda p, q: np.convolve(p, q[::-1]),
        "it puts all on the sum of the two likeliest digits: where is the doubt?": lambda p, q: np.eye(19)[
            p.argmax() + q.argmax()
        ],
        "it counts the ways to make a sum and never looks at how likely they are.": lambda p, q: (
            np.convolve(np.ones(10), np.ones(10)) / 100
        ),
        "it never looks at q.": lambda p, q: np.convolve(p, p),
        "it never looks at p.": lambda p, q: np.convolve(q, q),
        "several pairs make one sum, and the last of them overwrites the others: add up, with +=.": overwritten,
        "probabilities of two digits that must both hold are multiplied, not added.": lambda p, q: (
            np.convolve(p, np.ones(10)) + np.convolve(np.ones(10), q)
        ),
        "a sum of two different digits is made in two ways, and it counts one: go through all a and all b.": lambda p, q: (
            sum(p[a] * q[b] * np.eye(19)[a + b] for a in range(10) for b in range(a, 10))
        ),
        "that is the table of all pairs, 10 × 10; add up the pairs that make the same sum.": np.outer,
        "it adds the two vectors; the *digits* are added, and the probabilities of a pair multiplied.": lambda p, q: p + q,
        "it returns the likeliest sum; the chances of all nineteen are asked for.": lambda p, q: p.argmax() + q.argmax(),
    }
    compare(answer, "p, q", np.convolve, mistakes, [rng.dirichlet(np.full(10, 0.3), 2) for _ in range(10)], otherwise=told)
    return "that is `adding`, an h with nothing to learn. Statisticians call it the convolution of p and q."


@exercise(
    "First make one list of all 2·n readings: readings.reshape(-1, 10).",
    "rng.permutation(a) returns the rows of a in a random order.",
    "Give the result the shape that came in: .reshape(readings.shape).",
    solution="""def answer(readings, rng):
    return rng.permutation(readings.reshape(-1, 10)).reshape(readings.shape)""",
)
def swap(answer):
    answer, given = function_of("readings, rng", answer), stream(0, "exercise").random((50, 2, 10))
    got = answer(given, np.random.default_rng(1))
    need(got is not None, "it returns nothing. rng.shuffle works in place and returns None.")
    got, again, other = numbers(got), *(numbers(answer(given, np.random.default_rng(seed))) for seed in (1, 2))
    need(got.shape == given.shape, f"readings of shape {given.shape} went in, and {got.shape} came out; keep the shape.")
    need(not np.array_equal(got, given), "it changes nothing.")
    flat, out = given.reshape(100, 10), got.reshape(100, 10)
    home = np.array([np.flatnonzero((flat == row).all(1)).max(initial=-1) for row in out])
    if (home < 0).any():
        inside = np.allclose(np.sort(out, 1), np.sort(flat, 1))
        need(not inside, "it shuffles the ten probabilities *inside* each reading. Move whole readings to other pictures.")
        raise Wrong("some readings in what comes back were never given. Whole readings should change places, unaltered.")
    need(len(set(home)) == 100, "some readings occur twice and others are lost: draw without replacement, as a permutation.")
    row, side, stay = home.reshape(50, 2) // 2, home.reshape(50, 2) % 2, int((home == np.arange(100)).sum())
    for message, wrong in {
        "left and right only change places within a row: the sum stays. Give each reading to some other picture.": (
            (row == np.arange(50)[:, None]).all()
        ),
        "it moves all readings on by the same number of places; each should go to a place at random.": (
            len(np.unique(np.diff(home) % 100)) == 1
        ),
        "the two readings of a row stay together, so the sum that they make moves as one. Shuffle all 2·n readings.": (
            (row[:, 0] == row[:, 1]).all()
        ),
        "left readings stay left and right ones right. Shuffle all 2·n readings as one list.": (side == [0, 1]).all(),
        f"{stay} of 100 readings stay where they were; by accident one or two would.": stay > 10,
        "the same rng gives another order each time: draw with the rng that is handed in.": (got != again).any(),
        "every rng gives the same order: draw with the rng that is handed in.": (got == other).all(),
    }.items():
        need(not wrong, message)
    return "every reading is still there, and none where it belongs but by accident."


def _reader(pictures):
    hidden = keras.layers.Dense(64)(pictures)
    return hidden, keras.layers.Dense(10, activation="softmax")(hidden)


@exercise(
    "reading[:, 0] and reading[:, 1] are the two readings (n, 10). Which operations do not care for their order?",
    "Add them, reading[:, 0] + reading[:, 1], and go on as `stacked` does: Dense(64, relu), then Dense(19, softmax).",
    solution="""def answer(pictures, hidden, reading):
    x = reading[:, 0] + reading[:, 1]
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.layers.Dense(19, activation="softmax")(x)""",
    name="even-handed",
)
def even_handed(answer):
    yours = function_of("pictures, hidden, reading", answer)

    def outer(*given):
        need((found := yours(*given)) is not None, "it returns nothing: is there a `return`?")
        return found

    model = run(lambda: Nested(outer, _reader)).target
    need(model.output_shape == (None, 19), f"h gives {model.output_shape}; 19 probabilities a row, (None, 19), are needed.")
    need(model.trainable_variables, "this h has nothing to learn. Put a Dense layer in it.")
    rng, pairs = stream(0, "exercise"), np.indices((10, 10)).reshape(2, 100).T  # every pair of digits, read without doubt
    inputs = [rng.random((100, 2, n)).astype("float32") for n in (100, 64)] + [np.eye(10, dtype="float32")[pairs]]

    def says(*given):
        return run(lambda: keras.ops.convert_to_numpy(model(list(given))))

    said = says(*inputs)
    probable = (said >= 0).all() and np.allclose(said.sum(1), 1, atol=1e-4)
    need(probable, "its 19 outputs are no probabilities; end with a softmax.")
    need(
        np.allclose(says(inputs[0][::-1], inputs[1][::-1], inputs[2]), said, atol=1e-5),
        "it looks at the pictures or at the hidden layer too. In stacking h sees the reading alone.",
    )
    need(
        np.allclose(says(*(t[:, ::-1] for t in inputs)), said, atol=1e-5),
        "it says something else when left and right change places. Join the two readings in a way that has no order.",
    )
    need(np.ptp(said, 0).max() > 1e-6, "it says the same whatever was read: the readings are lost on the way.")
    alike, sums = np.abs(said[:, None] - said).max(2) < 1e-6, pairs.sum(1)
    for a, b in np.argwhere(alike & (sums[:, None] != sums)):
        two = "{} + {} from {} + {}".format(*pairs[a], *pairs[b])
        raise Wrong(f"it cannot tell {two}: what it makes of the readings keeps too little of them.")
    return "3 + 5 is now 5 + 3 by construction, and not something to be learned."

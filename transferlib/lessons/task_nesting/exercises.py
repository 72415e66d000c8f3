"""The exercises of lesson 09, task nesting."""

import keras
import numpy as np

from transferlib.exercises import Wrong, code_exercise, exercise, function_of, match, need, number, numbers, run
from transferlib.measures import value_at
from transferlib.tasks import rng_for


@exercise(
    "Compare the two grey lines, solid and dotted, in the picture of the curves.",
    "value_at(results['nested, from scratch'], step=s).mean() is the height of one of them after s steps.",
    solution="""one, two = results["nested, from scratch"], results["un-nested, from scratch"]
for step in one[0].step[1:]:
    if value_at(one, step=step).mean() > value_at(two, step=step).mean():
        break
answer = step""",
)
def overtaking(answer, results):
    answer = number(answer)
    one, two = (results[name] for name in ("nested, from scratch", "un-nested, from scratch"))
    lead = {int(s): float((value_at(one, step=s) - value_at(two, step=s)).mean()) for s in one[0].step if s}
    ahead = [step for step in lead if lead[step] > 0]
    need(ahead, "in these runs the nested network never gets ahead; run the lesson's own steps.")
    need(answer != 0, "before the first step both only guess, and who guesses better is chance.")
    need(not 0 < answer < 1, "that looks like an accuracy; a number of training steps is asked for.")
    measured = ", ".join(map(str, [*lead][:2])) + f", … {max(lead)}"
    need(answer in lead, f"the curves were not measured at {answer}, but after {measured} steps.")
    behind = f"the un-nested network is ahead, by {-100 * lead[answer]:.1f} points."
    need(lead[answer] > 0, f"after {answer} steps {behind}")
    need(answer == ahead[0], f"the nested network is ahead after {answer} steps, but it was ahead sooner.")
    return f"a comparison that stops before {answer} steps would have named the other winner."


@exercise(
    "The readers' errors on the two pictures are taken as independent; what do independent probabilities do?",
    "They multiply. `readers['stacking'].mean()` is how often one reading is right.",
    solution="""right = readers["stacking"].mean()
answer = float(right**2)""",
    name="both right",
)
def both_right(answer, right):
    by_seed = isinstance(answer, np.ndarray) and answer.dtype == float and answer.shape == np.shape(right)
    both = np.mean(right**2) if by_seed else np.mean(right) ** 2
    answer, right = number(np.mean(answer) if by_seed else answer), float(np.mean(right))
    otherwise = f"{answer} is no probability; give a number between 0 and 1."
    if 0 <= answer <= 1:
        otherwise = f"it should come from the reader's accuracy, {right:.3f}, twice; got {answer:.3f}."
    match(answer, both, {
        "that is one reading. Here two have to be right at the same time.": right,
        "that is the worst case, when the two never fail together. Take them as independent.": 2 * right - 1,
        "that is how often both are wrong.": (1 - right) ** 2,
        "that is how often at least one is right; the sum needs both.": 1 - (1 - right) ** 2,
        "independent probabilities are multiplied; added, they can come out above 1.": 2 * right,
        "that is in per cent; a number between 0 and 1 is asked for.": 100 * right**2,
    }, otherwise, near=0.01)  # fmt: skip
    others = "(The table of *whose error* has other digits: all sums are equally frequent, so 0s and 9s are more so.)"
    return f"{right:.3f} times itself is {right**2:.3f}. {others}"


def _addition_told(got, want):
    total = f"the 19 numbers should add up to 1; for the first try they add up to {got.sum():.3f}."
    need(np.isclose(got.sum(), 1), total)
    sums = [f"{s} ({chance:.2f})" for s, chance in ((x.argmax(), x.max()) for x in (got, want))]
    return "for the first try the likeliest sum is {} in yours, and should be {}.".format(*sums)


@code_exercise(
    "The sum is 3 when the digits are 0 and 3, or 1 and 2, or 2 and 1, or 3 and 0: add up four products.",
    "Two loops over a and b; out[a + b] += p[a] * q[b]. Or NumPy's one function for it: np.convolve.",
    solution="""def answer(p, q):
    out = np.zeros(19)
    for a in range(10):
        for b in range(10):
            out[a + b] += p[a] * q[b]
    return out""",
    mistakes={
        "that is the difference of the two: one vector is reversed.": "answer(p, q[::-1])",
        "all is on one sum: where is the doubt?": "np.eye(19)[p.argmax() + q.argmax()]",
        "the chances of all nineteen sums are asked for, not one sum.": "p.argmax() + q.argmax()",
        "of the pairs that make one sum the last is left: use +=.": "+= → =",
        "two digits must *both* hold: probabilities are multiplied, not added.": "p[a] * q[b] → p[a] + q[b]",
        "1 + 2 and 2 + 1 make one sum: take all a and b.": "for b in range(10) → for b in range(a, 10)",
        "that is the table of all pairs, 10 × 10; add up the pairs that make the same sum.": "np.outer(p, q)",
        "it adds the two vectors; the *digits* are added, and probabilities multiplied.": "p + q",
    },
    praise="that is the known addition, an h with nothing to learn: the convolution of p and q.",
    otherwise=_addition_told,
)
def addition():
    return [rng_for(7, "exercise", n).dirichlet(np.full(10, 0.3), 2) for n in range(10)]


@exercise(
    "First make one list of all 2·n readings: readings.reshape(-1, 10).",
    "rng.permutation(a) returns the rows of a in a random order; then .reshape(readings.shape).",
    solution="""def answer(readings, rng):
    return rng.permutation(readings.reshape(-1, 10)).reshape(readings.shape)""",
)
def swap(answer):
    answer, given = function_of("readings, rng", answer), rng_for(0, "exercise").random((50, 2, 10))
    got, again, other = (answer(given, np.random.default_rng(seed)) for seed in (1, 1, 2))
    need(got is not None, "it returns nothing. rng.shuffle works in place and returns None.")
    got, again, other = map(numbers, (got, again, other))
    need(got.shape == given.shape, f"readings of shape {given.shape} went in, and {got.shape} came out.")
    need(not np.array_equal(got, given), "it changes nothing.")
    flat, out = given.reshape(100, 10), got.reshape(100, 10)  # then, where each comes from, or -1
    home = np.array([np.flatnonzero((flat == row).all(1)).max(initial=-1) for row in out])
    if (home < 0).any():
        inside = np.allclose(np.sort(out, 1), np.sort(flat, 1))
        need(not inside, "it shuffles the probabilities *inside* each reading. Move whole readings.")
        raise Wrong("some readings in what comes back were never given. Whole readings should change places.")
    need(len(set(home)) == 100, "some readings occur twice and others are lost: draw without replacement.")
    row, side, stay = home.reshape(50, 2) // 2, home.reshape(50, 2) % 2, int((home == np.arange(100)).sum())
    one, halves = "Shuffle all 2·n readings as one list.", row[:25].mean() - row[25:].mean()
    for message, wrong in {
        f"left and right change places in a row: the sum stays. {one}": not (row.T - np.arange(50)).any(),
        "it moves all on by the same number of places; draw the places.": len(set(np.diff(home) % 100)) == 1,
        f"a row's two readings stay together, and so does their sum. {one}": (row[:, 0] == row[:, 1]).all(),
        f"left readings stay left and right ones right. {one}": (side == [0, 1]).all(),
        f"left readings all go to the right and right ones to the left. {one}": (side == [1, 0]).all(),
        f"{stay} of 100 readings stay where they were; by accident one or two would.": stay > 10,
        f"the first rows and the last ones are shuffled apart from each other. {one}": abs(halves) > 15,
        "the same rng gives another order each time: draw with the rng handed in.": (got != again).any(),
        "every rng gives the same order: draw with the rng that is handed in.": (got == other).all(),
    }.items():  # fmt: skip
        need(not wrong, message)
    return "every reading is still there, and none where it belongs but by accident."


@exercise(
    "reading[:, 0] and reading[:, 1] are the two readings (n, 10). Which operations do not care for order?",
    "Add the two, reading[:, 0] + reading[:, 1]; then, as `stacked`, Dense(64, relu), Dense(19, softmax).",
    solution="""def answer(pictures, hidden, reading):
    x = reading[:, 0] + reading[:, 1]
    x = keras.layers.Dense(64, activation="relu")(x)
    return keras.layers.Dense(19, activation="softmax")(x)""",
    name="even-handed",
)
def even_handed(answer):
    sizes = 100, 64, 10  # pictures, hidden, reading: joined and cut, as each input must lead to the output
    inputs = [keras.Input((2, n)) for n in sizes]
    ends, joined = np.cumsum(sizes), keras.layers.Concatenate()(inputs)
    cut = [joined[..., end - n : end] for end, n in zip(ends, sizes)]
    out = function_of("pictures, hidden, reading", answer)(*cut)
    need(out is not None, "it returns nothing: is there a `return`?")
    layer = isinstance(out, keras.KerasTensor)
    need(layer, f"it should return what a layer gives, not a {type(out).__name__}.")
    need(out.shape == (None, 19), f"h gives {out.shape}; 19 probabilities a row, (None, 19), are needed.")
    model = run(lambda: keras.Model(inputs, out))
    need(model.trainable_variables, "this h has nothing to learn. Put a Dense layer in it.")
    rng, pairs = rng_for(0, "exercise"), np.indices((10, 10)).reshape(2, 100).T  # all pairs of digits
    pictures, hidden = (rng.random((100, 2, n)).astype("float32") for n in sizes[:2])
    reading = np.eye(10, dtype="float32")[pairs]

    def says(*given):
        return run(lambda: keras.ops.convert_to_numpy(model(list(given))))

    said = says(pictures, hidden, reading)
    probable = (said >= 0).all() and np.allclose(said.sum(1), 1, atol=1e-4)
    need(probable, "its 19 outputs are no probabilities; end with a softmax.")
    blind = np.allclose(says(pictures[::-1], hidden[::-1], reading), said, atol=1e-5)
    need(blind, "it looks at the pictures or at the hidden layer too. In stacking h sees the reading alone.")
    even = np.allclose(says(pictures, hidden, reading[:, ::-1]), said, atol=1e-5)
    need(even, "it says something else when left and right change places. Join them without an order.")
    need(np.ptp(said, 0).max() > 1e-6, "it says the same whatever was read: the readings get lost.")
    alike, sums = np.abs(said[:, None] - said).max(2) < 1e-6, pairs.sum(1)
    for a, b in np.argwhere(alike & (sums[:, None] != sums)):
        two = "{} + {} from {} + {}".format(*pairs[a], *pairs[b])
        raise Wrong(f"it cannot tell {two}: what it makes of the readings keeps too little of them.")
    return "3 + 5 is now 5 + 3 by construction, and not something to be learned."

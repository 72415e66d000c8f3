"""The exercises of lesson 01, source and target."""

import numpy as np

from transferlib.datasets import crop, mnist, mnist_originals, pad, uci
from transferlib.exercises import Exercise, need, number
from transferlib.experiments import untouched
from transferlib.tasks import Task


def _hardest(answer, by_digit):
    number(answer)
    need(answer in by_digit, f"{answer} is not a digit; the keys of by_digit are {', '.join(map(str, by_digit))}.")
    means = {digit: np.mean(values) for digit, values in by_digit.items()}
    worst, best = min(means, key=means.get), max(means, key=means.get)
    need(answer != best, f"{answer} is the digit that it reads *best* ({means[best]:.2f}); the worst was asked for.")
    need(answer == worst, f"it reads {means[answer]:.2f} of the {answer}s; there is a digit of which it reads fewer.")
    return f"the source's model reads {means[worst]:.2f} of the target's {worst}s, and {means[best]:.2f} of its {best}s."


hardest = Exercise(
    "hardest",
    _hardest,
    (
        "Look for the row of dots that lies farthest to the left.",
        "by_digit[d].mean() is the mean over the seeds; which d has the smallest?",
    ),
    "answer = min(by_digit, key=lambda d: by_digit[d].mean())",
)


def _large(answer, target):
    need(isinstance(answer, Task), f"a Task is asked for, not {type(answer).__name__}.")
    need(
        np.array_equal(answer.x_train, target.x_train) and np.array_equal(answer.x_test, target.x_test),
        "its pictures are not those of the target. The domain was to stay: change y_train, y_test and classes only.",
    )
    need(len(answer.classes) == 2, f"it has {len(answer.classes)} classes; two are asked for: classes=('small', 'large').")
    for side, y, old in (("y_train", answer.y_train, target.y_train), ("y_test", answer.y_test, target.y_test)):
        need(not np.array_equal(y, old % 2), f"{side} says even or odd; small (0–4) or large (5–9) was asked for.")
        need(not np.array_equal(y, old < 5), f"{side} has the two classes exchanged: 0 is for small, 1 for large.")
        need(not np.array_equal(y, old > 5), f"{side} calls 5 small; large begins with 5.")
        need(np.array_equal(y, old >= 5), f"{side} should hold 1 where the digit is 5 or more, and 0 elsewhere.")
    return "the same domain, another task: the source's ten outputs do not even have the right number."


large = Exercise(
    "large",
    _large,
    (
        "Look at how even_or_odd was made: dataclasses.replace copies a task with some fields changed.",
        "(target.y_train >= 5) is an array of True and False; .astype(int) makes it 1 and 0.",
    ),
    """answer = replace(
    target,
    name="small or large",
    y_train=(target.y_train >= 5).astype(int),
    y_test=(target.y_test >= 5).astype(int),
    classes=("small", "large"),
)""",
)


def _standard(x_s, x_t, over=0, up=0):
    """Source rows with each number's mean and spread made those of the target; a constant number only moves."""
    scale = (x_t.std(over) + up) / np.where(x_s.std(over) > 0, x_s.std(over), 1)
    return (x_s - x_s.mean(over)) * scale + x_t.mean(over)


def _mapping(answer):
    need(callable(answer), f"a function of (x_source, x_target) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(1)
    x_s, x_t = rng.normal(3, 2, (60, 5)) * np.arange(1, 6), rng.normal(-1, 1, (40, 5)) + np.arange(5)
    got = np.asarray(answer(x_s.copy(), x_t.copy()), float)
    need(got.shape != x_t.shape, "it returns the *target*, mapped: as many rows as x_target. Map the source's rows.")
    need(got.shape == x_s.shape, f"it must return one mapped row for each of x_source: {x_s.shape}, not {got.shape}.")
    z = (x_s - x_s.mean(0)) / x_s.std(0)
    mistakes = {
        "it standardises, but stops there: multiply by the target's spread and add the target's mean.": z,
        "it moves the means and leaves the spread as it was.": x_s - x_s.mean(0) + x_t.mean(0),
        "it takes one mean and one spread for all numbers together; each of them has its own: axis=0.": _standard(
            x_s, x_t, None
        ),
        "it uses the variance for the spread; the standard deviation is its root.": (x_s - x_s.mean(0))
        / x_s.var(0)
        * x_t.var(0)
        + x_t.mean(0),
        "it returns the source as it was.": x_s,
    }
    for message, wrong in mistakes.items():
        need(not np.allclose(got, wrong), message)
    need(
        np.allclose(got, _standard(x_s, x_t)),
        f"the mapped rows have means {got.mean(0).round(2)} and spreads {got.std(0).round(2)}; "
        f"the target has {x_t.mean(0).round(2)} and {x_t.std(0).round(2)}.",
    )
    x_s[:, 0] = 0
    with np.errstate(all="ignore"):
        got = np.asarray(answer(x_s.copy(), x_t.copy()), float)
    need(
        np.isfinite(got).all(),
        "it gives NaN or infinity where a number never changes, as the empty border of our pictures. Divide by 1 there.",
    )
    return "a feature mapping without a single label. Lesson 06 measures what it is worth."


mapping = Exercise(
    "mapping",
    _mapping,
    (
        "Two steps: bring each column of x_source to mean 0 and spread 1; then give it the target's spread and mean.",
        "x.mean(0) and x.std(0) are one number a column. A column of zeros has spread 0: do not divide by that.",
        "np.where(spread > 0, spread, 1) is a spread that one may divide by.",
    ),
    """def answer(x_source, x_target):
    spread = x_source.std(0)
    z = (x_source - x_source.mean(0)) / np.where(spread > 0, spread, 1)
    return z * x_target.std(0) + x_target.mean(0)""",
)


def _prepare(answer, pair, target):
    need(callable(answer), f"a function of one picture (28, 28) is asked for, not {type(answer).__name__}.")
    pictures = mnist_originals()[0]
    for picture in pictures[::500]:
        got = np.asarray(answer(picture.copy()))
        need(got.shape == (8, 8), f"it must return 8 × 8 numbers, not an array of shape {got.shape}.")
        need(np.isfinite(got).all(), "it returns NaN or infinity for one of the pictures.")
        need(got.min() >= 0 and got.max() <= 1, f"its numbers go from {got.min():g} to {got.max():g}; 0 to 1 is wanted.")
    for given in (pad, crop, uci):
        same = all(np.allclose(answer(p.copy()), given(p)) for p in pictures[::500])
        need(not same, f"that is `{given.__name__}`, which was measured already. Try something of your own.")
    yours = untouched(pair, mnist(answer), target, seeds=3).mean()
    bar = untouched(pair, mnist(crop), target, seeds=3).mean()
    need(
        yours > bar,
        f"the untouched source scores {yours:.3f} with it; with `crop`, {bar:.3f}. Look at the two pictures again.",
    )
    return f"the untouched source scores {yours:.3f} with it (crop {bar:.3f}), before any method was used."


prepare = Exercise(
    "prepare",
    _prepare,
    (
        "Where in its 8 × 8 field does a UCI digit stand, and how large is it? Compare with the row `crop`.",
        "Cut the digit out tightly: picture > 50 has ink, .any(0) and .any(1) say in which columns and rows.",
        "Image.fromarray(cut).resize((5, 8), Image.BOX) makes it 8 high and 5 wide; np.pad gives the empty columns.",
    ),
    """from PIL import Image

def answer(picture):
    rows, columns = (np.flatnonzero((picture > 50).any(axis)) for axis in (1, 0))
    cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = np.asarray(Image.fromarray(cut).resize((5, 8), Image.BOX)) / 255
    return np.pad(small, ((0, 0), (2, 1)))""",
)

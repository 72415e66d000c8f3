"""The exercises of lesson 01, source and target."""

import re

import numpy as np
from scipy import stats

from transferlib.datasets import crop, mnist, mnist_originals, nist, pad, uci
from transferlib.exercises import compare, exercise, function_of, need, number, numbers
from transferlib.experiments import untouched
from transferlib.tasks import Task, rng_for


@exercise(
    "Look for the row of dots that lies farthest to the left.",
    "by_digit[d].mean() is the mean over the seeds; which d has the smallest?",
    solution="answer = min(by_digit, key=lambda d: by_digit[d].mean())",
)
def hardest(answer, by_digit):
    answer = number(answer)
    need(isinstance(answer, int), f"{answer:.3g} looks like an accuracy; the digit was asked for.")
    need(answer in by_digit, f"{answer} is not a digit; by_digit has {', '.join(map(str, by_digit))}.")
    means = {digit: np.mean(values) for digit, values in by_digit.items()}
    worst, best = min(means, key=means.get), max(means, key=means.get)
    need(answer != best, f"{answer} is the digit that it reads *best*, {means[best]:.2f} of all; and worst?")
    need(answer == worst, f"it reads {means[answer]:.2f} of the {answer}s; of another digit it reads fewer.")
    return f"the source's model reads {means[worst]:.2f} of the {worst}s, {means[best]:.2f} of the {best}s."


@exercise(
    "dataclasses.replace copies a task with some fields changed, as where 4 and 9 were exchanged.",
    "(target.y_train >= 5) is an array of True and False; .astype(int) makes it 1 and 0.",
    solution="""answer = replace(
    target,
    name="small or large",
    y_train=(target.y_train >= 5).astype(int),
    y_test=(target.y_test >= 5).astype(int),
    classes=("small", "large"),
)""",
)
def large(answer, target):
    need(isinstance(answer, Task), f"a Task is asked for, not {type(answer).__name__}.")
    same = all(np.array_equal(getattr(answer, side), getattr(target, side)) for side in ("x_train", "x_test"))
    need(same, "its pictures are not the target's. The domain should stay: change the y and classes only.")
    drawn = f"its rows are drawn in the shape {answer.picture}: leave picture at {target.picture}."
    need(answer.picture == target.picture, drawn)
    two = "two are asked for: classes=('small', 'large')."
    need(answer.classes, f"it has no classes, which makes it a regression; {two}")
    need(len(answer.classes) == 2, f"it has {len(answer.classes)} classes; {two}")
    for side in ("y_train", "y_test"):
        y, digit = getattr(answer, side), getattr(target, side)
        for message, rule in {
            "says even or odd; small (0–4) or large (5–9) was asked for.": digit % 2,
            "has the two classes exchanged: 0 is for small, 1 for large.": digit < 5,
            "calls 5 small; large begins with 5.": digit > 5,
            "calls 4 large; small goes up to 4.": digit >= 4,
        }.items():
            need(not np.array_equal(y, rule), f"{side} {message}")
        need(np.array_equal(y, digit >= 5), f"{side} should be 1 where the digit is 5 or more, else 0.")
    for name, word, other in zip(answer.classes, ("small", "large"), ("large", "small")):
        named = set(re.findall(r"small|large|\bnot?\b", str(name).lower()))
        opposite = named in ({other}, {word, "not"}, {word, "no"})
        need(not opposite, "classes and y say the opposite: 0 is small.")
    return "the same domain, another task: the source's ten outputs do not even have the right number."


def _standard(s, t, over=0, spread=np.std, ddof=0, grain=0.0):
    """Source rows, each number with the target's mean and spread; a constant number only moves."""
    own = spread(s, over, ddof=ddof) + grain
    return (s - s.mean(over)) * spread(t, over, ddof=ddof) / np.where(own > 0, own, 1) + t.mean(over)


@exercise(
    "Bring each column of x_source to mean 0 and spread 1; then give it the target's spread and mean.",
    "x.mean(0) and x.std(0) are one number a column. A column of zeros has spread 0: do not divide by that.",
    "np.where(spread > 0, spread, 1) is a spread that one may divide by.",
    solution="""def answer(x_source, x_target):
    spread = x_source.std(0)
    z = (x_source - x_source.mean(0)) / np.where(spread > 0, spread, 1)
    return z * x_target.std(0) + x_target.mean(0)""",
)
def mapping(answer):
    rng = rng_for(1, "exercise")
    s, t = rng.normal(3, 2, (60, 5)) * [1, 0.1, 3, 4, 5], rng.normal(-1, 1, (40, 5)) + np.arange(5)
    names, right = "x_source, x_target", (_standard, lambda s, t: _standard(s, t, ddof=1))

    def told(got, want):
        has, wanted = ((x.mean(0).round(2), x.std(0).round(2)) for x in (got, want))
        if np.array_equal(has, wanted):
            return "means and spreads are the target's, but not by (x - mean) / spread, column by column."
        return "the mapped rows have means {} and spreads {}; the target has {} and {}.".format(*has, *wanted)

    compare(answer, names, right, {
        "it standardises, but stops there: the target's spread and mean are missing.":
            lambda s, t: (s - s.mean(0)) / s.std(0),
        "it moves the means and leaves the spread as it was.": lambda s, t: s - s.mean(0) + t.mean(0),
        "the spread is set; the target's mean is still missing.": lambda s, t: _standard(s, t) - t.mean(0),
        "each column has its own mean and spread: axis=0.":
            (lambda s, t: _standard(s, t, None), lambda s, t: stats.zscore(s, 1) * t.std(0) + t.mean(0)),
        "it uses the variance for the spread; the standard deviation is its root.":
            lambda s, t: _standard(s, t, 0, np.var),
        "the spreads are upside down: divide by the source's, multiply by the target's.":
            lambda s, t: (s - s.mean(0)) / t.std(0) * s.std(0) + t.mean(0),
        "what it adds to the spread, against a division by 0, is too much: 1e-6 is enough, or np.where.":
            tuple(lambda s, t, grain=grain: _standard(s, t, grain=grain) for grain in (1e-3, 0.01, 0.1, 1.0)),
        "a small spread is a spread, too: divide by 1 only where it is 0.":
            lambda s, t: (s - s.mean(0)) / np.maximum(s.std(0), 1) * t.std(0) + t.mean(0),
        "the source's own mean is not taken away first.": lambda s, t: s / s.std(0) * t.std(0) + t.mean(0),
        "it takes away the target's mean and divides by its spread; begin with the source's own.":
            lambda s, t: (s - t.mean(0)) / t.std(0),
        "it returns the *target*, mapped. Map the source's rows.": lambda s, t: _standard(t, s),
    }, [(s, t)], otherwise=told)  # fmt: skip
    still = s * (np.arange(5) > 0)
    compare(answer, names, right, {
        "it gives NaN or infinity where a number never changes, as in the empty border. Divide by 1 there.":
            lambda s, t: _standard(s, t) + np.where(s.std(0) > 0, 0, np.nan),
        "a number that never changes becomes 0; it too should get the target's mean.":
            lambda s, t: np.where(s.std(0) > 0, _standard(s, t), 0),
    }, [(still, t)], otherwise=told)  # fmt: skip
    return "a feature mapping without a single label. Lesson 08 measures what it is worth."


LUCK = 0.02  # three seeds of one preparation and of the same with a grain of noise differ by up to this


@exercise(
    "Where in its 8 × 8 field does a UCI digit stand, and how large is it? Compare with the row `crop`.",
    "Cut the digit out tightly: picture > 50 has ink, .any(0) and .any(1) say in which columns and rows.",
    "After `from PIL import Image`, Image.fromarray(cut).resize((5, 8), Image.BOX) makes it 8 high and 5 wide; "
    "np.pad adds empty columns.",
    solution="""from PIL import Image

def answer(picture):
    rows, columns = (np.flatnonzero((picture > 50).any(axis)) for axis in (1, 0))
    cut = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = np.asarray(Image.fromarray(cut).resize((5, 8), Image.BOX)) / 255
    return np.pad(small, ((0, 0), (2, 1)))""",
)
def prepare(answer, pair, target):
    answer, some = function_of("picture", answer), mnist_originals()[0][::500]

    def yours(picture):
        got = numbers(answer(picture))
        need(got.shape == (8, 8), f"it must return 8 × 8 numbers, not an array of shape {got.shape}.")
        need(np.isfinite(got).all(), "it returns NaN or infinity for one of the pictures.")
        low, high = got.min(), got.max()
        need(low >= 0 and high <= 1, f"its numbers go from {low:g} to {high:g}; 0 to 1 is wanted.")
        return got

    made = np.array([yours(picture) for picture in some])
    for given in (pad, crop, uci, nist):
        same = np.allclose(made, [given(picture) for picture in some])
        need(not same, f"that is `{given.__name__}`, which was measured already. Try something of your own.")
    need(made.any(), "every picture comes back empty: only zeros. Is there a // 255 where / 255 was meant?")
    score, bar = (untouched(pair, mnist(way), target, seeds=3).mean() for way in (yours, crop))
    scores = f"the untouched source scores {score:.3f} with it"
    need(score > bar, f"{scores}; with `crop`, {bar:.3f}. Look at the two pictures again.")
    need(score > bar + LUCK, f"{scores}; with `crop`, {bar:.3f}. Over three seeds that may be luck.")
    return f"{scores} (crop {bar:.3f}), before any method was used."

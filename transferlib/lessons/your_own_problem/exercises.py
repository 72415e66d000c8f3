"""The exercises of lesson 07, your own problem, and its capstone."""

import numpy as np
from scipy import stats

from transferlib.exercises import Wrong, compare, exercise, need
from transferlib.lessons.your_own_problem.shipped import all_digits
from transferlib.measures import in_brackets, interval
from transferlib.tasks import hold_out, stream
from transferlib.widgets.display import Shown

WORDS = ("helped", "hurt", "nothing", "not decided")


def _half(p=0.975, df=lambda n: n - 1, ddof=1, inside=lambda n, test, train: 1 / n + test / train, t=None, root=0.5):
    def function(values, test, train):
        n = len(values)
        return (t or stats.t.ppf(p, df(n))) * np.std(values, ddof=ddof) * inside(n, test, train) ** root

    return function


@exercise(
    "The usual half width is t · s · √(1/n). Here something is added under the root.",
    "Under the root stands 1/n + test/train; t is scipy.stats.t.ppf(0.975, n - 1), s has ddof=1.",
    solution="""from scipy import stats

def answer(values, test, train):
    n = len(values)
    return stats.t.ppf(0.975, n - 1) * np.std(values, ddof=1) * np.sqrt(1 / n + test / train)""",
)
def honest(answer):
    cases = [
        (stream(i, "honest").normal(0.03, 0.05, n), test, train)
        for i, (n, test, train) in enumerate([(10, 15, 45), (5, 30, 60), (20, 7, 93), (10, 40, 40)])
    ]
    mistakes = {
        "that is the usual interval: it takes the splits for new data. Where is test / train?": _half(
            inside=lambda n, test, train: 1 / n
        ),
        "it has train / test under the root: many test rows that share few training rows make it wider, so test / train.": (
            _half(inside=lambda n, test, train: 1 / n + train / test)
        ),
        "it has test / (test + train): that is the correlation ρ; what is added is ρ / (1 − ρ) = test / train.": _half(
            inside=lambda n, test, train: 1 / n + test / (test + train)
        ),
        "1 / n is missing under the root: more splits still help a little.": _half(
            inside=lambda n, test, train: test / train
        ),
        "it multiplies 1 / n by test / train: the two are added.": _half(inside=lambda n, test, train: test / train / n),
        "np.std divides by n unless you say ddof=1.": _half(ddof=0),
        "it takes 1.96, the normal's; with few splits Student's t is wider.": _half(t=1.959964),
        "it takes 1.96, the normal's; with few splits Student's t is wider. (1.96 as typed.)": _half(t=1.96),
        "t leaves 5 % out on one side; for a 95 % interval it is 2.5 % on each: 0.975.": _half(p=0.95),
        "Student's t has n − 1 degrees of freedom here, not n.": _half(df=lambda n: n),
        "the root is missing: 1/n + test/train is a variance's factor.": _half(root=1),
        "there is no t in it: that is a standard error, and the half width is t times as wide.": _half(t=1.0),
        "that is the whole width; asked for is half of it.": lambda *given: 2 * _half()(*given),
    }
    compare(answer, "values, test, train", _half(), mistakes, cases)
    return "splits of the same rows share their training rows; test/train is what no number of splits takes away."


def _word(low, high, matters):
    if low > 0:
        return "helped"
    if high < 0:
        return "hurt"
    return "nothing" if -matters < low and high < matters else "not decided"


def _read_word(got):
    need(got is not None, "it returns nothing: is there a `return` on every way through?")
    need(isinstance(got, str), f"it should return a word, and returns a {type(got).__name__}.")
    word = got.strip().lower()
    need(word in WORDS, f"it returns {got!r}; the words are: {', '.join(WORDS)}.")
    return np.array(float(WORDS.index(word)))


def _by_mean(low, high, matters):
    return "helped" if low + high > 0 else "hurt"


def _no_nothing(low, high, matters):
    return "helped" if low > 0 else "hurt" if high < 0 else "not decided"


@exercise(
    "Where must the *whole* interval lie for “helped”? For “hurt”?",
    "If it holds 0, look whether all of it is within ± matters: only then is it “nothing”.",
    solution="""def answer(low, high, matters):
    if low > 0:
        return "helped"
    if high < 0:
        return "hurt"
    return "nothing" if -matters < low and high < matters else "not decided\"""",
)
def word(answer):
    cases = [
        (0.01, 0.05, 0.02), (-0.05, -0.01, 0.02), (-0.01, 0.015, 0.02), (-0.01, 0.08, 0.02), (-0.06, 0.01, 0.02),
        (-0.05, 0.05, 0.02), (0.002, 0.015, 0.02), (-0.018, -0.002, 0.02), (-0.03, 0.04, 0.05), (0.015, 0.09, 0.02),
        (-0.09, 0.015, 0.02), (-0.015, 0.09, 0.02),
    ]  # fmt: skip
    mistakes = {
        "it looks at the middle of the interval only: a mean above 0 may be luck.": _by_mean,
        "it never says “nothing”: an interval round 0 that is narrow is news.": _no_nothing,
        "an interval that holds 0 is not “nothing” by itself: a wide one has only not decided it.": lambda a, b, m: (
            "helped" if a > 0 else "hurt" if b < 0 else "nothing"
        ),
        "“helped” is asked of low > matters: an interval wholly above 0 helped, if little.": lambda a, b, m: (
            "helped" if a > m else "hurt" if b < -m else "nothing" if -m < a and b < m else "not decided"
        ),
        "the ends are exchanged: *helped* is when the low end lies above 0.": lambda a, b, m: (
            "helped" if b > 0 else "hurt" if a < 0 else "nothing"
        ),
        "helped and hurt are exchanged.": lambda a, b, m: {"helped": "hurt", "hurt": "helped"}.get(
            _word(a, b, m), _word(a, b, m)
        ),
        "nothing and not decided are exchanged.": lambda a, b, m: {
            "nothing": "not decided", "not decided": "nothing"
        }.get(_word(a, b, m), _word(a, b, m)),
        "for “nothing” both ends must lie within ± matters, and it asks one of them.": (
            lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if b < m else "not decided",
        ),
        "for “nothing” both ends must lie within ± matters, and it asks the low one alone.": (
            lambda a, b, m: "helped" if a > 0 else "hurt" if b < 0 else "nothing" if -m < a else "not decided"
        ),
        "it asks whether the *middle* is within ± matters; the whole interval must be.": lambda a, b, m: (
            "helped" if a > 0 else "hurt" if b < 0 else "nothing" if abs(a + b) / 2 < m else "not decided"
        ),
        "it says the same whatever the interval.": tuple((lambda *_, w=w: w) for w in WORDS),
    }  # fmt: skip

    def tell(got, right):
        return f"for one interval it says “{WORDS[int(got)]}”, where “{WORDS[int(right)]}” is what can be said."

    compare(answer, "low, high, matters", _word, mistakes, cases, read=_read_word, otherwise=tell)
    return "four words, and “not decided” is one of them: it is no failure to say it."


def _balanced(said, truth):
    return np.mean([np.mean(said[truth == c] == c) for c in np.unique(truth)])


def _of_classes(function):
    """The mean over the classes of something about each."""
    return lambda said, truth: np.mean([function(said, truth, c) for c in np.unique(truth)])


@exercise(
    "For each class: of the rows that *are* of it, what share is right? Then the mean of these shares.",
    "np.unique(truth) gives the classes; (said[truth == c] == c).mean() is one share.",
    solution="""def answer(said, truth):
    return np.mean([(said[truth == c] == c).mean() for c in np.unique(truth)])""",
)
def balanced(answer):
    cases = []
    for i, (n, shares) in enumerate([(40, (0.9, 0.1)), (60, (0.6, 0.3, 0.1)), (30, (0.2, 0.8))]):
        rng = stream(i, "balanced")
        truth = rng.choice(len(shares), n, p=shares)
        truth[: len(shares)] = range(len(shares))
        said = np.where(rng.random(n) < 0.6, truth, rng.choice(len(shares), n, p=shares))
        cases.append((said, truth))
    with np.errstate(all="ignore"):
        mistakes = {
            "that is plain accuracy: the largest class decides it.": lambda s, t: np.mean(s == t),
            "it asks of the rows that were *said* to be of a class how many are (precision); ask of those that are.": (
                _of_classes(lambda s, t, c: np.mean(t[s == c] == c))
            ),
            "it divides each class's right answers by all rows.": _of_classes(lambda s, t, c: np.mean((s == c) & (t == c))),
            "it adds the classes' shares up; take their mean.": lambda s, t: len(np.unique(t)) * _balanced(s, t),
            "it takes the worst class; asked for is the mean over the classes.": lambda s, t: min(
                np.mean(s[t == c] == c) for c in np.unique(t)
            ),
            "that is the share of wrong answers: 1 minus it is asked for.": lambda s, t: 1 - _balanced(s, t),
            "it weighs each class by its size, and so is plain accuracy again… of the wrong rows.": lambda s, t: np.mean(
                s != t
            ),
            "in percent? Give a share between 0 and 1.": lambda s, t: 100 * _balanced(s, t),
            "it counts, for each class, a row of another class that was not said to be of it as right too.": _of_classes(
                lambda s, t, c: np.mean((s == c) == (t == c))
            ),
            "it takes the product of the classes' shares (or their geometric mean); the mean is asked for.": (
                lambda s, t: np.prod([np.mean(s[t == c] == c) for c in np.unique(t)]),
                lambda s, t: np.prod([np.mean(s[t == c] == c) for c in np.unique(t)]) ** (1 / len(np.unique(t))),
            ),
        }
    compare(answer, "said, truth", _balanced, mistakes, cases)
    return "a constant gets 1 / classes by this measure, however rare the other classes are."


def _rows(rows, half, target):
    return rows * (half / target) ** 2


@exercise(
    "An interval gets narrower as 1/√rows. By what factor must the rows grow for it to be half as wide?",
    "The width must shrink by half / target; the rows grow by the square of that.",
    solution="""def answer(rows, half, target):
    return rows * (half / target) ** 2""",
)
def more_rows(answer):
    cases = [(60, 0.15, 0.05), (79, 0.18, 0.06), (200, 0.04, 0.02), (40, 0.3, 0.02)]
    mistakes = {
        "the width falls with the *root* of the rows, so the factor has to be squared.": lambda r, h, t: r * h / t,
        "the quotient is upside down: a narrower interval takes more rows.": (
            lambda r, h, t: r * (t / h) ** 2, lambda r, h, t: r * t / h
        ),
        "it takes the root where the square belongs.": lambda r, h, t: r * (h / t) ** 0.5,
        "that is the factor; times the rows that there are.": lambda r, h, t: (h / t) ** 2,
        "it squares the rows too.": lambda r, h, t: (r * h / t) ** 2,
        "those are the rows to *add*; asked for are all of them.": lambda r, h, t: r * (h / t) ** 2 - r,
        "half is half of the width already: there is no factor of 2, or 4, to add.": (
            lambda r, h, t: r * (2 * h / t) ** 2, lambda r, h, t: 2 * r * (h / t) ** 2
        ),
        "it takes the difference of the widths; the rows grow with their quotient, squared.": (
            lambda r, h, t: r * (h - t), lambda r, h, t: r + (h - t), lambda r, h, t: r * (1 + h - t)
        ),
        "it cubes the quotient; the square is enough.": lambda r, h, t: r * (h / t) ** 3,
    }  # fmt: skip
    right = _rows, lambda r, h, t: np.ceil(_rows(r, h, t)), lambda r, h, t: np.round(_rows(r, h, t))
    compare(answer, "rows, half, target", right, mistakes, cases)
    return "half the width costs four times the labels. Ask for the price before you ask for the labels."


class Capstone:
    """Sixty labelled digits of some writers, and digits of six others whose labels stay hidden.

    rows (60, 100), labels (60,)   what you may learn from;  hidden (n, 100)   what you are to answer for
    """

    def __init__(self):
        x, y, writers = all_digits()
        mine, theirs = np.flatnonzero(writers < 8), np.flatnonzero(writers >= 8)
        chosen = mine[hold_out("capstone", y[mine], tuple("0123456789"), test=60, seed=7)[1]]
        self.rows, self.labels, self.hidden = x[chosen], y[chosen], x[theirs]
        self._truth, self._writers, self._times = y[theirs], writers[theirs], 0

    def hand_in(self, answers=..., control=None) -> Shown:
        """The score of answers (n,), a digit for each hidden row, and what may be claimed.

        control   the answers of a model without the source: only with them can a report say what the source did
        """
        if answers is ... or answers is None:
            return Shown("capstone: nothing handed in yet. Replace the ... and run this cell again.")
        try:
            right = self._right(answers, "answers")
            without = None if control is None else self._right(control, "control")
        except Wrong as mistake:
            return Shown(f"✗ capstone: {mistake}")
        self._times += 1
        return Shown("\n".join(self._report(right, without)))

    def _right(self, given, name):
        given = np.asarray(given)
        given = given.argmax(1) if given.ndim == 2 and given.shape[1] == 10 else given
        need(given.shape == self._truth.shape, f"{name} must be one digit for each of the {len(self._truth)} hidden rows; "
             f"they have the shape {given.shape}.")  # fmt: skip
        try:
            given = given.astype(float)
        except (TypeError, ValueError):
            raise Wrong(f"{name} must be digits, 0 to 9, such as {given.ravel()[0]!r} is not.") from None
        strange = given[~np.isin(given, range(10))].tolist()
        need(not strange, f"{name} must be digits, 0 to 9; there is {strange[:1]} among them.")
        need(len(np.unique(given)) > 1, f"{name} are all {given[0]:g}: that is a constant, and no model.")
        return given == self._truth

    def _report(self, right, without):
        level, by = 1 - 0.05 / self._times, np.unique(self._writers)
        of = [right[self._writers == w].mean() for w in by]
        mean, low, high = (100 * v for v in interval(of, level))
        lines = [
            f"Score: {mean:.1f} % [{max(0, low):.1f}, {min(100, high):.1f}], mean and interval over {len(by)} writers.",
            f"You may claim: it reads that much of isolated digits of writers whom it has not met, made as these were. "
            f"The {len(by)} writers are the sample, not the {len(right)} pictures.",
        ]
        if without is None:
            lines.append("You may not claim that the source helped: there is no control. Hand in a model without it too.")
        else:
            gain = [each - without[self._writers == w].mean() for each, w in zip(of, by)]
            mean, low, high = (100 * float(v) for v in interval(gain, level))
            word = {"helped": "You may claim that the source helped", "hurt": "You may claim that it hurt"}.get(
                _word(low, high, 2), "You may claim neither that it helped nor that it hurt"
            )
            lines.append(f"{word}: {in_brackets(mean, low, high, len(by))} points against your control, writer by writer.")
            lines.append(
                "That is of these two models: other labels or another seed would give others. Of those the ladder speaks."
            )
        if self._times > 1:
            lines.append(
                f"You have looked {self._times} times: the intervals are widened for that. If you chose by it, say so."
            )
        lines.append("You may not claim anything of other pens, other forms, or of digits that are not cut out already.")
        return lines

"""The exercises of lesson 07, your own problem, and its capstone."""

import numpy as np

from transferlib.exercises import Wrong, code_exercise, compare, exercise, need, of_students_t, run
from transferlib.lessons.your_own_problem.examples import all_digits
from transferlib.measures import in_brackets, interval
from transferlib.tasks import hold_out, rng_for
from transferlib.widgets.display import Shown

WORDS = ("helped", "hurt", "nothing", "not decided")


T = "stats.t.ppf(0.975, n - 1)"


@code_exercise(
    "The usual half width is t · s · √(1/n). Here something is added under the root.",
    "Under the root stands 1/n + test/train; t is scipy.stats.t.ppf(0.975, n - 1), s has ddof=1.",
    solution=f"""from scipy import stats

def answer(values, test, train):
    n = len(values)
    return {T} * np.std(values, ddof=1) * np.sqrt(1 / n + test / train)""",
    mistakes={
        "the usual interval takes splits for new data: where is test / train?": "+ test / train →",
        "under the root stands train / test; it is test / train.": "test / train → train / test",
        "it adds ρ; it should be ρ / (1 − ρ) = test / train.": "test / train → test / (test + train)",
        "1 / n is missing under the root: more splits still help a little.": "1 / n + →",
        **of_students_t(T),
        "the root is missing: variances add up, 1 / n + test / train, and the width is their root.": "np.sqrt →",
        "that is an end of the interval; asked for is half of its width.": (
            "np.mean(values) + answer(values, test, train)",
            "np.mean(values) - answer(values, test, train)",
        ),
        "that is the whole width; asked for is half of it.": "2 * answer(values, test, train)",
    },
    praise="splits of the same rows share training rows; test/train is what no number of splits takes away.",
    near=1e-5,
)
def honest():
    sizes = enumerate([(10, 15, 45), (5, 30, 60), (20, 7, 93), (10, 40, 40)])
    return [(rng_for(i, "honest").normal(0.03, 0.05, n), *rows) for i, (n, *rows) in sizes]


def _word(low, high, matters, least=0.0, narrow=lambda a, b, matters: -matters < a and b < matters):
    """What an interval allows to say; or another word, where “helped” and “nothing” ask for other things."""
    if low > least:
        return "helped"
    if high < -least:
        return "hurt"
    return "nothing" if narrow(low, high, matters) else "not decided"


def _read_word(got):
    need(got is not None, "it returns nothing: is there a `return` on every way through?")
    got = got.item() if isinstance(got, np.ndarray) and got.size == 1 else got
    need(isinstance(got, str), f"it should return a word, and returns a {type(got).__name__}.")
    word = got.strip().lower().replace("_", " ").removesuffix(" that matters")
    need(word in WORDS, f"it returns {got!r}; the words are: {', '.join(WORDS)}.")
    return np.array(WORDS.index(word))


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
    def narrow(*ways):
        return tuple(lambda *given, way=way: _word(*given, narrow=way) for way in ways)

    def small_first(a, b, m):
        return "nothing" if -m < a and b < m else _word(a, b, m)

    def tell(got, right):
        case = next(case for case in cases if _read_word(run(answer, *case)) != _read_word(_word(*case)))
        says = f"it says “{WORDS[int(got)]}”, where “{WORDS[int(right)]}” is what can be said."
        return "for {} to {}, where ± {} matters, ".format(*case) + says

    ends = [
        (0.01, 0.05), (-0.05, -0.01), (-0.01, 0.015), (-0.01, 0.08), (-0.06, 0.01), (-0.05, 0.05),
        (0.002, 0.015), (-0.018, -0.002), (0.015, 0.09), (-0.09, 0.015), (-0.015, 0.09), (-0.005, 0.03),
        (-0.03, 0.005), (0.03, 0.04), (-0.004, 0.006), (0.0, 0.03), (-0.03, 0.0),
    ]  # fmt: skip
    cases = [(*two, 0.02) for two in ends] + [(-0.03, 0.04, 0.05)]
    compare(answer, "low, high, matters", _word, {
        "a middle above 0 may be luck: look at the whole interval.": lambda a, b, m: WORDS[a + b <= 0],
        "it never says “nothing”: an interval round 0 that is narrow is news.": narrow(lambda *given: False),
        "“nothing” is not for all that hold 0: a wide one has not decided it.": narrow(lambda *given: True),
        "an interval that ends at 0 holds 0: for “helped” it has to lie above 0, for “hurt” below.":
            lambda a, b, m: "helped" if a >= 0 else "hurt" if b <= 0 else _word(a, b, m),
        "“nothing” is for an interval that holds 0. Wholly above 0 is “helped”, if little; below it, “hurt”.":
            (small_first, lambda a, b, m: _word(a, b, m, m)),
        "for “nothing” both ends must lie within ± matters; that the interval is narrow is not enough.":
            narrow(lambda a, b, m: b - a < 2 * m, lambda a, b, m: b - a < m),
        "for “nothing” both ends must lie within ± matters, and it asks one of them, or the middle.":
            narrow(lambda a, b, m: b < m, lambda a, b, m: -m < a, lambda a, b, m: abs(a + b) < 2 * m),
    }, cases, read=_read_word, otherwise=tell)  # fmt: skip
    return "four words, and “not decided” is one of them: it is no failure to say it."


@code_exercise(
    "For each class: of the rows that *are* of it, what share is right? Then the mean of these shares.",
    "np.unique(truth) gives the classes; (said[truth == c] == c).mean() is one share.",
    solution="""def answer(said, truth):
    return np.mean([(said[truth == c] == c).mean() for c in np.unique(truth)])""",
    mistakes={
        "that is plain accuracy: the largest class decides it.": "np.mean(said == truth)",
        "a class that is never said counts too, with 0: take them from `truth`.":
            "np.unique(truth) → np.unique(said)",
        "that is precision: ask of the rows that *are* of a class, and not of those said to be.":
            ("said[truth == c] → truth[said == c]", "answer(truth, said)"),
        "each class is divided by all rows, not its own.":
            "said[truth == c] == c → (said == c) & (truth == c)",
        "some classes are left out; np.unique(truth) has them all.":
            ("np.unique(truth) → (0, 1)", "np.unique(truth) → range(max(truth))"),
        "that is the balanced *error*: 1 less it.": "1 - answer(said, truth)",
        "it adds the classes' shares up; take their mean.": "np.mean → np.sum",
        "a row of another class that was not said to be of this one counts as right, too; leave it out.":
            "said[truth == c] == c → (said == c) == (truth == c)",
    },
    praise="a constant gets 1 / classes by this measure, however rare the other classes are.",
)  # fmt: skip
def balanced():
    rng, cases = rng_for(0, "balanced"), []
    for sizes in ((36, 4), (36, 18, 6), (6, 24)):
        truth = rng.permutation(np.repeat(range(len(sizes)), sizes))
        cases.append((np.where(rng.random(len(truth)) < 0.6, truth, rng.permutation(truth)), truth))
    return [*cases, (np.zeros(60, int), cases[1][1])]  # a constant: two of the three classes are never said


@code_exercise(
    "An interval gets narrower as 1/√rows. By what factor must the rows grow for it to be half as wide?",
    "The width must shrink by half / target; the rows grow by the square of that.",
    solution="""def answer(rows, half, target):
    return rows * (half / target) ** 2""",
    mistakes={
        "the width falls with the *root* of the rows: square the factor.": "** 2 →",
        "a narrower interval takes more rows: it is half / target.":
            ("half / target → target / half", "np.ceil(rows * (target / half) ** 2)"),
        "it takes the root where the square belongs.": "** 2 → ** 0.5",
        "that is the factor; times the rows that there are.": ("rows * →", "np.ceil((half / target) ** 2)"),
        "those are the rows to *add*; asked for are all of them.": "** 2 → ** 2 - rows",
        "half is half of the width already: no factor 4 is left.":
            ("half / target → 2 * half / target", "half / target → half / 2 / target"),
    },
    praise="half the width costs four times the labels. Ask for the price before you ask for the labels.",
    near=3e-4,  # rounded or not
)  # fmt: skip
def more_rows():
    return [(1610, 0.15, 0.04), (2790, 0.17, 0.06), (4000, 0.047, 0.02), (1410, 0.3, 0.07)]


class Capstone:
    """Sixty labelled digits of some writers, and digits of six others whose labels stay hidden.

    rows (60, 100), labels (60,)   what you may learn from
    hidden (n, 100)                what you are to answer for
    """

    def __init__(self):
        x, y, writers = all_digits()
        mine, theirs = np.flatnonzero(writers < 8), np.flatnonzero(writers >= 8)
        chosen = mine[hold_out("capstone", y[mine], tuple("0123456789"), test=60, seed=7)[1]]
        self.rows, self.labels, self.hidden = x[chosen], y[chosen], x[theirs]
        self._truth, self._writers = y[theirs], writers[theirs]
        self._answers, self._pairs = set(), set()  # what has been handed in, alone and beside a control

    def hand_in(self, answers=..., control=None) -> Shown:
        """The score of answers (n,), a digit for each hidden row, and what may be claimed.

        control   the answers of a model without the source: with them a report can say what the source did
        """
        if answers is ... or answers is None:
            return Shown("capstone: nothing handed in yet. Replace the ... and run this cell again.")
        try:
            given = self._digits(answers, "answers")
            without = None if control is None else self._digits(control, "control")
        except Wrong as mistake:
            return Shown(f"✗ capstone: {mistake}")
        self._answers.add(given.tobytes())  # the same once more is no further look
        if without is not None:
            self._pairs.add((given.tobytes(), without.tobytes()))
        return Shown("\n".join(self._report(given, without)))

    def _digits(self, given, name):
        n = len(self._truth)
        try:
            given = np.asarray(given)
            given = np.asarray(given.argmax(1) if given.shape == (n, 10) else given, float)
        except (TypeError, ValueError):
            raise Wrong(f"{name} must be digits, 0 to 9, one for each hidden row.") from None
        each = f"{name} must be one digit for each of the {n} hidden rows"
        need(given.shape == (n,), f"{each}; they have the shape {given.shape}.")
        strange = given[~np.isin(given, range(10))].tolist()
        need(not strange, f"{name} must be digits, 0 to 9; there is {strange[:1]} among them.")
        need(len(np.unique(given)) > 1, f"{name} are all {given[0]:g}: that is a constant, and no model.")
        return given.astype(int)

    def _report(self, given, without):
        by = np.unique(self._writers)
        looks = max(len(self._answers), len(self._pairs))

        def over_writers(values):
            mean, *ends = interval([100 * values[self._writers == w].mean() for w in by], 1 - 0.05 / looks)
            return float(mean), *map(float, ends)

        right = given == self._truth
        mean, low, high = over_writers(right)
        score = f"{mean:.1f} % [{max(0, low):.1f}, {min(100, high):.1f}]"
        lines = [
            f"Score: {score}, mean and interval over {len(by)} writers.",
            "You may claim: it reads that much of isolated digits of writers whom it has not met, made as "
            f"these were. The {len(by)} writers are the sample, not the {len(given)} pictures.",
        ]
        if without is None:
            why = "there is no control. Hand in a model without it too."
            lines.append(f"You may not claim that the source helped: {why}")
        else:
            gain = over_writers(right * 1.0 - (without == self._truth))
            may = {
                "helped": "that the source helped",
                "hurt": "that it hurt",
                "nothing": "that it did nothing that matters (within ± 2 points)",
                "not decided": "neither that it helped nor that it hurt",
            }[_word(*gain[1:], 2)]
            less = f"{in_brackets(*gain, len(by))} points against your control, writer by writer."
            lines.append(f"You may claim {may}: {less}")
            lines.append("That is of these two models: other labels or another seed would give others.")
        if looks > 1:
            lines.append(f"You have looked {looks} times: the intervals are wider. Say if you chose by it.")
        return [*lines, "You may not claim anything of other pens, other forms, or digits not cut out."]

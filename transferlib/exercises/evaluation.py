"""The exercises of lesson 05, evaluation."""

import numpy as np
from scipy import stats

from transferlib.exercises import Exercise, need, number
from transferlib.measures import at, interval, time_to_threshold


def _lottery(answer, results):
    need(
        isinstance(answer, (list, tuple, range, np.ndarray)),
        f"a list of seeds is asked for, such as [3, 4, 5], not {answer!r}.",
    )
    asked, n = [int(number(s)) for s in answer], len(results["from scratch"])
    need(len(asked) == 3, f"three seeds are asked for, and these are {len(asked)}.")
    need(len(set(asked)) == 3, "the same seed counts once: its run would come out the same again.")
    need(all(0 <= s < n for s in asked), f"the seeds run from 0 to {n - 1}.")
    means = {name: at(runs)[asked].mean() for name, runs in results.items()}
    first, second = sorted(means, key=means.get, reverse=True)[:2]
    ahead = 100 * (means[first] - means["from scratch"])
    need(first == "from scratch", f"with these three {first} wins, {ahead:.1f} points ahead of from scratch.")
    lead = 100 * (means[first] - means[second])
    return f"{lead:.1f} points ahead of {second}, mean of three seeds, all true. And worth nothing."


lottery = Exercise(
    "lottery",
    _lottery,
    (
        "For each seed, how far is from scratch ahead of the best of the others? Take the three seeds where it is largest.",
        "at(lottery['from scratch']) holds one accuracy a seed; np.argsort gives the order of an array, smallest first.",
    ),
    """import numpy as np

others = np.max([at(lottery[name]) for name in lottery if name != "from scratch"], axis=0)
answer = np.argsort(others - at(lottery["from scratch"]))[:3].tolist()""",
)


def _named(got, expected, mistakes):
    """Tell the mistake whose result `got` is, if it is one of `mistakes`, as (message, result) pairs."""
    if not np.allclose(got, expected, equal_nan=True):
        for message, mistaken in mistakes:
            need(not np.allclose(got, mistaken, equal_nan=True), message)


def _half(values, t=None, ddof=1):
    t = stats.t.ppf(0.975, len(values) - 1) if t is None else t
    return t * np.std(values, ddof=ddof) / np.sqrt(len(values))


def _paired(answer):
    need(callable(answer), f"a function of (a, b) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(5)
    for n in (10, 6, 25):
        luck = rng.normal(0, 0.03, n)
        a, b = 0.9 + luck + rng.normal(0, 0.01, n), 0.88 + luck + rng.normal(0, 0.01, n)
        got = np.asarray(answer(a.copy(), b.copy()), float)
        need(got.shape == (3,), f"three numbers are asked for, (mean, low, high); it returns {got!r}.")
        d, mean = a - b, (a - b).mean()

        def around(half, mean=mean):
            return mean, mean - half, mean + half

        _named(
            got,
            interval(d),
            (
                ("the difference is the wrong way round: a - b is positive where a is ahead.", interval(-d)),
                (
                    "it treats a and b as two separate groups: their variances were added. Take a - b first.",
                    around(stats.t.ppf(0.975, n - 1) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)),
                ),
                (
                    "it treats a and b as two separate groups (2n - 2 degrees of freedom). Take a - b first.",
                    around(stats.t.ppf(0.975, 2 * n - 2) * np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / n)),
                ),
                ("it forgets to divide by √n: this is the spread of single seeds.", around(_half(d) * np.sqrt(n))),
                ("it divides by n - 0 in the standard deviation: use ddof=1.", around(_half(d, ddof=0))),
                ("it uses the normal's 1.96. Over few seeds Student's t is wider.", around(_half(d, t=1.96))),
                (
                    "it uses the normal's 1.96. Over few seeds Student's t is wider.",
                    around(_half(d, t=stats.norm.ppf(0.975))),
                ),
                (
                    "it leaves 5 % out on each side. For a 95 % interval that is 2.5 % a side: ppf(0.975).",
                    around(_half(d, t=stats.t.ppf(0.95, n - 1))),
                ),
                ("it uses n degrees of freedom; n differences have n - 1.", around(_half(d, t=stats.t.ppf(0.975, n)))),
            ),
        )
        expected = np.round(interval(d), 4)
        need(np.allclose(got, expected, atol=1e-4), f"for {n} seeds it gives {got.round(4)} instead of {expected}.")
    return "one difference a seed, and the interval of their mean."


paired = Exercise(
    "paired",
    _paired,
    (
        "Make one array of differences first; what seeds have in common drops out of it.",
        "The half width is t · s / √n, with s = differences.std(ddof=1) and n = len(differences).",
        "stats.t.ppf(0.975, n - 1) is that t.",
    ),
    """from scipy import stats

def answer(a, b):
    d = a - b
    half = stats.t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / len(d) ** 0.5
    return d.mean(), d.mean() - half, d.mean() + half""",
)


def _threshold(answer):
    need(callable(answer), f"a function of (step, curve, level) is asked for, not {type(answer).__name__}.")
    step = np.arange(0, 60, 10)
    for curve, level in (
        ([0.1, 0.5, 0.8, 0.7, 0.9, 0.9], 0.75),
        ([0.1, 0.5, 0.75, 0.8, 0.9, 0.9], 0.75),
        ([0.8, 0.7, 0.8, 0.8, 0.9, 0.9], 0.75),
        ([0.1, 0.2, 0.3, 0.3, 0.3, 0.3], 0.75),
    ):
        curve = np.array(curve)
        got, right = answer(step.copy(), curve.copy(), level), time_to_threshold(step, curve, level)
        need(np.ndim(got) == 0, f"one number is asked for, not {got!r}.")
        shown = f"For steps {step.tolist()} and curve {curve.tolist()}"
        if np.isnan(right):
            never = "the level is never reached, and"
            need(got is not None and np.isnan(got), f"{shown}, {never} it gives {got}. Return NaN: 'never' is not a time.")
            continue
        need(got is not None and np.isfinite(got), f"{shown} it gives {got}, but 0.75 is reached at step {right:g}.")
        if got == right:
            continue
        hit = np.flatnonzero(curve >= level)
        need(got != hit[0], f"{shown} it gives {got}: that is a place in the array. Look that place up in step.")
        above = np.flatnonzero(curve > level)
        need(got != step[above[0]], "reaching the level counts: use >= and not >.")
        falls = np.flatnonzero(curve < level)
        below = step[falls[-1] + 1] if len(falls) else step[0]
        need(got != below, f"{shown} it gives {got}, when the level is held for good; asked for is the *first* time.")
        need(got != step[hit[-1]], f"{shown} it gives {got}, the last time; asked for is the first.")
        need(False, f"{shown} it gives {got} instead of {right:g}.")
    return "and an arm that never gets there is not given a number."


threshold = Exercise(
    "threshold",
    _threshold,
    (
        "curve >= level is an array of True and False; what you want is the step at the first True.",
        "np.argmax of such an array is the place of its first True, and 0 if there is none: ask .any() first.",
    ),
    """import numpy as np

def answer(step, curve, level):
    reached = curve >= level
    return step[reached.argmax()] if reached.any() else np.nan""",
)


def _ece(answer):
    need(callable(answer), f"a function of (sure, right) is asked for, not {type(answer).__name__}.")
    rng = np.random.default_rng(6)
    cancel = (
        "gaps of opposite sign cancel, as if all rows were in one bin. Take |accuracy - confidence| in each bin, then add."
    )
    for n in (200, 37):
        sure = rng.uniform(0.2, 1, n) ** 0.5
        right = (rng.random(n) < sure**1.7 + 0.1 * np.sin(9 * sure)).astype(float)
        place = np.clip(np.ceil(sure * 10).astype(int) - 1, 0, 9)
        bins = [(right[place == b].mean() - sure[place == b].mean(), np.mean(place == b)) for b in set(place)]
        gaps, share = np.array(bins).T
        got = answer(sure.copy(), right.copy())
        need(np.ndim(got) == 0 and got is not None, f"one number is asked for, not {got!r}.")
        need(
            not np.isnan(got),
            "it gives NaN: some of the ten bins are empty, and the mean of nothing is NaN. Leave those out.",
        )
        expected = (share * np.abs(gaps)).sum()
        _named(
            got,
            expected,
            (
                ("every bin counts alike in yours. Weight each by its share of the rows.", np.abs(gaps).mean()),
                (cancel, (share * gaps).sum()),
                (cancel, -(share * gaps).sum()),
                ("that is the largest gap of all bins (called MCE); asked for is their weighted mean.", np.abs(gaps).max()),
                ("distances are squared in yours; ECE takes them as they are.", (share * gaps**2).sum()),
                ("bins are weighted by their number of rows; divide by the number of all rows.", n * expected),
            ),
        )
        need(np.isclose(got, expected), f"for {n} rows it gives {got:.4f} instead of {expected:.4f}.")
    return "the mean distance between what it says and how often it is right."


calibration = Exercise(
    "calibration",
    _ece,
    (
        "Go through the ten bins: which rows have a confidence in it? Their mean confidence, and their mean `right`?",
        "For b in range(10): rows = (sure > b / 10) & (sure <= (b + 1) / 10). Skip b when no row is in it.",
        "Add up rows.mean() * abs(right[rows].mean() - sure[rows].mean()).",
    ),
    """def answer(sure, right):
    total = 0
    for b in range(10):
        rows = (sure > b / 10) & (sure <= (b + 1) / 10)
        if rows.any():
            total += rows.mean() * abs(right[rows].mean() - sure[rows].mean())
    return total""",
)


LEAKS = {"none", "same picture", "statistics", "choice"}
_FOUND = {"ada": "none", "ben": "same picture", "cem": "statistics", "dot": "choice"}
_LOOK = {
    "ada": "her scaler stands inside the pipeline: `fit` shows it the training rows only.",
    "ben": "follow one picture of his: after `resample` there are several copies of it. Where may they go?",
    "cem": "compare his two lines with ada's: which rows has his scaler seen?",
    "dot": "nine models are fitted. By which rows is one of them chosen, and by which is it reported?",
}


def _leak(answer):
    need(isinstance(answer, dict), 'a dictionary is asked for: {"ada": ..., "ben": ..., "cem": ..., "dot": ...}.')
    answer = {name: said for name, said in answer.items() if said is not ...}
    need(set(answer) == set(_FOUND), f"it should speak of {', '.join(_FOUND)}, and speaks of {', '.join(map(str, answer))}.")
    for name, said in answer.items():
        need(said in LEAKS, f"for {name}: {said!r} is not one of {', '.join(sorted(LEAKS))}.")
    for name, said in answer.items():
        if said != _FOUND[name]:
            accused = "is innocent" if _FOUND[name] == "none" else "does leak" if said == "none" else "leaks, but elsewhere"
            need(False, f"{name} {accused}: {_LOOK[name]}")
    return "and look again at what each leak was worth: copies by far the most, the others as much as many a published gain."


leak = Exercise(
    "leak",
    _leak,
    (
        "Ask of each line: does it look at a row that will be a test row, before the score?",
        "Three of the four do: one copies rows, one averages over them, one chooses by them.",
    ),
    'answer = {"ada": "none", "ben": "same picture", "cem": "statistics", "dot": "choice"}',
)


def _honest(answer):
    need(callable(answer), f"a function of (x, who, seed) is asked for, not {type(answer).__name__}.")
    for seed in range(3):
        rng = np.random.default_rng([5, seed])
        who = rng.permutation(np.repeat(np.arange(40), rng.integers(1, 6, 40)))
        x = rng.normal(size=(40, 7))[who] + rng.normal(0, 0.1, (len(who), 7))
        got = answer(x.copy(), who.copy(), seed)
        need(isinstance(got, tuple) and len(got) == 4, "four things are asked for: train, test, mean, std.")
        train, test, mean, std = (np.asarray(part) for part in got)
        for name, rows in (("train", train), ("test", test)):
            need(len(rows) > 0, f"{name} is empty.")
            mask = rows.dtype == bool and rows.shape == who.shape
            need(mask or np.issubdtype(rows.dtype, np.integer), f"{name} should be row numbers, or a mask over the rows.")
        train, test = (np.flatnonzero(rows) if rows.dtype == bool else rows for rows in (train, test))
        everyone = len(set(who) - set(who[train]) - set(who[test]))
        rows_twice = len(set(train) & set(test))
        need(rows_twice == 0, f"{rows_twice} rows are in train *and* in test.")
        both = len(set(who[train]) & set(who[test]))
        need(
            both == 0,
            f"{both} of the 40 pictures have copies on both sides. Deal out the pictures (np.unique(who)), not the rows.",
        )
        need(everyone == 0 and len(train) + len(test) == len(who), "some rows are in neither train nor test.")
        pictures = len(set(who[test]))
        need(8 <= pictures <= 32, f"test holds {pictures} of the 40 pictures; about half was asked for.")
        need(
            mean.shape == std.shape == (7,),
            f"mean and std should be one number a column, (7,); got {mean.shape}, {std.shape}.",
        )
        for name, value, of in (("mean", mean, np.mean), ("std", std, np.std)):
            need(not np.allclose(value, of(x, 0)), f"the {name} is that of all rows: the test rows were looked at.")
            need(not np.allclose(value, of(x[test], 0)), f"the {name} is that of the test rows.")
            need(np.allclose(value, of(x[train], 0), rtol=0.05), f"the {name} is not that of the training rows.")
    one, again, other = (np.sort(np.asarray(answer(x.copy(), who.copy(), s)[1])) for s in (1, 1, 2))
    need(np.array_equal(one, again), "the same seed gives another split each time: draw with np.random.default_rng(seed).")
    need(not np.array_equal(one, other), "every seed gives the same split: use the seed.")
    return "nothing that the test holds was known to the training."


honest = Exercise(
    "honest",
    _honest,
    (
        "What must not be on both sides is a *picture*, and who[i] is the picture that row i was made from.",
        "Shuffle np.unique(who), take half of the pictures, and find their rows with np.isin(who, half).",
        "mean and std come last, from x[train] alone.",
    ),
    """import numpy as np

def answer(x, who, seed):
    pictures = np.random.default_rng(seed).permutation(np.unique(who))
    train = np.isin(who, pictures[: len(pictures) // 2])
    return np.flatnonzero(train), np.flatnonzero(~train), x[train].mean(0), x[train].std(0)""",
)

"""The exercises of lesson 05, evaluation."""

import numpy as np

from transferlib.exercises import (
    code_exercise,
    compare,
    exercise,
    function_of,
    match,
    need,
    number,
    numbers,
    of_students_t,
    several,
)
from transferlib.measures import in_points, time_to_threshold, value_at
from transferlib.tasks import rng_for


@exercise(
    "For each seed, how far is from scratch ahead of the best of the others? Take the three largest leads.",
    "value_at(lottery['from scratch']) is one accuracy a seed; np.argsort is an array's order, smallest first.",
    solution="""import numpy as np

others = np.max([value_at(lottery[name]) for name in lottery if name != "from scratch"], axis=0)
answer = np.argsort(others - value_at(lottery["from scratch"]))[:3].tolist()""",
)
def lottery(answer, results):
    asked = f"a list of seeds is asked for, such as [3, 4, 5], not a {type(answer).__name__}."
    asked, n = [number(seed) for seed in several(answer, asked)], len(results["from scratch"])
    need(all(isinstance(seed, int) for seed in asked), f"a seed is a whole number, 0 to {n - 1}.")
    need(len(asked) == 3, f"three seeds are asked for, and these are {len(asked)}.")
    need(len(set(asked)) == 3, "the same seed counts once: its run would come out the same again.")
    need(all(0 <= s < n for s in asked), f"the seeds run from 0 to {n - 1}.")
    means = {name: value_at(runs)[asked].mean() for name, runs in results.items()}
    first, second = sorted(means, key=means.get, reverse=True)[:2]
    ahead = 100 * (means[first] - means["from scratch"])
    need(first == "from scratch", f"with these three {first} wins, {ahead:.1f} points ahead of from scratch.")
    lead = 100 * (means[first] - means[second])
    return f"{lead:.1f} points ahead of {second}, mean of three seeds, all true. And worth nothing."


def _three(got):
    asked = "three numbers are asked for, (mean, low, high)."
    return numbers(several(got, asked, 3), asked).ravel()


T = "stats.t.ppf(0.975, len(d) - 1)"


@code_exercise(
    "Make one array of differences first; what seeds have in common drops out of it.",
    "The half width is t · s / √n, with s = differences.std(ddof=1) and n = len(differences).",
    f"{T} is that t, for the differences d.",
    solution=f"""from scipy import stats

def answer(a, b):
    d = a - b
    half = {T} * d.std(ddof=1) / len(d) ** 0.5
    return d.mean(), d.mean() - half, d.mean() + half""",
    mistakes={
        "the difference is the wrong way round: a - b is above 0 where a is ahead.": "a - b → b - a",
        "a and b are two separate groups in it: take a - b first, seed by seed.": (
            "(a - b).mean(), *stats.ttest_ind(a, b).confidence_interval()",
            "(a - b).mean(), *stats.ttest_ind(a, b, equal_var=False).confidence_interval()",
            "d.std(ddof=1) → np.hypot(a.std(ddof=1), b.std(ddof=1))",
        ),
        "it divides by n; the error of a mean is s / √n.": "/ len(d) ** 0.5 → / len(d)",
        "that is how far single differences spread; the interval is one of their mean.": (
            "[(a - b).mean(), *np.percentile(a - b, [2.5, 97.5])]",
            "[(a - b).mean(), (a - b).min(), (a - b).max()]",
        ),
        "it forgets to divide by √n: this is the spread of single seeds.":
            ("/ len(d) ** 0.5 →", f"{T} * d.std(ddof=1) / len(d) ** 0.5 → 2 * d.std(ddof=1)"),
        **of_students_t(T),
        "the order is (mean, low, high).":
            tuple(f"[answer(a, b)[i] for i in {order}]" for order in ([1, 0, 2], [0, 2, 1])),
    },
    praise="one difference a seed, and the interval of their mean.",
    read=_three,
)  # fmt: skip
def paired():
    rng = rng_for(5, "exercise")
    for n in (10, 6, 25):
        luck = rng.normal(0, 0.03, n)
        yield 0.9 + luck + rng.normal(0, 0.01, n), 0.88 + luck + rng.normal(0, 0.01, n)


@exercise(
    "curve >= level is an array of True and False; what you want is the step at the first True.",
    "np.argmax of such an array is the place of its first True, and 0 if there is none: ask .any() first.",
    solution="""import numpy as np

def answer(step, curve, level):
    reached = curve >= level
    return step[reached.argmax()] if reached.any() else np.nan""",
)
def threshold(answer):
    names, step = "step, curve, level", np.array([0, 10, 20, 30, 45, 70])

    def place(which=0, reached=np.greater_equal):
        return lambda s, c, level: np.flatnonzero(reached(c, level))[which]

    def stepped(*how):
        return lambda s, c, level: s[place(*how)(s, c, level)]

    def held(s, c, level):
        return s[np.flatnonzero(c < level).max(initial=-1) + 1]

    def beside(far, first=0):
        return lambda s, c, level: s[max(first, place()(s, c, level) + far)]

    curves = {
        0.75: ([0.1, 0.5, 0.85, 0.7, 0.9, 1], [0.1, 0.5, 0.75, 0.8, 0.9, 1], [0.8, 0.7, 0.8, 0.8, 0.9, 0.9]),
        0.5: ([0.1, 0.2, 0.45, 0.6, 0.4, 0.8],),
        0.9: ([0.1, 0.5, 0.7, 0.72, 0.8, 0.95],),
    }
    compare(answer, names, time_to_threshold, {
        "that is a place in the array. Look that place up in step.": place(),
        "that is the value of the curve; the step at which it is reached was asked for.":
            lambda s, c, level: c[place()(s, c, level)],
        "reaching the level counts: use >= and not >.": stepped(0, np.greater),
        "the level is handed in; 0.75 is only one of several.": lambda s, c, level: stepped()(s, c, 0.75),
        "that is the measured step before it, or after it.": (beside(-1), beside(-1, -1), beside(1)),
        "that is where the curve is nearest to the level; it may lie below it there.":
            lambda s, c, level: s[abs(c - level).argmin()],
        "np.searchsorted is for numbers that only rise; a curve may fall again.":
            lambda s, c, level: s[np.searchsorted(c, level)],
        "that is a later time: of the last one, of the highest, or when it stays there. Asked for is the *first*.":
            (held, stepped(-1), lambda s, c, level: s[c.argmax()]),
    }, [(step, np.array(curve), level) for level in curves for curve in curves[level]])  # fmt: skip
    never = "when the level is never reached. Return NaN: 'never' is not a time."

    def missing(got):
        need(got is not None, f"it gives None {never}")
        return numbers(got)

    case = step, np.array([0.1, 0.2, 0.3, 0.3, 0.3, 0.3]), 0.75
    compare(answer, names, time_to_threshold, {}, [case], read=missing,
            otherwise=lambda got, want: f"it gives {got:g} {never}")  # fmt: skip
    return "and an arm that never gets there is not given a number."


LINES = {
    "ben": "one picture on both sides: `resample` copies rows before a split. (His report leads by more than that: he "
    "also learned from more pictures, and that is no leak.)",
    "cem": "a leak by the rule (his scaler saw the test rows), and worth about nothing here",
    "dot": "the best of nine, chosen and reported by the same rows",
}


@exercise(
    "scores['ben'] is (20, 2), one row a draw: what he reports, and how the model does on 800 new pictures.",
    "Optimism is the first column minus the second. Ada's comes from the pictures, and no leak: subtract it, draw by draw.",
    "scores[name][:, 0] - scores[name][:, 1] for each name, minus the same for 'ada'.",
    solution="""def optimism(name):
    return scores[name][:, 0] - scores[name][:, 1]

answer = {name: optimism(name) - optimism("ada") for name in ("ben", "cem", "dot")}""",
)
def leak(answer, scores):
    need(hasattr(answer, "items"), 'a dictionary is asked for: {"ben": an array, "cem": ..., "dot": ...}.')
    answer = {str(name).strip().lower(): value for name, value in answer.items() if value is not ...}
    asked = sorted(name for name in scores if name != "ada")
    spoken = f"{', '.join(answer) or 'nobody':.99}"
    need({*answer} - {"ada"} == {*asked}, f"it should speak of {', '.join(asked)}, and speaks of {spoken}.")
    said, new = ({name: np.asarray(v)[:, i] for name, v in scores.items()} for i in (0, 1))
    own = {name: said[name] - new[name] for name in scores}
    for name in asked:
        got, right = numbers(answer[name]), own[name] - own["ada"]
        mean = got.ndim == 0 and np.isclose(got, right.mean(), atol=1e-6)
        need(not mean, f"{name}: that is the mean. Keep one number a draw: an interval needs them.")
        asked_for = f"{name}: {len(right)} numbers are asked for, one a draw, not the shape {got.shape}."
        need(got.shape == right.shape, asked_for)
        messages = {
            f"that is how much more {name} *reports* than ada. A better model reports more too.":
                said[name] - said["ada"],
            "ada's optimism is still in it. Hers comes from the pictures, and no leak: subtract it.": own[name],
            "ada's *mean* is subtracted; her optimism, too, has one number a draw.": own[name] - own["ada"].mean(),
            "ada's optimism is added; subtract it.": own[name] + own["ada"],
            "that is how much better the model is on new pictures, and no optimism.": new[name] - new["ada"],
            "the sign is the wrong way round: optimism is above 0 where the report is too good.": -right,
            "that is in points; the scores are fractions, and the answer should be too.": 100 * right,
        }  # fmt: skip
        mistakes = {f"{name}: {message}": value for message, value in messages.items()}
        match(got, right, mistakes, f"{name}: not report - new pictures, minus the same of ada, by draw.")
    return "; ".join(f"{name} {in_points(own[name] - own['ada'])}: {LINES[name]}" for name in asked) + "."


def _rows(name, rows, n):
    """Row numbers from row numbers or a mask over n rows, or Wrong."""
    rows = list(rows) if isinstance(rows, (set, frozenset)) else rows
    mask = np.asarray(rows).dtype == bool
    rows = numbers(rows, f"{name} should be a list of row numbers.")
    need(rows.ndim == 1, f"{name} should be a list of row numbers.")
    need(len(rows) == n or not mask, f"{name} is a mask over {len(rows)} rows, and x has {n}.")
    rows = np.flatnonzero(rows) if mask else rows
    need(rows.size, f"{name} is empty.")
    need((rows == np.floor(rows)).all(), f"{name} should be row numbers, or a mask over the rows.")
    span = f"{name} holds row numbers from {rows.min():g} to {rows.max():g}; x has {n} rows."
    need(rows.min() >= 0 and rows.max() < n, span)
    return rows.astype(int)


@exercise(
    "What must not be on both sides is a *picture*, and who[i] is the picture that row i was made from.",
    "Shuffle np.unique(who), take half of the pictures, and find their rows with np.isin(who, half).",
    "mean and std come last, from x[train] alone.",
    solution="""import numpy as np

def answer(x, who, seed):
    pictures = np.random.default_rng(seed).permutation(np.unique(who))
    train = np.isin(who, pictures[: len(pictures) // 2])
    return np.flatnonzero(train), np.flatnonzero(~train), x[train].mean(0), x[train].std(0)""",
)
def honest(answer):
    answer = function_of("x, who, seed", answer)
    tests = []
    for seed in (0, 1, 2, 1):
        rng = rng_for(4, "exercise")
        who = rng.permutation(np.repeat(np.arange(40), rng.integers(1, 6, 40)))
        x = rng.normal(size=(40, 7))[who] + rng.normal(0, 0.1, (len(who), 7))
        got = several(answer(x, who, seed), "four things are asked for: train, test, mean, std.", 4)
        train, test = (_rows(name, rows, len(who)) for name, rows in zip(("train", "test"), got))
        rows_twice, both = len(set(train) & set(test)), len(set(who[train]) & set(who[test]))
        need(not rows_twice, f"{rows_twice} rows are in train *and* in test.")
        need(not both, f"{both} of the 40 pictures have copies on both sides. Divide the pictures, not the rows.")
        need(len({*train, *test}) == len(who), "some rows are in neither train nor test.")
        pictures = len(set(who[test]))
        need(8 <= pictures <= 32, f"test holds {pictures} of the 40 pictures; about half was asked for.")
        for name, value, of in zip(("mean", "std"), map(numbers, got[2:]), (np.mean, np.std)):
            need(value.size == 7, f"the {name} should be one number a column, (7,), and is {value.shape}.")

            def fits(*wants, value=value):
                return any(np.allclose(value.ravel(), want, rtol=1e-4, atol=1e-6) for want in wants)

            spread = x[train].std(0), x[train].std(0, ddof=1)
            need(not fits(of(x, 0)), f"the {name} is that of all rows: the test rows were looked at.")
            need(not fits(of(x[test], 0)), f"the {name} is that of the test rows.")
            need(name == "mean" or not fits(*(s**2 for s in spread)), "that is the variance; take its root.")
            fit = fits(x[train].mean(0)) if name == "mean" else fits(*spread)
            need(fit, f"the {name} is not that of the training rows.")
        tests.append(sorted(test))
    _, one, other, again = tests
    need(one == again, "the same seed gives another split each time: draw with np.random.default_rng(seed).")
    need(one != other, "every seed gives the same split: use the seed.")
    return "nothing that the test holds was known to the training."

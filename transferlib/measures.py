"""Numbers about runs that are there: paired by seed, with intervals; transfer, forgetting, calibration. NumPy and SciPy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


class PerSeed(np.ndarray):
    """One number a seed, (seeds,): an array that knows its `seeds`, so that only what is paired is put together.

    Arithmetic between two of them with other seeds raises ValueError. What is not a number a seed any more, such as a mean
    or a part, is a plain array.
    """

    def __new__(cls, values: ArrayLike, seeds: Sequence[int]):
        made, seeds = np.asarray(values, float).view(cls), tuple(seeds)
        if made.shape != (len(seeds),):
            raise ValueError(f"one number a seed is expected: {len(seeds)} seeds came with values of shape {made.shape}")
        made.seeds = seeds
        return made

    def __array_finalize__(self, parent):
        self.seeds = getattr(parent, "seeds", None)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        known = {each.seeds for each in inputs if isinstance(each, PerSeed) and each.seeds is not None}
        if len(known) > 1:
            a, b, *_ = (list(seeds) for seeds in known)
            raise ValueError(f"these are not paired: the one was measured on the seeds {a}, the other on {b}")
        plain = [np.asarray(each) if isinstance(each, PerSeed) else each for each in inputs]
        options |= {"out": tuple(map(np.asarray, options["out"]))} if "out" in options else {}
        made = getattr(ufunc, method)(*plain, **options)
        seeds = next(iter(known), ())
        if method == "__call__" and isinstance(made, np.ndarray) and made.shape == (len(seeds),) and made.dtype == float:
            return PerSeed(made, seeds)
        return made

    def __array_function__(self, function, types, arguments, options):
        return function(*_plain(arguments), **_plain(options))

    def __getitem__(self, place):
        return np.asarray(self)[place]

    def __repr__(self):
        return repr(np.asarray(self))


def _plain(thing):
    """Arguments of a NumPy function with plain arrays in the place of numbers per seed."""
    if isinstance(thing, PerSeed):
        return np.asarray(thing)
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    return type(thing)(map(_plain, thing)) if type(thing) in (list, tuple) else thing


def curves(runs: Sequence, what: str = "target_accuracy") -> np.ndarray:
    """One curve of many runs as an array (runs, evaluations)."""
    runs = _runs(runs)
    if len({len(run.step) for run in runs}) > 1 or any((run.step != runs[0].step).any() for run in runs):
        raise ValueError("these runs were evaluated after other numbers of steps; curves are compared at the same steps")
    if not hasattr(runs[0], what):
        raise ValueError(f"a {type(runs[0]).__name__} has no curve {what!r}")
    return np.stack([getattr(run, what) for run in runs])


def at(runs: Sequence, what: str = "target_accuracy", step: int | None = None) -> PerSeed:
    """The value of a curve at a step (the last one at or before it; None: the end), one number a run: (runs,)."""
    runs = _runs(runs)
    if step is not None and not step >= 0:
        raise ValueError(f"step must be a number of steps, 0 or more, or None for the end; not {step!r}")
    last = -1 if step is None else int(np.searchsorted(runs[0].step, step, side="right")) - 1
    return PerSeed(curves(runs, what)[:, last], [run.seed for run in runs])


def _runs(runs):
    if isinstance(runs, dict) or not hasattr(runs, "__len__"):
        kind = f"a dict of {', '.join(map(str, runs))}: take one of its lists" if isinstance(runs, dict) else repr(runs)
        raise ValueError(f"a list of runs is expected, not {kind}")
    if len(runs) == 0:
        raise ValueError("a list of runs is expected, and this one is empty")
    return list(runs)


def interval(values: ArrayLike, level: float = 0.95) -> tuple:
    """(mean, low, high) of values (n, …) over n seeds: Student's t interval of the mean; with one seed low = high = mean."""
    values = np.asarray(values, float)
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.95, not {level!r}")
    if values.ndim == 0 or len(values) == 0:
        raise ValueError(f"values must hold one number a seed, and one seed at least; their shape is {values.shape}")
    n, mean = len(values), values.mean(0)
    if n < 2:
        return mean, mean, mean
    half = stats.t.ppf((1 + level) / 2, n - 1) * values.std(0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def with_error(values: ArrayLike, scale: float = 1.0, sign: bool = False) -> str:
    """The mean of values (seeds,) and its standard error in words, '0.924 ± 0.003', with the digits that the error supports.

    With one seed there is no error: the value stands alone. `scale` turns fractions into points; `sign` writes + where it is
    above 0.
    """
    values, form = np.asarray(values, float) * scale, "+" if sign else ""
    if values.ndim != 1 or len(values) == 0:
        raise ValueError(f"values must hold one number a seed, and one seed at least; their shape is {values.shape}")
    if len(values) < 2:
        return f"{values.mean():{form}.2f}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    places = decimals(error, 0, 4) or (0 if error > 1e-9 else 3)
    return f"{values.mean():{form}.{places}f} ± {error:.{places}f}"


def decimals(error: float, least: int, most: int) -> int:
    """How many decimals a standard error supports: the last is worth a third of it or less. Noise does not show; it does."""
    return int(np.clip(np.ceil(-np.log10(error / 3)), least, most)) if error > 1e-9 else least


def with_interval(values: ArrayLike, scale: float = 1.0) -> str:
    """The mean of values (seeds,) and its 95 % interval in words, '+1.2 [+0.9, +1.5]', with one to three decimals."""
    values = np.asarray(values, float) * scale
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0
    places = decimals(error, 1, 3)
    return "{:+.{d}f} [{:+.{d}f}, {:+.{d}f}]".format(*interval(values), d=places)


def in_points(differences: ArrayLike) -> str:
    """Differences of accuracies (seeds,) as words, their mean and its 95 % interval: '+1.2 [+0.9, +1.5] points'."""
    return f"{with_interval(differences, 100)} points"


# The measures of transfer of Taylor & Stone (Transfer Learning for Reinforcement Learning Domains, JMLR 2009, section 2.1).
# Each compares a curve with the control's. Curves are (evaluations,) or (runs, evaluations), as `curves` gives them.


def jumpstart(curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """How far ahead a curve (…, e) starts, before any step on the target: (…)."""
    return np.asarray(curve)[..., 0] - np.asarray(control)[..., 0]


def asymptote(curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """How far ahead a curve (…, e) ends: (…). It is the asymptote only if both curves have stopped rising."""
    return np.asarray(curve)[..., -1] - np.asarray(control)[..., -1]


def time_to_threshold(step: ArrayLike, curve: ArrayLike, level: float) -> np.ndarray:
    """The first of the steps (e,) at which a curve (…, e) has reached a level: (…), NaN where it never does."""
    reached = _curve(curve, step) >= level
    return np.where(reached.any(-1), np.asarray(step)[reached.argmax(-1)], np.nan)


def area_ratio(step: ArrayLike, curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """(area under the curve - area under the control) / area under the control: (…); 0 where nothing is gained."""
    areas = [np.trapezoid(_curve(line, step), np.asarray(step, float)) for line in (curve, control)]
    return areas[0] / areas[1] - 1


def _curve(curve, step):
    curve = np.asarray(curve, float)
    if curve.ndim == 0 or np.shape(step) != curve.shape[-1:]:
        raise ValueError(f"a curve needs one value a step: {np.shape(step)} steps came with a curve of shape {curve.shape}")
    return curve


def forgetting(runs: Sequence) -> PerSeed:
    """Source accuracy before the target's training minus after it, one number a run: (runs,)."""
    return at(runs, "source_accuracy", 0) - at(runs, "source_accuracy")


def reliability(probability: ArrayLike, y: ArrayLike, bins: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(confidence, accuracy, share of the rows), each (bins,), by how sure the network was; NaN in an empty bin.

    probability (n, classes), y (n,). Confidence is the largest probability of a row; bins are equally wide (0, 1].
    """
    probability, y = np.asarray(probability), np.asarray(y)
    if probability.ndim != 2 or y.shape != probability.shape[:1] or len(y) == 0:
        raise ValueError(f"probability must be (n, classes) and y (n,), n > 0; they are {probability.shape} and {y.shape}")
    if bins != int(bins) or bins < 1:
        raise ValueError(f"bins must be a whole number, 1 or more, not {bins!r}")
    sure, right = probability.max(1), probability.argmax(1) == y
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, bins) / count for values in (sure, right)]
    return *means, count / len(y)


def calibration_error(probability: ArrayLike, y: ArrayLike, bins: int = 10) -> float:
    """ECE: the mean distance between confidence and accuracy, bins weighted by their rows (Guo et al. 2017, eq. 3)."""
    confidence, accuracy, share = reliability(probability, y, bins)
    return float(np.nansum(share * np.abs(confidence - accuracy)))


def confusion(predicted: ArrayLike, y: ArrayLike, classes: int) -> np.ndarray:
    """(classes, classes): how many rows of class i (down) were read as class j (across). predicted and y are (n,)."""
    predicted, y = np.asarray(predicted), np.asarray(y)
    for name, labels in (("predicted", predicted), ("y", y)):
        if len(labels) and not (labels.min() >= 0 and labels.max() < classes):
            raise ValueError(
                f"{name} must hold class numbers 0 … {classes - 1}; it goes from {labels.min()} to {labels.max()}"
            )
    return np.bincount(y * classes + predicted, minlength=classes**2).reshape(classes, classes)

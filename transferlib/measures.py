"""Numbers about runs that are there: bands, paired differences, what forgetting costs, calibration. NumPy and SciPy only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import integrate, stats

from transferlib.tasks import class_numbers, whole_number


class PerSeed(np.ndarray):
    """One number (or one curve) a run, with the seeds of the runs: two of them combine only where their seeds are the same.

    Otherwise an array like any other. A copy, another type of number and what pickle brings back know the seeds too. All
    else that is taken out of it, a mean, a part, another shape, knows of no seeds.
    """

    seeds = None

    def __new__(cls, values, seeds):
        if seeds is None:
            return values
        made = np.asarray(values).view(cls)
        made.seeds = tuple(seeds)
        return made

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **settings):
        seeds = same_seeds(*inputs)
        if out:
            settings["out"] = tuple(map(_plain, out))
        result = getattr(ufunc, method)(*map(_plain, inputs), **settings)
        whole_array = method == "__call__" and getattr(result, "shape", None) == self.shape
        return PerSeed(result, seeds) if whole_array else result

    def __array_function__(self, function, types, inputs, settings):
        return super().__array_function__(function, types, _all_plain(inputs), _all_plain(settings))

    def __repr__(self):
        return repr(_plain(self))

    def __reduce_ex__(self, protocol):
        return PerSeed, (_plain(self), self.seeds)

    def sort(self, *_, **__):
        raise TypeError("sorted, these are no longer one number a seed: take np.sort(values)")

    partition = sort


def _with_the_seeds(name):
    """A method of arrays whose result is still one number a seed."""
    return lambda self, *given, **settings: PerSeed(getattr(_plain(self), name)(*given, **settings), self.seeds)


for _name in ("copy", "__copy__", "__deepcopy__", "astype", "round", "clip"):
    setattr(PerSeed, _name, _with_the_seeds(_name))


def _plain(values):
    return values.view(np.ndarray) if isinstance(values, PerSeed) else values


def _all_plain(given):
    """What a function of NumPy was given, with plain arrays, in lists and dicts too."""
    if isinstance(given, dict):
        return {key: _all_plain(each) for key, each in given.items()}
    return type(given)(map(_all_plain, given)) if type(given) in (list, tuple) else _plain(given)


def same_seeds(*values) -> tuple | None:
    """The seeds of the values that know theirs, which must be the same (else ValueError); None where no value does."""
    known = [each.seeds for each in values if isinstance(each, PerSeed) and each.seeds]
    for seeds in known[1:]:
        if seeds != known[0]:
            raise ValueError(f"not paired: the runs of the one have the seeds {list(known[0])}, of the other {list(seeds)}")
    return known[0] if known else None


def curves(runs: Sequence, what: str = "target_accuracy") -> PerSeed:
    """One curve of many runs as an array (runs, evaluations)."""
    if isinstance(runs, dict) or not np.iterable(runs) or not len(runs):
        came = f"a {type(runs).__name__}" + (", empty" if runs == [] else "")
        raise ValueError(f"runs must be the runs of one arm, such as results['share weights'], one at least; got {came}")
    for run in runs:
        if not np.shape(getattr(run, what, None)):
            raise ValueError(f"what must name a curve of the runs, such as 'target_accuracy'; {what!r} is none")
        if not np.array_equal(run.step, runs[0].step):
            raise ValueError(f"runs must be evaluated at the same steps; got {runs[0].step} and {run.step}")
    seeds = [getattr(run, "seed", None) for run in runs]
    return PerSeed(np.stack([getattr(run, what) for run in runs]), None if None in seeds else seeds)


def value_at(runs: Sequence, what: str = "target_accuracy", step: float | None = None) -> PerSeed:
    """The value of a curve at a step (the last one at or before it; None: the end), one number a run: (runs,)."""
    values = curves(runs, what)
    if step is not None and not step >= runs[0].step[0]:
        raise ValueError(f"step must be {runs[0].step[0]} or more, or None for the end, not {step!r}")
    last = -1 if step is None else int(np.searchsorted(runs[0].step, step, side="right")) - 1
    return PerSeed(values[:, last], same_seeds(values))


def interval(values: ArrayLike, level: float = 0.95) -> tuple:
    """(mean, low, high) of values (n, …) over n seeds: Student's t interval of the mean; with one seed low = high = mean.

    NaN in, NaN out. ValueError where there are no values, or the level is not between 0 and 1.
    """
    values = np.asarray(values, float)
    if not values.ndim or not len(values):
        raise ValueError(f"values must hold one number (or row) a seed, one at least; its shape is {values.shape}")
    n, mean = len(values), values.mean(0)
    half = half_width(values.std(0, ddof=1), n, level) if n > 1 else 0
    return mean, mean - half, mean + half


def half_width(spread: ArrayLike, n: int, level: float = 0.95, share: float = 0.0) -> np.ndarray:
    """Half of Student's t interval of a mean of n numbers of this spread; share: test/train, see `resampled_interval`."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, such as 0.95, not {level!r}")
    return stats.t.ppf((1 + level) / 2, n - 1) * spread * np.sqrt(1 / n + share)


def resampled_interval(values: ArrayLike, test: int, train: int, level: float = 0.95) -> tuple[float, float, float]:
    """(mean, low, high) of differences (n,) from n splits of the *same* rows into `train` and `test` rows, for new rows.

    Splits that share their rows are no n measurements: the variance of the mean is taken as (1/n + test/train)·s², and not
    s²/n (Nadeau & Bengio, Inference for the Generalization Error, 2003). With one split the interval is without bounds.
    """
    values = np.asarray(values, float)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"values must hold one number a split, one at least; its shape is {values.shape}")
    n, mean, share = len(values), float(values.mean()), whole_number(test, "test", 1) / whole_number(train, "train", 1)
    half = half_width(values.std(ddof=1), n, level, share) if n > 1 else np.inf
    return mean, mean - half, mean + half


def jumpstart(curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """How far ahead a curve (…, e) starts, before any step on the target: (…)."""
    _check_lengths(curve=curve, control=control)
    return PerSeed(np.asarray(curve)[..., 0] - np.asarray(control)[..., 0], same_seeds(curve, control))


def asymptote(curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """How far ahead a curve (…, e) ends: (…). It is the asymptote only if both curves have stopped rising."""
    _check_lengths(curve=curve, control=control)
    return PerSeed(np.asarray(curve)[..., -1] - np.asarray(control)[..., -1], same_seeds(curve, control))


def time_to_threshold(step: ArrayLike, curve: ArrayLike, level: float) -> np.ndarray:
    """The first of the steps (e,) at which a curve (…, e) has reached a level: (…), NaN where it never does."""
    _check_lengths(step=step, curve=curve)
    if np.isnan(level) or np.isnan(curve).any():
        raise ValueError(f"curve and level must be numbers: {'level' if np.isnan(level) else 'curve'} holds NaN")
    reached = np.asarray(curve) >= level
    return PerSeed(np.where(reached.any(-1), np.asarray(step)[reached.argmax(-1)], np.nan), same_seeds(curve))


def area_ratio(step: ArrayLike, curve: ArrayLike, control: ArrayLike) -> np.ndarray:
    """(area under the curve - area under the control) / area under the control: (…); 0 where nothing is gained."""
    _check_lengths(step=step, curve=curve, control=control)
    areas = [integrate.trapezoid(np.asarray(line, float), step) for line in (curve, control)]
    return PerSeed(areas[0] / areas[1] - 1, same_seeds(curve, control))


def _check_lengths(**arrays):
    shapes = {name: np.shape(values) for name, values in arrays.items()}
    lengths = {shape[-1] if shape else 0 for shape in shapes.values()}
    if len(lengths) > 1 or 0 in lengths:
        raise ValueError(f"{', '.join(shapes)} must hold as many evaluations each, one at least; their shapes are {shapes}")


def reliability(probability: ArrayLike, y: ArrayLike, bins: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(confidence, accuracy, share of the rows), each (bins,), by how sure the network was; NaN in an empty bin.

    probability (n, classes), y (n,). Confidence is the largest probability of a row; bins are equally wide (0, 1].
    """
    probability, y, bins = np.asarray(probability), np.asarray(y), whole_number(bins, "bins", 1)
    if probability.ndim != 2 or not probability.size or y.shape != probability.shape[:1]:
        raise ValueError(f"probability (n, classes) and y (n,) are wanted, not the shapes {probability.shape} and {y.shape}")
    if not ((probability >= 0) & (probability <= 1.0001)).all():
        raise ValueError("probability must lie between 0 and 1: give what comes after the softmax, without NaN")
    sure, right = probability.max(1), probability.argmax(1) == class_numbers("y", y, range(probability.shape[1]))
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, bins) / count for values in (sure, right)]
    return *means, count / len(y)


def calibration_error(probability: ArrayLike, y: ArrayLike, bins: int = 10) -> float:
    """ECE: the mean distance between confidence and accuracy, bins weighted by their rows (Guo et al. 2017, eq. 3)."""
    confidence, accuracy, share = reliability(probability, y, bins)
    return float(np.nansum(share * np.abs(confidence - accuracy)))


def in_points(differences: ArrayLike) -> str:
    """Differences of accuracies (seeds,) as words, their mean and its 95 % interval: '+1.2 [+0.9, +1.5] points'."""
    differences = _numbers(differences, 100)
    return f"{in_brackets(*interval(differences), len(differences))} points"


def in_brackets(mean: float, low: float, high: float, n: int) -> str:
    """A mean of n numbers and its 95 % interval as words, '+1.2 [+0.9, +1.5]', with the digits that its error supports."""
    error = (high - low) / 2 / stats.t.ppf(0.975, n - 1) if n > 1 else 0.0
    digits = _decimals(mean, error, least=1, most=3, exact=1)
    return f"{mean:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def with_error(values: ArrayLike, scale: float = 1.0, sign: bool = False) -> str:
    """The mean of values (seeds,) and its standard error in words, '0.924 ± 0.003', with the digits that the error supports.

    One seed stands alone, without an error. `scale` turns fractions into points; `sign` writes + where it is above 0.
    """
    values = _numbers(values, scale)
    form, mean = "+" if sign else "", values.mean()
    if len(values) < 2:
        return f"{mean:{form}.2f}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    digits = _decimals(mean, error, least=0, most=6, exact=3)
    return f"{mean:{form}.{digits}f} ± {error:.{digits}f}"


def of_count(share: float, n: int) -> str:
    """A share of n counts in per cent, with its binomial standard error, in words: '90.7 ± 1.0'."""
    error = 100 * np.sqrt(share * (1 - share) / n)
    digits = _decimals(100 * share, error, least=0, most=4, exact=1)
    return f"{100 * share:.{digits}f} ± {error:.{digits}f}"


def _decimals(mean, error, least, most, exact):
    """The last digit is worth a third of the error or less, so that an error of one unit shows and noise does not."""
    if error <= 1e-6 * abs(mean):  # equal numbers differ by their rounding
        return exact
    return int(np.clip(np.ceil(-np.log10(error / 3)), least, most))


def _numbers(values, scale):
    values = np.asarray(values, float) * scale
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError(f"one number a seed is wanted, one at least, no NaN and no infinity; got {values!r}")
    return values

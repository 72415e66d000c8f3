"""Numbers about runs that are there: bands, paired differences, what forgetting costs, calibration. NumPy and SciPy only."""

import numpy as np
from scipy import stats


class PerSeed(np.ndarray):
    """Temporary; the real one comes with the measures branch."""

    def __new__(cls, values, seeds):
        made = np.asarray(values, float).view(cls)
        made.seeds = tuple(seeds)
        return made


def curves(runs, what="target_accuracy"):
    """One curve of many runs as an array (runs, evaluations)."""
    return np.stack([getattr(run, what) for run in runs])


def at(runs, what="target_accuracy", step=None):
    """The value of a curve at a step (the last one at or before it; None: the end), one number a run: (runs,)."""
    last = -1 if step is None else int(np.searchsorted(runs[0].step, step, side="right")) - 1
    return curves(runs, what)[:, last]


def interval(values, level=0.95):
    """(mean, low, high) of values (n, …) over n seeds: Student's t interval of the mean; with one seed low = high = mean."""
    values = np.asarray(values, float)
    n, mean = len(values), values.mean(0)
    if n < 2:
        return mean, mean, mean
    half = stats.t.ppf((1 + level) / 2, n - 1) * values.std(0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def jumpstart(curve, control):
    """How far ahead a curve (…, e) starts, before any step on the target: (…)."""
    return np.asarray(curve)[..., 0] - np.asarray(control)[..., 0]


def asymptote(curve, control):
    """How far ahead a curve (…, e) ends: (…). It is the asymptote only if both curves have stopped rising."""
    return np.asarray(curve)[..., -1] - np.asarray(control)[..., -1]


def time_to_threshold(step, curve, level):
    """The first of the steps (e,) at which a curve (…, e) has reached a level: (…), NaN where it never does."""
    reached = np.asarray(curve) >= level
    return np.where(reached.any(-1), np.asarray(step)[reached.argmax(-1)], np.nan)


def area_ratio(step, curve, control):
    """(area under the curve - area under the control) / area under the control: (…); 0 where nothing is gained."""
    step, areas = np.asarray(step, float), []
    for line in (np.asarray(curve, float), np.asarray(control, float)):
        areas.append(((line[..., 1:] + line[..., :-1]) / 2 * np.diff(step)).sum(-1))  # trapezoids
    return areas[0] / areas[1] - 1


def forgetting(runs):
    """Source accuracy before the target's training minus after it, one number a run: (runs,)."""
    return at(runs, "source_accuracy", 0) - at(runs, "source_accuracy")


def reliability(probability, y, bins=10):
    """(confidence, accuracy, share of the rows), each (bins,), by how sure the network was; NaN in an empty bin.

    probability (n, classes), y (n,). Confidence is the largest probability of a row; bins are equally wide (0, 1].
    """
    sure, right = probability.max(1), probability.argmax(1) == y
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, values, bins) / count for values in (sure, right)]
    return *means, count / len(y)


def calibration_error(probability, y, bins=10):
    """ECE: the mean distance between confidence and accuracy, bins weighted by their rows (Guo et al. 2017, eq. 3)."""
    confidence, accuracy, share = reliability(probability, y, bins)
    return float(np.nansum(share * np.abs(confidence - accuracy)))


def confusion(predicted, y, classes):
    """(classes, classes): how many rows of class i (down) were read as class j (across). predicted and y are (n,)."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y, predicted), 1)
    return counts


def in_points(differences):
    """Differences of accuracies (seeds,) as words, their mean and its 95 % interval: '+1.2 [+0.9, +1.5] points'."""
    return "{:+.1f} [{:+.1f}, {:+.1f}] points".format(*interval(100 * np.asarray(differences)))


def with_error(values, scale=1.0, sign=False) -> str:
    """The mean of values (seeds,) and its standard error in words, '0.924 ± 0.003', with the digits that the error supports.

    The last digit is worth a third of the error or less, so that an error of one unit shows and noise does not. With one
    seed there is no error: the value stands alone. `scale` turns fractions into points; `sign` writes + where it is above 0.
    """
    values = np.asarray(values, float) * scale
    form = "+" if sign else ""
    if len(values) < 2:
        return f"{values.mean():{form}.2f}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    digits = int(np.clip(np.ceil(-np.log10(error / 3)), 0, 4)) if error > 0 else 3
    return f"{values.mean():{form}.{digits}f} ± {error:.{digits}f}"

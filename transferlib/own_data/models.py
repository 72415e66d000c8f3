"""Models without a network, as arrays: linear, nearest neighbour, kernel ridge."""

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression, RidgeCV

from transferlib.own_data.tables import fill_of
from transferlib.parallel import one_thread


def fit_simple(rung: str, rows: np.ndarray, y: np.ndarray, classes: tuple | None) -> dict[str, np.ndarray]:
    """The arrays of a model without a network, fitted to rows (n, d); a missing number is the column's median."""
    median, centre, spread = map(np.array, fill_of(rows).values())
    rows = np.where(np.isnan(rows), median, rows)
    if rung.endswith("+ linear"):  # of one unit: a feature that hardly ever answers is not to be made loud
        spread = np.full(len(spread), np.sqrt((spread**2).mean()) or 1.0)
    spread = np.where(spread > 0, spread, np.inf)  # what never changed in these rows says nothing about others
    rows, scaling = (rows - centre) / spread, dict(median=median, centre=centre, spread=spread)
    if rung == "nearest neighbour":
        return scaling | dict(rows=rows, y=y)
    wanted = y[:, None] if classes is None else np.eye(len(classes))[y]
    if rung == "kernel ridge":
        gamma = 1 / max(1, np.isfinite(spread).sum())
        offset, squares = wanted.mean(0), (rows**2).sum(1)
        with one_thread():
            far = np.maximum(squares[:, None] - 2 * rows @ rows.T + squares, 0)
            weights = np.linalg.solve(np.exp(-gamma * far) + 0.1 * np.eye(len(rows)), wanted - offset)
        return scaling | dict(rows=rows, weights=weights, offset=offset, gamma=np.array(gamma))
    if classes is None:
        with one_thread():
            model = RidgeCV(np.logspace(-1, 3, 9)).fit(rows, y)  # chosen by leaving out one row at a time
        return scaling | dict(weights=model.coef_.reshape(-1, 1), offset=np.array([model.intercept_]))
    with one_thread():
        model = LogisticRegression(max_iter=5000).fit(rows, y)
    slope, offset = model.coef_.T, model.intercept_
    if slope.shape[1] == 1:
        slope, offset = np.hstack([-slope, slope]) / 2, np.array([-offset[0], offset[0]]) / 2
    weights, start = np.zeros((rows.shape[1], len(classes))), np.full(len(classes), -1e9)
    weights[:, model.classes_], start[model.classes_] = slope, offset
    return scaling | dict(weights=weights, offset=start)


def by_arrays(rung: str, arrays: dict, rows: np.ndarray, classes: tuple | None) -> np.ndarray:
    """(n,) what a model that is made of arrays says of rows (n, d)."""
    if rung == "constant":
        return np.full(len(rows), arrays["value"])
    with one_thread():
        rows = _scaled(arrays, rows)
        if rung in ("nearest neighbour", "kernel ridge"):  # squared distances to the rows that were learned
            far = (rows**2).sum(1)[:, None] - 2 * rows @ arrays["rows"].T + (arrays["rows"] ** 2).sum(1)
        if rung == "nearest neighbour":
            return arrays["y"][far.argmin(1)]
        if rung == "kernel ridge":
            rows = np.exp(-arrays["gamma"] * np.maximum(far, 0))
        return answer_of(rows @ arrays["weights"] + arrays["offset"], classes)


def probabilities_by_arrays(arrays: dict, rows: np.ndarray) -> np.ndarray:
    """(n, classes) the probabilities of a linear model of classes, as logistic regression tells them."""
    with one_thread():
        return softmax(_scaled(arrays, rows) @ arrays["weights"] + arrays["offset"], 1)


def _scaled(arrays, rows):
    return (np.where(np.isnan(rows), arrays["median"], rows) - arrays["centre"]) / arrays["spread"]


def answer_of(output: np.ndarray, classes: tuple | None) -> np.ndarray:
    """(n,) class numbers of outputs (n, classes), or a regression's numbers of (n, 1)."""
    return output[:, 0] if classes is None else output.argmax(1)

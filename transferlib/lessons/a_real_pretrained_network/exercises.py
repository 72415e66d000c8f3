"""The exercises of lesson 06, a real pretrained network."""

import numpy as np
from scipy import stats  # noqa: F401 — the mistakes use it

from transferlib.exercises import code_exercise, compare, exercise, function_of, match, need, number, numbers, several
from transferlib.tasks import rng_for

MEAN = np.array([123.68, 116.779, 103.939])  # red, green, blue
OTHERS = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])  # as PyTorch's networks want it


@code_exercise(
    "Two things happen: a middle is taken away, and what is left is divided.",
    "It wants (pixels - 127) / 128, as numbers with a fraction.",
    solution="""def answer(pixels):
    return (pixels - 127) / 128""",
    mistakes={
        "nothing was changed: this network wants about -1 … 1.": "pixels",
        "the division is missing.": "pixels - 127",
        "the 127 is not taken away.": ("pixels / 128", "pixels / 127"),
        "0 … 1 is what other networks want; this one wants (pixels - 127) / 128.": "pixels / 255",
        "the order is wrong: first take 127 away, then divide.": ("pixels / 128 - 127", "pixels - 127 / 128"),
        "whole numbers come out: // and int cut off what is behind the point.":
            ("(pixels - 127) // 128", "((pixels - 127) / 128).astype(int)"),
        "it takes the mean and the spread of these pictures; the network learned with fixed numbers, 127 and 128.":
            ("(pixels - pixels.mean()) / pixels.std()", "(pixels - pixels.mean((0, 1, 2))) / pixels.std((0, 1, 2))"),
        "that is 0 … 1 less PyTorch's mean, by its spread, as others want it; this one wants (pixels - 127) / 128.":
            ("(pixels / 255 - OTHERS[0]) / OTHERS[1]", "pixels / 255 - OTHERS[0]"),
        "near, and not the same: it learned from (pixels - 127) / 128.":
            ("pixels / 127.5 - 1", "127 → 128", "128 → 127", "(pixels - 128) / 127",
             "(pixels - 127) / 255", "(pixels - 127.5) / 128"),
        "red and blue are exchanged: this network learned from red, green, blue.":
            "answer(pixels[..., ::-1])",
        "127 was added; it is to be taken away.": "(pixels + 127) / 128",
        "a mean of blue, green and red is what VGG16 wants; this network wants (pixels - 127) / 128.":
            ("pixels[..., ::-1] - MEAN[::-1]", "pixels - MEAN"),
    },
    praise="a new picture is prepared as those were that the network learned from.",
)  # fmt: skip
def prepared():
    return [(rng_for(6, "exercise", i).integers(0, 256, (2, 4, 5, 3)).astype(float),) for i in range(3)]


@exercise(
    "The base is frozen, so only the head counts: one softmax layer from 1,280 numbers to 5 classes.",
    "A Dense layer has inputs × outputs weights, and a bias for each output.",
    solution="answer = 1280 * 5 + 5",
)
def head(answer):
    answer, base = number(answer), 3_413_024
    match(answer, 6405, {
        "the biases are missing: each class has one.": 6400,
        "a bias belongs to an output, not to an input.": 6400 + 1280,
        "weights are one for each pair of an input and a class: multiply, and do not add.": 1285,
        "that is the base, which is frozen.": base,
        "that is the base and the head; the base is frozen.": base + 6405,
        "that is the head for ImageNet's 1,000 classes; ours has 5.": 1_281_000,
        "nothing would learn then: the head moves.": 0,
    }, f"it is not {answer:,}. 1,280 go in, 5 come out: inputs × outputs, and the biases.")  # fmt: skip
    return "only these move; the base has over five hundred times as many."


def _two(got, asked):
    return [numbers(part) for part in several(got, asked, 2)]


def _both(got):
    """The training rows and the test rows, one below the other."""
    parts = _two(got, "return two things: the training rows and the test rows.")
    shapes = [part.shape for part in parts]
    need(shapes == [(8, 3), (6, 3)], "each keeps its shape: (8, 3) and (6, 3) are right, {} and {} came.".format(*shapes))
    return np.concatenate(parts)


@code_exercise(
    "Only the training rows may say what the mean and the standard deviation are.",
    "mean, deviation = train.mean(0), train.std(0), one number a column; both sets are changed by these.",
    solution="""def answer(train, test):
    mean, deviation = train.mean(0), train.std(0)
    return (train - mean) / deviation, (test - mean) / deviation""",
    right="[(x - train.mean(0)) / train.std(0, ddof=1) for x in (train, test)]",
    mistakes={
        "each set by its own mean or deviation: of a single new picture one could not know them.":
            ("(test - mean) / deviation → (test - test.mean(0)) / test.std(0)", "(test - mean) → (test - test.mean(0))",
             "(test - mean) / deviation → (test - mean) / test.std(0)"),
        "the test rows have joined in the mean or the deviation: a leak, however small.":
            ("train.mean(0), train → np.r_[train, test].mean(0), np.r_[train, test]", "train.mean → np.r_[train, test].mean",
             "train.std → np.r_[train, test].std"),
        "the test rows alone say what the mean is; take the training rows.": "train.mean(0), train → test.mean(0), test",
        "divide by the standard deviation as well.": "/ deviation →",
        "take the mean away as well.": "- mean →",
        "one mean or deviation for all; each column has its own: mean(0).":
            ("mean(0), train.std(0) → mean(), train.std()", "std(0) → std()", "mean(0) → mean()"),
        "each row by its own mean; a column has one mean, over the rows: axis 0.":
            "[stats.zscore(x, 1) for x in (train, test)]",
        "that is 0 … 1, by the smallest and the largest; take the mean and the standard deviation.":
            "[(x - train.min(0)) / np.ptp(train, 0) for x in (train, test)]",
        "first take the mean away, then divide: mind the brackets.":
            ("[x / train.std(0) - train.mean(0) for x in (train, test)]",
             "[x - train.mean(0) / train.std(0) for x in (train, test)]"),
        "the training rows are as they came.": "return (train - mean) / deviation → return train",
        "divide by the standard deviation, not by its square.": "train.std → train.var",
        "something is added to the standard deviation: no column is constant here; 1e-6 would do.":
            tuple(f"std(0) → std(0) + {grain}" for grain in (1e-3, 0.01, 0.1, 1.0)),
        "the test rows are as they came: left out, or train was overwritten first, with a mean of 0 by then.":
            "(test - mean) / deviation → test",
    },
    praise="so the test rows changed nothing, and one new picture can be standardised the same way.",
    read=_both,
)  # fmt: skip
def standard():
    rng = rng_for(6, "exercise", 9)
    return [(rng.normal(3, 2, (8, 3)) * [1, 5, 9], rng.normal(4, 3, (6, 3)) * [1, 5, 9]) for _ in range(3)]


@exercise(
    "x[:, :, ::-1] turns the axis of the columns round: rows of pictures are (n, height, width, colours).",
    "np.concatenate([x, mirrored]) puts one below the other; double the labels in the same order.",
    solution="""def answer(x, y):
    return np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y])""",
)
def mirrored(answer):
    rng = rng_for(6, "exercise", 10)
    cases = [(rng.random((len(y), h, 4, 3)), np.array(y)) for y, h in (((0, 1, 2, 1), 3), ((2, 0, 1), 4))]
    given = function_of("x, y", answer)

    def table(pictures, labels):
        """A row a picture, its label last, in an order that does not depend on theirs."""
        both = np.concatenate([pictures.reshape(len(pictures), -1), labels[:, None]], 1)
        return both[np.lexsort(both.T[::-1])]

    def rows(x, y):
        pictures, labels = _two(given(x, y), "return two things: pictures and labels.")
        twice = 2 * len(x), *x.shape[1:]
        need(pictures.shape != x.shape, "there are as many pictures as before: add the new to the old.")
        need(pictures.shape == twice, f"pictures {twice} are expected, and {pictures.shape} came.")
        need(labels.shape == twice[:1], f"{2 * len(x)} labels are expected, and {labels.shape} came.")
        return table(pictures, labels)

    def flipped(turn=lambda x: x[:, :, ::-1], label=lambda y: np.r_[y, y], first=lambda x: x):
        return lambda x, y: table(np.concatenate([first(x), turn(x)]), label(y))

    compare(rows, "x, y", flipped(), {
        "upside down; a mirror exchanges left and right, the third axis.": flipped(lambda x: x[:, ::-1]),
        "the colours are exchanged; the third axis is the width.": flipped(lambda x: x[..., ::-1]),
        "turned by half a turn; a mirror exchanges left and right only.": flipped(lambda x: x[:, ::-1, ::-1]),
        "the same pictures twice: nothing is mirrored, or only their order is.":
            (flipped(lambda x: x), flipped(lambda x: x[::-1])),
        "all are mirrored, and the pictures as they were are missing: x[:] = … writes into x itself.":
            flipped(first=lambda x: x[:, :, ::-1]),
        "the labels do not belong to the pictures: np.repeat goes 0 0 1 1, the pictures go 0 1 0 1.":
            flipped(label=lambda y: np.repeat(y, 2)),
        "a mirrored picture keeps its label.": flipped(label=lambda y: np.r_[y, y.max() + 1 + y]),
        "the labels of the new pictures are in the wrong order.": flipped(label=lambda y: np.r_[y, y[::-1]]),
    }, cases)  # fmt: skip
    return "a mirrored photograph mostly shows the same thing. Of digits ask first whether a mirrored one is still a digit."

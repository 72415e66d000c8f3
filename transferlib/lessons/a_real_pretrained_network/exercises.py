"""The exercises of lesson 06, a real pretrained network."""

import numpy as np

from transferlib.exercises import compare, exercise, function_of, match, need, number, numbers
from transferlib.tasks import stream

MEAN = np.array([123.68, 116.779, 103.939])  # red, green, blue


@exercise(
    "Three things: the range stays 0 … 255, the order of the colours is turned round, a mean is taken away.",
    "pixels[..., ::-1] turns RGB into BGR. The mean that is taken away then stands in the order blue, green, red.",
    solution="""def answer(pixels):
    return pixels[..., ::-1] - np.array([103.939, 116.779, 123.68])""",
)
def prepared(answer):
    cases = [(stream(6, "exercise", i).integers(0, 256, (2, 4, 5, 3)).astype(float),) for i in range(3)]
    mistakes = {
        "the colours are still red, green, blue. This network learned from blue, green, red.": lambda p: p - MEAN,
        "the colours are turned round, but the mean is not: it is still that of red, green, blue.": lambda p: (
            p[..., ::-1] - MEAN
        ),
        "the mean is turned round, and the colours are not.": lambda p: p - MEAN[::-1],
        "the mean is missing.": lambda p: p[..., ::-1],
        "nothing was changed.": lambda p: p,
        "the range is 0 … 1 and then a mean of 0 … 255 is taken away: leave the range as it is.": (
            lambda p: p[..., ::-1] / 255 - MEAN[::-1],
            lambda p: p / 255 - MEAN,
        ),
        "0 … 1 is what other networks want (divided by 255); this one wants 0 … 255 less its mean.": (
            lambda p: p / 255,
            lambda p: p[..., ::-1] / 255,
            lambda p: (p[..., ::-1] - MEAN[::-1]) / 255,
        ),
        "-1 … 1 is what other networks want; this one wants 0 … 255 less its mean.": (
            lambda p: p / 127.5 - 1,
            lambda p: p[..., ::-1] / 127.5 - 1,
        ),
        "the mean was added; it is to be taken away.": lambda p: p[..., ::-1] + MEAN[::-1],
        "the pictures are mirrored or upside down: it is the last axis, the colours, that is turned round.": (
            lambda p: p[:, ::-1] - MEAN[::-1],
            lambda p: p[:, :, ::-1] - MEAN[::-1],
            lambda p: p[::-1] - MEAN[::-1],
            lambda p: p[:, ::-1] - MEAN,
            lambda p: p[:, :, ::-1] - MEAN,
            lambda p: p[::-1] - MEAN,
        ),
    }
    compare(answer, "pixels", lambda p: p[..., ::-1] - MEAN[::-1], mistakes, cases)
    return "what the network was shown while it learned, it must be shown for good."


@exercise(
    "The base is frozen, so only the head counts: one softmax layer from 512 numbers to 10 classes.",
    "A Dense layer has inputs × outputs weights, and a bias for each output.",
    solution="answer = 512 * 10 + 10",
)
def head(answer):
    mistakes = {
        "the biases are missing: each class has one.": 5120,
        "a bias belongs to an output, not to an input.": 5120 + 512,
        "that is block 5, which is frozen.": 7_079_424,
        "that is block 5 and the head; block 5 is frozen.": 7_079_424 + 5130,
        "that is all of VGG16's convolutions, which are frozen.": 14_714_688,
        "nothing would learn then: the head moves.": 0,
        "the outputs alone; each looks at 512 numbers.": 10,
        "the inputs alone; ten classes look at them.": 512,
    }
    match(number(answer), 5130, mistakes, "512 numbers go in, 10 come out: inputs × outputs, and the biases.")
    return "few enough for fifty labelled pictures; block 5 alone has over a thousand times as many."


def _standard(use):
    def made(train, test):
        rows = use(train, test)
        return np.concatenate([(x - rows.mean(0)) / rows.std(0) for x in (train, test)])

    return made


@exercise(
    "Only the training rows may say what the mean and the standard deviation are.",
    "mean, deviation = train.mean(0), train.std(0): one number a column. Both sets are changed by the same numbers.",
    solution="""def answer(train, test):
    mean, deviation = train.mean(0), train.std(0)
    return (train - mean) / deviation, (test - mean) / deviation""",
)
def standard(answer):
    rng = stream(6, "exercise", 9)
    cases = [(rng.normal(3, 2, (8, 3)) * [1, 5, 9], rng.normal(4, 3, (6, 3)) * [1, 5, 9]) for _ in range(3)]
    given = function_of("train, test", answer)

    def both(train, test):
        got = given(train, test)
        need(isinstance(got, (tuple, list)) and len(got) == 2, "return two things: the training rows and the test rows.")
        parts = [numbers(part) for part in got]
        for part, rows in zip(parts, (train, test)):
            need(part.shape == rows.shape, f"each keeps its shape: {rows.shape} is expected, and {part.shape} came.")
        return np.concatenate(parts)

    def each(train, test):
        return np.concatenate([(x - x.mean(0)) / x.std(0) for x in (train, test)])

    mistakes = {
        "each set by its own mean: the test rows are then changed by what one cannot know of a single new picture.": each,
        "the test rows have joined in the mean: that is a leak, however small.": _standard(
            lambda a, b: np.concatenate([a, b])
        ),
        "the test rows alone say what the mean is; take the training rows.": _standard(lambda a, b: b),
        "divide by the standard deviation as well.": lambda a, b: np.concatenate([a, b]) - a.mean(0),
        "take the mean away as well.": lambda a, b: np.concatenate([a, b]) / a.std(0),
        "one mean for all columns; each column has its own: mean(0).": _standard(lambda a, b: a.reshape(-1, 1)),
        "divide by the standard deviation, not by its square.": lambda a, b: (np.concatenate([a, b]) - a.mean(0)) / a.var(0),
        "the test rows are as they came; the same numbers change both.": lambda a, b: np.concatenate(
            [(a - a.mean(0)) / a.std(0), b]
        ),
    }

    def sample(a, b):
        return (np.concatenate([a, b]) - a.mean(0)) / a.std(0, ddof=1)

    compare(both, "train, test", (_standard(lambda a, b: a), sample), mistakes, cases)
    return "so the test rows have had no word in it, and one new picture can be changed the same way."


@exercise(
    "x[:, :, ::-1] turns the axis of the columns round: rows of pictures are (n, height, width, colours).",
    "np.concatenate([x, mirrored]) puts the two below each other; the labels have to be doubled in the same order.",
    solution="""def answer(x, y):
    return np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y])""",
)
def mirrored(answer):
    rng = stream(6, "exercise", 10)
    cases = [(rng.random((4, 3, 5, 3)), np.array([0, 1, 2, 1])), (rng.random((3, 4, 4, 3)), np.array([2, 0, 1]))]
    given = function_of("x, y", answer)

    def rows(x, y):
        got = given(x, y)
        need(isinstance(got, (tuple, list)) and len(got) == 2, "return two things: pictures and labels.")
        pictures, labels = map(numbers, got)
        need(pictures.shape != x.shape, "there are as many pictures as before: keep the old ones and add the new.")
        need(pictures.shape == (2 * len(x), *x.shape[1:]), f"pictures {(2 * len(x), *x.shape[1:])} are expected.")
        need(labels.shape == (2 * len(x),), f"{2 * len(x)} labels are expected, one a picture; {labels.shape} came.")
        both = np.concatenate([pictures.reshape(len(pictures), -1), labels[:, None]], 1)
        return both[np.lexsort(both.T[::-1])]  # in whatever order they come

    def flipped(turn, label=lambda y: np.concatenate([y, y])):
        def made(x, y):
            both = np.concatenate([np.concatenate([x, turn(x)]).reshape(2 * len(x), -1), label(y)[:, None]], 1)
            return both[np.lexsort(both.T[::-1])]

        return made

    mistakes = {
        "upside down; a mirror exchanges left and right, the third axis.": flipped(lambda x: x[:, ::-1]),
        "the colours are exchanged; the third axis is the width.": flipped(lambda x: x[..., ::-1]),
        "turned by half a turn; a mirror exchanges left and right only.": flipped(lambda x: x[:, ::-1, ::-1]),
        "the same pictures twice: nothing is mirrored, or only the order of the pictures is.": flipped(lambda x: x),
        "the labels do not belong to the pictures: np.repeat goes 0 0 1 1, the pictures go 0 1 0 1.": flipped(
            lambda x: x[:, :, ::-1], lambda y: np.repeat(y, 2)
        ),
        "a mirrored picture keeps its label.": flipped(
            lambda x: x[:, :, ::-1], lambda y: np.concatenate([y, y.max() + 1 + y])
        ),
        "the labels of the new pictures are in the wrong order.": flipped(
            lambda x: x[:, :, ::-1], lambda y: np.concatenate([y, y[::-1]])
        ),
    }
    compare(rows, "x, y", flipped(lambda x: x[:, :, ::-1]), mistakes, cases)
    return "good for photographs. Of digits ask first whether a mirrored one is still a digit."

"""The exercises of lesson 06, a real pretrained network."""

import numpy as np

from transferlib.exercises import compare, exercise, function_of, match, need, number, numbers, several
from transferlib.tasks import stream

MEAN = np.array([123.68, 116.779, 103.939])  # red, green, blue
OTHERS = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])  # as PyTorch's networks want it


@exercise(
    "Three things: the range stays 0 … 255, the order of the colours is turned round, a mean is taken away.",
    "pixels[..., ::-1] turns RGB into BGR. The mean then stands in the order blue, green, red, too.",
    solution="""def answer(pixels):
    return pixels[..., ::-1] - np.array([103.939, 116.779, 123.68])""",
)
def prepared(answer):
    cases = [(stream(6, "exercise", i).integers(0, 256, (2, 4, 5, 3)).astype(float),) for i in range(3)]

    def either(change):
        """Of the pixels as they are, and of those with the colours turned round."""
        return change, lambda p: change(p[..., ::-1])

    turns = lambda p: p[:, ::-1], lambda p: p[:, :, ::-1], lambda p: p[::-1]
    compare(answer, "pixels", lambda p: p[..., ::-1] - MEAN[::-1], {
        "the colours are still red, green, blue; it learned from blue, green, red.": lambda p: p - MEAN,
        "the colours are turned round, but the mean is not: it is still that of red, green, blue.":
            lambda p: p[..., ::-1] - MEAN,
        "the mean is turned round, and the colours are not.": lambda p: p - MEAN[::-1],
        "the mean is missing.": lambda p: p[..., ::-1],
        "nothing was changed.": lambda p: p,
        "the range is 0 … 1 and then a mean of 0 … 255 is taken away: leave the range as it is.":
            (*either(lambda p: p / 255 - MEAN), lambda p: p[..., ::-1] / 255 - MEAN[::-1]),
        "0 … 1 is what other networks want (divided by 255); this one wants 0 … 255 less its mean.":
            (*either(lambda p: p / 255), lambda p: (p[..., ::-1] - MEAN[::-1]) / 255),
        "-1 … 1 is what others want; this one wants 0 … 255 less its mean.": either(lambda p: p / 127.5 - 1),
        "that is 0 … 1 less PyTorch's mean, by its spread, as others want it; this one wants 0 … 255.":
            (*either(lambda p: (p / 255 - OTHERS[0]) / OTHERS[1]), *either(lambda p: p / 255 - OTHERS[0]),
             lambda p: (p[..., ::-1] / 255 - OTHERS[0][::-1]) / OTHERS[1][::-1]),
        "the mean is rounded: it is 103.939 of blue, 116.779 of green, 123.68 of red.":
            tuple(lambda p, m=m: (p - m)[..., ::-1] for m in (MEAN.round(), MEAN.round(1), MEAN // 1)),
        "the mean was added; it is to be taken away.": lambda p: p[..., ::-1] + MEAN[::-1],
        "the pictures are mirrored or upside down: it is the last axis, the colours, that is turned round.":
            tuple(lambda p, turn=turn, m=m: turn(p) - m for turn in turns for m in (MEAN, MEAN[::-1])),
    }, cases)  # fmt: skip
    return "what the network was shown while it learned, it must be shown for good."


@exercise(
    "The base is frozen, so only the head counts: one softmax layer from 512 numbers to 10 classes.",
    "A Dense layer has inputs × outputs weights, and a bias for each output.",
    solution="answer = 512 * 10 + 10",
)
def head(answer):
    answer, block, base = number(answer), 7_079_424, 14_714_688
    match(answer, 5130, {
        "the biases are missing: each class has one.": 5120,
        "a bias belongs to an output, not to an input.": 5120 + 512,
        "that is block 5, which is frozen.": block,
        "that is block 5 and the head; block 5 is frozen.": block + 5130,
        "that is all of VGG16's convolutions, which are frozen.": base,
        "that is the head and all of VGG16's convolutions, which are frozen.": base + 5130,
        "nothing would learn then: the head moves.": 0,
    }, f"it is not {answer:,}. 512 go in, 10 come out: inputs × outputs, and the biases.")  # fmt: skip
    return "few enough for fifty labelled pictures; block 5 alone has over a thousand times as many."


def _two(got, asked):
    return [numbers(part) for part in several(got, asked, 2)]


def _standard(use, spread=np.std, grain=0.0, **how):
    """Both tables, one below the other, standardised by the rows use(train, test)."""

    def made(train, test):
        rows = use(train, test)
        return (np.concatenate([train, test]) - rows.mean(0)) / (spread(rows, 0, **how) + grain)

    return made


def _train(train, test):
    return train


@exercise(
    "Only the training rows may say what the mean and the standard deviation are.",
    "mean, deviation = train.mean(0), train.std(0), one number a column; both sets are changed by these.",
    solution="""def answer(train, test):
    mean, deviation = train.mean(0), train.std(0)
    return (train - mean) / deviation, (test - mean) / deviation""",
)
def standard(answer):
    rng = stream(6, "exercise", 9)
    cases = [(rng.normal(3, 2, (8, 3)) * [1, 5, 9], rng.normal(4, 3, (6, 3)) * [1, 5, 9]) for _ in range(3)]
    given = function_of("train, test", answer)

    def both(train, test):
        parts = _two(given(train, test), "return two things: the training rows and the test rows.")
        for part, rows in zip(parts, (train, test)):
            need(part.shape == rows.shape, f"each keeps its shape: {rows.shape} is right, {part.shape} came.")
        return np.concatenate(parts)

    right = _standard(_train), _standard(_train, ddof=1)
    compare(both, "train, test", right, {
        "each set by its own mean: of a single new picture one could not know it.":
            lambda a, b: np.concatenate([(x - x.mean(0)) / x.std(0) for x in (a, b)]),
        "the test rows have joined in the mean: a leak, however small.": _standard(lambda a, b: np.r_[a, b]),
        "the test rows alone say what the mean is; take the training rows.": _standard(lambda a, b: b),
        "divide by the standard deviation as well.": lambda a, b: np.r_[a, b] - a.mean(0),
        "take the mean away as well.": lambda a, b: np.r_[a, b] / a.std(0),
        "one mean for all; each column has its own: mean(0).": _standard(lambda a, b: a.reshape(-1, 1)),
        "divide by the standard deviation, not by its square.": _standard(_train, np.var),
        "something is added to the standard deviation: no column stands still here; 1e-6 would do.":
            tuple(_standard(_train, grain=grain) for grain in (1e-3, 0.01, 0.1, 1.0)),
        "the test rows are as they came: left out, or train was overwritten first, with a mean of 0 by then.":
            lambda a, b: np.concatenate([(a - a.mean(0)) / a.std(0), b]),
    }, cases)  # fmt: skip
    return "so the test rows have had no word in it, and one new picture can be changed the same way."


@exercise(
    "x[:, :, ::-1] turns the axis of the columns round: rows of pictures are (n, height, width, colours).",
    "np.concatenate([x, mirrored]) puts one below the other; double the labels in the same order.",
    solution="""def answer(x, y):
    return np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y])""",
)
def mirrored(answer):
    rng = stream(6, "exercise", 10)
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

    def flipped(turn=lambda x: x[:, :, ::-1], label=lambda y: np.r_[y, y]):
        return lambda x, y: table(np.concatenate([x, turn(x)]), label(y))

    compare(rows, "x, y", flipped(), {
        "upside down; a mirror exchanges left and right, the third axis.": flipped(lambda x: x[:, ::-1]),
        "the colours are exchanged; the third axis is the width.": flipped(lambda x: x[..., ::-1]),
        "turned by half a turn; a mirror exchanges left and right only.": flipped(lambda x: x[:, ::-1, ::-1]),
        "the same pictures twice: nothing is mirrored, or only their order is.": flipped(lambda x: x),
        "the labels do not belong to the pictures: np.repeat goes 0 0 1 1, the pictures go 0 1 0 1.":
            flipped(label=lambda y: np.repeat(y, 2)),
        "a mirrored picture keeps its label.": flipped(label=lambda y: np.r_[y, y.max() + 1 + y]),
        "the labels of the new pictures are in the wrong order.": flipped(label=lambda y: np.r_[y, y[::-1]]),
    }, cases)  # fmt: skip
    return "good for photographs. Of digits ask first whether a mirrored one is still a digit."

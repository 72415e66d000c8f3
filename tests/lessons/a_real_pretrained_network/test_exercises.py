"""The exercises of lesson 06."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from tests.exercises import Tried, every, holds
from transferlib.imagenet import efficientnet_lite0_input
from transferlib.lessons.a_real_pretrained_network import exercises as a_real_pretrained_network


def in_place(pixels):
    pixels = pixels.copy()
    pixels -= 127
    pixels /= 128
    return pixels


def z(train, test, by):
    return (train - by.mean(0)) / by.std(0), (test - by.mean(0)) / by.std(0)


def scaler(train, test):
    from sklearn.preprocessing import StandardScaler

    made = StandardScaler().fit(train)
    return made.transform(train), made.transform(test)


def overwritten(train, test):
    train = (train - train.mean(0)) / train.std(0)
    test = (test - train.mean(0)) / train.std(0)
    return train, test


def loop(train, test):
    train, test = train.copy(), test.copy()
    for column in range(train.shape[1]):
        mean, deviation = train[:, column].mean(), train[:, column].std()
        train[:, column], test[:, column] = (train[:, column] - mean) / deviation, (test[:, column] - mean) / deviation
    return train, test


def interleaved(x, y):
    both = np.stack([x, x[:, :, ::-1]], 1)
    return both.reshape(-1, *x.shape[1:]), np.repeat(y, 2)


CASES = {
    "prepared": Tried(
        right=[
            in_place,
            lambda p: (p - 127) / 128,
            lambda p: p / 128 - 127 / 128,
            lambda p: ((p - 127) / 128).astype(np.float32),
            lambda p: ((p - 127) / 128).tolist(),
            lambda p: efficientnet_lite0_input(p),
        ],
        wrong=[
            (lambda p: p, "nothing was changed"),
            (lambda p: p - 127, "the division is missing"),
            (lambda p: p / 128, "the 127 is not taken away"),
            (lambda p: p / 255, "0 … 1 is what other"),
            (lambda p: p / 128 - 127, "the order is wrong"),
            (lambda p: p / 127.5 - 1, "near, and not the same"),
            (lambda p: (p[..., ::-1] - 127) / 128, "red and blue are exchanged"),
            (lambda p: (p + 127) / 128, "was added"),
            (lambda p: (p / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225], "PyTorch's mean"),
            (lambda p: p[..., ::-1] - [103.939, 116.779, 123.68], "is what VGG16 wants"),
            (lambda p: (p - 127) // 128, "whole numbers come out"),
            (lambda p: (p - p.mean()) / p.std(), "of these pictures"),
            (lambda p: p.mean(-1), "numbers of the shape"),
            (255, "a function of (pixels)"),
        ],
        alike=[
            (lambda p: p - 127 / 128, "the order is wrong"),
            (lambda p: (p - 127) / 255, "near, and not the same"),
            (lambda p: p - [123.68, 116.779, 103.939], "is what VGG16 wants"),
        ],
    ),
    "head": Tried(
        right=[
            6405,
            6405.0,
            Decimal(6405),
            Fraction(6405),
            np.int64(6405),
            np.float32(6405),
            1280 * 5 + 5,
            (1280 + 1) * 5,
            np.array(6405),
        ],
        wrong=[
            (6400, "the biases are missing"),
            (7680, "not to an input"),
            (3413024, "that is the base, which"),
            (3419429, "the base and the head"),
            (1281000, "1,000 classes"),
            (0, "nothing would learn"),
            (1285, "multiply"),
            (10, "it is not 10."),
            (6406, "inputs × outputs"),
            ("6405", "a number is asked for"),
        ],
    ),
    "standard": Tried(
        right=[
            scaler,
            loop,
            lambda a, b: z(a, b, a),
            lambda a, b: (x.tolist() for x in z(a, b, a)),
            lambda a, b: dict(zip(("train", "test"), z(a, b, a))),
            lambda a, b: map(lambda x: (x - a.mean(0)) / (a.std(0) + 1e-8), (a, b)),
            lambda a, b: ((a - a.mean(axis=0)) / a.std(axis=0, ddof=1), (b - a.mean(axis=0)) / a.std(axis=0, ddof=1)),
            lambda a, b: [pd.DataFrame((x - a.mean(0, keepdims=True)) / np.sqrt(a.var(0))) for x in (a, b)],
        ],
        wrong=[
            (lambda a, b: (z(a, a, a)[0], z(b, b, b)[0]), "each set by its own mean"),
            (lambda a, b: z(a, b, np.concatenate([a, b])), "a leak"),
            (lambda a, b: z(a, b, b), "take the training rows"),
            (lambda a, b: (a - a.mean(0), b - a.mean(0)), "divide by the standard deviation as well"),
            (lambda a, b: (a / a.std(0), b / a.std(0)), "take the mean away as well"),
            (lambda a, b: z(a, b, a.reshape(-1, 1)), "one mean or deviation for all; "),
            (lambda a, b: ((a - a.mean(0)) / a.var(0), (b - a.mean(0)) / a.var(0)), "by its square"),
            (overwritten, "train was overwritten first"),
            (lambda a, b: [(x - a.mean(0)) / (a.std(0) + 1e-3) for x in (a, b)], "is added to the standard deviation"),
            (lambda a, b: [(x - x.mean(1)[:, None]) / x.std(1)[:, None] for x in (a, b)], "each row by its own"),
            (lambda a, b: [(x - a.min(0)) / (a.max(0) - a.min(0)) for x in (a, b)], "by the smallest and the largest"),
            (lambda a, b: [x - a.mean(0) / a.std(0) for x in (a, b)], "mind the brackets"),
            (lambda a, b: (a, z(a, b, a)[1]), "the training rows are as they came"),
            (lambda a, b: z(a, b, a)[0], "return two things"),
            (lambda a, b: z(a, b, a)[::-1], "keeps its shape"),
            (lambda a: a, "yours takes (a)"),
        ],
        alike=[
            (lambda a, b: [(x - a.mean(0)) / np.concatenate([a, b]).std(0) for x in (a, b)], "or the deviation: a leak"),
            (lambda a, b: [(x - np.concatenate([a, b]).mean(0)) / a.std(0) for x in (a, b)], "or the deviation: a leak"),
            (lambda a, b: [(x - a.mean(0)) / x.std(0) for x in (a, b)], "each set by its own mean or deviation"),
            (lambda a, b: [(x - x.mean(0)) / a.std(0) for x in (a, b)], "each set by its own mean or deviation"),
            (lambda a, b: [(x - a.mean(0)) / a.std() for x in (a, b)], "one mean or deviation for all"),
            (lambda a, b: [(x - a.mean()) / a.std(0) for x in (a, b)], "one mean or deviation for all"),
            (lambda a, b: [x / a.std(0) - a.mean(0) for x in (a, b)], "mind the brackets"),
        ],
    ),
    "mirrored": Tried(
        right=[
            interleaved,
            lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y])),
            lambda x, y: (np.concatenate([x[:, :, ::-1], x]), np.tile(y, 2)),
            lambda x, y: iter([np.concatenate([x, np.flip(x, axis=-2)]), [*y, *y]]),
            lambda x, y: {"x": np.vstack([x, np.flip(x, 2)]), "y": np.hstack([y, y])},
            lambda x, y: (np.append(x, x[:, :, ::-1, :], axis=0), np.append(y, y)),
            lambda x, y: (np.concatenate([x, [np.fliplr(p) for p in x]]), np.r_[y, y]),
            lambda x, y: (np.array([*x, *(p[:, ::-1] for p in x)]), np.array(list(y) * 2)),
        ],
        wrong=[
            (lambda x, y: (np.concatenate([x, x[:, ::-1]]), np.tile(y, 2)), "upside down"),
            (lambda x, y: (np.concatenate([x, x[..., ::-1]]), np.tile(y, 2)), "the colours are exchanged"),
            (lambda x, y: (np.concatenate([x, x[:, ::-1, ::-1]]), np.tile(y, 2)), "half a turn"),
            (lambda x, y: (np.concatenate([x, x]), np.tile(y, 2)), "nothing is mirrored"),
            (lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), np.repeat(y, 2)), "np.repeat goes"),
            (lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y + 1 + y.max()])), "keeps its label"),
            (lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y[::-1]])), "wrong order"),
            (lambda x, y: (np.concatenate([x[:, :, ::-1]] * 2), np.tile(y, 2)), "all are mirrored"),
            (lambda x, y: (x[:, :, ::-1], y), "as many pictures as before"),
            (lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), y), "labels are expected"),
            (lambda x, y: np.concatenate([x, x[:, :, ::-1]]), "return two things"),
            (lambda x: x, "yours takes (x)"),
        ],
        alike=[
            (lambda x, y: (np.r_[x, x[::-1]], np.r_[y, y]), "only their order is"),
            (lambda x, y: (np.r_[x, x[::-1]], np.r_[y, y[::-1]]), "only their order is"),
        ],
    ),
}


def test_every_exercise_is_tried():
    assert set(CASES) == set(every(a_real_pretrained_network))


@pytest.mark.parametrize("name", CASES)
def test_an_exercise_answers_as_it_should(name):
    holds(every(a_real_pretrained_network)[name], CASES[name])

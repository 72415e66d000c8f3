"""The exercises of lesson 06."""

import keras
import numpy as np
import pandas as pd
import pytest

from tests.exercises import Tried, every, holds
from transferlib.lessons.a_real_pretrained_network import exercises as a_real_pretrained_network

MEAN = np.array([103.939, 116.779, 123.68])


def in_place(pixels):
    pixels = pixels[..., ::-1].copy()
    pixels -= MEAN
    return pixels


def one_by_one(pixels):
    red, green, blue = (pixels[..., i] for i in range(3))
    return np.stack([blue - 103.939, green - 116.779, red - 123.68], -1)


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
            one_by_one,
            lambda p: p[..., [2, 1, 0]] - MEAN,
            lambda p: np.flip(p, -1) - MEAN,
            lambda p: (p - MEAN[::-1])[..., ::-1],
            lambda p: keras.applications.vgg16.preprocess_input(p.copy()),
            lambda p: (np.flip(p, 3) - MEAN).astype(np.float32),
            lambda p: (p[..., ::-1] - MEAN).tolist(),
        ],
        wrong=[
            (lambda p: p - MEAN[::-1], "still red, green, blue"),
            (lambda p: p[..., ::-1] - MEAN[::-1], "but the mean is not"),
            (lambda p: p - MEAN, "the colours are not"),
            (lambda p: p[..., ::-1], "the mean is missing"),
            (lambda p: p, "nothing was changed"),
            (lambda p: p[..., ::-1] / 255 - MEAN, "leave the range"),
            (lambda p: p / 255, "divided by 255"),
            (lambda p: p / 127.5 - 1, "-1 … 1"),
            (lambda p: p[..., ::-1] + MEAN, "was added"),
            (lambda p: p[:, ::-1] - MEAN, "mirrored or upside down"),
            (lambda p: (p / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225], "PyTorch's mean"),
            (lambda p: p[..., ::-1] - [104, 117, 124], "the mean is rounded"),
            (lambda p: p.mean(-1), "numbers of the shape"),
            (255, "a function of (pixels)"),
        ],
    ),
    "head": Tried(
        right=[5130, 5130.0, np.int64(5130), np.float32(5130), 512 * 10 + 10, (512 + 1) * 10, np.array(5130), 5.13e3],
        wrong=[
            (5120, "the biases are missing"),
            (5632, "not to an input"),
            (7079424, "block 5, which is frozen"),
            (7084554, "block 5 and the head"),
            (14714688, "that is all of VGG16"),
            (14719818, "the head and all of VGG16"),
            (0, "nothing would learn"),
            (10, "it is not 10."),
            (5131, "inputs × outputs"),
            ("5130", "a number is asked for"),
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
            (lambda a, b: z(a, b, a.reshape(-1, 1)), "one mean for all; "),
            (lambda a, b: ((a - a.mean(0)) / a.var(0), (b - a.mean(0)) / a.var(0)), "by its square"),
            (overwritten, "train was overwritten first"),
            (lambda a, b: [(x - a.mean(0)) / (a.std(0) + 1e-3) for x in (a, b)], "is added to the standard deviation"),
            (lambda a, b: z(a, b, a)[0], "return two things"),
            (lambda a, b: z(a, b, a)[::-1], "keeps its shape"),
            (lambda a: a, "yours takes (a)"),
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
            (lambda x, y: (x[:, :, ::-1], y), "as many pictures as before"),
            (lambda x, y: (np.concatenate([x, x[:, :, ::-1]]), y), "labels are expected"),
            (lambda x, y: np.concatenate([x, x[:, :, ::-1]]), "return two things"),
            (lambda x: x, "yours takes (x)"),
        ],
    ),
}


def test_every_exercise_is_tried():
    assert set(CASES) == set(every(a_real_pretrained_network))


@pytest.mark.parametrize("name", CASES)
def test_an_exercise_answers_as_it_should(name):
    holds(every(a_real_pretrained_network)[name], CASES[name])

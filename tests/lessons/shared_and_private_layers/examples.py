"""Examples of the pictures of lesson 02."""

import keras

from tests.plots.drawn import Example
from transferlib.lessons.shared_and_private_layers import plots


def broken():
    """(inputs, outputs) of two Keras graphs; nobody asks for the end of the second."""
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    answer = keras.layers.Dense(3, name="second")(keras.layers.Dense(2, name="first")(one))
    keras.layers.Dense(3, name="lost")(two)
    return {"one": one, "two": two}, {"answer": answer}


def shared():
    """Two tasks with a layer in common, and one of their own each."""
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    common = keras.layers.Dense(2, name="common")
    ends = {task: keras.layers.Dense(3, name=f"end of {task}")(common(x)) for task, x in (("one", one), ("two", two))}
    return {"one": one, "two": two}, {f"output of {task}": end for task, end in ends.items()}


def boxes(places, arrows, white=()):
    """Left what is the first input's, right the second's; an arrow from each box to what takes it."""

    def shows(page):
        fills = {text.get_text(): text.get_bbox_patch().get_facecolor()[:3] for text in page.words if text.get_bbox_patch()}
        assert page.boxes() == set(places.items()) and {name for name, fill in fills.items() if fill == (1, 1, 1)} == set(
            white
        )
        expected = [(places[a][0], places[a][1] + 0.24, places[b][0], places[b][1] - 0.24) for a, b in arrows]
        assert sorted(page.arrows) == sorted(expected)

    return shows


PICTURES = {
    "wiring": Example(
        lambda: plots.wiring(*broken()),
        ["first takes one", "second takes first and is answer", "lost takes two and leads nowhere"],
        boxes(
            {"one": (-1.2, 0), "first": (-1.2, 1), "second": (-1.2, 2), "two": (1.2, 0), "lost": (1.2, 1)},
            [("one", "first"), ("first", "second"), ("two", "lost")],
            {"two", "lost"},
        ),
    ),
    "wiring, shared": Example(
        lambda: plots.wiring(*shared()),
        ["common takes one and two", "end of two takes common and is output of two"],
        boxes(
            {"one": (-1.2, 0), "two": (1.2, 0), "common": (0, 1), "end of one": (-1.2, 2), "end of two": (1.2, 2)},
            [("one", "common"), ("two", "common"), ("common", "end of one"), ("common", "end of two")],
        ),
    ),
}

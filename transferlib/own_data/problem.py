"""A reader's own problem: her rows, read once, and a source that may help with them."""

import threading
from dataclasses import dataclass, replace
from functools import cached_property

import keras
import numpy as np

from transferlib.functional import Functional
from transferlib.networks import Pair
from transferlib.own_data import texts as words
from transferlib.own_data.pictures import imagenet_features, read_pictures
from transferlib.own_data.tables import fill_of, filled, numbers_of
from transferlib.pretrained import vgg16, vgg16_input
from transferlib.tasks import Task, hold_out, whole_number

LEAST = 12  # rows: with fewer no quarter can be held out that says anything
TWINS = 4  # random twins of a source: the splits take turns with them, so that no lucky draw decides
EFFICIENTNET = "efficientnet"  # instead of a layer of VGG16
_building = threading.Lock()


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows and labels, and a source network that takes the rows.

    x        (n, …) rows as the source's network takes them; None without a source
    plain    (n, d) rows for models without a source; NaN is a missing number
    y        (n,) class numbers, or what a regression predicts
    classes  their names; None: a regression
    groups   (n,) the writer, patient or day of each row, or None
    pair, weights   the network, and its weights after the source was learned; None without a source
    known    which of `classes` each output of the source's own head means; None: it answers another question
    source   the source, in words
    reading  how raw rows become x and plain, as JSON holds it: see `read`
    shown    (n,) what to call each row: a file, a text, its number
    files    (n,) the picture files, or None
    numbers  (n,) the number of each row in what was given, from 0; a part of a problem keeps them
    """

    name: str
    x: np.ndarray | None
    plain: np.ndarray
    y: np.ndarray
    classes: tuple | None
    groups: np.ndarray | None
    pair: Pair | None
    weights: dict | None
    known: np.ndarray | None
    source: str
    reading: dict
    shown: np.ndarray
    files: np.ndarray | None = None
    numbers: np.ndarray | None = None

    def __post_init__(self):
        if self.numbers is None:
            object.__setattr__(self, "numbers", np.arange(len(self.y)))
        if len(self.y) < LEAST:
            few = f"{self.name}: {len(self.y)} rows are too few to hold some out and say anything"
            raise ValueError(f"{few}; {LEAST} are the least")
        self.split(0)  # what cannot be split is said now

    def __repr__(self):
        kind = "a number to predict" if self.classes is None else f"{len(self.classes)} classes"
        return f"Problem({self.name!r}: {len(self.y)} rows, {kind}; source: {self.source})"

    @cached_property
    def features(self) -> np.ndarray:
        """(n, d) what the source's shared part makes of the rows: computed once."""
        return features_of(self.pair, self.weights, self.x)

    @cached_property
    def word_counts(self) -> np.ndarray:
        """(n, 4096) how often each word occurs in each text."""
        return words.word_counts(self.shown.tolist())

    def sentences(self, random: int | None = None) -> np.ndarray:
        """(n, 384) what MiniLM makes of each text, or its twin with random weights; see `texts.sentences`."""
        return words.sentences(self.shown.tolist(), random)

    def random_features(self, number: int) -> np.ndarray:
        """`features` of the random twin, the same network with random weights: what its shape alone gives."""
        with _building:
            made = self.__dict__.setdefault("_random_features", {})
            if number not in made and self.reading.get("cut") == EFFICIENTNET:
                made[number] = imagenet_features(self.files, self.reading["white"], number).astype(float)
            elif number not in made:
                pair, x = self.pair, self.x
                if self.reading.get("cut"):  # the features came from VGG16: the twin is one of VGG16
                    x = vgg16_input(self._pictures())
                    pair = Pair(x.shape[1:], (vgg16(self.reading["cut"]), keras.layers.GlobalAveragePooling2D()), ())
                made[number] = features_of(pair, pair.fresh(number), x)
        return made[number]

    def _pictures(self):
        """The rows of pictures as (n, h, w, c)."""
        return self.plain.reshape(len(self.plain), *self.reading["size"], -1)

    @cached_property
    def heads(self) -> Pair:
        """The pair's private parts alone, as the pair has them, for `features`: what lies below is frozen."""
        outputs = [self.pair.model(task).output_shape[-1] for task in ("source", "target")]
        hidden = self.pair.target.layers[:-1]
        return Pair(self.features.shape[1:], (), hidden, [None if n == 1 else n for n in outputs])

    def split(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """(the rows to learn from, the rows held out): a quarter of each class, or of the groups, by the seed."""
        return self._hold_out(len(self.y) // 4, seed)

    def _hold_out(self, test, seed):
        y = self.y if self.classes else np.zeros(len(self.y), int)
        return hold_out(self.name, y, self.classes, test=test, groups=self.groups, seed=seed)

    def few(self, rows: int, seed: int = 0) -> "Problem":
        """A smaller data set: `rows` of the rows, each class in its share."""
        if whole_number(rows, "rows", LEAST) == len(self.y):
            return self
        return self._only(np.sort(self._hold_out(rows, seed)[1]))

    def set_aside(self, rows: int, seed: int = 0) -> tuple["Problem", "Problem"]:
        """(the problem without some rows, those rows): set aside before all else, for one last look.

        Whole groups are set aside, and each class in its share.
        """
        most = len(self.y) - LEAST
        if most < LEAST:
            few = f"{self.name}: {len(self.y)} rows are too few to set some aside"
            raise ValueError(f"{few}; {2 * LEAST} are the least. Climb with all of them, and without a last look")
        if whole_number(rows, "rows", LEAST) > most:
            raise ValueError(f"{self.name}: {rows} of {len(self.y)} rows are too many to set aside; {most} are the most")
        kept, held = self._hold_out(rows, seed)
        return self._only(kept), replace(self._only(held), name=f"{self.name}, set aside")

    def _only(self, chosen):
        fields = {key: getattr(self, key) for key in ("x", "plain", "y", "groups", "shown", "files", "numbers")}
        return replace(self, **{key: None if value is None else value[chosen] for key, value in fields.items()})

    def task(self, test: int | None = None, seed: int = 0) -> Task:
        """The rows as a `Task`, for all else in this course: `test` of them (None: a quarter) are held out.

        Pictures are (h, w, c), texts the share of each word. A table's numbers are filled and scaled by the source, if there
        is one, or the training rows; a regression's labels have mean 0 and spread 1 over all rows.
        """
        kept, held = self._hold_out(len(self.y) // 4 if test is None else test, seed)
        x = self._pictures() if self.reading["kind"] == "pictures" else self.x
        if self.reading["kind"] == "table":
            x = filled(self.plain, self.reading.get("fill") or fill_of(self.plain[kept]))
        return Task(self.name, x[kept], self.y[kept], x[held], self.y[held], self.classes)


def features_of(pair: Pair, weights: dict, x: np.ndarray) -> np.ndarray:
    """(n, d) what the shared part makes of rows x with these weights, 64 rows at a time."""
    net = Functional(pair)
    theta, state = net.split(weights)
    parts = [x[at : at + 64] for at in range(0, len(x), 64)]
    return np.concatenate([np.asarray(net.call("shared", theta, state, part, False)[0], float) for part in parts])


def read(reading: dict, raw) -> tuple[np.ndarray | None, np.ndarray]:
    """(x, plain) of raw rows, read as those of a problem were: files, a DataFrame, or texts."""
    if reading["kind"] == "table":
        plain = numbers_of(raw, reading)
        return (filled(plain, reading["fill"]) if "fill" in reading else None), plain
    if reading["kind"] == "texts":
        return words.shares(raw, reading["words"]), words.letters(raw)
    pictures, white = read_pictures(raw, reading["size"], reading["mode"], reading["white"])
    of_imagenet = reading["cut"] == EFFICIENTNET
    x = imagenet_features(raw, white) if of_imagenet else for_the_source(pictures, reading)
    return x, pictures.reshape(len(pictures), -1)


def for_the_source(pictures, reading):
    """Pictures (n, h, w, c) as the source takes them: flat, or VGG16's features of them."""
    if not reading["cut"]:
        return pictures.reshape(len(pictures), -1)
    net, parts = vgg16(reading["cut"]), (pictures[at : at + 64] for at in range(0, len(pictures), 64))
    return np.concatenate([net.predict(vgg16_input(part), verbose=0).mean((1, 2)) for part in parts])


def with_features(x, classes, cut):
    """The fields of a problem whose x are features of VGG16, up to the layer `cut`, or of EfficientNet."""
    pair = Pair(x.shape[1], shared=(), private=(), classes=(2, classes))
    source = "EfficientNet-lite0, its features" if cut == EFFICIENTNET else f"VGG16, its features at {cut}"
    return dict(x=x, pair=pair, weights=pair.fresh(0, keep_given=True), known=None, source=source)

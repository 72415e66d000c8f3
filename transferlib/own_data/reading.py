"""How raw rows of a reader's problem become numbers: picture files, a table's rows, texts; for new rows again the same."""

import re

import numpy as np

from transferlib.own_data.intake import read_pictures
from transferlib.pretrained import embedding, glove, vgg16, vgg16_input


def for_the_source(pictures: np.ndarray, reading: dict) -> np.ndarray:
    """Pictures (n, h, w, colours) as the source's network takes them.

    Flat rows; for VGG16 its features, the means over each picture of its maps at the layer `cut`, or, where its layers are
    trained, the pictures as it learned them.
    """
    if not reading["cut"]:
        return pictures.reshape(len(pictures), -1)
    if reading["layers"]:
        return vgg16_input(pictures)
    return vgg16(reading["cut"]).predict(vgg16_input(pictures), batch_size=64, verbose=0).mean((1, 2))


def numbers(rows, reading: dict) -> np.ndarray:
    """(n, d) a column a number, and one a category; NaN is missing."""
    if absent := [column for column in reading["columns"] if column not in rows.columns]:
        raise ValueError(f"the table has no column {', '.join(map(repr, absent))}")
    made = []
    for column in reading["columns"]:
        if column in reading["texts"]:
            texts = rows[column].astype(object).map(str)
            made += [(texts == each).to_numpy(float) for each in reading["texts"][column]]
        else:
            try:
                made.append(rows[column].to_numpy(float, na_value=np.nan))
            except (TypeError, ValueError) as error:
                raise ValueError(f"the column {column!r} must hold numbers in both tables: {error}") from None
    return np.stack(made, 1)


def filled(plain: np.ndarray, fill: dict) -> np.ndarray:
    """(n, d) float32 as the source's network takes them: what is missing is the source's median, by its mean and spread."""
    median, centre, spread = (np.array(fill[key]) for key in ("median", "centre", "spread"))
    return ((np.where(np.isnan(plain), median, plain) - centre) / spread).astype(np.float32)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"[^\W\d_]+", text.lower())


def mean_of(words: list[str], length: int) -> tuple:
    """Layers that turn (n, length) numbers of words, 0 for none, into the mean of their GloVe vectors, (n, 50)."""
    import keras

    known = embedding(words)
    table = keras.layers.Embedding(len(words) + 1, 50, mask_zero=True)
    table.build()
    table.set_weights([np.concatenate([np.zeros((1, 50), np.float32), known.get_weights()[0]])])
    return table, keras.layers.GlobalAveragePooling1D()


def more_words(reading: dict, shared, words: int = 20_000) -> tuple[dict, object]:
    """(reading, shared part) that also know the commonest words of GloVe, as they came: for new texts have new words."""
    import keras

    (table, *_), (rows, vectors) = [layer for layer in shared.layers if layer.weights], glove()
    known = set(reading["words"])
    more = [word for word in list(rows)[:words] if word not in known]
    bigger = keras.layers.Embedding(1 + len(known) + len(more), vectors.shape[1], mask_zero=True)
    bigger.build()
    bigger.set_weights([np.concatenate([table.get_weights()[0], vectors[[rows[word] for word in more]]])])
    layers = [keras.Input(shared.input_shape[1:]), bigger, keras.layers.GlobalAveragePooling1D()]
    return reading | dict(words=[*reading["words"], *more]), keras.Sequential(layers, name="shared")


def read(reading: dict, raw) -> tuple[np.ndarray | None, np.ndarray]:
    """(x, plain) of new raw rows, read as those of a problem were: files, a DataFrame, or texts."""
    if reading["kind"] == "pictures":
        pictures = read_pictures(raw, tuple(reading["size"]), reading["mode"])
        plain = pictures.reshape(len(pictures), -1)
        return for_the_source(pictures, reading), plain
    if reading["kind"] == "table":
        plain = numbers(raw, reading)
        return (filled(plain, reading["fill"]) if "fill" in reading else None), plain
    from sklearn.feature_extraction.text import HashingVectorizer

    place, x = {word: number + 1 for number, word in enumerate(reading["words"])}, np.zeros((len(raw), reading["length"]))
    for row, text in zip(x, raw):
        found = [place[word] for word in words_of(text) if word in place][: len(row)]
        row[: len(found)] = found
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=1024, alternate_sign=False)
    return x.astype(np.float32), letters.transform(raw).toarray()

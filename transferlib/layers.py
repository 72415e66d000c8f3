"""What is inside a Keras model: its layers one by one, what of them can be kept, a copy of one, all of them as text."""

import json
import re
import types

import keras

# In Keras's text a layer's name stands behind "name", where it is not that of a dtype, and in references, ["dense", 0, 0].
# What is only spelled as a name, such as an activation "relu", stands in other places.
LAYER = re.compile(r"""(?<!Policy", "config": {)"name": "(?P<name>[^"]*)"|\["(?P<joined>[^"]*)"(?=, \d+, \d+\])""")


def leaves(model: keras.Model) -> list[keras.layers.Layer]:
    """A model's layers, with those of the models within it in their place."""
    inner = (leaves(layer) if isinstance(layer, keras.Model) and from_keras(layer) else [layer] for layer in model.layers)
    return [layer for layers in inner for layer in layers]


def from_keras(layer: keras.layers.Layer) -> bool:
    """Whether a layer is one of Keras's own, not one that somebody programmed."""
    return type(layer).__module__.startswith("keras.")


def unsupported(model: keras.Model) -> str | None:
    """Why `train` would not do with a model what Keras does, or None."""
    if len(model.outputs) > 1:
        return f"it has {len(model.outputs)} outputs; cut(base, layer) takes a base up to one of them"
    for layer in leaves(model):
        name = f"{layer.__class__.__name__} {layer.name!r}"
        if reason := frozen(layer):
            return reason
        if getattr(layer, "stateful", False):
            return f"{name} is stateful: it carries its state from batch to batch, and batches come in random order here"
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            return f"{name} holds what it adapted to outside its weights; standardise the rows of the task instead"
        for variable in layer.trainable_variables:
            if variable.dtype != "float32":
                return f"{name} has weights of {variable.dtype}; only float32 trains here"
        if layer.weights and layer.compute_dtype != "float32":
            return f"{name} computes in {layer.compute_dtype} (mixed precision); only float32 trains here"
        if getattr(layer, "activity_regularizer", None) or any(v.regularizer for v in layer.trainable_variables):
            return f"{name} has a regularizer, which adds to the loss; here the loss is the task's alone"
        if any(v.constraint for v in layer.trainable_variables):
            return f"{name} has a constraint, which changes the weights after each step; here only Adam does"
    if getattr(model.outputs[0], "_keras_mask", None) is not None and model.non_trainable_variables:
        return "it ends with a mask (mask_zero), which is lost beside BatchNorm or Dropout; pool before the private part"
    return None


def frozen(layer: keras.layers.Layer) -> str | None:
    """Why a layer with weights that were frozen is refused, or None: what is frozen is said in one place, the strategy.

    A run from scratch draws all weights anew, and would never train the frozen ones of them.
    """
    name, weights = f"{layer.__class__.__name__} {layer.name!r}", layer.weights
    if getattr(layer, "lora_enabled", False):
        return f"{name} has LoRA, which freezes its kernel, and which Keras merges into it when it saves"
    cure = "here the strategy says what is frozen, such as move=0.0 or one number a layer"
    if weights and not layer.trainable:
        return f"{name} is frozen: {cure}. Set its trainable = True first"
    if any(not v.trainable for v in weights) and (still := _frozen_by_hand(layer)):
        return f"{name} has a frozen variable, {still}: {cure}. Set {still}.trainable = True first"
    return None


def _frozen_by_hand(layer):
    """The first of a layer's weights that is frozen, and would learn in a new layer of its kind, or None."""
    try:
        new = copied(layer)
    except (NotImplementedError, TypeError, ValueError):  # a layer that only its author can make
        return None
    return next((old.name for old, its in zip(layer.weights, new.weights) if its.trainable and not old.trainable), None)


def copied(layer: keras.layers.Layer) -> keras.layers.Layer:
    """A layer of the same kind with the same weights."""
    copy = layer.__class__.from_config(layer.get_config())
    if layer.weights:
        if not copy.built:
            copy.build_from_config(layer.get_build_config())
        copy.set_weights(layer.get_weights())
    return copy


def as_text(model: keras.Model) -> str:
    """A model's layers and how they are joined, as text, with numbers for the layers' names, which Keras counts up.

    Equal texts are equal functions of the weights. Raises TypeError where that cannot be said, since the text does not
    hold all of it: a layer, or a function, that somebody programmed may be another one tomorrow under the same name.
    """
    if own := own_code(model):
        raise TypeError(f"{own} may be programmed anew under the same name")
    text, numbers = model.to_json(), {}
    _check_modules(json.loads(text))

    def numbered(found):
        before, name = ("[", found["joined"]) if found["name"] is None else ('"name": ', found["name"])
        return f"{before}{numbers.setdefault(name, len(numbers))}"

    return LAYER.sub(numbered, text)


def own_code(model: keras.Model) -> list:
    """What a model computes with that is not Keras's own: its layers' functions, and layers, in their order."""
    found = []
    for layer in leaves(model):
        if not from_keras(layer) or isinstance(layer, keras.layers.Lambda):
            found.append(layer)
        found += _functions(layer, set())
    return found


def _functions(layer, seen):
    """The functions that a layer, or a layer within it, holds and that are not Keras's own.

    Keras itself writes a function called relu down as its own relu, whatever it computes: the text cannot be asked.
    """
    seen.add(id(layer))
    for value in vars(layer).values():
        if isinstance(value, types.FunctionType) and not value.__module__.startswith("keras."):
            yield value
        for part in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(part, keras.layers.Layer) and id(part) not in seen:
                yield from _functions(part, seen)


def _check_modules(node):
    """TypeError where a configuration names a function or class that does not stand in Keras."""
    if isinstance(node, dict) and not f"{node.get('module', 'keras')}.".startswith("keras."):
        raise TypeError(f"{node.get('config')} of {node['module']} may be programmed anew under the same name")
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _check_modules(each)

"""What is inside a Keras model: its layers one by one, what of them can be kept, a copy of one, all of them as text."""

import json

import keras


def leaves(model: keras.Model) -> list[keras.layers.Layer]:
    """A model's layers, with those of the models within it in their place."""
    inner = (leaves(layer) if isinstance(layer, keras.Model) and _from_keras(layer) else [layer] for layer in model.layers)
    return [layer for layers in inner for layer in layers]


def _from_keras(layer):
    """Whether a layer is one of Keras's own, not one that somebody programmed."""
    return type(layer).__module__.startswith("keras.")


def not_kept(model: keras.Model) -> str | None:
    """Why `train` would not do with a model what Keras does, or None."""
    if len(model.outputs) > 1:
        return f"it has {len(model.outputs)} outputs; cut(base, layer) takes a base up to one of them"
    for layer in leaves(model):
        name = f"{layer.__class__.__name__} {layer.name!r}"
        if getattr(layer, "stateful", False):
            return f"{name} is stateful: it carries its state from batch to batch, and batches come in random order here"
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is None:
            return f"{name} holds what it adapted to outside its weights; standardise the rows of the task instead"
        for variable in layer.trainable_variables:
            if variable.dtype != "float32":
                return f"{name} has weights of {variable.dtype}; only float32 trains here"
        if getattr(layer, "activity_regularizer", None) or any(v.regularizer for v in layer.trainable_variables):
            return f"{name} has a regularizer, which adds to the loss; here the loss is the task's alone"
        if any(v.constraint for v in layer.trainable_variables):
            return f"{name} has a constraint, which changes the weights after each step; here only Adam does"
    if getattr(model.outputs[0], "_keras_mask", None) is not None and model.non_trainable_variables:
        return "it ends with a mask (mask_zero), which is lost beside BatchNorm or Dropout; pool before the private part"
    return None


def copied(layer: keras.layers.Layer) -> keras.layers.Layer:
    """A layer of the same kind with the same weights."""
    copy = layer.__class__.from_config(layer.get_config())
    if layer.weights:
        if not copy.built:
            copy.build_from_config(layer.get_build_config())
        copy.set_weights(layer.get_weights())
    return copy


def as_text(model: keras.Model) -> str:
    """A model's layers and how they are joined, as text, with numbers for the names that Keras counts up."""
    if strange := [each for each in leaves(model) if not _from_keras(each)]:
        raise TypeError(f"{strange} may be programmed anew under the same name")
    if any(isinstance(each, keras.layers.Lambda) for each in leaves(model)):
        raise TypeError("a Lambda may read what is not in its text")
    text = model.to_json()
    for number, name in enumerate(_names(json.loads(text))):
        text = text.replace(f'"{name}"', f'"#{number}"')
    return text


def _names(node):
    """The names of the layers in a model's configuration, in their order."""
    if isinstance(node, list):
        return [name for each in node for name in _names(each)]
    if not isinstance(node, dict):
        return []
    config = node.get("config")
    is_layer = isinstance(config, dict) and "name" in config and not node["class_name"].endswith("Policy")
    own = [config["name"]] if is_layer else []
    return [*own, *_names(list(node.values()))]

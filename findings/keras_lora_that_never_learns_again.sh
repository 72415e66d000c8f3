#!/usr/bin/env bash
# Keras 3.15.1: a layer with LoRA that was saved and loaded again has both factors at nought, and they never move again.
#
# A file keeps the layer's kernel with the low-rank update added to it. The loaded model predicts the same to the last bit,
# says that LoRA is enabled, and lists both factors among its trainable weights. But both are all zeros. A new adapter has
# one factor at random and one at nought, so that the product is nought and one of them has a gradient. Where both are
# nought, neither has one: however long the loaded model is trained, the adapter stays as it is. Only the other layers
# and the biases learn. There is no warning. Calling `enable_lora` again is refused ("lora is already enabled").
# Seen when a model was adapted, kept for the next day, and adapted on.
#
# Output seen (TensorFlow 2.21.0):
#   before saving: largest entry of A 1.193, of B 0.140
#   loaded: same predictions True, LoRA enabled True, trainable factors 2, largest entry of A 0.000, of B 0.000
#   after 50 more epochs: largest entry of A 0.000, of B 0.000; the bias beside them moved True
#   enable_lora again: ValueError
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0

cat > adapt.py <<'PY'
import keras
import numpy as np

keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
rows = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
wanted = rows[:, :1] * 2


def largest(layer):
    return [float(np.abs(factor).max()) for factor in (layer.lora_kernel_a, layer.lora_kernel_b)]


model.layers[0].enable_lora(2)
model.compile("sgd", "mse")
model.fit(rows, wanted, epochs=5, verbose=0)
before = largest(model.layers[0])
print("before saving: largest entry of A {:.3f}, of B {:.3f}".format(*before))

model.save("adapted.keras")
loaded = keras.models.load_model("adapted.keras")
layer = loaded.layers[0]
same = np.array_equal(loaded.predict(rows, verbose=0), model.predict(rows, verbose=0))
factors = sum("lora" in weight.path for weight in loaded.trainable_variables)
print(f"loaded: same predictions {same}, LoRA enabled {layer.lora_enabled}, trainable factors {factors}, "
      "largest entry of A {:.3f}, of B {:.3f}".format(*largest(layer)))

bias = np.array(layer.bias)
loaded.compile("sgd", "mse")
loaded.fit(rows, wanted, epochs=50, verbose=0)
moved = not np.array_equal(bias, layer.bias)
print("after 50 more epochs: largest entry of A {:.3f}, of B {:.3f}; the bias beside them moved".format(*largest(layer)), moved)
try:
    layer.enable_lora(2)
    refused = "accepted"
except ValueError as error:
    refused = type(error).__name__
print("enable_lora again:", refused)
assert min(before) > 0 and same and factors == 2 and largest(layer) == [0, 0] and moved, "the adapter lives on now"
PY
export TF_CPP_MIN_LOG_LEVEL=3
env/bin/python adapt.py 2> /dev/null

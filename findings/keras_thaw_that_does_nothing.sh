#!/usr/bin/env bash
# With Keras 3.15.1 on TensorFlow 2.21.0, `model.trainable = True` does not thaw a model whose layers were frozen one by one.
#
# Keras's setter goes through all layers inside. On TensorFlow it is not reached when the model's own flag has that value
# already: TensorFlow's base class leaves an attribute alone that is set to the very object that it holds. So after
# `layer.trainable = False` for each layer, `model.trainable = True` trains nothing, and there is no word about it. The same
# lines on JAX (0.8.1) thaw all. Setting False first and True then works on both.
# It met us in a lesson on fine-tuning: the layers of a base were frozen in a loop, and thawed by the model's flag.
#
# Output seen:
#   jax: frozen one by one 0 trainable arrays, then model.trainable = True 4, after False and True 4
#   tensorflow: frozen one by one 0 trainable arrays, then model.trainable = True 0, after False and True 4
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.8.1

cat > thaw.py <<'PY'
import keras

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dense(1)])
for layer in model.layers:
    layer.trainable = False
frozen = len(model.trainable_variables)
model.trainable = True
thawed = len(model.trainable_variables)
model.trainable = False
model.trainable = True
again = len(model.trainable_variables)
told = f"frozen one by one {frozen} trainable arrays, then model.trainable = True {thawed}, after False and True {again}"
print(f"{keras.backend.backend()}: {told}")
PY
export TF_CPP_MIN_LOG_LEVEL=3
jax=$(KERAS_BACKEND=jax env/bin/python thaw.py 2> /dev/null)
tensorflow=$(KERAS_BACKEND=tensorflow env/bin/python thaw.py 2> /dev/null)
echo "$jax"
echo "$tensorflow"
[[ $jax == *"= True 4, after False and True 4" && $tensorflow == *"= True 0, after False and True 4" ]]

#!/usr/bin/env bash
# keras 3.15.1: a model that holds augmentation layers changes the pictures at random when it is called, model(pictures).
#
# One often puts augmentation into the model, as layers: RandomFlip, RandomRotation, RandomZoom. By their documentation they
# act in training only, leave the pictures alone at inference time, and want training=True where one would have it
# otherwise. So one expects of model(pictures) what one gets of Dropout and of GaussianNoise: nothing is done where training
# is not named. `predict` and `evaluate` do keep to it. But a direct call, of the layer or of the model, is taken for
# training: `call` of these layers has training=True where nobody says it, Dropout's has training=False. It is so after
# saving and loading too. The answer for one picture then differs from call to call, and from that of `predict`.
# Seen when `model.predict(pictures)` of a lesson was replaced by the direct call, which is faster for a few pictures.
#
# Output seen (keras 3.15.1, tensorflow-cpu 2.21.0; the largest change of a pixel, pictures of 0 … 1, 8 calls each):
#   RandomFlip         model(x) 0.99   model(x, training=False) 0.00   predict 0.00
#   RandomRotation     model(x) 0.97   model(x, training=False) 0.00   predict 0.00
#   RandomZoom         model(x) 0.96   model(x, training=False) 0.00   predict 0.00
#   Dropout            model(x) 0.00   model(x, training=False) 0.00   predict 0.00
#   GaussianNoise      model(x) 0.00   model(x, training=False) 0.00   predict 0.00
#   a classifier with RandomFlip and RandomRotation, loaded again: two direct calls differ by 0.20, two of predict by 0.00
# Exits with 1 when this is no longer so.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"
python3 -m venv env
env/bin/python -m pip install -q --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0

cat > call.py <<'PY'
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).random((8, 16, 16, 3), np.float32)
shaken = layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.2)
changes = {}
for layer in (*shaken, layers.Dropout(0.5), layers.GaussianNoise(0.5)):
    model = keras.Sequential([keras.Input((16, 16, 3)), layer])
    ways = {
        "model(x)": lambda model=model: model(x),
        "model(x, training=False)": lambda model=model: model(x, training=False),
        "predict": lambda model=model: model.predict(x, verbose=0),
    }
    found = {way: max(np.abs(np.array(call()) - x).max() for _ in range(8)) for way, call in ways.items()}
    changes[type(layer).__name__] = found
    print(f"{type(layer).__name__:18s} " + "   ".join(f"{way} {change:.2f}" for way, change in found.items()))

end = [layers.Flatten(), layers.Dense(3, activation="softmax")]
keras.Sequential([keras.Input((16, 16, 3)), layers.RandomFlip(), layers.RandomRotation(0.2), *end]).save("model.keras")
again = keras.models.load_model("model.keras")
called = np.abs(np.array(again(x)) - np.array(again(x))).max()
asked = np.abs(again.predict(x, verbose=0) - again.predict(x, verbose=0)).max()
print("a classifier with RandomFlip and RandomRotation, loaded again: two direct calls differ by "
      f"{called:.2f}, two of predict by {asked:.2f}")

for name, found in changes.items():
    assert found["predict"] < 1e-3 and found["model(x, training=False)"] < 1e-3
    if name in ("Dropout", "GaussianNoise"):
        assert found["model(x)"] < 1e-3
    else:
        assert found["model(x)"] > 0.1, f"{name}: a direct call is no training any more"
assert called > 0.01 and asked < 1e-6
PY
TF_CPP_MIN_LOG_LEVEL=3 env/bin/python call.py

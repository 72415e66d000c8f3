"""Tune the last two blocks of MiniLM in two ways over ten draws, and keep what came out: lesson 15 reads the file.

    python -m tools.two_blocks          what the file lacks: some forty minutes of one core for all of it
    python -m tools.two_blocks LoRA     of this arm only

Sentences of at most 24 tokens about products, a hundred labels a class to learn from, a hundred to choose by, the rest to
test on; no review is on two sides. Each rate is tried on the first draws, and so is each penalty of a logistic regression:
the one whose mean on the rows to choose by is highest there serves all draws. The head starts as the logistic regression on
block 6, so that step 0 is that reader.
"""

import json
import sys
import time
from functools import lru_cache

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from transferlib.lessons.more_efficient.stored_runs import FILE
from transferlib.minilm import PAD, means_of_tokens, minilm, padded, windows_of
from transferlib.tasks import rng_for
from transferlib.texts import sentiment

LONGEST, BATCH = 24, 16
DRAWS = tuple(range(10))
TRIED_ON = 5  # draws on which each setting is tried; the others get the one that reads the rows to choose by best there
RANK = 4
STEPS = (60,)
RATES = {f"LoRA, rank {RANK}": (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2), "both blocks": (3e-5, 1e-4, 3e-4, 1e-3)}
PENALTIES = 0.001, 0.01, 0.1, 1, 10  # of a logistic regression: scikit-learn's C
SETTINGS = dict.fromkeys(("block 6", "block 4", "blocks 4 to 6"), PENALTIES) | RATES


@lru_cache(maxsize=1)
def sentences():
    """Tokens (n, 24), labels (n,), reviews (n,) of the sentences that are short enough."""
    told = sentiment("products")
    rows = [windows_of(text) for text in told.texts]
    short = [i for i, windows in enumerate(rows) if len(windows) == 1 and len(windows[0]) <= LONGEST]
    tokens = padded([rows[i][0] for i in short] + [[0] * LONGEST])[:-1]
    return tokens, told.y[short], told.groups[short]


def network():
    base = minilm()
    middle = base.get_layer("block4_norm").output
    return base, keras.Model([middle, base.input], base.output)


@lru_cache(maxsize=1)
def states():
    """After blocks 4, 5 and 6: the first (n, 24, 384), and means over the tokens of each (3, n, 384)."""
    base = minilm()
    ends = keras.Model(base.input, [base.get_layer(f"block{b}_norm").output for b in (4, 5, 6)])
    tokens, kept, means = sentences()[0], [], []
    for at in range(0, len(tokens), 64):
        made = [np.asarray(state) for state in ends(tokens[at : at + 64])]
        kept.append(made[0])
        means.append([means_of_tokens(state, tokens[at : at + 64]) for state in made])
    return np.concatenate(kept), np.concatenate(means, axis=1)


def draw(seed):
    """Rows to learn from, to choose by, to test on."""
    _, y, groups = sentences()
    rng = rng_for(seed, "sentences about products")
    names = rng.permutation(np.unique(groups))
    third = dict(zip(names, np.arange(len(names)) * 10 // len(names) // 3))  # 0, 1: three tenths of the reviews each
    part = np.array([third[group] for group in groups])
    found = [[rng.permutation(np.flatnonzero((part == p) & (y == c)))[:100] for c in (0, 1)] for p in (0, 1)]
    return *map(np.concatenate, found), np.flatnonzero(part >= 2)


def reader(block, C, seed):
    """A logistic regression on the means of a block, or of several side by side; and its run."""
    _, y, _ = sentences()
    learn, choose, test = draw(seed)
    *_, means = states()
    x = {"block 6": means[2], "block 4": means[0], "blocks 4 to 6": np.concatenate(means, 1)}[block]
    fitted = LogisticRegression(C=C, max_iter=2000).fit(x[learn], y[learn])
    right = dict(chosen=fitted.score(x[choose], y[choose]), test=fitted.score(x[test], y[test]))
    return fitted, dict(arm=block, setting=C, draw=seed, steps=0, moved=0, seconds=0) | right


def best(runs, arm):
    """The setting of an arm that reads the rows to choose by best, on the draws where each was tried."""
    reads = {}
    for each in runs:
        if each["arm"] == arm and each["draw"] < TRIED_ON:
            reads.setdefault(each["setting"], []).append(each["chosen"])
    return max(reads, key=lambda setting: np.mean(reads[setting]))


def moving(model, base, arm):
    """Lets an arm's weights train, in blocks 5 and 6 only."""
    top = [layer for layer in base.layers if layer.name.startswith(("block5", "block6")) and layer.weights]
    for layer in base.layers:
        layer.trainable = layer in top
    if arm.startswith("LoRA"):
        for layer in top:
            layer.trainable = layer.name.endswith(("wide", "narrow"))
            if layer.trainable:
                layer.enable_lora(RANK)
                layer.bias.trainable = False
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def run(arm, rate, seed, C):
    """One training, told after each number of STEPS."""
    keras.utils.set_random_seed(seed)
    base, top = network()
    moved = moving(top, base, arm)
    tokens, y, _ = sentences()
    kept, _ = states()
    learn, choose, test = draw(seed)
    head = keras.layers.Dense(1)
    hidden, words = keras.Input(kept.shape[1:]), keras.Input(tokens.shape[1:], dtype="int32")
    real = keras.ops.cast(keras.ops.not_equal(words, PAD), "float32")[..., None]
    mean = keras.ops.sum(top([hidden, words]) * real, 1) / keras.ops.sum(real, 1)
    model = keras.Model([hidden, words], head(mean))
    first, _ = reader("block 6", C, seed)
    head.set_weights([first.coef_.T, first.intercept_])
    model.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(from_logits=True))
    rng, made, took = rng_for(seed, "batches of sentences"), [], 0.0
    order = np.concatenate([rng.permutation(learn) for _ in range(1 + max(STEPS) * BATCH // len(learn))])
    score = lambda rows: float(np.mean((model.predict([kept[rows], tokens[rows]], 64, 0)[:, 0] > 0) == y[rows]))  # noqa: E731
    for step in range(1, max(STEPS) + 1):
        rows, begin = order[(step - 1) * BATCH : step * BATCH], time.perf_counter()
        model.train_on_batch([kept[rows], tokens[rows]], y[rows, None])
        took += time.perf_counter() - begin
        if step in STEPS:
            right = dict(chosen=score(choose), test=score(test))
            made.append(dict(arm=arm, setting=rate, draw=seed, steps=step, moved=moved, seconds=round(took, 2)) | right)
    return made


def main(only=""):
    runs = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else []
    have = {(each["arm"], each["setting"], each["draw"]) for each in runs}
    wanted = {arm: settings for arm, settings in SETTINGS.items() if arm not in RATES or only in arm}
    for arm, settings in wanted.items():
        for seed in DRAWS:
            for setting in settings if seed < TRIED_ON or arm not in RATES else [best(runs, arm)]:
                if (arm, setting, seed) in have:
                    continue
                if arm in RATES:
                    runs += run(arm, setting, seed, best(runs, "block 6"))
                else:
                    runs.append(reader(arm, setting, seed)[1])
                print(runs[-1], flush=True)
                FILE.write_text(json.dumps(runs, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

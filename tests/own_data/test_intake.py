"""A reader's own data, in folders and tables; tasks of any shape train as plain Keras does; bad data is named."""

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import r2_score

from transferlib import changes, training
from transferlib.functional import predict
from transferlib.networks import PARTS, Pair
from transferlib.own_data.intake import from_folder, from_table
from transferlib.strategies import SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS
from transferlib.tasks import Task
from transferlib.training import batches, train, train_source

# Folders


@pytest.fixture
def folder(tmp_path):
    """Two classes: pictures of every size and mode, all of one colour, and what a folder also holds."""
    made = {
        "blue": [
            ("RGB", (0, 0, 255), "a.png"),
            ("RGBA", (0, 0, 255, 255), "b.PNG"),
            ("P", 0, "c.gif"),
            ("RGB", (0, 0, 255), "d.bmp"),
        ],
        "white": [("L", 255, "a.png"), ("1", 1, "b.png"), ("RGBA", (9, 9, 9, 0), "c.png"), ("I;16", 65535, "d.png")],
    }
    for label, pictures in made.items():
        (tmp_path / label / "deep").mkdir(parents=True)
        for number, (mode, colour, name) in enumerate(pictures):
            picture = Image.new(mode, (5 + number, 9 - number), colour)
            if mode == "P":
                picture.putpalette([0, 0, 255] * 256)
            picture.save(tmp_path / label / ("deep" if name[0] == "d" else "") / name)
        (tmp_path / label / "notes.txt").write_text("no picture")
        (tmp_path / label / ".DS_Store.png").write_text("no picture")
    (tmp_path / ".hidden").mkdir()
    return tmp_path


@pytest.mark.parametrize("mode, blue, channels", [("RGB", (0, 0, 1), 3), ("L", (29 / 255,), 1)])
def test_a_folder_a_class_with_pictures_of_every_size_and_mode(folder, mode, blue, channels):
    task = from_folder(folder, size=(4, 6), mode=mode, test=4)
    assert task.classes == ("blue", "white") and task.x_train.shape == (4, 4, 6, channels) and task.name == folder.name
    for x, y in ((task.x_train, task.y_train), (task.x_test, task.y_test)):
        assert np.bincount(y).tolist() == [2, 2]
        for picture, label in zip(x, y):
            np.testing.assert_allclose(picture, np.broadcast_to(np.ones(channels) if label else blue, picture.shape))
    assert task.picture == ((4, 6, 3) if mode == "RGB" else (4, 6))


def test_a_photograph_stands_upright_and_groups_come_from_the_paths(tmp_path):
    for label in "ab":
        (tmp_path / label).mkdir()
        for number in range(4):
            pixels = np.zeros((4, 8), np.uint8)
            pixels[:, :4] = 255  # white on the left: turned by the camera, it is above or below
            tag = Image.Exif()
            tag[0x0112] = 6
            Image.fromarray(pixels).save(tmp_path / label / f"{number % 2}_{number}.png", exif=tag)
    task = from_folder(tmp_path, size=(8, 4), mode="L", test=4, groups=lambda path: path.name[0], name="turned")
    assert (task.x_train[:, :4] == 1).all() and (task.x_train[:, 4:] == 0).all()
    assert task.told == "held out 4 of 8 rows: 1 of 2 groups, each class within 0 points of its share"


@pytest.mark.parametrize(
    "spoil, change, message",
    [
        (lambda f: None, dict(path="nowhere"), "there is no folder nowhere"),
        (lambda f: (f / "empty").mkdir(), {}, "empty holds no picture; add some, or take that folder away"),
        (lambda f: (f / "blue/a.png").write_bytes(b"no"), {}, "a.png is no picture that can be read .* mend it, or take it"),
        (lambda f: (f / "blue/a.png").write_bytes((f / "white/a.png").read_bytes()[:40]), {}, "blue/a.png is no picture"),
        (lambda f: f, dict(path="blue"), "one class only, 'deep'"),
        (lambda f: f, dict(path="blue/deep"), "deep holds no folder; put the pictures of each class into a folder"),
        (
            lambda f: [(f / "white" / n).unlink() for n in ("b.png", "c.png", "deep/d.png")],
            {},
            "one row only is of the class 'white'",
        ),
        (lambda f: None, dict(size=32), r"size must be \(height, width\) in pixels, such as \(32, 32\), not 32"),
        (lambda f: None, dict(size=(0, 3)), "size, .height, width., must be a whole number, 1 or more, not 0"),
        (lambda f: None, dict(mode="CMYK"), "mode must be 'RGB' or 'L'"),
        (lambda f: None, dict(test=8), "cannot hold out 8 of 8"),
        (lambda f: None, dict(groups=lambda path: 1), "every row is of the group 1"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(folder, spoil, change, message, monkeypatch):
    spoil(folder)
    monkeypatch.chdir(folder)
    with pytest.raises(ValueError, match=message):
        from_folder(**(dict(path=folder, size=(4, 4), test=2) | change))


# Tables


def people(n=60, seed=0):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        dict(
            height=rng.normal(170, 9, n),
            age=rng.integers(18, 80, n),
            town=rng.choice(["Ulm", "Bonn", "Kiel"], n),
            day=np.arange(n) % 6,
        )
    )
    table["buys"] = np.where(table.height + rng.normal(0, 9, n) > 170, "yes", "no")
    table["spent"] = table.age * 20 + rng.normal(0, 50, n)
    return table


def test_a_table_becomes_numbers_and_new_rows_become_the_same():
    table = people().drop(columns=["spent", "day"])
    table.loc[[3, 7], "height"] = np.nan
    table.loc[5, "town"] = None
    task, prepare = from_table(table, label="buys", test=20, name="buyers")
    assert prepare.names[:3] == ("height", "age", "missingindicator_height")
    towns = [place for place, each in enumerate(prepare.names) if each.startswith("town_")]
    assert (
        task.classes == ("no", "yes") and task.x_train.shape == (40, len(prepare.names)) and "height: 2 missing" in task.told
    )
    np.testing.assert_allclose(task.x_train[:, :2].mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(task.x_train[:, :2].std(0), 1, atol=1e-5)
    x = prepare(table)
    assert {row.tobytes() for row in x} == {row.tobytes() for row in np.concatenate([task.x_train, task.x_test])}
    strange = prepare(pd.DataFrame(dict(town=["Rome"], age=[40], height=[170])))
    assert strange.shape == (1, len(prepare.names)) and len(towns) >= 3 and (strange[0, towns] == 0).all()
    with pytest.raises(ValueError, match="the table has no column 'age'; wanted are 'height', 'age', 'town'"):
        prepare(table.drop(columns="age"))
    with pytest.raises(ValueError, match="the column 'age' must hold numbers, as it did"):
        prepare(table.assign(age="old"))


def test_a_missing_number_is_the_median_of_the_training_rows():
    table = people().drop(columns=["spent", "town", "day"])
    table.loc[::5, "height"] = np.nan
    task, prepare = from_table(table, label="buys", test=20)
    gap, height = list(prepare.names).index("missingindicator_height"), task.x_train[:, 0]
    known = height[task.x_train[:, gap] == 0]
    np.testing.assert_allclose(height[task.x_train[:, gap] == 1], np.median(known), atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.booleans(), st.booleans())
def test_nothing_of_a_test_row_goes_into_the_preparation(seed, grouped, regression):
    """A test row is made an outlier, a new town and without a height: the training rows do not move by one bit."""
    table, settings_of = people(seed=1), dict(test=20, seed=seed, groups="day" if grouped else None)
    drop = ["buys" if regression else "spent"] + ([] if grouped else ["day"])
    table, label = table.drop(columns=drop), "spent" if regression else "buys"
    table.loc[0, "height"] = np.nan
    first, prepare = from_table(table, label=label, **settings_of)
    rows = prepare(table)
    place = next(i for i in range(1, 60) if (first.x_test == rows[i]).all(1).any())
    table.loc[place, ["height", "age", "town"]] = [1e6, 10_000, "Rome"]
    second, _ = from_table(table, label=label, **settings_of)
    np.testing.assert_array_equal(first.x_train, second.x_train)
    np.testing.assert_array_equal(first.y_train, second.y_train)
    assert np.abs(second.x_test).max() > 100


def test_groups_are_kept_apart_and_not_learned_from():
    table = people().drop(columns="spent")
    task, prepare = from_table(table, label="buys", test=20, groups="day")
    assert "day" not in prepare.columns and "2 of 6 groups" in task.told
    day = {row.tobytes(): d for row, d in zip(prepare(table), table.day)}
    sides = [{day[row.tobytes()] for row in x} for x in (task.x_train, task.x_test)]
    assert not sides[0] & sides[1] and len(sides[1]) == 2


def test_a_file_a_regression_in_units_and_a_target_prepared_as_its_source(tmp_path):
    table = people().drop(columns=["buys", "day"])
    table.to_csv(tmp_path / "people.csv", index=False)
    source, prepare = from_table(tmp_path / "people.csv", label="spent", test=20)
    assert source.regression and abs(source.y_train.mean()) < 1e-5 and abs(source.y_train.std() - 1) < 1e-5
    both = prepare.in_units(np.concatenate([source.y_train, source.y_test]))
    np.testing.assert_allclose(np.sort(both), np.sort(table.spent), rtol=1e-4)
    more = people(seed=2).drop(columns=["buys", "day"]).assign(town="Ulm")
    target, same = from_table(more, label="spent", test=20, prepare=prepare)
    assert same is prepare and target.x_train.shape[1] == source.x_train.shape[1]
    both = prepare.in_units(np.concatenate([target.y_train, target.y_test]))
    np.testing.assert_allclose(np.sort(both), np.sort(more.spent), rtol=1e-4)
    other, own = from_table(more.rename(columns={"spent": "saved"}), label="saved", test=20, prepare=prepare)
    assert own.label == "saved" and own.mean != prepare.mean and abs(other.y_train.mean()) < 1e-5
    with pytest.raises(ValueError, match="there is no column 'town', which the preparation reads"):
        from_table(more.drop(columns="town"), label="spent", test=20, prepare=prepare)


def test_whole_numbers_are_classes_or_amounts_as_the_caller_says():
    table = people().drop(columns=["spent", "buys"])
    classes, _ = from_table(table, label="day", test=20, regression=False)
    assert classes.classes == tuple("012345") and from_table(table, label="age", test=20, regression=True)[0].regression


def with_column(**more):
    return lambda table: table.assign(**more)


@pytest.mark.parametrize(
    "spoil, change, message",
    [
        (lambda t: t, dict(label="bought"), "label: the table has no column 'bought'; it has 'height', 'age'"),
        (lambda t: t, dict(groups="writer"), "groups: the table has no column 'writer'"),
        (lambda t: t[["buys"]], {}, "leave no column to learn from"),
        (lambda t: t, dict(label="age"), "holds whole numbers, which may be classes or amounts: say regression=False or"),
        (lambda t: t, dict(regression=True), "a regression predicts numbers; the label 'buys' holds"),
        (lambda t: t.iloc[:0], {}, "the table has no rows"),
        (lambda t: pd.concat([t, t.age], axis=1), {}, "two columns of the name 'age'"),
        (lambda t: t.assign(buys=t.buys.where(t.index != 7)), {}, "row 7 has no label in 'buys'; drop them, or fill it in"),
        (lambda t: t.assign(day=t.day.where(t.index > 1)), dict(groups="day"), "2 rows, row 0 first, have no 'day'"),
        (with_column(buys="yes"), {}, "every row has the label 'yes'; two classes are the least"),
        (lambda t: t.assign(buys=["maybe", *t.buys[1:]]), {}, "one row only is of the class 'maybe'"),
        (with_column(planet="Earth"), {}, "the column 'planet' is 'Earth' in every row; drop it"),
        (with_column(zero=0.0), {}, "the column 'zero' is 0.0 in every row; drop it"),
        (with_column(gone=np.nan), {}, "the column 'gone' is empty in every row; drop it"),
        (with_column(gone=None), {}, "the column 'gone' is empty in every row; drop it"),
        (
            with_column(code=lambda t: (t.buys == "yes") * 3),
            {},
            r"'code' is the label 'buys' in disguise: .* say allow=\('code',\)",
        ),
        (with_column(code=lambda t: t.buys.str.upper()), {}, "the column 'code' is the label 'buys' in disguise"),
        (
            lambda t: t.assign(spent=t.age * 1.5, euros=t.age**2).drop(columns="age"),
            dict(label="spent"),
            "'euros' is the label 'spent' in",
        ),
        (with_column(who=lambda t: [f"person {i}" for i in t.index]), {}, "'who' holds 60 different texts in 60 rows"),
        (
            lambda t: t.assign(age=["?", *t.age[1:].astype(str)]),
            {},
            r"'age' holds numbers and '\?', in row 0; .*na_values='\?'",
        ),
        (with_column(when=pd.Timestamp("2024-01-01") + pd.to_timedelta(range(60), "D")), {}, "'when' holds times"),
        (lambda t: t.assign(height=[np.inf, *t.height[1:]]), {}, "row 0 has infinity in 'height'"),
        (lambda t: t, dict(test=60), "cannot hold out 60 of 60"),
        (lambda t: t, dict(test=55, groups="day"), "no more than 50 of 60 rows can be held out"),
        (lambda t: 3, {}, "table must be the path of a CSV file or a DataFrame, not int"),
        (lambda t: "nowhere.csv", {}, "there is no file nowhere.csv"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(spoil, change, message):
    with pytest.raises(ValueError, match=message):
        from_table(spoil(people().drop(columns="spent")), **(dict(label="buys", test=20) | change))


def test_a_file_that_is_no_csv_is_named(tmp_path):
    for content in (b"", b"a,b\n1,2\n1,2,3\n", b"\xff\xfe\x81,a"):
        (tmp_path / "odd.csv").write_bytes(content)
        with pytest.raises(ValueError, match="odd.csv cannot be read as CSV .* read it with pandas.read_csv"):
            from_table(tmp_path / "odd.csv", label="a", test=1)
    (tmp_path / "semicolons.csv").write_text("a;b\n1;x\n2;y\n")
    with pytest.raises(ValueError, match="no column 'b'; it has 'a;b'; if that is one column, it is not the comma"):
        from_table(tmp_path / "semicolons.csv", label="b", test=1)


def test_what_stands_for_the_label_may_be_allowed():
    table = people().drop(columns="spent").assign(code=lambda t: t.buys.str.upper())
    assert "code_YES" in from_table(table, label="buys", test=20, allow=("code",))[1].names
    rare = people().drop(columns="spent").assign(buys=["yes"] * 58 + ["no"] * 2, rare=[1] + [0] * 59)
    assert from_table(rare, label="buys", test=20)[0].classes == ("no", "yes"), "both rare, and not the same"


# A task of any shape, against plain Keras


def as_keras(pair, task, begin, loss, seed, steps=50, batch=16):
    """The target's model after the same batches by train_on_batch."""
    pair.load(begin)
    model = pair.model("target")
    model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"] if "cross" in loss else [])
    x, y = batches(task, seed=seed, steps=steps, batch=batch)
    for i in range(0, len(y), batch):
        now = x[i : i + batch], y[i : i + batch]
        if not isinstance(pair.shared.layers[0], keras.layers.Embedding):
            model.train_on_batch(*now)
            continue
        # For a word that stands in a batch twice, Keras's Adam adds up the squares of its gradients and not the gradients
        # before it squares (they come as IndexedSlices). Made dense, as here, they give the Adam of the paper, and ours.
        with tf.GradientTape() as tape:
            value = model.compute_loss(y=now[1], y_pred=model(now[0], training=True))
        gradients = map(tf.convert_to_tensor, tape.gradient(value, model.trainable_variables))
        model.optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return model


def pictures(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, 120)
    x = rng.uniform(size=(120, 8, 9, 3)) * 0.5
    x[np.arange(120), :, :, y] += 0.4
    return Task.split("pictures", x, np.array(["red", "green", "blue"])[y], ("red", "green", "blue"), test=40)


def sentences(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 30, (120, 7))
    return Task.split("sentences", x, ((x < 10).sum(1) > 2).astype(int), ("dull", "gay"), test=40)


def words():
    return keras.layers.Embedding(30, 6), keras.layers.GlobalAveragePooling1D(), 8


def eyes():
    return keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(), 8


def cars():
    from mlxtend.data import autompg_data

    x, y = autompg_data()
    table = pd.DataFrame(
        x[:, :7], columns=["cylinders", "displacement", "power", "weight", "acceleration", "year", "origin"]
    )
    table["origin"] = table.origin.map({1: "USA", 2: "Europe", 3: "Japan"})
    return from_table(table.assign(mpg=y), label="mpg", test=100)


@pytest.mark.parametrize(
    "inputs, shared, make, classes", [((8, 9, 3), eyes, pictures, 3), (7, words, sentences, 2)], ids=["pictures", "words"]
)
def test_pictures_and_words_train_as_plain_keras_does(inputs, shared, make, classes):
    source, target, pair = make(0), make(1), Pair(inputs, shared(), (), (classes, classes))
    weights = train_source(pair, source, steps=20, seed=3).weights
    run = train(pair, target, SHARE_WEIGHTS, source=source, weights=weights, seed=5, steps=50, batch=16)
    begin = training.starting_weights(pair, SHARE_WEIGHTS, weights, 5)
    model = as_keras(pair, target, begin, "sparse_categorical_crossentropy", 5)
    loss, accuracy = model.evaluate(target.x_test, target.y_test, verbose=0)
    assert max(np.abs(a - b).max() for part in PARTS for a, b in zip(run.weights[part], pair.weights()[part])) < 1e-4
    assert run.target_loss[-1] == pytest.approx(loss, abs=1e-4)
    assert run.target_accuracy[-1] == pytest.approx(accuracy, abs=1e-6)
    joint = train(pair, target.few(2), SHARE_GRADIENTS, source=source, weights=weights, steps=5)
    assert np.isfinite(joint.cosine[1:]).all() and np.isfinite(joint.source_accuracy).all()


def test_a_regression_trains_as_plain_keras_does_and_tells_r_squared():
    (task, prepare), pair = cars(), Pair(9, (16,), (8,), (None, None))
    assert task.x_train.shape == (292, 9) and pair.target.layers[-1].units == 1
    run = train(pair, task, SCRATCH, seed=5, steps=50, batch=16)
    model = as_keras(pair, task, training.starting_weights(pair, seed=5), "mean_squared_error", 5)
    said = model.predict(task.x_test, verbose=0)
    assert max(np.abs(a - b).max() for a, b in zip(run.weights["target"], pair.weights()["target"])) < 1e-4
    assert run.target_loss[-1] == pytest.approx(model.evaluate(task.x_test, task.y_test, verbose=0), abs=1e-4)
    assert run.target_accuracy[-1] == pytest.approx(r2_score(task.y_test, said[:, 0]), abs=1e-4)
    np.testing.assert_allclose(predict(pair, run.weights, task.x_test), said, atol=1e-4)
    longer = train(pair, task, SCRATCH, seed=5)
    miles = prepare.in_units(predict(pair, longer.weights, task.x_test)[:, 0])
    assert longer.target_accuracy[-1] > 0.75 and np.sqrt(np.mean((miles - prepare.in_units(task.y_test)) ** 2)) < 4.5


def test_no_better_than_the_mean_is_an_r_squared_of_about_nothing():
    (task, _), pair = cars(), Pair(9, (), (), (None, None))
    pair_at_mean = {**pair.fresh(0), "target": [np.zeros((9, 1), np.float32), np.full(1, task.y_train.mean())]}
    run = train(
        pair, task, SHARE_WEIGHTS.but(head="source"), weights=pair_at_mean | {"source": pair_at_mean["target"]}, steps=1
    )
    assert abs(run.target_accuracy[0]) < 0.05


def test_a_class_and_a_number_may_share_a_network():
    (numbers, _), rng = cars(), np.random.default_rng(0)
    kinds = Task.split("kinds", rng.normal(size=(80, 9)), rng.integers(0, 2, 80), "ab", test=20)
    pair = Pair(9, (16,), (), (2, None))
    weights = train_source(pair, kinds, steps=20).weights
    run = train(pair, numbers, SHARE_GRADIENTS, source=kinds, weights=weights, steps=20, both_curves=True)
    assert run.target_loss[-1] < run.target_loss[0] and np.isfinite(run.source_accuracy).all()
    message = r"source model takes \(9,\) and knows 2 classes; mpg has rows of \(9,\) and a regression's one number"
    with pytest.raises(ValueError, match=message):
        train_source(pair, numbers)
    with pytest.raises(ValueError, match="knows a regression's one number; kinds has rows of .* and 2 classes"):
        train(pair, kinds)
    with pytest.raises(ValueError, match="None in the place of one for a regression"):
        Pair(9, (4,), (), (1, 2))


def test_large_rows_are_not_padded_to_gigabytes():
    big = Task.split("big", np.zeros((12, 64, 64, 3)), np.arange(12) % 2, "ab", test=4)
    few, many = (training.task_arrays(t, 0, 0, training.Budget(3, 2))["x"] for t in (big.few(1), big))
    assert few.shape == many.shape and few.nbytes <= 2**24
    small = Task.split("small", np.zeros((12, 100)), np.arange(12) % 2, "ab", test=4)
    assert len(training.task_arrays(small, 0, 0, training.Budget(3, 2))["x"]) == 4096


@pytest.mark.parametrize("change", [changes.scrambled, changes.twice, changes.sums])
def test_a_change_of_flat_rows_says_so(change):
    with pytest.raises(ValueError, match=r"pictures: rows of numbers \(n, d\) are wanted, not \(n, 8, 9, 3\); flatten them"):
        change(pictures(0))


@pytest.mark.parametrize("change", [changes.renamed, changes.coin_labels, changes.sums, lambda t: changes.without(t, [1])])
def test_a_change_of_classes_says_so(change):
    with pytest.raises(ValueError, match="mpg: a task with classes is wanted, and this one is a regression"):
        change(cars()[0])

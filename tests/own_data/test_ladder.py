"""The ladder on a reader's own problem, and the model that is saved."""

from dataclasses import replace

import keras
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.metrics import balanced_accuracy_score, mean_absolute_error, zero_one_loss

from transferlib.datasets import mnist
from transferlib.functional import predict
from transferlib.lessons.your_own_problem.examples import cars, place_of, write_digits, write_photographs
from transferlib.networks import Pair
from transferlib.own_data import ladder as ladders
from transferlib.own_data import problem as own
from transferlib.own_data import saved_model
from transferlib.own_data.ladder import NO_SOURCE, Ladder, answers, fit
from transferlib.own_data.models import by_arrays, fit_simple
from transferlib.own_data.problems import of_folder, of_table, of_texts
from transferlib.own_data.saved_model import open_model, save_model
from transferlib.own_data.verdict import TWIN
from transferlib.strategies import FIX_COMMON
from transferlib.tasks import Task, rng_for
from transferlib.training import train

PAIR = Pair(100, shared=(64,), private=(), classes=(10, 10))


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return of_folder(write_digits(tmp_path_factory.mktemp("digits"), 60), size=(10, 10), mode="L", source=(PAIR, mnist()))


@pytest.fixture(scope="module")
def japan():
    return of_table(cars()["Japan"], label="mpg", source=cars()["USA"], regression=True, name="cars")


# The ladder


def test_every_rung_of_pictures_learns_and_splits_stay_apart(digits):
    ladder = Ladder(digits, seeds=3).climb()
    scores = {rung: values.mean() for rung, values in ladder.scores().items()}
    assert set(scores) == set(ladders.RUNGS) - set(ladders.OF_TEXTS) and not any(ladder.skipped.values())
    assert scores["constant"] < 0.2 < 0.5 < min(value for rung, value in scores.items() if rung != "constant")
    for seed in range(3):
        kept, held = digits.split(seed)
        assert not set(kept) & set(held) and len(held) == 15 and len(kept) == 45
    assert ladder.confusion().sum() == 45 and all(len(row) == 4 for row in ladder.wrong())
    assert "10 classes; source: MNIST" in repr(ladder) and "head first, then all: 0." in repr(ladder)


@pytest.mark.parametrize("rung", [rung for rung in ladders.RUNGS if rung not in ladders.OF_TEXTS])
def test_no_held_out_row_reaches_a_model(digits, rung):
    """Whatever stands in the rows that are held out, the model is the same."""
    kept, held = digits.split(0)
    x, y = digits.x.copy(), digits.y.copy()
    x[held], y[held] = 9.0, (y[held] + 1) % 10
    spoilt = replace(digits, x=x, plain=x, y=y)
    said = [answers(each, fit(each, rung, kept), kept) for each in (digits, spoilt)]
    np.testing.assert_array_equal(*said)


def test_untouched_is_what_the_source_says(digits):
    said = answers(digits, fit(digits, "untouched source", np.arange(20)), np.arange(60))
    np.testing.assert_array_equal(said, predict(PAIR, digits.weights, digits.x, "source").argmax(1))


def test_a_regression_has_r_squared_and_its_own_units(japan):
    ladder = Ladder(japan, seeds=3).climb()
    scores = ladder.scores()
    assert scores["constant"].mean() <= 0 < scores["kernel ridge"].mean() < 1 and ladder.unit == "hundredths of R²"
    row, _, truth, _ = ladder.wrong(most=1)[0]
    assert float(truth) == pytest.approx(cars()["Japan"]["mpg"][row], rel=1e-3)
    with pytest.raises(ValueError, match="no classes to confuse"):
        ladder.confusion()


def test_it_stops_where_it_is_enough_and_when_it_is_told_and_loses_nothing(digits):
    ladder = Ladder(digits, seeds=2).climb(enough=0.3)
    assert list(ladder.scores()) == ["constant", "linear model"] and "that was enough" in repr(ladder)

    def stop(done, of):
        if done == 3:
            raise KeyboardInterrupt

    ladder = Ladder(digits, seeds=2).climb(NO_SOURCE, progress=stop)
    assert "kept; climb() goes on" in ladder.stopped and "constant" in ladder.scores()
    before = dict(ladder._said)
    ladder.climb(["constant", "linear model"])
    assert list(ladder.scores()) == ["constant", "linear model"] and not ladder.stopped
    assert all(ladder._said[key] is value for key, value in before.items())
    with pytest.raises(ValueError, match="a source was not climbed"):
        ladder.verdict()
    with pytest.raises(ValueError, match="there is no step 'frozem'"):
        ladder.climb(["frozem"])
    with pytest.raises(ValueError, match="a Problem is expected"):
        Ladder("digits")


def test_a_missing_number_and_a_column_that_never_changes_do_no_harm():
    rows = rng_for(0, "test").normal(size=(30, 3))
    rows[:, 2], y = 5.0, (rows[:, 0] > 0).astype(int)
    rows[3, 1] = np.nan
    for rung in ("linear model", "nearest neighbour", "kernel ridge"):
        arrays = fit_simple(rung, rows, y, ("a", "b"))
        new = rows + [0, 0, 1e6]
        assert (by_arrays(rung, arrays, new, ("a", "b")) == y).mean() > 0.85


def test_the_random_twin_is_the_same_network_without_what_it_learned(digits):
    """Its features are drawn anew, four draws by turns, and nothing of the source's weights is in them."""
    drawn = [digits.random_features(number) for number in range(4)]
    assert all(each.shape == digits.features.shape for each in drawn)
    assert all(np.abs(a - b).max() > 0.1 for n, a in enumerate(drawn) for b in (*drawn[:n], digits.features))
    wanted = np.maximum(digits.x @ PAIR.fresh(2)["shared"][0], 0)
    np.testing.assert_allclose(drawn[2], wanted, atol=1e-5)
    other = replace(digits, weights=PAIR.fresh(9))
    kept = digits.split(6)[0]
    fitted = [fit(each, TWIN, kept, seed=6) for each in (digits, other)]
    assert fitted[0].twin == 2
    np.testing.assert_array_equal(*(answers(each, one, kept) for each, one in zip((digits, other), fitted)))


def test_features_of_vgg16_have_a_random_twin_of_vgg16(tmp_path, monkeypatch):
    keras.utils.set_random_seed(0)
    small = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 3, strides=4, activation="relu")])
    monkeypatch.setattr(own, "vgg16", lambda cut: small)
    problem = of_folder(
        write_photographs(tmp_path / "photographs", places=2), size=(16, 16), source="vgg16", cut="block1_pool"
    )
    twin = problem.random_features(1)
    assert twin.shape == problem.features.shape == (80, 4) and np.abs(twin - problem.features).max() > 1
    np.testing.assert_allclose(problem.features, problem.x, atol=1e-5)
    verdict = Ladder(problem, seeds=3).climb(["kernel ridge", TWIN, "features + linear"]).verdict()
    assert verdict.control == TWIN
    alone = Ladder(problem, seeds=3).climb(["linear model", "features + linear"]).verdict()
    assert not alone.control and alone.word != "helped"


def test_a_source_whose_classes_stand_in_another_order_answers_with_the_right_names(digits, tmp_path):
    turned = replace(digits, known=np.arange(10)[::-1].copy())
    fitted = fit(digits, "untouched source", np.arange(60))
    straight, other = (answers(each, fitted, np.arange(60)) for each in (digits, turned))
    np.testing.assert_array_equal(other, 9 - straight)
    save_model(turned, "untouched source", tmp_path / "model")
    file = tmp_path / "one.png"
    Image.fromarray((digits.x[0].reshape(10, 10) * 255).round().astype(np.uint8)).save(file)
    assert open_model(tmp_path / "model")([file]) == [digits.classes[other[0]]]


def test_a_class_that_no_split_holds_out_is_told_once(recwarn):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(61, 2)), columns=list("ab")).assign(who=np.arange(61) % 20)
    table["kind"] = np.where(table.a + rng.normal(size=61) > 0, "x", "y")
    table.loc[table.who == 3, "kind"] = "rare"  # one patient only has it
    problem = of_table(table, label="kind", groups="who")
    seeds = [seed for seed in range(40) if not (problem.y[problem.split(seed)[1]] == 0).any()][:3]
    assert len(seeds) == 3 and not [w for w in recwarn.list if "no split" in str(w.message)]
    with pytest.warns(
        UserWarning, match="no split holds out a row of 'rare': no score, and no average, speaks of it; its rows"
    ):
        ladder = Ladder(problem, seeds=seeds, measure=balanced_accuracy_score)
    assert "no split holds out a row of 'rare': no score" in repr(ladder.climb(["constant", "nearest neighbour"]))
    assert "balanced accuracy" in repr(ladder) and ladder.scores()["constant"].mean() == 0.5
    count = len(recwarn.list)
    ladder.scores(), ladder.verdict if problem.pair else None
    assert len(recwarn.list) == count


def test_a_measure_that_is_lower_for_better_answers_is_refused(digits, japan):
    def closeness(truth, said):
        return -mean_absolute_error(truth, said)

    for problem, measure in ((japan, mean_absolute_error), (digits, zero_one_loss)):
        with pytest.raises(ValueError, match="is lower for better answers, .* returns its negative"):
            Ladder(problem, seeds=2, measure=measure)
    ladder = Ladder(japan, seeds=2, measure=closeness)
    assert ladder.unit == "hundredths of closeness" and Ladder(japan, seeds=2).unit == "hundredths of R²"
    assert Ladder(digits, seeds=2, measure=balanced_accuracy_score).unit == "points"


# What is saved


def test_new_pictures_of_more_bits_have_one_white(tmp_path, monkeypatch):
    files, whites = [tmp_path / f"{top}.png" for top in (65535, 20000)], []
    for file in files:
        Image.fromarray(np.full((8, 8), int(file.stem), np.uint16)).save(file)
    monkeypatch.setattr(own, "imagenet_features", lambda files, white: whites.append(white))
    reading = dict(kind="pictures", size=[4, 4], mode="RGB", cut=own.EFFICIENTNET, white=None)  # learned from 8 bits
    assert own.read(reading, files)[1].max() == 1 and whites == [65535], "the network reads a few at a time"


def test_a_saved_model_answers_as_the_fitted_one(digits, japan, tmp_path):
    for rung in (
        "constant",
        "linear model",
        "kernel ridge",
        "untouched source",
        "features + linear",
        "head first, then all",
    ):
        fitted = save_model(japan, rung, tmp_path / "model")
        model = open_model(tmp_path / "model")
        said = answers(japan, fitted, np.arange(79)) * japan.reading["scale"] + japan.reading["mean"]
        np.testing.assert_allclose(model(cars()["Japan"]), said, rtol=1e-4)
    assert "head first, then all" in repr(model)
    before = PAIR.weights()["shared"][0].copy()
    save_model(digits, "frozen", tmp_path / "model")
    np.testing.assert_array_equal(PAIR.weights()["shared"][0], before)
    Image.fromarray((digits.x[0].reshape(10, 10) * 255).round().astype(np.uint8)).save(tmp_path / "one.png")
    assert open_model(tmp_path / "model")([tmp_path / "one.png"])[0] in digits.classes
    with pytest.raises(ValueError, match="'random network . linear' is a control"):
        save_model(digits, TWIN, tmp_path / "model")
    PAIR.save(tmp_path / "pair")
    with pytest.raises(ValueError, match="no model of a ladder"):
        open_model(tmp_path / "pair")


def test_what_a_saved_model_cannot_read_is_said_and_many_rows_come_in_parts(digits, japan, tmp_path, monkeypatch):
    save_model(digits, "linear model", tmp_path / "digits")
    model, file = open_model(tmp_path / "digits"), tmp_path / "one.png"
    Image.fromarray((digits.x[0].reshape(10, 10) * 255).round().astype(np.uint8)).save(file)
    for wrong in (str(file), file, [], None):
        with pytest.raises(ValueError, match="a list of paths of pictures is wanted, one at least, such as"):
            model(wrong)
    with pytest.raises(ValueError, match="the path of a picture file is wanted, not Image; save it to a file first"):
        model([Image.new("L", (10, 10))])
    sizes = []
    monkeypatch.setattr(saved_model, "read", lambda reading, raw: sizes.append(len(raw)) or own.read(reading, raw))
    assert len(set(model([file] * 150))) == 1 and sizes == [64, 64, 22]
    save_model(japan, "linear model", tmp_path / "cars")
    model = open_model(tmp_path / "cars")
    cars()["Japan"].to_csv(tmp_path / "cars.csv", index=False)
    np.testing.assert_allclose(model(tmp_path / "cars.csv"), model(cars()["Japan"]))
    with pytest.raises(ValueError, match="table must be the path of a CSV file or a DataFrame, not list"):
        model([1, 2])
    with pytest.raises(ValueError, match="the table has no column 'weight'; wanted are"):
        model(cars()["Japan"].drop(columns="weight"))


# What is wrong is said


TABLE = pd.DataFrame(dict(a=np.arange(40) % 7 * 1.5, b=np.arange(40) ** 2 % 11 * 1.0, kind=["x", "y"] * 20))


@pytest.mark.parametrize(
    "change, given, message",
    [
        (lambda t: t.head(10), {}, "10 rows are too few"),
        (lambda t: t.assign(kind="x"), {}, "every row has the label 'x'"),
        (lambda t: t.assign(kind=["x"] * 39 + ["y"]), {}, "one row only is of the class 'y'"),
        (lambda t: t.assign(kind=t.kind.where(t.index != 3)), {}, "row 3 has no label"),
        (lambda t: t.assign(c=t.kind.map(dict(x=1.0, y=2.0))), {}, "'c' is the label in disguise"),
        (lambda t: t.assign(a=["one", *t.a[1:]]), {}, "holds numbers and 'one'"),
        (lambda t: t.assign(a=t.a * 1j), {}, "the column 'a' holds complex numbers; make two of it"),
        (lambda t: t.head(0), {}, "the table has no rows"),
        (lambda t: "nowhere.csv", {}, "there is no file nowhere.csv"),
        (lambda t: t, dict(label="sort"), "has no column 'sort'"),
        (lambda t: t, dict(source="nowhere.csv"), "there is no file nowhere.csv"),
        (lambda t: t, dict(source=3), "source must be the path of a CSV file or a DataFrame, not int"),
        (lambda t: t, dict(source=TABLE.drop(columns="a")), "no column 'a'"),
        (lambda t: t, dict(source=TABLE.drop(columns="kind")), "no column 'kind'"),
        (lambda t: t.rename(columns={"kind": " Kind"}), {}, "' Kind' differs in blanks or capitals only"),
        (lambda t: t, dict(source=TABLE.assign(a=["p", "q", "r", "s"] * 10)), "the source's column 'a' must hold numbers"),
    ],
)
def test_a_table_that_does_not_do(change, given, message):
    with pytest.raises(ValueError, match=message):
        of_table(change(TABLE), **dict(label="kind") | given)


def test_folders_that_do_not_do(tmp_path):
    def refused(message):
        with pytest.raises(ValueError, match=message):
            of_folder(tmp_path, source=None)

    refused("holds no folder")
    (tmp_path / "a").mkdir()
    refused("holds no picture")
    Image.new("RGB", (5, 5)).save(tmp_path / "a" / "1.png")
    refused("one class only")
    (tmp_path / "b").mkdir()
    Image.new("RGB", (5, 5)).save(tmp_path / "b" / "2.png")
    refused("a/1.png and b/2.png are the same picture, once labelled a and once b")
    Image.new("RGB", (5, 5), (99, 0, 0)).save(tmp_path / "b" / "2.png")
    refused("too few")
    with pytest.raises(ValueError, match="there is no folder"):
        of_folder(tmp_path / "c")
    for number in range(20):
        Image.new("RGB", (5, 5), (number, 0, 0)).save(tmp_path / "ab"[number % 2] / f"{number}.png")
    with pytest.raises(ValueError, match="target takes"):
        of_folder(tmp_path, size=(5, 5), source=(PAIR, mnist()))
    with pytest.raises(ValueError, match="source must be"):
        of_folder(tmp_path, source="vgg19")
    ladder = Ladder(of_folder(tmp_path, size=(4, 4), source=None), seeds=2).climb()
    assert "there is no source" in repr(ladder)
    with pytest.raises(ValueError, match="this problem has none"):
        ladder.verdict()


def test_a_broken_file_and_a_wrong_name_are_a_sentence(tmp_path, japan):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "no text.csv").write_bytes(b"\xff\xfe\x00123")
    for file in ("empty.csv", "no text.csv"):
        with pytest.raises(ValueError, match="cannot be read as CSV"):
            of_table(tmp_path / file, label="mpg")
        with pytest.raises(ValueError, match="cannot be read as CSV"):
            of_table(cars()["Japan"], label="mpg", source=tmp_path / file, regression=True)
    cars()["Japan"].to_csv(tmp_path / "index.csv")
    with pytest.raises(ValueError, match="'Unnamed: 0' only numbers the rows"):
        of_table(tmp_path / "index.csv", label="mpg", regression=True)
    with pytest.raises(ValueError, match="'kind' holds lists"):
        of_table(cars()["Japan"].assign(kind=[[1, 2]] * 79), label="mpg", regression=True)
    with pytest.raises(ValueError, match="label must be the name of one column"):
        of_table(cars()["Japan"], label=["mpg"], regression=True)
    with pytest.raises(ValueError, match="there is no step 'frzen'"):
        save_model(japan, "frzen", tmp_path / "model")
    with pytest.raises(ValueError, match="'frozen' cannot learn this problem: there is no source"):
        save_model(of_table(cars()["Japan"], label="mpg", regression=True), "frozen", tmp_path / "model")
    with pytest.raises(ValueError, match="'frozen' was not climbed to the end; these were: none"):
        ladders.Ladder(japan, seeds=2).wrong("frozen")
    write_digits(tmp_path / "digits", rows=60)
    with pytest.raises(ValueError, match="16 pixels or more each way for VGG16"):
        of_folder(tmp_path / "digits", size=(1, 1), source="vgg16")
    with pytest.raises(ValueError, match="groups must be a function"):
        of_folder(tmp_path / "digits", source=None, groups="writer")
    with pytest.raises(ValueError, match="two lists of one length"):
        of_texts(["a"] * 12, None)
    with pytest.raises(ValueError, match="nothing to predict"):
        of_texts(["good day"] * 12, [0.5] * 12)
    with pytest.raises(ValueError, match="not a DataFrame"):
        ladders.Ladder(cars()["Japan"])


def test_copies_are_named_unless_groups_keep_them_together(tmp_path, recwarn):
    for number in range(20):
        home = tmp_path / "ab"[number % 2]
        home.mkdir(exist_ok=True)
        Image.new("RGB", (5, 5), (number, 0, 0)).save(home / f"{number}.png")
    of_folder(tmp_path, size=(4, 4), source=None)
    assert not recwarn.list
    Image.new("RGB", (5, 5), (4, 0, 0)).save(tmp_path / "a" / "x.png")
    with pytest.warns(UserWarning, match="one picture is a copy of another .a/x.png of a/4.png"):
        of_folder(tmp_path, size=(4, 4), source=None)
    count = len(recwarn.list)
    of_folder(tmp_path, size=(4, 4), source=None, groups=lambda path: str(path.read_bytes()))
    assert len(recwarn.list) == count
    with pytest.warns(UserWarning, match="79 rows are copies of others .row 79, for one, of row 0"):
        of_table(pd.concat([cars()["Japan"]] * 2), label="mpg", regression=True)


def test_a_trained_source_of_convolutions_climbs_every_rung_and_is_kept(tmp_path):
    layers = keras.layers
    shared = layers.Reshape((16, 16, 3)), layers.Conv2D(4, 3, 4, activation="relu"), layers.GlobalAveragePooling2D()
    rows, y = np.random.default_rng(0).random((60, 16 * 16 * 3)), np.arange(60) % 2
    source = Pair(16 * 16 * 3, shared, (), classes=(2, 10)), Task.split("noise", rows, y, ("a", "b"), test=20)
    folder = write_photographs(tmp_path / "photographs", places=3)
    problem = of_folder(folder, size=(16, 16), source=source, groups=place_of)
    assert len(problem.y) == 120 and len(set(problem.groups)) == 30
    for seed in range(5):
        kept, held = problem.split(seed)
        assert not set(problem.groups[kept]) & set(problem.groups[held])
    ladder = Ladder(problem, seeds=2, steps=4).climb()
    assert set(ladder.scores()) == set(ladders.RUNGS) - {"untouched source", *ladders.OF_TEXTS}
    task = Task("all", problem.x, problem.y, problem.x, problem.y, problem.classes)
    whole = train(problem.pair, task, FIX_COMMON, weights=problem.weights, seed=1, steps=20, every=20).weights
    heads = fit(problem, "frozen", np.arange(120), seed=1, steps=20).weights
    for part in whole:
        np.testing.assert_allclose(heads[part][0], whole[part][0], atol=1e-4)
    save_model(problem, "head first, then all", tmp_path / "model", steps=4)
    assert set(open_model(tmp_path / "model")(sorted(folder.rglob("*.png"))[:3])) <= set(problem.classes)


def test_a_regression_whose_first_labels_are_equal_is_fitted():
    rows = np.random.default_rng(0).normal(size=(24, 3))
    table = pd.DataFrame(rows, columns=list("abc")).assign(price=np.r_[7.0, 7.0, rows[2:, 0]])
    problem = of_table(table, label="price", source=table + 0.01, regression=True)
    said = answers(problem, fit(problem, "from scratch", np.arange(20), steps=300), np.arange(20))
    assert np.corrcoef(said, problem.y[:20])[0, 1] > 0.5


def test_a_kept_feature_that_hardly_ever_answers_is_not_made_loud():
    """Among 20 rows it is 0 but once; divided by its own deviation it would decide what the model says of new rows."""
    rng, y = np.random.default_rng(0), np.arange(20) % 2
    rows, new = (np.column_stack([2.0 * y + rng.normal(0, 0.2, 20), np.zeros((20, 40))]) for _ in range(2))
    rows[rng.integers(20, size=40), 1 + np.arange(40)] = 0.01
    new[:, 1:] = rng.choice([0, 0.5], (20, 40))
    said = {
        rung: by_arrays(rung, fit_simple(rung, rows, y, ("a", "b")), new, ("a", "b"))
        for rung in ("features + linear", "linear model")
    }
    assert (said["features + linear"] == y).all() and (said["linear model"] == y).mean() < 0.8

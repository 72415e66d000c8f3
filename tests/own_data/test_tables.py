"""A reader's table: what becomes of its columns, of new rows, and what is said of what looks like what it is not."""

import io
import time
import warnings

import numpy as np
import pandas as pd
import pytest

from transferlib.own_data import columns, copies, problems
from transferlib.own_data.columns import as_text
from transferlib.own_data.ladder import Ladder
from transferlib.own_data.problems import of_table
from transferlib.own_data.saved_model import open_model, save_model
from transferlib.own_data.tables import fill_of, filled, numbers_of, read_table


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    """Whatever a source would learn: here one looks at rows."""
    monkeypatch.setattr(problems, "source_weights", lambda pair, source, seed: pair.fresh(seed))


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
    return table


def quiet(*args, **settings):
    """`of_table` without a word of warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return of_table(*args, **settings)


def test_a_table_becomes_numbers_and_new_rows_become_the_same():
    table = people().drop(columns="day")
    table.loc[[3, 7], "height"] = np.nan
    table.loc[5, "town"] = None
    problem = quiet(table, label="buys", name="buyers")
    assert problem.classes == ("no", "yes") and problem.plain.shape == (60, 5)
    assert problem.reading["columns"] == ["height", "age", "town"] and problem.reading["texts"] == {
        "town": ["Bonn", "Kiel", "Ulm"]
    }
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(problem.plain[:, 0])), [3, 7])
    np.testing.assert_array_equal(
        problem.plain[:, 2:].argmax(1), [0 if t is np.nan else "BKU".index(t[0]) for t in table.town.fillna("B")]
    )
    assert (problem.plain[5, 2:] == 0).all()
    np.testing.assert_array_equal(numbers_of(table, problem.reading), problem.plain)
    strange = pd.DataFrame(dict(town=["Rome", "Ulm"], age=[40, 41], height=[170, 171]))
    np.testing.assert_array_equal(numbers_of(strange, problem.reading), [[170, 40, 0, 0, 0], [171, 41, 0, 0, 1]])
    with pytest.raises(ValueError, match="the table has no column 'age'; wanted are 'height', 'age', 'town'"):
        numbers_of(table.drop(columns="age"), problem.reading)
    with pytest.raises(ValueError, match="the source's column 'age' must hold numbers"):
        numbers_of(table.assign(age="old"), problem.reading, "source")


def test_new_rows_in_another_unit_are_told_and_ordinary_new_rows_are_not(tmp_path):
    table = people(80).drop(columns="day")
    problem, new = quiet(table, label="buys", source=people(200, 1).drop(columns="day")), people(200, 2).drop(columns="day")
    for rung in ("linear model", "features + linear"):
        save_model(problem, rung, tmp_path / "model")
        model = open_model(tmp_path / "model")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model(new)
        with pytest.warns(
            UserWarning, match=r"far outside .*'height' holds 1\.\d+ \(row 0 and 199 more\), learned was 1\d\d\."
        ):
            model(new.assign(height=new.height / 100))
        with pytest.warns(UserWarning, match=r"'height' holds 1\.69 \(row 7\), learned was"):
            model(new.assign(height=new.height.where(new.index != 7, 1.69)))
        with pytest.warns(UserWarning, match=r"'height' holds 1\.7 \(row 0\), .*; 'age' holds 4800 \(row 0\), learned was"):
            model.probabilities(pd.DataFrame(dict(height=[1.7], age=[4800], town=["Ulm"])))
        with pytest.warns(UserWarning, match="nothing stands in 'age', 'town' of the new rows: the usual value is taken"):
            model(new.assign(age=np.nan, town=None))


@pytest.mark.parametrize("slip", ["Hambrug", "Hamburgg", "Hambur", "Hanburg", "Amburg"])
def test_a_slip_of_the_pen_is_told(slip):
    table = people(80).drop(columns="day").assign(town=[slip, "Bremen", *["Hamburg", "Bremen"] * 39])
    with pytest.warns(UserWarning, match=f"'town' holds '{slip}' in one row and 'Hamburg' in 39: a slip of the pen"):
        of_table(table, label="buys")


@pytest.mark.parametrize("rare", ["Homberg", "Hamm", "Hamburg2"])
def test_a_rare_category_is_no_slip(rare):
    quiet(people(80).drop(columns="day").assign(town=[rare, "Bremen", *["Hamburg", "Bremen"] * 39]), label="buys")


def test_a_column_in_two_units_is_told():
    table = people(80).drop(columns="day")
    with pytest.warns(
        UserWarning, match=r"'height' holds 1\.\d+ … 1\.\d+, and 1\d\d\.\d+ … 1\d\d\.\d+ \(row \d+, for one\), and nothing"
    ):
        of_table(table.assign(height=table.height.where(table.index < 60, table.height / 100)), label="buys")


TAILS = dict(
    normal=lambda rng, shape: rng.normal(170, 9, shape),
    lognormal=lambda rng, shape: rng.lognormal(3, 1.5, shape),
    exponential=lambda rng, shape: rng.exponential(5, shape),
    uniform=lambda rng, shape: rng.random(shape),
    counts=lambda rng, shape: rng.poisson(2, shape),
    student=lambda rng, shape: rng.standard_t(4, shape),
    pareto=lambda rng, shape: 1 + rng.pareto(2, shape),
    edges=lambda rng, shape: rng.beta(0.5, 0.5, shape),
    rare=lambda rng, shape: rng.random(shape) < 0.1,
    gaps=lambda rng, shape: np.where(rng.random(shape) < 0.3, np.nan, rng.normal(0, 1, shape)),
)


@pytest.mark.parametrize("kind", TAILS)
def test_ordinary_new_rows_of_clean_tables_are_not_told(kind):
    for seed in range(2):
        rows = pd.DataFrame(TAILS[kind](np.random.default_rng(seed), (160, 5)), columns=list("abcde"), dtype=float)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for column in rows:
                columns.warn_of_two_units(column, rows[column].to_numpy())
            reading = dict(columns=list("abcde"), ranges=columns.ranges_of(rows[:60]))
            for new in (rows[60:], rows[60:61]):
                columns.warn_of_far(new.reset_index(drop=True), reading)


@pytest.mark.parametrize("file", ["mine.xlsx", "mine.ods", "mine.csv"])
def test_a_file_of_a_spreadsheet_program_is_told_what_to_do(file, tmp_path):
    (tmp_path / file).write_bytes(b"PK\x03\x04\x14\x00 a workbook is a zip")
    with pytest.raises(ValueError, match="is a file of a spreadsheet program, and no CSV; open it there, save it as CSV"):
        of_table(tmp_path / file, label="buys")


def test_a_row_has_one_number_and_few_rows_can_be_set_aside():
    table = people(80).drop(columns="day")
    mine, last = quiet(table, label="buys").set_aside(20, seed=1)
    np.testing.assert_array_equal(np.sort(np.concatenate([mine.numbers, last.numbers])), np.arange(80))
    wrong = Ladder(mine.few(50), seeds=8).climb("nearest neighbour").wrong(most=50)
    assert len(wrong) > 5
    for row, shown, truth, _ in wrong:
        assert shown == f"row {row}" and table.buys.iloc[row] == truth
    few, last = quiet(table[:24], label="buys").set_aside(max(12, 24 // 4))
    assert len(few.y) == len(last.y) == 12
    with pytest.raises(ValueError, match="20 rows are too few to set some aside; 24 are the least. Climb with all of them"):
        quiet(table[:20], label="buys").set_aside(12)
    with pytest.raises(ValueError, match="20 of 30 rows are too many to set aside; 18 are the most"):
        quiet(table[:30], label="buys").set_aside(20)


def test_a_task_of_a_table_is_filled_and_scaled_by_its_training_rows_alone():
    table = people().drop(columns=["town", "day"])
    table.loc[::5, "height"] = np.nan
    problem = of_table(table.assign(rare=np.arange(60) == 7), label="buys")
    (odd, *_), problem.plain[:, 2] = problem.split(3)[1], 0.0
    problem.plain[odd, 2] = 1e6  # the column changes in one row only, which seed 3 holds out
    for seed in range(5):
        task, (kept, held) = problem.task(seed=seed), problem.split(seed)
        np.testing.assert_allclose(task.x_train.mean(0), 0, atol=1e-5)
        np.testing.assert_allclose(task.x_train[:, :2].std(0), 1, atol=1e-5)
        median, fill = np.nanmedian(problem.plain[kept, 0]), fill_of(problem.plain[kept])
        filled_in = task.x_train[np.isnan(problem.plain[kept, 0]), 0]
        np.testing.assert_allclose(filled_in, (median - fill["centre"][0]) / fill["spread"][0], rtol=1e-4)
        if odd in held:  # what never changed says nothing about others
            assert (task.x_test[:, 2] == 0).all()


def test_a_column_that_never_changed_in_the_source_says_nothing():
    rows = np.array([[1.0, 5.0], [3.0, 5.0], [np.nan, 5.0]])
    np.testing.assert_allclose(filled([[2.0, 1e6], [np.nan, np.nan]], fill_of(rows)), 0, atol=1e-6)
    source = people(seed=1).drop(columns=["town", "day"]).assign(rare=0.0, gone=np.nan)
    table = people(seed=2).drop(columns=["town", "day"])
    table = table.assign(rare=np.r_[1e6, np.zeros(59)], gone=np.arange(60.0) % 7)
    problem = of_table(table, label="buys", source=source)
    assert (problem.x[:, 2:] == 0).all() and np.isfinite(problem.x).all()


def test_the_targets_gaps_are_filled_by_the_source():
    """(mutant v2) The source's median, not the target's own: new rows are read so too."""
    source, table = people(seed=1).drop(columns=["town", "day"]), people(seed=2).drop(columns=["town", "day"])
    table["height"] += 40
    table.loc[::3, "height"] = np.nan
    problem = of_table(table, label="buys", source=source)
    wanted = (source.height.median() - source.height.mean()) / source.height.std(ddof=0)
    np.testing.assert_allclose(problem.x[::3, 0], wanted, rtol=1e-5)


def test_groups_are_kept_apart_and_not_learned_from():
    problem = quiet(people(), label="buys", groups="day")
    assert "day" not in problem.reading["columns"]
    kept, held = problem.split(0)
    assert not set(problem.groups[kept]) & set(problem.groups[held])


def test_a_file_and_a_regression_in_the_units_of_its_source(tmp_path):
    table = (
        people()
        .assign(spent=lambda t: t.age * 20 + np.random.default_rng(9).normal(0, 50, 60))
        .drop(columns=["buys", "day"])
    )
    table.to_csv(tmp_path / "people.csv", index=False)
    alone = quiet(tmp_path / "people.csv", label="spent")
    assert alone.name == "people" and abs(alone.y.mean()) < 1e-9 and abs(alone.y.std() - 1) < 1e-9
    source = table.assign(spent=table.spent * 2 + 7, height=table.height + 1)
    problem = of_table(table, label="spent", source=source)
    np.testing.assert_allclose(problem.y * problem.reading["scale"] + problem.reading["mean"], table.spent)
    assert problem.reading["mean"] == pytest.approx(source.spent.mean())


# How a value is written


@pytest.mark.parametrize(
    "value, text",
    [
        (1, "1"), (1.0, "1"), (np.float64(2), "2"), ("1", "1"), (1.5, "1.5"), (b"yes", "yes"), (True, "True"),
        (np.int64(1000002), "1000002"), (1e22, str(10**22)),
    ],
)  # fmt: skip
def test_a_category_is_one_text_however_it_was_read(value, text):
    assert as_text(value) == text


def test_the_same_flats_get_the_same_numbers_when_a_cell_is_empty():
    rng = np.random.default_rng(0)
    flats = pd.DataFrame(dict(area=rng.normal(60, 9, 120), floor=rng.choice(["1", "2", "G", "UG", "DG"], 120)))
    flats["rent"] = np.where(rng.random(120) < 0.5, "cheap", "dear")
    reading = quiet(flats, label="rent").reading
    whole = pd.read_csv(io.StringIO("area,floor\n60,1\n60,1\n60,2\n"))
    gap = pd.read_csv(io.StringIO("area,floor\n60,1\n60,1\n60,2\n60,\n"))
    assert whole.floor.dtype != gap.floor.dtype
    np.testing.assert_array_equal(numbers_of(whole, reading), numbers_of(gap, reading)[:3])
    assert numbers_of(gap, reading)[:, 1:].sum() == 3
    with pytest.warns(UserWarning, match="column 'floor' holds nothing that is known, '7' first; known are '1', '2', 'DG'"):
        numbers_of(whole.assign(floor=7), reading)


def test_classes_of_many_digits_are_themselves():
    table = (
        people(80).drop(columns="buys").assign(code=np.where(np.random.default_rng(0).random(80) < 0.5, 1000001, 1000002))
    )
    assert quiet(table, label="code", regression=False).classes == ("1000001", "1000002")
    assert quiet(table.assign(code=table.code * 1.0), label="code", regression=False).classes == ("1000001", "1000002")
    digits = quiet(people().drop(columns="buys"), label="day", regression=False).classes
    assert digits == tuple("012345")


@pytest.mark.parametrize("other", ["yes ", " yes", "yes\N{NO-BREAK SPACE}", "YES", "Yes"])
def test_labels_that_look_alike_are_named(other):
    table = people().drop(columns="day")
    table.loc[table.index[table.buys == "yes"][::3], "buys"] = other
    with pytest.raises(ValueError, match="the label 'buys' holds .*[yY][eE][sS].*, which differ in blanks, capitals or"):
        of_table(table, label="buys")
    assert len(of_table(table, label="buys", allow=("buys",)).classes) == 3
    other = people().drop(columns="day")
    other.loc[::3, "town"] = other.town[::3].str.upper() + " "
    with pytest.raises(ValueError, match="the column 'town' holds"):
        of_table(other, label="buys")
    with pytest.raises(ValueError, match="groups holds"):
        of_table(other, label="buys", groups="town")


def test_a_letter_in_one_or_in_two_signs_is_named_so_that_one_sees_it():
    table = (
        people()
        .drop(columns="day")
        .assign(buys=["gr\N{LATIN SMALL LETTER U WITH DIAERESIS}n", "gru\N{COMBINING DIAERESIS}n", "rot"] * 20)
    )
    with pytest.raises(ValueError, match=r"'gr\\xfcn' and 'gru\\u0308n'"):
        of_table(table, label="buys")


def test_missing_labels_of_every_kind_are_named():
    for none in (None, np.nan, pd.NA):
        table = people().drop(columns="day")
        table["buys"] = table.buys.astype("string" if none is pd.NA else object)
        table.loc[4, "buys"] = none
        with pytest.raises(ValueError, match="row 4 has no label"):
            of_table(table, label="buys")
        with pytest.raises(ValueError, match="row 4 has no group in 'buys'"):
            of_table(table.assign(day=people().day), label="day", groups="buys", regression=False)
    for column in ("boolean", "Int64"):
        flags = people().drop(columns="day").assign(flag=pd.array([1, 0, pd.NA] * 20, dtype=column))
        assert np.isnan(of_table(flags, label="buys").plain[2, -1])


def test_some_rows_of_a_table_may_lack_its_last_column(tmp_path):
    save_model(of_table(people(), label="buys"), "linear model", tmp_path / "model")
    new = people().drop(columns="buys").assign(day=np.nan, who=[f"p{row}" for row in range(60)])
    model = open_model(tmp_path / "model")
    asked = [new.iloc[[3, 9, 4]].drop(columns="who"), new.iloc[[3, 9, 4]].set_index("who")]
    assert model(asked[0]) == model(asked[1]) == model(asked[0].reset_index(drop=True))


def test_no_unit_is_too_small():
    table = people().drop(columns=["town", "day"])
    tiny, huge = (table.assign(height=table.height * unit, still=0.1 * unit) for unit in (1e-12, 1e12))
    for each in (tiny, huge):
        spread = fill_of(each[["height", "age", "still"]].to_numpy(float))["spread"]
        assert spread[0] > 0 and spread[2] == 0
    plain, small = (of_table(each.drop(columns="still", errors="ignore"), label="buys") for each in (table, tiny))
    climbed = [Ladder(each, seeds=2).climb("linear model").scores()["linear model"] for each in (plain, small)]
    assert np.array_equal(*climbed)


def test_a_label_of_its_own_in_each_row_is_no_class():
    names = people().assign(buys=[f"person {row}" for row in range(60)])
    with pytest.raises(ValueError, match="label 'buys' holds 60 different classes in 60 rows, and each needs two"):
        of_table(names, label="buys")


def test_a_class_of_the_name_none_is_not_lost_in_silence(tmp_path):
    table = people().assign(buys=lambda t: t.buys.replace("no", "None"))
    table.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(ValueError, match=r"no label in 'buys'; .*named None or NA .*keep_default_na=False\) keeps"):
        of_table(tmp_path / "people.csv", label="buys")
    assert of_table(pd.read_csv(tmp_path / "people.csv", keep_default_na=False), label="buys").classes == ("None", "yes")
    flags = table.assign(buys=table.buys == "yes")
    with pytest.raises(ValueError, match="holds '(True|False)', and a regression predicts numbers; .* say regression=False"):
        of_table(flags, label="buys", regression=True)


def test_a_group_is_its_name_however_it_is_written():
    mixed = people().assign(day=np.array([1, 1.0, "1", "2"] * 15, object))
    assert set(of_table(mixed, label="buys", groups="day").groups) == {"1", "2"}
    with pytest.raises(ValueError, match="row 2 has no group in 'day'"):
        of_table(people().assign(day=["a", "b", " ", *"abc" * 19]), label="buys", groups="day")


def test_categories_that_the_source_writes_otherwise_are_told():
    table, source = people().drop(columns="day"), people(seed=1).drop(columns="day")
    source["town"] = source.town.str[0] + "."
    with pytest.warns(
        UserWarning, match="'town' holds 'Bonn', 'Kiel', 'Ulm', and 'B.', 'K.', 'U.' in the source: none is in both"
    ):
        of_table(table, label="buys", source=source)
    quiet(table, label="buys", source=source, allow=("town",))
    quiet(table, label="buys", source=source.assign(town=["Bonn", "Wien"] * 30))


def test_a_source_may_be_a_few_rows():
    numbers = [
        people(seed=seed).drop(columns=["town", "buys", "day"]).assign(far=lambda t: t.age + t.height**2) for seed in (0, 1)
    ]
    assert of_table(numbers[0], label="far", source=numbers[1][:15], allow=("age", "height")).source == "another table"


def test_a_regression_whose_groups_hold_out_one_row_is_no_nan():
    table = people().drop(columns=["town", "buys"]).assign(far=lambda t: t.age + t.height**2, day=[0] * 59 + [1])
    problem = of_table(table, label="far", groups="day", allow=("age", "height"))
    with pytest.raises(ValueError, match="split 0 holds out one row, and R² needs two; make the groups more even"):
        Ladder(problem, seeds=2)


def test_a_number_as_the_name_of_a_column_is_a_text_here():
    with pytest.raises(ValueError, match="name of one column, not 3; names are texts here: say '3'"):
        of_table(people().set_axis([0, 1, 2, 4, 3], axis=1), label=3)


def test_a_comma_at_the_end_of_each_row_does_not_shift_the_columns(tmp_path):
    file = tmp_path / "shifted.csv"
    file.write_text(
        "bought,height,weight\n" + "".join(f"{b},{150 + i},{50 + i}\n" for i, b in enumerate("yn" * 20)).replace("\n", ",\n")
    )
    for table in (file, pd.read_csv(file)):
        with pytest.raises(ValueError, match="more fields in a row than names .* first column became the index"):
            of_table(table, label="bought")
    assert len(read_table(people()[people().age > 30])) < 60, "a table that was filtered is none of these"


# What looks like what it is not


def counting(n, kind):
    """Numbers of the rows: as pandas writes them for a filtered table, from 1 on, backwards."""
    return {"gaps": np.arange(n) * 3 + 7, "one": np.arange(1, n + 1), "back": np.arange(n)[::-1]}[kind]


@pytest.mark.parametrize("kind", ["gaps", "one", "back"])
@pytest.mark.parametrize("name", ["Unnamed: 0", "id"])
@pytest.mark.parametrize("order", [True, False])
def test_numbers_of_rows_are_refused_whatever_their_name(kind, name, order):
    table = people(80).drop(columns="day").sort_values("buys").assign(**{name: counting(80, kind)})
    table = table if order else table.sample(frac=1, random_state=0)  # shuffled after they were numbered
    with pytest.raises(ValueError, match=f"the column '{name}' .*numbers the rows.*drop it.*allow="):
        of_table(table, label="buys")
    assert name in of_table(table, label="buys", allow=(name,)).reading["columns"]


def test_whole_numbers_that_count_nothing_are_read():
    table = people(80).drop(columns="day")
    table["income"] = np.random.default_rng(0).permutation(80) * 100
    table["year"] = np.sort(np.random.default_rng(1).integers(1990, 2010, 80))
    assert {"income", "year", "age"} <= set(quiet(table, label="buys").reading["columns"])


PRICES = np.random.default_rng(0).normal(1500, 300, 80)


@pytest.mark.parametrize(
    "texts, hint",
    [
        ([f"{p:.1f}".replace(".", ",") for p in PRICES], "'1537,7'.*decimal=','"),
        (["3,5", "2,25", "1,0", "12,75"] * 20, "'3,5'.*decimal=','"),
        ([f"{p:,.0f}" for p in PRICES], "'1,538'.*thousands=','"),
        (["1,200", "950", "3,100", "700"] * 20, "'1,200'.*thousands=','"),
        (["1.200,50", "950,00", "3.100,25", "700,10"] * 20, "decimal=',', thousands='.'"),
        (["$950", "$1,200", "$30", "$7"] * 20, r"'\$950'.*take the signs away"),
        (["12%", "30 %", "7.5%", "9%"] * 20, "'12%'.*take the signs away"),
        ([f"{p:.2f}" for p in PRICES], "as texts.*astype"),
    ],
)
def test_numbers_in_another_way_of_writing_are_named(texts, hint):
    table = people(80).drop(columns="day").assign(price=texts)
    with pytest.raises(ValueError, match=f"the column 'price' holds numbers .*{hint}"):
        of_table(table, label="buys")
    with pytest.raises(ValueError, match=f"the label 'price' holds numbers .*{hint}.*regression=False"):
        of_table(table, label="price")


def test_how_many_texts_are_names_and_no_categories():
    table = people(40).drop(columns="day")
    texts = [f"place {chr(97 + i % 20)}" for i in range(40)]
    assert len(quiet(table.assign(place=texts), label="buys").reading["texts"]["place"]) == 20
    with pytest.raises(ValueError, match="21 different texts in 40 rows, names and not categories"):
        of_table(table.assign(place=[*texts[:-1], "elsewhere"]), label="buys")


def test_texts_that_are_no_numbers_are_categories():
    texts = dict(
        size=["S", "M", "L", "1.2.3"] * 20, floor=["1", "2", "G", "UG"] * 20, when=["12:30", "9:15", "10-12", "n/a"] * 20
    )
    assert set(quiet(people(80).drop(columns="day").assign(**texts), label="buys").reading["texts"]) == {"town", *texts}
    assert (
        "price"
        in of_table(people().drop(columns="day").assign(price=["3,5", "2,5"] * 30), label="buys", allow=("price",)).reading[
            "texts"
        ]
    )


def test_a_stand_in_for_what_is_missing_is_told():
    table = people().drop(columns="day")
    for value in (-999, 9999, -1):
        spoilt = table.assign(height=table.height.where(table.index % 6 != 0, value))
        with pytest.warns(
            UserWarning, match=rf"'height' holds {value} in 10 rows, far from all others .*na_values={value}\)"
        ):
            of_table(spoilt, label="buys")
    quiet(
        table.assign(
            change=np.random.default_rng(0).choice([-1, 0, 1, 2], 60), one=table.height.where(table.index != 9, 400)
        ),
        label="buys",
    )


def test_a_column_that_alone_tells_the_label_is_told():
    table = people(80).drop(columns="day")
    yes, rng = table.buys == "yes", np.random.default_rng(0)
    code = np.where(yes, rng.choice(["J1", "J2"], 80), "N")
    threshold = np.where(yes, 5, 0) + rng.random(80)
    for column in (code, threshold):
        with pytest.warns(
            UserWarning, match="the column 'code' alone tells the label, nearly always: .*allow=.'code',. says so"
        ):
            of_table(table.assign(code=column), label="buys")
        quiet(table.assign(code=column), label="buys", allow=("code",))
    twice = np.where(yes, 5 + rng.random(80), np.where(table.index % 2, 3, 7) + rng.random(80))
    quiet(table.assign(code=twice), label="buys")  # the class in the middle: no threshold parts it off
    rent = table.drop(columns="buys").assign(kind=rng.choice(list("abcd"), 80))
    rent["rent"] = rent.kind.map(dict(a=10.5, b=11.5, c=9.5, d=10.5))
    with pytest.warns(UserWarning, match="the column 'kind' alone tells the label"):
        of_table(rent, label="rent")


def test_a_label_that_is_a_sum_of_columns_is_told():
    rng = np.random.default_rng(0)
    bill = pd.DataFrame(dict(age=rng.normal(40, 9, 60), net=rng.normal(100, 20, 60), tax=rng.normal(20, 6, 60)))
    with pytest.warns(UserWarning, match="the label is a sum of 'net', 'tax', to the last digit"):
        of_table(bill.assign(gross=bill.net + bill.tax), label="gross")
    quiet(bill.assign(gross=bill.net + bill.tax + rng.normal(0, 0.1, 60)), label="gross")


@pytest.mark.parametrize(
    "values, categories",
    [
        (pd.Categorical(list("abc") * 20), ["a", "b", "c"]), (pd.array(list("abc") * 20, "string"), ["a", "b", "c"]),
        ([True, False, None] * 20, ["False", "True"]), ([b"a", b"b"] * 30, ["a", "b"]),
        (["a", np.inf, "b"] * 20, ["a", "b", "inf"]),
        ([1, 2.5, None] * 20, None), (pd.array([1, 2, None] * 20, "Int64"), None), ([True, False] * 30, None),
    ],
)  # fmt: skip
def test_a_column_of_any_kind_is_numbers_or_categories(values, categories):
    assert quiet(people().drop(columns="day").assign(x=values), label="buys").reading["texts"].get("x") == categories


def test_what_stands_for_the_label_may_be_allowed():
    table = people().drop(columns="day").assign(code=lambda t: t.buys.str.upper())
    assert "code" in of_table(table, label="buys", allow=("code",)).reading["texts"]
    rare = people().drop(columns="day").assign(buys=["yes"] * 58 + ["no"] * 2, rare=[1] + [0] * 59)
    assert quiet(rare, label="buys").classes == ("no", "yes"), "both rare, and not the same"


# Copies, and the source


def test_rows_that_differ_by_a_millionth_are_copies(recwarn):
    table = people(80).drop(columns="day")
    near = table.assign(height=table.height * (1 + 1e-7))
    with pytest.warns(UserWarning, match=r"80 rows are copies of others \(row 80, for one, of row 0\)"):
        of_table(pd.concat([table, near]), label="buys")
    both = pd.concat([table, near], ignore_index=True).assign(who=[*range(80)] * 2)
    count = len(recwarn.list)
    of_table(both, label="buys", groups="who")
    assert len(recwarn.list) == count
    with pytest.warns(UserWarning, match="80 rows are copies"):
        of_table(both.assign(who=range(160)), label="buys", groups="who")


def test_near_copies_are_those_that_all_pairs_would_show():
    rng = np.random.default_rng(0)
    for _ in range(20):
        rows = rng.normal(size=(60, 70)) * 10.0 ** rng.integers(-5, 6, 70)
        rows[:, ::3] = rng.integers(0, 2, (60, 24))  # categories
        rows[rng.random(rows.shape) < 0.02] = np.nan
        copied = np.sort(rng.choice(60, 20, replace=False))
        changed = rows[copied] * (1 + 1e-8 * rng.normal(size=(20, 70)))
        changed[5:10, 1] *= 2  # these are no copies
        changed[10:12, 4] = np.where(np.isnan(changed[10:12, 4]), 0, np.nan)  # nor are these
        real = [(a, 60 + b) for b, a in enumerate(copied.tolist()) if not 5 <= b < 12]
        missing = [(a, 60 + b) for b, a in enumerate(copied.tolist()) if 5 <= b < 10 and np.isnan(rows[a, 1])]
        assert copies.near_rows(np.concatenate([rows, changed])) == sorted(real + missing, key=lambda pair: pair[1])
    assert copies.near_rows(np.zeros((2, 1))) == [(0, 1)] and copies.near_rows(np.zeros((1, 1))) == []


def test_categories_that_would_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(columns, "MOST", 60 * 4)
    table = people().drop(columns="day").assign(town=[f"town {n % 5}" for n in range(60)])
    with pytest.raises(ValueError, match="the column 'town' holds 5 different texts: drop it, or make fewer categories"):
        of_table(table, label="buys")


def test_a_source_that_holds_the_rows_to_be_tested_is_refused():
    table, source = people(80).drop(columns="day"), people(120, seed=1).drop(columns="day")
    quiet(table, label="buys", source=source)
    with pytest.raises(ValueError, match="80 of 80 rows .row 0 first. stand in the source too: it has learned"):
        of_table(table, label="buys", source=pd.concat([source, table]))
    with pytest.raises(ValueError, match="20 of 80 rows .row 3 first. stand in the source too"):
        of_table(table, label="buys", source=pd.concat([table[3:23].sample(frac=1, random_state=0), source]))
    coarse = table.assign(height=(table.height // 20), age=table.age // 30)
    with pytest.warns(UserWarning, match="stand in the source too; unless that is chance"):
        of_table(coarse, label="buys", source=source.assign(height=source.height // 20, age=source.age // 30))


def test_a_source_of_other_units_spellings_or_labels_is_told():
    table, source = people().drop(columns="day"), people(90, seed=1).drop(columns="day")
    quiet(table, label="buys", source=source)
    for change in (lambda height: height * 1000, lambda height: height + 3000):
        with pytest.warns(UserWarning, match="'height' holds .* in the source: are both in one unit?"):
            of_table(table, label="buys", source=source.assign(height=change(source.height)))
    for column, message in (("buys", "the label 'buys'"), ("town", "the column 'town'")):
        with pytest.raises(ValueError, match=f"{message}, here and in the source, holds .* differ in blanks, capitals"):
            of_table(table, label="buys", source=source.assign(**{column: source[column].str.upper()}))
    numbers = source.assign(buys=np.random.default_rng(5).normal(size=90))
    with pytest.raises(ValueError, match="the labels are classes and the source's numbers; give a source with labels of"):
        of_table(table, label="buys", source=numbers)
    with pytest.raises(ValueError, match="the labels are numbers and the source's classes"):
        of_table(numbers, label="buys", source=table)


def test_classes_of_the_source_in_another_order_are_the_same_classes():
    from transferlib.networks import Pair
    from transferlib.tasks import Task

    x = np.random.default_rng(0).normal(size=(60, 3))
    pair, y = Pair(3, (4,), (), (3, 3)), np.arange(60) % 3
    source = Task("source", x, y, x, y, (2, 0, 1))
    np.testing.assert_array_equal(problems.with_source((pair, source), x, ("0", "1", "2"))["known"], [2, 0, 1])
    assert problems.with_source((pair, source), x, ("a", "b", "c"))["known"] is None


# What is wrong is said


def with_total(table):
    return pd.concat([table, table[["height", "age", "day"]].sum().to_frame().T.assign(town="all", buys="all")])


def with_column(**more):
    return lambda table: table.assign(**more)


@pytest.mark.parametrize(
    "spoil, change, message",
    [
        (lambda t: t, dict(label="bought"),
         "label: the table has no column 'bought'; it has 'height', 'age'"),
        (lambda t: t, dict(groups="writer"), "groups: the table has no column 'writer'"),
        (lambda t: t[["buys"]], {}, "leave no column to learn from"),
        (lambda t: t, dict(label="age"),
         "holds whole numbers, which may be classes or amounts: say regression=False or"),
        (lambda t: t, dict(regression=True), "the label 'buys' holds .*, and a regression predicts numbers"),
        (lambda t: t.iloc[:0], {}, "the table has no rows"),
        (lambda t: pd.concat([t, t.age], axis=1), {}, "two columns of the name 'age'"),
        (lambda t: t.assign(buys=t.buys.where(t.index != 7)), {},
         "row 7 has no label in 'buys'; drop them, or fill it in"),
        (lambda t: t.assign(day=t.day.where(t.index > 1)), dict(groups="day"),
         "2 rows, row 0 first, have no group in 'day'"),
        (with_column(buys="yes"), {}, "every row has the label 'yes'; two classes are the least"),
        (with_column(buys=2.5), {}, "the label 'buys' is 2.5 in every row"),
        (lambda t: t.assign(buys=["maybe", *t.buys[1:]]), {}, "one row only is of the class 'maybe'"),
        (with_column(planet="Earth"), {}, "the column 'planet' is 'Earth' in every row; drop it"),
        (with_column(zero=0.0), {}, "the column 'zero' is 0.0 in every row; drop it"),
        (with_column(gone=np.nan), {}, "the column 'gone' is empty in every row; drop it"),
        (with_column(gone=None), {}, "the column 'gone' is empty in every row; drop it"),
        (with_column(code=lambda t: (t.buys == "yes") * 3), {},
         r"'code' is the label in disguise: .* say allow=\('code',\)"),
        (with_column(code=lambda t: t.buys.str.upper()), {}, "the column 'code' is the label in disguise"),
        (lambda t: t.assign(spent=t.age * 1.5, euros=t.age**2).drop(columns="age"), dict(label="spent"),
         "'euros' is the label in"),
        (with_column(who=lambda t: [f"person {i}" for i in t.index]), {},
         "'who' holds 60 different texts in 60 rows, names"),
        (with_column(when=lambda t: [f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}" for i in t.index]), {},
         "60 different .* dates.*to_datetime"),
        (with_column(when=lambda t: [f"{1 + i % 25:02d}.03.2024" for i in t.index]), {},
         "25 different .* dates.*to_datetime"),
        (lambda t: t.assign(height=t.height.round(1).astype(str) + " cm"), {},
         r"'height' holds numbers with a unit, such as '.* cm'; .str.removesuffix\('cm'\).astype\(float\)"),
        (lambda t: t.assign(height=t.height.astype(str).where(t.index % 9 < 4, "?")), {},
         r"'height' holds numbers and '\?', in row 4; .*na_values='\?'"),
        (lambda t: t.assign(age=["?", *t.age[1:].astype(str)]), {},
         r"'age' holds numbers and '\?', in row 0; .*na_values='\?'"),
        (with_column(when=pd.Timestamp("2024-01-01") + pd.to_timedelta(range(60), "D")), {},
         "'when' holds times"),
        (lambda t: t.assign(height=[np.inf, *t.height[1:]]), {}, "'height': row 0 has infinity"),
        (with_total, {}, "the last row of the table, row 60, is the sum of all rows above it; leave it out"),
        (with_column(z=lambda t: t.age * 1j), {}, "the column 'z' holds complex numbers; make two of it"),
        (with_column(kind=lambda t: [[1, 2]] * 60), {}, "'kind' holds lists"),
        (with_column(kind=lambda t: [np.arange(2)] * 60), {}, "'kind' holds lists"),
        (with_column(buys=lambda t: [["yes"], ["no"]] * 30), {}, "'buys' holds .'yes'., no name of a class"),
        (lambda t: 3, {}, "table must be the path of a CSV file or a DataFrame, not int"),
        (lambda t: "nowhere.csv", {}, "there is no file nowhere.csv"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said(spoil, change, message):
    with pytest.raises(ValueError, match=message):
        of_table(spoil(people()), **(dict(label="buys") | change))


def test_a_file_that_is_no_csv_is_named(tmp_path):
    for content in (b"", b"a,b\n1,2\n1,2,3\n", b"\xff\xfe\x81,a"):
        (tmp_path / "odd.csv").write_bytes(content)
        with pytest.raises(ValueError, match="odd.csv cannot be read as CSV .* read it with pandas.read_csv"):
            of_table(tmp_path / "odd.csv", label="a")
    with pytest.raises(ValueError, match="no column 'b'; it has 'a;b'; if that is one column, it is not the comma"):
        of_table(pd.DataFrame({"a;b": ["1;x", "2;y"]}), label="b")


@pytest.mark.parametrize(
    "content, message",
    [
        ("a;b\n1;x\n2;y\n", r"odd.csv are parted by ';', not by commas; .*sep=';'\), and decimal=','"),
        ("a;c;b\n1,5;2,5;x\n2,5;3,5;y\n", "odd.csv are parted by ';'"),
        ("a\tb\n1\tx\n", r"odd.csv are parted by '\\t', not"),
        (
            "Report of March\n1,2,x\n2,3,y\n",
            r"odd.csv has 2 fields more .* 'Report of March'; if that is a title, .*skiprows=1",
        ),
    ],
)
def test_other_signs_between_the_fields_and_a_title_are_told_with_their_cure(tmp_path, content, message):
    (tmp_path / "odd.csv").write_text(content)
    with pytest.raises(ValueError, match=message):
        of_table(tmp_path / "odd.csv", label="b")


def test_a_label_that_stands_for_a_missing_one_is_told():
    table = people().drop(columns="day")
    with pytest.warns(UserWarning, match=r"the label 'height' holds -999 in 10 rows, far from all others"):
        of_table(table.assign(height=table.height.where(table.index % 6 != 0, -999)), label="height", regression=True)
    with pytest.warns(UserWarning, match=r"the label 'buys' holds '\?' beside names; it is read as a class"):
        of_table(table.assign(buys=table.buys.where(table.index % 6 != 0, "?")), label="buys")
    quiet(table.assign(buys=table.buys.map({"yes": "+", "no": "-"})), label="buys")
    with pytest.raises(ValueError, match="10 rows, row 0 first, have a blank label in 'buys'"):
        of_table(table.assign(buys=table.buys.where(table.index % 6 != 0, " ")), label="buys")


def test_a_single_stand_in_is_told_too():
    table = people().drop(columns="day")
    with pytest.warns(UserWarning, match=r"'height' holds -999 in 1 row, far from all others"):
        of_table(table.assign(height=table.height.where(table.index != 7, -999)), label="buys")


def test_rows_that_differ_in_the_label_only_are_told():
    table = people()
    again = table[:3].assign(buys=table.buys[:3].map({"yes": "no", "no": "yes"}))
    told = "row 60 is labelled .*, and row 0, the same in all other columns, is labelled .*3 such pairs.*: is one of"
    with pytest.warns(UserWarning, match=told):
        of_table(pd.concat([table, again]), label="buys")


def test_new_rows_that_are_no_numbers_or_of_a_new_category_are_told():
    table = people().drop(columns="day")
    reading, new = of_table(table, label="buys").reading, table[:3]
    for wrong in (np.inf, -np.inf, pd.Timestamp("2024-01-01"), pd.Timedelta("1D"), 1j):
        with pytest.raises(ValueError, match="column 'height' must hold numbers, as when it was learned"):
            numbers_of(new.assign(height=wrong), reading)
    with pytest.warns(UserWarning, match="'town' holds what is not known, 'Rome' first; known are 'Bonn'"):
        assert not numbers_of(new.assign(town=["Ulm", "Rome", "Ulm"]), reading)[1, 2:].any()


def test_a_hundred_thousand_rows_are_looked_at_in_seconds():
    rng, n = np.random.default_rng(0), 100_000
    table = pd.DataFrame(rng.normal(size=(n, 17))).assign(
        town=rng.choice(["Ulm", "Bonn"], n), age=rng.integers(0, 99, n), code=rng.integers(0, n, n)
    )
    table["buys"] = np.where(table[0] + rng.normal(size=n) > 0, "yes", "no")
    begun = time.process_time()
    assert len(of_table(table, label="buys").y) == n
    took = time.process_time() - begun
    assert took < 3, took  # seconds of a core; it were 72

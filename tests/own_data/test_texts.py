"""Texts as a reader brings them: what a source reads of them, what a model without one, and what is told."""

import warnings

import numpy as np
import pandas as pd
import pytest

from transferlib.lessons.your_own_problem.examples import some_words
from transferlib.minilm import minilm_missing
from transferlib.own_data import problems
from transferlib.own_data.ladder import Ladder, answers, fit
from transferlib.own_data.problems import of_texts
from transferlib.own_data.saved_model import open_model, save_model
from transferlib.own_data.texts import letters, shares
from transferlib.pretrained import GLOVE_VECTORS, VADER, glove

pytestmark = pytest.mark.skipif(not (GLOVE_VECTORS.installed and VADER.installed), reason="no word vectors here")
GOOD = ["great", "lovely", "fine", "happy", "excellent", "nice", "pleasant", "warm", "sweet", "wonderful"]
BAD = ["bad", "awful", "sad", "ugly", "terrible", "poor", "nasty", "cold", "bitter", "horrible"]


def sentences(n=30, words=3):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(kind, words)) + f" {i}" for kind in (GOOD, BAD) for i in range(n)]
    return texts, ["pos"] * n + ["neg"] * n


@pytest.mark.parametrize("odd", [":-)", "\N{SLIGHTLY SMILING FACE}", "12345", "qwrtzp"])
def test_a_text_without_a_known_word_makes_no_network_nan(odd, tmp_path):
    texts, labels = sentences()
    with pytest.warns(UserWarning, match="one text holds no word that GloVe knows .row 7: "):
        problem = of_texts([*texts[:7], odd, *texts[8:]], labels)
    assert (problem.features[7] == 0).all() and np.isfinite(problem.features).all()
    if odd == ":-)":
        for rung in ("from scratch", "head first, then all", "frozen", "features + linear"):
            fitted = fit(problem, rung, np.arange(60))
            weights = (fitted.weights or {}).values()
            assert all(np.isfinite(array).all() for part in weights for array in part)
            assert (answers(problem, fitted, np.arange(60)) == problem.y).mean() > 0.95, rung
        save_model(problem, "head first, then all", tmp_path / "model")
        with pytest.warns(UserWarning, match="2 texts hold no word that the model knows: what it says of them"):
            assert set(open_model(tmp_path / "model")([odd, "", "great lovely"])) <= {"pos", "neg"}


FOREIGN = (
    "Das Essen war kalt und der Kellner unfreundlich.",
    "Le service était très lent et la nourriture froide.",
    "El paquete llegó tarde y roto.",
    "Il servizio era lento e il cibo freddo.",
    "Helaas is het apparaat na twee weken kapot.",
    "Não recomendo este produto a ninguém.",
)


def test_texts_of_which_a_fifth_is_in_other_languages_are_told_and_english_ones_are_not():
    kinds = (
        "very slow and the food was cold",
        "quick and the room was clean",
        "not what I had hoped for",
        "worth every cent",
    )
    english = [f"The {what} was {how} on day {n}." for n in range(3) for what in ("service", "staff") for how in kinds]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_texts(english, ["a", "b"] * 12)
    with pytest.warns(
        UserWarning, match=r"6 of 30 texts \(row 24, for one: 'Das Essen .*'\) are mostly of words that are rare"
    ):
        of_texts([*english, *FOREIGN], ["a", "b"] * 15)


@pytest.mark.parametrize(
    "spoil, told",
    [
        (
            lambda text, label: f"[{label}] {text}",
            "the word 'pos' stands in nearly all texts of 'pos', and in nearly no other",
        ),
        (lambda text, label: f"<p>{text}&nbsp;</p>", "60 of 60 texts hold HTML, such as '<p>' in row 0; html.unescape"),
        (
            lambda text, label: f"a caf\u00e9, {text}".encode().decode("latin-1"),
            "60 of 60 texts hold letters .* wrong encoding",
        ),
    ],
)
def test_texts_that_hold_more_than_what_was_written_are_told(spoil, told):
    texts, labels = sentences()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_texts([f"a caf\u00e9 < 3, {text}" for text in texts], labels)
    with pytest.warns(UserWarning, match=told):
        of_texts([spoil(text, label) for text, label in zip(texts, labels)], labels)


@pytest.mark.parametrize("rung", ["TF-IDF + linear", "linear model"])
def test_a_saved_model_without_a_network_tells_of_a_blank_text(rung, tmp_path):
    save_model(of_texts(*sentences()), rung, tmp_path / "model")
    with pytest.warns(UserWarning, match="2 texts hold no word that the model knows: what it says of them"):
        assert set(open_model(tmp_path / "model")(["", "great lovely", "  "])) <= {"pos", "neg"}


def test_a_long_text_is_read_to_its_end_on_both_sides():
    filler = ["the of and to in a is that for it"] * 30
    texts = [" ".join([*filler, word, str(i)]) for i in range(10) for word in ("wonderful", "horrible")]
    problem = of_texts(texts, ["pos", "neg"] * 10)
    assert (problem.x[:, problem.reading["words"].index("horrible")] > 0).sum() == 10
    for rung in ("features + linear", "linear model"):
        said = answers(problem, fit(problem, rung, np.arange(16)), np.arange(16, 20))
        np.testing.assert_array_equal(said, problem.y[16:])


def test_shares_of_words_make_means_of_vectors():
    x = shares(["Good, good day!", "night", ":-)"], ["bad", "day", "good"])
    np.testing.assert_allclose(x, [[0, 1 / 3, 2 / 3], [0, 0, 0], [0, 0, 0]], rtol=1e-6)
    assert letters(["good", "day"]).shape == (2, 1024)


def test_how_much_glove_knows_is_told():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        of_texts(*sentences())
    german = [f"zqwort{chr(97 + i)} war schlechtzq und dunkelzq {i}" for i in range(20)]
    with pytest.warns(UserWarning, match="GloVe knows 40 of 100 words only, not .*zq.*; it reads English"):
        of_texts(german, ["pos", "neg"] * 10)


def test_texts_that_are_equal_but_for_capitals_blanks_and_signs_are_told():
    texts, labels = sentences()
    with pytest.warns(UserWarning, match="one text is nearly a copy of another .'SWEET.*row 60. of .*row 3"):
        of_texts([*texts, texts[3].upper() + " !"], [*labels, "pos"])


def test_nearly_one_text_with_two_labels_is_told():
    texts, labels = sentences()
    with pytest.warns(UserWarning, match="row 59. is labelled neg, and .*row 0., nearly the same text, is labelled pos"):
        of_texts([*texts[:-1], texts[0].upper() + "!"], labels)


def test_labels_come_from_pandas_too_and_missing_ones_are_named():
    texts, labels = sentences()
    series = pd.Series(labels, index=range(100, 160), dtype="string")
    assert of_texts(pd.Series(texts, index=range(60, 0, -1)), series).classes == ("neg", "pos")
    series.iloc[4] = pd.NA
    with pytest.raises(ValueError, match="row 4 has no label"):
        of_texts(texts, series)
    assert of_texts(texts, [label == "pos" for label in labels]).classes == ("False", "True")
    assert of_texts(texts, [1.0, 0.0] * 30, regression=False).classes == ("0", "1")
    with pytest.raises(ValueError, match="row 2 has no group"):
        of_texts(texts, labels, groups=["a", "b", None] + ["c"] * 57)


def test_a_saved_model_of_texts_wants_a_list(tmp_path):
    save_model(of_texts(*sentences()), "features + linear", tmp_path / "model")
    model = open_model(tmp_path / "model")
    for wrong in ("great", []):
        with pytest.raises(ValueError, match="a list of texts is wanted, one at least"):
            model(wrong)
    with pytest.raises(ValueError, match="a list of texts is wanted; it holds 3"):
        model(["great", 3])


def test_texts_are_means_of_their_words_and_new_words_are_known(tmp_path):
    texts, labels, family = some_words(60)
    problem = of_texts(texts, labels, groups=family)
    rows, vectors = glove()
    two = of_texts([f"{a}, {b}!" for a, b in zip(texts, reversed(texts))], labels)
    features = two.features[:5]
    wanted = [(vectors[rows[a]] + vectors[rows[b]]) / 2 for a, b in zip(texts[:5], texts[::-1])]
    np.testing.assert_allclose(features, wanted, atol=1e-5)
    save_model(problem, "features + linear", tmp_path / "model")
    model = open_model(tmp_path / "model")
    assert "wonderful" not in problem.reading["words"]
    assert model(["wonderful", "excellent", "murder", "disaster"])[2:] == ["negative"] * 2
    for row in (kept := problem.split(0))[0]:
        assert problem.groups[row] not in set(problem.groups[kept[1]])


@pytest.mark.parametrize(
    "texts, labels, message",
    [
        ("good", "bad", "two lists of one length"),
        (["good"], ["a", "b"], "two lists of one length, not of 1 and 2; of a table give"),
        ({"good", "bad"}, ["a", "b"], "two lists of one length; of a table give"),
        ({f"id {i}": "good" for i in range(20)}, ["a", "b"] * 10, "of a table give two columns"),
        (pd.DataFrame({"text": ["good"] * 20}), ["a", "b"] * 10, "of a table give two columns"),
        (["good", "bad"] * 10, pd.DataFrame({"label": ["a", "b"] * 10}), "of a table give two columns"),
        (["good", "bad"] * 10, ["a", ""] * 10, "row 1 first, have a blank label"),
        (["good", None] * 10, ["a", "b"] * 10, "texts are none, the first in row 1"),
        (["good", " "] * 10, ["a", "b"] * 10, "texts are none, the first in row 1"),
        (["good", "bad"], ["a", "b"], "too few"),
        (["good", "bad"] * 10, [0, 1] * 10, "whole numbers"),
        (["good", "bad"] * 10, [0.0, 1.0] * 10, "whole numbers, .* say regression=False or regression=True"),
        (["good", "bad"] * 10, ["yes", "no", "yes ", "no"] * 5, "holds 'yes' and 'yes ', which differ in blanks"),
        (["good", "bad"] * 10, ["a", None] * 10, "row 1 first, have no label"),
        (["good", "bad"] * 10, [0.1, np.nan] * 10, "row 1 first, have no label"),
        (["good"] * 20, ["a", "b"] * 10, r"'good' \(row 0\) and 'good' \(row 1\) are the same text, once labelled a and"),
        (["good", "bad"] * 10, ["a"] * 20, "every row has the label 'a'"),
        (["好", "坏"] * 10, ["a", "b"] * 10, "GloVe knows none of the words"),
    ],
)
def test_texts_that_do_not_do(texts, labels, message):
    with pytest.raises(ValueError, match=message):
        of_texts(texts, labels)


needs_minilm = pytest.mark.skipif(bool(minilm_missing()), reason=minilm_missing() or "here")


@needs_minilm
def test_minilm_is_a_step_with_its_own_control_and_a_kept_model_tells_probabilities(tmp_path):
    texts, labels, family = some_words(100)
    problem = of_texts(texts, labels, groups=family)
    assert "GloVe, which knows 100 of 100 words; MiniLM, which has" in repr(problem)
    ladder = Ladder(problem, seeds=4).climb(["TF-IDF + linear", "random MiniLM + linear", "MiniLM + linear"])
    scores, verdict = ladder.scores(), ladder.verdict()
    assert scores["MiniLM + linear"].mean() > 0.75 > 0.65 > scores["random MiniLM + linear"].mean()
    assert verdict.control == "random MiniLM + linear" and verdict.of_source[0] > 0.1
    assert list(ladder.table()["source"]) == ["–", "control", "yes"]
    save_model(problem, "MiniLM + linear", tmp_path / "model")
    model, new = open_model(tmp_path / "model"), ["not good", "wonderful", "cruel war"]
    likely = model.probabilities(new)
    np.testing.assert_allclose(likely.sum(1), 1)
    assert model(new) == [model.classes[c] for c in likely.argmax(1)] == ["negative", "positive", "negative"]
    top = model.top(new)
    assert list(top.index) == new and list(top.columns) == ["1.", "2."] and top.iloc[0, 0].startswith("negative 0.9")
    with pytest.raises(ValueError, match="is a control"):
        save_model(problem, "random MiniLM + linear", tmp_path / "twin")


@needs_minilm
def test_every_text_is_read_once_by_each_network(monkeypatch):
    from transferlib.own_data import texts as module

    read, real = [], module.read_texts
    monkeypatch.setattr(module, "read_texts", lambda some, network: read.append(list(some)) or real(some, network))
    monkeypatch.setattr(module, "_made", {})
    one = module.sentences(["a new thing", "b", "a new thing"])
    again = module.sentences(["b", "c"])
    assert read == [["a new thing", "b"], ["c"]] and (one[0] == one[2]).all() and (again[0] == one[1]).all()


def test_without_minilm_its_step_is_told_in_one_line_and_the_ladder_goes_on(monkeypatch):
    from transferlib.own_data import ladder as module

    for name in (module, problems):
        monkeypatch.setattr(name, "minilm_missing", lambda: "it is not installed: pip install it")
    problem = of_texts(*sentences())
    assert "MiniLM" not in repr(problem)
    ladder = Ladder(problem, seeds=2).climb(["constant", "TF-IDF + linear", "MiniLM + linear"])
    assert list(ladder.scores()) == ["constant", "TF-IDF + linear"]
    assert "  MiniLM + linear: not climbed, it is not installed: pip install it" in repr(ladder)
    assert "random MiniLM" not in repr(ladder)
    with pytest.raises(ValueError, match="cannot learn this problem: it is not installed"):
        fit(problem, "MiniLM + linear", np.arange(60))


def test_words_are_weighed_by_how_rare_they_are_in_what_is_learned_from(tmp_path):
    from sklearn.feature_extraction.text import TfidfTransformer

    from transferlib.own_data.texts import rarity, tf_idf, word_counts

    texts, labels = sentences()
    counts = word_counts(texts)
    np.testing.assert_allclose(tf_idf(counts, rarity(counts)), TfidfTransformer().fit_transform(counts).toarray(), atol=1e-6)
    problem, rows = of_texts(texts, labels), np.arange(0, 60, 2)
    fitted = fit(problem, "TF-IDF + linear", rows)
    np.testing.assert_allclose(fitted.arrays["idf"], rarity(counts[rows]), rtol=1e-6)
    assert (answers(problem, fitted, np.arange(1, 60, 2)) == problem.y[1::2]).mean() > 0.95
    save_model(problem, "TF-IDF + linear", tmp_path / "model")
    assert open_model(tmp_path / "model")(["great lovely", "awful sad"]) == ["pos", "neg"]


def test_the_steps_for_texts_are_no_steps_for_tables():
    table = pd.DataFrame(dict(a=np.arange(20) % 7, b=np.arange(20.0) ** 2, label=["x", "y"] * 10))
    problem = problems.of_table(table, label="label", allow=("b",))
    assert "MiniLM" not in repr(Ladder(problem, seeds=2).climb("constant"))
    with pytest.raises(ValueError, match="cannot learn"):
        fit(problem, "TF-IDF + linear", np.arange(20))


def test_a_last_look_is_at_rows_that_were_set_aside_and_a_second_is_told():
    texts, labels = sentences()
    problem = of_texts(texts, labels, groups=[f"g{row // 2}" for row in range(60)])
    rest, last = problem.set_aside(16)
    assert (len(rest.y), len(last.y)) == (44, 16) and not set(rest.groups) & set(last.groups)
    assert not set(rest.shown) & set(last.shown) and sorted(np.bincount(last.y)) == [8, 8]
    ladder = Ladder(rest, seeds=2)
    fitted = fit(rest, "features + linear", np.arange(44))
    right = (answers(last, fitted, np.arange(16)) == last.y).mean()
    told = ladder.last_look("features + linear", last)
    assert told.startswith(f"“features + linear” on 16 rows that were set aside: accuracy {right:.2f}, 95 % interval [")
    assert "look" not in told and "This is look 2 at these rows" in ladder.last_look("constant", last)
    with pytest.raises(ValueError, match="rows must be a whole number, 12 or more"):
        problem.set_aside(3)
    with pytest.raises(ValueError, match="60 of 60 rows are too many to set aside; 48 are the most"):
        problem.set_aside(60)


def test_a_last_look_at_rows_that_were_learned_or_of_another_problem_is_refused():
    problem = of_texts(*sentences())
    rest, last = problem.set_aside(16)
    ladder = Ladder(rest, seeds=2)
    for learned in (rest, problem):
        with pytest.raises(ValueError, match="44 of these .* rows are rows that the model learns from"):
            ladder.last_look("constant", learned)
    texts, labels = sentences()
    for other in (of_texts([f"{text} cat" for text in texts], labels), of_texts(texts, ["yes", "no"] * 30), last.y):
        with pytest.raises(ValueError, match="last must be the rows that set_aside gave"):
            ladder.last_look("constant", other)


@pytest.mark.parametrize("enough, message", [(85, "no accuracy is above 1; for 85 % say 0.85"), ("0.8", "must be a number")])
def test_enough_is_a_score_that_can_be_reached(enough, message):
    with pytest.raises(ValueError, match=message):
        Ladder(of_texts(*sentences()), seeds=2).climb("constant", enough=enough)


def test_a_model_reads_the_rows_of_a_generator_once_and_no_table(tmp_path):
    save_model(of_texts(*sentences()), "linear model", tmp_path / "model")
    model = open_model(tmp_path / "model")
    assert list(model.top(text for text in ("good", "bad")).index) == ["good", "bad"]
    for table in (pd.DataFrame({"text": ["good"]}), {"text": "good"}):
        with pytest.raises(ValueError, match="a list of texts is wanted"):
            model(table)


def test_what_has_no_probabilities_says_so(tmp_path):
    problem = of_texts(*sentences())
    for rung in ("constant", "kernel ridge", "nearest neighbour"):
        save_model(problem, rung, tmp_path / "model")
        with pytest.raises(ValueError, match="gives an answer and no probabilities"):
            open_model(tmp_path / "model").probabilities(["great"])
    save_model(problem, "frozen", tmp_path / "model")
    assert open_model(tmp_path / "model").probabilities(["great lovely", "awful"]).argmax(1).tolist() == [1, 0]

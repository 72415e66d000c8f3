"""What all checkers share: whose mistake it is, what counts as a number, and how two functions are compared."""

from decimal import Decimal
from fractions import Fraction

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from transferlib.exercises import (
    Exercise,
    Wrong,
    by_number,
    code_exercise,
    compare,
    exercise,
    function_of,
    match,
    need,
    number,
    numbers,
    run,
    several,
)


def said(checker, answer, *given):
    return Exercise("x", checker, ("h",), "").check(answer, *given).text


def test_hints_come_one_after_the_other_and_the_last_one_stays():
    asked = Exercise("x", lambda answer: "", ("look", "here"), "")
    assert [asked.hint().text for _ in range(3)] == ["Hint 1 of 2: look", "Hint 2 of 2: here", "Hint 2 of 2: here"]


@pytest.mark.parametrize(
    "answer",
    [
        *(
            5,
            5.0,
            np.int64(5),
            np.uint8(5),
            np.float32(5),
            np.array(5.0),
            [5],
            np.array([[5]]),
            keras.ops.convert_to_tensor(5),
        ),
        *(Decimal(5), Decimal("5.0"), Fraction(5), Fraction(10, 2), [Fraction(5)], np.array(Decimal(5))),
    ],
)
def test_numbers_of_any_type_are_numbers(answer):
    assert number(answer) == 5 and type(number(answer)) is int


@settings(max_examples=30, deadline=None)
@given(some.one_of(some.integers(-(2**31), 2**31 - 1), some.floats(-1e6, 1e6)))
def test_a_number_stays_what_it_is(value):
    assert number(value) == number(np.asarray(value)) == number(np.asarray(value)[()]) == value


@pytest.mark.parametrize(
    "answer",
    [
        *(True, np.True_, float("nan"), np.float32("inf"), "5", [5, 6], [True], [], 1j, {}, {5}, int),
        *(
            Decimal("nan"),
            Decimal("inf"),
            10**400,
            np.array([5, "a"], object),
            [Fraction(1), Fraction(2)],
            [Decimal(1), None],
        ),
    ],
)
def test_other_things_are_no_numbers(answer):
    with pytest.raises(Wrong, match="a number is asked for, not"):
        number(answer)


@pytest.mark.parametrize(
    "got", [[1, 2], (1, 2), {1, 2}, np.array([1, 2]), iter([1, 2]), {"a": 1, "b": 2}, keras.ops.convert_to_tensor([1, 2])]
)
def test_several_things_come_in_any_form(got):
    assert [int(each) for each in several(got, "two", 2)] == [1, 2]


@pytest.mark.parametrize("got", [5, np.array(5), "ab", None, [1, 2, 3], object])
def test_other_things_are_not_several(got):
    with pytest.raises(Wrong, match="two|`return`"):
        several(got, "two", 2)


def test_what_the_readers_code_raises_is_told_as_theirs():
    assert said(lambda f: run(f), lambda: 1 / 0) == "✗ x: your answer raised ZeroDivisionError: division by zero"
    assert "your answer raised KeyError: 'a'" in said(lambda f: function_of("a", f)({}), lambda a: a["a"])


def test_what_a_checker_raises_is_ours():
    with pytest.raises(RuntimeError, match="x: the checker failed. This is our mistake, not yours.") as caught:
        said(lambda answer: 1 / 0, 5)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_the_decorator_names_an_exercise():
    @exercise("h", solution="answer = 1")
    def one(answer):
        need(answer == 1, "not so")
        return "yes"

    assert (one.name, repr(one.check(1)), repr(one.check(2))) == ("one", "✓ one: yes", "✗ one: not so")
    assert [one.check(answer).right for answer in (1, 2, ..., None)] == [True, False, None, None]
    assert exercise("h", solution="", name="a b")(lambda answer: "").name == "a b"


def twice(a, b):
    """a + b twice over: what the reader's function should be in the tests below."""
    return 2 * (a + b)


CASES = [(np.arange(3.0), np.ones(3)), (np.arange(4.0), np.arange(4.0)[::-1])]


def compared(answer, mistakes=None, cases=CASES, **settings):
    return said(lambda f: compare(f, "a, b", twice, mistakes or {}, cases, **settings) or "yes", answer)


def changing(a, b):
    a += b
    a *= 2
    return a


def in_place(a, b):
    a[:], b[:] = 0, 0
    return a


@pytest.mark.parametrize(
    "answer",
    [
        twice,
        changing,
        lambda a, b: list(2 * (a + b)),
        lambda a, b: (2 * (a + b)).astype(np.float32),
        lambda a, b: keras.ops.convert_to_tensor(2 * (a + b)),
        lambda a, b, factor=2: factor * (a + b),
        lambda *both: 2 * sum(both),
        lambda a, b: 2 * (a + b) + 0j,
        lambda a, b: (2 * (x + y) for x, y in zip(a, b)),
        lambda a, b: map(twice, a, b),
        lambda a, b: [2 * (Fraction(x) + Fraction(y)) for x, y in zip(a, b)],
        lambda a, b: [Decimal(2) * (Decimal(x) + Decimal(y)) for x, y in zip(a, b)],
        lambda a, b: dict(enumerate(2 * (a + b))).values(),
    ],
)
def test_right_functions_in_any_form(answer):
    assert compared(answer) == "✓ x: yes"


@pytest.mark.parametrize(
    "answer, words",
    [
        (3, "a function of (a, b) is asked for, not 3."),
        (lambda a: a, "a function of (a, b) is asked for, and yours takes (a)."),
        (lambda a, b: None, "it returns nothing: is there a `return`?"),
        (lambda a, b: a[:2], "it should return numbers of the shape (3,), and returns numbers of the shape (2,)."),
        (lambda a, b: a.sum(), "numbers of the shape (3,), and returns one number."),
        (lambda a, b: a / 0, "there are NaN or infinite numbers in what it returns."),
        (lambda a, b: "ab", "it should return numbers, and returns 'ab'."),
        (lambda a, b: [[1], [1, 2]], "it should return numbers, and returns [[1], [1, 2]]."),
        (lambda a, b: 1j * a, "it should return numbers"),
        (lambda a, b: a + b, "half of it"),
        (in_place, "for a = [0., 1., 2.], b = [1., 1., 1.] it gives [0., 0., 0.] instead of [2., 4., 6.]."),
    ],
)
def test_wrong_functions_are_told_apart(answer, words):
    assert words in compared(answer, {"half of it": lambda a, b: a + b, "never": lambda a, b: 9 * a})


def test_of_many_numbers_the_first_wrong_one_is_told():
    def slip(a, b):
        a = 2 * (a + b)
        a[3, 1] += 5
        return a

    told = compared(slip, cases=[(np.ones((10, 4)), np.ones((10, 4)))])
    assert "for a = numbers of the shape (10, 4), b = numbers of the shape (10, 4) " in told
    assert "the first wrong one of its 40 numbers, at [3, 1], is 9 instead of 4." in told


def test_a_small_table_is_told_in_one_line_too():
    told = compared(lambda a, b: a, cases=[(np.ones((4, 2)), np.ones((4, 2)))])
    assert told == (
        "✗ x: for a = numbers of the shape (4, 2), b = numbers of the shape (4, 2) the first wrong one of its 8 numbers, "
        "at [0, 0], is 1 instead of 4."
    )


def test_what_is_written_into_an_array_within_is_lost():
    """Such as into one of a pair: the cases stay as they are for what is compared afterwards."""

    def writing(pair):
        pair[1][:] *= -1
        return pair[0] - pair[1]

    for kind in (tuple, list, lambda pair: dict(enumerate(pair))):
        cases = [(kind([np.arange(3.0), np.ones(3)]),)]
        assert said(lambda f, c=cases: compare(f, "pair", lambda p: p[0] + p[1], {}, c) or "yes", writing) == "✓ x: yes"


def test_a_mistake_must_explain_every_case():
    assert "instead of" in compared(lambda a, b: a + b if len(a) == 3 else a, {"half": lambda a, b: a + b})


def test_a_mistake_that_is_not_possible_on_a_case_is_not_the_reader_s():
    """Such as a difference of two arrays whose shapes differ there (lesson 11's CORAL crashed on it)."""
    mistakes = {"never": lambda a, b: a.reshape(3, 1) @ b.reshape(1, 3), "half": lambda a, b: a + b}
    assert compared(lambda a, b: a + b, mistakes) == "✗ x: half"
    assert "instead of" in compared(lambda a, b: a, mistakes)


def test_our_own_failures_are_not_theirs():
    with pytest.raises(RuntimeError, match="our mistake"):
        said(lambda f: compare(f, "a, b", lambda a, b: a / b.no, {}, CASES), lambda a, b: a)


def test_what_a_generator_raises_on_its_way_is_theirs():
    assert "your answer raised ZeroDivisionError" in compared(lambda a, b: (1 // 0 for _ in a))


def test_one_number_in_an_array_is_one_number():
    def one(f):
        return compare(f, "a, b", lambda a, b: a @ b, {}, CASES) or "yes"

    assert said(one, lambda a, b: [a @ b]) == said(one, lambda a, b: np.array([[a @ b]])) == "✓ x: yes"
    assert "one number, and returns numbers of the shape (3,)" in said(one, lambda a, b: a)


@pytest.mark.parametrize("slip", [1e-3, 7e-4, -2e-2])
def test_numbers_that_differ_are_told_with_the_digits_that_differ(slip):
    """Not "0.086 instead of 0.086"."""
    for answer, cases in (
        (lambda a, b: 2 * (a + b) + slip, CASES),
        (lambda a, b: 2 * (a + b) + slip, [(np.ones(20), np.ones(20))]),
    ):
        got, wanted = compared(answer, cases=cases).rstrip(".").split(" instead of ")
        assert not got.endswith(wanted)


def test_beside_an_infinite_number_the_others_are_compared_too():
    match([np.inf, 1.0], [np.inf, 1.0], {}, "no")
    for wrong in ([np.inf, 5.0], [-np.inf, 1.0], [1.0, 1.0]):
        with pytest.raises(Wrong, match="no"):
            match(wrong, [np.inf, 1.0], {}, "no")


def test_one_of_some_names_is_meant_by_its_number_in_any_form():
    names = "λ = 0.3", "λ = 3"
    for answer, meant in {".3": 0, "λ = .3": 0, "0.3": 0, 0.3: 0, "3": 1, "3.": 1, (3,): 1}.items():
        assert by_number(answer, names, "arms") == names[meant]
    for answer in (".33", "-3", "0.3 or 3", None):
        with pytest.raises(Wrong, match="not one of the arms"):
            by_number(answer, names, "arms")


def test_a_whole_number_is_told_without_a_dot():
    assert (
        said(lambda f: compare(f, "a", lambda a: 540, {}, [(1,)]), lambda a: 539)
        == "✗ x: for a = 1 it gives 539 instead of 540."
    )


def test_no_warning_reaches_the_reader(recwarn):
    """Neither of their division by zero, which is told, nor of a mistake's mean of nothing."""
    compared(lambda a, b: a / 0, {"never": lambda a, b: np.mean(a[:0])})
    assert not list(recwarn)


def test_what_does_not_tell_its_arguments_is_called_all_the_same():
    assert "✓" in said(lambda f: compare(f, "a, b", np.add, {}, CASES) or "yes", np.add)


def test_of_several_right_functions_one_has_to_fit_all_cases():
    def both(f):
        return compare(f, "a, b", (twice, np.multiply), {}, CASES) or "yes"

    assert said(both, np.multiply) == "✓ x: yes"
    assert "instead of [2., 4., 6.]" in said(both, lambda a, b: a * b if len(a) == 3 else twice(a, b))


def test_match_names_the_mistake():
    for got, words in ((1, "one"), (2, "two"), (4, "four?")):
        with pytest.raises(Wrong, match=words):
            match(got, 3, {"one": 1, "two": lambda: 2}, "four?")
    assert match(3.0, 3, {}, "") is None and np.isnan(numbers([np.nan])).all()


def ratio(right=(), **mistakes):
    """An exercise that asks for 2 · a / b."""
    made = code_exercise(
        "h", solution="def answer(a, b):\n    return FACTOR * a / b", mistakes=mistakes, praise="yes", right=right
    )

    @made
    def cases():
        return [(3.0, 4.0), (5.0, 8.0)]

    return cases


FACTOR = 2.0


def test_a_mistake_is_the_solution_with_something_changed_or_what_it_would_return():
    asked = ratio(
        turned="a / b → b / a", dropped="FACTOR * →", other=("answer(a, b) ** 2", lambda a, b: a + b), right="99 * b"
    )
    for answer, words in (
        (lambda a, b: 2 * a / b, "✓ cases: yes"),
        (lambda a, b: 99 * b, "✓ cases: yes"),
        (lambda a, b: 2 * b / a, "✗ cases: turned"),
        (lambda a, b: a / b, "✗ cases: dropped"),
        (lambda a, b: (2 * a / b) ** 2, "✗ cases: other"),
        (lambda a, b: a + b, "✗ cases: other"),
        (lambda a, b: a, "✗ cases: for a = 3, b = 4 it gives 3 instead of 1.5."),
        (lambda a: a, "✗ cases: a function of (a, b) is asked for, and yours takes (a)."),
    ):
        assert asked.check(answer).text == words
    assert asked.solution().text == "def answer(a, b):\n    return FACTOR * a / b"


def test_a_change_of_what_the_solution_does_not_hold_is_our_mistake():
    with pytest.raises(RuntimeError, match="our mistake") as caught:
        ratio(never="a * b → b").check(lambda a, b: a)
    assert "the solution has no 'a * b', which 'a * b → b' changes" in str(caught.value.__cause__)

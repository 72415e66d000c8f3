"""What nbval lets pass, and what not: a mean that is wrong by a standard error is red, one that was rounded is not."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.close_enough import MEASURED, close, standard_error
from transferlib.claims import claim
from transferlib.measures import in_points, with_error

LESSONS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize(
    "test, ref, same",
    [
        ("accuracy 0.925 ± 0.003", "accuracy 0.924 ± 0.003", True),
        ("accuracy 0.926 ± 0.003", "accuracy 0.924 ± 0.003", False),
        ("accuracy 0.9239 ± 0.0029", "accuracy 0.924 ± 0.003", True),
        ("accuracy 0.924 ± 0.004", "accuracy 0.924 ± 0.003", True),
        ("accuracy 0.924 ± 0.005", "accuracy 0.924 ± 0.003", False),
        ("step 174 ± 12", "step 168 ± 12", True),
        ("step 175 ± 12", "step 168 ± 12", False),
        ("step 1,174 ± 12", "step 1,168 ± 12", True),
        ("-0.02 ± 0.09 points", "+0.02 ± 0.09 points", True),
        ("-0.05 ± 0.09 points", "+0.05 ± 0.09 points", False),
        ("+3.4 [+1.4, +5.5] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 10 seeds", True),
        ("+3.3 [+1.3, +5.4] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 10 seeds", False),
        ("+3.8 [+1.2, +6.4] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 10 seeds", True),
        ("+3.8 [+0.8, +6.9] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 10 seeds", False),
        ("+3.8 [+1.8, +5.9] points, 10 seeds", "+3.8 [+1.8, +5.9] points, 11 seeds", False),
        ("10 seeds: +3.3 [-1.2, +8.7]", "10 seeds: +3.8 [-1.2, +8.7]", True),
        ("5 seeds: +4.8 [-1.2, +8.7]", "5 seeds: +3.8 [-1.2, +8.7]", False),
        ("+1.0 [+0.5, +1.5], +3 [+2, +5]", "+1.0 [+0.5, +1.5], +4 [+2, +5]", False),
        ("loss 0.2851", "loss 0.2852", True),
        ("loss 0.2851", "loss 0.2853", False),
        ("loss 0.29", "loss 0.2853", False),
        ("✓ it helps", "≈ it helps", False),
        ("A is ahead 0.5", "B is ahead 0.5", False),
        ("240 of 240 runs", "239 of 240 runs", False),
        ("47% of the steps", "48% of the steps", False),
        ("True", "False", False),
        ("A    -0.12 ± 0.03   3.8 ± 0.8\nBB  -0.125 ± 0.03", "A   -0.120 ± 0.030   3.8 ± 0.8\nBB  -0.125 ± 0.030", True),
        ("A B  -0.12 ± 0.03", "AB  -0.12 ± 0.03", False),
    ],
)
def test_close(test, ref, same):
    assert close(test, ref) is same


@pytest.mark.parametrize(
    "test, ref, same",
    [
        ("accuracy 0.932 ± 0.003", "accuracy 0.924 ± 0.003", True),
        ("accuracy 0.934 ± 0.003", "accuracy 0.924 ± 0.003", False),
        ("accuracy 0.924 ± 0.009", "accuracy 0.924 ± 0.003", True),
        ("accuracy 0.924 ± 0.010", "accuracy 0.924 ± 0.003", False),
        ("+2.1 [-0.3, +4.4] points, 10 seeds", "+0.3 [-1.7, +2.4] points, 10 seeds", True),
        ("+3.2 [-0.3, +4.4] points, 10 seeds", "+0.3 [-1.7, +2.4] points, 10 seeds", False),
        ("✓ it helps +2.1 ± 0.3", "≈ it helps +2.1 ± 0.3", False),
        ("239 of 240 runs", "240 of 240 runs", False),
        ("loss 0.2851", "loss 0.2853", False),
    ],
)
def test_close_where_a_run_is_another_draw(test, ref, same):
    assert close(test, ref, unsteady=True) is same


def test_a_decimal_of_one_run_may_move_by_ten_units():
    assert close("loss 1.95", "loss 1.86", one_run=True) and not close("loss 1.95", "loss 1.86")
    assert not close("loss 1.97", "loss 1.86", one_run=True) and not close("0.97 ± 0.01", "0.86 ± 0.01", one_run=True)


def measured(seed, n, mean, error):
    """n values that have this standard error of the mean, about."""
    return mean + error * np.sqrt(n) * np.random.default_rng(seed).standard_normal(n)


values = st.builds(
    measured, seed=st.integers(0, 10**6), n=st.integers(10, 50), mean=st.floats(-60, 60), error=st.floats(0.08, 12)
)
FORMS = {
    "with_error": lambda v: with_error(v, sign=True),
    "fractions": lambda v: with_error(v, scale=0.01),
    "claim": lambda v: str(claim("A is ahead", v, above=-1e9, scale=1)),
    "in_points": lambda v: in_points(v / 100) + f", {len(v)} seeds",
}
forms = pytest.mark.parametrize("form", FORMS)


@forms
@settings(max_examples=60, deadline=None)
@given(values=values, errors=st.floats(1, 4), sign=st.sampled_from((-1, 1)))
def test_a_mean_that_is_a_standard_error_off_is_red_however_it_was_rounded(form, values, errors, sign):
    wrong = values + sign * errors * values.std(ddof=1) / np.sqrt(len(values))
    assert not close(FORMS[form](wrong), FORMS[form](values))


@forms
@settings(max_examples=60, deadline=None)
@given(values=values, noise=st.floats(-0.05, 0.05))
def test_what_another_processor_does_is_green(form, values, noise):
    """A twentieth of an error on every mean, and the spread a hundredth wider: printed numbers may then flip a place."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    moved = values.mean() + (values - values.mean()) * 1.01 + noise * error
    assert close(FORMS[form](moved), FORMS[form](values))


def stored():
    """[(lesson, text, whether its cell is unsteady)] of all outputs that nbval compares."""
    for path in LESSONS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                texts = output.get("text"), data.get("text/plain"), data.get("text/html")
                yield from ((path.stem, "".join(t), "unsteady" in cell["metadata"].get("tags", [])) for t in texts if t)


def measured_means():
    """[(lesson, text, match, unsteady)] of every mean that stands beside its error in the stored outputs."""
    for lesson, text, unsteady in stored():
        yield from ((lesson, text, found, unsteady) for found in MEASURED.finditer(text) if standard_error(found))


def planted(text, found, shift):
    """The text with one mean moved by `shift`, and its interval with it, in the places that such an error asks for."""

    def moved(number):
        places = max(len(number.partition(".")[2]), int(np.ceil(-np.log10(abs(shift) / 2.5))))
        return f"{float(number.replace(',', '')) + shift:{'+' if number[0] in '+-' else ''}.{places}f}"

    for name in reversed([name for name in ("mean", "middle", "low", "high") if found[name]]):
        text = text[: found.start(name)] + moved(found[name]) + text[found.end(name) :]
    return text


def test_every_mean_of_every_lesson_is_red_when_it_is_a_standard_error_off_or_four_where_a_run_is_another_draw():
    counts = {False: 0, True: 0}
    for lesson, text, found, unsteady in measured_means():
        assert close(text, text, unsteady)
        for sign in (-1, 1):
            shift = sign * standard_error(found) * (4 if unsteady else 1)
            assert not close(planted(text, found, shift), text, unsteady), (lesson, found[0], shift)
            counts[unsteady] += 1
    assert min(counts.values()) >= 100, counts


def test_every_mean_has_the_places_that_its_error_supports():
    coarse = []
    for lesson, _, found, _ in measured_means():
        places = len((found["mean"] or found["middle"]).partition(".")[2])
        if 10.0**-places > 0.4 * standard_error(found):
            coarse.append((lesson, found[0]))
    assert not coarse

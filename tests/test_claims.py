"""Claims against plain arithmetic: what holds, what does not, what is no measurement, and the table of them all."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.claims import collect, table
from transferlib.claims import LINE, Claim, ClaimFailed, claim
from transferlib.measures import PerSeed

ROOT = Path(__file__).resolve().parents[1]
UP_TO_TWO = np.linspace(-0.02, 0.02, 10)  # mean 0, standard error 0.43 points


def test_a_claim_prints_one_line_that_can_be_read_back():
    more = np.linspace(0.80, 0.89, 10)
    made = claim("A is ahead of B: clearly", more, more - 0.05, above=2)
    assert repr(made) == "✓ A is ahead of B: clearly: +5.0 [+5.0, +5.0] points, 10 seeds, margin +2"
    assert LINE.match(repr(made))["sentence"] == "A is ahead of B: clearly"
    same = claim("A and B end alike", more, more + 0.001, within=1)
    assert repr(same).startswith("≈ A and B end alike: -0.1") and LINE.match(repr(same))["margin"] == "within ±1"


def test_a_claim_is_seen_by_its_chip():
    more = np.linspace(0.80, 0.89, 10)
    shown = claim("A < B", more, more - 0.05, above=2)._repr_html_()
    assert "✓ measured</span> <b>A &lt; B</b><br>+5.0 [+5.0, +5.0] points, 10 seeds, margin +2<" in shown
    assert "≈ level</span>" in claim("A is B", more, more + 0.001, within=1)._repr_html_()


@pytest.mark.parametrize(
    "spread, shown", [(5, "+3.0 "), (1, "+3.0 "), (0.2, "+3.00 "), (0.02, "+3.000 "), (1e-4, "+3.000 ")]
)
def test_a_claim_shows_the_digits_that_its_interval_supports(spread, shown):
    text = repr(claim("A is ahead", 0.03 + UP_TO_TWO * spread, above=-9))
    assert f": {shown}[" in text
    assert len({len(number.split(".")[1]) for number in LINE.match(text).group("effect", "low", "high")}) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.from_regex(r"[^\W_][\w ,:;|`()\[\]≈✓+.-]{0,30}", fullmatch=True),
    st.lists(st.floats(-90, 90), min_size=10, max_size=40),
    st.sampled_from(["points", "%", "steps", "(norm)"]),
    st.floats(1e-4, 1e6),
)
def test_every_line_reads_back(sentence, values, unit, within):
    mean, half = float(np.mean(values)), float(np.ptp(values))
    made = Claim(sentence, mean, mean - half, mean + half, len(values), f"within ±{within:g}", unit)
    read = LINE.match(repr(made))
    assert (
        read.group("sentence", "unit", "margin") == (made.sentence, unit, made.margin) and int(read["seeds"]) == made.seeds
    )
    digits = len(read["effect"].split(".")[1])
    for name, value in (("effect", mean), ("low", mean - half), ("high", mean + half)):
        assert float(read[name]) == pytest.approx(value, abs=0.5000001 * 10.0**-digits)


@pytest.mark.parametrize(
    "less, how, message",
    [
        (0.79, dict(above=2), r"Measured \+1.0 .* should lie above \+2"),
        (0.90, dict(above=0), r"Measured -10.0"),
        (0.70, dict(within=1), r"Measured \+10.0 .* should lie within ±1"),
        (0.90, dict(within=1), r"Measured -10.0 .* should lie within ±1"),
        (0.80 - UP_TO_TWO, dict(above=-0.5), r"Measured \+0.0 \[-1.0, \+1.0\]|Measured -0.0"),  # not the mean: the interval
        (0.80 - UP_TO_TWO, dict(within=0.5), "should lie within ±0.5"),
        (0.796 - UP_TO_TWO, dict(within=1.2), "should lie within ±1.2"),
        (0.804 - UP_TO_TWO, dict(within=1.2), "should lie within ±1.2"),
    ],
)
def test_a_claim_that_does_not_hold_raises_with_the_measurement(less, how, message):
    with pytest.raises(ClaimFailed, match=message):
        claim("A is ahead", np.full(10, 0.8), less, **how)


def test_noise_cannot_pass_for_a_claim():
    noise = np.random.default_rng(0).normal(0, 0.05, 10)
    with pytest.raises(ClaimFailed):
        claim("A is ahead", 0.8 + noise, 0.8, above=0)


TEN = np.full(10, 0.8)


@pytest.mark.parametrize(
    "more, less, how, message",
    [
        (np.zeros(9), 0, dict(above=0), "10 seeds or more"),
        (np.zeros((10, 2)), 0, dict(above=0), r"one number a seed is wanted, in pairs; got \(10, 2\)"),
        (TEN, np.zeros(12), dict(above=0), r"\(10,\) against \(12,\)"),
        (TEN, [0.5], dict(above=0), r"\(10,\) against \(1,\)"),
        (np.full(10, np.nan), 0, dict(above=0), "missing"),
        (TEN, 0, dict(), "say what is claimed"),
        (TEN, 0, dict(above=1, within=1), "say what is claimed"),
        (TEN, 0, dict(above=np.nan), "above must be a number, not nan"),
        (TEN, 0, dict(above=-np.inf), "above must be a number, not -inf"),
        (TEN, 0, dict(within=-1), "within must be a number above 0, not -1"),
        (TEN, 0, dict(within=np.nan), "within must be a number above 0, not nan"),
        (TEN, 0, dict(above=0, scale=0), "scale must be a number above 0"),
        (PerSeed(TEN, [0] * 10), 0.1, dict(above=0), r"10 seeds or more, each once; these are \[0, 0"),
        (PerSeed(np.full(11, 0.8), [*range(10), 9]), 0.1, dict(above=0), r"each once; these are \[0, 1, .* 9, 9\]"),
        (PerSeed(TEN, range(10)), PerSeed(TEN / 2, range(1, 11)), dict(above=0), r"not paired: .* \[0, 1, .* \[1, 2, "),
    ],
)
def test_a_claim_without_a_measurement_is_none(more, less, how, message):
    with pytest.raises(ValueError, match=message):
        claim("A is ahead", more, less, **how)


@pytest.mark.parametrize("sentence", ["", "two\nlines"])
def test_a_sentence_is_one_line(sentence):
    with pytest.raises(ValueError, match="one line"):
        claim(sentence, TEN, above=0)


def test_paired_seeds_make_a_claim():
    assert claim("A is ahead", PerSeed(TEN, range(5, 15)), PerSeed(TEN / 2, range(5, 15)), above=30).effect == pytest.approx(
        40
    )


OLD = "✓ A is ahead of B: +5.0 [+4.0, +6.0] points, 10 seeds, margin +2"


def notebook(folder, line):
    outputs = '[{"data": {"text/plain": ["' + line + '"]}}, {"text": ["no claim\\n", "' + line + '\\n"]}]'
    (folder / "07_x.ipynb").write_text('{"cells": [{"cell_type": "markdown"}, {"outputs": ' + outputs + "}]}", "utf-8")


def test_all_claims_of_notebooks_in_one_table(tmp_path):
    notebook(tmp_path, OLD)
    rows = collect(tmp_path.glob("*.ipynb"))
    assert len(rows) == 2 and rows[0]["lesson"] == "07_x" and rows[0]["low"] == "+4.0"
    assert table(rows).splitlines()[2] == "| 07 | A is ahead of B | +5.0 points | +4.0 … +6.0 | +2 | 10 |"


def test_a_bar_in_a_sentence_makes_no_column(tmp_path):
    notebook(tmp_path, OLD.replace("of B", "of |B|"))
    assert r"| A is ahead of \|B\| |" in table(collect(tmp_path.glob("*.ipynb")))


def test_the_table_is_printed_where_stdout_knows_no_tick_and_without_tensorflow(tmp_path):
    notebook(tmp_path, OLD.replace("✓", "≈").replace("+2", "within ±9"))
    code = (
        "import runpy, sys; sys.argv[1:] = ['07_x.ipynb']\n"
        "runpy.run_module('tools.claims', run_name='__main__')\n"
        "assert not {'tensorflow', 'keras', 'pandas', 'matplotlib', 'sklearn'} & set(sys.modules), sorted(sys.modules)"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    made = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True)
    assert made.returncode == 0, made.stderr.decode()
    assert "| within ±9 | 10 |" in made.stdout.decode("utf-8") and "+4.0 … +6.0" in made.stdout.decode("utf-8")

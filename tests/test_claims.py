"""A sentence and its runs: what holds, what does not, what is no measurement; and all claims in one table."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from transferlib.claims import LINE, ClaimFailed, claim, collect, table
from transferlib.measures import PerSeed


def test_a_claim_prints_one_line_that_can_be_read_back():
    more = np.linspace(0.80, 0.89, 10)
    made = claim("A is ahead of B: clearly", more, more - 0.05, above=2)
    assert repr(made) == "✓ A is ahead of B: clearly: +5.0 [+5.0, +5.0] points, 10 seeds, margin +2"
    assert LINE.match(repr(made))["sentence"] == "A is ahead of B: clearly"
    same = claim("A and B end alike", more, more + 0.001, within=1)
    assert repr(same).startswith("≈ A and B end alike: -0.1") and LINE.match(repr(same))["margin"] == "within ±1"


@pytest.mark.parametrize(
    "less, how, message",
    [
        (0.79, dict(above=2), r"Measured \+1.0 .* should lie above \+2"),
        (0.90, dict(above=0), r"Measured -10.0"),
        (0.70, dict(within=1), r"Measured \+10.0 .* should lie within ±1"),
    ],
)
def test_a_claim_that_does_not_hold_raises_with_the_measurement(less, how, message):
    with pytest.raises(ClaimFailed, match=message):
        claim("A is ahead", np.full(10, 0.8), less, **how)


def test_noise_cannot_pass_for_a_claim():
    noise = np.random.default_rng(0).normal(0, 0.05, 10)
    with pytest.raises(ClaimFailed):
        claim("A is ahead", 0.8 + noise, 0.8, above=0)


@pytest.mark.parametrize(
    "more, how, message",
    [
        (np.zeros(9), dict(above=0), "10 seeds or more"),
        (np.zeros((10, 2)), dict(above=0), "one number a seed"),
        (np.full(10, np.nan), dict(above=0), "missing"),
        (np.zeros(10), dict(), "say what is claimed"),
        (np.zeros(10), dict(above=1, within=1), "say what is claimed"),
    ],
)
def test_a_claim_without_a_measurement_is_none(more, how, message):
    with pytest.raises(ValueError, match=message):
        claim("A is ahead", more, **how)


def test_all_claims_of_notebooks_in_one_table(tmp_path):
    line = "✓ A is ahead of B: +5.0 [+4.0, +6.0] points, 10 seeds, margin +2"
    outputs = '[{"data": {"text/plain": ["' + line + '"]}}, {"text": ["no claim\\n", "' + line + '\\n"]}]'
    (tmp_path / "07_x.ipynb").write_text('{"cells": [{"cell_type": "markdown"}, {"outputs": ' + outputs + "}]}", "utf-8")
    rows = collect(tmp_path.glob("*.ipynb"))
    assert len(rows) == 2 and rows[0]["lesson"] == "07_x" and rows[0]["low"] == "+4.0"
    assert table(rows).splitlines()[2] == "| 07 | A is ahead of B | +5.0 points | +4.0 … +6.0 | +2 | 10 |"


def test_a_claim_that_nothing_differs_looks_at_the_whole_interval():
    wide = np.tile([-6.0, 6.0], 5) / 100
    with pytest.raises(ClaimFailed, match="should lie within ±2"):
        claim("no difference", wide, within=2)
    assert claim("no difference", wide, within=6).seeds == 10


@pytest.mark.parametrize(
    "more, less, how, message",
    [
        (np.zeros(10), np.zeros(12), dict(above=0), r"must be paired, .* their shapes are \(10,\) and \(12,\)"),
        (np.zeros(12), np.zeros(10), dict(above=0), "must be paired"),
        (np.zeros(10), 0, dict(above=float("nan")), "above must be a finite number, not nan"),
        (np.zeros(10), 0, dict(within=-1), "within, above 0, must be a finite number, not -1"),
        (np.zeros(10), 0, dict(within=0), "within, above 0,"),
        (PerSeed(np.ones(10), range(10)), PerSeed(np.zeros(10), range(5, 15)), dict(above=0), "these are not paired"),
        (PerSeed(np.ones(10), [0] * 10), 0, dict(above=0), "each seed counts once; these are"),
        (np.ones(10), PerSeed(np.zeros(10), [3] * 10), dict(above=0), "each seed counts once"),
    ],
)
def test_what_is_not_paired_or_has_no_margin_is_refused(more, less, how, message):
    with pytest.raises(ValueError, match=message):
        claim("A is ahead", more, less, **how)


@settings(max_examples=60, deadline=None)
@given(some.lists(some.floats(-0.5, 0.5).map(lambda v: round(v, 5)), min_size=10, max_size=40), some.sampled_from("%:[,–"))
def test_any_line_is_read_back(values, sign):
    made = claim(f"A is ahead{sign} of B", values, above=-1000, unit="points")
    found = LINE.match(repr(made))
    assert found["sentence"] == f"A is ahead{sign} of B" and int(found["seeds"]) == len(values)
    assert float(found["effect"]) == pytest.approx(100 * np.mean(values), abs=0.051)
    assert float(found["low"]) <= float(found["effect"]) + 0.051


def test_the_command_writes_utf8_and_loads_no_tensorflow(tmp_path):
    line = "✓ A|B: +5.0 [+4.0, +6.0] points, 10 seeds, margin +2"
    (tmp_path / "07_x.ipynb").write_text('{"cells": [{"outputs": [{"text": ["' + line + '"]}]}]}', "utf-8")
    code = "import runpy, sys; runpy.run_module('transferlib.claims', run_name='__main__')"
    code += "; assert 'tensorflow' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "07_x.ipynb")], capture_output=True, env={"PYTHONIOENCODING": "cp1252"}
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "| 07 | A\\|B | +5.0 points | +4.0 … +6.0 | +2 | 10 |" in done.stdout.decode("utf-8")

"""A lesson on other seeds: what holds again, what does not, and what was not reached."""

from pathlib import Path

import nbformat
import pytest

from tools import replication
from transferlib.claims import REPLICATING, ClaimFailed, claim
from transferlib.experiments import FIRST_SEED, which_seeds


def lesson(folder):
    cells = [
        "from transferlib.claims import claim\nfrom transferlib.experiments import which_seeds\nseeds = which_seeds(10)",
        'print(claim("large seeds", [float(s) for s in seeds], 0, above=-1, unit="of them", scale=1))',
        'print(claim("small seeds", [50.0 - s + s % 2 for s in seeds], 0, above=0, unit="of them", scale=1))',
        "assert 5 in seeds, 'nobody'",
        'print(claim("told either way", [1.0] * 5 + [2.0] * 5, 0, above=0, unit="of them", scale=1))',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    for cell, text in zip(notebook.cells[1:], ("large seeds", "small seeds", "", "told either way")):
        line = f"✓ {text}: +1.0 [+0.5, +1.5] of them, 10 seeds, margin +0"
        cell.outputs = [nbformat.v4.new_output("stream", text=line)] if text else []
    nbformat.write(notebook, folder / "77_toy.ipynb")
    return folder / "77_toy.ipynb"


def test_a_lesson_on_fresh_seeds(tmp_path, monkeypatch):
    claims, wrong = made = replication.replicate(lesson(tmp_path), 100)
    assert [row["mark"] for row in claims] == ["✓", "✗", "✓"] and wrong == ["AssertionError: nobody"]
    assert claims[0]["effect"] == "+104" or claims[0]["effect"].startswith("+104.")
    monkeypatch.setattr(replication, "replicate", lambda *asked: {(tmp_path / "77_toy.ipynb", 100): made}[asked])
    said = replication.report([tmp_path / "77_toy.ipynb"], 100)
    assert "| 77 | 3 | 2 | 2 |" in said and "- 77: small seeds: -5" in said and "an error in a cell: AssertionError" in said


def test_the_same_sign_is_that_of_the_lesson(tmp_path, monkeypatch):
    path = lesson(tmp_path)
    path.write_text(path.read_text("utf-8").replace("+1.0 [+0.5", "-0.2 [-0.5"), "utf-8")
    rows = [dict(sentence=s, mark="✗", low="", high="", unit="", margin="") for s in ("large seeds", "small seeds")]
    again = [row | dict(effect=effect) for row, effect in zip(rows, ("-3.0", "-3.0"))]
    monkeypatch.setattr(replication, "replicate", lambda *asked: (again, []))
    assert "| 77 | 3 | 0 | 2 |" in replication.report([path], 100)


def test_on_the_lessons_own_seeds_all_holds(tmp_path):
    claims, wrong = replication.replicate(lesson(tmp_path), 0)
    assert [row["mark"] for row in claims] == ["✓", "✓", "✓"] and not wrong


def test_seeds_that_are_named_stay(monkeypatch):
    monkeypatch.setenv(FIRST_SEED, "100")
    assert which_seeds(3) == (100, 101, 102) and which_seeds([4, 5]) == (4, 5)


def test_a_claim_fails_where_nothing_is_replicated(monkeypatch):
    values = [float(n % 2) for n in range(10)]
    with pytest.raises(ClaimFailed):
        claim("no", values, 1.0, above=0)
    monkeypatch.setenv(REPLICATING, "1")
    assert repr(claim("no", values, 1.0, above=0)).startswith("✗ no: -50")


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What `main` asks of `report` when it is called with words, in a course of three lessons."""
    for name in ("00_one", "04_two", "05_three"):
        (tmp_path / f"{name}.ipynb").write_text("", "utf-8")
    monkeypatch.setattr(replication, "LESSONS", tmp_path)

    def ask(*words):
        came = []
        monkeypatch.setattr(replication, "report", lambda paths, first: came.append(([p.stem for p in paths], first)) or "!")
        monkeypatch.setattr(replication.sys, "argv", ["replication", *words])
        replication.main()
        return came[0]

    return ask


def test_the_command_takes_the_lessons_and_the_first_seed_that_are_named(asked, capsys):
    assert asked() == (["00_one", "04_two", "05_three"], 100) and capsys.readouterr().out == "!\n"
    assert asked("04") == (["04_two"], 100)
    assert asked("05", "00", "--first", "300") == (["00_one", "05_three"], 300)
    for words, said in ((["04", "12", "99"], "there is no lesson 12, 99"), (["--first", "-1"], "a seed is 0 or more")):
        with pytest.raises(SystemExit):
            asked(*words)
        assert said in capsys.readouterr().err


def test_make_replication_hands_the_lesson_on():
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text("utf-8")
    assert "tools.replication $(LESSON)" in makefile

"""The learner's copy: without answers, never written over, up to date where nobody has worked in it."""

import json
import sys
from pathlib import Path

import pytest
from jupyter_core.paths import jupyter_config_path
from jupyter_server.services.config.manager import ConfigManager

from transferlib import own_copy


def notebook(words):
    cells = [
        {"cell_type": "markdown", "source": [words]},
        {"cell_type": "code", "source": ["1 + 1"], "execution_count": 3, "outputs": [{"text": ["2"]}], "metadata": {}},
    ]
    return json.dumps({"cells": cells, "nbformat": 4})


@pytest.fixture
def folders(tmp_path):
    course, own = tmp_path / "notebooks", tmp_path / "my_course"
    course.mkdir()
    (course / "00_one.ipynb").write_text(notebook("Grüße"), "utf-8")
    (course / "01_two.ipynb").write_text(notebook("two"), "utf-8")
    (course / "glossary.md").write_text("words", "utf-8")
    assert own_copy.make(course, own) == []
    return course, own


def test_outputs_are_gone_and_all_else_is_there(folders):
    _, own = folders
    copy = json.loads((own / "00_one.ipynb").read_text("utf-8"))
    assert copy["cells"][0]["source"] == ["Grüße"] and copy["cells"][1]["source"] == ["1 + 1"]
    assert copy["cells"][1]["outputs"] == [] and copy["cells"][1]["execution_count"] is None
    assert (own / "glossary.md").read_text("utf-8") == "words"


def test_a_lesson_in_which_somebody_worked_is_kept_and_the_newer_edition_is_told(folders):
    course, own = folders
    (own / "00_one.ipynb").write_text("mine", "utf-8")
    (own / "notes.txt").write_text("mine too", "utf-8")
    assert own_copy.make(course, own) == [] and (own / "00_one.ipynb").read_text("utf-8") == "mine"
    (course / "00_one.ipynb").write_text(notebook("new"), "utf-8")
    (course / "01_two.ipynb").write_text(notebook("newer"), "utf-8")
    told = own_copy.make(course, own)
    assert len(told) == 1 and "00_one.ipynb has a newer edition" in told[0]
    assert (own / "00_one.ipynb").read_text("utf-8") == "mine" and (own / "notes.txt").exists()
    assert "newer" in (own / "01_two.ipynb").read_text("utf-8"), "untouched, so brought up to date"
    assert own_copy.make(course, own) == told, "it is told again, and nothing is lost"
    (own / "00_one.ipynb").rename(own / "00_old.ipynb")
    assert own_copy.make(course, own) == [] and "new" in (own / "00_one.ipynb").read_text("utf-8")


def test_a_lost_list_of_editions_counts_all_that_differs_as_work(folders):
    course, own = folders
    (own / own_copy.EDITIONS).write_text("{broken", "utf-8")
    (course / "01_two.ipynb").write_text(notebook("newer"), "utf-8")
    assert "01_two.ipynb" in own_copy.make(course, own)[0] and "newer" not in (own / "01_two.ipynb").read_text("utf-8")


@pytest.mark.parametrize("what", ["a lesson", "the list"])
def test_an_interruption_leaves_the_whole_old_file(folders, monkeypatch, what):
    course, own = folders
    name = own_copy.EDITIONS if what == "the list" else "01_two.ipynb"
    before = (own / name).read_bytes()
    (course / "01_two.ipynb").write_text(notebook("newer" * 1000), "utf-8")

    def full(path, content, write=Path.write_bytes):
        if name in path.name:
            write(path, content[: len(content) // 2])
            raise OSError("no space left on the device")
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space left"):
        own_copy.make(course, own)
    assert (own / name).read_bytes() == before, "whole, the old one"
    monkeypatch.undo()
    assert own_copy.make(course, own) == [] and "newer" in (own / "01_two.ipynb").read_text("utf-8")
    assert sorted(path.name for path in own.iterdir()) == sorted(
        [own_copy.EDITIONS, "00_one.ipynb", "01_two.ipynb", "glossary.md"]
    )


def test_an_equal_file_that_was_never_listed_is_brought_up_to_date_later(folders):
    """Someone copied it by hand, or the list was lost: it is the course's own, and nobody's work."""
    course, own = folders
    (own / own_copy.EDITIONS).unlink()
    assert own_copy.make(course, own) == []
    (course / "01_two.ipynb").write_text(notebook("newer"), "utf-8")
    assert own_copy.make(course, own) == [] and "newer" in (own / "01_two.ipynb").read_text("utf-8")


def test_what_cannot_be_is_said(folders, tmp_path):
    course, _ = folders
    with pytest.raises(ValueError, match="holds no lesson"):
        own_copy.make(tmp_path / "nowhere", tmp_path / "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="is a file; move it away"):
        own_copy.make(course, tmp_path / "file")


def test_the_courses_own_lessons_are_copied(tmp_path):
    assert own_copy.make(own=tmp_path / "my_course") == []
    copies = sorted(path.name for path in (tmp_path / "my_course").glob("*.ipynb"))
    assert copies == sorted(path.name for path in own_copy.COURSE.glob("*.ipynb")) and len(copies) >= 9
    assert all('"output_type"' not in (tmp_path / "my_course" / name).read_text("utf-8") for name in copies)


PLUGIN = "@jupyter-widgets/jupyterlab-manager:plugin"


def test_jupyterlab_saves_panels_and_nothing_of_a_users_own_is_touched(tmp_path):
    """A user's settings lie in another file, are kept to the letter, and go before ours."""
    (own := tmp_path / "etc/jupyter/labconfig/default_setting_overrides.json").parent.mkdir(parents=True)
    lab = ConfigManager(read_config_path=[str(own.parent)])
    for content, saved in (
        ('{"other": {"a": 1}}', {"other": {"a": 1}, PLUGIN: {"saveState": True}}),
        (f'{{"{PLUGIN}": {{"saveState": false}}}}', {PLUGIN: {"saveState": False}}),
        ("{broken", {PLUGIN: {"saveState": True}}),
    ):
        own.write_text(content, "utf-8")
        assert own_copy.keep_panels(tmp_path) == own_copy.keep_panels(tmp_path) == []
        assert own.read_text("utf-8") == content and lab.get("default_setting_overrides") == saved
    assert str(Path(sys.prefix, "etc", "jupyter")) in jupyter_config_path(), "where a JupyterLab looks, in any environment"


def test_an_environment_that_cannot_be_written_is_told_and_nothing_fails(tmp_path):
    (tmp_path / "etc").write_text("a file in the way", "utf-8")
    (told,) = own_copy.keep_panels(tmp_path)
    assert "could not be told to save panels" in told and "Save Jupyter widget state in notebooks" in told

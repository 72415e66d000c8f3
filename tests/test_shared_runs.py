"""What one call of the tests leaves for the next: found only where all is the same, and bounded in size."""

import os
from types import SimpleNamespace

import pytest

from tests.shared_runs import place, surroundings
from transferlib.cache import Folder
from transferlib.programs import keep_the_latest


def test_runs_lie_in_the_cache_of_pytest_in_a_folder_for_these_surroundings(tmp_path):
    cache = SimpleNamespace(mkdir=lambda name: tmp_path / name)
    assert place(SimpleNamespace(cache=cache)) == (tmp_path / "lessons" / surroundings(), True)


def test_without_a_cache_or_where_it_cannot_be_written_all_is_computed_anew():
    def cannot(name):
        raise PermissionError(name)

    for config in (SimpleNamespace(), SimpleNamespace(cache=SimpleNamespace(mkdir=cannot))):
        folder, stays = place(config)
        assert not stays and not list(folder.iterdir())
        folder.rmdir()


@pytest.mark.parametrize("setting", ["XLA_FLAGS", "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE"])
def test_other_instructions_are_other_surroundings(monkeypatch, setting):
    before = surroundings()
    monkeypatch.setenv(setting, "another")
    assert before != surroundings()


def test_what_has_not_been_used_for_longest_goes_first(tmp_path):
    folder = Folder(tmp_path / "runs")
    for age, name in enumerate(("new", "old", "older")):
        folder.put(name, age)
        os.utime(folder.path / f"{name}.npz", (0, 10**9 - age))
    assert folder.get("older") == 2  # used: it is the newest now
    size = folder.size()
    keep_the_latest(tmp_path, size)
    assert len(folder) == 3
    keep_the_latest(tmp_path, size - 1)
    assert folder.get("older") == 2 and folder.get("new") == 0 and folder.get("old") is None
    keep_the_latest(tmp_path, 0)
    assert len(folder) == 0

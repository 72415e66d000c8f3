"""The project: a seed is its data, labels are kept apart, a hand-in is scored or told what is wrong."""

import numpy as np
import pytest

from tools.hand_in import read, score
from tools.pen_digits import NEW, PEN, PER_CLASS, make

pytestmark = pytest.mark.skipif(not PEN.installed, reason=PEN.install)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    make(folder, 5)
    return folder


def handed_in(path, digits):
    np.savetxt(path, digits, "%d", header="digit", comments="")
    return path


def test_the_students_have_few_labels_and_none_of_the_new_pictures(project):
    theirs = np.load(project / "students" / "pictures.npz")
    assert set(theirs.files) == {"x", "y", "new"} and np.bincount(theirs["y"]).tolist() == [PER_CLASS] * 10
    assert theirs["new"].shape == (NEW, 28, 28) and theirs["new"].dtype == np.uint8
    assert [each.name for each in (project / "students").iterdir()] == ["pictures.npz"]
    assert len(np.unique(read(project / "lecturer" / "labels.csv"))) == 10


def test_a_seed_is_its_data_and_another_seed_is_not(project, tmp_path):
    make(tmp_path / "again", 5)
    make(tmp_path / "other", 6)
    first, again, other = (
        np.load(each / "students" / "pictures.npz")["new"] for each in (project, tmp_path / "again", tmp_path / "other")
    )
    assert (first == again).all() and (first != other).any()


def test_the_digits_are_digits(project):
    """The nearest labelled picture names a new one far more often than chance: labels and pictures belong together."""
    theirs, truth = np.load(project / "students" / "pictures.npz"), read(project / "lecturer" / "labels.csv")
    flat, new = (theirs[name].reshape(len(theirs[name]), -1) / 255 for name in ("x", "new"))
    nearest = ((new[:, None] - flat) ** 2).sum(-1).argmin(1)
    assert (theirs["y"][nearest] == truth).mean() > 0.4


def test_a_score_is_the_share_of_right_answers_and_the_gain_over_the_control(project, tmp_path):
    truth = read(project / "lecturer" / "labels.csv")
    wrong = (truth + 1) % 10
    answers = handed_in(tmp_path / "answers.csv", np.where(np.arange(NEW) < 800, truth, wrong))
    control = handed_in(tmp_path / "control.csv", np.where(np.arange(NEW) < 700, truth, wrong))
    told = score(project / "lecturer" / "labels.csv", answers, control)
    assert "answers: 80.0 ± 1.3 % right" in told and "control: 70.0" in told and "+10" in told
    assert "less" not in score(project / "lecturer" / "labels.csv", answers)


@pytest.mark.parametrize(
    "text, message",
    [
        ("digit\n1\n2\n", f"{NEW} lines.*it has 3 lines"),
        ("1\n" * (NEW + 1), "the heading `digit`"),
        ("digit\n" + "1\n" * (NEW - 1) + "ten\n", f"line {NEW + 1}: 'ten'"),
        ("digit\n" + "10\n" * NEW, "one digit, 0 … 9"),
        ("", "it has 0 lines"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path, text, message):
    (tmp_path / "answers.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=message):
        read(tmp_path / "answers.csv")


def test_a_file_that_is_no_text_or_is_not_there_is_told(tmp_path):
    (tmp_path / "answers.csv").write_bytes(b"\xff\xfe\x00PK")
    for name in ("answers.csv", "nothing.csv"):
        with pytest.raises(ValueError, match="cannot be read as text"):
            read(tmp_path / name)

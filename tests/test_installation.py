"""The installation check tells the truth."""

from importlib import metadata

import pytest

from transferlib import installation


@pytest.fixture(autouse=True)
def no_settings(monkeypatch, tmp_path):
    """Keras's settings as on a new machine."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))


def test_this_environment_is_as_the_course_needs_it(capsys):
    installation.check()
    assert capsys.readouterr().out == "✓ Everything that the course needs is installed.\n"


def test_what_is_missing_or_too_old_is_said_in_words(monkeypatch, capsys):
    real = metadata.version

    def version(name):
        if name == "ipywidgets":
            raise metadata.PackageNotFoundError(name)
        return "0.1" if name == "keras" else real(name)

    monkeypatch.setattr(installation.metadata, "version", version)
    monkeypatch.setattr(installation.sys, "version_info", (3, 9))
    installation.check()
    said = capsys.readouterr().out
    for words in (
        "TensorFlow needs 3.10 to 3.13",
        "ipywidgets is not installed",
        "keras is 0.1; the course",
        "pip install -r",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    "variable, stored, named",
    [
        ("torch", None, "torch"),
        (None, '{"backend": "jax"}', "jax"),
        ("tensorflow", '{"backend": "jax"}', None),
        (None, '{"backend": "tensorflow"}', None),
        (None, "no JSON", None),
        (None, "[1]", None),
    ],
)
def test_another_backend_of_keras_is_named(variable, stored, named, monkeypatch, tmp_path, capsys):
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    if stored:
        (tmp_path / "keras.json").write_text(stored, "utf-8")
    installation.check()
    said = capsys.readouterr().out
    assert (f"backend '{named}'; the course needs the TensorFlow backend" in said) if named else said.startswith("✓")


@pytest.mark.parametrize(
    "key, stored, needed", [("image_data_format", "channels_first", "channels_last"), ("floatx", "float64", "float32")]
)
def test_a_setting_of_keras_that_makes_other_networks_is_named(key, stored, needed, tmp_path):
    (tmp_path / "keras.json").write_text(f'{{"{key}": "{stored}"}}', "utf-8")
    (said,) = installation.problems()
    assert said == f"{tmp_path / 'keras.json'} sets {key} to '{stored}'; the course needs '{needed}' there, or no such line."
    (tmp_path / "keras.json").write_text(f'{{"{key}": "{needed}"}}', "utf-8")
    assert installation.problems() == []

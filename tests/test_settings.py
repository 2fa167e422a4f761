"""What a person chose is read from file, environment and command line; what is wrong is told and left out."""

import os
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.settings import (
    DeviceWish,
    Preset,
    Settings,
    from_environment,
    load,
    settings_file,
    write,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def read(file: Path, text: str = "", **environment: str) -> tuple[Settings, tuple[str, ...]]:
    if text:
        file.write_text(text, encoding="utf-8")
    return load(file=file, environment=environment)


def test_without_a_file_everything_has_its_default(file: Path) -> None:
    assert read(file) == (Settings(), ())
    assert Settings().preset is Preset.BUILTIN
    assert Settings().library.name == "Heimdex"


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(file: Path) -> None:
    file.write_text('preset = "full"\ntext_model = "minilm"\nlibrary = "/from/file"', encoding="utf-8")
    environment = {"HEIMDEX_PRESET": "compact", "HEIMDEX_LIBRARY": "/from/environment"}
    settings, warnings = load(file=file, environment=environment, library=Path("/from/words"), preset=None)
    assert warnings == ()
    assert (settings.preset, settings.text_model) == (Preset.COMPACT, "minilm")
    assert settings.library == Path("/from/words").absolute()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('preset = "huge"', "preset"),
        ("library = 7", "library"),
        ('library = ""', "library"),
        ('semantic_search = "perhaps"', "semantic_search"),
        ("sidecars_beside_videos = 2", "sidecars_beside_videos"),
        ("colour = true", "colour"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_its_default_holds(text: str, name: str, file: Path) -> None:
    settings, warnings = read(file, f'{text}\ntext_model = "none"')
    assert settings == Settings(text_model="none")
    (warning,) = warnings
    assert warning.startswith(f"“{name}” in the settings file")
    assert warning.endswith(".")


def test_nothing_chosen_makes_no_file(file: Path) -> None:
    assert write({}, file=file) == ()
    assert not file.exists()


@pytest.mark.parametrize("content", [b"this = is = no toml", b"\xff\xfe\x00"])
def test_a_broken_file_is_ignored_with_one_warning(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    settings, warnings = load(file=file, environment={"HEIMDEX_PRESET": "full"})
    assert settings == Settings(preset=Preset.FULL)
    assert len(warnings) == 1
    assert str(file) in warnings[0]


@pytest.mark.parametrize(
    ("word", "means"),
    [("1", True), ("ON", True), ("yes", True), ("0", False), ("False", False), ("off", False)],
)
def test_a_switch_takes_the_usual_words(word: str, means: bool, file: Path) -> None:
    assert read(file, HEIMDEX_SEMANTIC_SEARCH=word) == (Settings(semantic_search=means), ())
    assert read(file, f"semantic_search = {str(means).lower()}")[0].semantic_search is means


def test_an_empty_variable_says_nothing(file: Path) -> None:
    assert read(file, HEIMDEX_PRESET="", HEIMDEX_LIBRARY="") == (Settings(), ())


def test_a_library_in_the_home_folder(file: Path) -> None:
    settings, _ = read(file, 'library = "~/videos library"')
    assert settings.library == Path.home() / "videos library"


@example({"library": "~nobody that this computer knows/videos"})
@given(st.dictionaries(st.sampled_from([each.name for each in fields(Settings)]), st.text(max_size=30)))
def test_whatever_stands_in_the_environment_settings_come_back(values: dict[str, str]) -> None:
    environment = {f"HEIMDEX_{name.upper()}": value for name, value in values.items()}
    settings, warnings = load(file=Path(os.devnull), environment=environment)
    assert len(warnings) <= len(values)
    assert settings.preset in Preset
    assert settings.library.is_absolute()


def test_the_file_lies_in_the_configuration_folder() -> None:
    assert settings_file().parent.name == "Heimdex"
    assert settings_file().suffix == ".toml"


def test_what_is_written_is_read_again(file: Path) -> None:
    chosen = {
        "preset": Preset.COMPACT,
        "text_model": "minilm",
        "device": DeviceWish.CPU,
        "faces": True,
        "tags": ("our sailing boat", 'a "quoted" thing'),
        "library": Path("/some/where"),
    }
    assert write(chosen, file=file.parent / "new" / "settings.toml") == ()
    settings, warnings = load(file=file.parent / "new" / "settings.toml", environment={})
    assert warnings == ()
    assert settings == Settings(
        library=Path("/some/where").absolute(),
        preset=Preset.COMPACT,
        text_model="minilm",
        device=DeviceWish.CPU,
        faces=True,
        tags=("our sailing boat", 'a "quoted" thing'),
    )


def test_a_change_leaves_comments_and_everything_else_as_it_was(file: Path) -> None:
    file.write_text('# mine\nskip = ["private/*"] # never\n\n[unknown]\nx = 1\n', encoding="utf-8")
    write({"preset": Preset.FULL}, file=file)
    write({"preset": None, "faces": None}, file=file)
    assert file.read_text("utf-8") == '# mine\nskip = ["private/*"] # never\n\n[unknown]\nx = 1\n'
    write({"text_model": "minilm"}, file=file)
    assert load(file=file, environment={})[0] == Settings(text_model="minilm", skip=("private/*",))


@pytest.mark.parametrize("content", [b"this = is = no toml", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_kept_when_something_is_chosen(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    (notice,) = write({"preset": Preset.FULL}, file=file)
    assert "settings.toml.broken-1" in notice
    assert (file.parent / "settings.toml.broken-1").read_bytes() == content
    assert read(file) == (Settings(preset=Preset.FULL), ())


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MachineError):
        write({"preset": Preset.FULL}, file=tmp_path / "file" / "settings.toml")


def test_a_variable_decides_whatever_the_file_says() -> None:
    environment = {"HEIMDEX_TEXT_MODEL": "minilm", "HEIMDEX_PRESET": "", "HOME": "/x"}
    assert from_environment(environment) == {"text_model"}

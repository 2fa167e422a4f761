"""The list of models that comes with the program is whole, and a list that is not is told."""

import re
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.model_list import ModelEntry, is_inside, known_models
from heimdex_desktop.settings import Preset

KNOWN = known_models()
WITH_VECTORS = {Role.TEXT, Role.VISION, Role.FACE}


@pytest.mark.parametrize("entry", KNOWN.models.values(), ids=lambda entry: entry.name)
def test_every_entry_is_well_formed(entry: ModelEntry) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", entry.name)
    assert entry.licence
    assert entry.memory_mb > 0
    assert (entry.dimensions > 0) == (entry.role in WITH_VECTORS)
    assert bool(entry.languages) == (entry.role not in {Role.FACE, Role.FACE_DETECTOR})
    assert entry.size_bytes > 0 or entry.package
    names = [file.name for file in entry.files]
    assert len(set(names)) == len(names)
    for file in entry.files:
        assert is_inside(file.name)
        assert file.size_bytes is None or file.size_bytes > 0
        assert re.fullmatch(r"[0-9a-f]{64}|", file.sha256)
    if entry.repository:
        assert re.fullmatch(r"[\w-]+/[\w.-]+", entry.repository)
        assert re.fullmatch(r"[0-9a-f]{40}|main", entry.revision)


@pytest.mark.parametrize("preset", Preset)
def test_every_preset_gives_every_role_a_model_or_none(preset: Preset) -> None:
    assert set(KNOWN.presets[preset]) == set(Role)
    for role, name in KNOWN.presets[preset].items():
        assert name == "none" or KNOWN.models[name].role is role


def test_what_is_built_in_needs_no_download() -> None:
    names = set(KNOWN.presets["builtin"].values()) - {"none"}
    assert all(KNOWN.models[name].package for name in names)


def test_no_preset_gives_a_model_that_not_everybody_may_use() -> None:
    names = {name for roles in KNOWN.presets.values() for name in roles.values()} - {"none"}
    assert all(KNOWN.models[name].free_use for name in names)


def test_text_models_know_their_prefixes() -> None:
    e5, bge = KNOWN.models["multilingual-e5-small"], KNOWN.models["bge-m3"]
    assert e5.options == {"query_prefix": "query: ", "passage_prefix": "passage: "}
    assert bge.options == {"query_prefix": "", "passage_prefix": ""}
    assert (e5.dimensions, bge.dimensions) == (384, 1024)


@pytest.mark.parametrize("entry", [e for e in KNOWN.models.values() if e.files], ids=lambda entry: entry.name)
def test_no_weights_can_carry_programs_but_those_loaded_as_weights_only(entry: ModelEntry) -> None:
    endings = {Path(file.name).suffix for file in entry.files}
    assert not endings & {".pkl", ".pth", ".h5", ".py"}
    assert (".pt" in endings) == (entry.engine is Engine.FACENET)
    assert (".bin" in endings) == (entry.engine is Engine.FASTER_WHISPER)


GOOD = """
[presets.builtin]
text = "a"
[models.a]
role = "text"
engine = "open_clip"
source = "https://example.org/a"
revision = "1"
licence = "MIT"
speed = "fast"
files = [{ name = "x.bin", size = 1, sha256 = "%s" }]
""" % ("0" * 64)


def test_a_list_of_ones_own_is_read(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(GOOD)
    assert known_models(file).models["a"].is_pinned


@pytest.mark.parametrize(
    ("part", "instead", "told"),
    [
        ('licence = "MIT"', 'licence = ""', "licence"),
        ("x.bin", "../x.bin", "outside"),
        ("x.bin", "C:/x.bin", "outside"),
        ('role = "text"', 'role = "taste"', "taste"),
        ('engine = "open_clip"', 'engine = "steam"', "steam"),
        ('text = "a"', 'speech = "a"', "not its own"),
        ('text = "a"', 'text = "b"', "b"),
        ("https://", "http://", "not https"),
        (f', sha256 = "{"0" * 64}"', "", "lists no fingerprints"),
        ("0" * 64, "0" * 63, "SHA-256"),
        ('speed = "fast"', 'speed = "warp"', "speed"),
        ('revision = "1"', 'colour = "red"', "colour"),
        ("[models.a]", "[models.a", "cannot be used"),
    ],
)
def test_a_broken_list_is_told(part: str, instead: str, told: str, tmp_path: Path) -> None:
    assert part in GOOD
    file = tmp_path / "models.toml"
    file.write_text(GOOD.replace(part, instead))
    with pytest.raises(MachineError, match=told):
        known_models(file)


def test_a_missing_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="Install Heimdex again"):
        known_models(tmp_path / "none.toml")

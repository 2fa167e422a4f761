"""Which model is chosen for a role: by preset, by name, by folder; and what a role waits for."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference import offline_minilm
from heimdex_desktop.inference.choosing import Choosing, choose, setting_of
from heimdex_desktop.inference.encoders import SentenceEncoder
from heimdex_desktop.inference.model_files import verify
from heimdex_desktop.inference.model_list import ModelEntry, ModelList, known_models
from heimdex_desktop.settings import Preset, Settings
from tests.inference.conftest import FILES, get
from tests.inference.face_samples import RETAIL_MANIFEST
from tests.inference.hub_server import Hub

WEIGHTS = FILES["model.safetensors"]
EMPTY_ROLES = {Role.SPEECH, Role.VISION, Role.FACE}


def choose_among(entry: ModelEntry, folder: Path, *, wanted: str = "tiny", licensed: bool = False) -> Choice:
    known = ModelList({entry.name: entry}, {"compact": {entry.role: entry.name}})
    return Choosing(known, folder, licensed=licensed).choose(entry.role, wanted, "compact")


@pytest.mark.parametrize("role", Role)
def test_the_built_in_preset_waits_for_nothing(role: Role, tmp_path: Path) -> None:
    choice = choose(role, "", Preset.BUILTIN, tmp_path, licensed=False)
    assert choice.waits_for == ""
    assert choice.is_none == (role in EMPTY_ROLES)
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("preset", [Preset.COMPACT, Preset.FULL])
@pytest.mark.parametrize("role", Role)
def test_other_presets_name_what_they_wait_for_and_what_to_do(
    role: Role, preset: Preset, tmp_path: Path
) -> None:
    choice = choose(role, "", preset, tmp_path, licensed=False)
    name = known_models().preset_name(preset, role)
    if known_models().models[name].package:
        assert (choice.name, choice.folder, choice.is_ready) == (name, None, True)
        assert choice.revision
    else:
        assert not choice.is_ready
        assert name in choice.waits_for
        assert f"“heimdex models download {name}”" in choice.waits_for


def test_the_sentence_of_a_missing_model(tmp_path: Path) -> None:
    choice = choose(Role.SPEECH, "whisper-small", "builtin", tmp_path, licensed=False)
    assert choice.waits_for == (
        "Speech recognition waits for its model whisper-small (486 MB): "
        "run “heimdex models download whisper-small”, or get it in the window."
    )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("preset", Preset)
def test_none_leaves_a_role_empty_whatever_the_preset(role: Role, preset: Preset, tmp_path: Path) -> None:
    assert choose(role, "none", preset, tmp_path, licensed=False).is_none


def test_minilm_keeps_the_space_of_its_vectors(tmp_path: Path) -> None:
    folder = offline_minilm.folder()
    if folder is None:
        pytest.skip("the extra `offline` is not installed")
    choice = choose(Role.TEXT, "", "builtin", tmp_path, licensed=False)
    assert choice.folder == folder
    space = SentenceEncoder(folder, name=choice.name).space
    assert space == EmbeddingSpace(choice.name, choice.revision, 384)


def test_without_its_package_minilm_is_missed_only_when_it_was_asked_for(tmp_path: Path) -> None:
    absent = replace(known_models().models["minilm"], package="a_package_that_is_not_there")
    choosing = Choosing(ModelList({"minilm": absent}, known_models().presets), tmp_path, licensed=False)
    assert choosing.choose(Role.TEXT, "", "builtin").is_none
    asked = choosing.choose(Role.TEXT, "minilm", "builtin")
    assert "Install the Python package" in asked.waits_for.replace("install", "Install")


def test_a_model_that_is_here_is_chosen_with_its_options(
    hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    entry = replace(pinned, options={"query_prefix": "query: "})
    get(entry, tmp_path)
    for wanted in ("tiny", ""):
        choice = choose_among(entry, tmp_path, wanted=wanted)
        assert choice == Choice(
            Role.TEXT,
            "tiny",
            Engine.SENTENCE_TRANSFORMERS,
            tmp_path / "tiny",
            hashlib.sha256(WEIGHTS).hexdigest()[:16],
            {"query_prefix": "query: "},
        )
    assert SentenceEncoder(tmp_path / "tiny").space.revision == choice.revision


def test_the_revision_of_other_models_differs_when_any_file_does(
    hub: Hub, listed: ModelEntry, tmp_path: Path
) -> None:
    entry = replace(listed, role=Role.SPEECH)
    get(entry, tmp_path / "one")
    hub.files["someone/tiny"]["config.json"] = b'{"hidden_size": 5}'
    get(entry, tmp_path / "two")
    one, two = (choose_among(entry, tmp_path / place).revision for place in ("one", "two"))
    assert len(one) == len(two) == 16
    assert one != two


def test_a_damaged_model_is_waited_for_by_file(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    (tmp_path / "tiny" / "config.json").write_bytes(b"x" * len(FILES["config.json"]))
    list(verify(pinned, tmp_path))
    choice = choose_among(pinned, tmp_path)
    assert not choice.is_ready
    assert "“config.json”" in choice.waits_for
    assert "heimdex models download tiny" in choice.waits_for


def test_half_a_download_is_waited_for_with_its_size(pinned: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "tiny.partial").mkdir()
    (tmp_path / "tiny.partial" / "model.safetensors.part").write_bytes(WEIGHTS[:300_000])
    assert "(300 kB of 600 kB are here)" in choose_among(pinned, tmp_path).waits_for


def test_a_licence_is_waited_for(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    entry = replace(pinned, licence="research only", free_use=False)
    get(pinned, tmp_path)
    assert "research only" in choose_among(entry, tmp_path).waits_for
    assert choose_among(entry, tmp_path, licensed=True).is_ready


@pytest.mark.parametrize("wanted", ["whisper-huge", "bge-m3", "/no/such/folder"])
def test_what_is_no_model_for_the_role_is_told_with_the_names_that_are(wanted: str, tmp_path: Path) -> None:
    choice = choose(Role.SPEECH, wanted, "compact", tmp_path, licensed=False)
    assert not choice.is_ready
    assert f"“{wanted}”" in choice.waits_for
    assert "HEIMDEX_SPEECH_MODEL" in choice.waits_for
    assert "whisper-small" in choice.waits_for


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return folder


def local(role: Role, folder: Path) -> Choice:
    return choose(role, str(folder), "builtin", folder / "models", licensed=False)


@pytest.mark.parametrize(
    ("role", "files", "engine", "read"),
    [
        (Role.SPEECH, ["model.bin", "config.json", "vocabulary.txt"], Engine.FASTER_WHISPER, 3),
        (Role.TEXT, ["model.safetensors", "modules.json"], Engine.SENTENCE_TRANSFORMERS, 1),
        (Role.VISION, ["open_clip_config.json", "open_clip_model.safetensors"], Engine.OPEN_CLIP, 2),
        (Role.FACE_DETECTOR, ["a_yunet.onnx", "b.onnx"], Engine.YUNET, 1),
        (Role.FACE, ["x_sface.onnx", "yunet.onnx"], Engine.SFACE, 1),
        (Role.FACE, ["vggface2.pt"], Engine.FACENET, 1),
    ],
)
def test_a_folder_is_recognised_by_what_lies_in_it(
    role: Role, files: list[str], engine: Engine, read: int, tmp_path: Path
) -> None:
    """The first `read` files make the model what it is."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in files:
        (folder / name).write_text(name)
    choice = local(role, folder)
    assert (choice.name, choice.engine, choice.folder) == ("mine", engine, folder)
    for number, name in enumerate(files):
        before = local(role, folder).revision
        (folder / name).write_text("other")
        assert (local(role, folder).revision != before) == (number < read), name
    (folder / files[0]).unlink()
    assert local(role, folder).waits_for


@pytest.mark.parametrize("role", Role)
def test_a_folder_without_a_model_is_told(role: Role, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", holiday__jpg="beach")
    assert "holds no model for it" in local(role, folder).waits_for


def test_the_middle_of_large_weights_is_not_read_and_papers_do_not_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", config__json="{}", vocabulary__txt="a")
    (folder / "model.bin").write_bytes(bytes(5 << 20))
    before = local(Role.SPEECH, folder).revision
    write(folder, README__md="new", LICENSE__txt="new", **{"heimdex-model__json": "{}"})
    assert local(Role.SPEECH, folder).revision == before
    with (folder / "model.bin").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    assert local(Role.SPEECH, folder).revision != before


def test_the_small_real_models_are_recognised(real_models: Path, tmp_path: Path) -> None:
    assert local(Role.SPEECH, real_models / "nano-whisper-en-ct2").engine is Engine.FASTER_WHISPER
    assert local(Role.VISION, real_models / "vision-bridge").engine is Engine.OPEN_CLIP
    assert local(Role.FACE_DETECTOR, real_models / "face").engine is Engine.YUNET


def test_a_face_model_of_ones_own_needs_its_description(real_models: Path, tmp_path: Path) -> None:
    assert "has no description (face_model.toml)" in local(Role.FACE, real_models / "face").waits_for
    mine = tmp_path / "face"
    shutil.copytree(real_models / "face", mine)
    mine.chmod(0o755)
    (mine / "face_model.toml").write_text("dimensions = 256", "utf-8")
    assert "file is not a text" in local(Role.FACE, mine).waits_for
    (mine / "face_model.toml").write_text(RETAIL_MANIFEST, "utf-8")
    chosen = local(Role.FACE, mine)
    assert chosen.engine is Engine.FACE_ONNX
    (mine / "face_model.toml").write_text(RETAIL_MANIFEST.replace("0.39", "0.4"), "utf-8")
    assert local(Role.FACE, mine).revision != chosen.revision
    (mine / "face_reidentification_retail_0095.onnx").unlink()
    assert "holds no model for it" in local(Role.FACE, mine).waits_for


def test_a_folder_of_a_text_model_has_the_space_of_its_encoder(tmp_path: Path) -> None:
    folder = write(tmp_path / "mine", config__json=json.dumps({"hidden_size": 4}), model__safetensors="w")
    choice = local(Role.TEXT, folder)
    assert SentenceEncoder(folder).space == EmbeddingSpace(choice.name, choice.revision, 4)


def test_settings_are_named_as_roles_are() -> None:
    names = {setting_of(role) for role in Role}
    assert names == {
        *("speech_model", "text_model", "vision_model", "face_model", "face_detector", "text_reader")
    }
    assert setting_of(Role.TEXT) in Settings.__dataclass_fields__

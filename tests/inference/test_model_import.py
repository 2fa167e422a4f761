"""Models from folders and archives: recognised, checked, and nothing half; hostile archives are refused."""

import io
import itertools
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import DiskFull, FileGone, MachineError
from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.inference import model_import as tested
from heimdex_desktop.inference.model_files import standing
from heimdex_desktop.inference.model_import import import_model
from heimdex_desktop.inference.model_list import ModelEntry, ModelList
from heimdex_desktop.inference.model_manifest import Proof, read_manifest
from tests.inference.conftest import FILES, assert_whole

WEIGHTS = "model.safetensors"
FLIPPED = {**FILES, WEIGHTS: FILES[WEIGHTS][:-1] + bytes([FILES[WEIGHTS][-1] ^ 1])}


def known(*entries: ModelEntry) -> ModelList:
    return ModelList({entry.name: entry for entry in entries}, {})


def take(path: Path, models: Path, *entries: ModelEntry, name: str = "") -> str:
    steps = import_model(path, models, known(*entries), name=name)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def write_folder(place: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def write_zip(place: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return place


def write_tar(place: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(place, "w:gz" if place.name.endswith("gz") else "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return place


def write_dotted_tar(place: Path, files: Mapping[str, bytes]) -> Path:
    """As `tar -C folder -czf place .` does."""
    return write_tar(place, {f"./{name}": content for name, content in files.items()})


Writer = Callable[[Path, Mapping[str, bytes]], Path]
WRITERS = [
    pytest.param(write_folder, "bundle", id="folder"),
    pytest.param(write_zip, "bundle.zip", id="zip"),
    pytest.param(write_tar, "bundle.tar", id="tar"),
    pytest.param(write_tar, "bundle.tar.gz", id="tar.gz"),
    pytest.param(write_dotted_tar, "bundle.tgz", id="tar of a dot"),
]


@pytest.mark.parametrize(("write", "name"), WRITERS)
@pytest.mark.parametrize("inside", ["", "models/tiny-1.0/"])
def test_a_model_is_recognised_wherever_it_lies(
    write: Writer, name: str, inside: str, pinned: ModelEntry, tmp_path: Path
) -> None:
    files = {f"{inside}{name}": content for name, content in FILES.items()} | {"README.md": b"hello"}
    bundle = write(tmp_path / name, files)
    models = tmp_path / "models"
    assert take(bundle, models, pinned) == "tiny"
    assert_whole(models, pinned)
    assert {path.name for path in (models / "tiny").iterdir()} == {
        "1_Pooling",
        "config.json",
        WEIGHTS,
        "heimdex-model.json",
    }
    assert standing(pinned, models, licensed=False).state is ModelState.READY
    manifest = read_manifest(models / "tiny")
    assert manifest is not None
    assert {record.proof for record in manifest.files} == {Proof.SHIPPED}


def test_what_nobody_vouches_for_is_called_so(listed: ModelEntry, tmp_path: Path) -> None:
    take(write_folder(tmp_path / "bundle", FILES), tmp_path / "models", listed)
    manifest = read_manifest(tmp_path / "models" / "tiny")
    assert manifest is not None
    assert {record.proof for record in manifest.files} == {Proof.IMPORTED}
    assert all(record.sha256 for record in manifest.files)


@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_one_flipped_byte_is_refused_by_name_and_nothing_stays(
    write: Writer, name: str, pinned: ModelEntry, tmp_path: Path
) -> None:
    bundle = write(tmp_path / name, FLIPPED)
    models = tmp_path / "models"
    with pytest.raises(MachineError, match=WEIGHTS):
        take(bundle, models, pinned)
    assert [path for path in models.iterdir() if path.is_dir()] == []


def test_a_failed_import_leaves_the_model_that_is_here(pinned: ModelEntry, tmp_path: Path) -> None:
    models = tmp_path / "models"
    take(write_folder(tmp_path / "good", FILES), models, pinned)
    with pytest.raises(MachineError):
        take(write_folder(tmp_path / "bad", FLIPPED), models, pinned)
    assert_whole(models, pinned)


def test_an_import_mends_a_damaged_model_and_ends_a_download(pinned: ModelEntry, tmp_path: Path) -> None:
    models = tmp_path / "models"
    write_folder(models / "tiny", {"config.json": b"short"})
    write_folder(models / "tiny.partial", {f"{WEIGHTS}.part": b"some"})
    write_folder(models / "tiny.importing", {"left": b"by a killed program"})
    take(write_folder(tmp_path / "good", FILES), models, pinned)
    assert_whole(models, pinned)
    assert not (models / "tiny.importing").exists()
    assert not (models / "tiny" / "left").exists()


def test_an_import_may_be_closed_at_every_yield(pinned: ModelEntry, tmp_path: Path) -> None:
    bundle = write_zip(tmp_path / "tiny.zip", FILES)
    length = len(list(import_model(bundle, tmp_path / "whole", known(pinned))))
    for count in range(1, length + 1):
        models = tmp_path / str(count)
        steps = import_model(bundle, models, known(pinned))
        for _ in itertools.islice(steps, count):
            pass
        steps.close()
        assert [path for path in models.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "C:\\evil", "..\\evil"])
@pytest.mark.parametrize(("write", "archive"), [(write_zip, "x.zip"), (write_tar, "x.tar")])
def test_an_archive_that_reaches_outside_is_refused(
    write: Writer, archive: str, name: str, pinned: ModelEntry, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    bundle = write(tmp_path / "in" / archive, FILES | {name: b"evil"})
    with pytest.raises(MachineError, match="outside its folder"):
        take(bundle, tmp_path / "in" / "models", pinned)
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_a_tar_with_links_or_devices_is_refused(kind: bytes, pinned: ModelEntry, tmp_path: Path) -> None:
    bundle = write_tar(tmp_path / "x.tar", {name: FILES[name] for name in FILES if name != WEIGHTS})
    with tarfile.open(bundle, "a") as archive:
        member = tarfile.TarInfo(WEIGHTS)
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(MachineError, match="a link or no file"):
        take(bundle, tmp_path / "models", pinned)


def test_a_zip_with_links_is_refused(pinned: ModelEntry, tmp_path: Path) -> None:
    bundle = write_zip(tmp_path / "x.zip", FILES)
    with zipfile.ZipFile(bundle, "a") as archive:
        member = zipfile.ZipInfo("link")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(MachineError, match="a link or no file"):
        take(bundle, tmp_path / "models", pinned)


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
def test_an_archive_that_is_none_is_told(name: str, pinned: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no archive at all" * 100)
    with pytest.raises(MachineError, match="damaged or locked"):
        take(tmp_path / name, tmp_path / "models", pinned)


@pytest.mark.parametrize(("write", "name"), WRITERS[1:4])
def test_an_archive_that_is_cut_is_told_and_nothing_stays(
    write: Writer, name: str, pinned: ModelEntry, tmp_path: Path
) -> None:
    bundle = write(tmp_path / name, FILES)
    bundle.write_bytes(bundle.read_bytes()[: bundle.stat().st_size // 2])
    models = tmp_path / "models"
    with pytest.raises(MachineError, match=r"damaged or locked|no model"):
        take(bundle, models, pinned)
    assert not models.exists() or [path for path in models.iterdir() if path.is_dir()] == []


def test_a_member_longer_than_it_says_is_refused(
    pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = write_zip(tmp_path / "x.zip", FILES | {WEIGHTS: FILES[WEIGHTS] + b"more"})
    content = bundle.read_bytes()
    size = len(FILES[WEIGHTS])
    bundle.write_bytes(content.replace((size + 4).to_bytes(4, "little"), size.to_bytes(4, "little")))
    with pytest.raises(MachineError):
        take(bundle, tmp_path / "models", pinned)


def test_links_to_files_in_a_folder_are_followed(pinned: ModelEntry, tmp_path: Path) -> None:
    """The cache of the hub keeps the files of a model as links."""
    blobs = write_folder(tmp_path / "blobs", {str(n): content for n, content in enumerate(FILES.values())})
    for number, name in enumerate(FILES):
        place = tmp_path / "snapshot" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.symlink_to(blobs / str(number))
        except OSError:
            pytest.skip("links may not be made here")
    take(tmp_path / "snapshot", tmp_path / "models", pinned)
    assert not (tmp_path / "models" / "tiny" / WEIGHTS).is_symlink()
    assert_whole(tmp_path / "models", pinned)


def test_two_models_with_the_same_names_are_told_apart(listed: ModelEntry, tmp_path: Path) -> None:
    twin = replace(listed, name="twin", source="hf:someone/twin")
    bundle = write_folder(tmp_path / "bundle", FILES)
    with pytest.raises(MachineError, match=r"may be any of these models: tiny, twin") as raised:
        take(bundle, tmp_path / "models", listed, twin)
    assert "--name" in raised.value.advice
    assert take(bundle, tmp_path / "models", listed, twin, name="twin") == "twin"
    shutil.move(bundle, tmp_path / "tiny")
    assert take(tmp_path / "tiny", tmp_path / "models", listed, twin) == "tiny"


def test_a_single_file_is_a_model_too(pinned: ModelEntry, tmp_path: Path) -> None:
    weights = next(file for file in pinned.files if file.name == WEIGHTS)
    entry = replace(pinned, files=(weights,))
    write_folder(tmp_path / "bundle", FILES)
    assert take(tmp_path / "bundle" / WEIGHTS, tmp_path / "models", entry) == "tiny"


def test_a_folder_without_a_model_is_told(pinned: ModelEntry, tmp_path: Path) -> None:
    bundle = write_folder(tmp_path / "bundle", {"holiday.jpg": b"beach"})
    with pytest.raises(MachineError, match="no model that Heimdex knows"):
        take(bundle, tmp_path / "models", pinned)


def test_a_model_that_lacks_a_file_says_which(pinned: ModelEntry, tmp_path: Path) -> None:
    files = {f"deep/{name}": content for name, content in FILES.items() if name != WEIGHTS}
    bundle = write_folder(tmp_path / "bundle", files)
    with pytest.raises(MachineError, match=rf"is not tiny: “{WEIGHTS}” is missing"):
        take(bundle, tmp_path / "models", pinned, name="tiny")
    (bundle / "deep" / WEIGHTS).write_bytes(b"short")
    with pytest.raises(MachineError, match="5 bytes instead of 600000"):
        take(bundle, tmp_path / "models", pinned, name="tiny")


def test_a_name_that_is_no_model_is_told(pinned: ModelEntry, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="“large”"):
        take(write_folder(tmp_path / "bundle", FILES), tmp_path / "models", pinned, name="large")


def test_a_path_that_is_not_there_is_told(pinned: ModelEntry, tmp_path: Path) -> None:
    with pytest.raises(FileGone, match="nowhere"):
        take(tmp_path / "nowhere", tmp_path / "models", pinned)


def test_a_drive_without_room_is_told_and_nothing_stays(
    pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise DiskFull("There is not enough room.")

    monkeypatch.setattr(tested, "ensure_room", no_room)
    with pytest.raises(DiskFull):
        take(write_folder(tmp_path / "bundle", FILES), tmp_path / "models", pinned)
    assert [path for path in (tmp_path / "models").iterdir() if path.is_dir()] == []


def test_the_real_detector_is_recognised(real_models: Path, tmp_path: Path) -> None:
    from heimdex_desktop.inference.model_list import known_models

    steps = import_model(real_models / "face", tmp_path, known_models())
    assert all(step.file == "face_detection_yunet_2023mar.onnx" for step in steps)
    entry = known_models().models["yunet"]
    assert standing(entry, tmp_path, licensed=False).state is ModelState.READY

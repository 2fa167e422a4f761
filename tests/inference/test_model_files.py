"""How models stand on disk: ready, missing, damaged; and what checking and removing do."""

import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import MachineError, ModelMissing
from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.inference.model_disk import only_one_program
from heimdex_desktop.inference.model_files import Fault, remove, standing, verify
from heimdex_desktop.inference.model_list import ModelEntry
from heimdex_desktop.inference.model_manifest import Proof, read_manifest
from tests.inference.conftest import FILES, get
from tests.inference.hub_server import Hub

WEIGHTS = "model.safetensors"


def checked(entry: ModelEntry, folder: Path) -> tuple[list[float], tuple[Fault, ...]]:
    """Check a model to the end; return the shares on the way and the faults."""
    return drained(verify(entry, folder))


def drained(steps: Generator[float, None, tuple[Fault, ...]]) -> tuple[list[float], tuple[Fault, ...]]:
    shares: list[float] = []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            return shares, end.value


def by_hand(folder: Path) -> Path:
    """Put the files of the model into its folder as a person would."""
    for name, content in FILES.items():
        (folder / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tiny" / name).write_bytes(content)
    return folder / "tiny"


def test_a_whole_model_passes_the_full_check(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    get(listed, tmp_path)
    shares, faults = checked(listed, tmp_path)
    assert faults == ()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_one_flipped_byte_is_found_by_name_and_remembered(
    hub: Hub, listed: ModelEntry, tmp_path: Path
) -> None:
    get(listed, tmp_path)
    file = tmp_path / "tiny" / WEIGHTS
    content = bytearray(FILES[WEIGHTS])
    content[300_000] ^= 1
    file.write_bytes(content)
    assert standing(listed, tmp_path, licensed=False).state is ModelState.READY, "sizes are what they were"
    _, faults = checked(listed, tmp_path)
    assert [fault.file for fault in faults] == [WEIGHTS]
    now = standing(listed, tmp_path, licensed=False)
    assert now.state is ModelState.BROKEN
    assert WEIGHTS in str(now.faults[0])
    assert now.folder is None
    file.write_bytes(FILES[WEIGHTS])
    assert checked(listed, tmp_path)[1] == ()
    assert standing(listed, tmp_path, licensed=False).state is ModelState.READY


@pytest.mark.parametrize(("content", "why"), [(None, "is missing"), (b"abc", "3 bytes instead of 600000")])
def test_missing_and_short_files_are_seen_at_once(
    content: bytes | None, why: str, hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    get(pinned, tmp_path)
    (tmp_path / "tiny" / WEIGHTS).unlink()
    if content is not None:
        (tmp_path / "tiny" / WEIGHTS).write_bytes(content)
    now = standing(pinned, tmp_path, licensed=False)
    assert now.state is ModelState.BROKEN
    assert why in str(now.faults[0])
    assert checked(pinned, tmp_path)[1] == now.faults


def test_files_put_there_by_hand_count_and_a_check_writes_them_down(
    listed: ModelEntry, pinned: ModelEntry, tmp_path: Path
) -> None:
    folder = by_hand(tmp_path)
    for entry, proof in ((pinned, Proof.SHIPPED), (listed, Proof.IMPORTED)):
        assert standing(entry, tmp_path, licensed=False).state is ModelState.READY
        assert read_manifest(folder) is None
        assert checked(entry, tmp_path)[1] == ()
        manifest = read_manifest(folder)
        assert manifest is not None
        assert {record.proof for record in manifest.files} == {proof}
        assert all(record.sha256 for record in manifest.files)
        (folder / "heimdex-model.json").unlink()


def test_a_wrong_file_put_there_by_hand_is_found(pinned: ModelEntry, tmp_path: Path) -> None:
    (by_hand(tmp_path) / "config.json").write_bytes(b"?" * len(FILES["config.json"]))
    assert [fault.file for fault in checked(pinned, tmp_path)[1]] == ["config.json"]


def test_our_fingerprint_stands_above_the_manifest(
    hub: Hub, listed: ModelEntry, pinned: ModelEntry, tmp_path: Path
) -> None:
    """A list that learned the fingerprints of the revision that is here finds what a listing had wrong."""
    get(listed, tmp_path)
    files = tuple(replace(file, sha256="f" * 64) if file.name == WEIGHTS else file for file in pinned.files)
    stricter = replace(pinned, revision=listed.revision, files=files)
    assert [fault.file for fault in checked(stricter, tmp_path)[1]] == [WEIGHTS]


def test_a_newer_list_does_not_break_an_older_revision(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    files = tuple(replace(file, size_bytes=1, sha256="f" * 64) for file in pinned.files)
    newer = replace(pinned, revision="b" * 40, files=files)
    assert standing(newer, tmp_path, licensed=False).state is ModelState.READY
    assert checked(newer, tmp_path)[1] == ()


def test_a_check_may_be_closed_at_any_yield(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    steps = verify(pinned, tmp_path)
    next(steps)
    steps.close()
    with only_one_program(tmp_path, "tiny"):
        assert standing(pinned, tmp_path, licensed=False).state is ModelState.READY


def test_a_model_that_is_not_here_cannot_be_checked(pinned: ModelEntry, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="tiny") as raised:
        checked(pinned, tmp_path)
    assert "heimdex models download tiny" in raised.value.advice


def test_removing_frees_what_it_says(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "tiny.partial").mkdir()
    (tmp_path / "tiny.partial" / "x.part").write_bytes(b"12345")
    manifest_bytes = (tmp_path / "tiny" / "heimdex-model.json").stat().st_size
    assert remove(pinned, tmp_path) == sum(map(len, FILES.values())) + manifest_bytes + 5
    assert standing(pinned, tmp_path, licensed=False).state is ModelState.MISSING
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"other"}
    assert remove(pinned, tmp_path) == 0


def test_removing_where_there_are_no_models_makes_nothing(pinned: ModelEntry, tmp_path: Path) -> None:
    assert remove(pinned, tmp_path / "models") == 0
    assert not (tmp_path / "models").exists()


def test_a_model_at_work_is_not_removed(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    with only_one_program(tmp_path, "tiny"), pytest.raises(MachineError, match="at work"):
        remove(pinned, tmp_path)
    assert standing(pinned, tmp_path, licensed=False).state is ModelState.READY


def test_a_model_inside_a_package_stands_as_its_package_does(listed: ModelEntry, tmp_path: Path) -> None:
    inside = replace(listed, source="", revision="", files=(), package="rapidocr")
    absent = replace(inside, package="a_package_that_is_not_there")
    assert standing(inside, tmp_path, licensed=False).state is ModelState.READY
    assert standing(absent, tmp_path, licensed=False).state is ModelState.MISSING
    assert checked(inside, tmp_path) == ([], ())
    with pytest.raises(MachineError, match="inside the package"):
        remove(inside, tmp_path)


def test_a_model_that_not_everybody_may_use_says_so_even_when_it_is_here(
    pinned: ModelEntry, tmp_path: Path
) -> None:
    by_hand(tmp_path)
    entry = replace(pinned, free_use=False)
    assert standing(entry, tmp_path, licensed=False).state is ModelState.NOT_LICENSED
    assert standing(entry, tmp_path, licensed=True).state is ModelState.READY


def test_an_empty_folder_in_place_of_a_model_is_broken(pinned: ModelEntry, tmp_path: Path) -> None:
    shutil.rmtree(by_hand(tmp_path))
    (tmp_path / "tiny").mkdir()
    now = standing(pinned, tmp_path, licensed=False)
    assert (now.state, len(now.faults)) == (ModelState.BROKEN, len(FILES))

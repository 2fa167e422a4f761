"""Downloads against a hub on this computer: whole or resumable, checked, and never a half model."""

import errno
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from heimdex_desktop.domain.errors import DiskFull, MachineError, NoAccess
from heimdex_desktop.domain.models import ModelState
from heimdex_desktop.domain.sizes import as_size
from heimdex_desktop.inference import model_download
from heimdex_desktop.inference.model_disk import only_one_program
from heimdex_desktop.inference.model_download import DownloadProgress, download
from heimdex_desktop.inference.model_files import standing, verify
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile
from heimdex_desktop.inference.model_manifest import MANIFEST, Proof, read_manifest
from tests.inference.conftest import FILES, REPOSITORY, assert_whole, get
from tests.inference.hub_server import COMMIT, Hub

WEIGHTS = "model.safetensors"
ALL_BYTES = sum(map(len, FILES.values()))


def state(entry: ModelEntry, folder: Path) -> ModelState:
    return standing(entry, folder, licensed=False).state


def is_in_the_weights(step: DownloadProgress) -> bool:
    """Tell whether some but not all bytes of the weights have come."""
    return ALL_BYTES - len(FILES[WEIGHTS]) < step.done_bytes < ALL_BYTES


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def test_a_download_is_whole_and_tells_how_far_it_is(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    assert state(pinned, tmp_path) is ModelState.MISSING
    steps = get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert state(pinned, tmp_path) is ModelState.READY
    assert {step.total_bytes for step in steps} == {ALL_BYTES}
    assert all(later.done_bytes >= step.done_bytes for step, later in itertools.pairwise(steps))
    assert steps[-1].fraction == 1.0
    assert {step.file for step in steps if step.is_checking} == set(FILES)


def test_a_model_with_all_fingerprints_needs_no_listing(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    hub.lists = False
    get(pinned, tmp_path)
    manifest = read_manifest(tmp_path / pinned.name)
    assert manifest is not None
    assert {record.proof for record in manifest.files} == {Proof.SHIPPED}
    assert all(path.startswith(f"/{REPOSITORY}/resolve/{pinned.revision}/") for path, _ in hub.asked)


def test_what_the_source_lists_is_written_down_and_its_commit_fixed(
    hub: Hub, listed: ModelEntry, tmp_path: Path
) -> None:
    get(listed, tmp_path)
    assert_whole(tmp_path, listed)
    manifest = read_manifest(tmp_path / listed.name)
    assert manifest is not None
    assert manifest.revision == COMMIT
    assert {record.proof for record in manifest.files} == {Proof.LISTED}
    for record in manifest.files:
        assert record.sha256 == hashlib.sha256(FILES[record.name]).hexdigest()
    assert all(COMMIT in path for path, _ in hub.asked if "/resolve/" in path)


def test_a_model_that_is_ready_is_left_alone(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    get(pinned, tmp_path)
    hub.asked.clear()
    assert get(pinned, tmp_path) == []
    assert hub.asked == []


def test_a_download_killed_half_way_resumes(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    hub.breaks_after, hub.hangs = 300_000, True
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            _IN_A_CHILD.format(files=list(FILES), repository=REPOSITORY, folder=str(tmp_path)),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    part = tmp_path / "tiny.partial" / f"{WEIGHTS}.part"
    wait_for(lambda: part.is_file() and part.stat().st_size > 0, child)
    child.kill()
    child.wait()
    hub.release.set()
    came = part.stat().st_size
    assert 0 < came <= 300_000
    assert state(listed, tmp_path) is ModelState.DOWNLOADING
    hub.breaks_after, hub.hangs = 0, False
    steps = get(listed, tmp_path)
    assert_whole(tmp_path, listed)
    assert hub.starts(WEIGHTS) == [0, came]
    assert hub.starts("resolve/" + COMMIT + "/config.json") == [0], "what is whole is not got again"
    assert steps[-1].fraction == 1.0


_IN_A_CHILD = """
from pathlib import Path
from heimdex_desktop.domain.models import Engine, Role
from heimdex_desktop.inference.model_download import download
from heimdex_desktop.inference.model_list import ModelEntry, ModelFile
files = tuple(ModelFile(name) for name in {files!r})
kind = (Role.TEXT, Engine.SENTENCE_TRANSFORMERS)
entry = ModelEntry("tiny", *kind, "MIT", "hf:{repository}", "main", files=files)
for _ in download(entry, Path({folder!r}), licensed=False):
    pass
"""


def wait_for(happened: Any, child: subprocess.Popen[Any]) -> None:
    """Wait until something has happened, for as long as the child lives."""
    while not happened():
        assert child.poll() is None, "the child ended before"
        threading.Event().wait(0.01)


def test_a_closed_download_goes_on_where_it_was(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    steps = download(pinned, tmp_path, licensed=False)
    for step in steps:
        if is_in_the_weights(step):
            break
    else:
        pytest.fail("the weights came in one piece")
    steps.close()
    assert state(pinned, tmp_path) is ModelState.DOWNLOADING
    came = (tmp_path / "tiny.partial" / f"{WEIGHTS}.part").stat().st_size
    assert came > 0
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert hub.starts(WEIGHTS) == [0, came]


def test_a_download_may_be_closed_at_every_yield(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    length = len(get(pinned, tmp_path / "whole"))
    for count in range(1, length):
        folder = tmp_path / str(count)
        steps = download(pinned, folder, licensed=False)
        for _ in itertools.islice(steps, count):
            pass
        steps.close()
        assert state(pinned, folder) is not ModelState.BROKEN
        get(pinned, folder)
        assert_whole(folder, pinned)


def test_a_connection_that_breaks_is_taken_up_again_while_that_helps(
    hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    hub.breaks_after = 250_000
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert hub.starts(WEIGHTS) == [0, 250_000, 500_000]


@pytest.mark.parametrize("entry", ["pinned", "listed"])
def test_one_flipped_byte_is_refused_by_name(
    entry: str, hub: Hub, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    model: ModelEntry = request.getfixturevalue(entry)
    hub.sent_instead[WEIGHTS] = flipped(FILES[WEIGHTS])
    with pytest.raises(MachineError, match=WEIGHTS) as raised:
        get(model, tmp_path)
    assert raised.value.advice
    assert state(model, tmp_path) is ModelState.DOWNLOADING
    hub.sent_instead.clear()
    get(model, tmp_path)
    assert_whole(tmp_path, model)


def test_a_flipped_byte_in_a_small_file_is_refused_too(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    hub.sent_instead["config.json"] = flipped(FILES["config.json"])
    with pytest.raises(MachineError, match=r"config\.json"):
        get(listed, tmp_path)


def test_what_came_before_is_checked_too(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    partial = tmp_path / "tiny.partial"
    partial.mkdir()
    (partial / f"{WEIGHTS}.part").write_bytes(flipped(FILES[WEIGHTS][:1]) + FILES[WEIGHTS][1:1000])
    (partial / "config.json").write_bytes(flipped(FILES["config.json"]))
    (partial / "stranger.bin").write_bytes(b"of an older revision")
    with pytest.raises(MachineError, match=WEIGHTS):
        get(pinned, tmp_path)
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert not (tmp_path / "tiny" / "stranger.bin").exists()


@pytest.mark.parametrize("length", [599_999, 0])
def test_a_truncated_file_is_told(length: int, hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    hub.sent_instead[WEIGHTS] = FILES[WEIGHTS][:length]
    with pytest.raises(MachineError, match=WEIGHTS):
        get(pinned, tmp_path)
    hub.sent_instead.clear()
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)


def test_a_longer_file_is_refused_before_it_is_read(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    hub.sent_instead[WEIGHTS] = FILES[WEIGHTS] + b"x"
    with pytest.raises(MachineError, match="600001 bytes instead of 600000"):
        get(pinned, tmp_path)


@pytest.mark.parametrize("breaks_after", [0, 300_000])
def test_a_server_that_knows_no_ranges_begins_anew(
    breaks_after: int, hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    partial = tmp_path / "tiny.partial"
    partial.mkdir()
    (partial / f"{WEIGHTS}.part").write_bytes(FILES[WEIGHTS][:200_000])
    hub.knows_ranges, hub.breaks_after = False, breaks_after
    if breaks_after:
        with pytest.raises(MachineError, match="ended after 300000 of 600000"):
            get(pinned, tmp_path)
        hub.breaks_after = 0
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)


def test_a_file_that_is_not_there_is_named(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    del hub.files[REPOSITORY][WEIGHTS]
    with pytest.raises(MachineError, match=rf"{WEIGHTS} is not there") as raised:
        get(pinned, tmp_path)
    assert "heimdex models import" in raised.value.advice


def test_a_file_that_is_not_listed_is_named(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    del hub.files[REPOSITORY][WEIGHTS]
    with pytest.raises(MachineError, match=rf"“{WEIGHTS}” is not among the files"):
        get(listed, tmp_path)


def test_a_source_that_lists_another_fingerprint_than_ours_is_refused(
    hub: Hub, listed: ModelEntry, tmp_path: Path
) -> None:
    files = tuple(replace(file, sha256="f" * 64) if file.name == WEIGHTS else file for file in listed.files)
    with pytest.raises(MachineError, match=f"another “{WEIGHTS}”"):
        get(replace(listed, files=files), tmp_path)
    assert not any("/resolve/" in path for path, _ in hub.asked)


def test_a_source_that_is_gone_is_a_sentence(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    hub.breaks_after = 300_000
    steps = download(pinned, tmp_path, licensed=False)
    for step in steps:
        if is_in_the_weights(step):
            break
    hub.files.clear()
    with pytest.raises(MachineError):
        list(steps)
    assert state(pinned, tmp_path) is ModelState.DOWNLOADING


def test_no_source_at_all_is_a_sentence(
    pinned: ModelEntry, listed: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    # Nobody listens at port 9 of this computer.
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for entry in (pinned, listed):
        with pytest.raises(MachineError, match=r"connection to 127\.0\.0\.1:9 failed"):
            get(entry, tmp_path)
        assert state(entry, tmp_path) is ModelState.MISSING


def test_redirects_are_followed_and_keep_the_range(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    hub.redirects, hub.breaks_after = True, 400_000
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    cdn = [start for path, start in hub.asked if path.startswith("/cdn") and path.endswith(WEIGHTS)]
    assert cdn == [0, 400_000]


def test_a_redirect_does_not_lead_to_a_file_of_this_computer(
    hub: Hub, pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(FILES["config.json"])
    monkeypatch.setenv("HF_ENDPOINT", tmp_path.as_uri())
    with pytest.raises(MachineError, match="no address of the web"):
        get(pinned, tmp_path / "models")


def test_proxies_are_used(
    hub: Hub, pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.invalid")
    monkeypatch.setenv("HTTP_PROXY", hub.url)
    monkeypatch.setenv("http_proxy", hub.url)
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_mode_is_honoured_with_a_sentence(
    variable: str, hub: Hub, listed: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(MachineError, match=variable) as raised:
        get(listed, tmp_path)
    assert "heimdex models import" in raised.value.advice
    assert hub.asked == []


def test_a_drive_without_room_is_told_before_anything_is_asked_for(
    hub: Hub, pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly_full(_: object) -> SimpleNamespace:
        return SimpleNamespace(total=10**9, used=10**9 - 50_000, free=50_000)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(DiskFull, match="not enough room for tiny") as raised:
        get(pinned, tmp_path)
    assert "50 kB are free" in raised.value.sentence
    assert hub.asked == []


def test_a_drive_that_fills_up_on_the_way_keeps_what_came(
    hub: Hub, pinned: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(file: BinaryIO) -> None:
        file.flush()
        if file.tell() > 1000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    hub.breaks_after = 100_000
    with monkeypatch.context() as patch:
        patch.setattr(model_download, "_settle", no_room)
        with pytest.raises(DiskFull, match="no room left") as raised:
            get(pinned, tmp_path)
    assert "goes on where it stopped" in raised.value.advice
    hub.breaks_after = 0
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert hub.starts(WEIGHTS) == [0, 100_000]


def test_a_folder_that_cannot_be_made_is_a_sentence(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(NoAccess, match="models"):
        get(pinned, tmp_path / "models")


def test_two_programs_do_not_download_the_same_model(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    with only_one_program(tmp_path, pinned.name), pytest.raises(MachineError, match="at work on the files"):
        get(pinned, tmp_path)
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)


def test_a_closed_download_lets_go_of_its_model(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    steps = download(pinned, tmp_path, licensed=False)
    next(steps)
    steps.close()
    with only_one_program(tmp_path, pinned.name):
        pass


def test_a_damaged_model_is_mended_and_its_good_files_kept(
    hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    get(pinned, tmp_path)
    (tmp_path / "tiny" / "config.json").write_bytes(flipped(FILES["config.json"]))
    assert [fault.file for fault in drained(verify(pinned, tmp_path))] == ["config.json"]
    assert state(pinned, tmp_path) is ModelState.BROKEN
    hub.asked.clear()
    get(pinned, tmp_path)
    assert_whole(tmp_path, pinned)
    assert state(pinned, tmp_path) is ModelState.READY
    assert [path.rpartition("/")[2] for path, _ in hub.asked] == ["config.json"]


def drained(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_commits_do_not_mix_when_the_source_moves_on(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    steps = download(listed, tmp_path, licensed=False)
    for step in steps:
        if is_in_the_weights(step):
            break
    steps.close()
    hub.lists = False
    get(listed, tmp_path)
    assert_whole(tmp_path, listed)


def test_a_manifest_that_is_no_manifest_is_made_anew(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "tiny.partial").mkdir()
    for content in (
        "{",
        "[]",
        json.dumps({"format": 99}),
        json.dumps({"format": 1, "files": [{"name": "../x"}]}),
    ):
        (tmp_path / "tiny.partial" / MANIFEST).write_text(content)
        assert read_manifest(tmp_path / "tiny.partial") is None
    get(listed, tmp_path)
    assert_whole(tmp_path, listed)


def test_a_model_that_not_everybody_may_use_waits_for_a_yes(
    hub: Hub, pinned: ModelEntry, tmp_path: Path
) -> None:
    entry = replace(pinned, licence="for research only", free_use=False)
    with pytest.raises(MachineError, match="for research only"):
        get(entry, tmp_path)
    assert state(entry, tmp_path) is ModelState.NOT_LICENSED
    list(download(entry, tmp_path, licensed=True))
    assert standing(entry, tmp_path, licensed=True).state is ModelState.READY


def test_a_model_inside_a_package_is_not_downloaded(listed: ModelEntry, tmp_path: Path) -> None:
    entry = replace(listed, source="", revision="", files=(), package="rapidocr")
    with pytest.raises(MachineError, match="nothing to download"):
        get(entry, tmp_path)


def test_a_source_beside_the_hub_is_a_plain_address(hub: Hub, pinned: ModelEntry, tmp_path: Path) -> None:
    source = f"{hub.url}/{REPOSITORY}/resolve/v1"
    get(replace(pinned, source=source), tmp_path)
    assert_whole(tmp_path, pinned)


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (486_212_372, "486 MB"), (1_621_665_983, "1.6 GB")],
)
def test_sizes_are_written_as_people_do(count: int, text: str) -> None:
    assert as_size(count) == text


def test_a_file_of_no_bytes_is_a_file(hub: Hub, listed: ModelEntry, tmp_path: Path) -> None:
    hub.files[REPOSITORY]["empty.txt"] = b""
    entry = replace(listed, files=(*listed.files, ModelFile("empty.txt")))
    get(entry, tmp_path)
    assert (tmp_path / "tiny" / "empty.txt").read_bytes() == b""

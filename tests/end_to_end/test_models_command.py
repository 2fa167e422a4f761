"""`heimdex models`: listing, downloading from a hub on this computer, importing, checking, removing."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from heimdex_desktop.inference.model_list import known_models
from tests.end_to_end.conftest import Run, command, heimdex
from tests.inference.hub_server import Hub, running_hub

NAME = "siglip2-base-256"
ENTRY = known_models().models[NAME]
WEIGHTS = "open_clip_model.safetensors"
FILES = {file.name: f"this is {file.name}".encode() for file in ENTRY.files} | {
    WEIGHTS: bytes(range(256)) * 3000
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with running_hub() as hub:
        hub.files[ENTRY.repository] = dict(FILES)
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


def models(*words: str | Path, library: Path, environment: Mapping[str, str] | None = None) -> Run:
    return heimdex("models", *words, library=library, environment=environment)


def facts_of(name: str, library: Path, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    listed = models("--json", library=library, environment=environment).json["models"]
    return next(each for each in listed if each["name"] == name)


def test_the_list_needs_no_library_and_makes_none(tmp_path: Path) -> None:
    library = tmp_path / "library"
    run = models(library=library)
    assert run.code == 0
    for name in known_models().models:
        assert name in run.out
    assert "MIT" in run.out
    assert "missing" in run.out
    assert not library.exists()
    assert models("list", library=library).out == run.out


@pytest.mark.parametrize("words", [["--json"], ["list", "--json"], ["--json", "list"]], ids=" ".join)
def test_the_list_as_json_is_one_object(words: list[str], tmp_path: Path) -> None:
    listed = models(*words, library=tmp_path).json
    assert set(listed) == {"folder", "preset", "models"}
    assert listed["folder"] == str(tmp_path / "models")
    assert [each["name"] for each in listed["models"]] == list(known_models().models)
    small = next(each for each in listed["models"] if each["name"] == "whisper-small")
    assert small["state"] == "missing"
    assert small["licence"] == "MIT"
    assert small["role"] == "speech"
    assert small["presets"] == ["compact"]
    assert small["size_bytes"] == 486_212_372
    assert small["checked_against"] == {"shipped": 4}


def test_the_list_shows_what_is_chosen(tmp_path: Path) -> None:
    assert not facts_of("whisper-small", tmp_path)["chosen"]
    compact = {"HEIMDEX_PRESET": "compact"}
    assert facts_of("whisper-small", tmp_path, compact)["chosen"]
    assert facts_of("multilingual-e5-small", tmp_path, compact)["chosen"]
    other = compact | {"HEIMDEX_TEXT_MODEL": "bge-m3"}
    assert facts_of("bge-m3", tmp_path, other)["chosen"]
    assert not facts_of("multilingual-e5-small", tmp_path, other)["chosen"]


def test_a_download_names_size_and_licence_and_makes_the_model_ready(hub: Hub, tmp_path: Path) -> None:
    run = models("download", NAME, library=tmp_path)
    assert run.code == 0, run.err
    assert "about 1.5 GB" in run.err
    assert "Apache-2.0" in run.err
    assert ENTRY.page in run.err
    assert "checked against the source's listing" in run.out
    facts = facts_of(NAME, tmp_path)
    assert (facts["state"], facts["checked_against"]) == ("ready", {"listed": len(FILES)})
    assert (tmp_path / "models" / NAME / WEIGHTS).read_bytes() == FILES[WEIGHTS]
    hub.asked.clear()
    again = models("download", NAME, "--json", library=tmp_path)
    assert (again.code, again.json["state"], hub.asked) == (0, "ready", [])


def test_nothing_else_asks_a_network(hub: Hub, tmp_path: Path) -> None:
    for words in ([], ["list"], ["verify"], ["remove", NAME], ["verify", NAME]):
        models(*words, library=tmp_path, environment={"HEIMDEX_PRESET": "full"})
    heimdex("status", library=tmp_path, environment={"HEIMDEX_PRESET": "full"})
    assert hub.asked == []


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.skipif(os.name == "nt", reason="sent by the console")),
        pytest.param(getattr(signal, "SIGKILL", signal.SIGTERM)),
    ],
)
def test_a_stopped_download_goes_on_with_the_second_run(
    how: signal.Signals, hub: Hub, tmp_path: Path, ctrl_c_is_heard: None
) -> None:
    hub.breaks_after, hub.hangs = 300_000, True
    child = subprocess.Popen(
        command("models", "download", NAME, "--library", tmp_path),
        env={**os.environ, "PYTHONUTF8": "1"},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    part = tmp_path / "models" / f"{NAME}.partial" / f"{WEIGHTS}.part"
    while not (part.is_file() and part.stat().st_size):
        assert child.poll() is None, "the child ended before"
        threading.Event().wait(0.01)
    child.send_signal(how)
    _, told = child.communicate()
    assert "Traceback" not in told
    if how is signal.SIGINT:
        assert child.returncode == 130
        assert "Run the same command again" in told
    came = part.stat().st_size
    assert facts_of(NAME, tmp_path)["state"] == "downloading"
    hub.release.set()
    hub.breaks_after, hub.hangs = 0, False
    assert models("download", NAME, library=tmp_path).code == 0
    assert hub.starts(WEIGHTS) == [0, came]
    assert (tmp_path / "models" / NAME / WEIGHTS).read_bytes() == FILES[WEIGHTS]


def test_a_flipped_byte_is_refused_by_name_and_nothing_is_ready(hub: Hub, tmp_path: Path) -> None:
    hub.sent_instead[WEIGHTS] = b"\xff" + FILES[WEIGHTS][1:]
    run = models("download", NAME, library=tmp_path)
    assert run.code == 1
    assert WEIGHTS in run.err
    assert "Traceback" not in run.err
    assert facts_of(NAME, tmp_path)["state"] == "downloading"


def test_offline_and_without_a_hub_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = models("download", NAME, library=tmp_path, environment={"HF_HUB_OFFLINE": "1"})
    assert run.code == 1
    assert "HF_HUB_OFFLINE" in run.err
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    run = models("download", NAME, library=tmp_path, environment={"HF_ENDPOINT": "http://127.0.0.1:9"})
    assert run.code == 1
    assert "heimdex models import" in run.err
    assert facts_of(NAME, tmp_path)["state"] == "missing"


def test_import_verify_and_remove(tmp_path: Path) -> None:
    bundle = tmp_path / NAME
    bundle.mkdir()
    for name, content in FILES.items():
        (bundle / name).write_bytes(content)
    library = tmp_path / "library"
    taken = models("import", bundle, "--json", library=library)
    assert taken.code == 0, taken.err
    assert (taken.json["name"], taken.json["state"]) == (NAME, "ready")
    assert taken.json["checked_against"] == {"imported": len(FILES)}
    assert models("verify", "--json", library=library).json == {
        "models": [{"name": NAME, "whole": True, "faults": []}]
    }
    weights = library / "models" / NAME / WEIGHTS
    weights.write_bytes(b"\xff" + FILES[WEIGHTS][1:])
    found = models("verify", NAME, library=library)
    assert found.code == 1
    assert f"“{WEIGHTS}”" in found.out
    assert f"heimdex models download {NAME}" in found.err
    assert facts_of(NAME, library)["state"] == "broken"
    assert f"{NAME}: “{WEIGHTS}”" in models(library=library).err
    removed = models("remove", NAME, "--json", library=library)
    assert removed.code == 0
    assert removed.json["freed_bytes"] > len(FILES[WEIGHTS])
    assert facts_of(NAME, library)["state"] == "missing"
    assert models("remove", NAME, library=library).code == 0


def test_an_import_that_may_be_several_models_wants_a_name(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name, content in FILES.items():
        (bundle / name).write_bytes(content)
    run = models("import", bundle, library=tmp_path)
    assert run.code == 1
    assert "--name" in run.err
    assert models("import", bundle, "--name", NAME, library=tmp_path).code == 0


def test_the_real_detector_goes_all_the_way(real_models: Path, hub: Hub, tmp_path: Path) -> None:
    """With the fingerprint that comes with Heimdex: from the hub, checked, removed, and imported again."""
    entry = known_models().models["yunet"]
    file = entry.files[0].name
    content = (real_models / "face" / file).read_bytes()
    hub.files[entry.repository] = {file: content}
    run = models("download", "yunet", library=tmp_path)
    assert run.code == 0, run.err
    assert "checked against a fingerprint that comes with Heimdex" in run.out
    assert models("verify", "yunet", library=tmp_path).code == 0
    assert models("remove", "yunet", library=tmp_path).code == 0
    hub.sent_instead[file] = content[:-1] + bytes([content[-1] ^ 1])
    refused = models("download", "yunet", library=tmp_path)
    assert refused.code == 1
    assert file in refused.err
    assert models("import", real_models / "face", library=tmp_path).code == 0
    assert facts_of("yunet", tmp_path)["state"] == "ready"


@pytest.mark.parametrize(
    "words",
    [["download", "whisper-huge"], ["remove", "x"], ["verify", "x"], ["download"], ["fetch"], ["import"]],
    ids=" ".join,
)
def test_wrong_use_ends_with_two(words: list[str], tmp_path: Path) -> None:
    run = models(*words, library=tmp_path)
    assert run.code == 2
    assert run.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["download", "minilm"], "inside a package"),
        (["remove", "rapidocr"], "inside the package"),
        (["verify", "whisper-small"], "not on this computer"),
        (["import", "/no/such/folder"], "not there"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_what_cannot_be_done_is_told(words: list[str], told: str, tmp_path: Path) -> None:
    run = models(*words, library=tmp_path)
    assert run.code == 1
    assert told in run.err
    assert "Traceback" not in run.err


def test_every_model_inside_a_package_can_be_verified(tmp_path: Path) -> None:
    assert models("verify", "mtcnn", library=tmp_path).code == 0
    assert "No model is here" in models("verify", library=tmp_path).out

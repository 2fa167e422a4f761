"""`heimdex people`: real faces are enrolled from photos, found in a film, exported, undone and forgotten."""

import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from heimdex_desktop.inference.face_manifest import MANIFEST_FILE
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.working import WorkLock
from tests.end_to_end.conftest import Run, heimdex
from tests.inference.face_samples import RETAIL_MANIFEST

BUSH, BLAIR = "George_W_Bush", "Tony_Blair"


def photo(media: Path, name: str, number: int) -> Path:
    return media / "faces" / name / f"{name}_{number:04}.jpg"


def write_film(path: Path, *pictures: Path) -> Path:
    """Write a film that shows each picture for three seconds, the face moving a little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 480, 480, "yuv420p"
        for file in pictures:
            content = cv2.imread(str(file))
            assert content is not None
            picture = np.asarray(cv2.resize(content, (500, 500)), np.uint8)
            for number in range(30):
                shift = number % 10
                cut = np.ascontiguousarray(picture[shift : shift + 480, shift : shift + 480])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(cut, format="bgr24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def chosen(real_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The settings of a person who agreed to faces, with small real models."""
    finds, tells = tmp_path_factory.mktemp("finds"), tmp_path_factory.mktemp("tells")
    shutil.copy(real_models / "face" / "face_detection_yunet_2023mar.onnx", finds)
    shutil.copy(real_models / "face" / "face_reidentification_retail_0095.onnx", tells)
    (tells / MANIFEST_FILE).write_text(RETAIL_MANIFEST, "utf-8")
    return {
        "HEIMDEX_FACES": "1",
        "HEIMDEX_FACE_DETECTOR": str(finds),
        "HEIMDEX_FACE_MODEL": str(tells),
        "HEIMDEX_TEXT_MODEL": "none",
    }


def people(*words: str | Path, library: Path, chosen: Mapping[str, str]) -> Run:
    return heimdex("people", *words, library=library, environment=chosen)


def test_real_people_are_named_and_forgotten(
    chosen: Mapping[str, str], real_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    film = write_film(
        tmp_path / "films" / "talk.mp4", photo(real_media, BUSH, 5), photo(real_media, BLAIR, 5)
    )
    assert heimdex("index", film, library=library, environment=chosen).code == 0

    shown = [photo(real_media, BUSH, number) for number in (1, 2, 3)]
    added = people("add", "George W.", *shown, "--json", library=library, chosen=chosen)
    assert added.code == 0, added.err
    assert (added.json["photos"], added.json["scenes"]) == (3, 1)
    sidecar = film.with_name("talk.mp4.heimdex.json")
    assert "George W." in sidecar.read_text("utf-8")

    listed = people(library=library, chosen=chosen)
    assert "George W." in listed.out
    photos = people("photos", "george w.", "--json", library=library, chosen=chosen).json["photos"]
    assert len(photos) == 3
    assert all(0 <= one["agreement"] <= 1 for one in photos)

    spoken = people("export", "George W.", film, "--as", "srt", library=library, chosen=chosen)
    assert spoken.out.startswith("1\n00:00:00,000 --> 00:00:0")
    assert spoken.out.endswith("\nGeorge W.\n")

    removed = people("remove", "George W.", library=library, chosen=chosen)
    assert "undo" in removed.out
    assert "George W." not in sidecar.read_text("utf-8")
    assert people("undo", library=library, chosen=chosen).code == 0
    assert "George W." in sidecar.read_text("utf-8")

    monkeypatch.setattr("sys.stdin", io.StringIO("somebody else\n"))
    assert people("forget", "George W.", library=library, chosen=chosen).code == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("George W.\n"))
    forgotten = people("forget", "George W.", library=library, chosen=chosen)
    assert forgotten.code == 0, forgotten.err
    assert "nothing is left" in forgotten.out
    left = [file for file in tmp_path.rglob("*") if file.is_file() and b"George W." in file.read_bytes()]
    assert left == []
    assert "Nobody is called" in people("photos", "George W.", library=library, chosen=chosen).err


def test_wrong_use_is_told_in_sentences(chosen: Mapping[str, str], tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert "heimdex index" in people(library=library, chosen=chosen).err
    assert not library.exists()
    Places(library).create()
    (tmp_path / "films").mkdir()
    film = tmp_path / "films" / "none.mp4"
    film.write_bytes(b"no film")
    heimdex("index", film, library=library, environment=chosen)
    assert "Nobody is known yet" in people(library=library, chosen=chosen).out
    assert people("list", "--json", library=library, chosen=chosen).json["people"] == []
    assert "nothing to take back" in people("undo", library=library, chosen=chosen).out
    assert people("add", "Dora", library=library, chosen=chosen).code == 0
    assert people("remove", "Dora", library=library, chosen=chosen).code == 0
    gone = people("forget", "dora", "--yes", library=library, chosen=chosen)
    assert "Dora is forgotten" in gone.out, "also who is off the list already"
    assert "Nobody is called" in people("forget", "dora", "--yes", library=library, chosen=chosen).err
    refused = people("add", "Ann", tmp_path / "gone.jpg", library=library, chosen=chosen)
    assert refused.code == 1
    assert "gone.jpg" in refused.err
    assert "A name is needed" in people("add", " ", library=library, chosen=chosen).err
    assert people("add", "Ann", library=library, chosen=chosen).code == 0
    nowhere = people("export", "Ann", tmp_path / "x.mp4", library=library, chosen=chosen)
    assert "not in the library" in nowhere.err
    lock = WorkLock(Places(library))
    try:
        busy = people("remove", "Ann", library=library, chosen=chosen)
    finally:
        lock.release()
    assert busy.code == 1
    assert "Another Heimdex window" in busy.err


def test_without_consent_it_is_said_so(chosen: Mapping[str, str], tmp_path: Path) -> None:
    library = tmp_path / "library"
    film = tmp_path / "none.mp4"
    film.write_bytes(b"no film")
    off = {**chosen, "HEIMDEX_FACES": "0"}
    heimdex("index", film, library=library, environment=off)
    assert "not looked for" in people(library=library, chosen=off).err
    assert "until you agree" in people("add", "Ann", film, library=library, chosen=off).err
    assert people("list", "--json", library=library, chosen=off).json["people"] == []

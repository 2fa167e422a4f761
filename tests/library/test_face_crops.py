"""Pictures of faces are kept privately, replaced as a whole, and go without a trace."""

import os
import stat
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import Box
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.face_crops import DraftErased, FaceCrops
from heimdex_desktop.library.places import Places

VIDEO, OTHER = (VideoId(str(uuid.uuid5(uuid.NAMESPACE_OID, name))) for name in ("video", "other"))
FACE = FaceRef(VIDEO, 1_500, Box(0.1, 0.2, 0.33333, 0.5))


@pytest.fixture
def crops(places: Places) -> FaceCrops:
    crops = FaceCrops(places)
    _write(crops, FACE, b"a face")
    return crops


def _write(crops: FaceCrops, face: FaceRef, jpeg: bytes) -> None:
    with crops.anew(face.video_id) as draft:
        draft.add(face, jpeg)


def test_a_picture_lies_where_its_face_says(crops: FaceCrops) -> None:
    assert crops.crop(FACE).read_bytes() == b"a face"
    assert crops.holds(VIDEO)
    assert not crops.holds(OTHER)


@pytest.mark.parametrize("is_more_to_come", [True, False])
def test_a_draft_that_is_erased_meanwhile_is_told_and_leaves_what_was_there(
    crops: FaceCrops, is_more_to_come: bool
) -> None:
    def write() -> None:
        with crops.anew(VIDEO) as draft:
            draft.add(FACE, b"another")
            (erased,) = crops.strays({VIDEO: None})
            crops.erase(erased)
            if is_more_to_come:
                draft.add(replace(FACE, at_ms=2_000), b"one more")

    with pytest.raises(DraftErased):
        write()
    assert crops.crop(FACE).read_bytes() == b"a face"


@pytest.mark.parametrize(
    "other",
    [
        replace(FACE, video_id=OTHER),
        replace(FACE, at_ms=1_501),
        replace(FACE, box=Box(0.1, 0.2, 0.33334, 0.5)),
        replace(FACE, box=Box(0.2, 0.1, 0.33333, 0.5)),
    ],
)
def test_every_face_has_a_place_of_its_own(crops: FaceCrops, other: FaceRef) -> None:
    assert crops.crop(other) != crops.crop(FACE)


def test_a_face_is_found_again_by_rounded_places(crops: FaceCrops) -> None:
    box = Box(0.1 + 1e-9, 0.3 - 0.1, 0.333329999, 0.5)
    assert crops.crop(replace(FACE, box=box)) == crops.crop(FACE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_look(crops: FaceCrops, places: Places) -> None:
    file = crops.crop(FACE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (file.parent, places.crops)} == {0o700}


def test_new_pictures_take_the_place_of_all_before(crops: FaceCrops, places: Places) -> None:
    later = replace(FACE, at_ms=9_000)
    _write(crops, later, b"seen later")
    assert crops.crop(later).read_bytes() == b"seen later"
    assert not crops.crop(FACE).exists()
    assert [folder.name for folder in places.crops.iterdir()] == [VIDEO]


def test_what_is_left_early_leaves_what_was_there(crops: FaceCrops, places: Places) -> None:
    def working() -> Iterator[None]:
        with crops.anew(VIDEO) as draft:
            draft.add(replace(FACE, at_ms=9_000), b"half of the work")
            yield

    work = working()
    next(work)
    assert len(list(places.crops.rglob("*.jpg"))) == 2
    del work
    assert [file.read_bytes() for file in places.crops.rglob("*.jpg")] == [b"a face"]
    assert [folder.name for folder in places.crops.iterdir()] == [VIDEO]


def test_what_a_killed_program_left_is_not_taken_over(crops: FaceCrops, places: Places) -> None:
    draft = places.crops / f"{VIDEO}.draft"
    draft.mkdir()
    (draft / "0-0-0-1-1.jpg").write_bytes(b"half of the work")
    _write(crops, FACE, b"done again")
    assert [file.read_bytes() for file in places.crops.rglob("*.jpg")] == [b"done again"]


def test_what_is_forgotten_is_gone(crops: FaceCrops, places: Places) -> None:
    other = replace(FACE, video_id=OTHER)
    _write(crops, other, b"another face")
    (places.crops / f"{VIDEO}.draft").mkdir()
    crops.forget(VIDEO)
    crops.forget(VIDEO)
    assert [file.name for file in places.crops.iterdir()] == [OTHER]
    (places.crops / f"{VIDEO}.draft").mkdir()
    (places.crops / "stray.jpg").write_bytes(b"a face")
    strays = crops.strays({})
    assert {stray.name for stray in strays} == {OTHER, f"{VIDEO}.draft", "stray.jpg"}
    for stray in strays:
        crops.erase(stray)
    assert list(places.crops.iterdir()) == []
    places.crops.rmdir()
    assert crops.strays({}) == []


def test_a_picture_of_no_face_that_stands_is_a_stray(crops: FaceCrops) -> None:
    other = replace(FACE, video_id=OTHER)
    _write(crops, FACE, b"a face")
    _write(crops, other, b"another face")
    assert crops.strays({VIDEO: {FACE}, OTHER: {other}}) == []
    assert crops.strays({VIDEO: {replace(FACE, at_ms=FACE.at_ms + 1)}, OTHER: None}) == [crops.crop(FACE)]

"""Somebody is taken out of what sidecars say, and everything else in them stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import ForeignSidecar
from heimdex_desktop.domain.scene import SeenPerson
from heimdex_desktop.domain.video import Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.sidecar import from_json, spans_from, to_json
from heimdex_desktop.library.sidecar_people import is_damaged_copy, sidecar_files, without_people

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANN = SeenPerson("0d26e7c8-0d26-4d26-8d26-0d26e7c80d26", "Ann", 0.9, 3)
BOB = SeenPerson("1d26e7c8-0d26-4d26-8d26-0d26e7c80d26", "Bob", 0.8, 1)


@pytest.fixture
def record(
    films: Path, make_video: Callable[..., Video], make_record: Callable[..., VideoRecord]
) -> VideoRecord:
    made = make_record(make_video(films / "film.mp4"))
    assert made.scenes
    return replace(made, scenes=tuple(replace(one, people=(ANN, BOB), people_count=2) for one in made.scenes))


def test_one_goes_and_the_others_stay(record: VideoRecord) -> None:
    content = without_people(to_json(record, NOON), {ANN.person_id}, name="film")
    assert content is not None
    assert b"Ann" not in content
    left = from_json(content, name="film")
    assert left.saved_at == NOON + timedelta(milliseconds=1)
    assert [one.people for one in left.record.scenes] == [(BOB,)] * len(record.scenes)
    assert [replace(one, people=(ANN, BOB)) for one in left.record.scenes] == list(record.scenes)
    assert without_people(content, {ANN.person_id}, name="film") is None


def test_everybody_goes_with_the_count(record: VideoRecord) -> None:
    content = without_people(to_json(record, NOON), None, name="film")
    assert content is not None
    assert {(one.people, one.people_count) for one in from_json(content, name="film").record.scenes} == {
        ((), None)
    }


def test_a_file_of_others_is_left_alone() -> None:
    with pytest.raises(ForeignSidecar):
        without_people(b'{"people": []}', None, name="film")


def test_the_files_about_a_video_are_found_and_no_others(places: Places, films: Path) -> None:
    mine = ("a.mp4.heimdex.json", "a.mp4.heimdex.json.broken-1", ".heimdex-0123.draft")
    for name in (*mine, "b.mp4.heimdex.json", "a.mp4", "a.mp4.heimdex.npz", "notes.json"):
        (films / name).write_bytes(b"")
    kept = places.sidecars / "somebody.heimdex.json"
    kept.write_bytes(b"")
    found = list(sidecar_files(places, [films / "a.mp4", films / "gone" / "c.mp4"]))
    assert {file.name for file in found} == {*mine, kept.name}
    assert {file.name for file in found if is_damaged_copy(file)} == set(mine[1:])


def test_spans_are_read_alone(record: VideoRecord) -> None:
    assert spans_from(to_json(record, NOON)) == {scene.id: scene.span for scene in record.scenes}
    assert spans_from(b"no sidecar") == spans_from(b'{"scenes": [{}]}') == {}

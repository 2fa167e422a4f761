"""The store keeps one copy of every video, whole, and begins anew when it must."""

import gc
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pytest
from numpy.typing import NDArray

from heimdex_desktop.domain.errors import MachineError
from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.domain.search import FoundScene
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.index import schema
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.candidates import Reader
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.store import SceneStore, published_in, scene_counts_in
from tests.index.samples import Said, SynonymEncoder, publish, record_of, vectors_of, video_id

_ENCODER = SynonymEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "지수 (index) 'quoted'" / "lancedb"


@pytest.fixture
def store(folder: Path) -> SceneStore:
    return SceneStore(folder, [_ENCODER.column])


@dataclass(frozen=True)
class _Row:
    """A scene as it is judged, and as it is shown."""

    candidate: Candidate
    scene: FoundScene

    @property
    def vectors(self) -> Mapping[VectorColumn, NDArray[np.float32]]:
        return self.candidate.vectors


def _rows(folder: Path) -> list[_Row]:
    snapshot = Reader(folder).snapshot()
    assert snapshot is not None
    numbers = lancedb.connect(folder).open_table("scenes").search().with_row_id(True).limit(10_000).to_arrow()
    rows = numbers["_rowid"].to_pylist()
    scenes = snapshot.scenes(rows)
    return [_Row(one, scenes[one.row]) for one in snapshot.candidates(rows, snapshot.columns)]


def _fragment_count(folder: Path, table: str) -> int:
    statistics: Any = lancedb.connect(folder).open_table(table).stats()
    return statistics["fragment_stats"]["num_fragments"]


def test_what_is_published_can_be_read_back(store: SceneStore, folder: Path) -> None:
    record = publish(store, "trip", [Said("Café, 학습의", {"night": 0.75}), Said()], _ENCODER)
    spoken, silent = sorted(_rows(folder), key=lambda row: row.scene.span)
    assert spoken.scene.id == record.scenes[0].id
    assert spoken.scene.video_id == record.video.id
    assert spoken.scene.locations == record.video.locations
    assert spoken.scene.span == record.scenes[0].span
    assert spoken.scene.transcript == "Café, 학습의"
    assert spoken.scene.language == "en"
    assert spoken.scene.tags == {"night": 0.75}
    assert spoken.scene.still == "trip/0.jpg"
    assert spoken.candidate.words == ("cafe", "학습의")
    assert spoken.candidate.tags == spoken.scene.tags
    assert (spoken.candidate.video_id, spoken.candidate.span) == (record.video.id, spoken.scene.span)
    wanted = vectors_of(record, _ENCODER)[record.scenes[0].id]
    np.testing.assert_array_equal(spoken.vectors[_ENCODER.column], wanted)
    assert (silent.scene.transcript, silent.scene.tags, silent.candidate.words, silent.vectors) == (
        "",
        {},
        (),
        {},
    )


def test_publishing_again_replaces(store: SceneStore, folder: Path) -> None:
    publish(store, "trip", ["one", "two", "three"], _ENCODER)
    publish(store, "other", ["four"], _ENCODER)
    publish(store, "trip", ["five"], _ENCODER)
    assert store.scene_count() == 2
    assert {row.scene.transcript for row in _rows(folder)} == {"four", "five"}
    assert store.published() == {
        video_id("trip"): "fingerprint of trip",
        video_id("other"): "fingerprint of other",
    }


def test_a_video_without_scenes_is_published_too(store: SceneStore) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    publish(store, "trip", [])
    assert store.scene_count() == 0
    assert set(store.published()) == {video_id("trip")}


def test_removing_forgets_one_video(store: SceneStore) -> None:
    publish(store, "trip", ["one", "two"])
    publish(store, "other", ["three"])
    store.remove(video_id("trip"))
    store.remove(video_id("never seen"))
    assert store.scene_count() == 1
    assert set(store.published()) == {video_id("other")}


@pytest.mark.parametrize("bad", ["", "x' OR 1=1 --", "../trip"])
def test_only_uuids_reach_the_database(store: SceneStore, bad: str) -> None:
    publish(store, "trip", ["one"])
    with pytest.raises(ValueError, match="UUID"):
        store.remove(VideoId(bad))
    assert store.scene_count() == 1


def test_a_vector_of_another_length_is_refused_before_anything_is_written(store: SceneStore) -> None:
    record = record_of("trip", [Said("one")])
    short = {_ENCODER.column: {record.scenes[0].id: np.ones(3, np.float32)}}
    with pytest.raises(ValueError, match="256 dimensions"):
        store.publish(record, short, {}, "f")
    assert (store.scene_count(), store.published()) == (0, {})


def test_survives_being_opened_again(store: SceneStore, folder: Path) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    again = SceneStore(folder, [_ENCODER.column])
    assert again.published() == store.published()
    assert again.notices == ()


def test_without_a_model_the_vectors_there_are_stay(store: SceneStore, folder: Path) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    again = SceneStore(folder)
    assert again.columns == (_ENCODER.column,)
    assert again.published() == published_in(folder) == store.published()


@pytest.mark.parametrize("space", [EmbeddingSpace("another", "1", 64), EmbeddingSpace("synonyms", "2", 256)])
@pytest.mark.parametrize("role", [TEXT, VISION])
def test_a_new_column_stands_beside_the_old_one_until_that_is_dropped(
    store: SceneStore, folder: Path, role: str, space: EmbeddingSpace
) -> None:
    record = publish(store, "trip", ["one"], _ENCODER)
    column = VectorColumn(role, space)
    again = SceneStore(folder, [column])
    assert again.columns == (_ENCODER.column, column)
    assert again.published() == {video_id("trip"): ""}, "it has to be published anew, and is still found"
    assert _rows(folder)[0].vectors.keys() == {_ENCODER.column}
    new = {record.scenes[0].id: np.ones(space.dimensions, np.float32)}
    again.publish(record, {_ENCODER.column: vectors_of(record, _ENCODER), column: new}, {}, "f")
    assert _rows(folder)[0].vectors.keys() == {_ENCODER.column, column}
    again.drop([_ENCODER.column])
    again.drop([])
    assert SceneStore(folder, [column]).columns == again.columns == (column,)
    assert _rows(folder)[0].vectors.keys() == {column}
    assert again.published() == {video_id("trip"): "f"}


def test_looking_makes_nothing(store: SceneStore, folder: Path, tmp_path: Path) -> None:
    publish(store, "trip", ["one", "two"])
    assert list(scene_counts_in(folder).values()) == [2]
    nowhere = tmp_path / "nowhere"
    assert (published_in(nowhere), scene_counts_in(nowhere)) == ({}, {})
    assert not nowhere.exists()


def test_another_version_means_everything_again(
    store: SceneStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    monkeypatch.setattr(schema, "VERSION", "next")
    assert SceneStore(folder, [_ENCODER.column]).published() == {}


@pytest.mark.parametrize("where", ["scenes.lance/_versions", "scenes.lance/data", "videos.lance/data"])
def test_a_damaged_index_is_moved_aside(store: SceneStore, folder: Path, where: str) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    del store
    gc.collect()
    for file in (folder / where).iterdir():
        file.write_bytes(b"damage")
    again = SceneStore(folder, [_ENCODER.column])
    assert again.published() == {}
    (notice,) = again.notices
    assert "lancedb.broken-1" in notice
    assert (folder.parent / "lancedb.broken-1").is_dir()
    publish(again, "trip", ["one"], _ENCODER)
    assert again.scene_count() == 1


def test_a_file_in_the_folders_place_is_moved_aside(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("not a folder")
    (folder.parent / "lancedb.broken-1").write_text("an older one")
    assert "lancedb.broken-2" in SceneStore(folder).notices[0]


def test_damage_while_running_is_our_error(store: SceneStore, folder: Path) -> None:
    publish(store, "trip", ["one"], _ENCODER)
    for file in (folder / "videos.lance/data").iterdir():
        file.unlink()
    with pytest.raises(MachineError, match="cannot be used"):
        SceneStore.published(store)


def test_many_publishes_are_tidied_up(store: SceneStore, folder: Path) -> None:
    record = record_of("trip", [Said("one")])
    for number in range(55):
        video = replace(record.video, id=VideoId(str(uuid.UUID(int=number))))
        store.publish(replace(record, video=video, scenes=()), {}, {}, "f")
    assert len(store.published()) == 55
    assert len(list((folder / "videos.lance/data").iterdir())) >= 55
    assert _fragment_count(folder, "videos") < 10


def test_hundreds_of_scenes_go_in_at_once(store: SceneStore, folder: Path) -> None:
    publish(store, "long", [f"scene number {number}" for number in range(400)], _ENCODER)
    assert store.scene_count() == 400
    assert _fragment_count(folder, "scenes") == 1


def test_after_purging_no_file_holds_what_a_row_said_before(store: SceneStore, folder: Path) -> None:
    def holders(word: bytes) -> list[Path]:
        return [file for file in folder.rglob("*") if file.is_file() and word in file.read_bytes()]

    for number in range(30):
        publish(store, f"{number}.mp4", ["quorrazyx" if number == 7 else f"nothing {number}"])
    assert holders(b"quorrazyx")
    publish(store, "7.mp4", ["something else"])
    assert holders(b"quorrazyx")
    store.purge()
    assert holders(b"quorrazyx") == []
    assert store.scene_count() == 30


def test_purging_deletes_what_was_replaced_right_before_it(folder: Path) -> None:
    store = SceneStore(folder)
    publish(store, "other.mp4", ["nothing", "at all"])
    for number in range(30):
        publish(store, "7.mp4", [f"quorrazyx{number}", "and more"])
        store.purge()
        publish(store, "7.mp4", ["something else", "and more"])
        store.purge()
        left = [file for file in folder.rglob("*") if file.is_file() and b"quorrazyx" in file.read_bytes()]
        assert left == []

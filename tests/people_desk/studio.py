"""A whole small library with faces: each line of a film's file names who is seen in one of its two scenes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from heimdex_desktop.domain.faces import FaceObservation, SeenFace
from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.video import Video, VideoId
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore, VideoFaces, as_kept
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.seen_people import SeenPeople
from heimdex_desktop.people.tracks import tracks_of
from heimdex_desktop.people_desk import DeskMeans, PeopleDesk
from heimdex_desktop.pipeline.naming import name_people
from heimdex_desktop.pipeline.stage import Stage, StageJob, StageRun
from heimdex_desktop.pipeline.stages import FACES, PEOPLE
from tests.people.faces import DIMENSIONS, THRESHOLD, face
from tests.pipeline.workshop import Workshop, write_video

FACE_SPACE = EmbeddingSpace("invented faces", "1", DIMENSIONS)
JPEG = b"\xff\xd8 a picture of somebody"
_MOMENTS_MS = (500, 1_500)


@dataclass(frozen=True)
class LookedFace:
    """A face in a photo."""

    face: FaceObservation


@dataclass(frozen=True)
class Look:
    """A photo that was looked at."""

    faces: Sequence[LookedFace]
    jpeg: bytes = JPEG
    space: EmbeddingSpace = FACE_SPACE


def photo_of(*names: str, number: int = 0, space: EmbeddingSpace = FACE_SPACE) -> Look:
    """Return a photo of these people, each at a place of their own; each number gives another one."""
    faces = [face(name, 100_000 + number, left=0.1 + 0.3 * place).face for place, name in enumerate(names)]
    jpeg = JPEG + f" {' '.join(names)} {number}".encode()
    return Look([LookedFace(one) for one in faces], jpeg, space)


def find_invented_faces(places: Places) -> Stage:
    """Return a stage that finds the faces of those whom the film's file names."""

    def run(job: StageJob) -> StageRun:
        yield 0.0
        lines = job.source.read_text(encoding="utf-8").splitlines()
        faces = [
            replace(
                face(name, scene.span.start_ms + at_ms, left=0.1 + 0.3 * place, scene_number=number),
                scene_id=scene.id,
            )
            for number, (scene, line) in enumerate(zip(job.record.scenes, lines, strict=False))
            for at_ms in _MOMENTS_MS
            for place, name in enumerate(line.split())
        ]
        keep(places, job.video_id, faces, fingerprint=job.fingerprint)
        return job.record

    return run


def _naming(places: Places) -> Stage:
    return name_people(FaceStore(places), SeenPeople(places))


def keep(places: Places, video_id: VideoId, faces: Sequence[SeenFace], *, fingerprint: str = "") -> None:
    """Keep faces and crops of them as the product does."""
    found = VideoFaces(FACE_SPACE, fingerprint, tuple(faces), THRESHOLD)
    with FaceCrops(places).anew(video_id) as draft:
        for track in tracks_of(video_id, as_kept(found).faces, THRESHOLD):
            draft.add(track.ref, b"a crop")
    FaceStore(places).save(video_id, found)


@dataclass
class Studio:
    """A library with a desk about people; what the desk tells goes to the indexing, as in the product.

    `faces` makes the stage that looks for faces.
    """

    folder: Path
    faces: Callable[[Places], Stage] = find_invented_faces
    changed: list[VideoId] = field(default_factory=list[VideoId])

    def __post_init__(self) -> None:
        self.shop = Workshop(self.folder / "library", more={FACES: self.faces, PEOPLE: _naming})
        self.desk = self.new_desk()

    @property
    def films(self) -> Path:
        return self.folder / "films"

    @property
    def places(self) -> Places:
        return self.shop.places

    def new_desk(self, space: EmbeddingSpace | None = FACE_SPACE) -> PeopleDesk:
        """Return a desk that knows nothing but what is on disk."""
        shop = self.shop
        return PeopleDesk(
            DeskMeans(
                shop.places,
                shop.shelf,
                shop.publisher,
                threshold=THRESHOLD,
                space=space,
                on_changed=self._take,
            )
        )

    def film(self, name: str, cast: str) -> Video:
        """Add a film in whose scenes these are seen."""
        # A third line, of no scene, so that no two films are one content.
        path = write_video(self.films / name, f"{cast}\n{name}")
        self.shop.add(path)
        self.desk.refresh()
        return self.video(name)

    def video(self, name: str) -> Video:
        return next(video for video in self.shop.catalogue.videos() if video.home.name == name)

    def settle(self) -> None:
        """Let the indexing do what is due since somebody else is seen."""
        changed = list(dict.fromkeys(self.changed))
        self.changed.clear()
        self.shop.indexing.look_again(changed)
        self.shop.finish()

    def seen(self, name: str) -> list[set[str]]:
        """Return the names of those whom the sidecar of a film tells, scene by scene."""
        record = self.shop.shelf.record(self.video(name))
        return [{person.name for person in scene.people} for scene in record.scenes]

    def faces_of(self, who: str, name: str) -> tuple[FaceRef, ...]:
        """Return the faces of somebody in a film, by what was put into it."""
        video = self.video(name)
        lines = video.home.read_text(encoding="utf-8").splitlines()[:2]
        kept = FaceStore(self.places).load(video.id)
        assert kept
        tracks = tracks_of(video.id, kept.faces, THRESHOLD)
        wanted = [
            (number * 2_000 + 500, round(0.1 + 0.3 * place, 5))
            for number, line in enumerate(lines)
            for place, other in enumerate(line.split())
            if other == who
        ]
        return tuple(
            track.ref
            for track in tracks
            for at_ms, left in wanted
            if track.faces[0].at_ms == at_ms and abs(track.faces[0].face.box.left - left) < 1e-3
        )

    def files(self) -> Iterable[Path]:
        """Return every file of the library and beside the films."""
        return [file for file in self.folder.rglob("*") if file.is_file()]

    def _take(self, changed: Sequence[VideoId]) -> None:
        self.changed += changed

    def close(self) -> None:
        self.shop.close()


def wait_for_a_drive(folder: Path) -> Path:
    """Let somebody called Quorra be forgotten in `folder / "library"` while the drive with a film was away.

    Return the film's sidecar: the drive is back, and it still holds the name.
    """
    studio = Studio(folder)
    studio.film("one.mp4", "ann\nann")
    quorra = studio.desk.create("Quorra")
    studio.desk.add_photo(quorra, photo_of("ann"), 0)
    studio.settle()
    away = studio.films.rename(folder / "drive")
    studio.desk.forget(quorra)
    studio.close()
    away.rename(studio.films)
    sidecar = studio.films / "one.mp4.heimdex.json"
    assert b"Quorra" in sidecar.read_bytes()
    return sidecar

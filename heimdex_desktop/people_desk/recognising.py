"""Puts what is said and what vectors say together: who is seen in which scene of which video."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.scene import EmbeddingSpace, SceneId, SeenPerson, Sight
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.photos import Photo
from heimdex_desktop.library.seen_people import InScenes
from heimdex_desktop.people.gallery import Gallery, Known, Said
from heimdex_desktop.people.matching import TrackMatch, matches
from heimdex_desktop.people.tracks import centre, weight_of
from heimdex_desktop.people_desk.loaded_faces import LoadedFaces

_MARKED = 1.0
"""What a person marked by hand is sure."""

Photos = Mapping[PhotoId, Photo]
SceneAt = Callable[[VideoId, int], SceneId | None]
"""Which scene of a video is at a moment, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who the tracks of `LoadedFaces` are taken for; `said` is what a person said of each of them.

    `marks` are faces that a person named where no face was found.
    """

    matches: tuple[TrackMatch, ...] = ()
    said: Sequence[Said] = ()
    vectors: Mapping[PersonId, NDArray[np.float32]] = field(
        default_factory=dict[PersonId, NDArray[np.float32]]
    )
    marks: tuple[tuple[FaceRef, PersonId], ...] = ()


def recognise(gallery: Gallery, faces: LoadedFaces, photos: Photos, scene_at: SceneAt) -> Recognised:
    """Say of every track who it is, as sure as the vectors and as clear as the person is about it.

    Whom a face is not, and that nobody asks for it, also holds for a track further off in its scene, unless
    it is said whose that is: a long scene that is indexed anew has its faces at other moments. Who a face
    is does not: it would be the name of whoever came to stand there.
    """
    said: list[Said] = [Said()] * len(faces.tracks)
    marks: list[tuple[FaceRef, PersonId]] = []
    lost: list[tuple[FaceRef, Said]] = []
    for face, word in gallery.faces.items():
        place = faces.find(face)
        if place is not None:
            # After a video is indexed anew, two words may be about faces that are one track now.
            said[place] = said[place].then(word)
        elif word.is_of:
            marks.append((face, word.is_of))
        else:
            lost.append((face, word))
    for face, word in lost:
        scene_id = scene_at(face.video_id, face.at_ms)
        place = faces.find_in_scene(face, scene_id) if scene_id else None
        if place is not None:
            said[place] = word.then(said[place])
    vectors = _vectors(gallery, faces, said, photos)
    found = matches(faces.tracks, said, vectors, faces.scale) if faces.scale else []
    return Recognised(tuple(found), said, vectors, tuple(marks))


def seen_in(
    recognised: Recognised, gallery: Gallery, faces: LoadedFaces, scene_at: SceneAt
) -> dict[VideoId, InScenes]:
    """Return who is seen in the scenes of each video, the surest first: what was marked and what is sure."""
    sights: dict[VideoId, dict[SceneId, dict[PersonId, _Seen]]] = {}
    for match in recognised.matches:
        if match.is_sure:
            track = faces.tracks[match.track]
            scene = sights.setdefault(track.video_id, {}).setdefault(track.scene_id, {})
            moments = {seen.at_ms for seen in track.faces}
            sight = _Seen(match.confidence, track.quality, track.ref, moments)
            scene[match.person] = _both(scene.get(match.person), sight)
    for face, person in recognised.marks:
        scene_id = scene_at(face.video_id, face.at_ms)
        if scene_id:
            scene = sights.setdefault(face.video_id, {}).setdefault(scene_id, {})
            scene[person] = _both(scene.get(person), _Seen(_MARKED, 0.0, face, {face.at_ms}))
    return {
        video_id: {scene: _people(people, gallery) for scene, people in scenes.items()}
        for video_id, scenes in sights.items()
    }


def photos_in(space: EmbeddingSpace | None, known: Known, photos: Photos) -> list[Photo]:
    """Return the photos of somebody whose vectors can be compared."""
    kept = (photos[one] for one in known.photos if one in photos)
    return [photo for photo in kept if photo.space == space]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Somebody in one scene: how sure that is and how clear the face is by which that is known."""

    confidence: float
    quality: float
    best: FaceRef
    moments: set[int]


def _both(one: _Seen | None, other: _Seen) -> _Seen:
    if one is None:
        return other
    surer = max(one, other, key=lambda seen: (seen.confidence, seen.quality))
    return replace(surer, moments=one.moments | other.moments)


def _people(found: Mapping[PersonId, _Seen], gallery: Gallery) -> tuple[SeenPerson, ...]:
    people = [
        SeenPerson(
            person_id=person,
            name=gallery.people[person].name,
            confidence=seen.confidence,
            frame_count=len(seen.moments),
            sight=Sight(min(seen.moments), seen.best.at_ms, seen.best.box),
        )
        for person, seen in found.items()
    ]
    return tuple(sorted(people, key=lambda one: (-one.confidence, one.person_id)))


def _vectors(
    gallery: Gallery, faces: LoadedFaces, said: Sequence[Said], photos: Photos
) -> dict[PersonId, NDArray[np.float32]]:
    """Return for everybody the centre of their photos and of the faces that were confirmed."""
    weighed: dict[PersonId, list[tuple[NDArray[np.float32], float]]] = {}
    for known in gallery.people.values():
        for photo in photos_in(faces.space, known, photos):
            if photo.face.vector is not None:
                weighed.setdefault(known.id, []).append(
                    (photo.face.vector, weight_of(photo.face.quality.score))
                )
    for place, word in enumerate(said):
        if word.is_of:
            track = faces.tracks[place]
            weighed.setdefault(word.is_of, []).append((track.vector, weight_of(track.quality)))
    return {person: centre(*zip(*given, strict=True)) for person, given in weighed.items()}

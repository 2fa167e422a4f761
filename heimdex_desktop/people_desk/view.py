"""All about people at one moment, ready to be shown: who is seen where, and which faces are of whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from heimdex_desktop.domain.people_events import FaceRef, PersonId
from heimdex_desktop.domain.people_facts import FaceCard
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.library.seen_people import InScenes
from heimdex_desktop.people.gallery import Gallery
from heimdex_desktop.people.matching import TrackMatch
from heimdex_desktop.people.presence import merged, stretch
from heimdex_desktop.people_desk.loaded_faces import LoadedFaces
from heimdex_desktop.people_desk.recognising import Photos, Recognised
from heimdex_desktop.people_desk.scenes_of import ScenesOf

_Sighting = tuple[SceneId, tuple[int, ...]]
"""A scene, and the moments in it when a face is seen."""


@dataclass(frozen=True)
class View:
    """What the cards are made from. It does not change; after a step there is another one."""

    gallery: Gallery
    faces: LoadedFaces
    recognised: Recognised
    seen: Mapping[VideoId, InScenes]
    photos: Photos
    scenes: ScenesOf
    crop: Callable[[FaceRef], Path]

    @cached_property
    def places(self) -> Mapping[PersonId, Mapping[VideoId, Sequence[SceneId]]]:
        """The scenes in which everybody is seen."""
        found: dict[PersonId, dict[VideoId, list[SceneId]]] = {}
        for video_id, scenes in self.seen.items():
            for scene_id, people in scenes.items():
                for one in people:
                    found.setdefault(PersonId(one.person_id), {}).setdefault(video_id, []).append(scene_id)
        return found

    @cached_property
    def matches_of(self) -> Mapping[PersonId, Sequence[TrackMatch]]:
        """The faces that are taken for everybody, and those that may be theirs."""
        found: dict[PersonId, list[TrackMatch]] = {}
        for match in self.recognised.matches:
            found.setdefault(match.person, []).append(match)
        return found

    def recognised_faces(self, person: PersonId) -> tuple[FaceRef, ...]:
        """Return the faces that are taken for somebody's without a word that they are."""
        matches = self.matches_of.get(person, ())
        return tuple(self.faces.tracks[one.track].ref for one in matches if one.is_sure and not one.is_said)

    def clearest_crop(self, person: PersonId) -> Path | None:
        """Return a picture of somebody out of the videos: of what was said to be them, the clearest."""
        sure = [one for one in self.matches_of.get(person, ()) if one.is_sure]
        clearest = max(
            (self.faces.tracks[one.track] for one in [one for one in sure if one.is_said] or sure),
            key=lambda track: track.quality,
            default=None,
        )
        crop = self.crop(clearest.ref) if clearest else None
        return crop if crop and crop.is_file() else None

    @cached_property
    def unknown(self) -> Sequence[int]:
        """The places of the tracks of which nobody has said or seen who they are."""
        known = {match.track for match in self.recognised.matches}
        said = self.recognised.said
        return [
            place
            for place in range(len(self.faces.tracks))
            if place not in known and not said[place].is_ignored
        ]

    def spans(self, person: PersonId, video_id: VideoId) -> tuple[TimeSpan, ...]:
        """Return when somebody is seen in a video, as far as the pictures tell that were looked at."""
        return merged(
            stretch(moments, self.scenes.spans(video_id).get(scene_id))
            for scene_id, moments in self._sightings.get((person, video_id), ())
        )

    def screen_ms(self, person: PersonId) -> int:
        videos = self.places.get(person, {})
        return sum(span.length_ms for video_id in videos for span in self.spans(person, video_id))

    def face_card(self, place: int, confidence: float) -> FaceCard:
        track = self.faces.tracks[place]
        face = track.ref
        crop = self.crop(face)
        return FaceCard(
            face=face,
            crop=crop if crop.is_file() else None,
            video_name=self.scenes.name(track.video_id),
            quality=track.quality,
            confidence=confidence,
            frame_count=track.frame_count,
        )

    @cached_property
    def _sightings(self) -> Mapping[tuple[PersonId, VideoId], Sequence[_Sighting]]:
        """The faces that are surely somebody's, or were marked by hand, by who it is and in which video."""
        found: dict[tuple[PersonId, VideoId], list[_Sighting]] = {}
        for match in self.recognised.matches:
            if match.is_sure:
                track = self.faces.tracks[match.track]
                moments = tuple(one.at_ms for one in track.faces)
                found.setdefault((match.person, track.video_id), []).append((track.scene_id, moments))
        for face, person in self.recognised.marks:
            scene_id = self.scenes.scene_at(face.video_id, face.at_ms)
            if scene_id:
                found.setdefault((person, face.video_id), []).append((scene_id, (face.at_ms,)))
        return found

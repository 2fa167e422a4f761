"""What the desk has in memory, and how it follows from what is on disk: the journal, photos and faces."""

from collections.abc import Collection, Mapping

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.seen_people import InScenes, SeenPeople
from heimdex_desktop.people.clusters import Group, groups_of
from heimdex_desktop.people.gallery import Gallery
from heimdex_desktop.people.tracks import FaceTrack
from heimdex_desktop.people_desk.book import Book
from heimdex_desktop.people_desk.loaded_faces import LoadedFaces
from heimdex_desktop.people_desk.recognising import recognise, seen_in
from heimdex_desktop.people_desk.scenes_of import ScenesOf
from heimdex_desktop.people_desk.view import View


class Memory:
    """Reads everything when it is made. Raises NoAccess."""

    def __init__(
        self, places: Places, scenes: ScenesOf, threshold: float | None, space: EmbeddingSpace | None
    ) -> None:
        self._store = PhotoStore(places)
        self._seen = SeenPeople(places)
        self._crop = FaceCrops(places).crop
        self._groups: list[Group] | None = None
        self._saved: dict[VideoId, InScenes] | None = None
        self._written: list[VideoId] = []
        self.book = Book(PeopleJournal(places))
        self.photos: dict[PhotoId, Photo] = {}
        self.scenes = scenes
        self.faces = LoadedFaces(FaceStore(places), threshold, space)
        self.changed = self.look_again()
        """The videos that had to be written down anew at the start."""

    def look_again(self, only: Collection[VideoId] | None = None) -> tuple[VideoId, ...]:
        """Load what changed on disk of these videos or of all, and follow it; see `follow`."""
        self.scenes.look_anew(only)
        self.faces.take_up(only)
        return self.follow()

    def look_at_photos(self) -> None:
        """Load all photos anew, as when they were looked at by another model."""
        self.photos.clear()

    def follow(self) -> tuple[VideoId, ...]:
        """Recognise everybody again, write down who is seen, and return the videos where that changed.

        It is the same whatever was written down before: nothing is lost by a crash, and what could not be
        written is the next time. It raises after the view is made: what was ordered stands, and is shown.
        """
        gallery = self.book.gallery
        self._load_photos(self.wanted_photos())
        recognised = recognise(gallery, self.faces, self.photos, self.scenes.scene_at)
        seen = seen_in(recognised, gallery, self.faces, self.scenes.scene_at)
        self._groups = None
        self.view = View(gallery, self.faces, recognised, seen, self.photos, self.scenes, self._crop)
        return self._write_down(seen)

    def tracks_of(self, people: frozenset[PersonId]) -> list[FaceTrack]:
        """Return the faces that are taken for these people, also of who is off the list.

        Those that another model found are among them: there what was said counts, and photos of that model.
        So are those that were taken for one of several before these were merged: as one they look otherwise.
        """
        there = self.book.as_if_there(people)
        galleries = [there] if len(people) == 1 else [there, self.book.as_if_there(people, apart=True)]
        known = (gallery.people[one] for gallery in galleries for one in people & gallery.people.keys())
        wanted = {photo for one in known for photo in one.photos}
        loaded = {photo: kept for photo in wanted - self.photos.keys() if (kept := self._store.load(photo))}
        photos = {**self.photos, **loaded}
        found: list[FaceTrack] = []
        for faces in self.faces.in_every_space():
            places = (self._taken_for(people, gallery, faces, photos) for gallery in galleries)
            found += [faces.tracks[place] for place in sorted(set[int]().union(*places))]
        return found

    def _taken_for(
        self,
        people: frozenset[PersonId],
        gallery: Gallery,
        faces: LoadedFaces,
        photos: Mapping[PhotoId, Photo],
    ) -> set[int]:
        recognised = recognise(gallery, faces, photos, self.scenes.scene_at)
        taken = {one.track for one in recognised.matches if one.person in people and one.is_sure}
        return taken | {place for place, word in enumerate(recognised.said) if word.is_of in people}

    def said_of(self, tracks: Collection[FaceTrack]) -> frozenset[FaceRef]:
        """Return all faces of which something is said that stand for one of these tracks."""
        mine = {id(track) for track in tracks}
        return frozenset(face for face in self.book.faces if id(self.faces.track_of(face)) in mine)

    @property
    def groups(self) -> list[Group]:
        """The groups of the faces that nobody knows, by places in `view.unknown`; found when asked for."""
        if self._groups is None:
            unknown = [self.faces.tracks[place] for place in self.view.unknown]
            self._groups = groups_of(unknown, self.faces.scale.threshold) if self.faces.scale else []
        return self._groups

    def wanted_photos(self) -> frozenset[PhotoId]:
        """Return the photos of everybody who is known."""
        return frozenset(one for known in self.book.gallery.people.values() for one in known.photos)

    def stale_photos(self) -> list[Photo]:
        """Return the photos of somebody whose vector is of another model than the faces in the videos."""
        if self.faces.space is None:
            return []
        kept = (self.photos[one] for one in self.wanted_photos() if one in self.photos)
        return [photo for photo in kept if photo.space != self.faces.space]

    def _load_photos(self, wanted: Collection[PhotoId]) -> None:
        for photo in set(wanted) - self.photos.keys():
            kept = self._store.load(photo)
            if kept:
                self.photos[photo] = kept
        for photo in self.photos.keys() - set(wanted):
            del self.photos[photo]

    def _write_down(self, seen: dict[VideoId, InScenes]) -> tuple[VideoId, ...]:
        before = self._saved or {}
        kept = self._seen.videos() if self._saved is None else before.keys()
        looked_at = sorted(seen.keys() | set(kept))
        differ = [one for one in looked_at if self._saved is None or before.get(one, {}) != seen.get(one, {})]
        for video_id in differ:
            if self._seen.save(video_id, seen.get(video_id, {})):
                self._written.append(video_id)
        # What was written before one could not be is told of as well, the next time.
        changed, self._written = tuple(dict.fromkeys(self._written)), []
        self._saved = seen
        return changed

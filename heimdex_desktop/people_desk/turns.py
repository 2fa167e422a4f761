"""How the desk about people takes one order after the other: on disk first, then in memory, then told."""

import threading
import uuid
from collections.abc import Sequence

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_events import Event, PersonId, PhotoAdded, PhotoId
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.face_crops import FaceCrops
from heimdex_desktop.library.face_vectors import FaceStore
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.people.gallery import Gallery, Known
from heimdex_desktop.people.tracks import overlap
from heimdex_desktop.people_desk.damage import lost_faces
from heimdex_desktop.people_desk.erasing import Eraser
from heimdex_desktop.people_desk.forgetting_desk import ForgettingDesk
from heimdex_desktop.people_desk.means import ChosenFace, DeskMeans, LookedPhoto
from heimdex_desktop.people_desk.memory import Memory
from heimdex_desktop.people_desk.scenes_of import ScenesOf
from heimdex_desktop.people_desk.wording import trouble_with_photos
from heimdex_desktop.pipeline.enrolling import allow

_SAME_FACE = 0.5
"""So much of two boxes in one picture is shared where they are of one face: models frame it differently."""


class Turns:
    """What all orders have in common; `self._turn` is held while one is carried out."""

    def __init__(self, means: DeskMeans) -> None:
        self._means = means
        self._turn = threading.RLock()
        self._photos = PhotoStore(means.places)
        self._memory: Memory | None = None
        faces, crops = FaceStore(means.places), FaceCrops(means.places)
        eraser = Eraser(means.places, means.shelf, means.publisher, faces, crops)
        self._forgetting = ForgettingDesk(eraser, self._photos)

    @property
    def _gallery(self) -> Gallery:
        return self._ready().book.gallery

    def _ready(self) -> Memory:
        if self._memory is None:
            means = self._means
            scenes = ScenesOf(means.shelf.catalogue, means.shelf.sidecars)
            memory = Memory(means.places, scenes, means.threshold, means.space)
            changed = (*memory.changed, *self._forgetting.begin(memory))
            self._memory = memory
            self._tell(tuple(dict.fromkeys(changed)))
        return self._memory

    def _do(self, *step: Event) -> None:
        self._ready().book.write(step)
        self._follow()

    def _followed(self, done: str) -> str:
        if done:
            self._follow()
        return done

    def _follow(self) -> None:
        self._tell(self._ready().follow())

    def _tell(self, changed: tuple[VideoId, ...]) -> None:
        if changed:
            self._means.on_changed(changed)

    def _known(self, person: PersonId) -> Known:
        known = self._gallery.people.get(person)
        if known is None:
            raise unknown_person()
        return known

    def _ensure_photo(self, person: PersonId, photo: PhotoId) -> None:
        if photo not in self._known(person).photos:
            raise InputError("This photo is not there any more.", "Look at the person again.")

    def _ensure_new(self, look: LookedPhoto, face_number: int, beside: Sequence[ChosenFace]) -> None:
        """Let no face in a photo count twice. Raises InputError, which names whose it is already."""
        if not 0 <= face_number < len(look.faces):
            raise InputError("There is no such face in the photo.", "Choose one of those in it.")
        face = look.faces[face_number].face
        if any(other.jpeg == look.jpeg and _is_same(other.faces[one].face, face) for other, one in beside):
            raise InputError("This photo was given twice.", "It is taken once.")
        kept = self._ready().photos
        for known in self._gallery.people.values():
            for photo in known.photos:
                if (
                    photo in kept
                    and _is_same(kept[photo].face, face)
                    and self._photos.is_picture(photo, look.jpeg)
                ):
                    raise InputError(
                        f"This photo of “{known.name}” is there already.",
                        "Add other ones: photos help most where they differ.",
                    )

    def _add_photos(
        self, person: PersonId, chosen: Sequence[ChosenFace], *before: Event
    ) -> tuple[PhotoId, ...]:
        """Let faces in photos stand for somebody, in one step with what is said `before`."""
        if chosen:
            allow(faces=True, face_enrollment=self._means.may_enrol)
        for place, (look, number) in enumerate(chosen):
            self._ensure_new(look, number, chosen[:place])
        photos = tuple(self._keep(look, number) for look, number in chosen)
        self._do(*before, *(PhotoAdded(person, photo) for photo in photos))
        for photo in photos:
            self._photos.settle(photo)
        return photos

    def _keep(self, look: LookedPhoto, face_number: int) -> PhotoId:
        photo = PhotoId(str(uuid.uuid4()))
        self._photos.save(Photo(photo, look.space, look.faces[face_number].face), look.jpeg)
        return photo

    def _trouble(self, memory: Memory) -> str:
        return self._means.trouble or trouble_with_photos(
            len(memory.stale_photos()), is_of_photos=self._can_look_again(memory)
        )

    def _photos_waiting(self, memory: Memory) -> int:
        if not self._can_look_again(memory):
            return 0
        return len(memory.stale_photos()) + len(lost_faces(memory, self._photos))

    def _can_look_again(self, memory: Memory) -> bool:
        """Whether the chosen model looked at videos already: before that, photos would be of no use to it."""
        chosen = self._means.space
        return chosen is not None and not self._means.trouble and chosen == memory.faces.space


def _is_same(one: FaceObservation, other: FaceObservation) -> bool:
    return overlap(one.box, other.box) >= _SAME_FACE


def unknown_person() -> InputError:
    return InputError("This person is not known any more.", "Look at the list of people again.")

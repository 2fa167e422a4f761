"""What the child does that looks at photos: find the faces, grade them, cut them out."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from heimdex_desktop.domain.contracts import FaceRecogniser, Picture
from heimdex_desktop.domain.errors import FileGone, InputError, ModelMissing
from heimdex_desktop.domain.faces import FaceObservation
from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.library.disk import is_file
from heimdex_desktop.library.photos import Photo, PhotoStore
from heimdex_desktop.media.frames import grab_frames
from heimdex_desktop.media.jpegs import face_crop, jpeg_of
from heimdex_desktop.media.picture_files import read_picture
from heimdex_desktop.people.tracks import overlap
from heimdex_desktop.pipeline.enrolling import FaceLook, Moment, PhotoLook, Refreshed, stale

PHOTO_SIDE_PX = 1600

LookRun = Generator[float, None, PhotoLook]

_JPEG_QUALITY = 90
_LEAST_SIZE_PX = 60
_LEAST_SHARPNESS = 0.4
"""Sharp photos reach 0.8 and more; faces that are blurred by 4 % of their width have 0."""
_LEAST_FRONTALITY = 0.35
"""About 35 degrees to a side."""
_SAME_FACE = 0.3
_AT_THE_PLACE = 0.2
"""As much of what both cover together a face shares with a box for which it stands in what was said."""


def look_at_photo(recogniser: FaceRecogniser) -> Callable[[Path], LookRun]:
    """Return the job that looks at the photo at a path, which raises as `PhotoDesk.look`."""

    def run(path: Path) -> LookRun:
        yield 0.0
        picture = read_picture(path, longest_px=PHOTO_SIDE_PX)
        yield 0.3
        faces = _faces_of(picture, recogniser)
        yield 0.9
        if not faces:
            raise InputError(
                f"No face can be seen in “{path.name}”.",
                "Give an upright photo in which the face is large, sharp and turned to the camera.",
            )
        return _look(picture, faces, _space_of(recogniser))

    return run


def look_at_moment(recogniser: FaceRecogniser) -> Callable[[Moment], LookRun]:
    """Return the job that looks at a picture of a video, which raises as `PhotoDesk.look_at_moment`."""

    def run(moment: Moment) -> LookRun:
        yield 0.0
        with closing(grab_frames(moment.source, [moment.at_ms], max_side_px=PHOTO_SIDE_PX)) as frames:
            picture = next(frames).image
        yield 0.3
        faces = _faces_of(picture, recogniser)
        yield 0.9
        nearest = max(faces, key=lambda face: overlap(face.box, moment.box), default=None)
        if nearest is None or overlap(nearest.box, moment.box) < _AT_THE_PLACE:
            raise InputError(
                "No face can be seen at this place at this moment.",
                "Choose a moment at which the face is clearer.",
            )
        return _look(picture, [nearest], _space_of(recogniser))

    return run


def refresh_photos(
    store: PhotoStore, recogniser: FaceRecogniser
) -> Callable[[None], Generator[float, None, Refreshed]]:
    """Return the job that looks again at the kept photos that another model looked at.

    The person in a photo stays the one at the same place. Photos in which the new model sees nobody there
    stay as they are. It raises ModelMissing, OutOfMemory, DiskFull and NoAccess.
    """

    def run(_: None) -> Generator[float, None, Refreshed]:
        yield 0.0
        space = _space_of(recogniser)
        waiting = _waiting(store, space)
        done = Refreshed()
        for number, photo in enumerate(waiting, start=1):
            face = _face_again(store, photo, recogniser)
            # One that was taken away meanwhile is not lost, and its face must not come back alone.
            if face and is_file(store.picture(photo)) and store.save_face_again(Photo(photo, space, face)):
                done = replace(done, seen=(*done.seen, photo))
            elif is_file(store.picture(photo)):
                done = replace(done, lost=(*done.lost, photo))
            yield number / len(waiting)
        return done

    return run


def _waiting(store: PhotoStore, space: EmbeddingSpace) -> tuple[PhotoId, ...]:
    loaded = {photo: store.load(photo) for photo in store.ids()}
    unreadable = (photo for photo, kept in loaded.items() if kept is None)
    return (*stale((kept for kept in loaded.values() if kept), space), *unreadable)


def _face_again(store: PhotoStore, photo: PhotoId, recogniser: FaceRecogniser) -> FaceObservation | None:
    """Return the face of a photo as it is seen now; None where nobody can say which one it is."""
    try:
        faces = _faces_of(read_picture(store.picture(photo), longest_px=PHOTO_SIDE_PX), recogniser)
    except (InputError, FileGone):
        return None
    kept = store.load(photo)
    if kept is None:
        return faces[0] if len(faces) == 1 else None
    best = max(faces, key=lambda face: overlap(face.box, kept.face.box), default=None)
    return best if best and overlap(best.box, kept.face.box) >= _SAME_FACE else None


def _faces_of(picture: Picture, recogniser: FaceRecogniser) -> Sequence[FaceObservation]:
    _space_of(recogniser)
    return recogniser.find([picture])[0]


def _space_of(recogniser: FaceRecogniser) -> EmbeddingSpace:
    if recogniser.space is None:
        raise ModelMissing(
            "People cannot be told apart without a face model.",
            "Choose one on the page about models and get it, or give the folder of one.",
        )
    return recogniser.space


def _look(picture: Picture, faces: Iterable[FaceObservation], space: EmbeddingSpace) -> PhotoLook:
    looks = (FaceLook(face, face_crop(picture, face.box), complaint_of(face)) for face in faces)
    return PhotoLook(jpeg_of(picture, _JPEG_QUALITY), space, tuple(looks))


def complaint_of(face: FaceObservation) -> str:
    """Say the worst that keeps a face from being a good photo; "" where nothing does."""
    quality = face.quality
    if quality.size_px < _LEAST_SIZE_PX:
        return (
            f"This face is too small: {quality.size_px} pixels, and {_LEAST_SIZE_PX} are wanted. "
            "Cut the picture to it, or take one from nearer."
        )
    if quality.sharpness < _LEAST_SHARPNESS:
        return "This face is too blurred to know somebody by: take a sharper picture."
    if quality.frontality < _LEAST_FRONTALITY:
        return "This face is turned away: take a picture that shows it from the front."
    return ""

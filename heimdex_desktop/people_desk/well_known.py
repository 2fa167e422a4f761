"""What would help to recognise somebody better, said of a view."""

from collections.abc import Iterator

from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.domain.people_facts import PhotoCard
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.people import doctor
from heimdex_desktop.people.doctor import Portrait
from heimdex_desktop.people.gallery import Known
from heimdex_desktop.people_desk.damage import NO_FACE, NO_PICTURE
from heimdex_desktop.people_desk.recognising import photos_in
from heimdex_desktop.people_desk.view import View


def photo_cards(view: View, known: Known, store: PhotoStore) -> tuple[PhotoCard, ...]:
    """Return the photos of somebody, with how well each fits the others where that can be told."""
    portraits, scale = _portraits(view, known), view.faces.scale
    fits = doctor.agreements(portraits, scale)
    harm = doctor.complaints(portraits, scale) if scale else {}
    return tuple(
        PhotoCard(one, store.picture(one), fits.get(one), _damage_of(one, view, store) or harm.get(one, ""))
        for one in known.photos
    )


def _damage_of(photo: PhotoId, view: View, store: PhotoStore) -> str:
    if not store.has_picture(photo):
        return NO_PICTURE
    return "" if photo in view.photos else NO_FACE


def advice_about(view: View, known: Known) -> tuple[str, ...]:
    """Return sentences on missing photos, and on who looks like somebody."""
    scale = view.faces.scale
    pairs = doctor.look_alikes(view.recognised.vectors, scale) if scale else []
    named = view.gallery.people
    warnings = (
        doctor.warning_of(named[pair.one].name, named[pair.other].name, pair.likeness)
        for pair in pairs
        if known.id in (pair.one, pair.other)
    )
    return (*doctor.advice(known.name, _portraits(view, known)), *warnings)


def proposed(view: View, known: Known) -> Iterator[tuple[int, float]]:
    """Yield the places of clear faces that are recognised with doubt, and how sure they are."""
    sure = {match.track: match.confidence for match in view.matches_of.get(known.id, ())}
    for place in doctor.proposals(view.faces.tracks, view.recognised.matches, known.id):
        yield place, sure[place]


def _portraits(view: View, known: Known) -> list[Portrait]:
    space = view.faces.space
    photos = photos_in(space, known, view.photos) if space else []
    return [
        Portrait(photo.id, photo.face.vector, photo.face.quality.score)
        for photo in photos
        if photo.face.vector is not None
    ]

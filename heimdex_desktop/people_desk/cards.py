"""Makes what a window or a command shows of people out of a view."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import (
    Appearance,
    Companion,
    FaceCard,
    PersonCard,
    PersonPage,
    PersonSpans,
    UnknownGroup,
)
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.people.clusters import Group
from heimdex_desktop.people.gallery import Known
from heimdex_desktop.people_desk.view import View
from heimdex_desktop.people_desk.well_known import advice_about, photo_cards, proposed


def person_cards(view: View, store: PhotoStore) -> tuple[PersonCard, ...]:
    """Return everybody, by name."""
    cards = (person_card(view, known, store) for known in view.gallery.people.values())
    return tuple(sorted(cards, key=lambda card: (card.name.casefold(), card.id)))


def person_card(view: View, known: Known, store: PhotoStore) -> PersonCard:
    videos = view.places.get(known.id, {})
    return PersonCard(
        id=known.id,
        name=known.name,
        aliases=known.aliases,
        picture=_picture(known, store) or view.clearest_crop(known.id),
        photo_count=len(known.photos),
        scene_count=sum(len(scenes) for scenes in videos.values()),
        screen_ms=view.screen_ms(known.id),
        is_hidden=known.is_hidden,
    )


def _picture(known: Known, store: PhotoStore) -> Path | None:
    """Return what stands for somebody: another photo where that one is gone from the disk."""
    photos = (known.picture, *known.photos) if known.picture else ()
    return next((store.picture(one) for one in photos if store.has_picture(one)), None)


def group_cards(view: View, groups: Iterable[Group]) -> tuple[UnknownGroup, ...]:
    """Return the groups of `view.unknown`."""
    return tuple(
        UnknownGroup(
            tuple(view.face_card(view.unknown[place], 0.0) for place in group.tracks), group.frame_count
        )
        for group in groups
    )


def person_page(view: View, known: Known, store: PhotoStore) -> PersonPage:
    """Return all that is known of somebody, and what would help to recognise them better."""
    matches = view.matches_of.get(known.id, ())
    taken = sorted((one for one in matches if one.is_sure), key=lambda one: (one.is_said, one.confidence))
    asked = sorted((one for one in matches if not one.is_sure), key=lambda one: -one.confidence)
    return PersonPage(
        card=person_card(view, known, store),
        photos=photo_cards(view, known, store),
        advice=advice_about(view, known),
        proposals=_faces(view, proposed(view, known)),
        suggestions=_faces(view, ((one.track, one.confidence) for one in asked)),
        faces=_faces(view, ((one.track, one.confidence) for one in reversed(taken))),
        appearances=appearances(view, known.id),
        companions=_companions(view, known.id),
    )


def appearances(view: View, person: PersonId) -> tuple[Appearance, ...]:
    """Return the videos in which somebody is seen, the one with most of them first."""
    found = (
        Appearance(video_id, view.scenes.name(video_id), view.spans(person, video_id))
        for video_id in view.places.get(person, {})
    )
    return tuple(sorted(found, key=lambda one: (-one.screen_ms, one.video_name, one.video_id)))


def presence(view: View, video_id: VideoId) -> tuple[PersonSpans, ...]:
    """Return who is seen in a video and when, whoever is seen longest first."""
    people = {PersonId(one.person_id) for seen in view.seen.get(video_id, {}).values() for one in seen}
    found = [
        PersonSpans(person, view.gallery.people[person].name, view.spans(person, video_id))
        for person in people
    ]
    return tuple(sorted(found, key=lambda one: (-sum(span.length_ms for span in one.spans), one.name)))


def _faces(view: View, places: Iterable[tuple[int, float]]) -> tuple[FaceCard, ...]:
    return tuple(view.face_card(place, confidence) for place, confidence in places)


def _companions(view: View, person: PersonId) -> tuple[Companion, ...]:
    counts: Counter[PersonId] = Counter()
    for video_id, scenes in view.places.get(person, {}).items():
        for scene in scenes:
            counts.update(PersonId(one.person_id) for one in view.seen[video_id][scene])
    del counts[person]
    return tuple(
        Companion(other, view.gallery.people[other].name, count) for other, count in _ordered(view, counts)
    )


def _ordered(view: View, counts: Counter[PersonId]) -> Sequence[tuple[PersonId, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], view.gallery.people[one[0]].name))

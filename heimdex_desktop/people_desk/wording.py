"""Says in a few words what a step did, for undoing it and doing it again."""

from collections.abc import Iterable, Mapping

from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Event,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoAdded,
    PhotoRemoved,
    Pictured,
    Rejected,
    Renamed,
    Restored,
    Shown,
    Step,
)

Names = Mapping[PersonId, str]


def names_after(steps: Iterable[Step]) -> dict[PersonId, str]:
    """Return what everybody was called last, also those who are gone since."""
    named = (event for step in steps for event in step if isinstance(event, Made | Renamed))
    return {event.person: event.name for event in named}


def told(step: Step, names: Names) -> str:
    """Return what a step does, such as “Confirm 3 faces of “Anna””; "" for a step that does nothing."""
    if not step:
        return ""
    made = next((event for event in step if isinstance(event, Made)), None)
    confirmed = next((event for event in step if isinstance(event, Confirmed)), None)
    photos = [event for event in step if isinstance(event, PhotoAdded)]
    if made:
        with_what = _faces(confirmed) if confirmed else _photos(len(photos)) if photos else ""
        return f"Add “{made.name}”{f' with {with_what}' if with_what else ''}"
    if confirmed and photos:
        return f"Add a face as a photo of {_name(confirmed.person, names)}"
    if len(photos) > 1:
        return f"Add {_photos(len(photos))} of {_name(photos[0].person, names)}"
    return _told_of_event(step[-1], names)


def trouble_with_photos(stale: int, *, is_of_photos: bool) -> str:
    """Say that photos and videos were looked at by two models, and what comes next; "" for no such photo.

    With `is_of_photos` it is the photos that wait for the chosen model, else the videos.
    """
    if not stale:
        return ""
    photos = "One photo was" if stale == 1 else f"{stale:,} photos were"
    if is_of_photos:
        wait = "It waits" if stale == 1 else "They wait"
        return f"{photos} looked at by another face model than the videos. {wait} for being looked at again."
    return (
        f"{photos} looked at by another face model than the videos. People are found by them once the videos"
        " have been looked at by the model now chosen."
    )


def _told_of_event(event: Event, names: Names) -> str:
    match event:
        case Confirmed(person):
            return f"Confirm {_faces(event)} of {_name(person, names)}"
        case Rejected(person):
            show = "shows" if len(event.faces) == 1 else "show"
            return f"Say that {_faces(event)} {show} somebody else than {_name(person, names)}"
        case Ignored():
            return f"Ignore {_faces(event)}"
        case Freed():
            return f"Take back what was said of {_faces(event)}"
        case Merged(into, others):
            return f"Merge {', '.join(_name(other, names) for other in others)} into {_name(into, names)}"
        case _:
            return _told_of_person(event, names)


def _told_of_person(
    event: Made | Renamed | Shown | Pictured | PhotoAdded | PhotoRemoved | Deleted | Restored, names: Names
) -> str:
    match event:
        case Made(_, name):
            return f"Add “{name}”"
        case Renamed(_, name):
            return f"Name “{name}”"
        case _:
            return f"{_doing(event)} {_name(event.person, names)}"


def _doing(event: Shown | Pictured | PhotoAdded | PhotoRemoved | Deleted | Restored) -> str:
    match event:
        case Shown(_, hidden):
            return "Hide" if hidden else "Show"
        case Pictured():
            return "Choose the picture of"
        case PhotoAdded():
            return "Add a photo of"
        case PhotoRemoved():
            return "Remove a photo of"
        case Deleted():
            return "Remove"
        case Restored():
            return "Put back"


def _faces(event: Confirmed | Rejected | Ignored | Freed | None) -> str:
    count = len(event.faces) if event else 0
    return "1 face" if count == 1 else f"{count:,} faces"


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count:,} photos"


def _name(person: PersonId, names: Names) -> str:
    return f"“{names.get(person, 'somebody')}”"

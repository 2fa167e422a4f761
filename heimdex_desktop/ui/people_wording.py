"""Says what is known of people in a person's words."""

from heimdex_desktop.domain.people_facts import (
    Appearance,
    Companion,
    FaceCard,
    PeopleFacts,
    PersonCard,
    PhotoCard,
    Receipt,
)
from heimdex_desktop.ui.people_seam import Looked
from heimdex_desktop.ui.portraits import Portrait
from heimdex_desktop.ui.wording import clock, counted, exact_moment, percent, plain

OFF_SENTENCES = (
    "Once you agree, Heimdex looks for faces in the pictures of your scenes and tells them apart.",
    "You give names to people, with photos of them or right at their faces; every scene with them is then"
    " found by @name, alone or together with words.",
    "Faces, photos and names are kept on this computer alone. You can take all of it back at any time.",
)
OFF_TITLE, KEPT_TITLE = "Find people by their faces", "Looking for faces is switched off"
NOBODY = (
    "Nobody has a name yet. Name a face that was found, or add a person and give photos of them: two or"
    " three clear ones are enough."
)
READING = "Reading who is known, and in which scenes they are seen. In a large library that takes a moment."
NO_FACES = "No face is waiting for a name. More may come while videos are looked through."


def kept_sentences(facts: PeopleFacts) -> tuple[str, ...]:
    """Say what is kept while faces are not looked for, and what can be done; nothing where none is kept."""
    count = len(facts.people)
    if count:
        who = "1 person" if count == 1 else f"{count:,} people"
        kept = f"{who} and their faces are still kept on this computer, and found by @name."
    elif facts.face_count:
        faces = "1 face is" if facts.face_count == 1 else f"{facts.face_count:,} faces are"
        kept = f"{faces} still kept on this computer, without names."
    elif facts.removed:
        kept = "People who are off the list are still kept on this computer."
    else:
        return ()
    return (
        kept,
        "In videos that come from now on, nobody is recognised until you switch it on again.",
        "Look at who is kept, and forget people one by one, or delete all face data.",
    )


def person_portrait(card: PersonCard) -> Portrait:
    """Show somebody in the list of people."""
    return Portrait(
        card.id,
        card.picture,
        plain(card.name),
        person_times(card),
        tip=plain(", ".join(card.aliases)),
        is_dim=card.is_hidden,
    )


def person_times(card: PersonCard) -> str:
    """Say in how many scenes somebody is seen, and for how long together."""
    if not card.scene_count:
        return "hidden" if card.is_hidden else "in no scene yet"
    times = f"{counted(card.scene_count, 'scene')} · {clock(card.screen_ms)}"
    return f"{times} · hidden" if card.is_hidden else times


def person_line(card: PersonCard) -> str:
    """Say under the name of somebody what there is of them."""
    parts = [person_times(card), counted(card.photo_count, "photo")]
    if card.aliases:
        parts.append(f"also {', '.join(card.aliases)}")
    return plain(" · ".join(parts))


def clash_sentence(name: str, other: PersonCard) -> str:
    """Say that somebody is called so already, and how to tell two people apart."""
    also = "" if other.name.casefold() == name.casefold() else f" (“{other.name}”)"
    return plain(
        f"Somebody is called “{name}” already{also}. If it is another person, tell them apart, as with"
        f" “{name} 2”."
    )


def face_portrait(face: FaceCard) -> Portrait:
    """Show a face with how sure the name is, and where it is seen."""
    seen = f"{face.video_name}, {exact_moment(face.face.at_ms)}"
    return Portrait(
        face.face,
        face.crop,
        percent(face.confidence),
        plain(face.video_name),
        tip=plain(f"{seen}, {counted(face.frame_count, 'picture')}"),
    )


def photo_portrait(photo: PhotoCard) -> Portrait:
    """Show a photo with how well it fits the others."""
    if photo.complaint:
        title = "does harm"
    else:
        title = "" if photo.agreement is None else f"fits {percent(photo.agreement)}"
    complaint = plain(photo.complaint)
    return Portrait(photo.id, photo.picture, title, complaint, tip=complaint, is_sentence=True)


def appearance_line(appearance: Appearance) -> str:
    """Say how often and how long somebody is seen in a video."""
    return f"{counted(len(appearance.spans), 'time')}, {clock(appearance.screen_ms)}"


def companion_line(companion: Companion) -> str:
    return counted(companion.scene_count, "scene")


def looked_sentence(looked: Looked, name: str) -> str:
    """Ask which face of a photo is somebody's, or whether the only one is to be taken."""
    faces = looked.look.faces
    if len(faces) == 1:
        return plain(f"The face in “{looked.name}” serves badly.")
    return plain(f"There are {counted(len(faces), 'face')} in “{looked.name}”. Which one is {name}?")


def receipt_sentence(receipt: Receipt) -> str:
    return plain(str(receipt))


def forget_sentence(name: str, card: PersonCard | None) -> str:
    """Say what forgetting somebody does; `card` is theirs while they are on the list."""
    photos = "the photos" if card is None else counted(card.photo_count, "photo")
    scenes = f" in {counted(card.scene_count, 'scene')}" if card else ""
    what = "" if card and not card.photo_count else f"{photos}, "
    return plain(
        f"Everything about {name} is deleted for good: {what}the name, and the faces that were taken for"
        f" them{scenes}, also in what is written beside your videos. Who was taken off the list and has this"
        " name goes with them. This cannot be undone. Videos stay as they are."
    )


FORGET_ALL = (
    "All faces that were found, all photos and names of people, and what was said of them are deleted for"
    " good, also in what is written beside your videos. Looking for faces is switched off with it, or all"
    " of them would be found again. This cannot be undone. Videos stay as they are."
)

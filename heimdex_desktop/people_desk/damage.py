"""What was lost on disk of what is known of people, in sentences that say what to do."""

from collections.abc import Iterator

from heimdex_desktop.domain.people_events import PhotoId
from heimdex_desktop.library.photos import PhotoStore
from heimdex_desktop.library.places import Places
from heimdex_desktop.people_desk.book import Book
from heimdex_desktop.people_desk.memory import Memory

NO_PICTURE = "This photo is gone from the disk or cannot be read: remove it here and add another one."
NO_FACE = "The face found in this photo was lost on the disk: have the photos looked at again."


def damage_of(memory: Memory, store: PhotoStore, places: Places) -> str:
    """Return all that was lost, a sentence for each kind; "" where nothing was."""
    return " ".join((*_of_journal(memory.book, store, places), *_of_photos(memory, store, places)))


def unclaimed_photos(book: Book, store: PhotoStore) -> list[PhotoId]:
    """Return the photos of which the journal says nothing, though their step was written down once."""
    known = book.photos_ever | store.new()
    return [photo for photo in store.ids() if photo not in known]


def lost_faces(memory: Memory, store: PhotoStore) -> list[PhotoId]:
    """Return the photos of somebody that are there without the face in them: it can be found again."""
    return [one for one in memory.wanted_photos() if one not in memory.photos and store.has_picture(one)]


def _of_journal(book: Book, store: PhotoStore, places: Places) -> Iterator[str]:
    backup = f"Close Heimdex and put “{places.people_journal}” back from a backup"
    if book.is_cut_off:
        yield "The last step about people was cut off when it was written: see whether to do it again."
    if book.lost:
        steps = "One step" if book.lost == 1 else f"{book.lost:,} steps"
        yield f"{steps} in the journal of people cannot be read. {backup}, or say anew what is missing here."
    if unclaimed := unclaimed_photos(book, store):
        photos, them = _photos(len(unclaimed), "is", "are")
        yield (
            f"{photos} kept of which the journal of people says nothing: something of it was lost. {backup},"
            f" or make the people in {them} known anew and delete {them} in “{places.photos}”."
        )


def _of_photos(memory: Memory, store: PhotoStore, places: Places) -> Iterator[str]:
    if gone := [one for one in memory.wanted_photos() if not store.has_picture(one)]:
        photos, them = _photos(len(gone), "of somebody is", "of people are")
        yield (
            f"{photos} gone or cannot be read. Put {them} back into “{places.photos}”, or remove {them} on"
            " the page of the person and add others."
        )
    if lost := lost_faces(memory, store):
        photos, them = _photos(len(lost), "of somebody has", "of people have")
        yield f"{photos} lost the face that was found in {them}. Look at the photos again."


def _photos(count: int, one: str, several: str) -> tuple[str, str]:
    """Return how many photos there are, with what goes on behind, and the word for them."""
    return (f"One photo {one}", "it") if count == 1 else (f"{count:,} photos {several}", "them")

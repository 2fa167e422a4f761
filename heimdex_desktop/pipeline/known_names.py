"""Who is known by which names at this moment: the journal of people, read again when somebody wrote in it.

Whoever writes in the journal may be another program: a search on the command line beside an open window.
"""

from collections.abc import Iterator, Mapping

from heimdex_desktop.domain.people_events import standing_of
from heimdex_desktop.library.disk import told_plainly
from heimdex_desktop.library.people_journal import PeopleJournal
from heimdex_desktop.library.places import Places
from heimdex_desktop.people.gallery import Gallery, Known, gallery_after

Names = Mapping[str, tuple[str, ...]]
_State = tuple[int, int, int] | None


class KnownNames:
    """Returns all names with the ids of those who have them; two threads may ask. Raises NoAccess."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._last: tuple[_State, Gallery] = None, Gallery()

    def __call__(self) -> Names:
        return names_of(self._gallery())

    def shown(self) -> tuple[str, ...]:
        """Return the names of those who are not hidden."""
        return tuple(one.name for one in self._gallery().people.values() if not one.is_hidden)

    def _gallery(self) -> Gallery:
        state = self._state()
        last, gallery = self._last
        if state != last:
            gallery = gallery_after(standing_of(PeopleJournal(self._places).read()).done)
            self._last = state, gallery
        return gallery

    def _state(self) -> _State:
        file = self._places.people_journal
        with told_plainly(file):
            try:
                found = file.stat()
            except FileNotFoundError:
                return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def names_of(gallery: Gallery) -> Names:
    """Return every name and other name; whose first name it is comes before whose other name it is.

    The names of those who are hidden come last.
    """
    people = sorted(gallery.people.values(), key=lambda one: one.is_hidden)
    found: dict[str, tuple[str, ...]] = {}
    for name, person in (*_first_names(people), *_other_names(people)):
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), person)))
    return found


def _first_names(people: list[Known]) -> Iterator[tuple[str, str]]:
    return ((one.name, one.id) for one in people)


def _other_names(people: list[Known]) -> Iterator[tuple[str, str]]:
    return ((alias, one.id) for one in people for alias in one.aliases)

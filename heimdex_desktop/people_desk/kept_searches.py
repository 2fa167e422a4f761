"""Which searches that a person keeps ask for somebody who is forgotten."""

from collections.abc import Collection
from pathlib import Path

from heimdex_desktop.domain.query import names_typed
from heimdex_desktop.index.known_people import KnownPeople
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.saved_searches import kept_texts


def files_asking_for(places: Places, names: Collection[str], others: Collection[str]) -> tuple[Path, ...]:
    """Return the file of kept searches where one asks, as with “@Katy”, for somebody by a part of the name.

    What also stands for one of the `others` asks for them. Raises NoAccess.
    """
    gone, staying = (KnownPeople({name: (name,) for name in each}) for each in (names, others))
    asked = (name for text in kept_texts(places) for name, _, _ in names_typed(text))
    is_named = any(gone.ids_of(name) and not staying.ids_of(name) for name in asked)
    return (places.saved_searches,) if is_named else ()

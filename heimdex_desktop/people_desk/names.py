"""What somebody may be called: one line of letters that can be seen, and nobody else's name."""

import unicodedata
from collections.abc import Sequence

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.people.gallery import Gallery, Known

_LONGEST = 200
_BLANKS = {"Cc", "Cs", "Zl", "Zp"}
_SEEN = "LNPS"
"""Letters, numbers, punctuation and symbols, emoji among them: one of these at least can be seen."""


def clean(name: str) -> str:
    """Return a name as it is kept: composed, in one line, without blanks around. Raises InputError."""
    letters = (
        " " if unicodedata.category(letter) in _BLANKS else letter
        for letter in unicodedata.normalize("NFC", name)
    )
    line = " ".join("".join(letters).split())
    if not any(unicodedata.category(letter)[0] in _SEEN for letter in line):
        raise InputError("A name is needed.", "Type what this person is called.")
    if len(line) > _LONGEST:
        raise InputError(f"A name has at most {_LONGEST} letters.", "Type a shorter one.")
    return line


def clean_all(name: str, aliases: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return a name and the others beside it as they are kept; empty and repeated ones are left out."""
    main = clean(name)
    kept = [clean(other) for other in aliases if other.strip()]
    others = {other.casefold(): other for other in reversed(kept) if other.casefold() != main.casefold()}
    return main, tuple(reversed(others.values()))


def ensure_free(gallery: Gallery, names: Sequence[str], *, but: PersonId | None = None) -> None:
    """Let nobody be called what another one is called; `but` is who has the name already.

    Raises InputError, which names the other one.
    """
    for name in names:
        other = _other(gallery, name, but)
        if other is None:
            continue
        also = "" if other.name.casefold() == name.casefold() else f" (“{other.name}”)"
        raise InputError(
            f"Somebody is called “{name}” already{also}.",
            f"If it is the same person, choose them; if not, tell them apart, as with “{name} 2”.",
        )


def _other(gallery: Gallery, name: str, but: PersonId | None) -> Known | None:
    return next((one for one in gallery.named(name) if one.id != but), None)

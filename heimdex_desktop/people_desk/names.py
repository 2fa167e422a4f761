"""What somebody may be called: one line of letters that can be seen, and nobody else's name."""

import unicodedata
from collections.abc import Sequence

from heimdex_desktop.domain.errors import InputError
from heimdex_desktop.domain.people import folded_name
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.people.gallery import Gallery, Known

_LONGEST = 200
_BLANKS = {"Cc", "Cs", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""These shape the letters of a word, or make one picture of several, and mean nothing at its ends."""
_UNSEEN = "\u115f\u1160\u3164\uffa0"
"""Letters that are blanks to the eye."""


def clean(name: str) -> str:
    """Return a name as it is kept: composed, in one line, without blanks around or signs that nobody sees.

    Raises InputError, also where no letter or digit is in it: nobody could be searched for by it.
    """
    words = "".join(map(_visible, unicodedata.normalize("NFC", name))).split()
    line = " ".join(filter(None, (word.strip(_JOINERS) for word in words)))
    if not line:
        raise InputError("A name is needed.", "Type what this person is called.")
    if not any(_is_typed(letter) for letter in line):
        raise InputError(f"“{line}” has no letter or digit to search for.", "Add one to the name.")
    if len(line) > _LONGEST:
        raise InputError(f"A name has at most {_LONGEST} letters.", "Type a shorter one.")
    return line


def clean_all(name: str, aliases: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return a name and the others beside it as they are kept; empty and repeated ones are left out."""
    main = clean(name)
    kept = [clean(other) for other in aliases if other.strip()]
    others = {folded_name(one): one for one in reversed(kept) if folded_name(one) != folded_name(main)}
    return main, tuple(reversed(others.values()))


def ensure_free(
    gallery: Gallery, names: Sequence[str], *, but: PersonId | None = None, advice: str = ""
) -> None:
    """Let nobody be called what another one is called; `but` is who has the name already.

    Raises InputError, which names the other one; `advice` is what to do where the name is not just chosen.
    """
    for name in names:
        other = _other(gallery, name, but)
        if other is None:
            continue
        also = "" if other.name.casefold() == name.casefold() else f" (“{other.name}”)"
        raise InputError(
            f"Somebody is called “{name}” already{also}.",
            advice or f"If it is the same person, choose them; if not, tell them apart, as with “{name} 2”.",
        )


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf" and letter not in _JOINERS:
        return ""
    return " " if category in _BLANKS or letter in _UNSEEN else letter


def _is_typed(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LN"


def _other(gallery: Gallery, name: str, but: PersonId | None) -> Known | None:
    return next((one for one in gallery.named(name) if one.id != but), None)

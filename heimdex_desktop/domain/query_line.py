"""A typed text as one line of letters that can be seen, with its quotation marks and words."""

import unicodedata
from dataclasses import dataclass

# A single quote is no quote here: it is the apostrophe of "don't".
_OPENING = '"“”„‟«»＂「『〝'
_CLOSING = '"“”‟«»＂」』〞〟'
_MARKS = frozenset(_OPENING + _CLOSING)
_STRUCK_OUT = "≠"


@dataclass(frozen=True, slots=True)
class Line:
    """A typed text as far as it can be seen, on one line.

    `shape` is spelled with the letters of operators: of the same length, full-width forms in ASCII and small,
    every quotation mark straight. `places` gives for each letter where it stands in the typed text.
    """

    text: str
    shape: str
    places: tuple[int, ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the letters `[start, end)` stand in the typed text; there is at least one."""
        return self.places[start], self.places[end - 1] + 1


def read_line(typed: str) -> Line:
    """Replace what cannot be seen (controls, lone surrogates, line ends) by spaces; drop joiners."""
    seen = [(place, _visible(letter)) for place, letter in enumerate(typed)]
    seen = [(place, letter) for place, letter in seen if letter]
    text = "".join(letter for _, letter in seen)
    return Line(
        text=text,
        shape="".join(map(_shape, text, f"{text[1:]} ")),
        places=tuple(place for place, _ in seen),
    )


def one_spelling(text: str) -> str:
    """Spell in NFC, with single spaces and none around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, each without its outer punctuation and spelled in NFC."""
    words = (without_edges(word) for word in unicodedata.normalize("NFC", text).split())
    return tuple(word for word in words if word)


def without_edges(word: str) -> str:
    """Strip punctuation and symbols from both ends; empty where nothing else is in the word."""
    start, end = 0, len(word)
    while start < end and _is_edge(word[start]):
        start += 1
    while end > start and _is_edge(word[end - 1]):
        end -= 1
    return word[start:end]


def typeable(text: str) -> str:
    """Spell a name as a query can hold it, in quotes if need be: on one line, without quotation marks."""
    return one_spelling("".join(" " if letter in _MARKS else letter for letter in read_line(text).text))


def has_quotes(text: str) -> bool:
    return not _MARKS.isdisjoint(text)


def pairs(text: str) -> dict[int, int]:
    """Return each quotation mark that opens a phrase, with the next mark, which closes it."""
    marks = [place for place, letter in enumerate(text) if letter in _MARKS]
    found: dict[int, int] = {}
    number = 0
    while number + 1 < len(marks):
        opening, closing = marks[number], marks[number + 1]
        is_pair = text[opening] in _OPENING and text[closing] in _CLOSING
        if is_pair:
            found[opening] = closing
        number += 2 if is_pair else 1
    return found


def lone_opening_marks(line: Line) -> tuple[int, ...]:
    """Return where quotation marks stand that could open a phrase and have no partner."""
    partners = pairs(line.text)
    paired = {*partners, *partners.values()}
    return tuple(
        place for place, letter in enumerate(line.text) if letter in _OPENING and place not in paired
    )


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"} else letter


def _shape(letter: str, following: str) -> str:
    if letter in _MARKS:
        return '"'
    if letter in "<=>" and unicodedata.combining(following):
        return _STRUCK_OUT  # NFC makes one letter of both
    if letter == "−":  # the minus sign
        return "-"
    form = letter if letter.isascii() else unicodedata.normalize("NFKC", letter)
    return form.lower() if len(form) == 1 and form.isascii() else letter


def _is_edge(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"

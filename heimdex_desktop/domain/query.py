"""What a person typed, taken apart into words and quoted phrases."""

import re
import unicodedata

from heimdex_desktop.domain.search import Query

LONGEST_QUERY_CHARACTERS = 1_000
"""What lies beyond is cut off: nobody types it, and a pasted book must not stall the search."""

# A single quote is no quote here: it is the apostrophe of "don't".
_OPENING = '"“”„‟«»＂「『〝'
_CLOSING = '"“”‟«»＂」』〞〟'
_PHRASE = re.compile(f"[{_OPENING}]([^{_OPENING}{_CLOSING}]*)[{_CLOSING}]")
_MARKS = re.compile(f"[{_OPENING}{_CLOSING}]")


def parse(typed: str) -> Query:
    """Take a typed text apart; whatever is typed, a query comes back.

    `words` are what stands outside quotes, `phrases` what stands inside (straight, typographic, angle or
    corner quotes), each without its outer punctuation and spelled in NFC. A quote that is not closed is
    ignored, since it is closed in a moment. `text` is the whole on one line, without quotes.
    """
    line = _one_line(typed[:LONGEST_QUERY_CHARACTERS])
    phrases = (" ".join(_words(found)) for found in _PHRASE.findall(line))
    return Query(
        text=" ".join(_MARKS.sub(" ", line).split()),
        words=_words(_MARKS.sub(" ", _PHRASE.sub(" ", line))),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
        typed=typed,
    )


def _one_line(text: str) -> str:
    """Replace what cannot be seen (controls, lone surrogates, line ends) by spaces; drop joiners."""
    kept = (_visible(letter) for letter in text)
    return unicodedata.normalize("NFC", "".join(kept))


def _visible(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"} else letter


def _words(text: str) -> tuple[str, ...]:
    words = (_without_edges(word) for word in text.split())
    return tuple(word for word in words if word)


def _without_edges(word: str) -> str:
    """Strip punctuation and symbols from both ends; empty where nothing else is in the word."""
    start, end = 0, len(word)
    while start < end and _is_edge(word[start]):
        start += 1
    while end > start and _is_edge(word[end - 1]):
        end -= 1
    return word[start:end]


def _is_edge(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"

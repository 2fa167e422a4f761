"""Texts that nobody means well with, each from a number: the same number gives the same text."""

import random
from collections.abc import Callable

from tests.domain.typed_texts import PIECES

LONG_EVERY = 500
"""One in so many texts is a megabyte long: making them takes longer than asking them."""

_LONG_CHARS = 1_000_000
_NEST = 300
_INJECTIONS = (
    "' OR true --",
    "') OR (true",
    "\\' OR 1=1 --",
    "x'; DROP TABLE scenes; --",
    "' UNION SELECT * FROM videos --",
    "%' OR '%' = '",
    "'||true||'",
    "' OR made_ms IS NULL --",
    "*/ OR true /*",
    "${7*7}",
    "{{7*7}}",
    "%s%n%x",
    "\\",
    "''",
    "'",
    "`true`",
    "\u02bc OR true --",
    "\uff07 OR true --",
    "\x00' OR true --",
    "../../../../etc/passwd",
    "C:\\..\\..",
    "~/../..",
    "<img src=x onerror=alert(1)>",
)
_OPERATORS = (
    "in:",
    "tag:",
    "lang:",
    "after:",
    "before:",
    "on:",
    "longer:",
    "shorter:",
    "res:",
    "people:",
    "has:",
    "@",
)
_WORDS = (
    "sea",
    "calm",
    "carpet",
    "cars",
    "O'Brien",
    "100%",
    "yes",
    "학습",
    "역사",
    "EXIT",
    "red",
    "night",
    "밤",
)
_EMOJI = "😀👩‍👩‍👧‍👦🏳️‍🌈👍🏽☠️🇰🇷1️⃣🫠"
_NUMBERS = (
    "0",
    "-1",
    "1e309",
    "9" * 40,
    "00000000000",
    "1.5",
    "NaN",
    "١٢٣",
    "²",
    "0x10",
    "9999-12-31",
    "0000",
    "-0",
)
_SIGNS = "\u202e\u202d\u2066\u2069\u200f\u200b\u200d\ufeff\u0300\u20dd\u0338\x00\x07\x1b\x7f\x85\u2028\r\n\t"


def hostile(number: int) -> tuple[str, str]:
    """Return what kind of text it is, and the text."""
    chance = random.Random(number)
    if number % LONG_EVERY == LONG_EVERY - 1:
        return "a megabyte", _long(chance)
    kind = chance.choice(sorted(_KINDS))
    text = _KINDS[kind](chance)
    return (f"{kind}, mutated", _mutated(text, chance)) if chance.random() < 0.25 else (kind, text)


def _long(chance: random.Random) -> str:
    piece = chance.choice((*PIECES, *_INJECTIONS, *_EMOJI, "in:'", '"', "(@a OR ", "a>>", "\ud800", "-"))
    return (piece * (_LONG_CHARS // len(piece) + 1))[:_LONG_CHARS]


def _language(chance: random.Random) -> str:
    return chance.choice(("", " ")).join(chance.choices(PIECES, k=chance.randint(1, 40)))


def _injected(chance: random.Random) -> str:
    attack = "".join(chance.choices(_INJECTIONS, k=chance.randint(1, 2)))
    operator = chance.choice((*_OPERATORS, ""))
    quote = chance.choice(("", '"'))
    minus = chance.choice(("", "", "-"))
    words = " ".join(chance.choices(_WORDS, k=chance.randint(0, 2)))
    return f"{words} {minus}{operator}{quote}{attack}{quote}"


def _letters(chance: random.Random) -> str:
    """Return letters of any plane, lone surrogates and letters that no standard knows too."""
    planes = ((0, 0x7F), (0, 0x2FF), (0x300, 0xFFFF), (0xD800, 0xDFFF), (0x10000, 0x10FFFF), (0xAC00, 0xD7A3))
    return "".join(chr(chance.randint(*chance.choice(planes))) for _ in range(chance.randint(0, 60)))


def _signed(chance: random.Random) -> str:
    parts = chance.choices(
        (*_WORDS, *_SIGNS, *_EMOJI, "שלום", "مرحبا", "e\u0301" * 30, "ﷺ", "ﬁ"), k=chance.randint(1, 25)
    )
    return chance.choice(("", " ")).join(parts)


def _numbered(chance: random.Random) -> str:
    asked = (
        f"{chance.choice(_OPERATORS)}{chance.choice(('', '>=', '<', '=', '!='))}{chance.choice(_NUMBERS)}"
        f"{chance.choice(('', 's', 'h', 'ms', 'p', 'k', '-13', '-02-30'))}"
        for _ in range(chance.randint(1, 6))
    )
    return " ".join((*asked, chance.choice(("", "a >> b within " + chance.choice(_NUMBERS) + "s"))))


def _nested(chance: random.Random) -> str:
    piece = chance.choice(
        ("(", "(@a OR ", "-(", ">> ", "sea >> ", '"', "-", "@", "in:", "tag:", "OR ", ") ", "@a @b ")
    )
    return piece * chance.randint(2, _NEST) + chance.choice(("", ")" * _NEST, "sea", '"'))


def _meant(chance: random.Random) -> str:
    """Return what a person might well ask: where everything is hostile, nothing is found."""
    conditions = (
        "tag:night",
        "-tag:night",
        "lang:pt",
        "longer:5s",
        "shorter:9s",
        "res:hd",
        "on:2024-01",
        "in:films",
    )
    more = (
        "has:text",
        "-sea",
        '"the sea"',
        "-lang:ko",
        "before:2000",
        "-in:영화",
        "sea >> cars",
        "calm >> EXIT within 2m",
    )
    return " ".join(chance.choices((*_WORDS, *conditions, *more), k=chance.randint(1, 4)))


def _mutated(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(chance.randint(1, 6)):
        place = chance.randint(0, len(letters))
        match chance.randint(0, 2):
            case 0:
                letters.insert(place, chance.choice((*_SIGNS, *_EMOJI, "'", '"', "\\", "(", ":", "\udfff")))
            case 1:
                del letters[place : place + chance.randint(1, 3)]
            case _:
                letters[place:place] = letters[: chance.randint(0, 20)]
    return "".join(letters)


_KINDS: dict[str, Callable[[random.Random], str]] = {
    "the query language": _language,
    "injections": _injected,
    "any letters": _letters,
    "signs, emoji, right to left": _signed,
    "numbers": _numbered,
    "nesting": _nested,
    "well meant": _meant,
}

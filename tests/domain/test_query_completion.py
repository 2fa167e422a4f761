"""Candidates for the word under the cursor; every one of them can be parsed."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heimdex_desktop.domain.filters import Not
from heimdex_desktop.domain.people import Absent, AllOf, AnyOf, Person, Who
from heimdex_desktop.domain.query import LONGEST_QUERY_CHARACTERS, parse
from heimdex_desktop.domain.query_completion import MOST_CANDIDATES, Completion, Offer, Offers, complete
from heimdex_desktop.domain.query_filters import OPERATORS, read_filter
from tests.domain.typed_texts import typed_texts

_TODAY = date(2024, 5, 3)
_OFFERS = Offers(
    people=(
        *(
            Offer.of("Kim Minji", "MJ"),
            Offer.of("Minho"),
            Offer.of("André"),
            Offer.of("민지"),
            Offer.of("A (B)"),
        ),
        *(
            Offer.of("Kim >> Lee"),
            Offer.of("x|y"),
            Offer.of('the "Q"'),
            Offer.of("..."),
            Offer.of("Beach-Boy"),
        ),
    ),
    tags=tuple(map(Offer.of, ("night", "black and white", "-neg", "beach", "밤", "tag:x", "!"))),
    folders=tuple(
        map(Offer.of, ("/home/me/My Films", "C:\\Films\\a", "~/Films", "beach/x,", '/mnt/5" tapes'))
    ),
    languages=(Offer.of("ko", "Korean", "한국어"), Offer.of("pt-BR"), Offer.of("no tag")),
)


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("@min", ("@Minho", '@"Kim Minji"')),
        ("sea @mj", ('@"Kim Minji"',)),
        ("@andre", ("@André",)),
        ("＠ANDRÉ", ("@André",)),
        ("@미", ("@민지",)),
        ('@"kim m', ('@"Kim Minji"',)),
        ("person:minh", ("person:Minho",)),
        ("-@minh", ("@Minho",)),
        ("(@minh", ("@Minho",)),
        ("@x", ('@"x|y"',)),
        ("tag:ni", ("tag:night",)),
        ("-tag:wh", ('tag:"black and white"',)),
        ("in:fi", ('in:"/home/me/My Films"', 'in:"C:\\Films\\a"', 'in:"~/Films"')),
        ("lang:kor", ("lang:ko",)),
        ("lang:한", ("lang:ko",)),
        ("lang:no", ()),
        ("has:f", ("has:faces",)),
        ("res:f", ("res:fhd", "res:fullhd")),
        ("after:y", ("after:yesterday",)),
        ("sea af", ("after:",)),
        ("-ta", ("tag:",)),
        ("pe", ("people:", "person:")),
        ("a", ()),
        ("sea ", ()),
        ("", ()),
        ('"say @min', ()),
        ('"say @min"', ()),
        ("me@min", ()),
        ("http:", ()),
        ("foo:ni", ()),
        ("@the", ('@"the Q"',)),
    ],
)
def test_at_the_end_of_the_text(typed: str, candidates: tuple[str, ...]) -> None:
    assert complete(typed, len(typed), _OFFERS).candidates == candidates


@pytest.mark.parametrize(
    ("typed", "applied"),
    [
        ("sea @min^ho fire", "sea @Minho fire"),
        ("sea @^", 'sea @"Kim Minji"'),
        ('@"kim^ xx" sea', '@"Kim Minji" sea'),
        ('@"kim^ sea', '@"Kim Minji" sea'),
        ('@kim^ "sea"', '@"Kim Minji" "sea"'),
        ('@"kim^ "sea"', '@"Kim Minji" "sea"'),
        ('tag:"ni^"ght', 'tag:"night"ght'),
        ("-tag:n^ sea", "-tag:night sea"),
        ("(@minh^|@x)", "(@Minho|@x)"),
        ("af^ sea", "after: sea"),
        ("\u200b@min\u200bh^o", "\u200b@Minho"),
    ],
)
def test_the_whole_word_is_replaced(typed: str, applied: str) -> None:
    cursor = typed.index("^")
    text = typed.replace("^", "")
    assert _apply(text, complete(text, cursor, _OFFERS))[0] == applied


def test_a_word_that_goes_on_is_no_operator() -> None:
    assert complete("afraid", 2, _OFFERS).candidates == ()


def test_a_cursor_from_elsewhere_is_brought_into_the_text() -> None:
    assert complete("@minh", 99, _OFFERS) == Completion(0, 5, ("@Minho",))
    assert complete("@minh", -3, _OFFERS) == Completion(0, 0)


def test_candidates_are_bounded_and_fit() -> None:
    many = Offers(people=tuple(Offer.of(f"Person {number}") for number in range(5_000)))
    assert len(complete("@p", 2, many).candidates) == MOST_CANDIDATES
    full = "x" * (LONGEST_QUERY_CHARACTERS - 3) + " @p"
    assert complete(full, len(full), many).candidates == ()
    assert complete(f"{full} @p", len(full) + 3, many).candidates == ()


@given(
    typed_texts,
    st.none() | st.integers(0, 60),
    st.sampled_from(["", "@m", "tag:", "in:f", '@"ki', "af", "has:"]),
)
@example("-(hello)|", None, "@m")
@example("tag:ni>", None, "")
@example('in:"', 4, "")
def test_every_candidate_is_understood(typed: str, cursor: int | None, begun: str) -> None:
    text = typed + begun
    place = len(text) if cursor is None else min(cursor, len(text))
    found = complete(text, place, _OFFERS)
    assert 0 <= found.start <= place <= found.end <= len(text)
    for applied, candidate in zip(_apply(text, found), found.candidates, strict=True):
        if candidate.removesuffix(":") not in (*OPERATORS, "person"):
            assert _is_asked_in(applied, candidate), (applied, candidate)


def _apply(text: str, found: Completion) -> list[str]:
    return [text[: found.start] + candidate + text[found.end :] for candidate in found.candidates]


def _is_asked_in(text: str, candidate: str) -> bool:
    query = parse(text, _TODAY)
    parts = query.sequence.parts if query.sequence else (query,)
    if candidate.startswith(("@", "person:")):
        name = candidate.removeprefix("@").removeprefix("person:").strip('"')
        return any(name in _names(part.people) for part in parts)
    operator, _, value = candidate.partition(":")
    asked = read_filter(operator, value.strip('"'), _TODAY)
    return asked is not None and any(not {asked, Not(asked)}.isdisjoint(part.filters) for part in parts)


def _names(who: Who | None) -> Iterator[str]:
    match who:
        case None:
            return
        case Person(name):
            yield name
        case Absent(part):
            yield from _names(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _names(part)

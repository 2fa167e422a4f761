"""A query written down and read again is the same query."""

from datetime import date

import pytest
from hypothesis import assume, example, given

from heimdex_desktop.domain.filters import HasTag, OfVideo
from heimdex_desktop.domain.query import LONGEST_QUERY_CHARACTERS, parse
from heimdex_desktop.domain.query_text import render
from heimdex_desktop.domain.search import Query
from heimdex_desktop.domain.video import VideoId
from tests.domain.typed_texts import typed_texts

_TODAY = date(2024, 5, 3)


@given(typed_texts)
@example(">\u200b>\u0338 -snow")
@example('-( "person:（x tag:night')
@example("@A (@B|-(@C @D)) sea -tag:x >> OR within 5s within 7s")
@example('@A "|" ""x"" tag:"-a" -"tag:night" in:~ @"(B)"')
def test_written_and_read_again_it_is_the_same(typed: str) -> None:
    query = parse(typed, _TODAY)
    written = render(query)
    assume(len(written) <= LONGEST_QUERY_CHARACTERS)
    assert parse(written) == query
    assert render(parse(written)) == written


@given(typed_texts)
def test_notes_lie_in_the_text(typed: str) -> None:
    for note in parse(typed, _TODAY).notes:
        assert 0 <= note.start < note.end <= len(typed)
        assert note.sentence


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("  snow  “let it”  ", 'snow "let it"'),
        ('sea -rain tag:night @A|@"B C"', '@A OR @"B C" sea tag:night -rain'),
        ("after:yesterday on:2024-5", "after:2024-05-02 on:2024-05"),
        ("longer:90 shorter:1.5s res:4k people:3+", "longer:1m30s shorter:1s500ms res:>=2160 people:>=3"),
        ("lang:PT_br has:faces before:2024 -in:X", "lang:pt-br has:faces before:2024-01-01 -in:X"),
        ("a>>b", "a >> b within 1m"),
        ("", ""),
    ],
)
def test_there_is_one_way_to_write_it(typed: str, written: str) -> None:
    assert render(parse(typed, _TODAY)) == written


def test_a_query_made_by_hand_has_its_text() -> None:
    assert render(Query("snow fire", ("snow", "fire"))) == "snow fire"


def test_a_video_that_was_pointed_at_cannot_be_typed() -> None:
    filters = (OfVideo(VideoId("one")), HasTag("night"))
    assert render(Query("sea", ("sea",), filters=filters)) == "sea tag:night"

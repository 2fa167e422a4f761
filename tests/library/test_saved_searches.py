"""A kept search comes back as it was, and a broken file loses nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heimdex_desktop.domain.search import Channel, SavedSearch
from heimdex_desktop.library.places import Places
from heimdex_desktop.library.saved_searches import Recalled, keep, recall

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_SEARCHES = st.lists(
    st.builds(SavedSearch, _TEXTS, _TEXTS, st.dictionaries(st.sampled_from(list(Channel)), st.floats(0, 3)))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_SEARCHES)
def test_what_is_kept_comes_back(places: Places, searches: list[SavedSearch]) -> None:
    keep(places, searches)
    assert recall(places) == Recalled(tuple(searches))


def test_nothing_is_kept_at_first(places: Places) -> None:
    assert recall(places) == Recalled()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"searches": [{"name": "a"}]}',
        b'{"searches": [{"name": 1, "text": "", "faders": {}}]}',
    ],
)
def test_a_broken_file_is_kept_aside_and_told(places: Places, content: bytes) -> None:
    places.saved_searches.write_bytes(content)
    found = recall(places)
    assert found.searches == ()
    (notice,) = found.notices
    assert "searches.json.broken-1" in notice
    assert (places.root / "searches.json.broken-1").read_bytes() == content
    assert recall(places) == Recalled()


def test_what_another_version_wrote_is_taken_as_far_as_it_is_understood(places: Places) -> None:
    faders = '{"said": -1, "seen": 9, "smell": 1}'
    written = f'{{"format": 9, "searches": [{{"name": "n", "text": "t", "faders": {faders}, "x": 2}}]}}'
    places.saved_searches.write_text(written)
    assert recall(places).searches == (SavedSearch("n", "t", {Channel.SAID: 0.0, Channel.SEEN: 3.0}),)

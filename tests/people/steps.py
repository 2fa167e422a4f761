"""Steps of all kinds, as Hypothesis draws them."""

import uuid

from hypothesis import strategies as st

from heimdex_desktop.domain.people_events import (
    Confirmed,
    Deleted,
    Entry,
    FaceRef,
    Freed,
    Ignored,
    Made,
    Merged,
    PersonId,
    PhotoAdded,
    PhotoId,
    PhotoRemoved,
    Pictured,
    Redo,
    Rejected,
    Renamed,
    Restored,
    Shown,
    Undo,
)
from heimdex_desktop.domain.scene import Box
from tests.people.faces import video_id


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


PEOPLE = [PersonId(an_id(name)) for name in ("ann", "bob", "cem", "dora")]
PHOTOS = [PhotoId(an_id(f"photo {number}")) for number in range(3)]
FACES = [FaceRef(video_id(), at_ms, Box(0.1, 0.2, 0.3, 0.5)) for at_ms in (0, 5_000, 10_000, 15_000)]

_people = st.sampled_from(PEOPLE)
_photos = st.sampled_from(PHOTOS)
_names = st.text(max_size=8)
_faces = st.lists(st.sampled_from(FACES), min_size=1, max_size=3, unique=True).map(tuple)
_events = st.one_of(
    st.builds(Made, _people, _names),
    st.builds(Renamed, _people, _names, st.lists(_names, max_size=2).map(tuple)),
    st.builds(Shown, _people, st.booleans()),
    st.builds(Pictured, _people, _photos),
    st.builds(PhotoAdded, _people, _photos),
    st.builds(PhotoRemoved, _people, _photos),
    st.builds(Confirmed, _people, _faces),
    st.builds(Rejected, _people, _faces),
    st.builds(Ignored, _faces),
    st.builds(Freed, _faces),
    st.builds(Merged, _people, st.lists(_people, min_size=1, max_size=2).map(tuple)),
    st.builds(Deleted, _people),
    st.builds(Restored, _people),
)
steps = st.lists(_events, min_size=1, max_size=3).map(tuple)
entries: st.SearchStrategy[list[Entry]] = st.lists(
    st.one_of(steps, st.just(Undo()), st.just(Redo())), max_size=25
)

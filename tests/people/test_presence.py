"""When somebody is seen is written so that other programs read the same."""

import csv
import html
import io
import itertools

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.faces import look_count
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.people.presence import FORMS, Sighting, merged, stretch

_spans = st.tuples(st.integers(0, 500_000), st.integers(1, 60_000)).map(
    lambda ends: TimeSpan(ends[0], ends[0] + ends[1])
)
_names = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="\\"), min_size=1, max_size=20
).filter(lambda name: name.strip() == name and bool(name))
_sightings = st.lists(st.builds(Sighting, _names, st.just("a, “trip”\nb.mp4"), _spans), max_size=8).map(
    lambda found: sorted(found, key=lambda one: one.span)
)


@given(st.lists(_spans, max_size=12))
def test_merged_spans_cover_the_same_moments_and_keep_apart(spans: list[TimeSpan]) -> None:
    joined = merged(spans)
    assert all(one.end_ms < other.start_ms for one, other in itertools.pairwise(joined))
    for edge in {at_ms for span in spans for at_ms in (span.start_ms, span.end_ms, span.end_ms - 1)}:
        assert any(span.contains(edge) for span in joined) == any(span.contains(edge) for span in spans)
    assert merged(joined) == joined


@given(_sightings, st.sampled_from(["srt", "vtt"]))
def test_subtitles_are_read_back_with_the_same_times(found: list[Sighting], form: str) -> None:
    read = pysubs2.SSAFile.from_string(FORMS[form](found), format_=form)
    assert [(event.start, event.end) for event in read] == [
        (one.span.start_ms, one.span.end_ms) for one in found
    ]


def test_a_name_is_plain_text_in_every_form() -> None:
    name = "<b>Zoë</b> {\\an8} & 🙂 할머니"
    found = [Sighting(name, "trip.mp4", TimeSpan(0, 3_600_500))]
    (shown,) = pysubs2.SSAFile.from_string(FORMS["srt"](found), format_="srt")
    assert shown.plaintext == "‹b›Zoë‹/b› (\\an8) & 🙂 할머니"
    cue = FORMS["vtt"](found).splitlines()[-1]
    assert "<" not in cue
    assert html.unescape(cue) == name
    assert "01:00:00.500" in FORMS["vtt"](found)


@given(_sightings)
def test_a_table_is_read_back_whole(found: list[Sighting]) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMS["csv"](found), newline="")))
    assert [(row["person"], row["video"]) for row in rows] == [(one.person, one.video) for one in found]
    times = [(round(float(row["start_s"]) * 1000), round(float(row["end_s"]) * 1000)) for row in rows]
    assert times == [(one.span.start_ms, one.span.end_ms) for one in found]


def test_nobody_seen_is_a_file_all_the_same() -> None:
    assert FORMS["srt"]([]) == ""
    assert FORMS["vtt"]([]) == "WEBVTT\n"
    assert FORMS["csv"]([]).strip() == "person,video,start_s,end_s"


@given(_spans, st.data())
def test_a_face_is_seen_around_its_moments_and_in_its_scene(scene: TimeSpan, data: st.DataObject) -> None:
    inside = st.integers(scene.start_ms, scene.end_ms - 1)
    moments = data.draw(st.lists(inside, min_size=1, max_size=5))
    seen = stretch(moments, scene)
    assert scene.start_ms <= seen.start_ms <= min(moments)
    assert max(moments) < seen.end_ms <= scene.end_ms


@given(_spans)
def test_a_face_in_every_picture_fills_its_scene(scene: TimeSpan) -> None:
    count = look_count(scene.length_ms)
    moments = [scene.start_ms + scene.length_ms * (2 * number + 1) // (2 * count) for number in range(count)]
    assert stretch(moments, scene) == scene


def test_where_the_scene_is_not_known_half_a_second_is_taken() -> None:
    assert stretch([300, 2_000], None) == TimeSpan(0, 2_500)

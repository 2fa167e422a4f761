"""A hit tells when the line is said that answers, in a scene that may last for minutes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heimdex_desktop.domain.contracts import Purpose
from heimdex_desktop.domain.scene import (
    TEXT,
    Box,
    Scene,
    ScreenText,
    SeenPerson,
    Segment,
    Sight,
    Transcript,
    scene_id,
)
from heimdex_desktop.domain.search import Hit
from heimdex_desktop.domain.video import TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.likeness import no_encoder
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import SynonymEncoder, vectors_of, video_id

_ENCODER = SynonymEncoder()
_SPAN = TimeSpan(60_000, 180_000)
_SAID = (
    (61_000, "Good morning and welcome."),
    (75_000, "The train leaves at noon."),
    (90_500, "My grandmother bakes pancakes"),
    (93_000, "with blueberries every Sunday."),
    (120_000, "The train was late again."),
)
_FACE = Box(0.25, 0.125, 0.5, 0.75)
_PEOPLE = (
    SeenPerson("ann", "Ann", 0.8, 4, Sight(100_000, 110_000, _FACE)),
    SeenPerson("bob", "Bob", 0.9, 2, Sight(140_000, 141_000, _FACE)),
    SeenPerson("cem", "Cem", 0.95, 1),
)
_WRITTEN = ((70_000, "Platform nine"), (150_000, "Way out to the harbour"))


_SEGMENTS = tuple(Segment(TimeSpan(at_ms, at_ms + 2_000), text) for at_ms, text in _SAID)
_TEXTS = tuple(ScreenText(text, 0.9, Box(0, 0, 1, 1), at_ms) for at_ms, text in _WRITTEN)


def scene(span: TimeSpan, *segments: Segment) -> Scene:
    return Scene(
        scene_id(video_id("talk"), span),
        span,
        transcript=Transcript(segments, "en"),
        screen_texts=_TEXTS,
        people=_PEOPLE,
    )


def publish_scenes(folder: Path, *scenes: Scene) -> None:
    video = Video(video_id("talk"), (Path("/talk.mp4"),), size_bytes=1)
    record = VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), scenes)
    store = SceneStore(folder, [_ENCODER.column])
    store.publish(record, {_ENCODER.column: vectors_of(record, _ENCODER)}, {}, "fingerprint")


def searcher_of(folder: Path) -> Searcher:
    names = {one.name: (one.person_id,) for one in _PEOPLE}
    return Searcher(
        folder, lambda role, _: _ENCODER if role == TEXT else None, TagWords({}), people=lambda: names
    )


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    publish_scenes(tmp_path, scene(_SPAN, *_SEGMENTS))
    return searcher_of(tmp_path)


def best(searcher: Searcher, query: str) -> Hit:
    (hit,) = searcher.search(query).hits
    return hit


@pytest.mark.parametrize(
    ("query", "at_ms"),
    [
        ("welcome", 61_000),
        ("train noon", 75_000),
        ("late train", 120_000),
        ('"leaves at noon"', 75_000),
        ("train", 75_000),
        ("grandmother blueberries", 90_500),
        ("platform", 70_000),
        ("harbour", 150_000),
        ("harbonr", 150_000),
    ],
)
def test_words_tell_the_moment(searcher: Searcher, query: str, at_ms: int) -> None:
    hit = best(searcher, query)
    assert hit.at_ms == at_ms
    assert searcher.placed(hit).at_ms == at_ms


def test_other_words_of_the_same_meaning_tell_it_once_the_lines_are_encoded(searcher: Searcher) -> None:
    hit = best(searcher, "railway departure midday")
    assert hit.found_at_ms is None
    assert hit.at_ms == _SPAN.start_ms
    _ENCODER.asked.clear()
    placed = searcher.placed(hit)
    assert placed == replace(hit, found_at_ms=75_000)
    assert _ENCODER.asked == [Purpose.PASSAGE]


def test_meaning_decides_where_a_chance_word_is_said_elsewhere(searcher: Searcher) -> None:
    """One of three words is said at the start of another line; all three are meant here."""
    hit = best(searcher, "granny crepes blueberries")
    assert searcher.placed(hit).at_ms == 90_500


def test_a_hit_of_browsing_is_the_whole_scene(searcher: Searcher) -> None:
    (hit,) = searcher.browse().hits
    assert searcher.placed(hit) == hit
    assert hit.at_ms == _SPAN.start_ms


def test_the_moment_by_words_is_there_without_any_encoder(tmp_path: Path, searcher: Searcher) -> None:
    del searcher
    bare = Searcher(tmp_path, no_encoder, TagWords({}))
    hit = best(bare, "train noon")
    assert bare.placed(hit).at_ms == 75_000


def test_a_sequence_begins_at_the_moment_of_its_first_part(tmp_path: Path) -> None:
    later = TimeSpan(180_000, 200_000)
    ends = Segment(TimeSpan(190_000, 192_000), "We arrive at the harbour.")
    publish_scenes(tmp_path, scene(_SPAN, *_SEGMENTS), scene(later, ends))
    (hit,) = searcher_of(tmp_path).search("train noon >> arrive harbour within 5min").hits
    assert (hit.at_ms, hit.then[0].span) == (75_000, later)


@pytest.mark.parametrize(
    ("query", "at_ms"),
    [
        ("@Ann", 100_000),
        ("@Bob", 140_000),
        ("@Bob @Ann", 100_000),
        ("@Bob or @Cem", 140_000),
        ("@Cem", _SPAN.start_ms),
        ("-@Zoe train noon", 75_000),
        ("@Ann train noon", 75_000),
    ],
)
def test_a_face_tells_the_moment_where_no_word_does(searcher: Searcher, query: str, at_ms: int) -> None:
    assert best(searcher, query).at_ms == at_ms


def test_the_meaning_of_a_line_tells_it_before_a_face_does(searcher: Searcher) -> None:
    hit = best(searcher, "@Ann railway departure midday")
    assert hit.at_ms == 100_000
    assert searcher.placed(hit).at_ms == 75_000


def test_the_face_of_whom_it_is_surest_is_shown(searcher: Searcher) -> None:
    assert best(searcher, "@Ann @Bob").sight == Sight(140_000, 141_000, _FACE)
    assert best(searcher, "@Ann @Cem").sight == Sight(100_000, 110_000, _FACE)
    assert best(searcher, "train noon").sight is None

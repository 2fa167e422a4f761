"""What the database lets through is what the conditions mean, whatever was typed into them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import lancedb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lancedb.table import Table

from heimdex_desktop.domain.filters import (
    Before,
    Comparison,
    Content,
    During,
    Filter,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    OfVideo,
    Period,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.scene import Box, Scene, ScreenText, Segment, Transcript, scene_id
from heimdex_desktop.domain.search import Query
from heimdex_desktop.domain.video import MediaInfo, TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.clauses import condition_of
from heimdex_desktop.index.conditions import Conditions
from heimdex_desktop.index.memory import Memory
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import video_id

_HOME = PurePosixPath("/home/minji")
_TAGS = TagWords({"night": ("night", "밤"), "red": ("red",)})
_BOX = Box(0.1, 0.8, 0.9, 0.9)
_WORDS = (
    "the sea was calm",
    "학습의 역사",
    "carpet and cars",
    "O'Brien said 100% \\ yes",
    "",
)
_PLACES = (
    ("/home/minji/Films/Sommer 2024/a.mp4",),
    ('/home/minji/films/It\'s "quoted"/b.mp4', "/mnt/Drive/영화/b.mp4"),
    ("C:/Users/Minji/Videos/c.mp4",),
)


def _media(number: int) -> MediaInfo | None:
    made = (datetime(2024, 1 + number, 15, 12, tzinfo=UTC), None, datetime(1999, 12, 31, 23, 59, tzinfo=UTC))
    sizes = ((1920, 1080), (720, 1280), (3840, 2160))
    width_px, height_px = sizes[number]
    info = MediaInfo(60_000, 25.0, width_px, height_px, 0, "h264", made_at=made[number])
    return None if number == 1 else info


def _record(number: int) -> VideoRecord:
    name = f"video {number}"
    scenes: list[Scene] = []
    for place, words in enumerate(_WORDS):
        span = TimeSpan(place * 20_000, place * 20_000 + 3_000 * (place + 1) + number)
        language = (None, "en", "ko", "pt-BR", "pt")[(place + number) % 5]
        transcript = Transcript((Segment(span, words),), language) if words else Transcript((), None)
        shown = (ScreenText("EXIT the sea", 0.9, _BOX),) if place == 4 else ()
        tags = {"night": 0.8} if place % 2 else {"red": 0.5, "our boat": 0.9}
        scenes.append(
            Scene(scene_id(video_id(name), span), span, transcript=transcript, tags=tags, screen_texts=shown)
        )
    video = Video(video_id(name), tuple(map(Path, _PLACES[number])), 1, _media(number))
    return VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes))


_RECORDS = [_record(number) for number in range(3)]
_SCENES = [(record.video, scene) for record in _RECORDS for scene in record.scenes]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    folder = tmp_path_factory.mktemp("conditions")
    store = SceneStore(folder)
    for record in _RECORDS:
        store.publish(record, {}, {}, "made")
    return lancedb.connect(folder).open_table("scenes")


def _let_through(table: Table, query: Query, phrases: tuple[str, ...] = ()) -> set[str]:
    """Ask the database, and make sure that memory says the same."""
    only = Conditions(_TAGS.named, _HOME).of(query, phrases)
    search = table.search().select(["scene_id"]).with_row_id(True).limit(1_000)
    rows = (search.where(condition_of(only)) if only else search).to_arrow()
    every = table.search().select(["_rowid"]).limit(1_000).to_arrow()["_rowid"].to_numpy()
    memory = Memory()
    memory.follow(table)
    assert set(every[memory.are_meeting(every, only)]) == set(rows["_rowid"].to_pylist())
    assert memory.count_meeting(only) == len(rows)
    return set(rows["scene_id"].to_pylist())


def _meets(condition: Filter, video: Video, scene: Scene) -> bool:
    match condition:
        case Not(inner):
            return not _meets(inner, video, scene)
        case InFolder():
            return any(condition.holds(place, _HOME) for place in video.locations)
        case HasTag(tag):
            return {"밤": "night"}.get(tag.casefold(), tag.casefold()) in scene.tags
        case SpokenIn():
            return condition.holds(scene.transcript.language)
        case Has(content):
            held = {Content.SPEECH: scene.transcript.text, Content.TEXT: scene.screen_texts}
            return bool(held.get(content))
        case _:
            is_this = isinstance(condition, OfVideo) and condition.video_id == video.id
            return is_this or _measures(condition, video.media, scene.span.length_ms)


def _measures(condition: Filter, media: MediaInfo | None, length_ms: int) -> bool:
    if isinstance(condition, LongerThan | ShorterThan):
        asked_ms = condition.length_ms
        return length_ms > asked_ms if isinstance(condition, LongerThan) else length_ms < asked_ms
    if isinstance(condition, Resolution) and media:
        return condition.comparison.holds(min(media.width_px, media.height_px), condition.side_px)
    if media is None or media.made_at is None:
        return False
    made = media.made_at.astimezone().date()
    if isinstance(condition, During):
        return condition.period.first <= made < condition.period.end
    return (isinstance(condition, Since) and made >= condition.day) or (
        isinstance(condition, Before) and made < condition.day
    )


_DAYS = st.dates(date(1, 1, 1), date(9999, 12, 30)) | st.dates(date(2023, 12, 1), date(2024, 4, 1))
_FOLDERS = st.text(max_size=12) | st.sampled_from(
    [
        "films",
        "/home/minji/FILMS",
        "~",
        "~/Films",
        "~/films/it's",
        "c:\\users",
        "영화",
        "2024",
        "/mnt",
        "minji/vid",
        "'",
        "%",
    ]
)
_CONDITIONS = st.one_of(
    st.builds(InFolder, _FOLDERS),
    st.builds(HasTag, st.sampled_from(["night", "NIGHT", "밤", "red", "Our Boat", "x' OR true --", ""])),
    st.builds(Since, _DAYS),
    st.builds(Before, _DAYS),
    st.builds(During, st.builds(Period, st.integers(1999, 2025), st.integers(1, 12))),
    st.builds(LongerThan, st.integers(0, 20_000)),
    st.builds(ShorterThan, st.integers(0, 20_000)),
    st.builds(Resolution, st.sampled_from(list(Comparison)), st.sampled_from([720, 1080, 2160])),
    st.builds(SpokenIn, st.sampled_from(["en", "ko", "pt", "pt-br", "p", "' OR true --"])),
    st.builds(PersonCount, st.sampled_from(list(Comparison)), st.integers(0, 3)),
    st.builds(Has, st.sampled_from(list(Content))),
    st.builds(OfVideo, st.sampled_from([video_id("video 0"), video_id("no video")])),
)


@given(st.lists(_CONDITIONS | st.builds(Not, _CONDITIONS), min_size=1, max_size=3))
def test_the_database_means_what_the_conditions_mean(table: Table, conditions: list[Filter]) -> None:
    expected = {scene.id for video, scene in _SCENES if all(_meets(one, video, scene) for one in conditions)}
    assert _let_through(table, Query("", filters=tuple(conditions))) == expected


@given(st.text(), st.text())
def test_whatever_is_typed_narrows_and_never_breaks_out(table: Table, one: str, two: str) -> None:
    everything = {scene.id for _, scene in _SCENES}
    found = _let_through(table, replace(parse(f"{one} -{two} in:{one}"), words=()), (f" {one} ",))
    assert found <= everything
    assert _let_through(table, Query("", filters=(InFolder("\0" + one), Not(InFolder("\0" + one))))) == set()


@pytest.mark.parametrize(
    ("typed", "left_out"),
    [
        ("-sea", "sea"),
        ("-car", "nothing has this word"),
        ("-cars", "cars"),
        ("-학습", "학습"),
        ('-"sea was"', "sea was"),
        ("-밤", "night"),
        ("-O'Brien", "O'Brien"),
        ("@Minji", ""),
    ],
)
def test_what_is_not_wanted_is_left_out(table: Table, typed: str, left_out: str) -> None:
    texts = {scene.id: f"{scene.transcript.text} {scene.tags} {scene.screen_texts}" for _, scene in _SCENES}
    expected = {scene_id for scene_id, text in texts.items() if left_out not in text}
    assert _let_through(table, parse(typed)) == expected


def test_no_condition_lets_everything_through(table: Table) -> None:
    assert _let_through(table, parse("sea")) == {scene.id for _, scene in _SCENES}

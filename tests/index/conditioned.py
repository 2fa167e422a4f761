"""Invented videos that differ in everything a condition can ask for, and what each condition means."""

from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath

from heimdex_desktop.domain.filters import (
    Before,
    Content,
    During,
    Filter,
    Has,
    HasTag,
    InFolder,
    LongerThan,
    Not,
    OfVideo,
    PersonCount,
    Resolution,
    ShorterThan,
    Since,
    SpokenIn,
)
from heimdex_desktop.domain.people import Who, folded_name, holds
from heimdex_desktop.domain.scene import Box, Scene, ScreenText, SeenPerson, Segment, Transcript, scene_id
from heimdex_desktop.domain.video import MediaInfo, TimeSpan, Video
from heimdex_desktop.domain.work import VideoRecord
from heimdex_desktop.index.tag_words import TagWords
from tests.index.samples import video_id

MINJI, JUN, OTHER_JUN, GRANNY = (str(video_id(f"person {number}")) for number in range(4))
PEOPLE = {
    "Minji": (MINJI,),
    "민지": (MINJI,),
    "Jun Park": (JUN,),
    "Jun": (OTHER_JUN, JUN),
    "Oma": (GRANNY,),
    "할머니": (GRANNY,),
}
HOME = PurePosixPath("/home/minji")
TAGS = TagWords({"night": ("night", "밤"), "red": ("red",)})
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


def _people(number: int, place: int) -> tuple[tuple[SeenPerson, ...], int | None]:
    """Return who is seen in a scene, and how many at once: nobody looked at the last video."""
    seen = [
        SeenPerson(person, name, confidence, 4)
        for person, name, confidence, is_there in (
            (MINJI, "Minji", 0.7 + place / 20, place % 2 == 0),
            (JUN, "Jun Park", 0.95, place == number + 1),
            (GRANNY, "Oma", 1.0, place == 4),
        )
        if is_there and number < 2
    ]
    return tuple(seen), None if number == 2 else len(seen) + (place == 3)


def _record(number: int) -> VideoRecord:
    name = f"video {number}"
    scenes: list[Scene] = []
    for place, words in enumerate(_WORDS):
        span = TimeSpan(place * 20_000, place * 20_000 + 3_000 * (place + 1) + number)
        language = (None, "en", "ko", "pt-BR", "pt")[(place + number) % 5]
        transcript = Transcript((Segment(span, words),), language) if words else Transcript((), None)
        shown = (ScreenText("EXIT the sea", 0.9, _BOX),) if place == 4 else ()
        seen, count = _people(number, place)
        tags = {"night": 0.8} if place % 2 else {"red": 0.5, "our boat": 0.9}
        scenes.append(
            Scene(
                scene_id(video_id(name), span),
                span,
                transcript=transcript,
                tags=tags,
                screen_texts=shown,
                people=seen,
                people_count=count,
            )
        )
    video = Video(video_id(name), tuple(map(Path, _PLACES[number])), 1, _media(number))
    return VideoRecord(video, datetime(2026, 1, 1, tzinfo=UTC), tuple(scenes))


RECORDS = [_record(number) for number in range(3)]
SCENES = [(record.video, scene) for record in RECORDS for scene in record.scenes]


def meets(condition: Filter, video: Video, scene: Scene, home: PurePath = HOME) -> bool:
    """Tell whether a scene meets a condition, without a database."""
    match condition:
        case Not(inner):
            return not meets(inner, video, scene, home)
        case InFolder():
            return any(condition.holds(place, home) for place in video.locations)
        case HasTag(tag):
            # A name is read as words are: what is no letter in it makes no difference.
            return any(name in scene.tags for name in TAGS.named(tag) or (tag.casefold(),))
        case SpokenIn():
            return condition.holds(scene.transcript.language)
        case Has(content):
            held = {
                Content.SPEECH: scene.transcript.text,
                Content.TEXT: scene.screen_texts,
                Content.FACES: scene.people_count,
            }
            return bool(held[content])
        case _:
            is_this = isinstance(condition, OfVideo) and condition.video_id == video.id
            return (
                is_this
                or _counts(condition, scene)
                or _measures(condition, video.media, scene.span.length_ms)
            )


def are_there(who: Who | None, scene: Scene) -> bool:
    """Tell whether those are seen in a scene who have to be, without a database."""
    there = {one.person_id for one in scene.people}
    names = {folded_name(name): people for name, people in PEOPLE.items()}
    return who is None or holds(who, lambda name: not there.isdisjoint(names.get(folded_name(name), ())))


def _counts(condition: Filter, scene: Scene) -> bool:
    if not isinstance(condition, PersonCount) or scene.people_count is None:
        return False
    return condition.comparison.holds(scene.people_count, condition.count)


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

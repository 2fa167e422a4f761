"""The words come out of subtitle files and tracks whole, once, and at the right time."""

from collections.abc import Generator
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import FileGone, InputError
from heimdex_desktop.domain.scene import Segment, Transcript, TranscriptSource
from heimdex_desktop.domain.video import SubtitleTrack, TimeSpan
from heimdex_desktop.media.probe import probe
from heimdex_desktop.media.subtitles import read_subtitle_file, read_subtitle_track
from tests.media.conftest import RED, MakeClip

SRT = "1\n00:00:01,000 --> 00:00:02,500\n{}\n"


def at(start_ms: int, end_ms: int, text: str) -> Segment:
    return Segment(TimeSpan(start_ms, end_ms), text)


def written(folder: Path, text: str, name: str = "clip.srt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def finish(work: Generator[float, None, Transcript]) -> tuple[list[float], Transcript]:
    fractions: list[float] = []
    while True:
        try:
            fractions.append(next(work))
        except StopIteration as end:
            return fractions, end.value


def test_subrip(tmp_path: Path) -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}<i>The train</i>\nleaves at noon.\n\n"
        '2\n01:00:00,000 --> 01:00:01,000\n- Tom &amp; <font color="red">Ann</font>\n'
    )
    transcript = read_subtitle_file(written(tmp_path, text))
    assert transcript.segments == (
        at(1000, 2500, "The train leaves at noon."),
        at(3_600_000, 3_601_000, "- Tom & Ann"),
    )
    assert transcript.source is TranscriptSource.SUBTITLE_FILE
    assert transcript.language is None


def test_webvtt(tmp_path: Path) -> None:
    text = (
        "WEBVTT\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE not shown\n\n"
        "intro\n00:01.000 --> 00:02.000 align:start position:0%\n"
        "<v Ann>Hello <00:00:01.500><c.yellow>there</c></v>\n"
    )
    assert read_subtitle_file(written(tmp_path, text, "clip.vtt")).segments == (
        at(1000, 2000, "Hello there"),
    )


def test_ass(tmp_path: Path) -> None:
    text = (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
        "Style: Default,Arial,16\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\pos(1,2)}First snow\\Nof {\\b1}winter\n"
        "Dialogue: 1,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\blur3}First snow\\Nof winter\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,only for editors\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,x,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}\n"
    )
    assert read_subtitle_file(written(tmp_path, text, "clip.ass")).segments == (
        at(5000, 6000, "First snow of winter"),
    )


def test_the_content_tells_the_format_not_the_suffix(tmp_path: Path) -> None:
    path = written(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "clip.srt")
    assert read_subtitle_file(path).segments == (at(1000, 2000, "Hello"),)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "오늘 저녁에 뭐 먹을까?"),
        ("utf-8-sig", "Où est la gare ?"),
        ("utf-16", "今日は天気がいいですね。"),
        ("utf-16-le", "오늘 저녁에 뭐 먹을까?"),
        ("utf-16-be", "Он открыл дверь."),
        ("utf-32", "first snow"),
        ("cp949", "오늘 저녁에 뭐 먹을까?"),
        ("cp932", "今日は天気がいいですね。"),
        ("gb18030", "今天天气很好，我们去公园吧。"),
        ("big5", "今天天氣很好，我們去公園吧。"),
        ("cp1251", "Он открыл дверь и медленно вошёл в комнату."),
        ("latin-1", "Garçon, l'addition s'il vous plaît. C'était très bon."),
        ("cp1250", "Dziękuję bardzo, Łódź jest piękna i żegnaj."),
        ("cp1252", "¿Cómo estás, señor?"),
    ],
)
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    path = written(tmp_path, SRT.format(text), encoding=encoding)
    assert read_subtitle_file(path).segments == (at(1000, 2500, text),)


def test_the_language_in_the_name_settles_what_bytes_leave_open(tmp_path: Path) -> None:
    short = SRT.format("你好")
    assert read_subtitle_file(written(tmp_path, short, "clip.zh.srt", "gb18030")).text == "你好"


def test_a_broken_letter_does_not_change_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "clip.srt"
    path.write_bytes(SRT.format("첫눈이 내리는 겨울 아침에 우리는 산책을 했습니다").encode()[:-2] + b"\n")
    assert read_subtitle_file(path).text.startswith("첫눈이 내리는 겨울")


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("clip.en.srt", "안녕하세요", "en"),
        ("clip.kor.srt", "hello", "ko"),
        ("clip.pt-BR.forced.srt", "olá", "pt-BR"),
        ("clip.srt", "안녕하세요 Tom", "ko"),
        ("clip.srt", "彼はドアを開けた", "ja"),
        ("clip.srt", "今天天气很好", None),
        ("clip.srt", "Guten Tag", None),
        ("This.Is.It.srt", "well", None),
    ],
)
def test_the_language_is_named_or_certain_or_unknown(
    tmp_path: Path, name: str, text: str, language: str | None
) -> None:
    assert read_subtitle_file(written(tmp_path, SRT.format(text), name)).language == language


def test_odd_times_are_mended(tmp_path: Path) -> None:
    text = (
        "2\n00:00:09,000 --> 00:00:08,000\nreversed\n\n1\n00:00:01,000 --> 00:00:01,000\nan instant\n\n"
        "3\n00:00:20,000 --> 09:00:00,000\nwithout an end\n\n4\n00:00:30,000 --> 00:00:31,000\n\n\n"
        "5\n00:00:40,000 --> 00:00:41,000\nlast\n"
    )
    assert read_subtitle_file(written(tmp_path, text)).segments == (
        at(1000, 1000, "an instant"),
        at(8000, 9000, "reversed"),
        at(20_000, 80_000, "without an end"),
        at(40_000, 41_000, "last"),
    )


@pytest.mark.parametrize(
    "raw", [b"", b"just a note about the film", b"\x00\x01\x02\xff" * 400, b"{\\rtf1}", b"\xff\xfe"]
)
def test_what_is_no_subtitle_file_is_refused_in_plain_words(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "clip.srt"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"clip\.srt") as refusal:
        read_subtitle_file(path)
    assert refusal.value.advice


def test_a_file_of_comments_only_says_nothing(tmp_path: Path) -> None:
    assert read_subtitle_file(written(tmp_path, "WEBVTT\n\nNOTE nothing\n", "clip.vtt")).segments == ()


def test_a_missing_file_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        read_subtitle_file(tmp_path / "clip.srt")


def test_a_real_korean_file_of_the_old_encoding(real_media: Path) -> None:
    transcript = read_subtitle_file(real_media / "subs/news_ko_cp949.srt")
    assert transcript.language == "ko"
    assert len(transcript.segments) == 25
    assert transcript.segments[1] == at(8345, 11_339, "오늘 뉴스룸이 주목한 단어는 저돌입니다")


@pytest.mark.parametrize(
    ("codec", "name"),
    [("mov_text", "clip.mp4"), ("srt", "clip.mkv"), ("ass", "clip.mkv"), ("webvtt", "clip.mkv")],
)
def test_tracks_of_every_text_codec(make_clip: MakeClip, codec: str, name: str) -> None:
    lines = [(200, 500, "first snow"), (700, 900, "오늘의\\N뉴스")]
    clip = make_clip(name, tracks=[(codec, "kor", lines)])
    (track,) = probe(clip).subtitle_tracks
    fractions, transcript = finish(read_subtitle_track(clip, track))
    assert transcript == Transcript(
        (at(200, 500, "first snow"), at(700, 900, "오늘의 뉴스")), "ko", TranscriptSource.SUBTITLE_TRACK
    )
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)


def test_track_times_count_from_the_first_frame(make_clip: MakeClip) -> None:
    clip = make_clip(
        "late.mkv",
        shots=[(RED, 1000)],
        start_ms=1000,
        tracks=[("srt", "eng", [(400, 600, "before"), (800, 1500, "begins early"), (1600, 1900, "in time")])],
    )
    _, transcript = finish(read_subtitle_track(clip, SubtitleTrack(1, "subrip", "en")))
    assert transcript.segments == (at(0, 500, "begins early"), at(600, 900, "in time"))


def test_the_track_asked_for_is_the_one_read(make_clip: MakeClip) -> None:
    clip = make_clip(
        "two.mkv", tracks=[("srt", "kor", [(0, 500, "하나")]), ("ass", "eng", [(0, 500, "one")])]
    )
    texts = [finish(read_subtitle_track(clip, track))[1].text for track in probe(clip).subtitle_tracks]
    assert texts == ["하나", "one"]


def test_a_track_that_is_not_there_any_more_is_said_so(make_clip: MakeClip) -> None:
    with pytest.raises(InputError, match=r"clip\.mp4"):
        finish(read_subtitle_track(make_clip(), SubtitleTrack(7, "subrip")))


def test_stopping_half_way_lets_go_of_the_file(make_clip: MakeClip) -> None:
    lines = [(number * 100, number * 100 + 80, f"line {number}") for number in range(9)]
    clip = make_clip("clip.mkv", tracks=[("srt", "eng", lines)])
    work = read_subtitle_track(clip, SubtitleTrack(1, "subrip", "en"))
    next(work)
    assert 0 < next(work) <= 1
    work.close()
    links = Path("/proc/self/fd")
    assert not links.is_dir() or clip not in {link.resolve() for link in links.iterdir()}
    clip.rename(clip.with_name("moved.mkv"))


@pytest.mark.parametrize(
    ("name", "number", "first", "count"),
    [
        ("robust/srt_in_mkv.mkv", 0, at(1000, 3000, "Line 1"), 2),
        ("robust/ssa_in_mkv.mkv", 0, at(0, 433, "This is the first subtitle."), 1),
        ("robust/webvtt_in_mkv.mkv", 0, at(523, 1016, "oop"), 2),
        ("composites/multitrack.mkv", 0, at(600, 1323, "감사드립니다"), 12),
        (
            "composites/multitrack.mkv",
            1,
            at(1000, 4500, "close-up of feet riding a skateboard on a sidewalk"),
            6,
        ),
        (
            "shots/nasa_mirror.mp4",
            0,
            at(210, 4260, "NAR: This is the optical and science segment of the Webb"),
            4,
        ),
    ],
)
def test_real_tracks(real_media: Path, name: str, number: int, first: Segment, count: int) -> None:
    track = probe(real_media / name).subtitle_tracks[number]
    _, transcript = finish(read_subtitle_track(real_media / name, track))
    assert transcript.segments[0] == first
    assert len(transcript.segments) == count

"""What a file is said to hold is what is in it, whatever its header claims."""

import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from av.stream import Disposition
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.errors import FileGone, HeimdexError, NoVideoStream, UnreadableVideo
from heimdex_desktop.domain.video import SubtitleTrack
from heimdex_desktop.media.decoding import FASTEST_HZ, SLOWEST_HZ
from heimdex_desktop.media.frames import read_frames
from heimdex_desktop.media.probe import probe
from heimdex_desktop.media.timing import frame_rate
from tests.media.conftest import BLUE, RED, MakeClip

# Every file of the real set that must be refused, with the error and a word of its sentence.
REFUSED: dict[str, tuple[type[HeimdexError], str]] = {
    "robust/audio_only_mp4.mp4": (NoVideoStream, "sound but no picture"),
    "robust_made/jpeg_renamed.mp4": (UnreadableVideo, "is a picture"),
    "robust_made/random_bytes.mkv": (UnreadableVideo, "not a video"),
    "robust_made/text_renamed.mp4": (UnreadableVideo, "not a video"),
    "robust_made/truncated_no_moov.mp4": (UnreadableVideo, "cut off"),
    "robust_made/zero_byte.mp4": (UnreadableVideo, "is empty"),
}
FOLDERS = ("clips", "shots", "people", "composites", "robust", "robust_made")


def test_a_clip_is_described_as_it_was_made(make_clip: MakeClip) -> None:
    media = probe(make_clip(shots=[(RED, 400), (BLUE, 600)], size=(64, 48), audio_ms=3000))
    assert media.duration_ms == 1000
    assert media.frame_rate == 25
    assert (media.width_px, media.height_px, media.rotation_deg) == (64, 48, 0)
    assert media.video_codec == "h264"
    assert media.audio_codecs == ("aac",)
    assert media.subtitle_tracks == ()


@pytest.mark.parametrize(
    ("turns", "size", "degrees"), [(1, (48, 64), 90), (2, (64, 48), 180), (3, (48, 64), 270)]
)
def test_the_size_is_the_upright_one(
    make_clip: MakeClip, turns: int, size: tuple[int, int], degrees: int
) -> None:
    media = probe(make_clip(quarter_turns_right=turns))
    assert (media.width_px, media.height_px) == size
    assert media.rotation_deg == degrees


def test_the_size_is_that_of_the_pictures(make_clip: MakeClip) -> None:
    clip = make_clip(aspect=Fraction(4, 3), quarter_turns_right=1)
    media = probe(clip)
    assert next(read_frames(clip)).image.shape == (media.height_px, media.width_px, 3) == (85, 48, 3)


def test_time_before_the_first_frame_does_not_count(make_clip: MakeClip) -> None:
    assert probe(make_clip("late.mkv", start_ms=5000)).duration_ms == 1000


def test_a_variable_frame_rate_does_not_bend_the_duration(make_clip: MakeClip) -> None:
    stamps_ms = [0, 40, 80, 120, 3000, 3040]
    media = probe(make_clip(shots=[(RED, 240)], stamps_ms=stamps_ms))
    assert media.duration_ms == pytest.approx(3080, abs=40)


def test_a_stream_without_times_or_length_has_at_least_a_frame(make_clip: MakeClip) -> None:
    media = probe(make_clip("raw.h264"))
    assert media.duration_ms >= 40
    assert SLOWEST_HZ <= media.frame_rate <= FASTEST_HZ


def test_subtitle_tracks_have_bcp_47_languages(make_clip: MakeClip) -> None:
    lines = [(0, 500, "line")]
    tracks = [("srt", "kor", lines), ("ass", "und", lines), ("webvtt", "ger", lines)]
    assert probe(make_clip("clip.mkv", tracks=tracks)).subtitle_tracks == (
        SubtitleTrack(1, "subrip", "ko"),
        SubtitleTrack(2, "ass", None),
        SubtitleTrack(3, "webvtt", "de"),
    )


def test_whole_and_default_tracks_come_first(make_clip: MakeClip) -> None:
    tracks = [("srt", language, [(0, 500, "line")]) for language in ("eng", "fra", "kor")]
    marks = [Disposition.forced, Disposition(0), Disposition.default]
    assert probe(make_clip("clip.mkv", tracks=tracks, dispositions=marks)).subtitle_tracks == (
        SubtitleTrack(3, "subrip", "ko"),
        SubtitleTrack(2, "subrip", "fr"),
        SubtitleTrack(1, "subrip", "en", "(forced)"),
    )


def test_half_a_file_has_half_the_length(make_clip: MakeClip) -> None:
    clip = make_clip(shots=[(RED, 8000)], options={"movflags": "faststart"}, sync_every=1)
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) * 6 // 10])
    last = list(read_frames(clip))[-1]
    assert 1000 < last.at_ms < 6000
    assert probe(clip).duration_ms == pytest.approx(last.at_ms + 40, abs=40)


def test_a_playlist_is_not_followed(make_clip: MakeClip, tmp_path: Path) -> None:
    make_clip("secret.ts")
    playlist = tmp_path / "film.mp4"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(UnreadableVideo):
        probe(playlist)


def test_a_still_picture_in_a_video_wrapping_is_refused(real_media: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "film.mp4"
    shutil.copy(real_media / "faces_robust/8bit-sRGB.avif", renamed)
    with pytest.raises(UnreadableVideo, match="is a picture"):
        probe(renamed)


def test_a_subtitle_file_is_no_video(real_media: Path) -> None:
    with pytest.raises(UnreadableVideo):
        probe(real_media / "subs/ai_explainer.srt")


def test_a_missing_file_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        probe(tmp_path / "film.mp4")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_is_probed_or_refused_in_plain_words(real_media: Path, folder: str) -> None:
    files = sorted(path for path in (real_media / folder).rglob("*") if path.is_file())
    assert files
    for file in files:
        name = file.relative_to(real_media).as_posix()
        if name in REFUSED:
            kind, words = REFUSED[name]
            with pytest.raises(kind, match=words) as refusal:
                probe(file)
            assert file.name in refusal.value.sentence
            assert refusal.value.advice
        else:
            media = probe(file)
            frames = read_frames(file)
            frame = next(frames)
            frames.close()
            assert frame.at_ms == 0
            assert frame.image.shape == (media.height_px, media.width_px, 3), name
            assert 40 < media.duration_ms < 130_000, name
            assert 0.9 < media.frame_rate < 61, name


@pytest.mark.parametrize(
    ("name", "duration_ms", "rate"),
    [
        ("robust/bogus_duration.mp4", 1001, 29.97),
        ("robust/no_duration.webm", 4938, 14.985),
        ("robust/delayed_start.mp4", 960, 25),
        ("robust/flv_sample.flv", 1000, 29.97),
        ("robust/ssa_in_mkv.mkv", 1000, 29.97),
        ("robust/h265_ts.ts", 1000, 30),
        ("robust_made/one_frame.mp4", 50, 20),
        ("composites/news_ko.mp4", 122_100, 30),
    ],
)
def test_lying_headers_are_seen_through(real_media: Path, name: str, duration_ms: int, rate: float) -> None:
    media = probe(real_media / name)
    assert media.duration_ms == pytest.approx(duration_ms, abs=2)
    assert media.frame_rate == pytest.approx(rate, rel=0.002)


@pytest.mark.parametrize(
    ("name", "size", "degrees"),
    [
        ("robust/rotated_1080p.mp4", (1080, 1920), 90),
        ("robust/rotated90_tiny.mp4", (60, 80), 270),
        ("robust/sar_2by3.mp4", (427, 360), 0),
        ("robust/one_px.mp4", (1, 1), 0),
        ("robust/odd_dimensions.webm", (161, 121), 0),
        ("shots/tv_show.mp4", (427, 240), 0),
    ],
)
def test_odd_shapes_are_understood(real_media: Path, name: str, size: tuple[int, int], degrees: int) -> None:
    media = probe(real_media / name)
    assert (media.width_px, media.height_px) == size
    assert media.rotation_deg == degrees


def test_real_subtitle_tracks_are_listed(real_media: Path) -> None:
    tracks = probe(real_media / "composites/multitrack.mkv").subtitle_tracks
    assert tracks == (SubtitleTrack(3, "subrip", "ko"), SubtitleTrack(4, "ass", "en"))


@given(
    st.lists(st.integers(-(2**40), 2**40), max_size=30),
    st.fractions(min_value=Fraction(1, 90_000), max_value=1),
    st.lists(st.none() | st.fractions(min_value=-1, max_value=100_000), max_size=2),
)
def test_a_frame_rate_is_always_plausible(
    stamps: list[int], tick_s: Fraction, declared: list[Fraction | None]
) -> None:
    assert SLOWEST_HZ <= frame_rate(stamps, tick_s, declared) <= FASTEST_HZ


@given(st.integers(1, 240), st.integers(2, 200), st.integers(-(10**9), 10**9))
def test_time_stamps_overrule_the_header(rate_hz: int, count: int, start: int) -> None:
    stamps = [start + number * 90_000 // rate_hz for number in range(count)]
    measured = frame_rate(stamps, Fraction(1, 90_000), [Fraction(1000), Fraction(0), None])
    assert measured == pytest.approx(rate_hz, rel=0.01)


@given(st.permutations(list(range(0, 400, 33))))
def test_the_order_of_packets_does_not_matter(stamps: list[int]) -> None:
    assert frame_rate(stamps, Fraction(1, 1000), [Fraction(30)]) == 30
    assert frame_rate(stamps, Fraction(1, 1000)) == Fraction(1000, 33)

"""The sound of a video comes as one line of samples that keeps time with the picture."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from av.stream import Disposition, Stream

from heimdex_desktop.domain.contracts import SOUND_RATE, Sound
from heimdex_desktop.domain.errors import FileGone, InputError, UnreadableVideo
from heimdex_desktop.media.sound import read_sound
from tests.media.conftest import MakeClip
from tests.speech import film, lay_out, silence, tone, white_noise

LOUD = 0.05
CODEC_MS = 12
"""Lossy coding smears a sharp start by so much."""


def heard(path: Path, *, start_ms: int = 0, end_ms: int | None = None) -> Sound:
    blocks = list(read_sound(path, start_ms=start_ms, end_ms=end_ms))
    return np.concatenate([silence(0), *blocks])


def onset_ms(sound: Sound) -> float:
    return float(np.flatnonzero(np.abs(sound) > LOUD)[0]) * 1000 / SOUND_RATE


def length_ms(sound: Sound) -> float:
    return len(sound) * 1000 / SOUND_RATE


def beep_at(*moments_ms: int, whole_ms: int = 4000) -> Sound:
    return lay_out(whole_ms, [(at_ms, tone(200, 800)) for at_ms in moments_ms])


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.ts"])
@pytest.mark.parametrize("sound_at_ms", [0, 600, -600])
def test_a_beep_is_heard_when_it_is_seen(tmp_path: Path, name: str, sound_at_ms: int) -> None:
    rate_hz = 48_000 if name.endswith(".webm") else 16_000
    clip = film(tmp_path / name, beep_at(2000), sound_at_ms=sound_at_ms, rate_hz=rate_hz)
    assert onset_ms(heard(clip)) == pytest.approx(2000 + sound_at_ms, abs=CODEC_MS)


def test_avi_cannot_say_that_its_encoder_was_late(tmp_path: Path) -> None:
    assert onset_ms(heard(film(tmp_path / "a.avi", beep_at(2000)))) == pytest.approx(2000, abs=100)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_any_rate_becomes_ours(tmp_path: Path, rate_hz: int) -> None:
    sound = heard(film(tmp_path / "a.mkv", beep_at(3000), rate_hz=rate_hz))
    assert sound.dtype == np.float32
    assert onset_ms(sound) == pytest.approx(3000, abs=2)
    assert length_ms(sound) == pytest.approx(4000, abs=2)


def test_lossless_sound_comes_out_as_it_went_in(tmp_path: Path) -> None:
    sound = white_noise(3000)
    np.testing.assert_allclose(heard(film(tmp_path / "a.mkv", sound)), sound, atol=1e-4)


def test_the_channels_are_mixed_without_overshooting(tmp_path: Path) -> None:
    clip = with_tracks(tmp_path / "a.mkv", [np.stack([tone(1000, 400) * 3] * 2)])
    assert 0.85 <= np.abs(heard(clip)).max() <= 1.0


def test_a_video_without_sound_gives_no_block(make_clip: MakeClip) -> None:
    assert list(read_sound(make_clip())) == []


def test_beginning_anywhere_is_the_same_as_hearing_on(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", white_noise(40_000))
    whole = heard(clip)
    for start_ms in (0, 20, 7_000, 15_020, 31_240, 39_980):
        np.testing.assert_array_equal(heard(clip, start_ms=start_ms), whole[start_ms * 16 :])


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.avi", "a.ts"])
def test_after_a_seek_the_time_is_right(tmp_path: Path, name: str) -> None:
    sound = beep_at(1000, 21_000, 31_000, whole_ms=40_000)
    clip = film(tmp_path / name, sound, rate_hz=48_000)
    assert onset_ms(heard(clip, start_ms=30_500)) == pytest.approx(
        500, abs=100 if name == "a.avi" else CODEC_MS
    )


def test_it_stops_where_it_is_told(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", beep_at(1000))
    assert length_ms(heard(clip, end_ms=1500)) == 1500
    assert length_ms(heard(clip, start_ms=500, end_ms=1500)) == 1000
    assert length_ms(heard(clip, start_ms=60_000)) == 0


def test_sound_that_begins_late_is_silence_before(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mkv", beep_at(1000), sound_at_ms=15_000, picture_ms=20_000)
    assert onset_ms(heard(clip)) == pytest.approx(16_000, abs=2)
    assert onset_ms(heard(clip, start_ms=14_000)) == pytest.approx(2000, abs=2)


def test_a_gap_in_the_recording_is_silence(tmp_path: Path) -> None:
    clip = remuxed(film(tmp_path / "a.mkv", beep_at(500, 3500)), lambda at_s: not 1.0 <= at_s < 3.0)
    sound = heard(clip)
    beeps = np.abs(sound) > LOUD
    assert beeps[3500 * 16 : 3600 * 16].mean() > 0.5
    assert not beeps[1000 * 16 : 3000 * 16].any()
    assert length_ms(sound) == pytest.approx(4000, abs=2)


def test_damaged_packets_do_not_move_what_follows(tmp_path: Path) -> None:
    clip = remuxed(film(tmp_path / "a.mp4", beep_at(500, 3500)), lambda _: True, damaged_s=(1.0, 3.0))
    beeps = np.abs(heard(clip)) > LOUD
    assert beeps[3520 * 16 : 3680 * 16].mean() > 0.5


def test_recordings_glued_together_follow_each_other(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.ts", beep_at(3000))
    clip.write_bytes(clip.read_bytes() * 2)
    sound = heard(clip)
    first, second = onset_ms(sound), onset_ms(sound[4000 * 16 :]) + 4000
    assert (first, second) == (pytest.approx(3000, abs=30), pytest.approx(7000, abs=150))
    np.testing.assert_array_equal(heard(clip, start_ms=6000), sound[6000 * 16 :])


def test_the_default_track_is_heard_before_the_first_and_a_commentary_last(tmp_path: Path) -> None:
    quiet, loud = silence(1000)[np.newaxis], tone(1000, 400)[np.newaxis]
    default, comment = Disposition.default, Disposition.comment
    for marks, is_loud in (
        ((Disposition(0), default), True),
        ((default, Disposition(0)), False),
        ((Disposition(0), Disposition(0)), False),
        ((comment | default, Disposition(0)), True),
    ):
        clip = with_tracks(tmp_path / "a.mkv", [quiet, loud], marks)
        assert bool(np.abs(heard(clip)).max() > LOUD) is is_loud, marks


def test_blocks_are_small(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mkv", beep_at(100), sound_at_ms=90_000, picture_ms=95_000)
    assert max(len(block) for block in read_sound(clip)) <= 5 * SOUND_RATE


def test_closing_the_generator_closes_the_file(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mp4", white_noise(4000))
    blocks = read_sound(clip)
    next(blocks)
    blocks.close()
    clip.unlink()
    assert list(blocks) == []


def test_sound_that_is_noise_to_the_decoder_is_told(tmp_path: Path) -> None:
    clip = remuxed(film(tmp_path / "a.mkv", tone(4000, 400)), lambda _: True, damaged_s=(-1.0, 9.0))
    with pytest.raises(InputError, match="sound"):
        heard(clip)


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileGone):
        heard(tmp_path / "none.mp4")
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(UnreadableVideo):
        heard(tmp_path / "text.mp4")


@pytest.mark.parametrize(
    "name",
    ["robust/bogus_duration.mp4", "robust/no_duration.webm", "robust/phone_3gp.3gp", "robust/toy_avi.avi"],
)
def test_odd_files_are_heard(real_media: Path, name: str) -> None:
    sound = heard(real_media / name, end_ms=60_000)
    assert 0.5 * SOUND_RATE < len(sound) < 30 * SOUND_RATE
    assert np.abs(sound).max() <= 1.0


def with_tracks(
    path: Path, tracks: list[Sound], marks: tuple[Disposition, ...] = (Disposition(0),) * 2
) -> Path:
    """Write a picture with several sounds, each of shape (channels, n)."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=5)
        video.width, video.height = 32, 32
        streams = [
            container.add_stream("flac", rate=SOUND_RATE, layout="mono" if len(track) == 1 else "stereo")
            for track in tracks
        ]
        for stream, mark in zip(streams, marks, strict=False):
            stream.disposition = mark
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="bgr24")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for stream, track in zip(streams, tracks, strict=True):
            packed = (np.clip(track, -1, 1) * 32767).astype(np.int16).T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=stream.layout.name)
            frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, 0, Fraction(1, SOUND_RATE)
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    return path


def remuxed(
    path: Path, keeps: Callable[[float], bool], *, damaged_s: tuple[float, float] = (0.0, 0.0)
) -> Path:
    """Copy a video without the packets of sound that are not kept, and with others overwritten."""
    changed = path.with_stem("changed")
    with av.open(str(path)) as source, av.open(str(changed), "w") as target:
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in _filled(source.demux()):
            is_sound = packet.stream.type == "audio"
            at_s = float((packet.pts or 0) * packet.time_base)
            if is_sound and not keeps(at_s):
                continue
            if is_sound and damaged_s[0] <= at_s < damaged_s[1]:
                broken = Packet(b"\x55" * packet.size)
                broken.pts, broken.dts, broken.time_base = packet.pts, packet.dts, packet.time_base
                broken.duration = packet.duration
                broken.stream = streams[packet.stream.index]
                target.mux(broken)
                continue
            packet.stream = streams[packet.stream.index]
            target.mux(packet)
    return changed


def _filled(packets: "Iterator[Packet[Stream]]") -> "Iterator[Packet[Stream]]":
    """Leave out the empty packets that PyAV ends each stream with."""
    return (packet for packet in packets if packet.size)

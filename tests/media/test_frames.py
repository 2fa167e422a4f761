"""Pictures come out upright, in order, at the right time, from any file that holds some."""

import unicodedata
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from heimdex_desktop.domain.errors import FileGone, NoAccess, UnreadableVideo
from heimdex_desktop.media.access import access_error
from heimdex_desktop.media.frames import Frame, grab_frames, read_frames
from tests.media.conftest import BLUE, GREEN, RED, WHITE, MakeClip

# H.264 in 4:2:0 does not keep colours to the last bit.
COLOUR_TOLERANCE = 12


def is_colour(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.all(np.abs(pixels.astype(int) - colour) <= COLOUR_TOLERANCE))


def shown_at(frames: list[Frame], moment_ms: int) -> Frame:
    return max((frame for frame in frames if frame.at_ms <= max(0, moment_ms)), key=lambda frame: frame.at_ms)


def test_a_cut_is_seen_at_its_exact_time(make_clip: MakeClip) -> None:
    frames = list(read_frames(make_clip(shots=[(RED, 400), (BLUE, 600)])))
    assert [frame.at_ms for frame in frames] == list(range(0, 1000, 40))
    assert all(is_colour(frame.image, RED) for frame in frames if frame.at_ms < 400)
    assert all(is_colour(frame.image, BLUE) for frame in frames if frame.at_ms >= 400)


def test_images_are_bgr_bytes_that_may_be_written_to(make_clip: MakeClip) -> None:
    frame = next(read_frames(make_clip(size=(64, 48))))
    assert frame.image.shape == (48, 64, 3)
    assert frame.image.dtype == np.uint8
    assert frame.image.flags.c_contiguous
    assert frame.image.flags.writeable


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.avi", "mpeg4"), ("a.mov", "mpeg4"), ("a.ts", "libx264")],
)
def test_every_container_gives_the_same_times(make_clip: MakeClip, name: str, codec: str) -> None:
    # AAC begins before time zero, and AVI cannot say so.
    clip = make_clip(name, codec=codec, audio_ms=0 if name.endswith(".avi") else 1000)
    assert [frame.at_ms for frame in read_frames(clip)] == list(range(0, 1000, 40))


def test_a_variable_frame_rate_keeps_every_time(make_clip: MakeClip) -> None:
    stamps_ms = [0, 10, 500, 540, 2000, 2033]
    clip = make_clip(shots=[(RED, 240)], stamps_ms=stamps_ms)
    assert [frame.at_ms for frame in read_frames(clip)] == stamps_ms


def test_the_first_frame_is_time_zero(make_clip: MakeClip) -> None:
    clip = make_clip("late.mkv", start_ms=1200, shots=[(RED, 200), (BLUE, 200)])
    assert [frame.at_ms for frame in read_frames(clip)] == list(range(0, 400, 40))
    (frame,) = grab_frames(clip, [240])
    assert frame.at_ms == 240
    assert is_colour(frame.image, BLUE)


def test_frames_without_time_stamps_follow_at_the_files_own_rate(make_clip: MakeClip) -> None:
    clip = make_clip("raw.h264", shots=[(RED, 400), (BLUE, 600)])
    times_ms = [frame.at_ms for frame in read_frames(clip)]
    assert len(times_ms) == 25
    assert times_ms[0] == 0
    assert all(later - earlier == 40 for earlier, later in pairwise(times_ms))


def test_recordings_glued_together_follow_each_other(make_clip: MakeClip) -> None:
    clip = make_clip("glued.ts", shots=[(RED, 4000)])
    clip.write_bytes(clip.read_bytes() * 2)
    times_ms = [frame.at_ms for frame in read_frames(clip)]
    assert len(times_ms) >= 195
    assert times_ms == sorted(set(times_ms))
    assert times_ms[-1] == pytest.approx(7960, abs=200)


def test_where_no_seek_is_possible_frames_are_still_found(make_clip: MakeClip) -> None:
    clip = make_clip("raw.h264", shots=[(RED, 400), (BLUE, 3600)])
    frames = list(grab_frames(clip, [3000, 100, 440, 200]))
    assert [frame.at_ms for frame in frames] == [3000, 80, 440, 200]
    assert [is_colour(frame.image, RED) for frame in frames] == [False, True, False, True]


@pytest.mark.parametrize(("turns", "red_corner"), [(0, (0, 0)), (1, (0, -1)), (2, (-1, -1)), (3, (-1, 0))])
def test_a_turned_phone_gives_upright_pictures(
    make_clip: MakeClip, turns: int, red_corner: tuple[int, int]
) -> None:
    """Turning right moves what is stored in the top left corner to the top right one."""
    stored = np.full((48, 64, 3), WHITE, np.uint8)
    stored[:16, :16] = RED
    (frame,) = read_frames(make_clip(images=[stored], quarter_turns_right=turns))
    assert frame.image.shape == ((48, 64, 3), (64, 48, 3))[turns % 2]
    corners = {(y, x): frame.image[y, x] for y in (0, -1) for x in (0, -1)}
    assert [place for place, pixel in corners.items() if is_colour(pixel, RED)] == [red_corner]


def test_pixels_are_made_square_along_the_width(make_clip: MakeClip) -> None:
    frame = next(read_frames(make_clip(size=(60, 48), aspect=Fraction(4, 3))))
    assert frame.image.shape == (48, 80, 3)


@pytest.mark.parametrize(
    ("limit_px", "shape"), [(32, (24, 32, 3)), (1000, (48, 64, 3)), (None, (48, 64, 3)), (1, (1, 1, 3))]
)
def test_pictures_shrink_to_the_limit_and_never_grow(
    make_clip: MakeClip, limit_px: int | None, shape: tuple[int, ...]
) -> None:
    clip = make_clip(size=(64, 48))
    assert next(read_frames(clip, max_side_px=limit_px)).image.shape == shape
    assert next(grab_frames(clip, [500], max_side_px=limit_px)).image.shape == shape


def test_the_frame_on_screen_is_grabbed_in_the_order_asked(make_clip: MakeClip) -> None:
    clip = make_clip(shots=[(RED, 2000), (GREEN, 2000), (BLUE, 2000)])
    asked_ms = [5990, 100, 3999, 2000, 1999, 6500, -5, 4000]
    frames = list(grab_frames(clip, asked_ms))
    assert [frame.at_ms for frame in frames] == [5960, 80, 3960, 2000, 1960, 5960, 0, 4000]
    colours = [BLUE, RED, GREEN, GREEN, RED, BLUE, RED, BLUE]
    assert all(is_colour(frame.image, colour) for frame, colour in zip(frames, colours, strict=True))


def test_asking_for_nothing_gives_nothing(make_clip: MakeClip) -> None:
    assert list(grab_frames(make_clip(), [])) == []


def test_closing_half_way_lets_go_of_the_file(make_clip: MakeClip) -> None:
    clip = make_clip(shots=[(RED, 4000)])
    for frames in (read_frames(clip), grab_frames(clip, [0, 1000])):
        next(frames)
        frames.close()
        assert not _is_open(clip)


def _is_open(path: Path) -> bool:
    """Windows refuses to rename an open file; Linux lists what is open; others cannot tell."""
    path.rename(path.with_suffix(".moved")).rename(path)
    links = Path("/proc/self/fd")
    return links.is_dir() and path in {link.resolve() for link in links.iterdir()}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_any_script_and_composition_open(make_clip: MakeClip, form: Literal["NFC", "NFD"]) -> None:
    name = unicodedata.normalize(form, "어느 날 – café #1 100%.mp4")
    assert next(read_frames(make_clip(name))).at_ms == 0


def test_a_long_name_opens(make_clip: MakeClip) -> None:
    assert next(read_frames(make_clip("가" * 80 + ".mp4"))).at_ms == 0


def test_a_file_cut_short_gives_what_is_left(make_clip: MakeClip) -> None:
    noise = np.random.default_rng(7)
    images = [noise.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(50)]
    clip = make_clip(images=images, options={"movflags": "faststart"})
    whole = clip.read_bytes()
    clip.write_bytes(whole[: len(whole) // 2])
    times_ms = [frame.at_ms for frame in read_frames(clip)]
    assert 10 <= len(times_ms) < 40
    assert times_ms == [number * 40 for number in range(len(times_ms))]


def test_damage_in_the_middle_does_not_stop_the_film(make_clip: MakeClip) -> None:
    noise = np.random.default_rng(7)
    images = [noise.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(50)]
    clip = make_clip(images=images, options={"movflags": "faststart"}, sync_every=5)
    damaged = bytearray(clip.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 3000] = bytes(3000)
    clip.write_bytes(damaged)
    times_ms = [frame.at_ms for frame in read_frames(clip)]
    assert times_ms[-1] == 49 * 40
    assert len(times_ms) >= 40


def test_a_protected_video_is_told_from_a_broken_one(make_clip: MakeClip) -> None:
    clip = make_clip(
        options={
            "encryption_scheme": "cenc-aes-ctr",
            "encryption_key": "00112233445566778899aabbccddeeff",
            "encryption_kid": "00112233445566778899aabbccddeeff",
        }
    )
    with pytest.raises(UnreadableVideo, match="protected"):
        next(read_frames(clip))


def test_a_missing_file_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"film\.mp4"):
        next(read_frames(tmp_path / "film.mp4"))
    with pytest.raises(FileGone, match=r"film\.mp4"):
        next(grab_frames(tmp_path / "film.mp4", [0]))


def test_a_folder_is_not_a_video(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideo, match="folder"):
        next(read_frames(tmp_path))


@pytest.mark.parametrize("fault", [PermissionError(13, "no"), OSError(5, "input/output error")])
def test_a_drive_that_refuses_is_no_access(tmp_path: Path, fault: OSError) -> None:
    error = access_error(tmp_path / "film.mp4", fault)
    assert isinstance(error, NoAccess)
    assert "film.mp4" in error.sentence
    assert error.advice


@pytest.mark.parametrize(
    "name",
    [
        "clips/eye_makeup.avi",  # B-frames in AVI: stamps repeat
        "robust/no_duration.webm",
        "robust/bogus_duration.mp4",
        "robust/h265_ts.ts",
        "robust_made/truncated_half.mp4",
        "composites/multitrack.mkv",
    ],
)
def test_grabbing_agrees_with_reading(real_media: Path, name: str) -> None:
    frames = list(read_frames(real_media / name, max_side_px=64))
    times_ms = [frame.at_ms for frame in frames]
    assert times_ms == sorted(times_ms)
    end_ms = times_ms[-1]
    asked_ms = [end_ms // 3, end_ms // 2 + 7, 5, end_ms, end_ms + 700]
    for moment_ms, grabbed in zip(
        asked_ms, grab_frames(real_media / name, asked_ms, max_side_px=64), strict=True
    ):
        expected = shown_at(frames, moment_ms)
        assert grabbed.at_ms == expected.at_ms
        same = [frame for frame in frames if frame.at_ms == expected.at_ms]
        assert any(np.array_equal(grabbed.image, frame.image) for frame in same)


def test_grabbing_agrees_with_reading_where_bits_are_damaged(real_media: Path) -> None:
    """Only in times: what a decoder makes of damage depends on where it began."""
    clip = real_media / "robust_made/bitrot.mp4"
    times_ms = [frame.at_ms for frame in read_frames(clip, max_side_px=64)]
    asked_ms = times_ms[::29]
    assert [frame.at_ms for frame in grab_frames(clip, asked_ms, max_side_px=64)] == asked_ms


def test_cover_art_is_not_the_film(real_media: Path) -> None:
    assert next(read_frames(real_media / "robust/cover_art_mkv.mkv")).image.shape == (360, 640, 3)

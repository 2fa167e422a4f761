"""Watching: one pass, honest lengths, bounded memory, closable at any yield."""

from pathlib import Path
from shutil import copyfile

import numpy as np
import pytest

from heimdex_desktop.domain.errors import UnreadableVideo
from heimdex_desktop.domain.video import TimeSpan
from heimdex_desktop.media import opencv
from heimdex_desktop.media.frames import Frame
from heimdex_desktop.media.samples import Sample, Sampler, sample_of, unlikeness
from heimdex_desktop.media.transitions import Trail, glimpse
from heimdex_desktop.media.watching import Watched, watch
from tests.media.conftest import BLUE, GREEN, RED, MakeClip


def watched(path: Path, duration_ms: int = 1000) -> tuple[Watched, list[float]]:
    fractions: list[float] = []
    watching = watch(path, duration_ms)
    while True:
        try:
            fractions.append(next(watching))
        except StopIteration as end:
            return end.value, fractions


def test_shots_and_samples_of_a_clip_are_exact(make_clip: MakeClip) -> None:
    seen, fractions = watched(make_clip(shots=((RED, 1200), (BLUE, 800), (GREEN, 1000))), 3000)
    assert seen.duration_ms == 3000
    assert [shot.span for shot in seen.shots] == [
        TimeSpan(0, 1200),
        TimeSpan(1200, 2000),
        TimeSpan(2000, 3000),
    ]
    assert [sample.at_ms for sample in seen.samples] == [0, 520, 1040, 1560, 2080, 2600]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_the_length_is_that_of_the_frames_not_of_the_claim(make_clip: MakeClip) -> None:
    seen, fractions = watched(make_clip(shots=((RED, 400),)), 143_000_000)
    assert seen.duration_ms == 400
    assert fractions[-1] == 1


def test_a_varying_frame_rate_keeps_its_times(make_clip: MakeClip) -> None:
    stamps_ms = [*range(0, 1000, 20), *range(1000, 3000, 80)]
    pictures = [np.full((48, 64, 3), (0, 0, 200), np.uint8)] * 60
    pictures += [np.full((48, 64, 3), (200, 0, 0), np.uint8)] * 15
    seen, _ = watched(make_clip(images=pictures, stamps_ms=stamps_ms), 3000)
    assert [shot.span.start_ms for shot in seen.shots] == [0, stamps_ms[60]]
    assert seen.duration_ms == stamps_ms[-1] + 80


def test_a_single_frame_is_a_video_of_one_shot(real_media: Path) -> None:
    seen, _ = watched(real_media / "robust_made" / "one_frame.mp4")
    assert len(seen.shots) == len(seen.samples) == 1
    assert seen.duration_ms > 0


def test_closing_early_lets_go_of_the_file(
    real_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heimdex_desktop.media.watching._REPORT_EVERY_S", 0)
    path = tmp_path / "고양이.mp4"
    copyfile(real_media / "shots" / "bbb_opening.webm", path)
    watching = watch(path, 30_000)
    assert any(0 < fraction < 1 for fraction in watching)
    watching.close()
    path.rename(tmp_path / "moved.mp4")


def test_a_file_without_a_picture_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp4"
    path.write_text("Dear film, you are a text.", encoding="utf-8")
    with pytest.raises(UnreadableVideo, match=r"letter\.mp4"):
        watched(path)


def _sample(at_ms: int, bgr: tuple[int, int, int] = (0, 0, 0)) -> Sample:
    frame = Frame(at_ms, np.full((36, 64, 3), bgr, np.uint8))
    return sample_of(frame, glimpse(frame.image), motion=0.0)


def test_samples_of_an_endless_video_stay_bounded_and_even() -> None:
    sampler = Sampler(every_ms=10, most=64)
    for at_ms in range(0, 20_000, 10):
        if sampler.wants(at_ms):
            sampler.keep(Sample(at_ms))
    times_ms = [sample.at_ms for sample in sampler.samples]
    assert 32 <= len(times_ms) <= 64
    assert len({int(gap_ms) for gap_ms in np.diff(times_ms)}) == 1
    assert times_ms[0] == 0
    assert times_ms[-1] > 19_000


def test_a_sample_tells_sharp_from_soft_and_light_from_dark() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    soft = np.asarray(opencv.cv2.GaussianBlur(noise, (0, 0), 6), np.uint8)
    sharp_sample, soft_sample = (
        sample_of(Frame(0, image), glimpse(image), motion=0.0) for image in (noise, soft)
    )
    assert sharp_sample.sharpness > 100 * soft_sample.sharpness
    assert _sample(0, (255, 255, 255)).lightness == pytest.approx(100, abs=0.5)
    assert _sample(0, (0, 0, 0)).lightness == pytest.approx(0, abs=0.5)
    assert _sample(0, (0, 0, 255)).chroma == pytest.approx(104.5, abs=1)
    assert _sample(0, (9, 9, 9)).flat == 1
    assert _sample(0, (9, 9, 9)).plain == 1


def test_unlikeness_is_zero_for_equal_views_and_grows_with_the_colour_difference() -> None:
    red, dark_red, blue = ([_sample(0, colour)] for colour in ((0, 0, 255), (0, 0, 160), (255, 0, 0)))
    assert unlikeness(red, red) == 0
    assert 0 < unlikeness(red, dark_red) < unlikeness(red, blue)
    assert unlikeness(red, []) == 0


def test_a_trail_remembers_just_over_a_second() -> None:
    trail = Trail()
    picture = glimpse(np.zeros((9, 16, 3), np.uint8))
    for at_ms in range(0, 60_000, 10):
        trail.add(at_ms, picture)
    assert trail.length_ms == 1200
    assert trail.motion(200) == 0

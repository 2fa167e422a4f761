"""Picture files that people have, and files that are none."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from heimdex_desktop.domain.errors import FileGone, InputError, NoAccess
from heimdex_desktop.media.picture_files import picture_in, read_picture

_ORIENTATION = 0x0112
_TURNED_RIGHT = 6


@pytest.mark.parametrize("name", ["red.jpg", "red.png", "red.webp", "빨강.PNG"])
def test_a_picture_is_read_in_bgr(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (40, 20), (250, 10, 20)).save(tmp_path / name)
    picture = read_picture(tmp_path / name)
    assert (picture.shape, picture.dtype) == ((20, 40, 3), np.uint8)
    assert np.allclose(picture.mean(axis=(0, 1)), (20, 10, 250), atol=4)


def test_a_picture_stands_upright_and_is_no_larger_than_needed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = _TURNED_RIGHT
    Image.new("RGB", (4000, 2000), "blue").save(tmp_path / "phone.jpg", exif=exif)
    assert read_picture(tmp_path / "phone.jpg").shape == (1024, 512, 3)


@pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "CMYK", "1"])
def test_every_kind_of_colour_becomes_bgr(tmp_path: Path, mode: str) -> None:
    file = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new("RGB", (16, 16), "white").convert(mode if mode != "LA" else "L").convert(mode).save(file)
    assert read_picture(file).min() > 250


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert read_picture(tmp_path / "clear.png").min() == 255


def test_what_is_no_picture_is_told_so(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), "red").save(tmp_path / "whole.png")
    whole = (tmp_path / "whole.png").read_bytes()
    for number, content in enumerate((b"", b"a letter", whole[:20])):
        file = tmp_path / f"{number}.png"
        file.write_bytes(content)
        with pytest.raises(InputError, match=f"“{number}.png” is no picture that can be read"):
            read_picture(file)
    with pytest.raises(InputError, match="Give a JPEG, PNG or WebP file"):
        read_picture(_saved(tmp_path / "a.bmp", (64, 64)))


@pytest.mark.parametrize(("name", "share"), [("a.jpg", 0.5), ("a.jpg", 0.95), ("a.png", 0.5)])
def test_a_picture_that_ends_too_early_is_told_so(tmp_path: Path, name: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match=f"“{name}” is damaged: a part of its picture is missing"):
        read_picture(tmp_path / name)


def test_a_folder_and_a_pipe_are_told_to_be_no_picture(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_picture(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        with pytest.raises(InputError, match="is no picture"):
            read_picture(tmp_path / "pipe.jpg")


def test_what_counts_is_the_content_and_not_the_name(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (250, 10, 20)).save(tmp_path / "red.png")
    wrong = (tmp_path / "red.png").rename(tmp_path / "red.jpg")
    assert read_picture(wrong).shape == (20, 40, 3)


@pytest.mark.parametrize("name", ["photo.heic", "renamed.jpg"])
def test_a_heic_photo_is_told_what_to_do_with(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100)
    with pytest.raises(InputError, match=f"“{name}” is a HEIC photo") as told:
        read_picture(tmp_path / name)
    assert "Save it as JPEG" in told.value.advice


def test_greys_of_sixteen_bits_keep_their_shades(tmp_path: Path) -> None:
    shades = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(shades).save(tmp_path / "scan.png")
    picture = read_picture(tmp_path / "scan.png")
    assert (picture[0, 0, 0], picture[-1, -1, 0]) == (0, 255)
    assert picture.mean() == pytest.approx(127.5, abs=2)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(tmp_path: Path, turned: int) -> None:
    """The eight ways of EXIF; what is compared with is turned by hand."""
    stored = np.zeros((60, 90, 3), np.uint8)
    stored[:20, :30] = 250
    exif = Image.Exif()
    exif[_ORIENTATION] = turned
    Image.fromarray(stored).save(tmp_path / "a.png", exif=exif)
    turns = {1: stored, 2: stored[:, ::-1], 3: stored[::-1, ::-1], 4: stored[::-1]}
    across = stored.transpose(1, 0, 2)
    turns |= {5: across, 6: across[:, ::-1], 7: across[::-1, ::-1], 8: across[::-1]}
    assert np.array_equal(read_picture(tmp_path / "a.png"), turns[turned])


def test_a_jpeg_may_be_larger_for_it_is_decoded_at_a_fraction(tmp_path: Path) -> None:
    """Its colours have to survive: a fraction is not a cut."""
    halves = Image.new("RGB", (16_000, 12_500), "red")
    halves.paste("blue", (8_000, 0, 16_000, 12_500))
    halves.save(tmp_path / "pano.jpg")
    picture = read_picture(tmp_path / "pano.jpg", longest_px=1600)
    assert picture.shape == (1250, 1600, 3)
    assert np.allclose(picture[600, 400], (0, 0, 254), atol=4)
    assert np.allclose(picture[600, 1200], (254, 0, 0), atol=4)


@pytest.mark.parametrize(("size", "progressive"), [((12_000, 8_000), True), ((30_000, 20_000), False)])
def test_a_jpeg_that_would_take_too_much_is_refused_undecoded(
    tmp_path: Path, size: tuple[int, int], progressive: bool
) -> None:
    Image.new("RGB", (64, 64), "red").save(tmp_path / "a.jpg", progressive=progressive)
    claimed = _claiming((tmp_path / "a.jpg").read_bytes(), size, progressive=progressive)
    (tmp_path / "a.jpg").write_bytes(claimed)
    with pytest.raises(InputError, match=f"{size[0]} × {size[1]} pixels: too many"):
        read_picture(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ((1, 1), "1 × 1 pixels: too few"),
        ((9_500, 9_000), "9500 × 9000 pixels: too many"),
        ((10_000, 9_000), "too many pixels"),
        ((15_000, 15_000), "too many pixels"),
    ],
)
def test_a_picture_of_no_use_is_told_so(tmp_path: Path, size: tuple[int, int], told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_picture(_saved(tmp_path / "a.png", size))


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileGone, match=r"a\.png is not there"):
        read_picture(tmp_path / "a.png")


def test_a_picture_without_a_file_is_read_the_same(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (250, 10, 20)).save(tmp_path / "red.png")
    content = (tmp_path / "red.png").read_bytes()
    assert np.array_equal(picture_in(content), read_picture(tmp_path / "red.png"))
    with pytest.raises(InputError, match="What was given is no picture that can be read"):
        picture_in(content[:20])


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "holiday.png").mkdir()
    with pytest.raises((InputError, NoAccess), match=r"holiday\.png"):
        read_picture(tmp_path / "holiday.png")


def _saved(file: Path, size: tuple[int, int]) -> Path:
    Image.new("1", size).save(file)
    return file


def _claiming(jpeg: bytes, size: tuple[int, int], *, progressive: bool) -> bytes:
    """Return a JPEG whose head says another size: marker, length, bits, then height and width."""
    place = jpeg.index(b"\xff\xc2" if progressive else b"\xff\xc0") + 5
    return jpeg[:place] + struct.pack(">HH", size[1], size[0]) + jpeg[place + 4 :]

"""Picture files that people have, and files that are none."""

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
    for number, content in enumerate((b"", b"a letter", whole[:60])):
        file = tmp_path / f"{number}.png"
        file.write_bytes(content)
        with pytest.raises(InputError, match=f"“{number}.png” is no picture that can be read"):
            read_picture(file)
    with pytest.raises(InputError, match="Give a JPEG, PNG or WebP file"):
        read_picture(_saved(tmp_path / "a.bmp", (64, 64)))


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
        picture_in(content[:60])


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "holiday.png").mkdir()
    with pytest.raises((InputError, NoAccess), match=r"holiday\.png"):
        read_picture(tmp_path / "holiday.png")


def _saved(file: Path, size: tuple[int, int]) -> Path:
    Image.new("1", size).save(file)
    return file

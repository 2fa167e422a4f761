"""Text in pictures is read whatever its size and script, without a network, and said to be missing else."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError

from heimdex_desktop.domain.contracts import Picture, TextReader
from heimdex_desktop.domain.errors import ModelMissing, OutOfMemory
from heimdex_desktop.domain.scene import ScreenText
from heimdex_desktop.inference.text_reader import RapidReader
from heimdex_desktop.media.frames import grab_frames
from tests.inference.pixel_reader import PixelReader, picture_of
from tests.inference.text_reader_contract import TextReaderContract, Written

_EVERY_SCRIPT = cv2.FontFace("uni")
"""The font inside OpenCV that has Latin letters, Chinese, Japanese and Korean."""


@pytest.fixture(scope="session")
def rapid() -> RapidReader:
    return RapidReader()


def drawn(lines: Sequence[str], *, letters_px: int = 40, width_px: int = 1280) -> Picture:
    """Draw lines over a picture with some structure."""
    ramp = np.linspace(20, 120, width_px, dtype=np.uint8)
    picture = np.repeat(np.tile(ramp, (width_px * 9 // 16, 1))[..., None], 3, axis=2)
    for number, line in enumerate(lines, 1):
        place = (width_px // 20, number * width_px // 8)
        cv2.putText(picture, line, place, (245, 245, 245), _EVERY_SCRIPT, letters_px)
    return picture


class TestRapidReader(TextReaderContract):
    @pytest.fixture
    def reader(self, rapid: RapidReader) -> TextReader:
        return rapid

    @pytest.fixture
    def written(self) -> Written:
        return drawn


class TestPixelReader(TextReaderContract):
    @pytest.fixture
    def reader(self) -> TextReader:
        return PixelReader()

    @pytest.fixture
    def written(self) -> Written:
        return picture_of


@pytest.mark.parametrize(
    "text", ["Größe: 10,5 cm", "Café Müller", "https://example.com/watch", "東京駅の天気予報", "本日は休業"]
)
def test_scripts_and_signs_are_read_exactly(rapid: RapidReader, text: str) -> None:
    (lines,) = rapid.read([drawn([text])])
    assert [line.text.replace(" ", "") for line in lines] == [text.replace(" ", "")]


@pytest.mark.parametrize("width_px", [320, 640, 1280])
def test_letters_of_two_per_cent_of_the_width_are_read(rapid: RapidReader, width_px: int) -> None:
    """A letter's size is that of its line; its capitals are two thirds of it."""
    picture = drawn(["Subscribe for more"], letters_px=width_px * 3 // 100, width_px=width_px)
    (lines,) = rapid.read([picture])
    assert [line.text for line in lines] == ["Subscribe for more"]


def test_the_place_of_a_line_is_where_it_was_drawn(rapid: RapidReader) -> None:
    picture = np.full((720, 1280, 3), 40, np.uint8)
    cv2.putText(picture, "EXIT", (900, 400), cv2.FONT_HERSHEY_SIMPLEX, 3, (255, 255, 255), 6)
    ((line,),) = rapid.read([picture])
    assert line.text == "EXIT"
    assert line.box.left == pytest.approx(900 / 1280, abs=0.02)
    assert line.box.bottom == pytest.approx(400 / 720, abs=0.04)


def test_pieces_of_one_row_stand_from_left_to_right(rapid: RapidReader) -> None:
    picture = np.full((720, 1280, 3), 40, np.uint8)
    for place, text in (((900, 310), "right"), ((60, 300), "left"), ((60, 500), "below")):
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 4)
    (lines,) = rapid.read([picture])
    assert [line.text for line in lines] == ["left", "right", "below"]


def test_a_script_it_does_not_know_is_left_out(rapid: RapidReader) -> None:
    assert rapid.read([drawn(["서울역 뉴스 속보 학습"])]) == [()]


def test_a_single_sign_is_left_out(rapid: RapidReader) -> None:
    assert rapid.read([drawn(["7"])]) == [()]


def test_what_is_not_sure_enough_is_left_out() -> None:
    assert RapidReader(confidence_floor=1.01).read([drawn(["Harbour Station"])]) == [()]


@pytest.mark.parametrize(
    ("clip", "at_ms", "expected"),
    [
        ("shots/nature_fades.mp4", 8_475, ["Copyright © 2013 Brandon Castellano", "www.bcastell.com"]),
        ("shots/cooking_sisters.mp4", 5_964, ["*Tiger barking at the neighbors*"]),
        ("shots/counter_colours.mp4", 1_000, ["Frame = 11", "PTS = 1.0s"]),
    ],
)
def test_captions_of_real_clips_are_read(
    rapid: RapidReader, real_media: Path, clip: str, at_ms: int, expected: list[str]
) -> None:
    (frame,) = grab_frames(real_media / clip, [at_ms], max_side_px=1280)
    (lines,) = rapid.read([frame.image])
    assert [line.text for line in lines] == expected


def test_reads_without_a_network_and_without_noise() -> None:
    """In a process of its own, where every connection fails and every warning is an error."""
    script = """
import socket, sys
def refuse(*_): raise AssertionError("a network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import numpy as np
from heimdex_desktop.inference.text_reader import RapidReader
reader = RapidReader(threads=1)
assert len(reader.revision) == 16
assert not {"rapidocr", "onnxruntime", "cv2"} & sys.modules.keys()
import cv2
picture = np.zeros((360, 640, 3), np.uint8)
cv2.putText(picture, "hello there", (40, 200), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 3)
assert [line.text for line in reader.read([picture])[0]] == ["hello there"]
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _package(folder: Path, monkeypatch: pytest.MonkeyPatch, *files: str) -> str:
    """Make a package that holds these files of models, all of them damaged."""
    (folder / "changed_reader" / "models").mkdir(parents=True)
    (folder / "changed_reader" / "__init__.py").write_text("raise AssertionError('it must not be imported')")
    for file in files:
        (folder / "changed_reader" / "models" / file).write_bytes(b"no model")
    monkeypatch.syspath_prepend(folder)
    return "changed_reader"


def test_a_package_without_its_models_is_a_missing_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _package(tmp_path, monkeypatch, "PP-OCRv6_det_small.onnx")
    for name in (package, "a_package_that_is_not_there"):
        with pytest.raises(ModelMissing) as raised:
            RapidReader(package=name).read([drawn([])])
        assert raised.value.advice
        with pytest.raises(ModelMissing):
            _ = RapidReader(package=name).revision


def test_damaged_models_are_missing_models_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _package(tmp_path, monkeypatch, "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
    with pytest.raises(ModelMissing, match="damaged"):
        RapidReader(package=package).read([drawn([])])


@pytest.mark.parametrize(
    "error", [MemoryError(), ONNXRuntimeError("Failed to allocate memory for requested buffer of size 9")]
)
def test_no_room_is_told_as_such(error: Exception) -> None:
    class Full(RapidReader):
        def _lines(self, found: object) -> tuple[ScreenText, ...]:
            raise error

    with pytest.raises(OutOfMemory) as raised:
        Full().read([drawn([])])
    assert raised.value.advice

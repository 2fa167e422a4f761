"""Reads what is written in pictures, with RapidOCR and the models that come inside its package.

The recogniser of PP-OCRv6 (small) knows Latin letters, Chinese characters and Japanese, but no Hangul,
Cyrillic, Arabic or Thai: its own list of 18,708 characters says so.

Most pictures hold no text, so looking for it is what costs. RapidOCR enlarges a picture until its shorter
side has 736 px before it looks; here every picture is looked at with 640 px on the longer side, and only
where that finds boxes are these cut out of the whole picture and read. Measured on one core: 97 ms for a
picture without text and 188 ms for one with a caption, against 486 ms and 520 ms, with as many characters
right in captions whose letters are 1.5 to 5 % of the width high (`tests/benchmarks/screen_text.py`).
"""

import hashlib
import unicodedata
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.scene import Box, ScreenText
from heimdex_desktop.inference.room import memory_errors_told

if TYPE_CHECKING:
    from rapidocr import RapidOCR

NAME = "PP-OCRv6 small"
_PACKAGE = "rapidocr"
_DETECTOR, _RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_REVISION_CHARACTERS = 16
_LOOK_SIDE_PX = 640
_CONFIDENCE_FLOOR = 0.6
_MOST_ENLARGED = 3.0
_WIDEST_CHARACTER = 2.5
"""In heights of its line; a square sign has 1, a Latin letter a half."""
_GET_IT = "Install Heimdex again."
_FEWEST_CHARACTERS = 2
"""A single sign is mostly a lamp, a wheel or a window that looks like one, and nobody searches for it."""


class RapidReader:
    """A TextReader over RapidOCR on onnxruntime's CPU (Cui et al., PaddleOCR 3.0 Technical Report, 2025).

    Nothing is asked of a network: the files are named, and RapidOCR downloads only what is not. The models
    are loaded at the first `read`; `revision` only reads files. Left out are lines that are less sure than
    `confidence_floor` (0..1) and single signs. Safe to share between threads: one reads at a time.
    """

    def __init__(
        self, *, threads: int = 1, confidence_floor: float = _CONFIDENCE_FLOOR, package: str = _PACKAGE
    ) -> None:
        self._threads = threads
        self._floor = confidence_floor
        self._package = package
        self._lock = Lock()

    @cached_property
    def revision(self) -> str:
        """What differs whenever the models do: the start of their SHA-256. Raises ModelMissing."""
        digest = hashlib.sha256()
        for file in self._files():
            digest.update(file.read_bytes())
        return digest.hexdigest()[:_REVISION_CHARACTERS]

    def read(self, pictures: Sequence[Picture]) -> list[tuple[ScreenText, ...]]:
        """Return the lines of each picture from top to bottom, in NFC; `at_ms` is 0.

        Raises ModelMissing where the package lacks its models or they are damaged, OutOfMemory.
        """
        if not pictures:
            return []
        with self._lock:
            engine = self._engine
            with _our_errors():
                return [self._lines(engine(_enlarged(picture))) for picture in pictures]

    def _lines(self, found: Any) -> tuple[ScreenText, ...]:
        if found.txts is None:
            return ()
        height_px, width_px = found.img.shape[:2]
        read = zip(np.asarray(found.boxes, np.float64), found.txts, found.scores, strict=True)
        return _from_top(
            ScreenText(
                unicodedata.normalize("NFC", text.strip()),
                _share(score),
                _box(corners / (width_px, height_px)),
            )
            for corners, text, score in read
            if score >= self._floor and _is_plausible(text, corners)
        )

    @cached_property
    def _engine(self) -> "RapidOCR":
        detector, recogniser = self._files()
        from rapidocr import RapidOCR

        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.text_score": 0.0,
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": str(detector),
                "Det.limit_type": "max",
                "Det.limit_side_len": _LOOK_SIDE_PX,
                "Rec.model_path": str(recogniser),
            }
        )

    def _files(self) -> tuple[Path, Path]:
        found = find_spec(self._package)
        places = list(found.submodule_search_locations or ()) if found else []
        folder = Path(places[0]) / "models" if places else Path()
        detector, recogniser = folder / _DETECTOR, folder / _RECOGNISER
        if not (places and detector.is_file() and recogniser.is_file()):
            sentence = f"The models that read text on screen are not in the package {self._package}."
            raise ModelMissing(sentence, _GET_IT)
        return detector, recogniser


def _enlarged(picture: Picture) -> Picture:
    """Bring a small picture to the size that is looked at: letters of six pixels are too few to be read."""
    longer_px = max(picture.shape[:2])
    if longer_px >= _LOOK_SIDE_PX:
        return picture
    import cv2

    factor = min(_LOOK_SIDE_PX / longer_px, _MOST_ENLARGED)
    return np.asarray(
        cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8
    )


def _box(corners: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(_share(left), _share(top), _share(right), _share(bottom))


def _share(number: float) -> float:
    """Return a share in 0..1 with as many places as are worth writing down."""
    return round(min(1.0, max(0.0, float(number))), 4)


def _is_plausible(text: str, corners: NDArray[np.float64]) -> bool:
    """Say whether a reading is long enough to be searched for, and for the line it was read from.

    A line in a script that the recogniser does not know comes out as one or two strange signs.
    """
    letters = sum(letter.isalnum() for letter in text)
    width_px, height_px = (float(np.linalg.norm(corners[0] - corners[at])) for at in (1, 3))
    return letters >= _FEWEST_CHARACTERS and width_px <= _WIDEST_CHARACTER * height_px * len(text)


def _from_top(lines: Iterable[ScreenText]) -> tuple[ScreenText, ...]:
    """Order lines as they are read: rows from the top, and within a row from the left."""
    rows: list[list[ScreenText]] = []
    for line in sorted(lines, key=_middle):
        if rows and _middle(line) < rows[-1][0].box.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.box.left))


def _middle(line: ScreenText) -> float:
    return (line.box.top + line.box.bottom) / 2


@contextmanager
def _our_errors() -> Generator[None]:
    """Turn the ways in which the libraries below say "no model" and "no room" into ours."""
    from onnxruntime.capi.onnxruntime_pybind11_state import (
        Fail,
        InvalidArgument,
        InvalidGraph,
        InvalidProtobuf,
    )

    try:
        with memory_errors_told("reading text on screen"):
            yield
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf) as error:
        # What goes wrong while a model runs is an ONNXRuntimeError; these come from loading one.
        raise ModelMissing("The models that read text on screen are damaged.", _GET_IT) from error

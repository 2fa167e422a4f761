"""Face detectors: where faces are in a picture, and where their eyes, noses and mouths are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.inference.native import environment_kept, quiet_opencv
from heimdex_desktop.inference.room import Seat, Seated, keep_quiet, says_no_room
from heimdex_desktop.inference.self_test import Kind

if TYPE_CHECKING:
    import cv2
    from torch import nn

    _Mtcnn = tuple[nn.Module, nn.Module, nn.Module]

_LONGEST_SIDE_PX = 1280
_GET_IT = "Get the face detector again, or choose another one."


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """A face in pixels of its picture; both may reach a little beyond the picture's edge.

    `box_px` is left, top, right, bottom, shape (4,); `points_px`, shape (5, 2), are x and y of the points
    in the order of `domain.faces.Points`; `confidence` lies in 0..1.
    """

    box_px: NDArray[np.float32]
    points_px: NDArray[np.float32]
    confidence: float

    @property
    def width_px(self) -> float:
        return float(self.box_px[2] - self.box_px[0])

    @property
    def height_px(self) -> float:
        return float(self.box_px[3] - self.box_px[1])

    @property
    def size_px(self) -> float:
        """The shorter side."""
        return min(self.width_px, self.height_px)

    @property
    def area_px(self) -> float:
        return self.width_px * self.height_px


class FaceDetector(Protocol):
    """Finds the faces of pictures."""

    def find(self, pictures: Sequence[Picture]) -> list[list[FoundFace]]:
        """Return the faces of each picture, in any order.

        Pictures of any size will do, and of different sizes. Raises ModelMissing.
        """
        ...


class YunetDetector:
    """A FaceDetector over the YuNet file of a folder (`*yunet*.onnx`), run by OpenCV (Wu, Peng & Yu, 2023).

    YuNet is sure of faces of some 30 to 450 px. So a picture is looked at twice: at 1280 px on its longer
    side (smaller ones are enlarged, twofold at most) for small faces, and at 480 px for faces that fill it.
    The file is read at the first `find`. Not safe to share between threads.
    """

    _WIDE_LOOK_PX = 480
    _MOST_ENLARGED = 2.0
    # On real photos, less lets in as many patterns as faces, and more loses the small ones.
    _LEAST_CONFIDENCE = 0.8
    # What seems to be a face in fewer pixels is mostly none, and nobody could be told by it.
    _SMALLEST_FACE_PX = 20
    _OVERLAP = 0.3
    _MOST_CANDIDATES = 1_000

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads

    def find(self, pictures: Sequence[Picture]) -> list[list[FoundFace]]:
        """Return the faces of each picture. Raises ModelMissing where there is no file that is YuNet's."""
        return [self._find(picture) for picture in pictures]

    def _find(self, picture: Picture) -> list[FoundFace]:
        longest_px = max(picture.shape[:2])
        close = min(self._MOST_ENLARGED, _LONGEST_SIDE_PX / longest_px)
        wide = self._WIDE_LOOK_PX / longest_px
        scales = [close, wide] if wide < close else [close]
        found = [face for scale in scales for face in self._look(picture, scale)]
        return _without_doubles([face for face in found if face.size_px >= self._SMALLEST_FACE_PX])

    def _look(self, picture: Picture, scale: float) -> list[FoundFace]:
        seen = _scaled(picture, scale)
        self._network.setInputSize((seen.shape[1], seen.shape[0]))
        rows = cast("NDArray[np.float32] | None", self._network.detect(seen)[1])
        # Rows are left, top, width, height, five points and a confidence.
        return [] if rows is None else [_face_of_row(row, scale) for row in rows]

    @cached_property
    def _network(self) -> "cv2.FaceDetectorYN":
        files = sorted(self._folder.glob("*yunet*.onnx"))
        if not files:
            sentence = f"The face detector YuNet is not in {self._folder}: *yunet*.onnx is missing there."
            raise ModelMissing(sentence, _GET_IT)
        with environment_kept():
            import cv2
        cv2.setNumThreads(self._threads)
        limits = (self._LEAST_CONFIDENCE, self._OVERLAP, self._MOST_CANDIDATES)
        try:
            # Read here, for on Windows OpenCV opens no file whose path holds letters of other scripts.
            content = np.frombuffer(files[0].read_bytes(), np.uint8)
            with quiet_opencv():
                network = cv2.FaceDetectorYN.create("onnx", content, np.zeros(0, np.uint8), (64, 64), *limits)
                # Any network can be loaded; only a face detector has the outputs that are read here.
                network.detect(np.zeros((64, 64, 3), np.uint8))
        except (OSError, cv2.error) as error:
            sentence = f"{files[0].name} in {self._folder} is no face detector that can be used."
            raise ModelMissing(sentence, _GET_IT) from error
        return network


class MtcnnDetector:
    """A FaceDetector over the three networks of MTCNN (Zhang et al., 2016).

    Their weights lie inside the package facenet-pytorch and are read at the first `find`. Pictures are
    looked at with 1280 px on their longer side at most; the smallest face has 24 px. They compute in full
    precision, and where the `seat` has no room for a picture, on the CPU, which `tell` hears.
    """

    # The first two are those of the paper's authors; the last is higher, against patterns on real photos.
    _LEAST_CONFIDENCES = (0.6, 0.7, 0.95)
    _SMALLEST_FACE_PX = 24
    _PYRAMID_STEP = 0.709

    def __init__(self, *, seat: Seat | None = None, tell: Callable[[str], None] = keep_quiet) -> None:
        # Apple's GPU cannot shrink pictures by averaging unless the sizes divide each other.
        can = seat if seat and seat.device == Kind.CUDA else None
        self._seated = Seated("the face detector MTCNN", self._load, can, tell=tell)

    def find(self, pictures: Sequence[Picture]) -> list[list[FoundFace]]:
        """Return the faces of each picture.

        Raises ModelMissing where the package lacks its weights, OutOfMemory.
        """
        return [
            self._seated.use(lambda networks, seen=picture: self._find(networks, seen))
            for picture in pictures
        ]

    def _find(self, networks: "_Mtcnn", picture: Picture) -> list[FoundFace]:
        proposing, refining, deciding = networks
        import torch
        from facenet_pytorch.models.utils.detect_face import detect_face

        scale = min(1.0, _LONGEST_SIDE_PX / max(picture.shape[:2]))
        seen = _at_least(_scaled(picture, scale), self._SMALLEST_FACE_PX)
        with torch.inference_mode():
            boxes, points = detect_face(
                np.ascontiguousarray(seen[np.newaxis, ..., ::-1]),
                self._SMALLEST_FACE_PX,
                proposing,
                refining,
                deciding,
                self._LEAST_CONFIDENCES,
                self._PYRAMID_STEP,
                next(deciding.parameters()).device,
            )
        rows = np.asarray(boxes[0], np.float32).reshape(-1, 5)
        corners = np.asarray(points[0], np.float32).reshape(-1, 5, 2)
        return [
            FoundFace(row[:4] / scale, five / scale, _share(row[4]))
            for row, five in zip(rows, corners, strict=True)
        ]

    def _load(self, seat: Seat) -> "_Mtcnn":
        with environment_kept():
            from facenet_pytorch.models.mtcnn import ONet, PNet, RNet
        proposing, refining, deciding = PNet(pretrained=False), RNet(pretrained=False), ONet(pretrained=False)
        self._fill(proposing, "pnet.pt")
        self._fill(refining, "rnet.pt")
        self._fill(deciding, "onet.pt")
        return proposing.to(seat.device), refining.to(seat.device), deciding.to(seat.device)

    def _fill(self, network: "nn.Module", file: str) -> None:
        """Give a network its weights; the package's own way does not insist on numbers and no programs."""
        import torch

        weights = _package_folder("facenet_pytorch") / "data" / file
        try:
            network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        except (OSError, RuntimeError, UnpicklingError) as error:
            if says_no_room(error):
                raise
            sentence = f"The face detector's file {weights} cannot be used."
            raise ModelMissing(sentence, "Install Heimdex again, or choose another face detector.") from error
        network.eval()


def _package_folder(package: str) -> Path:
    found = find_spec(package)
    return Path(found.origin).parent if found and found.origin else Path(package)


def _scaled(picture: Picture, scale: float) -> Picture:
    """Return the picture in another size; shrinking averages, so that nothing small is lost by chance."""
    if scale == 1.0:
        return np.ascontiguousarray(picture)
    with environment_kept():
        import cv2
    height_px, width_px = (max(1, round(side_px * scale)) for side_px in picture.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (width_px, height_px), interpolation=way), np.uint8)


def _at_least(picture: Picture, side_px: int) -> Picture:
    """Add black below and to the right of a picture that is smaller."""
    missing = [max(0, side_px - length_px) for length_px in picture.shape[:2]]
    return np.pad(picture, ((0, missing[0]), (0, missing[1]), (0, 0))) if any(missing) else picture


def _face_of_row(row: NDArray[np.float32], scale: float) -> FoundFace:
    left, top, width, height = row[:4] / scale
    box_px = np.array([left, top, left + width, top + height], np.float32)
    return FoundFace(box_px, row[4:14].reshape(5, 2) / scale, _share(row[14]))


def _share(value: np.float32) -> float:
    return float(min(1.0, max(0.0, value)))


def _without_doubles(faces: list[FoundFace]) -> list[FoundFace]:
    """Drop a face that lies mostly inside a larger one: it is the same one, or a part of it."""
    kept: list[FoundFace] = []
    for face in sorted(faces, key=lambda face: -face.area_px):
        if all(_inside(face, larger) < 0.6 for larger in kept):
            kept.append(face)
    return kept


def _inside(face: FoundFace, other: FoundFace) -> float:
    """Return the share (0..1) of a face's box that lies inside another."""
    least = np.maximum(face.box_px[:2], other.box_px[:2])
    most = np.minimum(face.box_px[2:], other.box_px[2:])
    width_px, height_px = np.maximum(0, most - least)
    return float(width_px * height_px) / max(1.0, face.area_px)

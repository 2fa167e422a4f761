"""Face embedders: a vector for a face, close to the vectors of other pictures of the same person."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Picture, Vectors
from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.face_alignment import aligned, cut_out
from heimdex_desktop.inference.face_detectors import FoundFace
from heimdex_desktop.inference.face_manifest import FaceManifest, read_manifest
from heimdex_desktop.inference.native import environment_kept, native_errors
from heimdex_desktop.inference.room import Room, Seat, Seated, keep_quiet, says_no_room
from heimdex_desktop.inference.threads import session_options
from heimdex_desktop.inference.weights import unit_rows

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from torch import nn

_AT_ONCE = 16
# All that torch raises on files that hold something else, such as programs.
_NO_WEIGHTS = (OSError, EOFError, RuntimeError, AttributeError, TypeError, ValueError, UnpicklingError)
_GET_IT = "Get the face model again, or choose another one."


class FaceEmbedder(Protocol):
    """Turns faces into vectors that lie close when the person is the same.

    `threshold` is the cosine above which two faces are probably of one person.
    """

    @property
    def space(self) -> EmbeddingSpace: ...

    @property
    def threshold(self) -> float: ...

    def chip(self, picture: Picture, face: FoundFace) -> Picture:
        """Cut a face out of its picture in the way in which the model has learned to see faces."""
        ...

    def embed(self, chips: Sequence[Picture]) -> Vectors:
        """Return unit vectors of shape (len(chips), space.dimensions), float32. Raises ModelMissing."""
        ...


class OnnxEmbedder:
    """A FaceEmbedder over an ONNX file and its manifest, run by onnxruntime.

    Faces are turned upright by their five points, as is usual since ArcFace (Deng et al., 2019). `name` and
    `revision` stand for the model in `space`; the name is by default that of the manifest. The manifest is
    read when it is asked for, the network at the first `embed`. It computes on the CPU. Not safe to share
    between threads.
    """

    def __init__(self, folder: Path, *, name: str = "", revision: str = "", threads: int = 1) -> None:
        self._folder = folder
        self._name = name
        self._revision = revision
        self._threads = threads

    @cached_property
    def manifest(self) -> FaceManifest:
        """What the model wants to be given. Raises ModelMissing."""
        return read_manifest(self._folder)

    @property
    def space(self) -> EmbeddingSpace:
        """The model's space. Raises ModelMissing where the manifest cannot be used."""
        return EmbeddingSpace(self._name or self.manifest.name, self._revision, self.manifest.dimensions)

    @property
    def threshold(self) -> float:
        return self.manifest.threshold

    def chip(self, picture: Picture, face: FoundFace) -> Picture:
        """Return the face turned upright, of the size that the model takes."""
        return aligned(picture, face.points_px, self.manifest.points_px, self.manifest.size_px)

    def embed(self, chips: Sequence[Picture]) -> Vectors:
        """Return unit vectors, float32, shape (len(chips), space.dimensions).

        Raises ModelMissing where the file is not there or is another model than the manifest describes.
        """
        starts = range(0, len(chips), _AT_ONCE)
        pieces = (self._run(np.stack(chips[start : start + _AT_ONCE])) for start in starts)
        return _unit_rows(pieces, self.space.dimensions)

    def _run(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        seen = chips[..., ::-1] if self.manifest.channels == "RGB" else chips
        values = (seen.astype(np.float32) - np.array(self.manifest.mean, np.float32)) * self.manifest.scale
        (given,) = self._session.get_inputs()
        # Some files take one face at a time and no more.
        pieces = np.split(values, len(values)) if given.shape[0] == 1 else [values]
        rows = [
            self._session.run(None, {given.name: np.ascontiguousarray(piece.transpose(0, 3, 1, 2))})[0]
            for piece in pieces
        ]
        return np.concatenate([np.asarray(row, np.float32) for row in rows]).reshape(len(chips), -1)

    @cached_property
    def _session(self) -> "InferenceSession":
        file = self._folder / self.manifest.file
        session = _session(file, self._threads)
        given, made = session.get_inputs(), session.get_outputs()
        width_px, height_px = self.manifest.size_px
        takes = len(given) == 1 and _agrees(given[0].shape[1:], [3, height_px, width_px])
        if not takes or not _agrees(made[0].shape[1:2], [self.manifest.dimensions]):
            sentence = f"{file.name} in {self._folder} is another model than its description says."
            raise ModelMissing(sentence, _GET_IT)
        return session


class SFaceEmbedder(OnnxEmbedder):
    """The OnnxEmbedder for SFace (Zhong et al., 2021) as the OpenCV Zoo distributes it, without a manifest.

    The numbers are those of OpenCV's own FaceRecognizerSF: red first, pixels as they are, since the network
    itself scales them, and the points and the threshold of its documentation.
    """

    _POINTS_PX = (
        *((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366)),
        *((41.5493, 92.3655), (70.7299, 92.2041)),
    )

    @cached_property
    def manifest(self) -> FaceManifest:
        return FaceManifest(
            file=_only_file(self._folder, "face_recognition_sface*.onnx", "SFace").name,
            name="opencv/face_recognition_sface",
            width_px=112,
            height_px=112,
            channels="RGB",
            mean=(0.0, 0.0, 0.0),
            scale=1.0,
            points_px=self._POINTS_PX,
            dimensions=128,
            licence="Apache-2.0",
            threshold=0.363,
        )


class FacenetEmbedder:
    """A FaceEmbedder over facenet-pytorch's InceptionResnetV1 with weights trained on VGGFace2.

    The weights are a torch file of numbers in `folder`; nothing else is ever loaded from it, and nothing is
    downloaded. Unlike models of the ArcFace kind, this one was trained on faces as the detector's box
    cuts them out (Schroff et al., 2015; Cao et al., 2018), so they are not turned upright. It computes in
    full precision; where memory is short it takes smaller batches, then leaves its `seat` for the CPU, and
    `tell` hears it. Not safe to share between threads.
    """

    DIMENSIONS = 512
    _SIDE_PX = 160
    # Of the 160 px, these are around the box, as in the package's own evaluation on LFW.
    _MARGIN_PX = 14
    # The head that names the people of the training set; faces of others have no use for it.
    _HEAD = ("logits.weight", "logits.bias")

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "facenet-vggface2",
        revision: str = "",
        seat: Seat | None = None,
        tell: Callable[[str], None] = keep_quiet,
    ) -> None:
        self._folder = folder
        self._seated = Seated(f"the face model {name}", self._load, seat, tell=tell)
        self._room = Room(self._seated, on_cpu=_AT_ONCE)
        self.space = EmbeddingSpace(name, revision, self.DIMENSIONS)

    @property
    def threshold(self) -> float:
        """The cosine above which DeepFace, too, takes two of this network's vectors for one person's."""
        return 0.7

    def chip(self, picture: Picture, face: FoundFace) -> Picture:
        """Return what lies inside the face's box and a margin around it, as a square."""
        share = self._MARGIN_PX / (self._SIDE_PX - self._MARGIN_PX) / 2
        margin_px = np.array([face.width_px, face.height_px], np.float32) * share
        box_px = face.box_px + np.concatenate([-margin_px, margin_px])
        return cut_out(picture, box_px.astype(np.float32), (self._SIDE_PX, self._SIDE_PX))

    def embed(self, chips: Sequence[Picture]) -> Vectors:
        """Return unit vectors, float32, shape (len(chips), 512).

        Raises ModelMissing where the weights are not there or not those of this network, OutOfMemory.
        """
        return _unit_rows(self._room.over(chips, self._run), self.DIMENSIONS)

    def _run(self, network: "nn.Module", chips: Sequence[Picture]) -> NDArray[np.float32]:
        import torch

        values = (np.stack(chips)[..., ::-1].astype(np.float32) - 127.5) / 128
        with torch.inference_mode():
            given = torch.from_numpy(np.ascontiguousarray(values.transpose(0, 3, 1, 2)))
            given = given.to(next(network.parameters()).device)
            return np.asarray(network(given).float().cpu().numpy(), np.float32)

    def _load(self, seat: Seat) -> "nn.Module":
        file = _only_file(self._folder, "*.pt", "facenet")
        with environment_kept():
            import torch
            from facenet_pytorch import InceptionResnetV1
        network: nn.Module = InceptionResnetV1(pretrained=None)
        try:
            weights: dict[str, Any] = dict(torch.load(file, map_location="cpu", weights_only=True))
            for name in self._HEAD:
                weights.pop(name, None)
            network.load_state_dict(weights)
        except _NO_WEIGHTS as error:
            if says_no_room(error):
                raise
            sentence = f"{file.name} in {self._folder} does not hold the weights of this face model alone."
            raise ModelMissing(sentence, _GET_IT) from error
        return network.eval().to(seat.device)


def _unit_rows(pieces: Iterable[NDArray[np.float32]], dimensions: int) -> Vectors:
    return unit_rows(np.concatenate([np.zeros((0, dimensions), np.float32), *pieces]))


def _only_file(folder: Path, pattern: str, model: str) -> Path:
    """Return the first file of this pattern by name. Raises ModelMissing where there is none."""
    found = sorted(folder.glob(pattern))
    if found:
        return found[0]
    raise ModelMissing(f"The face model {model} is not in {folder}: {pattern} is missing there.", _GET_IT)


def _session(file: Path, threads: int) -> "InferenceSession":
    if not file.is_file():
        sentence = f"The face model is not in {file.parent}: {file.name} is missing there."
        raise ModelMissing(sentence, _GET_IT)
    import onnxruntime

    options = session_options(threads)
    # It writes past Python onto the console; what matters comes as an exception.
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(file), options, ["CPUExecutionProvider"])
    except native_errors() as error:
        raise ModelMissing(f"{file.name} in {file.parent} cannot be loaded.", _GET_IT) from error


def _agrees(shape: Sequence[int | str | None], wanted: Sequence[int]) -> bool:
    """Tell whether a shape is the wanted one; a name or None stands for any length."""
    return len(shape) == len(wanted) and all(
        not isinstance(has, int) or has == wants for has, wants in zip(shape, wanted, strict=True)
    )

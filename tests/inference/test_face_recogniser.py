"""Face recognisers keep the contract, and tell people apart."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import FaceRecogniser, Picture
from heimdex_desktop.domain.errors import ModelMissing, OutOfMemory
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.inference.face_detectors import FoundFace, MtcnnDetector, YunetDetector
from heimdex_desktop.inference.face_embedders import FacenetEmbedder, OnnxEmbedder
from heimdex_desktop.inference.face_recogniser import FaceFinder, FaceMeans, build_recogniser
from tests.inference.conftest import ReadPicture
from tests.inference.face_contract import FaceRecogniserContract
from tests.inference.face_samples import UPRIGHT, BlotFinder

NO_FACE_MODEL = Choice(Role.FACE)


@pytest.fixture(scope="module")
def yunet_and_onnx(yunet: Path, retail: Path) -> FaceFinder:
    return FaceFinder(YunetDetector(yunet), OnnxEmbedder(retail))


@pytest.fixture(scope="module")
def mtcnn_and_facenet(random_facenet: Path) -> FaceFinder:
    return FaceFinder(MtcnnDetector(), FacenetEmbedder(random_facenet))


class RealPictures:
    """The fixtures of the contract for networks that know real faces."""

    @pytest.fixture
    def group(self, photo: ReadPicture) -> Picture:
        return photo("faces_group/bbt1.jpg")

    @pytest.fixture
    def nobody(self, photo: ReadPicture) -> Picture:
        return photo("faces_robust/view.jpg")


class TestYunetAndOnnx(RealPictures, FaceRecogniserContract):
    @pytest.fixture
    def recogniser(self, yunet_and_onnx: FaceFinder) -> FaceRecogniser:
        return yunet_and_onnx


class TestMtcnnAndFacenet(RealPictures, FaceRecogniserContract):
    @pytest.fixture
    def recogniser(self, mtcnn_and_facenet: FaceFinder) -> FaceRecogniser:
        return mtcnn_and_facenet


class TestYunetAlone(RealPictures, FaceRecogniserContract):
    @pytest.fixture
    def recogniser(self, yunet: Path) -> FaceRecogniser:
        return FaceFinder(YunetDetector(yunet))


class TestBlotFinder(FaceRecogniserContract):
    @pytest.fixture
    def recogniser(self) -> FaceRecogniser:
        return BlotFinder()

    @pytest.fixture
    def group(self) -> Picture:
        picture = np.zeros((60, 100, 3), np.uint8)
        picture[10:30, 5:20], picture[5:55, 40:80] = (200, 30, 30), (30, 30, 200)
        return picture

    @pytest.fixture
    def nobody(self) -> Picture:
        return np.zeros((60, 100, 3), np.uint8)


def test_the_same_person_is_closer_than_another(photo: ReadPicture, yunet_and_onnx: FaceFinder) -> None:
    people = ("Ariel_Sharon", "Colin_Powell", "Hugo_Chavez")
    pictures = [photo(f"faces/{person}/{person}_000{number}.jpg") for person in people for number in (1, 2)]
    vectors = np.array([faces[0].vector for faces in yunet_and_onnx.find(pictures)])
    likeness = vectors @ vectors.T
    same = np.kron(np.eye(len(people)), np.ones((2, 2))) > 0
    np.fill_diagonal(likeness, np.nan)
    assert np.nanmin(likeness[same]) > (yunet_and_onnx.threshold or 1) > np.nanmax(likeness[~same])


class Scripted:
    """A detector that says what it was told."""

    def __init__(self, *faces: FoundFace) -> None:
        self._faces = list(faces)

    def find(self, pictures: Sequence[Picture]) -> list[list[FoundFace]]:
        return [self._faces for _ in pictures]


def _face(left: float, top: float, side: float) -> FoundFace:
    points = np.array(UPRIGHT, np.float32) * side + np.array([left, top], np.float32)
    return FoundFace(np.array([left, top, left + side, top + side], np.float32), points, 0.9)


def test_what_reaches_beyond_the_edge_is_cut_and_what_lies_beyond_is_left_out() -> None:
    finder = FaceFinder(Scripted(_face(200, 10, 50), _face(-20, -20, 60), _face(10, 10, 20)))
    ((large, small),) = finder.find([np.full((80, 100, 3), 90, np.uint8)])
    assert (large.box.left, large.box.top) == (0, 0)
    assert (large.box.right, large.box.bottom) == pytest.approx((0.4, 0.5))
    assert small.box.left == pytest.approx(0.1)
    assert large.quality.size_px == 60


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_no_room_is_told_as_such(error: Exception) -> None:
    class Full:
        def find(self, pictures: Sequence[Picture]) -> NoReturn:
            raise error

    with pytest.raises(OutOfMemory) as raised:
        FaceFinder(Full()).find([np.zeros((9, 9, 3), np.uint8)])
    assert raised.value.advice


def test_another_error_is_left_as_it_is() -> None:
    class Odd:
        def find(self, pictures: Sequence[Picture]) -> NoReturn:
            message = "an oddity"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="an oddity"):
        FaceFinder(Odd()).find([np.zeros((9, 9, 3), np.uint8)])


def test_choices_become_a_recogniser(yunet: Path, retail: Path) -> None:
    detector = Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET, yunet, "1")
    face = Choice(Role.FACE, "retail", Engine.FACE_ONNX, retail, "abc")
    finder = build_recogniser(detector, face, FaceMeans(threads=1))
    assert finder.space == EmbeddingSpace("retail", "abc", 256)
    assert finder.threshold == 0.39


@pytest.mark.parametrize(
    ("engine", "dimensions"), [(Engine.SFACE, 128), (Engine.FACENET, 512), (Engine.FACE_ONNX, 256)]
)
def test_each_engine_declares_its_space(
    tmp_path: Path, retail: Path, engine: Engine, dimensions: int
) -> None:
    (tmp_path / "face_recognition_sface_2021dec.onnx").touch()
    folder = retail if engine is Engine.FACE_ONNX else tmp_path
    detector = Choice(Role.FACE_DETECTOR, "mtcnn", Engine.MTCNN)
    finder = build_recogniser(detector, Choice(Role.FACE, "chosen", engine, folder, "r1"))
    assert finder.space == EmbeddingSpace("chosen", "r1", dimensions)


@pytest.mark.parametrize("face", [NO_FACE_MODEL, Choice(Role.FACE, waits_for="It is not here.")])
def test_without_a_face_model_faces_are_only_found(face: Choice) -> None:
    finder = build_recogniser(Choice(Role.FACE_DETECTOR, "mtcnn", Engine.MTCNN), face)
    assert finder.space is None
    assert finder.threshold is None


@pytest.mark.parametrize(
    ("detector", "face", "told"),
    [
        (Choice(Role.FACE_DETECTOR, waits_for="YuNet is not here."), NO_FACE_MODEL, "YuNet is not here"),
        (Choice(Role.FACE_DETECTOR, "sface", Engine.SFACE, Path()), NO_FACE_MODEL, "finds no faces"),
        (Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET), NO_FACE_MODEL, "No folder"),
        (
            Choice(Role.FACE_DETECTOR, "mtcnn", Engine.MTCNN),
            Choice(Role.FACE, "whisper", Engine.FASTER_WHISPER, Path()),
            "does not tell faces apart",
        ),
    ],
)
def test_choices_that_do_not_fit_are_told(detector: Choice, face: Choice, told: str) -> None:
    with pytest.raises(ModelMissing, match=told) as raised:
        build_recogniser(detector, face)
    assert raised.value.advice


def test_runs_without_a_network_without_noise_and_without_a_trace(
    yunet: Path, retail: Path, random_facenet: Path
) -> None:
    """In a process of its own, where every connection fails and every warning is an error."""
    script = """
import os, socket, sys
from pathlib import Path
def refuse(*_): raise AssertionError("a network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import numpy as np
from heimdex_desktop.domain.models import Choice, Engine, Role
from heimdex_desktop.inference.face_recogniser import build_recogniser
yunet, retail, facenet = map(Path, sys.argv[1:])
before = dict(os.environ)
finders = [
    build_recogniser(Choice(Role.FACE_DETECTOR, "yunet", Engine.YUNET, yunet),
                     Choice(Role.FACE, "retail", Engine.FACE_ONNX, retail)),
    build_recogniser(Choice(Role.FACE_DETECTOR, "mtcnn", Engine.MTCNN),
                     Choice(Role.FACE, "facenet", Engine.FACENET, facenet)),
]
assert [finder.space.dimensions for finder in finders] == [256, 512]
assert not {"torch", "cv2", "onnxruntime", "facenet_pytorch"} & sys.modules.keys()
for finder in finders:
    assert finder.find([np.zeros((90, 120, 3), np.uint8)]) == [()]
    assert finder._embedder.embed([np.zeros((128, 128, 3), np.uint8)]).shape == (1, finder.space.dimensions)
assert dict(os.environ) == before, os.environ.items() ^ before.items()
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(yunet), str(retail), str(random_facenet)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

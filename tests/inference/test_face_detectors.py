"""Detectors find real faces of any size, and say what is missing."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.inference import face_detectors
from heimdex_desktop.inference.face_detectors import FaceDetector, MtcnnDetector, YunetDetector
from tests.inference.conftest import ReadPicture
from tests.inference.small_card import Card, MtcnnOnCard


@pytest.fixture(scope="module")
def detectors(yunet: Path) -> dict[str, FaceDetector]:
    return {"yunet": YunetDetector(yunet), "mtcnn": MtcnnDetector()}


@pytest.fixture(params=["yunet", "mtcnn"])
def detector(request: pytest.FixtureRequest, detectors: dict[str, FaceDetector]) -> FaceDetector:
    return detectors[request.param]


@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("faces_group/bbt1.jpg", 4),
        ("faces_group/couple.jpg", 2),
        ("faces_group/multiface.jpg", 6),
        ("faces_robust/view.jpg", 0),
    ],
)
def test_finds_as_many_faces_as_there_are(
    detector: FaceDetector, photo: ReadPicture, place: str, count: int
) -> None:
    (faces,) = detector.find([photo(place)])
    assert len(faces) == count


@pytest.mark.parametrize("height_px", [32, 250, 700, 1800])
def test_finds_small_faces_and_faces_that_fill_the_picture(
    detector: FaceDetector, photo: ReadPicture, height_px: int
) -> None:
    face = photo("faces/Tony_Blair/Tony_Blair_0001.jpg")[60:200, 70:180]
    scale = height_px / face.shape[0]
    scene = np.full((max(360, height_px), max(640, height_px * 16 // 9), 3), 96, np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(face, None, fx=scale, fy=scale, interpolation=way)
    scene[: scaled.shape[0], 20 : 20 + scaled.shape[1]] = scaled
    (faces,) = detector.find([scene])
    assert len(faces) == 1
    assert 0.5 * height_px < faces[0].height_px < 1.2 * height_px


def test_places_are_those_of_the_picture_that_was_given(detector: FaceDetector, photo: ReadPicture) -> None:
    picture = photo("faces/Tony_Blair/Tony_Blair_0001.jpg")
    large = np.asarray(cv2.resize(picture, None, fx=8, fy=8), np.uint8)
    ((small_face,), (large_face,)) = (
        sorted(faces, key=lambda face: -face.area_px)[:1] for faces in detector.find([picture, large])
    )
    tolerance_px = 0.25 * small_face.size_px
    np.testing.assert_allclose(large_face.box_px / 8, small_face.box_px, atol=tolerance_px)
    np.testing.assert_allclose(large_face.points_px / 8, small_face.points_px, atol=tolerance_px / 2)


def test_mtcnn_goes_on_on_the_cpu_where_a_picture_does_not_fit(
    detectors: dict[str, FaceDetector], photo: ReadPicture
) -> None:
    told: list[str] = []
    card = Card(fits=0)
    detector = MtcnnOnCard(seat=card.seat(), tell=told.append)
    detector.card = card
    pictures = [photo("faces_group/couple.jpg"), photo("faces_group/bbt1.jpg")]
    boxes = [[face.box_px.tolist() for face in faces] for faces in detector.find(pictures)]
    assert boxes == [[face.box_px.tolist() for face in faces] for faces in detectors["mtcnn"].find(pictures)]
    assert card.sizes == [1], "once on the CPU, it stays there"
    [sentence] = told
    assert "the face detector MTCNN" in sentence


def test_a_folder_may_have_a_name_of_any_script(tmp_path: Path, yunet: Path, photo: ReadPicture) -> None:
    folder = tmp_path / "얼굴 모델"
    shutil.copytree(yunet, folder)
    (faces,) = YunetDetector(folder).find([photo("faces_group/couple.jpg")])
    assert len(faces) == 2


def test_a_folder_without_yunet_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="missing") as raised:
        YunetDetector(tmp_path).find([np.zeros((9, 9, 3), np.uint8)])
    assert raised.value.advice


def test_a_file_that_is_no_network_is_told(tmp_path: Path) -> None:
    (tmp_path / "my_yunet.onnx").write_bytes(b"nothing of the kind")
    with pytest.raises(ModelMissing, match="no face detector"):
        YunetDetector(tmp_path).find([np.zeros((9, 9, 3), np.uint8)])


def test_another_network_is_told(tmp_path: Path, real_models: Path) -> None:
    shutil.copy(real_models / "face" / "face_reidentification_retail_0095.onnx", tmp_path / "yunet.onnx")
    with pytest.raises(ModelMissing, match="no face detector"):
        YunetDetector(tmp_path).find([np.zeros((9, 9, 3), np.uint8)])


def test_a_package_without_its_weights_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(_: str) -> Path:
        return tmp_path

    monkeypatch.setattr(face_detectors, "_package_folder", elsewhere)
    with pytest.raises(ModelMissing, match=r"pnet\.pt"):
        MtcnnDetector().find([np.zeros((90, 90, 3), np.uint8)])

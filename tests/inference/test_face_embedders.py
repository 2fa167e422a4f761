"""Embedders give a network what it has learned to see, and load nothing but numbers."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from heimdex_desktop.domain.errors import ModelMissing
from heimdex_desktop.inference.face_detectors import FoundFace
from heimdex_desktop.inference.face_embedders import FacenetEmbedder, OnnxEmbedder, SFaceEmbedder
from tests.inference.face_samples import RETAIL_MANIFEST, UPRIGHT, write_mixing_model
from tests.inference.small_card import Card, FacenetOnCard

MIXING = """
file = "mixing.onnx"
name = "mixing"
width_px = 8
height_px = 8
channels = "{channels}"
mean = {mean}
scale = {scale}
points_px = [[2, 3], [6, 3], [4, 5], [3, 6], [5, 6]]
dimensions = 3
licence = "none"
threshold = 0.5
"""
BLUE, GREEN, RED = (
    np.full((8, 8, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 200, 0), (0, 0, 200))
)


class Harmful:
    """Writes a file when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.write_text, (self._place, "harm")


def _mixing(folder: Path, *, channels: str = "BGR", mean: object = 0, scale: float = 1.0) -> OnnxEmbedder:
    """Return an embedder whose vectors are what the network is given, averaged per channel."""
    write_mixing_model(folder / "mixing.onnx", np.eye(3, dtype=np.float32), side_px=8)
    manifest = MIXING.format(channels=channels, mean=mean, scale=scale)
    (folder / "face_model.toml").write_text(manifest, "utf-8")
    return OnnxEmbedder(folder, revision="1")


@pytest.mark.parametrize(("channels", "place"), [("BGR", 0), ("RGB", 2)])
def test_channels_come_in_the_order_of_the_manifest(tmp_path: Path, channels: str, place: int) -> None:
    (vector,) = _mixing(tmp_path, channels=channels).embed([BLUE])
    np.testing.assert_allclose(vector, np.eye(3)[place], atol=1e-6)


def test_values_are_shifted_and_scaled_as_the_manifest_says(tmp_path: Path) -> None:
    (vector,) = _mixing(tmp_path, mean=[100.0, -30.0, 0.0], scale=-0.5).embed([BLUE])
    wanted = np.array([100, 30, 0]) * -0.5
    np.testing.assert_allclose(vector, wanted / np.linalg.norm(wanted), atol=1e-6)


def test_many_chips_keep_their_order(tmp_path: Path) -> None:
    vectors = _mixing(tmp_path).embed([BLUE, GREEN, RED] * 15)
    np.testing.assert_allclose(vectors, np.tile(np.eye(3), (15, 1)), atol=1e-6)


def test_no_chips_need_no_network(tmp_path: Path) -> None:
    embedder = _mixing(tmp_path)
    (tmp_path / "mixing.onnx").unlink()
    assert embedder.embed([]).shape == (0, 3)


def test_a_chip_has_the_points_where_the_manifest_wants_them(tmp_path: Path) -> None:
    picture = np.zeros((200, 200, 3), np.uint8)
    points_px = np.array(UPRIGHT, np.float32) * 100 + 50
    left_eye = points_px[0].astype(int)
    picture[left_eye[1] - 8 : left_eye[1] + 9, left_eye[0] - 8 : left_eye[0] + 9] = 255
    chip = _mixing(tmp_path).chip(picture, FoundFace(np.array([50, 50, 150, 150], np.float32), points_px, 1))
    assert chip.shape == (8, 8, 3)
    assert np.unravel_index(chip[..., 0].argmax(), (8, 8)) == (3, 2)


@pytest.mark.parametrize("change", [("width_px = 8", "width_px = 9"), ("dimensions = 3", "dimensions = 4")])
def test_a_network_that_does_not_fit_its_manifest_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    embedder = _mixing(tmp_path)
    manifest = tmp_path / "face_model.toml"
    manifest.write_text(manifest.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(ModelMissing, match="another model"):
        embedder.embed([BLUE])


@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_a_missing_or_broken_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    embedder = _mixing(tmp_path)
    file = tmp_path / "mixing.onnx"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ModelMissing, match=r"mixing\.onnx") as raised:
        embedder.embed([BLUE])
    assert raised.value.advice
    assert str(tmp_path) in raised.value.sentence


def test_a_pickle_in_place_of_a_network_is_not_opened(tmp_path: Path) -> None:
    embedder = _mixing(tmp_path)
    torch.save(Harmful(tmp_path / "harm"), tmp_path / "mixing.onnx")
    with pytest.raises(ModelMissing):
        embedder.embed([BLUE])
    assert not (tmp_path / "harm").exists()


def test_sface_sees_red_first_pixels_as_they_are_one_face_at_a_time(tmp_path: Path) -> None:
    weights = np.zeros((3, 128), np.float32)
    weights[0, 0], weights[2, 127] = 1, 1
    file = tmp_path / "face_recognition_sface_2021dec.onnx"
    write_mixing_model(file, weights, side_px=112, batch=1)
    red, blue = (np.full((112, 112, 3), colour, np.uint8) for colour in ((0, 0, 9), (9, 0, 0)))
    vectors = SFaceEmbedder(tmp_path, revision="1").embed([red, blue])
    np.testing.assert_allclose(vectors[:, [0, 127]], np.eye(2), atol=1e-6)


def test_sface_aligns_as_opencv_does(tmp_path: Path) -> None:
    """The published points put an upright face where OpenCV's own recogniser wants it."""
    (tmp_path / "face_recognition_sface_2021dec.onnx").touch()
    picture = np.random.default_rng(3).integers(0, 256, (112, 112, 3), dtype=np.uint8)
    embedder = SFaceEmbedder(tmp_path)
    points_px = np.array(embedder.manifest.points_px, np.float32)
    face = FoundFace(np.array([0, 0, 112, 112], np.float32), points_px, 1.0)
    np.testing.assert_array_equal(embedder.chip(picture, face), picture)


def test_another_network_is_no_sface(tmp_path: Path, real_models: Path) -> None:
    other = real_models / "face" / "face_reidentification_retail_0095.onnx"
    shutil.copy(other, tmp_path / "face_recognition_sface_2021dec.onnx")
    with pytest.raises(ModelMissing, match="another model"):
        SFaceEmbedder(tmp_path).embed([np.zeros((112, 112, 3), np.uint8)])


def test_a_folder_without_sface_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="SFace"):
        _ = SFaceEmbedder(tmp_path).space


def test_facenet_keeps_the_whole_head_and_stretches_it(tmp_path: Path) -> None:
    picture = np.zeros((400, 300, 3), np.uint8)
    picture[100:300, 100:200] = 255
    face = FoundFace(np.array([100, 100, 200, 300], np.float32), np.zeros((5, 2), np.float32), 1.0)
    chip = FacenetEmbedder(tmp_path).chip(picture, face)
    assert chip.shape == (160, 160, 3)
    # A margin of 7 of 160 px lies around the box on each side.
    assert chip[:6].max() < 60
    assert chip[9:-9, 9:-9].min() > 200


def test_facenet_gives_different_pictures_different_vectors(random_facenet: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (160, 160, 3), dtype=np.uint8)
    first, second = FacenetEmbedder(random_facenet).embed([noise, np.zeros_like(noise)])
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(first, second)


@pytest.mark.parametrize(("fits", "sizes"), [(5, [18, 9, 4, 4, 4, 4, 2]), (0, [18, 9, 4, 2, 1])])
def test_facenet_gives_way_where_memory_is_short(random_facenet: Path, fits: int, sizes: list[int]) -> None:
    told: list[str] = []
    card = Card(fits)
    chips = list(np.random.default_rng(5).integers(0, 256, (18, 160, 160, 3), dtype=np.uint8))
    embedder = FacenetOnCard(random_facenet, seat=card.seat(batch_factor=4), tell=told.append)
    embedder.card = card
    np.testing.assert_allclose(embedder.embed(chips), FacenetEmbedder(random_facenet).embed(chips), atol=1e-5)
    assert card.sizes == sizes
    [sentence] = told
    assert "the face model facenet-vggface2" in sentence


@pytest.mark.parametrize("content", ["nothing", "junk", "empty", "numbers", "part", "program"])
def test_weights_that_are_none_of_facenet_are_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "weights.pt"
    match content:
        case "junk":
            file.write_bytes(b"no weights")
        case "empty":
            file.touch()
        case "numbers":
            torch.save(torch.zeros(3), file)
        case "part":
            torch.save({"last_linear.weight": torch.zeros(512, 1792)}, file)
        case "program":
            torch.save({"last_linear.weight": Harmful(tmp_path / "harm")}, file)
        case _:
            pass
    with pytest.raises(ModelMissing) as raised:
        FacenetEmbedder(tmp_path).embed([np.zeros((160, 160, 3), np.uint8)])
    assert raised.value.advice
    assert str(tmp_path) in raised.value.sentence
    assert not (tmp_path / "harm").exists()


def test_the_manifest_of_the_real_model_is_that_of_its_makers(tmp_path: Path) -> None:
    (tmp_path / "face_model.toml").write_text(RETAIL_MANIFEST, "utf-8")
    embedder = OnnxEmbedder(tmp_path, revision="1")
    assert (embedder.space.model, embedder.space.dimensions) == ("face-reidentification-retail-0095", 256)
    assert embedder.threshold == 0.39

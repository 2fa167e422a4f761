"""What every FaceRecogniser owes, whichever models it wraps: inherit and give the fixtures."""

import numpy as np
import pytest
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import FaceRecogniser, Picture
from heimdex_desktop.domain.faces import FaceObservation


class FaceRecogniserContract:
    """The tests; the class that inherits gives the fixtures `recogniser`, `group` and `nobody`.

    `group` is a picture of several people, `nobody` one without a face.
    """

    def test_every_picture_has_its_faces(
        self, recogniser: FaceRecogniser, group: Picture, nobody: Picture
    ) -> None:
        first, none, second = recogniser.find([group, nobody, group])
        assert len(first) == len(second) > 1
        assert none == ()

    def test_no_pictures_have_none(self, recogniser: FaceRecogniser) -> None:
        assert recogniser.find([]) == []

    def test_the_largest_face_comes_first(self, recogniser: FaceRecogniser, group: Picture) -> None:
        (faces,) = recogniser.find([group])
        areas = [(face.box.right - face.box.left) * (face.box.bottom - face.box.top) for face in faces]
        assert areas == sorted(areas, reverse=True)

    def test_places_and_grades_are_shares(self, recogniser: FaceRecogniser, group: Picture) -> None:
        (faces,) = recogniser.find([group])
        for face in faces:
            assert 0 <= face.box.left < face.box.right <= 1
            assert 0 <= face.box.top < face.box.bottom <= 1
            assert len(face.points) == 5
            grades = [face.confidence, face.quality.sharpness, face.quality.frontality, face.quality.score]
            assert all(0 <= share <= 1 for share in (*grades, *np.ravel(face.points)))
            assert face.quality.size_px > 0

    def test_points_come_in_their_order(self, recogniser: FaceRecogniser, group: Picture) -> None:
        for face in recogniser.find([group])[0]:
            left_eye, right_eye, nose, left_corner, right_corner = face.points
            assert left_eye[0] < right_eye[0]
            assert left_corner[0] < right_corner[0]
            assert left_eye[1] < nose[1] < left_corner[1]

    def test_vectors_are_unit_vectors_of_the_declared_space(
        self, recogniser: FaceRecogniser, group: Picture
    ) -> None:
        space = recogniser.space
        assert space == recogniser.space
        for face in recogniser.find([group])[0]:
            if space is None:
                assert face.vector is None
                continue
            assert face.vector is not None
            assert face.vector.shape == (space.dimensions,)
            assert face.vector.dtype == np.float32
            assert np.linalg.norm(face.vector) == pytest.approx(1, abs=1e-5)

    def test_a_batch_is_the_same_as_single_pictures(
        self, recogniser: FaceRecogniser, group: Picture, nobody: Picture
    ) -> None:
        pictures = [group, nobody, np.ascontiguousarray(group[:, ::-1])]
        together = recogniser.find(pictures)
        alone = [recogniser.find([picture])[0] for picture in pictures]
        assert together == alone
        for faces, same in zip(together, alone, strict=True):
            np.testing.assert_allclose(_vectors(faces), _vectors(same), atol=1e-4)

    def test_what_tells_faces_apart_has_a_threshold(self, recogniser: FaceRecogniser) -> None:
        threshold = recogniser.threshold
        assert (threshold is None) == (recogniser.space is None)
        assert threshold is None or 0 < threshold < 1

    def test_the_same_picture_gives_the_same_faces(self, recogniser: FaceRecogniser, group: Picture) -> None:
        (first,), (second,) = (recogniser.find([group]) for _ in range(2))
        assert first == second
        np.testing.assert_array_equal(_vectors(first), _vectors(second))

    def test_the_smallest_pictures_show_nobody(self, recogniser: FaceRecogniser) -> None:
        for height_px, width_px in ((1, 1), (6, 10), (3, 700), (700, 3)):
            assert recogniser.find([np.zeros((height_px, width_px, 3), np.uint8)]) == [()]

    def test_a_picture_is_not_changed(self, recogniser: FaceRecogniser, group: Picture) -> None:
        before = group.copy()
        recogniser.find([group])
        np.testing.assert_array_equal(group, before)

    def test_no_vector_is_ever_shown(self, recogniser: FaceRecogniser, group: Picture) -> None:
        for face in recogniser.find([group])[0]:
            assert "vector" not in f"{face}{face!r}"
            assert "array" not in f"{face}{face!r}"


def _vectors(faces: tuple[FaceObservation, ...]) -> NDArray[np.float32]:
    return np.array([face.vector for face in faces if face.vector is not None], np.float32)

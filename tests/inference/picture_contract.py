"""What every ImageEncoder owes, whichever model it wraps: inherit and give an `encoder` fixture."""

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import ImageEncoder, Picture


def patchwork(width_px: int, height_px: int, seed: int = 0) -> Picture:
    """Return a picture of 4 by 3 coloured patches."""
    patches = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    rows, columns = np.arange(height_px) * 3 // height_px, np.arange(width_px) * 4 // width_px
    return patches[rows][:, columns]


_GREY = np.full((50, 70, 3), 127, np.uint8)
_ODD = (
    patchwork(1, 1),
    patchwork(10, 6),
    patchwork(3_000, 40),
    patchwork(1, 2_000),
    _GREY,
    patchwork(64, 64)[::-1, ::2],
)


class ImageEncoderContract:
    """The tests; the class that inherits gives the fixture."""

    def test_rows_are_unit_vectors_of_the_declared_space(self, encoder: ImageEncoder) -> None:
        vectors = encoder.encode([patchwork(80, 60), patchwork(60, 80, 1)])
        assert vectors.shape == (2, encoder.space.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_the_space_has_a_name_and_a_revision(self, encoder: ImageEncoder) -> None:
        assert encoder.space.model
        assert encoder.space.revision
        assert encoder.space == encoder.space
        assert encoder.input_side_px > 0

    def test_no_pictures_make_no_rows(self, encoder: ImageEncoder) -> None:
        vectors = encoder.encode([])
        assert vectors.shape == (0, encoder.space.dimensions)
        assert vectors.dtype == np.float32

    def test_a_batch_is_the_same_as_single_pictures(self, encoder: ImageEncoder) -> None:
        pictures = [patchwork(40 + 5 * seed, 60, seed) for seed in range(5)]
        together = encoder.encode(pictures)
        alone = np.vstack([encoder.encode([picture]) for picture in pictures])
        np.testing.assert_allclose(together, alone, atol=1e-4)

    def test_the_same_picture_gives_the_same_vector(self, encoder: ImageEncoder) -> None:
        first, second = (encoder.encode([patchwork(80, 60)]) for _ in range(2))
        np.testing.assert_array_equal(first, second)

    def test_pictures_may_have_any_size(self, encoder: ImageEncoder) -> None:
        vectors = encoder.encode(_ODD)
        assert vectors.shape == (len(_ODD), encoder.space.dimensions)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_a_picture_is_not_changed(self, encoder: ImageEncoder) -> None:
        picture = patchwork(80, 60)
        encoder.encode([picture])
        np.testing.assert_array_equal(picture, patchwork(80, 60))

    @pytest.fixture
    def sights(self) -> tuple[Picture, Picture]:
        """Two pictures of different things; to be replaced where an encoder needs real ones."""
        return patchwork(240, 180), np.full((180, 240, 3), 127, np.uint8)

    def test_nearly_the_same_picture_lies_closer_than_another(
        self, encoder: ImageEncoder, sights: tuple[Picture, Picture]
    ) -> None:
        picture, another = sights
        grainy = picture ^ np.random.default_rng(1).integers(0, 2, picture.shape, dtype=np.uint8)
        same, nearly, other = encoder.encode([picture, grainy, another])
        assert same @ nearly > same @ other

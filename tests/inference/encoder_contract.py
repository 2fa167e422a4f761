"""What every TextEncoder owes, whichever model it wraps: inherit and give an `encoder` fixture."""

import numpy as np

from heimdex_desktop.domain.contracts import Purpose, TextEncoder

_TEXTS = ("The train leaves at noon.", "기계 학습", "", "a\x00b", "word " * 2_000, "🎬")


class TextEncoderContract:
    """The tests; the class that inherits gives the fixture."""

    def test_rows_are_unit_vectors_of_the_declared_space(self, encoder: TextEncoder) -> None:
        vectors = encoder.encode(_TEXTS[:2], Purpose.PASSAGE)
        assert vectors.shape == (2, encoder.space.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_the_space_has_a_name_and_a_revision(self, encoder: TextEncoder) -> None:
        assert encoder.space.model
        assert encoder.space.revision
        assert encoder.space == encoder.space

    def test_no_texts_make_no_rows(self, encoder: TextEncoder) -> None:
        for purpose in Purpose:
            vectors = encoder.encode([], purpose)
            assert vectors.shape == (0, encoder.space.dimensions)
            assert vectors.dtype == np.float32

    def test_a_batch_is_the_same_as_single_texts(self, encoder: TextEncoder) -> None:
        for purpose in Purpose:
            together = encoder.encode(_TEXTS, purpose)
            alone = np.vstack([encoder.encode([text], purpose) for text in _TEXTS])
            np.testing.assert_allclose(together, alone, atol=1e-4)
            assert np.isfinite(together).all()

    def test_the_same_text_gives_the_same_vector(self, encoder: TextEncoder) -> None:
        first, second = (encoder.encode(_TEXTS[:2], Purpose.QUERY) for _ in range(2))
        np.testing.assert_array_equal(first, second)

    def test_equal_texts_lie_closer_than_others(self, encoder: TextEncoder) -> None:
        query = encoder.encode(["the train leaves at noon"], Purpose.QUERY)[0]
        same, other = encoder.encode(["the train leaves at noon", "pancakes with syrup"], Purpose.PASSAGE)
        assert query @ same > query @ other + 0.2

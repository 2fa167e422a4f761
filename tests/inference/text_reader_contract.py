"""What every TextReader owes: inherit, and give the fixtures `reader` and `written`."""

import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from heimdex_desktop.domain.contracts import Picture, TextReader

Written = Callable[[Sequence[str]], Picture]
"""Makes a picture with these lines of text in it, from top to bottom."""

_LINES = ("Harbour Station", "Platform 42", "Mind the gap")


class TextReaderContract:
    """The tests; the class that inherits gives the fixtures."""

    def test_lines_are_read_from_top_to_bottom(self, reader: TextReader, written: Written) -> None:
        (lines,) = reader.read([written(_LINES)])
        assert [line.text for line in lines] == list(_LINES)
        middles = [line.box.top + line.box.bottom for line in lines]
        assert middles == sorted(middles)

    def test_every_line_says_where_it_stands_and_how_sure_it_is(
        self, reader: TextReader, written: Written
    ) -> None:
        (lines,) = reader.read([written(_LINES)])
        for line in lines:
            assert 0.0 <= line.box.left < line.box.right <= 1.0
            assert 0.0 <= line.box.top < line.box.bottom <= 1.0
            assert 0.0 < line.confidence <= 1.0
            assert line.at_ms == 0
            assert line.text == unicodedata.normalize("NFC", line.text).strip() != ""

    def test_a_batch_is_the_same_as_single_pictures(self, reader: TextReader, written: Written) -> None:
        pictures = [written(_LINES[:1]), _plain(200, 300), written(_LINES[1:])]
        together = reader.read(pictures)
        assert together == [reader.read([picture])[0] for picture in pictures]
        assert [len(lines) for lines in together] == [1, 0, 2]

    def test_the_same_picture_gives_the_same_lines(self, reader: TextReader, written: Written) -> None:
        picture = written(_LINES)
        before = picture.copy()
        assert reader.read([picture]) == reader.read([picture])
        np.testing.assert_array_equal(picture, before)

    def test_no_pictures_give_no_lines(self, reader: TextReader) -> None:
        assert reader.read([]) == []

    @pytest.mark.parametrize(("height_px", "width_px"), [(1, 1), (6, 10), (20, 1900), (1900, 20), (120, 160)])
    def test_a_plain_picture_of_any_size_has_no_text(
        self, reader: TextReader, height_px: int, width_px: int
    ) -> None:
        assert reader.read([_plain(height_px, width_px)]) == [()]


def _plain(height_px: int, width_px: int) -> Picture:
    return np.full((height_px, width_px, 3), 90, np.uint8)

"""What conditions ask of scenes beside their words, as arrays: 52 bytes for a scene, and each name once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.filters import Comparison
from heimdex_desktop.index.clauses import Compared, Number, Touches
from heimdex_desktop.index.schema import ArrowArray, ArrowTable

FACT_COLUMNS = (
    *("video_id", "start_ms", "end_ms", "folders", "language"),
    *("made_ms", "short_side_px", "people_count"),
)

Mask = NDArray[np.bool_]
_UNKNOWN = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """One name of each of `n` scenes, as its number among the distinct `names`; -1 where it has none."""

    names: tuple[str, ...]
    numbers: NDArray[np.int32]

    @classmethod
    def of(cls, texts: ArrowArray) -> "Named":
        encoded = texts.dictionary_encode()
        return cls(
            tuple(encoded.dictionary.to_pylist()),
            encoded.indices.fill_null(-1).to_numpy().astype(np.int32, copy=False),
        )

    def where(self, is_meant: Callable[[str], bool]) -> Mask:
        """Return which scenes have a name that is meant."""
        # The last answer stands for those without a name.
        meant = np.array([*map(is_meant, self.names), False], np.bool_)
        return meant[self.numbers]

    @property
    def size_bytes(self) -> int:
        return self.numbers.nbytes + sum(map(len, self.names))


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The facts of `n` scenes, a row each. What is not known of one is the smallest number there is."""

    videos: Named
    folders: Named
    languages: Named
    start_ms: NDArray[np.int64]
    end_ms: NDArray[np.int64]
    made_ms: NDArray[np.int64]
    short_side_px: NDArray[np.int64]
    people: NDArray[np.int64]

    @classmethod
    def of(cls, found: ArrowTable) -> "Facts":
        """Take rows of a table apart that have the columns of `FACT_COLUMNS`."""
        column = {name: found[name].combine_chunks() for name in FACT_COLUMNS}
        return cls(
            videos=Named.of(column["video_id"]),
            folders=Named.of(column["folders"]),
            languages=Named.of(column["language"]),
            start_ms=_numbers(column["start_ms"]),
            end_ms=_numbers(column["end_ms"]),
            made_ms=_numbers(column["made_ms"]),
            short_side_px=_numbers(column["short_side_px"]),
            people=_numbers(column["people_count"]),
        )

    def compared(self, asked: Compared) -> Mask:
        """Return which scenes have a number that compares so."""
        numbers = self._numbers_of(asked.number)
        return _holds(asked.comparison, numbers, asked.value) & (numbers != _UNKNOWN)

    def touching(self, asked: Touches) -> Mask:
        mine = self.videos.where(lambda name: name == asked.video_id)
        return mine & (self.start_ms <= asked.end_ms) & (self.end_ms >= asked.start_ms)

    @property
    def size_bytes(self) -> int:
        named = (self.videos, self.folders, self.languages)
        numbers = (self.start_ms, self.end_ms, self.made_ms, self.short_side_px, self.people)
        return sum(one.size_bytes for one in named) + sum(one.nbytes for one in numbers)

    def _numbers_of(self, number: Number) -> NDArray[np.int64]:
        match number:
            case Number.MADE_MS:
                return self.made_ms
            case Number.LENGTH_MS:
                return self.end_ms - self.start_ms
            case Number.SHORT_SIDE_PX:
                return self.short_side_px
            case Number.PEOPLE:
                return self.people


def _numbers(column: ArrowArray) -> NDArray[np.int64]:
    return column.cast("int64").fill_null(_UNKNOWN).to_numpy()


def _holds(comparison: Comparison, numbers: NDArray[np.int64], value: int) -> Mask:
    match comparison:
        case Comparison.EQUAL:
            return numbers == value
        case Comparison.LESS:
            return numbers < value
        case Comparison.AT_MOST:
            return numbers <= value
        case Comparison.MORE:
            return numbers > value
        case Comparison.AT_LEAST:
            return numbers >= value

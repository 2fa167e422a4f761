"""Makes a library of any number of scenes in seconds, through the program's own tables.

Words follow Zipf's law (the n-th most frequent is n times rarer than the first) in three languages: half of
the scenes are English, three tenths Korean with particles glued on, the rest Japanese without spaces.
Vectors lie in clusters of a low dimension with some noise, as those of encoders do: vectors that point
anywhere would all be equally far from a query, which no search but a complete one can order.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.index.conditions import FOLDER_MARK
from heimdex_desktop.index.schema import (
    SCENES,
    VIDEOS,
    ArrowArray,
    ArrowTable,
    VectorColumn,
    scenes_schema,
    videos_schema,
)
from heimdex_desktop.index.store import SceneStore

SCENES_A_VIDEO = 250
_SCENES_A_PART = 50_000
_SHORTEST_MS, _LONGEST_MS = 2_000, 14_000
_FIRST_DAY_MS = 1_577_836_800_000  # 2020-01-01
_DAY_MS = 86_400_000
_DAYS = 2_000
_SCATTERING = 0x9E3779B1  # the golden ratio of 2**32
_NUMBER = (1 << 32) - 1
_WORDS = 60_000
_LONGEST = 80
_TAGS = ("still", "moving", "dark", "light", "blue", "green", "red", "close-up", "wide shot", "plain")
_CLUSTERS = 3_000
_INNER_DIMENSIONS = 64
_SHARES = (0.5, 0.3, 0.2)
_PARTICLES = ("", "", "은", "는", "을", "를", "에서", "으로", "의")
_FIRST_WORD_RANK = 3
_arrow: Any = pyarrow.compute
Floats = NDArray[np.float32]


class Space:
    """A made-up space of vectors: clusters around centres, some much larger than others."""

    def __init__(self, dimensions: int, rng: np.random.Generator) -> None:
        self.dimensions = dimensions
        self._rng = rng
        spread = 1 / np.arange(1, _INNER_DIMENSIONS + 1) ** 0.5
        basis = rng.normal(size=(_INNER_DIMENSIONS, dimensions)) * spread[:, None] / dimensions**0.5
        self._basis: Floats = basis.astype(np.float32)
        self._centres = _normal(rng, _CLUSTERS, _INNER_DIMENSIONS)
        self._shift = _unit(_normal(rng, 1, dimensions))

    def made(self, count: int) -> Floats:
        """Return new unit vectors, shape (count, dimensions)."""
        # The square makes the first clusters the largest.
        cluster = (self._rng.random(count) ** 2 * _CLUSTERS).astype(np.int64)
        around = _normal(self._rng, count, _INNER_DIMENSIONS)
        vectors = _unit((self._centres[cluster] + np.float32(0.7) * around) @ self._basis)
        noise = _normal(self._rng, count, self.dimensions) * np.float32(0.4 / self.dimensions**0.5)
        # Vectors of real encoders share a direction: two that are unrelated have a cosine above nought.
        return _unit(vectors + noise + np.float32(0.5) * self._shift)

    def near(self, vectors: Floats) -> Floats:
        """Return unit vectors some way off from these, as those of queries are."""
        inner = _normal(self._rng, len(vectors), _INNER_DIMENSIONS)
        return _unit(vectors + np.float32(0.4) * _unit(inner @ self._basis))


class Language:
    """Words of a made-up language, the most frequent first."""

    def __init__(self, name: str, rng: np.random.Generator) -> None:
        self.name = name
        self._rng = rng
        lengths = rng.integers(2, 10, _WORDS) if name == "en" else 1 + rng.poisson(1.2, _WORDS)
        letters = {"en": "etaoinshrdlucmfwypvbgk", "ko": _block(0xAC00, 1_500), "ja": _japanese()}[name]
        rank = (rng.random(int(lengths.sum())) ** 2 * len(letters)).astype(np.int64)
        ends = np.cumsum(lengths)
        text = "".join(letters[place] for place in rank)
        words = [text[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        self.words = list(dict.fromkeys(words))

    def said(self, count: int) -> ArrowArray:
        """Return what is said in so many scenes, 2 to 80 words each; a tenth are silent."""
        lengths = np.clip(self._rng.lognormal(2.7, 0.7, count), 2, _LONGEST).astype(np.int64)
        lengths[self._rng.random(count) < 0.1] = 0
        return _joined(self._drawn(int(lengths.sum())), lengths, "" if self.name == "ja" else " ")

    def written(self, count: int) -> ArrowArray:
        """Return what stands on so many screens: a few words on one in eight."""
        lengths = self._rng.integers(1, 9, count) * (self._rng.random(count) < 0.125)
        return _joined(self._drawn(int(lengths.sum())), lengths, " ")

    def _drawn(self, count: int) -> ArrowArray:
        weights = np.cumsum(1 / (np.arange(len(self.words)) + _FIRST_WORD_RANK))
        rank = np.searchsorted(weights, self._rng.random(count) * weights[-1])
        drawn = pa.array(self.words, pa.string()).take(pa.array(rank))
        if self.name == "en":
            return drawn
        ends = ("", "", "", "", "、") if self.name == "ja" else _PARTICLES
        ending = pa.array(ends).take(pa.array(self._rng.integers(0, len(ends), count)))
        return _arrow.binary_join_element_wise(drawn, ending, "")


@dataclass(frozen=True)
class Library:
    """Where it lies, its columns of vectors, and the spaces and vectors that queries are made from."""

    folder: Path
    columns: tuple[VectorColumn, VectorColumn]
    spaces: tuple[Space, Space]

    def table(self) -> Any:
        return lancedb.connect(self.folder).open_table(SCENES)


def make(folder: Path, scene_count: int, dimensions: tuple[int, int], seed: int = 7) -> Library:
    """Write a library; dimensions are those of the vectors of what is said and of what is seen."""
    rng = np.random.default_rng(seed)
    names = zip((TEXT, VISION), dimensions, strict=True)
    text, vision = (VectorColumn(role, EmbeddingSpace(role, "made", size)) for role, size in names)
    library = Library(folder, (text, vision), (Space(dimensions[0], rng), Space(dimensions[1], rng)))
    SceneStore(folder, library.columns)
    database = lancedb.connect(folder)
    scenes, videos = database.open_table(SCENES), database.open_table(VIDEOS)
    languages = [Language(name, rng) for name in ("en", "ko", "ja")]
    for part in _parts(library, languages, scene_count, rng):
        scenes.add(part)
        videos.add(_videos(part))
    return library


def _parts(
    library: Library, languages: Sequence[Language], scene_count: int, rng: np.random.Generator
) -> Iterator[ArrowTable]:
    for first in range(0, scene_count, _SCENES_A_PART):
        count = min(_SCENES_A_PART, scene_count - first)
        sizes = [round(share * count) for share in _SHARES[:-1]]
        sizes.append(count - sum(sizes))
        tables = [
            _facts(
                language, size, first + sum(sizes[:number]), [column.name for column in library.columns], rng
            )
            for number, (language, size) in enumerate(zip(languages, sizes, strict=True))
        ]
        table = pa.concat_tables(tables)
        for column, space in zip(library.columns, library.spaces, strict=True):
            flat = pa.array(space.made(count).ravel())
            vectors = pa.FixedSizeListArray.from_arrays(flat, column.space.dimensions)
            table = table.append_column(column.field, vectors)
        yield table


def _facts(
    language: Language, count: int, first: int, vector_names: Sequence[str], rng: np.random.Generator
) -> ArrowTable:
    numbers = range(first, first + count)
    said, screen = language.said(count), language.written(count)
    starts, ends = _spans(np.asarray(numbers), rng)
    videos = [number // SCENES_A_VIDEO for number in numbers]
    tag_counts = rng.integers(0, 5, count)
    names = pa.array(_TAGS).take(pa.array(rng.integers(0, len(_TAGS), int(tag_counts.sum()))))
    offsets = pa.array(np.concatenate([[0], np.cumsum(tag_counts)]), pa.int32())
    scores = pa.array(rng.random(len(names), np.float32))
    columns = {
        "scene_id": [f"{number:08x}-0000-5000-8000-000000000000" for number in numbers],
        "video_id": [str(video_id(video)) for video in videos],
        "start_ms": starts,
        "end_ms": ends,
        "transcript": said,
        "said_at_ms": [[start] for start in starts],
        "said_from": [[0]] * count,
        "language": [language.name] * count,
        "words": _searchable(said),
        "screen_text": screen,
        "screen_at_ms": [[start] for start in starts],
        "screen": _searchable(screen),
        "tag_names": pa.ListArray.from_arrays(offsets, names),
        "tag_scores": pa.ListArray.from_arrays(offsets, scores),
        "still": [""] * count,
        "folders": [f"{FOLDER_MARK}{folder_of(video)}/" for video in videos],
        "made_ms": [_FIRST_DAY_MS + _scattered(video) % _DAYS * _DAY_MS for video in videos],
        "short_side_px": [(720, 1080, 2160)[video % 3] for video in videos],
        "people_count": [None] * count,
        "people": [[]] * count,
        "people_sure": [[]] * count,
        "people_frames": [[]] * count,
        "vector_names": [vector_names] * count,
    }
    return pa.table(columns, schema=scenes_schema())


def _spans(numbers: NDArray[np.int64], rng: np.random.Generator) -> tuple[Any, Any]:
    """Return when scenes begin and end in their videos, 2 to 14 seconds each without gaps."""
    lengths = rng.integers(_SHORTEST_MS, _LONGEST_MS, len(numbers))
    ends = np.cumsum(lengths)
    begins = ends - lengths
    first_of_video = np.maximum(0, np.arange(len(numbers)) - numbers % SCENES_A_VIDEO)
    return begins - begins[first_of_video], ends - begins[first_of_video]


def video_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=0x50008000 << 64 | number)


def folder_of(video: int) -> str:
    """Return the folder of a video: the first holds half of all, each other half of the one before."""
    return f"/videos/folder{17 - (_scattered(video) or 1).bit_length():02}"


def _scattered(video: int) -> int:
    """Return a number of 16 bits that says nothing of its neighbours."""
    return (video * _SCATTERING & _NUMBER) >> 16


def _videos(scenes: ArrowTable) -> ArrowTable:
    ids = scenes["video_id"].unique().to_pylist()
    rows = [
        {
            "video_id": one,
            "locations": [f"{folder_of(uuid.UUID(one).int & _NUMBER)}/{one}.mp4"],
            "fingerprint": "made",
        }
        for one in ids
    ]
    return pa.Table.from_pylist(rows, schema=videos_schema())


def _normal(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    return rng.standard_normal((rows, columns)).astype(np.float32)


def _unit(vectors: NDArray[Any]) -> Floats:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _searchable(texts: ArrowArray) -> ArrowArray:
    """Do what `folding.searchable` does, for words that are folded as they are."""
    spaced = _arrow.utf8_trim(_arrow.replace_substring_regex(texts, "[、 ]+", " "), " ")
    padded = _arrow.binary_join_element_wise("", spaced, "", " ")
    return _arrow.if_else(_arrow.equal(spaced, ""), "", padded)


def _joined(words: ArrowArray, lengths: NDArray[np.int64], between: str) -> ArrowArray:
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    return _arrow.binary_join(pa.ListArray.from_arrays(offsets, words), between)


def _block(first: int, count: int) -> str:
    return "".join(map(chr, range(first, first + count)))


def _japanese() -> str:
    return _block(0x3041, 80) + _block(0x4E00, 2_000) + _block(0x30A2, 70)

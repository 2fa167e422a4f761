"""The vectors of a query, by what they are compared with: what is said, and what is seen."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Purpose, TextEncoder, Vectors
from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.domain.search import Query
from heimdex_desktop.index.background import Script
from heimdex_desktop.index.calibration import Calibration, has_meaning, main_script_of
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.candidates import Snapshot
from heimdex_desktop.index.exact_words import WordQuery, word_query
from heimdex_desktop.index.fusion import GOOD_FROM
from heimdex_desktop.index.nearest import Ray
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.sight import Sights

_MOST_OF_NO_MEANING = 0.9 * GOOD_FROM
_SCENES_TO_WARM_FOR = 100


Encoders = Callable[[str, Sequence[EmbeddingSpace]], TextEncoder | None]
"""Gives the encoder of a role ("text", "vision") for one of these spaces, the first if possible; without
spaces, the encoder of the vectors to come. Asked at every search, so that an encoder may come later."""


def no_encoder(role: str, spaces: Sequence[EmbeddingSpace]) -> TextEncoder | None:  # noqa: ARG001
    """Stand for encoders where there are none: words and tags decide alone."""
    return None


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a scene's vector lies to the query's (-1..1), and what that is worth (0..1).

    Without a `cosine` the scene has no such vector; without a `worth` its vector says nothing.
    """

    cosine: float | None = None
    worth: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """A query's vector, and what scenes that lie near it are worth.

    `worths` gives that for scenes and their vectors, shape (n, dimensions); NaN where a vector says nothing.
    """

    ray: Ray
    worths: Callable[[Sequence[Candidate], Vectors], NDArray[np.float64]]

    def of(self, candidates: Sequence[Candidate]) -> list[Nearness]:
        """Return how near each scene lies."""
        vectors = [one.vectors.get(self.ray.column) for one in candidates]
        there = [(place, vector) for place, vector in enumerate(vectors) if vector is not None]
        found = [Nearness()] * len(candidates)
        if there:
            matrix = np.stack([vector for _, vector in there])
            worths = self.worths([candidates[place] for place, _ in there], matrix).tolist()
            cosines = (matrix @ self.ray.vector).tolist()
            for (place, _), cosine, worth in zip(there, cosines, worths, strict=True):
                found[place] = Nearness(cosine, None if math.isnan(worth) else worth)
        return found


class Likenesses:
    """Makes the vectors of queries; keeps what is measured about each encoder. For one thread."""

    def __init__(self, encoders: Encoders) -> None:
        self._encoders = encoders
        self._calibration: tuple[TextEncoder, Calibration] | None = None
        self._sights: tuple[TextEncoder, Sights] | None = None

    def of(
        self, query: Query, words: WordQuery, snapshot: Snapshot
    ) -> tuple[Likeness | None, Likeness | None]:
        """Return the likeness to what is said and to what is seen; may raise what the encoders raise."""
        return self._said(query, words, snapshot), self._seen(query, words, snapshot)

    def seen_of(self, texts: Sequence[str], snapshot: Snapshot) -> tuple[Likeness, ...]:
        """Return the likeness to each of these looks that means something; may raise what encoders raise."""
        queries = (Query(text, tuple(text.split())) for text in texts)
        found = (self._seen(query, word_query(query), snapshot) for query in queries)
        return tuple(likeness for likeness in found if likeness)

    def encoder_of(self, column: VectorColumn) -> TextEncoder | None:
        """Return the encoder of the vectors in a column, None where there is none now."""
        encoder = self._encoders(column.role, (column.space,))
        return encoder if encoder and encoder.space == column.space else None

    def warm(self, snapshot: Snapshot | None) -> None:
        """Encode now what the first query would wait for: background texts, in the scripts of the library."""
        text, vision = self._ask(TEXT, snapshot), self._ask(VISION, snapshot)
        if text is not None:
            column, encoder = text
            found = snapshot.latest(_SCENES_TO_WARM_FOR, [column]) if snapshot and column else ()
            spoken = (main_script_of(one.said) for one in found if one.vectors)
            self._calibration_of(encoder).prepare(dict.fromkeys((Script.LATIN, *spoken)))
        if vision is not None:
            self._sights_of(vision[1]).prepare()

    def _said(self, query: Query, words: WordQuery, snapshot: Snapshot) -> Likeness | None:
        column, encoder = self._ask(TEXT, snapshot) or (None, None)
        if column is None or encoder is None:
            return None
        calibration = self._calibration_of(encoder)
        scale = calibration.scale(
            query.text, snapshot.vector_count(column), lambda size: snapshot.sample(column, size)
        )
        if scale.is_blind:
            return None
        most = 1.0 if has_meaning(words.terms) else _MOST_OF_NO_MEANING
        vector = encoder.encode([query.text], Purpose.QUERY)[0]

        def worths(candidates: Sequence[Candidate], vectors: Vectors) -> NDArray[np.float64]:
            read = [calibration.reads(main_script_of(one.said)) for one in candidates]
            return np.where(read, np.minimum(most, scale.worths(vectors @ vector)), np.nan)

        return Likeness(Ray(column, vector), worths)

    def _seen(self, query: Query, words: WordQuery, snapshot: Snapshot) -> Likeness | None:
        column, encoder = self._ask(VISION, snapshot) or (None, None)
        if column is None or encoder is None:
            return None
        # What is quoted was spoken or written: it is no description of a picture.
        if not query.words or not has_meaning(words.terms):
            return None
        sight = self._sights_of(encoder).sight(
            query.text, snapshot.vector_count(column), lambda size: snapshot.sample(column, size)
        )
        if sight is None:
            return None

        return Likeness(Ray(column, sight.query), lambda _, vectors: sight.worths(vectors))

    def _ask(self, role: str, snapshot: Snapshot | None) -> tuple[VectorColumn | None, TextEncoder] | None:
        there = snapshot.columns if snapshot else ()
        columns = {column.space: column for column in there if column.role == role}
        encoder = self._encoders(role, tuple(columns))
        return (columns.get(encoder.space), encoder) if encoder else None

    def _calibration_of(self, encoder: TextEncoder) -> Calibration:
        if self._calibration is None or self._calibration[0] is not encoder:
            self._calibration = encoder, Calibration(encoder)
        return self._calibration[1]

    def _sights_of(self, encoder: TextEncoder) -> Sights:
        if self._sights is None or self._sights[0] is not encoder:
            self._sights = encoder, Sights(encoder)
        return self._sights[1]

"""Turns a scene or a picture into a question: what it looks like, and what is said in a scene.

Its vectors are compared with those of the other scenes. The cosines of two pictures, or of two transcripts,
lie on another scale than those of a text with them, so the library itself is the yardstick: a sample of it
says which nearness is nothing special (see `sight`). Where a scene has no such vector, its tags stand for
how it looks, and its own words for what is said. Tags say that two scenes are of one kind (both dark, both
moving), not that they are alike: they speak to half of the question, so that they alone are never a good
match.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import PictureEncoder
from heimdex_desktop.domain.errors import InputError, ModelMissing
from heimdex_desktop.domain.scene import TEXT, VISION, EmbeddingSpace
from heimdex_desktop.domain.search import LikePicture, LikeScene
from heimdex_desktop.index.calibration import SAMPLE_SIZE
from heimdex_desktop.index.candidate import Candidate
from heimdex_desktop.index.candidates import Snapshot
from heimdex_desktop.index.clauses import AllOf, Inverse, Touches
from heimdex_desktop.index.exact_words import MOST_TERMS, Term
from heimdex_desktop.index.likeness import Likeness
from heimdex_desktop.index.nearest import Ray
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.sight import among
from heimdex_desktop.index.tag_words import TagNeed, TagQuery

_SHARE_OF_TAGS = 0.5
_NOTHING_SEES = (
    "A picture can only be searched for with a picture model, and none has looked at these videos."
)
_LET_IT_SEE = "Choose one on the page about models, and let the videos be indexed with it."

PictureEncoders = Callable[[Sequence[EmbeddingSpace]], PictureEncoder | None]
"""Gives the encoder of pictures for one of these spaces, the first if possible. Asked at every search."""


def no_pictures(spaces: Sequence[EmbeddingSpace]) -> PictureEncoder | None:  # noqa: ARG001
    """Stand for encoders of pictures where there are none."""
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Clues:
    """What a question gives to compare scenes with, for each channel."""

    terms: tuple[Term, ...]
    tags: TagQuery
    meaning: Likeness | None
    sight: Likeness | None


def scene_of(like: LikeScene, snapshot: Snapshot) -> Candidate:
    """Return the scene that is pointed at, with all its vectors. Raises InputError where it is gone."""
    found = snapshot.candidates(snapshot.rows_of(like.scene_id), snapshot.columns)
    if not found:
        sentence = "The scene that others should be like is not in the library."
        raise InputError(sentence, "Choose another one.")
    return found[0]


def elsewhere(example: Candidate) -> AllOf:
    """Return the clause that leaves out a scene and those right before and after it."""
    return AllOf((Inverse(Touches(example.video_id, example.span.start_ms, example.span.end_ms)),))


def clues_of(example: Candidate, snapshot: Snapshot) -> Clues:
    """Return what there is to compare other scenes with."""
    meaning, sight = (_likeness(example, role, snapshot) for role in (TEXT, VISION))
    return Clues(
        terms=() if meaning else _telling_terms(example),
        tags=TagQuery() if sight else _tags_of(example),
        meaning=meaning,
        sight=sight,
    )


class PictureQuestions:
    """Makes questions of pictures with whoever encodes them; keeps the vector of the last one."""

    def __init__(self, encoders: PictureEncoders) -> None:
        self._encoders = encoders
        self._last: tuple[LikePicture, EmbeddingSpace, NDArray[np.float32]] | None = None

    def clues_of(self, like: LikePicture, snapshot: Snapshot) -> Clues:
        """Return what a picture says: how it looks. Raises ModelMissing, and what the encoder raises."""
        columns = {column.space: column for column in snapshot.columns if column.role == VISION}
        encoder = self._encoders(tuple(columns)) if columns else None
        if encoder is None:
            raise ModelMissing(_NOTHING_SEES, _LET_IT_SEE)
        vector = self._vector(like, encoder)
        return Clues((), TagQuery(), None, likeness_to(vector, columns[encoder.space], snapshot))

    def _vector(self, like: LikePicture, encoder: PictureEncoder) -> NDArray[np.float32]:
        if self._last is None or self._last[0] is not like or self._last[1] != encoder.space:
            self._last = like, encoder.space, encoder.encode([like.picture])[0]
        return self._last[2]


def between(one: Likeness | None, two: Likeness | None) -> Ray | None:
    """Return the ray in the middle of two, where both are compared with the same vectors."""
    if one is None or two is None or one.ray.column != two.ray.column:
        return None
    middle = one.ray.vector + two.ray.vector
    length = float(np.linalg.norm(middle))
    return Ray(one.ray.column, (middle / length).astype(np.float32)) if length else None


def _likeness(example: Candidate, role: str, snapshot: Snapshot) -> Likeness | None:
    """Compare by the vectors of a role that most scenes have, the newest of those; None without any."""
    columns = [column for column in reversed(snapshot.columns) if column in example.vectors]
    counts = {column: snapshot.vector_count(column) for column in columns if column.role == role}
    column = max(counts, key=lambda one: counts[one], default=None)
    return likeness_to(example.vectors[column], column, snapshot) if column else None


def likeness_to(vector: NDArray[np.float32], column: VectorColumn, snapshot: Snapshot) -> Likeness:
    """Return the likeness to a vector, shape (dimensions,), measured against the library."""
    sight = among(vector, snapshot.sample(column, SAMPLE_SIZE), snapshot.vector_count(column))
    return Likeness(Ray(column, vector), lambda _, vectors: sight.worths(vectors))


def _telling_terms(example: Candidate) -> tuple[Term, ...]:
    terms = (Term.of(word) for word in dict.fromkeys(example.words))
    return tuple(term for term in terms if not term.is_stop)[:MOST_TERMS]


def _tags_of(example: Candidate) -> TagQuery:
    needs = tuple(TagNeed((tag,), 1) for tag in example.tags)
    return TagQuery(needs, _SHARE_OF_TAGS if needs else 0.0)

"""Says what would help to recognise somebody: photos that do harm, people who look alike, faces to take.

All vectors have unit length and are of one space. How sure a likeness is, is said in 0..1 by a `Scale`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.people_events import PersonId, PhotoId
from heimdex_desktop.people.matching import SUGGESTED_FROM, SURE_FROM, Scale, TrackMatch
from heimdex_desktop.people.tracks import FaceTrack, weight_of

_CLEARLY = 0.05
"""The cosines of all other photos with the rest must grow by so much together, when one that harms is out."""
_ENOUGH_PHOTOS = 3
_NEARLY_THE_SAME = 0.97
"""No two moments of a person are so alike; two copies of a picture are."""
_CLEAR_QUALITY = 0.5
_WELL_KNOWN = 0.9
"""A face that is recognised so surely adds nothing."""
_MOST_PROPOSALS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """The face in a photo: its vector, shape (d,), and how well it is seen, in 0..1."""

    id: PhotoId
    vector: NDArray[np.float32] = field(repr=False)
    quality: float


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people who may be taken for each other, and how easily, in 0..1."""

    one: PersonId
    other: PersonId
    likeness: float


def agreements(photos: Sequence[Portrait], scale: Scale | None = None) -> dict[PhotoId, float | None]:
    """Return how well each photo fits the others of the person, in 0..1; None where there is no other.

    Each photo is left out in turn, and compared with the centre of the rest, counted by quality: what is told
    is how surely it would be recognised by them, or without a scale, the bare cosine.
    """
    if len(photos) < 2:
        return {photo.id: None for photo in photos}
    cosines = _Sums.of(photos).left_out()
    sure = np.clip(cosines, 0.0, 1.0) if scale is None else scale.confidence(cosines.astype(np.float32))
    return {photo.id: float(one) for photo, one in zip(photos, sure, strict=True)}


def harms(photos: Sequence[Portrait]) -> dict[PhotoId, float]:
    """Return by how much the others would agree better without each photo, in cosines summed over them.

    Below 0 it does good. Of fewer than three photos nobody can tell: 0.
    """
    if len(photos) < 3:
        return {photo.id: 0.0 for photo in photos}
    sums = _Sums.of(photos)
    cosines, without = sums.left_out(), sums.two_left_out()
    gains = np.nansum(without - cosines[None, :], axis=1)
    return {photo.id: float(gain) for photo, gain in zip(photos, gains, strict=True)}


def complaints(photos: Sequence[Portrait], scale: Scale) -> dict[PhotoId, str]:
    """Return a sentence for each photo of a person that does harm, with what to do about it."""
    sure, harm = agreements(photos, scale), harms(photos)
    if len(photos) == 2:
        return {one: _of_two(agreement) for one, agreement in sure.items() if _is_doubtful(agreement)}
    return {
        photo.id: f"This photo fits the others badly ({agreement:.2f}): take it out."
        for photo in photos
        if (agreement := sure[photo.id]) is not None and _does_harm(agreement, harm[photo.id])
    }


def advice(name: str, photos: Sequence[Portrait]) -> tuple[str, ...]:
    """Return sentences on which photos are missing, the most important first."""
    told: list[str] = []
    if not photos:
        told.append(
            f"There is no photo of {name} yet: add one in which the face is large, sharp and straight."
        )
    elif len(photos) < _ENOUGH_PHOTOS:
        count = "one photo" if len(photos) == 1 else f"{len(photos)} photos"
        told.append(f"{name} is known by {count} alone: add others, from other days and in other light.")
    if any(float(one.vector @ other.vector) >= _NEARLY_THE_SAME for one, other in combinations(photos, 2)):
        told.append(f"Two photos of {name} are nearly the same: add one of another moment.")
    return tuple(told)


def look_alikes(people: Mapping[PersonId, NDArray[np.float32]], scale: Scale) -> list[Alike]:
    """Return the pairs of people who would be suggested for each other, the most alike first.

    `people` are their vectors, shape (d,), of unit length.
    """
    if len(people) < 2:
        return []
    ids, matrix = list(people), np.stack(list(people.values()))
    sure = scale.confidence(matrix @ matrix.T)
    rows, columns = np.nonzero(np.triu(sure >= SUGGESTED_FROM, 1))
    pairs = [
        Alike(ids[row], ids[column], float(sure[row, column]))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return sorted(pairs, key=lambda pair: -pair.likeness)


def warning_of(one: str, other: str, likeness: float) -> str:
    """Say that two people, by their names, look alike."""
    return f"{one} and {other} look alike ({likeness:.2f}): add photos of both."


def proposals(
    tracks: Sequence[FaceTrack], matches: Sequence[TrackMatch], person: PersonId
) -> tuple[int, ...]:
    """Return the places of up to five tracks that would help as photos of a person, the most telling first.

    They are seen clearly and recognised with doubt; of each scene there is one at most. What was said of a
    face counts already, so it is not proposed.
    """
    doubtful = sorted(
        (match for match in matches if match.person == person and _is_telling(match, tracks[match.track])),
        key=lambda match: (match.confidence, -tracks[match.track].quality, match.track),
    )
    found: dict[str, int] = {}
    for match in doubtful:
        found.setdefault(tracks[match.track].scene_id, match.track)
    return tuple(found.values())[:_MOST_PROPOSALS]


def _is_telling(match: TrackMatch, track: FaceTrack) -> bool:
    return not match.is_said and match.confidence < _WELL_KNOWN and track.quality >= _CLEAR_QUALITY


def _does_harm(agreement: float, harm: float) -> bool:
    """A bad photo among many hardly harms, but nobody would recognise it; one among few does harm clearly."""
    return harm > 0 and agreement < (SURE_FROM if harm >= _CLEARLY else SUGGESTED_FROM)


def _is_doubtful(agreement: float | None) -> bool:
    return agreement is not None and agreement < SUGGESTED_FROM


def _of_two(agreement: float | None) -> str:
    return f"The two photos hardly agree ({agreement or 0.0:.2f}): add a third to see which one is wrong."


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """All that is needed of n photos: their weighted cosines, shape (n, n), and the length of their sum.

    `weighted[i, j]` is the product of vector i, counted by its weight, with vector j.
    """

    weights: NDArray[np.float64]
    weighted: NDArray[np.float64]

    @classmethod
    def of(cls, photos: Sequence[Portrait]) -> "_Sums":
        weights = np.array([weight_of(photo.quality) for photo in photos])
        matrix = np.stack([photo.vector for photo in photos]).astype(np.float64)
        return cls(weights, weights[:, None] * (matrix @ matrix.T))

    def left_out(self) -> NDArray[np.float64]:
        """Return the cosine of each photo with the centre of all others, shape (n,)."""
        products = self.weighted.sum(axis=0)
        own = self.weights * np.diag(self.weighted)
        squares = self._square() - 2 * self.weights * products + own
        return _quotient(products - np.diag(self.weighted), squares)

    def two_left_out(self) -> NDArray[np.float64]:
        """Return at (i, j) the cosine of photo j with the centre of all but i and j; NaN where i is j."""
        products = self.weighted.sum(axis=0)
        shares, own = self.weights * products, self.weights * np.diag(self.weighted)
        lost = 2 * (shares[:, None] + shares[None, :]) - own[:, None] - own[None, :]
        both = 2 * self.weighted * self.weights[None, :]
        cosines = _quotient(
            products[None, :] - np.diag(self.weighted)[None, :] - self.weighted, self._square() - lost + both
        )
        np.fill_diagonal(cosines, np.nan)
        return cosines

    def _square(self) -> float:
        return float((self.weighted * self.weights[None, :]).sum())


def _quotient(products: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide by lengths whose squares are given; a centre without a direction is like nothing."""
    lengths = np.sqrt(np.maximum(squares, 0.0))
    return np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 1e-6)

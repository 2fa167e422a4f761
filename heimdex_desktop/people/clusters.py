"""Groups of unknown faces that are probably one person each: "Who is this?"

Density clustering (DBSCAN: Ester et al., A density-based algorithm for discovering clusters, 1996) by
scikit-learn over the pairs of tracks that are alike. A track that only few are like joins no group, so that
one doubtful face does not chain two people together. Where it does nevertheless, as a blurred face is a
little like everybody, the group is taken apart by average linkage (Sokal and Michener, A statistical method
for evaluating systematic relationships, 1958) by SciPy. Two that are like each other and nobody else are a
group, and so is one that is seen for long, as in a video of somebody who talks. Two tracks in one picture
are two people: their likeness never counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform
from sklearn.cluster import DBSCAN

from heimdex_desktop.people.tracks import FaceTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS_AT_ONCE = 2_000
_LONG_FROM = 6
"""A track in so many pictures is worth a question alone: chance faces are gone sooner."""
_MOST_AT_ONCE = 2_000
"""Of a larger group the clearest tracks are compared each with each, and the others go with those."""
_OPPOSITE = 2.0
"""The distance of two tracks that cannot be one person, as of vectors that are opposite."""
_LEAST_ALIKE = 3
"""With itself: two others that are alike make a face the core of a group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tracks of one unknown person, by their places, the clearest first."""

    tracks: tuple[int, ...]
    frame_count: int


def groups_of(
    tracks: Sequence[FaceTrack], threshold: float, *, go_on: Callable[[], None] = lambda: None
) -> list[Group]:
    """Return the groups of these tracks, those seen in most pictures first; short lone tracks are left out.

    `threshold` is the cosine above which two tracks are alike. `go_on` is called between pieces of the work,
    and may raise to end it.
    """
    if not tracks:
        return []
    near = _near(tracks, threshold, go_on)
    # Distances of 0 would be taken for "no pair" in a sparse matrix, hence one radius for all pairs.
    labels = DBSCAN(eps=1.0, min_samples=_LEAST_ALIKE, metric="precomputed").fit_predict(near)
    groups: list[Group] = []
    for places in _together(labels, near):
        go_on()
        parts = _taken_apart(_clearest_first(places, tracks), tracks, threshold)
        groups += [_group(part, tracks) for part in parts if _is_worth_asking(part, tracks)]
    return sorted(groups, key=lambda group: (-group.frame_count, group.tracks))


def _together(labels: "NDArray[np.int64]", near: csr_matrix) -> list[list[int]]:
    """Return the places of all tracks, by their groups; those outside are in pairs or alone.

    Who has two that are alike is the core of a group, so that outside nothing longer than a pair is left.
    """
    outside = np.flatnonzero(labels < 0)
    _, parts = connected_components(near[outside][:, outside], directed=False)
    groups = labels.copy()
    groups[outside] = labels.max() + 1 + parts
    return _by_label(groups)


def _by_label(labels: "NDArray[np.int64]") -> list[list[int]]:
    """Return the places that bear each label, in their order."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order])) + 1
    return [places.tolist() for places in np.split(order, starts)]


def _taken_apart(places: Sequence[int], tracks: Sequence[FaceTrack], threshold: float) -> list[list[int]]:
    """Return the parts of a group whose tracks are alike on average; `places` has the clearest first."""
    if len(places) < _LEAST_ALIKE:
        return [list(places)]
    members = [tracks[place] for place in places]
    matrix = np.stack([track.vector for track in members])
    labels = _labels(members[:_MOST_AT_ONCE], matrix[:_MOST_AT_ONCE], threshold)
    if len(labels) < len(members):
        centres = np.stack([matrix[part].mean(axis=0) for part in _by_label(labels)])
        nearest = (matrix[len(labels) :] @ centres.T).argmax(axis=1)
        labels = np.concatenate([labels, np.unique(labels)[nearest]])
    return [[places[number] for number in part] for part in _by_label(labels)]


def _labels(
    members: Sequence[FaceTrack], matrix: "NDArray[np.float32]", threshold: float
) -> "NDArray[np.int64]":
    distances = np.clip(1.0 - matrix @ matrix.T, 0.0, _OPPOSITE).astype(np.float64)
    for pair in _apart(members):
        distances[pair] = _OPPOSITE
    tree = linkage(squareform(distances, checks=False), "average")
    return fcluster(tree, 1.0 - threshold, "distance").astype(np.int64)


def _is_worth_asking(places: Sequence[int], tracks: Sequence[FaceTrack]) -> bool:
    return len(places) > 1 or tracks[places[0]].frame_count >= _LONG_FROM


def _clearest_first(places: Sequence[int], tracks: Sequence[FaceTrack]) -> list[int]:
    return sorted(places, key=lambda place: -tracks[place].quality)


def _group(clearest: Sequence[int], tracks: Sequence[FaceTrack]) -> Group:
    return Group(tuple(clearest), sum(tracks[place].frame_count for place in clearest))


def _near(tracks: Sequence[FaceTrack], threshold: float, go_on: Callable[[], None]) -> csr_matrix:
    """Return which tracks are alike, shape (n, n), with a distance of 1 for each such pair."""
    matrix = np.stack([track.vector for track in tracks])
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    for first in range(0, len(matrix), _ROWS_AT_ONCE):
        go_on()
        row, column = np.nonzero(matrix[first : first + _ROWS_AT_ONCE] @ matrix.T >= threshold)
        rows.append(row + first)
        columns.append(column)
    row, column = np.concatenate(rows), np.concatenate(columns)
    apart = _apart(tracks)
    if apart:
        pairs = zip(row.tolist(), column.tolist(), strict=True)
        kept = np.array([pair not in apart for pair in pairs])
        row, column = row[kept], column[kept]
    return csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(len(tracks), len(tracks)))


def _apart(tracks: Sequence[FaceTrack]) -> set[tuple[int, int]]:
    """Return the pairs of tracks that are seen in one picture, in both orders."""
    by_scene: dict[str, list[int]] = {}
    for place, track in enumerate(tracks):
        by_scene.setdefault(track.scene_id, []).append(place)
    return {
        (one, other)
        for together in by_scene.values()
        for one in together
        for other in together
        if one != other and tracks[one].meets(tracks[other])
    }

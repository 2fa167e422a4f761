"""Groups of unknown faces that are probably one person each: "Who is this?"

Tracks that are alike hang together, and all that hang together are taken apart again by average linkage
(Sokal and Michener, A statistical method for evaluating systematic relationships, 1958), both by SciPy: a
blurred face is a little like everybody, and chains people together. Two that are like each other and nobody
else are a group, and so is one that is seen for long, as in a video of somebody who talks. Two tracks in one
picture are two people: their likeness never counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from heimdex_desktop.people.tracks import FaceTrack

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS_AT_ONCE = 1_000
"""So many tracks are compared with so many at once: all pairs of one who is seen everywhere are gigabytes."""
_LONG_FROM = 6
"""A track in so many pictures is worth a question alone: chance faces are gone sooner."""
_MOST_AT_ONCE = 2_000
"""Of a larger group the clearest tracks are compared each with each, and the others go with those."""
_A_PAIR = 2
_OPPOSITE = 2.0
"""The distance of two tracks that cannot be one person, as of vectors that are opposite."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tracks of one unknown person, by their places, the clearest first."""

    tracks: tuple[int, ...]
    frame_count: int


def groups_of(tracks: Sequence[FaceTrack], threshold: float) -> list[Group]:
    """Return the groups of these tracks, those seen in most pictures first; short lone tracks are left out.

    `threshold` is the cosine above which two tracks are alike.
    """
    if not tracks:
        return []
    groups: list[Group] = []
    for places in _by_label(_together(tracks, threshold)):
        parts = _taken_apart(_clearest_first(places, tracks), tracks, threshold)
        parts = [_once_a_picture(part, tracks) for part in parts]
        groups += [_group(part, tracks) for part in parts if _is_worth_asking(part, tracks)]
    return sorted(groups, key=lambda group: (-group.frame_count, group.tracks))


def _together(tracks: Sequence[FaceTrack], threshold: float) -> "NDArray[np.int64]":
    """Return a label for each track, shape (n,): the same for all that hang together by being alike."""
    matrix, apart = np.stack([track.vector for track in tracks]), _apart(tracks)
    labels = np.arange(len(matrix))
    # Each pair once: what is alike one way is alike the other way too.
    for first, second in combinations_with_replacement(range(0, len(matrix), _ROWS_AT_ONCE), 2):
        alike = matrix[first : first + _ROWS_AT_ONCE] @ matrix[second : second + _ROWS_AT_ONCE].T >= threshold
        _forget_apart(alike, apart, first, second)
        rows, columns = np.nonzero(alike)
        labels = _joined(labels, labels[rows + first], labels[columns + second])
    return labels


def _forget_apart(
    alike: "NDArray[np.bool_]", apart: Mapping[int, Sequence[int]], first: int, second: int
) -> None:
    """Let none be alike that are seen in one picture; `first` and `second` are where rows, columns begin."""
    for row in range(len(alike)):
        for other in apart.get(first + row, ()):
            if second <= other < second + alike.shape[1]:
                alike[row, other - second] = False


def _joined(
    labels: "NDArray[np.int64]", ones: "NDArray[np.int64]", others: "NDArray[np.int64]"
) -> "NDArray[np.int64]":
    """Return labels in which each of `ones` is the same as that of `others` in its place."""
    new = ones != others
    if not new.any():
        return labels
    pairs = (np.ones(int(new.sum()), np.bool_), (ones[new], others[new]))
    _, parts = connected_components(csr_matrix(pairs, shape=(len(labels), len(labels))), directed=False)
    return parts[labels]


def _by_label(labels: "NDArray[np.int64]") -> list[list[int]]:
    """Return the places that bear each label, in their order."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order])) + 1
    return [places.tolist() for places in np.split(order, starts)]


def _taken_apart(places: Sequence[int], tracks: Sequence[FaceTrack], threshold: float) -> list[list[int]]:
    """Return the parts of a group whose tracks are alike on average; `places` has the clearest first."""
    if len(places) <= _A_PAIR:
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
    for one, others in _apart(members).items():
        distances[one, others] = _OPPOSITE
    tree = linkage(squareform(distances, checks=False), "average")
    return fcluster(tree, 1.0 - threshold, "distance").astype(np.int64)


def _once_a_picture(clearest: Sequence[int], tracks: Sequence[FaceTrack]) -> list[int]:
    """Leave out what is in one picture with a clearer one: whoever names a group means all that is in it."""
    kept: list[int] = []
    by_scene: dict[str, list[int]] = {}
    for place in clearest:
        others = by_scene.setdefault(tracks[place].scene_id, [])
        if not any(tracks[place].meets(tracks[other]) for other in others):
            others.append(place)
            kept.append(place)
    return kept


def _is_worth_asking(places: Sequence[int], tracks: Sequence[FaceTrack]) -> bool:
    return len(places) > 1 or tracks[places[0]].frame_count >= _LONG_FROM


def _clearest_first(places: Sequence[int], tracks: Sequence[FaceTrack]) -> list[int]:
    return sorted(places, key=lambda place: -tracks[place].quality)


def _group(clearest: Sequence[int], tracks: Sequence[FaceTrack]) -> Group:
    return Group(tuple(clearest), sum(tracks[place].frame_count for place in clearest))


def _apart(tracks: Sequence[FaceTrack]) -> dict[int, list[int]]:
    """Return for each track that is seen in one picture with others the places of these."""
    by_scene: dict[str, list[int]] = {}
    for place, track in enumerate(tracks):
        by_scene.setdefault(track.scene_id, []).append(place)
    found: dict[int, list[int]] = {}
    for together in by_scene.values():
        for one in together:
            others = [other for other in together if other != one and tracks[one].meets(tracks[other])]
            if others:
                found[one] = others
    return found

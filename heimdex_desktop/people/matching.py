"""Who a face probably is: every track against everyone who is known, and how sure that is.

A person is known by a vector: the centre of their photos and of the faces that were confirmed. How sure a
likeness is depends on the face model and on the library, so a cosine is never shown: see `Scale`.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.contracts import Vectors
from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.people.gallery import Said
from heimdex_desktop.people.tracks import FaceTrack

SURE_FROM = 0.7
"""From this confidence on a track is taken for somebody's without asking."""
SUGGESTED_FROM = 0.5
"""From this confidence on a person is asked."""
_STRANGER = 0.01
"""The confidence of a likeness as great as that of strangers on average."""
_LEAST_LEAD = 0.1
"""So much surer than of the second best it must be, or a person is asked: siblings are alike."""
_ENOUGH_STRANGERS = 200
_STRANGERS_ABOVE = 0.002
"""Of pairs known to be two people, so few may be taken for one."""
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Scale:
    """What a cosine is worth: `threshold` makes `SURE_FROM`, `stranger`, the mean of two people, one in 100.

    Between and beyond, the odds grow evenly with the cosine, as a logistic regression of one feature has it.
    """

    threshold: float
    stranger: float = 0.0

    def confidence(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how sure it is that both are one person, in 0..1; any shape."""
        sure, strange = _odds(SURE_FROM), _odds(_STRANGER)
        slope = (sure - strange) / max(1e-3, self.threshold - self.stranger)
        return (1.0 / (1.0 + np.exp(-(sure + slope * (cosines - self.threshold))))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class TrackMatch:
    """Who a track is taken for: `is_said` by a person, or `is_sure` enough for nobody to be asked."""

    track: int
    person: PersonId
    confidence: float
    is_sure: bool
    is_said: bool = False


def scale_of(model_threshold: float, strangers: NDArray[np.float32]) -> Scale:
    """Calibrate for a library: `strangers` are cosines of faces in one picture, which mostly are two people.

    The threshold of the model holds, unless more of these pairs than a few in a thousand pass it: then it is
    raised. Families look alike, and a model may be weak on just these faces. Faces alike beyond doubt, more
    than half-way from the threshold to 1, are left out: in a mirror, a picture on the wall or a split screen
    they are one person's, and a few of these would raise it so far that nobody is recognised any more.
    """
    two = strangers[strangers < (1 + model_threshold) / 2]
    if len(two) < _ENOUGH_STRANGERS:
        return Scale(model_threshold)
    few = float(np.quantile(two, 1 - _STRANGERS_ABOVE))
    stranger = float(np.mean(two))
    return Scale(max(model_threshold, few), min(stranger, model_threshold / 2))


def strangers_among(tracks: Sequence[FaceTrack]) -> NDArray[np.float32]:
    """Return the cosines of all pairs of tracks that are seen in one picture, shape (n,)."""
    by_scene: dict[str, list[FaceTrack]] = {}
    for track in tracks:
        by_scene.setdefault(track.scene_id, []).append(track)
    found = [
        float(one.vector @ other.vector)
        for together in by_scene.values()
        for place, one in enumerate(together)
        for other in together[:place]
        if one.meets(other)
    ]
    return np.array(found, np.float32)


def matches(
    tracks: Sequence[FaceTrack],
    said: Sequence[Said],
    people: Mapping[PersonId, NDArray[np.float32]],
    scale: Scale,
) -> list[TrackMatch]:
    """Return who each track is taken for, at most one each; tracks of nobody are left out.

    `said` is what a person said of each track: it is obeyed. In one picture nobody is seen twice: the track
    that is surer keeps the name.
    """
    best = [*_said(said), *_recognised(tracks, said, people, scale)]
    by_scene: dict[str, list[TrackMatch]] = {}
    for match in best:
        by_scene.setdefault(tracks[match.track].scene_id, []).append(match)
    kept = [match for together in by_scene.values() for match in _once_a_picture(together, tracks)]
    return sorted(kept, key=lambda match: match.track)


def _said(said: Sequence[Said]) -> Iterator[TrackMatch]:
    for place, one in enumerate(said):
        if one.is_of:
            yield TrackMatch(place, one.is_of, 1.0, is_sure=True, is_said=True)


def _recognised(
    tracks: Sequence[FaceTrack],
    said: Sequence[Said],
    people: Mapping[PersonId, NDArray[np.float32]],
    scale: Scale,
) -> Iterator[TrackMatch]:
    if not people:
        return
    ids, gallery = list(people), np.stack(list(people.values()))
    columns = {one: number for number, one in enumerate(ids)}
    open_places = [place for place, one in enumerate(said) if not (one.is_of or one.is_ignored)]
    for first in range(0, len(open_places), _ROWS_AT_ONCE):
        places = open_places[first : first + _ROWS_AT_ONCE]
        cosines = np.stack([tracks[place].vector for place in places]) @ gallery.T
        for row, place in enumerate(places):
            for person in said[place].is_not_of & columns.keys():
                cosines[row, columns[person]] = -1.0
        yield from _first_two(scale.confidence(cosines), places, ids)


def _first_two(sureness: Vectors, places: Sequence[int], ids: Sequence[PersonId]) -> list[TrackMatch]:
    best = sureness.argmax(axis=1)
    top = sureness[np.arange(len(places)), best]
    others = sureness.copy()
    others[np.arange(len(places)), best] = 0.0
    lead = top - others.max(axis=1)
    sure = (top >= SURE_FROM) & (lead >= _LEAST_LEAD)
    return [
        TrackMatch(places[row], ids[best[row]], float(top[row]), is_sure=bool(sure[row]))
        for row in np.flatnonzero(top >= SUGGESTED_FROM).tolist()
    ]


def _once_a_picture(together: Sequence[TrackMatch], tracks: Sequence[FaceTrack]) -> list[TrackMatch]:
    kept: list[TrackMatch] = []
    for match in sorted(together, key=lambda one: (not one.is_said, -one.confidence)):
        rivals = (one for one in kept if one.person == match.person)
        if match.is_said or not any(tracks[one.track].meets(tracks[match.track]) for one in rivals):
            kept.append(match)
    return kept


def _odds(share: float) -> float:
    return math.log(share / (1 - share))

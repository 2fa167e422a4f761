"""The seam between the window and everything behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Signal

from heimdex_desktop.domain.search import Beside, Channel, Hit, HitPictures, SavedSearch, WhyNot
from heimdex_desktop.domain.video import VideoId

MOST_COUNTED = 500
"""Hits of a saved search are counted up to here."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A scene that a person misses: the one at a moment of a video, without a moment the best one of it."""

    video_id: VideoId
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """Where an expected scene stands in the answer to the question that stands.

    `found` is None where there is no such scene in the index, `trouble` why that cannot be said at all.
    """

    expected: Expected
    found: WhyNot | None = None
    trouble: str = ""


class News(Protocol):
    """What the window listens to; every signal comes on the UI thread.

    The signals are typed as they stand in a class; on an object they are bound.
    """

    @property
    def opened(self) -> Signal:
        """Nothing: the library is open, and what it knows is being told; after the first rows, if any."""
        ...

    @property
    def refused(self) -> Signal:
        """`str`: why the library cannot be opened, and what to do; told after every try."""
        ...

    @property
    def rows_changed(self) -> Signal:
        """`tuple[VideoRow, ...]`: new or changed rows, at most ten times per second."""
        ...

    @property
    def rows_removed(self) -> Signal:
        """`tuple[str, ...]`: the keys of rows that are gone."""
        ...

    @property
    def overall_changed(self) -> Signal:
        """`Overall`: the work as a whole."""
        ...

    @property
    def answered(self) -> Signal:
        """`Answer`: to the newest query."""
        ...

    @property
    def placed(self) -> Signal:
        """`Hit, Hit`: the one that `place` was called with, and the same with its moment."""
        ...

    @property
    def explained(self) -> Signal:
        """`Explained`: where the scene stands that was asked about last."""
        ...

    @property
    def library_changed(self) -> Signal:
        """Nothing: more has become searchable."""
        ...

    @property
    def offers_known(self) -> Signal:
        """`Offers`: what there is to choose from while a person types; anew after more became searchable."""
        ...

    @property
    def saved_searches_changed(self) -> Signal:
        """`tuple[SavedSearch, ...]`: what a person keeps, when it was read; then more can be kept."""
        ...

    @property
    def hits_counted(self) -> Signal:
        """`Mapping[str, int]`: of some saved searches, by their names, how many convincing hits they have."""
        ...

    @property
    def settings_changed(self) -> Signal:
        """`Settings`: those that the library was opened with."""
        ...

    @property
    def devices_known(self) -> Signal:
        """`Mapping[Role, str]`: on what each model that is here runs, in a few words."""
        ...

    @property
    def notice(self) -> Signal:
        """`str`: a sentence to show without stopping the person."""
        ...


class Backstage(News, Protocol):
    """All that stands behind the window; every call returns at once.

    Where the library could not be opened, an order tries it once more and is carried out if that works.
    """

    def open(self) -> None:
        """Open the library, unless it is open or being opened."""
        ...

    def add_paths(self, paths: Sequence[Path]) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def cancel(self, key: str) -> None: ...

    def retry(self, key: str) -> None: ...

    def remove(self, key: str, *, with_sidecar: bool = False) -> None:
        """Take a video off the list and out of the index, and delete what lies beside it if wanted.

        The video file itself is left alone.
        """
        ...

    def search(self, text: str, beside: Beside | None = None) -> None:
        """Ask for what fits the words and what is pointed at beside them; `answered` tells."""
        ...

    def place(self, hit: Hit) -> None:
        """Find the moment of a hit of the last answer; `placed` tells, also where there is none."""
        ...

    def explain(self, expected: Expected) -> None:
        """Find out where a scene stands in the answer to the question asked last; `explained` tells."""
        ...

    def turn(self, faders: Mapping[Channel, float]) -> None:
        """Turn channels up or down, 0..2; those left out stand in the middle, at 1."""
        ...

    def keep_searches(self, searches: Sequence[SavedSearch]) -> None:
        """Write these down as all saved searches, after `saved_searches_changed` told those before."""
        ...

    def try_sample(self) -> None: ...

    def choose(self, changes: Mapping[str, object]) -> None:
        """Write settings down and go on with them; None brings back a default."""
        ...

    def go_back(self, role: str) -> None:
        """Choose the model again whose vectors of a role the search still uses."""
        ...

    def look_at_devices(self) -> None:
        """Find out on what each model runs; `devices_known` tells some seconds later."""
        ...

    def pictures_of(self, hit: Hit) -> HitPictures:
        """Return where the pictures of a hit lie, without looking whether they are there."""
        ...

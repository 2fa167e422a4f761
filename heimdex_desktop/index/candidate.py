"""A scene worth a closer look: as much of it as it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from heimdex_desktop.domain.video import TimeSpan, VideoId
from heimdex_desktop.index.schema import VectorColumn


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A scene in row `row` of the table.

    `said` and `shown` are its transcript and the text on its screen, spelt for searching, `tags` how sure
    each tag is (0..1), `vectors` those asked for that it has, of unit length, `people` how sure it is that
    somebody is seen (0..1), by their ids.
    """

    row: int
    video_id: VideoId
    span: TimeSpan
    said: str = ""
    shown: str = ""
    tags: Mapping[str, float] = field(default_factory=dict[str, float])
    vectors: Mapping[VectorColumn, NDArray[np.float32]] = field(
        default_factory=dict[VectorColumn, NDArray[np.float32]]
    )
    people: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def words(self) -> tuple[str, ...]:
        """The folded words of its transcript."""
        return tuple(self.said.split())

"""A library that is open, for commands about people: what they order is done at the real desk."""

from collections.abc import Callable, Sequence
from typing import cast

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.people_desk import PeopleDesk
from heimdex_desktop.services import Services
from tests.people_desk.studio import Studio


class _Open:
    """No video is named anew by an indexing."""

    def __init__(self, studio: Studio) -> None:
        self._desk = studio.desk
        self.places = studio.places

    def begin_work(self) -> None: ...

    def people_desk(self, _: Callable[[Sequence[VideoId]], None]) -> PeopleDesk:
        return self._desk


def opened(studio: Studio) -> Services:
    """Return the services of the library of a studio."""
    return cast("Services", _Open(studio))

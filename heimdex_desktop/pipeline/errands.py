"""Work beside the stages, such as walking a folder: counted until it ends, and what went wrong is told."""

import logging

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.domain.work import Lane
from heimdex_desktop.pipeline.events import ErrandDone, Post
from heimdex_desktop.pipeline.lanes import LaneJob, Lanes

log = logging.getLogger(__name__)

_BROKE = (
    "Something in Heimdex broke, and the rest goes on. Try it once more, and report it with the log file if"
    " it happens again."
)


class Errands:
    """Used by the thread that owns the work; the jobs themselves run on the lanes."""

    def __init__(self, lanes: Lanes, post: Post) -> None:
        self._lanes = lanes
        self._post = post
        self._under_way = 0
        self._troubles: dict[str, None] = {}

    @property
    def is_idle(self) -> bool:
        return not self._under_way

    def send(self, lane: Lane, job: LaneJob, *, searchable: bool = False) -> None:
        """Have a job done on a lane, which posts `ErrandDone`; `searchable` where it changes the index."""

        def run() -> None:
            trouble = ""
            try:
                job()
            except HeimdexError as error:
                trouble = str(error)
            except Exception:
                log.exception("an errand broke")
                trouble = _BROKE
            finally:
                self._post(ErrandDone(searchable, trouble))

        self._under_way += 1
        self._lanes.submit(lane, run)

    def end(self, event: ErrandDone) -> None:
        """Take the end of a job that was sent."""
        self._under_way -= 1
        if event.trouble:
            self.tell(event.trouble)

    def tell(self, trouble: str) -> None:
        """Keep a sentence for a person."""
        self._troubles[trouble] = None

    def take_troubles(self) -> tuple[str, ...]:
        """Return the sentences since the last call, each once."""
        troubles = tuple(self._troubles)
        self._troubles.clear()
        return troubles

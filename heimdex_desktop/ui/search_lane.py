"""Answers queries on a thread of their own; the newest query wins."""

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal

from heimdex_desktop.domain.errors import HeimdexError, InputError, ModelMissing
from heimdex_desktop.domain.scene import EmbeddingSpace
from heimdex_desktop.domain.search import Answer, Beside, Hit, LikePicture, SavedSearch
from heimdex_desktop.index.fusion import AS_IT_IS, Faders
from heimdex_desktop.pipeline.query_encoder import QueryEncoder, QueryEncoders, QueryPictures
from heimdex_desktop.pipeline.worker_process import JobBroken, Stopped
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.language_names import with_names
from heimdex_desktop.ui.seam import MOST_COUNTED, Expected, Explained
from heimdex_desktop.ui.search_trouble import BROKE, failure_of, tried
from heimdex_desktop.ui.why_wording import unranked

if TYPE_CHECKING:
    from heimdex_desktop.index.alike import PictureEncoders
    from heimdex_desktop.index.likeness import Encoders
    from heimdex_desktop.index.search import Searcher

_LIMIT = 200
_FIRST, _LAST = 1, -1


class SearchLane(QObject):
    """Asks the index. Until the encoders are loaded, answers come by words and tags alone.

    A question that cannot be answered as it is asked is answered with the reason; `failed` tells what is
    wrong with the search itself.
    """

    answered = Signal(object)
    placed = Signal(object, object)
    explained = Signal(object)
    failed = Signal(str)
    encoder_ready = Signal()
    loaded = Signal()
    offers_known = Signal(object)
    counted = Signal(object)

    def __init__(
        self,
        searcher: "Callable[[Encoders, PictureEncoders], Searcher]",
        encoders: QueryEncoders | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_searcher = searcher
        self._searcher: Searcher | None = None
        self._encoders = encoders
        self._is_warm = False
        self._is_loading = False
        self._is_closing = False
        self._numbers = itertools.count(1)
        self._newest = 0
        self._newest_count = 0
        self._question: tuple[str, Beside | None] | None = None
        self._faders = AS_IT_IS
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._warming = QThreadPool(self)
        self._warming.setMaxThreadCount(1)

    def warm_up(self) -> None:
        """Load the encoders, then what searches look at, beside everything else."""
        if self._encoders:
            self._is_loading = True
            self._warming.start(LaneRunnable(self._load_encoders))
        self._pool.start(LaneRunnable(self._begin_reading))

    def ask(self, text: str, beside: Beside | None = None) -> None:
        faders = self._faders
        self._question = text, beside
        self._start(text, beside, lambda: self._search(text, beside, faders))

    def place(self, hit: Hit) -> None:
        """Find the moment of a hit of the last answer; `placed` tells, also where there is none."""
        self._pool.start(LaneRunnable(lambda: self._place(hit)), _FIRST)

    def explain(self, expected: Expected) -> None:
        """Find out where a scene stands in the answer to what was asked last; `explained` tells."""
        text, beside = self._question or ("", None)
        self._pool.start(LaneRunnable(partial(self._explain, expected, text, beside)), _FIRST)

    def look_for_offers(self) -> None:
        """Read beside the searches what there is to choose from while typing; `offers_known` tells."""
        self._pool.start(LaneRunnable(self._begin_offering))

    def count(self, searches: Sequence[SavedSearch]) -> None:
        """Count the convincing hits of each while nothing else is asked; `counted` tells of one at a time."""
        number = next(self._numbers)
        self._newest_count = number
        for search in searches:
            self._pool.start(LaneRunnable(partial(self._count, number, search)), _LAST)

    def turn(self, faders: Faders) -> None:
        """Turn the channels so from now on, and rank what was asked last anew: nothing is read for it."""
        self._faders = faders
        if self._question is not None:
            text, beside = self._question
            self._start(text, beside, lambda: self._remixed(text, beside, faders))

    def close(self) -> None:
        self._newest = 0
        self._is_closing = True
        self._pool.clear()
        self._warming.clear()
        if self._encoders:
            self._encoders.close()
        self._pool.waitForDone()
        self._warming.waitForDone()
        # It holds this lane's methods: without the circle, what it remembers goes at once.
        self._searcher = None

    def _start(self, text: str, beside: Beside | None, search: Callable[[], Answer]) -> None:
        number = next(self._numbers)
        self._newest = number
        answer = partial(self._answer, number, partial(tried, text, beside, search))
        self._pool.start(LaneRunnable(answer, lambda: self.failed.emit(BROKE)))

    def _answer(self, number: int, search: Callable[[], Answer]) -> None:
        if number != self._newest:
            return
        try:
            answer = search()
        except Stopped:
            return
        except HeimdexError as error:
            self.failed.emit(str(error))
            return
        if number == self._newest:
            self.answered.emit(answer)

    def _place(self, hit: Hit) -> None:
        placed = hit
        with suppress(Stopped):
            try:
                if not self._is_closing:
                    placed = self._opened().placed(hit)
            except (HeimdexError, JobBroken) as error:
                # The next question tells a person of it; what is a bug is in the log by then.
                failure_of(error)
        self.placed.emit(hit, placed)

    def _explain(self, expected: Expected, text: str, beside: Beside | None) -> None:
        trouble, found = "", None
        try:
            if not self._is_closing:
                found = self._opened().why_not(
                    text, (expected.video_id, expected.at_ms), beside, limit=_LIMIT, faders=self._faders
                )
                trouble = "" if found else unranked(text, beside)
        except Stopped:
            return
        except (HeimdexError, JobBroken) as error:
            failure = failure_of(error)
            trouble = f"{failure.sentence} {failure.advice}".strip()
        self.explained.emit(Explained(expected, found, trouble))

    def _remixed(self, text: str, beside: Beside | None, faders: Faders) -> Answer:
        anew = self._opened().remix(text, beside, faders=faders, limit=_LIMIT)
        return anew or self._search(text, beside, faders)

    def _search(self, text: str, beside: Beside | None, faders: Faders) -> Answer:
        searcher = self._opened()
        if not text.strip() and beside is None:
            return searcher.browse(limit=_LIMIT)
        if isinstance(beside, LikePicture):
            return self._search_by_picture(searcher, text, beside, faders)
        try:
            return searcher.search(text, beside, limit=_LIMIT, faders=faders)
        except InputError:
            # The question cannot be answered; its encoders are well.
            raise
        except (HeimdexError, JobBroken) as error:
            if not self._is_warm:
                raise
            # The encoders' process may have died: words alone still answer.
            self._is_warm = False
            self._tell_of(error)
            return searcher.search(text, beside, limit=_LIMIT, faders=faders)

    def _search_by_picture(
        self, searcher: "Searcher", text: str, picture: LikePicture, faders: Faders
    ) -> Answer:
        """Whatever breaks at a picture, words are still found by meaning: nothing is switched off for it."""
        if self._is_loading:
            raise ModelMissing("The model that looks at pictures is being loaded.", "The answer follows.")
        return searcher.search(text, picture, limit=_LIMIT, faders=faders)

    def _picture_encoder(self, spaces: Sequence[EmbeddingSpace]) -> QueryPictures | None:
        return self._encoders.pictures(spaces) if self._encoders else None

    def _ready_encoder(self, role: str, spaces: Sequence[EmbeddingSpace]) -> QueryEncoder | None:
        return self._encoders(role, spaces) if self._encoders and self._is_warm else None

    def _load_encoders(self) -> None:
        try:
            if self._encoders:
                self._encoders.load()
        except Stopped:
            return
        except (HeimdexError, JobBroken) as error:
            self._is_loading = False
            self._tell_of(error)
            self._pool.start(LaneRunnable(self._answer_waiting_picture))
            return
        self._is_loading = False
        self._is_warm = True
        self._pool.start(LaneRunnable(self._warm_searcher))

    def _answer_waiting_picture(self) -> None:
        """Ask once more by a picture that came while the encoders were being loaded, which failed."""
        if self._question and isinstance(self._question[1], LikePicture):
            self.ask(*self._question)

    def _begin_reading(self) -> None:
        """Have the index read into memory, once the thread that searches has opened it."""
        # Whatever is wrong with the index, the next search tells it.
        with suppress(HeimdexError):
            searcher = self._opened()
            self._warming.start(LaneRunnable(lambda: self._read(searcher)))

    def _count(self, number: int, search: SavedSearch) -> None:
        if number != self._newest_count or self._is_closing:
            return
        # Whatever is wrong, the next question of a person tells it.
        with suppress(HeimdexError, JobBroken, Stopped):
            count = self._opened().count_convincing(search.text, faders=search.faders, limit=MOST_COUNTED)
            self.counted.emit({search.name: count})

    def _begin_offering(self) -> None:
        # Whatever is wrong with the index, the next search tells it.
        with suppress(HeimdexError):
            searcher = self._opened()
            self._warming.start(LaneRunnable(lambda: self._read_offers(searcher)))

    def _read_offers(self, searcher: "Searcher") -> None:
        with suppress(HeimdexError):
            if not self._is_closing:
                self.offers_known.emit(with_names(searcher.offers()))

    def _read(self, searcher: "Searcher") -> None:
        with suppress(HeimdexError):
            for _ in searcher.load():
                if self._is_closing:
                    return
            self.loaded.emit()

    def _warm_searcher(self) -> None:
        """Have encoded what the first query would wait for, on the thread that searches."""
        try:
            self._opened().warm()
        except Stopped:
            return
        except (HeimdexError, JobBroken) as error:
            self._is_warm = False
            self._tell_of(error)
            return
        self.encoder_ready.emit()

    def _opened(self) -> "Searcher":
        if self._searcher is None:
            self._searcher = self._make_searcher(self._ready_encoder, self._picture_encoder)
        return self._searcher

    def _tell_of(self, error: HeimdexError | JobBroken) -> None:
        reason = failure_of(error)
        self.failed.emit(
            "Search by meaning is off until the next start, words are still found. "
            f"{reason.sentence} {reason.advice}".strip()
        )

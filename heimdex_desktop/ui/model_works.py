"""Works on models beside the UI thread: looks how they stand, gets, imports, checks and removes them."""

import functools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.settings import Settings
from heimdex_desktop.ui.lanes import LaneRunnable
from heimdex_desktop.ui.model_errand import carry_out
from heimdex_desktop.ui.model_news import ModelWork, WorkKind, WorkNews, WorkState

if TYPE_CHECKING:
    # Loaded on another thread, when first needed: it takes longer than a window may stand still.
    from heimdex_desktop.domain.models import Choice
    from heimdex_desktop.model_desk import DeskFacts, ModelDesk

STALLED_AFTER_MS = 5_000
_SHOW_EVERY_MS = 100
_BUG = "Heimdex broke while it worked on this model. The log file says more; please report it."
_BUG_LOOKING = "Heimdex broke while it looked at the models. The log file says more; please report it."
OpenDesk = Callable[[Settings], "ModelDesk"]


def open_desk(settings: Settings) -> "ModelDesk":
    """Open the desk about models; takes some tenths of a second the first time. Raises MachineError."""
    from heimdex_desktop.model_desk import ModelDesk

    return ModelDesk(settings)


@dataclass(slots=True, eq=False)
class _Ticket:
    """A work that is queued or runs. `latest` is replaced by the thread that does it, after every step."""

    work: ModelWork
    stop: Event = field(default_factory=Event)
    latest: WorkNews | None = None
    shown: WorkNews | None = None
    shown_s: float = 0.0


class ModelWorks(QObject):
    """Every method returns at once; every signal comes on the UI thread. Downloads run one after another.

    `facts_changed` brings DeskFacts, `refused` the sentence where these cannot be told, `news_changed` the
    WorkNews of a model at most ten times a second. `choices_changed` says that, by the same settings, other
    models fill the roles now: a library that is open should choose anew.
    """

    facts_changed = Signal(object)
    refused = Signal(str)
    news_changed = Signal(object)
    choices_changed = Signal()
    _looked = Signal(object, str)
    _ended = Signal(object, object)

    def __init__(
        self,
        settings: Settings,
        parent: QObject | None = None,
        *,
        desk: OpenDesk = open_desk,
        stalled_after_ms: int = STALLED_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._open_desk = desk
        self.facts: DeskFacts | None = None
        self._news: dict[str, WorkNews] = {}
        self._tickets: dict[str, _Ticket] = {}
        self.is_looking = self._looks_again = False
        # Downloads in a queue of their own: nobody waits for hours to have a model removed or looked at.
        self._network, self._disk, self._eyes = (QThreadPool(self) for _ in range(3))
        for pool in (self._network, self._disk, self._eyes):
            pool.setMaxThreadCount(1)
        self._stalled_after_s = stalled_after_ms / 1000
        self._show = QTimer(self)
        self._show.setInterval(_SHOW_EVERY_MS)
        self._show.timeout.connect(self._show_progress)
        self._looked.connect(self._take_facts, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._take_end, Qt.ConnectionType.QueuedConnection)

    @property
    def news(self) -> Mapping[str, WorkNews]:
        """The last news of each model that something was done with."""
        return self._news

    def use(self, settings: Settings) -> None:
        """Go by other settings from now on, and look anew if anybody did before; what runs goes on."""
        self._settings = settings
        if self.facts or self.is_looking:
            self.look()

    def look(self) -> None:
        """Look how every model stands."""
        if self.is_looking:
            self._looks_again = True
            return
        self.is_looking = True
        job = functools.partial(_look, self._open_desk, self._settings, self._looked.emit)
        self._eyes.start(LaneRunnable(job))

    def get(self, names: Iterable[str]) -> None:
        """Download models, one after another."""
        for name in names:
            self._begin(ModelWork(WorkKind.GET, name))

    def bring_in(self, name: str, path: Path) -> None:
        """Take a model out of a folder or an archive."""
        self._begin(ModelWork(WorkKind.IMPORT, name, path))

    def check(self, name: str) -> None:
        """Read every byte of a model."""
        self._begin(ModelWork(WorkKind.CHECK, name))

    def remove(self, name: str) -> None:
        """Delete what is here of a model."""
        self._begin(ModelWork(WorkKind.REMOVE, name))

    def again(self, name: str) -> None:
        """Do once more what was done last with a model."""
        if last := self._news.get(name):
            self._begin(last.work)

    def cancel(self, name: str) -> None:
        """Stop what is done with a model, at its next piece; what has come stays."""
        ticket = self._tickets.get(name)
        if ticket is None:
            return
        ticket.stop.set()
        if self._news[name].state is WorkState.QUEUED:
            self._take_end(ticket, WorkNews(ticket.work, WorkState.CANCELLED))
        else:
            self._tell(replace(self._news[name], state=WorkState.STOPPING, eta_s=None))

    def close(self) -> None:
        """Stop all works and wait for them; a connection that hangs is waited for until its time is up."""
        for ticket in self._tickets.values():
            ticket.stop.set()
        self._tickets.clear()
        self._show.stop()
        for pool in (self._network, self._disk, self._eyes):
            pool.clear()
            pool.waitForDone()

    def _begin(self, work: ModelWork) -> None:
        if work.name in self._tickets:
            return
        ticket = self._tickets[work.name] = _Ticket(work)
        self._tell(WorkNews(work, WorkState.QUEUED))
        self._show.start()
        desk = functools.partial(self._open_desk, self._settings)
        job = functools.partial(_work, ticket, desk, self._ended.emit)
        pool = self._network if work.kind is WorkKind.GET else self._disk
        pool.start(LaneRunnable(job))

    def _take_facts(self, facts: "DeskFacts | None", trouble: str) -> None:
        self.is_looking = False
        if facts:
            before, self.facts = self.facts, facts
            self.facts_changed.emit(facts)
            if before and before.settings == facts.settings and _choices(before) != _choices(facts):
                self.choices_changed.emit()
        else:
            self.refused.emit(trouble)
        if self._looks_again:
            self._looks_again = False
            self.look()

    def _take_end(self, ticket: _Ticket, news: WorkNews) -> None:
        if self._tickets.get(ticket.work.name) is not ticket:
            return
        del self._tickets[ticket.work.name]
        if not self._tickets:
            self._show.stop()
        self._tell(news)
        self.look()

    def _show_progress(self) -> None:
        """Tell what is new, however fast it goes, and where nothing has come for long."""
        now_s = time.monotonic()
        for ticket in tuple(self._tickets.values()):
            latest = ticket.latest
            if latest is None or ticket.stop.is_set():
                continue
            if latest is not ticket.shown:
                ticket.shown, ticket.shown_s = latest, now_s
                self._tell(latest)
            elif latest.work.kind is WorkKind.GET and now_s - ticket.shown_s > self._stalled_after_s:
                ticket.shown_s = now_s
                self._tell(replace(latest, state=WorkState.STALLED, eta_s=None))

    def _tell(self, news: WorkNews) -> None:
        self._news[news.work.name] = news
        self.news_changed.emit(news)


def _choices(facts: "DeskFacts") -> "list[Choice]":
    return [each.choice for each in facts.roles]


def _look(desk: OpenDesk, settings: Settings, tell: "Callable[[DeskFacts | None, str], None]") -> None:
    facts, trouble = None, _BUG_LOOKING
    try:
        facts = desk(settings).facts()
    except HeimdexError as error:
        trouble = str(error)
    finally:
        # Also after a bug: a page that stays empty must say why.
        tell(facts, trouble)


def _work(
    ticket: _Ticket, desk: "Callable[[], ModelDesk]", tell_end: Callable[[_Ticket, WorkNews], None]
) -> None:
    if ticket.stop.is_set():
        return

    def note(news: WorkNews) -> None:
        ticket.latest = news

    ended = WorkNews(ticket.work, WorkState.FAILED, sentence=_BUG)
    try:
        note(WorkNews(ticket.work, WorkState.RUNNING))
        ended = carry_out(ticket.work, desk, ticket.stop, note)
    finally:
        tell_end(ticket, ended)

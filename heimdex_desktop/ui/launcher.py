"""Opens other programs beside the UI thread: looking for players and a sleeping drive both take time."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, SignalInstance

from heimdex_desktop.domain.errors import HeimdexError
from heimdex_desktop.ui.external_players import ExternalPlayer, find_players, launch, this_machine
from heimdex_desktop.ui.locations import present
from heimdex_desktop.ui.reveal import show_in_folder

Find = Callable[[], Sequence[ExternalPlayer]]
Launch = Callable[[ExternalPlayer, Path, int], None]


class Launcher(QObject):
    """Reveals a moment in another player, or a file in its folder; `said` tells in a sentence how it went."""

    said = Signal(str)
    _located = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        find: Find = lambda: find_players(this_machine()),
        start: Launch = launch,
    ) -> None:
        super().__init__(parent)
        self._find = find
        self._start = start
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._located.connect(self._show_folder, Qt.ConnectionType.QueuedConnection)

    def reveal(self, locations: Sequence[Path], at_ms: int) -> None:
        """Open the video at this moment in the best player there is."""

        def work() -> None:
            path = present(locations)
            player = self._find()[0]
            self._start(player, path, at_ms)
            self.said.emit(f"Opened “{path.name}” in {player.kind}.")

        self._pool.start(_Errand(work, self.said))

    def show_in_folder(self, locations: Sequence[Path]) -> None:
        """Show the file in its folder."""
        self._pool.start(_Errand(lambda: self._located.emit(present(locations)), self.said))

    def close(self) -> None:
        """Wait for what was begun."""
        self._pool.clear()
        self._pool.waitForDone()

    def _show_folder(self, path: Path) -> None:
        # The desktop is asked from the UI thread: its answer comes as an event.
        try:
            show_in_folder(path)
        except HeimdexError as error:
            self.said.emit(str(error))


class _Errand(QRunnable):
    def __init__(self, work: Callable[[], None], said: SignalInstance) -> None:
        super().__init__()
        self._work = work
        self._said = said

    def run(self) -> None:
        try:
            self._work()
        except HeimdexError as error:
            self._said.emit(str(error))

"""Has the moment of a scene found before it is opened in another program."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, QTimer, SignalInstance

from heimdex_desktop.domain.search import Hit
from heimdex_desktop.ui.seam import Backstage

Act = Callable[[Hit], None]
_LONGEST_WAIT_MS = 1_500


class MomentFinder(QObject):
    """Asks when in a scene it is that answers, then acts; late is worse than the start of the scene.

    Only the last wish counts: who asks for another scene meanwhile wants that one.
    """

    def __init__(self, backstage: Backstage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backstage = backstage
        self._wish: tuple[Hit, Act] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_LONGEST_WAIT_MS)
        self._patience.timeout.connect(self._act_without)
        # A type checker compares class attributes, where signals are not bound yet.
        cast("SignalInstance", backstage.placed).connect(self._take)

    def find(self, hit: Hit, act: Act) -> None:
        """Call `act` with the hit and the best that is known of its moment, once."""
        self._wish = hit, act
        self._patience.start()
        self._backstage.place(hit)

    def stop(self) -> None:
        """Forget the wish that stands."""
        self._wish = None
        self._patience.stop()

    def _take(self, asked: Hit, placed: Hit) -> None:
        if self._wish and self._wish[0] is asked:
            self._act(placed)

    def _act_without(self) -> None:
        if self._wish:
            self._act(self._wish[0])

    def _act(self, hit: Hit) -> None:
        _, act = self._wish or (hit, lambda _: None)
        self.stop()
        act(hit)

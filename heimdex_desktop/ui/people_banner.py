"""What stands over the list of people while faces are not told apart well, or something was lost."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from heimdex_desktop.domain.people_facts import PeopleFacts
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.wording import plain

_BAR_PX = 160


class PeopleBanner(QFrame):
    """Away while there is nothing to tell. `stopped` asks to leave photos that are being looked at again."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self._facts = PeopleFacts()
        self._is_refreshing = False
        self.trouble = label(wraps=True)
        self.refresh_button = QPushButton("Look at the photos again")
        self.models_button = QPushButton("Models…")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Photos that were looked at again")
        self.bar.setRange(0, 100)
        self.bar.setFixedWidth(_BAR_PX)
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Photos that were looked at stay so; the others wait")
        self.stop_button.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.addWidget(self.trouble, 1)
        for part in (self.bar, self.stop_button, self.refresh_button, self.models_button):
            row.addWidget(part)
        self._show()

    def show_facts(self, facts: PeopleFacts) -> None:
        """Show what is in the way now."""
        self._facts = facts
        self._show()

    def show_refreshing(self, fraction: float | None) -> None:
        """Show how far the photos are looked at again, 0..1; None when that ended."""
        if fraction is not None:
            self.bar.setValue(round(fraction * 100))
        if self._is_refreshing != (fraction is not None):
            self._is_refreshing = fraction is not None
            self.stop_button.setEnabled(self._is_refreshing)
            self._show()

    def _stop(self) -> None:
        # The photo at hand is finished first; who pressed it sees that it was heard.
        self.stop_button.setEnabled(False)
        self.stopped.emit()

    def _show(self) -> None:
        again = "The photos of people are looked at again, for the face model now chosen."
        facts = self._facts
        told = " ".join(filter(None, (facts.damage, facts.trouble)))
        self.trouble.setText(again if self._is_refreshing else plain(told))
        for part in (self.bar, self.stop_button):
            part.setVisible(self._is_refreshing)
        self.refresh_button.setVisible(bool(facts.photos_waiting) and not self._is_refreshing)
        # A model is of no help where something was lost.
        self.models_button.setVisible(bool(facts.trouble) and not self._is_refreshing)
        self.setVisible(self._is_refreshing or bool(told))

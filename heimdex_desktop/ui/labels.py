"""Labels that show foreign text as it is."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from heimdex_desktop.ui.wording import tooltip

_MOST_BUTTON_PX = 380


def label(text: str = "", *, tone: str = "", wraps: bool = False) -> QLabel:
    """Make a label that shows its text literally: markup in it is not obeyed."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    if tone:
        made.setProperty("tone", tone)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Let a label speak in another tone, one of the style sheet's."""
    if widget.property("tone") == tone:
        return
    widget.setProperty("tone", tone)
    # A style sheet looks at properties only once.
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class ElidedLabel(QWidget):
    """A line of text that loses its middle instead of asking for more room; the tooltip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show this text, which may be of any length."""
        self.text = text
        self.setAccessibleName(text)
        self.setToolTip(tooltip(text))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(80, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        line = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, line)


class ElidedButton(QPushButton):
    """A button whose words begin with a verb: of those after it, the end is left out where room is short."""

    def __init__(self, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verb = self.words = verb
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.say("")

    def say(self, rest: str) -> None:
        """Show what the verb is about, of any length; "" for nothing."""
        self.words = f"{self._verb}: {rest}" if rest else self._verb
        self.setText(self.words.replace("&", "&&"))
        self.setAccessibleName(self.words)
        self.updateGeometry()

    def shown_words(self) -> str:
        """Return the words as far as there is room for them."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        return self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room.width())

    def sizeHint(self) -> QSize:  # noqa: N802
        return super().sizeHint().boundedTo(QSize(_MOST_BUTTON_PX, 100))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        whole, letters = super().sizeHint(), self.fontMetrics()
        least = self._verb if self.words == self._verb else f"{self._verb}: …"
        frame_px = whole.width() - letters.horizontalAdvance(self.words)
        return QSize(frame_px + letters.horizontalAdvance(least) + 2, whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.shown_words().replace("&", "&&")  # pyright: ignore[reportAttributeAccessIssue]
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

"""What a person sees before there are any videos: what to do, and what it needs."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.ui.icons import app_icon
from heimdex_desktop.ui.labels import label

_ICON_PX = 88
_WITHOUT_MODELS = "No model needed: it reads subtitles, in the video or beside it, and looks at the picture."
_PRIVACY = "Everything stays on this computer. Your videos are never uploaded."


class EmptyPage(QWidget):
    """The invitation to add videos."""

    files_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add_button = QPushButton("Add videos…")
        self.add_button.setProperty("kind", "primary")
        self.add_button.clicked.connect(self.files_wanted)
        self.sample_button = QPushButton("Try the sample")
        self.sample_button.setToolTip("Adds a short video that comes with the program.")
        self.sample_button.clicked.connect(self.sample_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self._picture())
        column.addSpacing(4)
        column.addWidget(_sentence("Find any moment in your videos", tone="title"))
        column.addWidget(_sentence("Drop videos or whole folders anywhere in this window.", tone="lead"))
        column.addWidget(_sentence("Then type what was said, and play the exact moment.", tone="lead"))
        column.addSpacing(8)
        column.addLayout(self._buttons())
        column.addSpacing(20)
        column.addWidget(_sentence(_WITHOUT_MODELS, tone="dim"))
        column.addWidget(_sentence(_PRIVACY, tone="dim"))
        column.addStretch(3)
        # The margins around the column keep the lines short enough to read.
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(column, 4)
        row.addStretch(1)

    def _picture(self) -> QLabel:
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        picture.setPixmap(app_icon().pixmap(QSize(_ICON_PX, _ICON_PX)))
        return picture

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch()
        row.addWidget(self.add_button)
        row.addWidget(self.sample_button)
        row.addStretch()
        return row


def _sentence(text: str, *, tone: str = "") -> QLabel:
    made = label(text, tone=tone, wraps=True)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return made

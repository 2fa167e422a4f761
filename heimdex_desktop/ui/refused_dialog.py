"""Tells which photos were not added, and why: all of them at once, until it is closed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.people_seam import RefusedPhoto
from heimdex_desktop.ui.wording import plain

_WIDTH_PX, _HEIGHT_PX = 520, 300


class RefusedDialog(QDialog):
    """Lists photos with the reason of each, to be read and copied."""

    def __init__(self, refused: Sequence[RefusedPhoto], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Photos")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self.title = label(f"Not added ({len(refused):,})", tone="title")
        self.reasons = QPlainTextEdit("\n\n".join(map(_told, refused)))
        self.reasons.setReadOnly(True)
        self.reasons.setTabChangesFocus(True)
        self.reasons.setProperty("kind", "field")
        self.reasons.setAccessibleName("Photos that were not added, and why")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        for part in (self.title, self.reasons, buttons):
            column.addWidget(part)


def _told(photo: RefusedPhoto) -> str:
    """Say what is wrong with a photo; most reasons name it themselves."""
    return plain(photo.why if photo.name in photo.why else f"“{photo.name}”: {photo.why}")

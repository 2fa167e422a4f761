"""Asks which face of a photo is somebody's, and whether one is to be taken that serves badly."""

from collections import deque

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.people_seam import Looked
from heimdex_desktop.ui.people_wording import looked_sentence
from heimdex_desktop.ui.wording import plain

_FACE_PX, _CELL_PX, _GAP_PX = 112, 124, 6
_AROUND_PX = 16
"""The gap over the first line of faces, and the frame."""
_IN_A_LINE = 3
_LIST_PX = 420


class PhotoDialog(QDialog):
    """Shows the faces of a photo; `answered` carries the `Looked` and the number of the chosen face.

    A photo that is passed over is not added.
    """

    answered = Signal(object, int)

    def __init__(self, looked: Looked, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Photos")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.looked = looked
        self.question = label(looked_sentence(looked, name), tone="lead", wraps=True)
        self.faces = QListWidget()
        self.complaint = label(tone="warn", wraps=True)
        buttons = QDialogButtonBox()
        self.add_button = buttons.addButton("Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.skip_button = buttons.addButton("Skip this photo", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._fill()
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 16)
        column.setSpacing(12)
        for part in (self.question, self.faces, self.complaint, buttons):
            column.addWidget(part)
        if self.complaint.text():
            # Enter on a dialog that just came up adds nothing that serves badly.
            self.skip_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setMinimumWidth(_LIST_PX + 60)

    def accept(self) -> None:
        self.answered.emit(self.looked, self.faces.currentRow())
        super().accept()

    def _fill(self) -> None:
        self.faces.setObjectName("photoFaces")
        self.faces.setAccessibleName("Faces in the photo")
        self.faces.setViewMode(QListView.ViewMode.IconMode)
        self.faces.setMovement(QListView.Movement.Static)
        self.faces.setResizeMode(QListView.ResizeMode.Adjust)
        self.faces.setIconSize(QSize(_FACE_PX, _FACE_PX))
        self.faces.setSpacing(_GAP_PX)
        lines = 2 if len(self.looked.look.faces) > _IN_A_LINE else 1
        self.faces.setFixedHeight(lines * (_CELL_PX + _GAP_PX) + _AROUND_PX)
        for number, face in enumerate(self.looked.look.faces, start=1):
            item = QListWidgetItem()
            spoken = f"Face {number}, {face.complaint}" if face.complaint else f"Face {number}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, plain(spoken))
            item.setSizeHint(QSize(_CELL_PX, _CELL_PX))
            self.faces.addItem(item)
        self.faces.currentRowChanged.connect(self._show_complaint)
        self.faces.itemActivated.connect(self._take_activated)
        self.faces.setCurrentRow(0)
        self._undrawn = deque(range(self.faces.count()))
        QTimer.singleShot(0, self, self._draw_next)

    def _draw_next(self) -> None:
        """Decode one face, then let the window live: many at once would make it stumble."""
        if not self._undrawn:
            return
        number = self._undrawn.popleft()
        picture = QImage.fromData(self.looked.look.faces[number].crop)
        if not picture.isNull():
            pixmap = QPixmap.fromImage(picture)
            icon = QIcon(pixmap)
            # Tinted as usual, a chosen face would look like another one.
            icon.addPixmap(pixmap, QIcon.Mode.Selected)
            self.faces.item(number).setIcon(icon)
        QTimer.singleShot(0, self, self._draw_next)

    def _take_activated(self) -> None:
        if not self.complaint.text():
            self.accept()

    def _show_complaint(self, row: int) -> None:
        faces = self.looked.look.faces
        complaint = faces[row].complaint if 0 <= row < len(faces) else ""
        self.complaint.setText(plain(complaint))
        self.complaint.setVisible(bool(complaint))
        self.add_button.setText("Add anyway" if complaint else "Add")
        self.add_button.setEnabled(0 <= row < len(faces))
        # Enter on a dialog that just came up adds nothing that serves badly.
        (self.skip_button if complaint else self.add_button).setDefault(True)

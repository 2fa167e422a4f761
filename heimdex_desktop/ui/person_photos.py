"""The photos of somebody: dropped here, taken out again, with advice on which would help."""

from collections.abc import Hashable, Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import FaceRef, PersonId, PhotoId
from heimdex_desktop.domain.people_facts import PersonPage
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.people_seam import People
from heimdex_desktop.ui.people_wording import face_portrait, photo_portrait
from heimdex_desktop.ui.portraits import PortraitGrid, PortraitSource
from heimdex_desktop.ui.wording import plain

_PICTURES = "JPEG, PNG or WebP pictures (*.jpg *.jpeg *.jpe *.jfif *.png *.webp);;All files (*)"
_EMPTY = (
    "Drop photos or a folder of them here, or choose them with “Add photos…”. Two or three clear ones from"
    " different days are enough; they are copied into the library and stay on this computer."
)
_PROPOSALS_PX = 178


class PersonPhotos(QWidget):
    """Shows photos, advice and faces that would make good photos."""

    def __init__(self, people: People, pictures: PortraitSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self._person: PersonId | None = None
        self._last_folder = ""
        self.setAcceptDrops(True)
        self.add_button = QPushButton("Add photos…")
        self.add_button.clicked.connect(self._choose_files)
        self.picture_button = QPushButton("Show as picture")
        self.picture_button.setToolTip("Lets the chosen photo stand for this person in the lists")
        self.picture_button.clicked.connect(self._feature)
        self.remove_button = QPushButton("Remove")
        self.remove_button.setToolTip("Takes the chosen photos out (Del); this can be undone")
        self.remove_button.clicked.connect(self._remove)
        self.advice = label(wraps=True)
        self.complaint = label(tone="warn", wraps=True)
        self._complaints: dict[Hashable, str] = {}
        self.grid = PortraitGrid("Photos", pictures, parent=self)
        self.grid.on_key(Qt.Key.Key_Delete, self._remove)
        self.grid.stood_on.connect(self._show_what_can_be_done)
        self.grid.selectionModel().selectionChanged.connect(self._show_what_can_be_done)
        self.empty = label(_EMPTY, tone="dim", wraps=True)
        self.proposals = PortraitGrid("Faces that would help as photos", pictures, parent=self)
        self.proposals.setMinimumHeight(_PROPOSALS_PX // 2)
        self.proposals.setMaximumHeight(_PROPOSALS_PX)
        self.proposals.opened.connect(self._use_proposal)
        self.use_button = QPushButton("Add as photo")
        self.use_button.clicked.connect(self._use_chosen_proposals)
        self._proposing = QWidget(self)
        self._stack = QStackedWidget()
        self._lay_out()

    def show_page(self, page: PersonPage) -> None:
        """Show what there is of somebody."""
        self._person = page.card.id
        self._complaints = {photo.id: plain(photo.complaint) for photo in page.photos}
        self.grid.items.show([photo_portrait(photo) for photo in page.photos])
        self._stack.setCurrentWidget(self.grid if page.photos else self.empty)
        self.advice.setText(plain(" ".join(page.advice)))
        self.advice.setVisible(bool(page.advice))
        self.proposals.items.show([face_portrait(face) for face in page.proposals])
        self._proposing.setVisible(bool(page.proposals))
        self._show_what_can_be_done()

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Have these photos looked at for the person that is shown."""
        if self._person and paths:
            self._people.look_at_photos(self._person, list(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if _local_files(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        # A file manager that is told "move" would delete the originals.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take_paths(_local_files(event))

    def _choose_files(self) -> None:
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        folder = self._last_folder or pictures
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add photos", folder, _PICTURES)
        if chosen:
            self._last_folder = str(Path(chosen[0]).parent)
        self.take_paths([Path(name) for name in chosen])

    def _remove(self) -> None:
        for photo in self._chosen_photos():
            if self._person:
                self._people.remove_photo(self._person, photo)

    def _feature(self) -> None:
        photos = self._chosen_photos()
        if self._person and photos:
            self._people.feature(self._person, photos[0])

    def _chosen_photos(self) -> list[PhotoId]:
        return [PhotoId(key) for key in self.grid.chosen() if isinstance(key, str)]

    def _use_chosen_proposals(self) -> None:
        for key in self.proposals.chosen() or self.proposals.items.keys[:1]:
            self._use_proposal(key)

    def _use_proposal(self, key: object) -> None:
        if self._person and isinstance(key, FaceRef):
            self._people.use_face_as_photo(self._person, key)

    def _show_what_can_be_done(self) -> None:
        count = len(self.grid.selectedIndexes())
        self.picture_button.setEnabled(count == 1)
        self.remove_button.setEnabled(count > 0)
        chosen = self.grid.chosen()
        complaint = self._complaints.get(chosen[0], "") if len(chosen) == 1 else ""
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self.add_button, self.picture_button, self.remove_button):
            line.addWidget(button)
        line.addStretch(1)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(32)
        for page in (self.grid, self.empty):
            self._stack.addWidget(page)
        below = QVBoxLayout(self._proposing)
        below.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(label("These clear faces would help as photos", tone="head"), 1)
        head.addWidget(self.use_button)
        below.addLayout(head)
        below.addWidget(self.proposals)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self.advice)
        column.addWidget(self._stack, 1)
        column.addWidget(self.complaint)
        column.addWidget(self._proposing)


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

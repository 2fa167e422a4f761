"""All about one person: photos, faces to decide on, and where they are seen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QTabWidget, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_events import FaceRef
from heimdex_desktop.domain.people_facts import PersonPage
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import ElidedLabel, set_tone
from heimdex_desktop.ui.people_names import query_for
from heimdex_desktop.ui.people_seam import People
from heimdex_desktop.ui.people_wording import person_line
from heimdex_desktop.ui.person_faces import FaceChoice
from heimdex_desktop.ui.person_photos import PersonPhotos
from heimdex_desktop.ui.person_places import PersonPlaces
from heimdex_desktop.ui.portraits import PortraitSource
from heimdex_desktop.ui.theme import tones_for
from heimdex_desktop.ui.wording import plain

_PICTURE_PX = 72
_MOST_PHOTOS = 10
"""So many faces become photos at once: for each, a picture of its video is decoded."""
_SUGGESTED_HINT = (
    "Y confirms what is chosen, N rejects it, I ignores it. Ctrl+A chooses all, arrows and Shift choose some."
)
_HOW_TO_BEGIN = "Add clear photos, name a face that is unknown, or mark one by hand."
_HOW_TO_GO_ON = (
    "Add more photos, from other days and in other light, name a face that is unknown, or mark one by hand."
)


class PersonView(QWidget):
    """Shows a `PersonPage`, and gives orders to `people`. What needs a question first is wished for.

    `wished` carries the name of the wish, such as "rename", and the faces it is about, if any.
    `query_wanted` carries a query, `export_wanted` an `ExportKind`.
    """

    left = Signal()
    wished = Signal(str, object)
    query_wanted = Signal(str)
    export_wanted = Signal(object)

    def __init__(self, people: People, pictures: PortraitSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self.page: PersonPage | None = None
        self.back_button = IconButton("back", "All people (Esc)", self)
        self.back_button.clicked.connect(self.left)
        self.picture = _RoundPicture(pictures, self)
        self.name = ElidedLabel(self)
        self.name.setFont(_title_font(self.name.font()))
        self.line = ElidedLabel(self)
        set_tone(self.line, "dim")
        self.find_button = QPushButton("Find scenes")
        self.find_button.setProperty("kind", "primary")
        self.find_button.clicked.connect(self._find)
        self.more_button = QPushButton("More")
        self.more_button.setMenu(self._more_menu())
        # Before what lies in it, so that Tab goes from the tabs into the one that is shown.
        self.tabs = QTabWidget(self)
        self.tabs.tabBarClicked.connect(self._show_tab)
        self.photos = PersonPhotos(people, pictures, self)
        self.suggestions = self._suggestions(pictures)
        self.faces = self._faces(pictures)
        self.places = PersonPlaces(self)
        self.places.query_wanted.connect(self.query_wanted)
        self.places.export_wanted.connect(self.export_wanted)
        self._lay_out()

    def show_page(self, page: PersonPage) -> None:
        """Show somebody; what one stood on stays where it is the same person as before."""
        is_new = self.page is None or self.page.card.id != page.card.id
        self.page = page
        name = plain(page.card.name)
        self.picture.show_picture(page.card.picture)
        self.name.show_text(name)
        self.line.show_text(person_line(page.card))
        self.hide_action.setText("Show in the lists again" if page.card.is_hidden else "Hide from the lists")
        self.photos.show_page(page)
        self.suggestions.show_faces(
            page.suggestions, _SUGGESTED_HINT, f"No face is waiting for the question whether it is {name}."
        )
        self.faces.say_words({"not": f"Not {_short(name)}"})
        how = _HOW_TO_GO_ON if page.photos else _HOW_TO_BEGIN
        self.faces.show_faces(page.faces, "", f"No face in your videos is taken for {name} yet. {how}")
        self.places.show_page(page)
        self._name_tabs(page)
        if is_new:
            # What waits for an answer comes before what there is.
            shown = self.faces if page.faces and not page.photos else self.photos
            self.tabs.setCurrentWidget(self.suggestions if page.suggestions else shown)

    def take_focus(self) -> None:
        """Let the keyboard be about faces that can be decided on, or else choose what is shown."""
        shown = self.tabs.currentWidget()
        faces = shown.grid if isinstance(shown, FaceChoice) and shown.grid.items.rowCount() else None
        (faces or self.tabs).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_tab(self, place: int) -> None:
        self.tabs.setCurrentIndex(place)
        self.take_focus()

    def _name_tabs(self, page: PersonPage) -> None:
        counts = (len(page.photos), len(page.suggestions), len(page.faces), len(page.appearances))
        names = ("Photos", f"Is this {_short(page.card.name)}?", "Recognised", "Where")
        for place, (name, count) in enumerate(zip(names, counts, strict=True)):
            shown = name.replace("&", "&&")
            self.tabs.setTabText(place, f"{shown} {count:,}" if count else shown)

    def _find(self) -> None:
        if self.page:
            self.query_wanted.emit(query_for(self.page.card.name))

    def _act(self, order: str, faces: tuple[FaceRef, ...]) -> None:
        if self.page is None:
            return
        person = self.page.card.id
        match order:
            case "yes":
                self._people.confirm(person, faces)
            case "no" | "not":
                self._people.reject(person, faces)
            case "ignore":
                self._people.ignore(faces)
            case "photo":
                for face in faces[:_MOST_PHOTOS]:
                    self._people.use_face_as_photo(person, face)
            case _:
                self.wished.emit(order, faces)

    def _wish(self, wish: str) -> Callable[[], None]:
        return lambda: self.wished.emit(wish, ())

    def _suggestions(self, pictures: PortraitSource) -> FaceChoice:
        orders = (
            ("yes", "Yes", Qt.Key.Key_Y, True),
            ("no", "No", Qt.Key.Key_N, True),
            ("ignore", "Ignore", Qt.Key.Key_I, True),
        )
        choice = FaceChoice("Faces that may be this person", pictures, orders, self)
        choice.acted.connect(self._act)
        return choice

    def _faces(self, pictures: PortraitSource) -> FaceChoice:
        orders = (
            ("not", "Not this person", Qt.Key.Key_N, True),
            ("move", "Move to…", Qt.Key.Key_M, False),
            ("split", "This is somebody else…", Qt.Key.Key_S, False),
            ("photo", "Use as a photo", Qt.Key.Key_P, False),
        )
        choice = FaceChoice("Faces taken for this person", pictures, orders, self)
        choice.acted.connect(self._act)
        return choice

    def _more_menu(self) -> QMenu:
        menu = QMenu(self)
        rename = menu.addAction("Rename, other names…")
        rename.setShortcut(QKeySequence("F2"))
        rename.triggered.connect(self._wish("rename"))
        # In the menu alone, its shortcut would not be heard.
        self.addAction(rename)
        menu.addAction("Merge with…").triggered.connect(self._wish("merge"))
        self.hide_action = menu.addAction("Hide from the lists")
        self.hide_action.triggered.connect(self._wish("hide"))
        menu.addSeparator()
        menu.addAction("Remove from the list").triggered.connect(self._wish("delete"))
        menu.addAction("Forget…").triggered.connect(self._wish("forget"))
        return menu

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.line)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 14, 8)
        head.setSpacing(12)
        head.addWidget(self.back_button)
        head.addWidget(self.picture)
        head.addLayout(words, 1)
        head.addWidget(self.find_button)
        head.addWidget(self.more_button)
        for part in (self.photos, self.suggestions, self.faces, self.places):
            self.tabs.addTab(part, "")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.tabs, 1)


class _RoundPicture(QWidget):
    """The picture of somebody beside their name."""

    def __init__(self, pictures: PortraitSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._picture: Path | None = None
        self.setFixedSize(QSize(_PICTURE_PX, _PICTURE_PX))
        pictures.arrived.connect(self._take)

    def show_picture(self, picture: Path | None) -> None:
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        painter = QPainter(self)
        box = QRect(0, 0, _PICTURE_PX, _PICTURE_PX)
        tones = tones_for(self.palette())
        self._pictures.painter.paint(painter, box, self._picture, tones, is_round=True)

    def _take(self, arrived: tuple[Path, ...]) -> None:
        if self._picture in arrived:
            self.update()


def _title_font(font: QFont) -> QFont:
    font.setPixelSize(20)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def _short(name: str) -> str:
    """Return a name that leaves room for other tabs."""
    name = plain(name)
    return name if len(name) <= 16 else f"{name[:15].rstrip()}…"

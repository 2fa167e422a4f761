"""Everybody who is known, and beside them the faces that nobody has named yet."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.domain.people_facts import PeopleFacts, PersonCard
from heimdex_desktop.ui.icons import IconButton
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.name_field import YieldingField
from heimdex_desktop.ui.people_banner import PeopleBanner
from heimdex_desktop.ui.people_names import matching
from heimdex_desktop.ui.people_wording import NO_FACES, NOBODY, READING, person_portrait
from heimdex_desktop.ui.portraits import PortraitGrid, PortraitSource
from heimdex_desktop.ui.unknown_panel import UnknownPanel
from heimdex_desktop.ui.wording import counted, plain

_GRID_PX, _UNKNOWN_PX = 460, 420
_NARROW_PX = 640
_LEAST_PX = 90


class PeopleOverview(QWidget):
    """Until facts are known, it says that they are being read.

    `opened` carries a `PersonId`; `wished` the name of a wish and the people (`tuple[PersonId, ...]`).
    """

    opened = Signal(object)
    wished = Signal(str, object)
    models_wanted = Signal()
    refresh_wanted = Signal()
    stop_wanted = Signal()
    left = Signal()

    def __init__(self, pictures: PortraitSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: PeopleFacts | None = None
        self.title = label("People", tone="title")
        self.field = YieldingField()
        self.field.setProperty("kind", "field")
        self.field.setAcceptDrops(False)
        self.field.setPlaceholderText("Find somebody by name")
        self.field.setAccessibleName("Find somebody by name")
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._show_people)
        self.field.returnPressed.connect(self._open_first)
        self.hidden_switch = QCheckBox("Show hidden")
        self.hidden_switch.toggled.connect(self._show_people)
        self.removed_button = QPushButton()
        self.removed_button.setProperty("kind", "quiet")
        self.removed_button.setToolTip("Who was taken off the list: put them back, or forget them for good")
        self.removed_button.clicked.connect(lambda: self.wished.emit("removed", ()))
        self.add_button = QPushButton("Add a person…")
        self.add_button.clicked.connect(lambda: self.wished.emit("create", ()))
        self.close_button = IconButton("close", "Back to the scenes (Esc)", self)
        self.close_button.clicked.connect(self.left)
        self.banner = PeopleBanner(self)
        self.banner.models_button.clicked.connect(self.models_wanted)
        self.banner.refresh_button.clicked.connect(self.refresh_wanted)
        self.banner.stopped.connect(self.stop_wanted)
        self.grid = PortraitGrid("People", pictures, is_round=True, cell_px=132, parent=self)
        self.grid.opened.connect(self.opened)
        self.grid.menu_wanted.connect(self._open_menu)
        self.grid.on_key(Qt.Key.Key_Delete, lambda: self._wish("delete"))
        self.nobody = label(NOBODY, tone="dim", wraps=True)
        self.unknown = UnknownPanel(pictures, self)
        self.no_faces = label(tone="dim", wraps=True)
        self._people_stack, self._unknown_stack = QStackedWidget(), QStackedWidget()
        self._lay_out()
        self.hidden_switch.hide()
        self.removed_button.hide()
        self._show_people()

    def show_facts(self, facts: PeopleFacts) -> None:
        """Show what is known of people now."""
        is_first, self._facts = self._facts is None, facts
        had_focus = self.window().focusWidget()
        self.banner.show_facts(facts)
        shown = [card for card in facts.people if not card.is_hidden]
        self.title.setText(counted(len(shown), "person") if len(shown) == 1 else f"{len(shown):,} people")
        self.hidden_switch.setVisible(len(shown) < len(facts.people))
        self.removed_button.setVisible(bool(facts.removed))
        removed = sum(one.can_return for one in facts.removed)
        self.removed_button.setText(f"Removed ({removed:,})…" if removed else "Removed…")
        self._show_people()
        self.unknown.show_groups(facts.groups, facts.people)
        self.no_faces.setText(NO_FACES)
        self._unknown_stack.setCurrentWidget(self.unknown if facts.groups else self.no_faces)
        is_away = had_focus is self.removed_button and not facts.removed
        if is_away or (is_first and had_focus is self.add_button):
            # Also behind a dialog, or while another program is used.
            self.take_focus()

    def take_focus(self) -> None:
        """Let the keyboard be about people, or about who is unknown, or about making somebody known."""
        shown = (self._people_stack.currentWidget(), self._unknown_stack.currentWidget())
        unknown = self.unknown.field if self.unknown in shown else self.add_button
        (self.grid if self.grid in shown else unknown).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the halves one above the other where they would be too narrow beside each other."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW_PX
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.halves.orientation() is not wanted:
            self.halves.setOrientation(wanted)
            self.halves.setSizes([1, 1] if is_narrow else [_GRID_PX, _UNKNOWN_PX])

    def menu(self) -> QMenu:
        """Build the menu for the chosen people."""
        chosen = self._chosen()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_one = len(chosen) == 1
        wishes = [("open", "Open"), ("find", "Find scenes"), ("rename", "Rename, other names…")]
        for wish, words in wishes:
            entry = menu.addAction(words)
            entry.setEnabled(is_one or wish == "find")
            entry.triggered.connect(lambda _checked=False, wish=wish: self._wish(wish))
        menu.addSeparator()
        merge = menu.addAction("Merge with…" if is_one else f"Merge these {len(chosen)}")
        merge.triggered.connect(lambda: self._wish("merge" if is_one else "merge these"))
        are_hidden = all(card.is_hidden for card in self._people if card.id in chosen)
        hide = menu.addAction("Show in the lists again" if are_hidden else "Hide from the lists")
        hide.triggered.connect(lambda: self._wish("show" if are_hidden else "hide"))
        menu.addSeparator()
        menu.addAction("Remove from the list").triggered.connect(lambda: self._wish("delete"))
        forget = menu.addAction("Forget…")
        forget.setEnabled(is_one)
        forget.triggered.connect(lambda: self._wish("forget"))
        return menu

    def _wish(self, wish: str) -> None:
        chosen = self._chosen()
        if wish == "open":
            self.opened.emit(chosen[0])
        elif chosen:
            self.wished.emit(wish, chosen)

    def _chosen(self) -> tuple[PersonId, ...]:
        return tuple(PersonId(key) for key in self.grid.chosen() if isinstance(key, str))

    def _open_menu(self, place: QPoint) -> None:
        self.menu().popup(place)

    def _open_first(self) -> None:
        if self.field.text().strip() and (keys := self.grid.items.keys):
            self.opened.emit(keys[0])

    @property
    def _people(self) -> tuple[PersonCard, ...]:
        return self._facts.people if self._facts else ()

    def _show_people(self) -> None:
        shown = [card for card in self._people if self.hidden_switch.isChecked() or not card.is_hidden]
        shown = sorted(matching(self.field.text(), shown), key=_order)
        self.grid.items.show([person_portrait(card) for card in shown])
        self.nobody.setText(self._why_nobody(self.field.text().strip()))
        self._people_stack.setCurrentWidget(self.grid if shown else self.nobody)

    def _why_nobody(self, asked: str) -> str:
        if not self._facts:
            return READING
        return plain(f"Nobody is called “{asked}”.") if asked else NOBODY

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 14, 6)
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.field, 1)
        for part in (self.hidden_switch, self.removed_button, self.add_button, self.close_button):
            head.addWidget(part)
        for stack, parts in (
            (self._people_stack, (self.grid, self.nobody)),
            (self._unknown_stack, (self.no_faces, self.unknown)),
        ):
            for part in parts:
                stack.addWidget(part)
        for sentence in (self.nobody, self.no_faces):
            sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
            sentence.setMargin(28)
        # What they would like to have is more than a low window has for both.
        self._people_stack.setMinimumHeight(_LEAST_PX)
        self._unknown_stack.setMinimumHeight(2 * _LEAST_PX)
        self.halves = halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(self._people_stack)
        halves.addWidget(self._unknown_stack)
        halves.setSizes([_GRID_PX, _UNKNOWN_PX])
        halves.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        notes = QVBoxLayout()
        notes.setContentsMargins(14, 0, 14, 0)
        notes.addWidget(self.banner)
        column.addLayout(notes)
        column.addWidget(halves, 1)


def _order(card: PersonCard) -> tuple[int, str]:
    """Put those first who are seen in most scenes."""
    return -card.scene_count, card.name.casefold()

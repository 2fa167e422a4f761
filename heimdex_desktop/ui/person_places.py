"""Where somebody is seen, how long, and together with whom; a click searches for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from heimdex_desktop.domain.people_facts import Appearance, PersonPage
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.ui.labels import label
from heimdex_desktop.ui.line_list import Line, LineList
from heimdex_desktop.ui.people_names import query_for
from heimdex_desktop.ui.people_seam import ExportKind
from heimdex_desktop.ui.people_wording import appearance_line, companion_line
from heimdex_desktop.ui.wording import clock, plain

_KINDS = {
    ExportKind.SRT: "As subtitles (SRT)…",
    ExportKind.VTT: "As subtitles (WebVTT)…",
    ExportKind.CSV: "As a table (CSV)…",
}
_COMPANIONS_PX = 260


class PersonPlaces(QWidget):
    """`video_wanted` carries a video's id and name, `query_wanted` a query, `export_wanted` a kind.

    What is exported are the chosen videos, or all where fewer than two are chosen: see `videos`.
    """

    video_wanted = Signal(object, str)
    query_wanted = Signal(str)
    export_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: PersonPage | None = None
        self.nothing = label(tone="dim", wraps=True)
        self.places = LineList("Videos in which this person is seen", self)
        self.places.opened.connect(self._open_video)
        self.companions = LineList("People in the same scenes", self)
        self.companions.opened.connect(self._open_companion)
        self.export_button = QPushButton("Export…")
        self.export_button.setToolTip("Writes down when this person is seen, in the chosen videos or in all")
        self.export_button.setMenu(self._export_menu())
        self.together = QWidget()
        self._lay_out()

    def show_page(self, page: PersonPage) -> None:
        """Show where somebody is seen."""
        self._page = page
        self.places.items.show([_line(appearance) for appearance in page.appearances])
        lines = [Line(one.id, plain(one.name), companion_line(one)) for one in page.companions]
        self.companions.items.show(lines)
        self.together.setVisible(bool(lines))
        self.nothing.setText(plain(f"{page.card.name} was not recognised in any scene yet."))
        self.nothing.setVisible(not page.appearances)
        self.export_button.setEnabled(bool(page.appearances))

    def videos(self) -> list[tuple[VideoId, str]]:
        """Return ids and names of the videos that are meant."""
        if self._page is None:
            return []
        chosen = set(self.places.chosen())
        every = [(one.video_id, one.video_name) for one in self._page.appearances]
        return [one for one in every if one[0] in chosen] if len(chosen) > 1 else every

    def _open_video(self, key: object) -> None:
        for appearance in self._page.appearances if self._page else ():
            if appearance.video_id == key:
                self.video_wanted.emit(appearance.video_id, appearance.video_name)

    def _open_companion(self, key: object) -> None:
        for companion in self._page.companions if self._page else ():
            if companion.id == key and self._page:
                self.query_wanted.emit(query_for(self._page.card.name, companion.name))

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        for kind, words in _KINDS.items():
            entry = menu.addAction(words)
            entry.triggered.connect(lambda _checked=False, kind=kind: self.export_wanted.emit(kind))
        return menu

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label("A click shows the scenes in that video.", tone="dim", wraps=True), 1)
        head.addWidget(self.export_button)
        left = QVBoxLayout()
        left.addLayout(head)
        left.addWidget(self.nothing)
        left.addWidget(self.places, 1)
        right = QVBoxLayout(self.together)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(label("Together with", tone="head"))
        right.addWidget(self.companions, 1)
        self.together.setMaximumWidth(_COMPANIONS_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 8, 8)
        row.setSpacing(12)
        row.addLayout(left, 2)
        # A widget, not a layout: that one would keep its room with nobody in it.
        row.addWidget(self.together, 1)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)


def _line(appearance: Appearance) -> Line:
    first = ", ".join(f"{clock(span.start_ms)}–{clock(span.end_ms)}" for span in appearance.spans[:8])
    return Line(
        appearance.video_id, plain(appearance.video_name), appearance_line(appearance), tip=plain(first)
    )

"""Answers a person who misses a scene among the results: asks behind the window, shows what came of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from heimdex_desktop.domain.search import FoundScene, Hit
from heimdex_desktop.pipeline.board import VideoRow
from heimdex_desktop.ui.seam import Backstage, Expected, Explained
from heimdex_desktop.ui.why_dialog import WhyDialog
from heimdex_desktop.ui.why_wording import explanation, standing

RowOf = Callable[[str], VideoRow | None]
_NOTHING_OF_IT = "No scene of this file can be found."


class WhyDesk(QObject):
    """Keeps one dialog; `row_of` gives the row of a video by its key. `play_wanted` carries a `Hit`."""

    play_wanted = Signal(object)

    def __init__(self, backstage: Backstage, row_of: RowOf, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._row_of = row_of
        self._expected: Expected | None = None
        self.dialog = WhyDialog(window)
        self.dialog.moment_wanted.connect(self._ask_at)
        self.dialog.scene_wanted.connect(self._show_scene)
        # A type checker compares class attributes, where signals are not bound yet.
        cast("SignalInstance", backstage.explained).connect(self._take)

    def ask_of_video(self, row: VideoRow) -> None:
        """Say where the best scene of a video stands, or why it has none."""
        if row.video_id is None:
            self._expected = None
            self.dialog.begin(row.location.name, None)
            self.dialog.show_answer(_NOTHING_OF_IT, standing(row))
            self._open()
        else:
            self._ask(Expected(row.video_id), row.location.name)

    def ask_of_moment(self, hit: Hit, at_ms: int) -> None:
        """Say where the scene at a moment of a hit's video stands."""
        name = hit.scene.locations[0].name if hit.scene.locations else "A video"
        self._ask(Expected(hit.scene.video_id, at_ms), name)

    def _ask(self, expected: Expected, name: str) -> None:
        self._expected = expected
        self.dialog.begin(name, expected.at_ms)
        self._open()
        self._backstage.explain(expected)

    def _ask_at(self, at_ms: int | None) -> None:
        if self._expected:
            self._ask(replace(self._expected, at_ms=at_ms), self.dialog.name.text)

    def _open(self) -> None:
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _take(self, explained: Explained) -> None:
        if explained.expected != self._expected:
            return
        row = self._row_of(explained.expected.video_id)
        self.dialog.show_answer(*explanation(explained, row), explained.found)

    def _show_scene(self, scene: FoundScene) -> None:
        self.play_wanted.emit(Hit(0, 0.0, scene, {}))

"""The window: lays out its parts and connects them to each other and to what stands behind them."""

from functools import partial
from typing import cast

from PySide6.QtCore import QByteArray, Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from heimdex_desktop.domain.search import Answer, Hit
from heimdex_desktop.pipeline.board import Overall, VideoRow
from heimdex_desktop.ui.card_pictures import CardPictures
from heimdex_desktop.ui.centre import Centre
from heimdex_desktop.ui.completion_list import CompletionList
from heimdex_desktop.ui.empty_page import EmptyPage
from heimdex_desktop.ui.faders_bar import FadersBar
from heimdex_desktop.ui.icons import app_icon
from heimdex_desktop.ui.intake import Intake
from heimdex_desktop.ui.launcher import Launcher
from heimdex_desktop.ui.moment_finder import MomentFinder
from heimdex_desktop.ui.offering import PictureSource
from heimdex_desktop.ui.player_panel import PlayerPanel
from heimdex_desktop.ui.pointing import Pointing
from heimdex_desktop.ui.removal import ask_to_remove
from heimdex_desktop.ui.results_page import ResultsPage
from heimdex_desktop.ui.saved_actions import SavedActions
from heimdex_desktop.ui.scene_actions import SceneActions
from heimdex_desktop.ui.scene_grid import SceneGrid
from heimdex_desktop.ui.scene_model import SceneModel
from heimdex_desktop.ui.seam import Backstage
from heimdex_desktop.ui.search_bar import SearchBar
from heimdex_desktop.ui.standing_query import StandingQuery
from heimdex_desktop.ui.status_line import NoticeBar, StatusLine
from heimdex_desktop.ui.video_list import VideoList
from heimdex_desktop.ui.video_list_model import RowAction, VideoListModel
from heimdex_desktop.ui.why_desk import WhyDesk

_SIDE_PX, _CENTRE_PX, _PLAYER_PX = 300, 760, 440


class MainWindow(QMainWindow):
    """Everything a person sees. `backstage` does the work; `launcher` opens other programs.

    `models_wanted` asks for the page about models, `people_wanted` for the page of people.
    """

    models_wanted = Signal()
    people_wanted = Signal()

    def __init__(self, backstage: Backstage, launcher: Launcher | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Heimdex")
        self.setWindowIcon(app_icon())
        self.resize(1280, 820)
        self._backstage = backstage
        self.launcher = launcher or Launcher(self)
        self.videos = VideoListModel(self)
        self.scenes = SceneModel(backstage.pictures_of, self)
        self.pictures = CardPictures(self)
        self.standing = StandingQuery(self)
        self._overall = Overall()
        self._is_side_away = False
        self.search_bar = SearchBar()
        self.faders = FadersBar()
        self.side = VideoList(self.videos)
        self.results = ResultsPage(SceneGrid(self.scenes, self.pictures))
        self.player = PlayerPanel()
        self.empty = EmptyPage()
        self.status = StatusLine()
        self.notice = NoticeBar()
        self.centre = Centre(self.empty, self.results)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.completions = CompletionList(self.search_bar.field, self)
        self.intake = Intake(self)
        self.pointing = Pointing(self.search_bar, self.standing)
        self.moments = MomentFinder(backstage, self)
        self.scene_actions = SceneActions(self.results.grid, self.player, self.launcher, self.moments)
        self.why = WhyDesk(backstage, self.videos.row_of, self)
        self.saved_actions = SavedActions(self.search_bar, self.faders, self.side.saved)
        self._connect_parts()
        self._connect_player()
        self._connect_backstage()
        self._add_shortcuts()
        self._show_what_there_is()
        self.search_bar.field.setFocus()

    def layout_state(self) -> QByteArray:
        """Return how the panels are divided, for the next start."""
        return self._splitter.saveState()

    def restore_layout(self, state: QByteArray) -> None:
        self._splitter.restoreState(state)

    def play(self, hit: Hit) -> None:
        """Open the player at the moment of a hit."""
        self.player.show()
        self.player.setFocus(Qt.FocusReason.OtherFocusReason)
        self.player.play(hit)
        self._backstage.place(hit)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.standing.stop()
        self.pointing.close()
        self.moments.stop()
        self.player.close_player()
        self.pictures.close()
        self.launcher.close()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        for part, width_px in ((self.side, 200), (self.centre, 300), (self.player, 320)):
            part.setMinimumWidth(width_px)
            self._splitter.addWidget(part)
        self._splitter.setHandleWidth(3)
        self._splitter.setSizes([_SIDE_PX, _CENTRE_PX, _PLAYER_PX])
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(1, False)  # noqa: FBT003  (Qt takes it by position)
        self.player.hide()
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.faders.hide()
        for part in (self.search_bar, self.faders, self._splitter, self.notice, self.status):
            column.addWidget(part, 1 if part is self._splitter else 0)
        self.setCentralWidget(whole)

    def _connect_parts(self) -> None:
        bar, field = self.search_bar, self.search_bar.field
        field.asked.connect(self.standing.ask)
        field.results_wanted.connect(self._go_to_results)
        field.pasted.connect(self.intake.take)
        bar.files_wanted.connect(self.intake.choose_files)
        bar.folder_wanted.connect(self.intake.choose_folder)
        bar.side_toggled.connect(self._toggle_side)
        bar.models_wanted.connect(self.models_wanted)
        bar.people_wanted.connect(self.people_wanted)
        field.asked.connect(self.centre.leave)
        bar.faders_toggled.connect(self._toggle_faders)
        self.faders.turned.connect(self._backstage.turn)
        self.standing.asked.connect(self._backstage.search)
        self.side.acted.connect(self._act)
        self.side.removal_wanted.connect(self._ask_to_remove)
        self.side.saved.kept.connect(self._backstage.keep_searches)
        for part in (self.side, self.status):
            part.pause_wanted.connect(self._backstage.pause)
            part.resume_wanted.connect(self._backstage.resume)
        self.status.failures_wanted.connect(self._show_next_failed)
        self.status.back_wanted.connect(self._backstage.go_back)
        self.empty.files_wanted.connect(self.intake.choose_files)
        self.empty.sample_wanted.connect(self._backstage.try_sample)
        self.intake.arrived.connect(self._backstage.add_paths)
        self.intake.picture_arrived.connect(self._take_picture)
        self.centre.open_wanted.connect(self._backstage.open)

    def _connect_player(self) -> None:
        self.player.closed.connect(self._put_player_away)
        self.player.why_wanted.connect(self.why.ask_of_moment)
        self.why.play_wanted.connect(self.play)
        self.scene_actions.play_wanted.connect(self.play)
        self.scene_actions.pointed.connect(self.pointing.point)
        for part in (self.scene_actions, self.saved_actions, self.launcher, self.intake, self.pointing):
            part.said.connect(self.notice.say)
        self.saved_actions.undo_offered.connect(self.notice.offer)

    def _connect_backstage(self) -> None:
        backstage = self._backstage
        for signal, slot in (
            (backstage.opened, self._take_opened),
            (backstage.refused, self.centre.waiting.show_refusal),
            (backstage.rows_changed, self._take_rows),
            (backstage.rows_removed, self._drop_rows),
            (backstage.overall_changed, self._take_overall),
            (backstage.answered, self._take_answer),
            (backstage.placed, self.player.move_to_moment),
            (backstage.library_changed, self.standing.ask_again),
            (backstage.offers_known, self.completions.take_offers),
            (backstage.saved_searches_changed, self.saved_actions.take_known),
            (backstage.hits_counted, self.side.saved.show_counts),
            (backstage.notice, self.notice.say),
        ):
            # A type checker compares class attributes, where signals are not bound yet.
            cast("SignalInstance", signal).connect(slot)

    def _add_shortcuts(self) -> None:
        for keys, slot in (
            ("/", self.search_bar.focus_field),
            (QKeySequence.StandardKey.Find, self.search_bar.focus_field),
            ("Ctrl+B", self._toggle_side),
            ("Ctrl+T", self._toggle_faders),
            ("Ctrl+D", self.saved_actions.save),
            ("Ctrl+,", self.models_wanted),
            ("Ctrl+Shift+P", self.people_wanted),
            (QKeySequence.StandardKey.Paste, self.intake.paste),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _take_opened(self) -> None:
        self.centre.take_opened()
        self._show_what_there_is()

    def _take_rows(self, rows: tuple[VideoRow, ...]) -> None:
        self.videos.take(rows)
        self._show_what_there_is()

    def _drop_rows(self, keys: tuple[str, ...]) -> None:
        self.videos.drop(keys)
        self._show_what_there_is()

    def _take_overall(self, overall: Overall) -> None:
        self._overall = overall
        self.side.show_overall(overall)
        self._show_what_there_is()

    def _take_answer(self, answer: Answer) -> None:
        if self.standing.is_answered_by(answer):
            self.results.show_answer(answer, is_unfinished=self.videos.is_unfinished)

    def _take_picture(self, source: PictureSource) -> None:
        if self.centre.is_open and self.videos.rowCount() == 0:
            self.notice.say("There are no videos yet that could look like that picture. Add some first.")
        else:
            self.centre.leave()
            self.pointing.take_picture(source)

    def _show_what_there_is(self) -> None:
        is_empty = self.videos.rowCount() == 0
        self.centre.show_videos(self.videos.rowCount())
        self.notice.keep_room(is_empty)
        self.side.setVisible(not is_empty and not self._is_side_away)
        self.search_bar.side_button.setEnabled(not is_empty)
        if self.centre.is_open:
            self.status.show_overall(self._overall, scene_count=self.videos.scene_count)

    def _act(self, action: RowAction, row: VideoRow) -> None:
        match action:
            case RowAction.CANCEL:
                self._backstage.cancel(row.key)
            case RowAction.RETRY:
                self._backstage.retry(row.key)
            case RowAction.REMOVE:
                self._ask_to_remove((row,))
            case RowAction.EXPLAIN:
                self.why.ask_of_video(row)
            case RowAction.SHOW_IN_FOLDER:
                self.launcher.show_in_folder((row.location,))

    def _ask_to_remove(self, rows: tuple[VideoRow, ...]) -> None:
        ask_to_remove(self, rows, partial(self._remove, rows))

    def _remove(self, rows: tuple[VideoRow, ...], with_sidecar: bool) -> None:  # noqa: FBT001
        for row in rows:
            self._backstage.remove(row.key, with_sidecar=with_sidecar)

    def _put_player_away(self) -> None:
        self.player.hide()
        self.results.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_results(self) -> None:
        if self.results.is_showing_hits():
            self.results.grid.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_next_failed(self) -> None:
        self._is_side_away = False
        self._show_what_there_is()
        self.side.choose_next_failed()

    def _toggle_faders(self) -> None:
        # Away they would still turn the answer, unseen.
        if self.faders.isVisible():
            self.faders.show_faders({})
        self.faders.setVisible(not self.faders.isVisible())

    def _toggle_side(self) -> None:
        self._is_side_away = self.side.isVisible()
        self._show_what_there_is()

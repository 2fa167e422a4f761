"""What can be done with a found scene: play, reveal, search from there, show its folder, copy its place."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.search import Hit, LikeScene
from heimdex_desktop.ui.launcher import Launcher
from heimdex_desktop.ui.moment_finder import MomentFinder
from heimdex_desktop.ui.player_panel import PlayerPanel
from heimdex_desktop.ui.scene_grid import SceneGrid
from heimdex_desktop.ui.wording import path_and_time, span_text


class SceneActions(QObject):
    """Carries out what the grid and the player ask for; `said` carries a sentence on how it went.

    `pointed` carries what to search for from here (`Beside`), and a few words that say so.
    """

    play_wanted = Signal(object)
    said = Signal(str)
    pointed = Signal(object, str)

    def __init__(
        self, grid: SceneGrid, player: PlayerPanel, launcher: Launcher, moments: MomentFinder
    ) -> None:
        super().__init__(launcher)
        self._launcher = launcher
        self._moments = moments
        grid.play_wanted.connect(self.play_wanted)
        grid.reveal_wanted.connect(self.reveal)
        grid.folder_wanted.connect(self.show_in_folder)
        grid.copy_wanted.connect(self.copy_place)
        grid.similar_wanted.connect(self.find_similar)
        grid.video_wanted.connect(self.show_video)
        player.reveal_wanted.connect(self.reveal)
        player.folder_wanted.connect(self.show_in_folder)
        player.copy_wanted.connect(self.copy_place)

    def reveal(self, hit: Hit, at_ms: int | None = None) -> None:
        """Open the video in another player at `at_ms`, by default at the moment that answers."""
        if at_ms is None:
            self._moments.find(hit, lambda placed: self.reveal(placed, placed.at_ms))
        else:
            self._launcher.reveal(hit.scene.locations, at_ms)

    def show_in_folder(self, hit: Hit) -> None:
        """Show the video in its folder."""
        self._launcher.show_in_folder(hit.scene.locations)

    def copy_place(self, hit: Hit, at_ms: int | None = None) -> None:
        """Put the path and the moment on the clipboard, by default the moment that answers."""
        if at_ms is None:
            self._moments.find(hit, lambda placed: self.copy_place(placed, placed.at_ms))
        elif hit.scene.locations:
            text = path_and_time(hit.scene.locations[0], at_ms)
            QGuiApplication.clipboard().setText(text)
            self.said.emit(f"Copied {text}")

    def find_similar(self, hit: Hit) -> None:
        """Ask for scenes that are like this one."""
        place = f"{span_text(hit.scene.span)} of {_file_name(hit)}"
        self.pointed.emit(LikeScene(hit.scene.id), f"Similar to {place}")

    def show_video(self, hit: Hit) -> None:
        """Ask for all scenes of the same video."""
        self.pointed.emit(OfVideo(hit.scene.video_id), f"In {_file_name(hit)}")


def _file_name(hit: Hit) -> str:
    return hit.scene.locations[0].name if hit.scene.locations else "a video"

"""Files and folders that are dropped, pasted and chosen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from heimdex_desktop.ui.intake import Intake, films_folder
from heimdex_desktop.ui.offering import Offering, offering_in, paths_in, paths_in_text

NONE = Qt.KeyboardModifier.NoModifier
BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
LEFT = Qt.MouseButton.LeftButton


def files(*paths: Path) -> QMimeData:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return content


def pixels(width_px: int = 32) -> QImage:
    made = QImage(width_px, 24, QImage.Format.Format_RGB32)
    made.fill(0x3366CC)
    return made


def is_welcome(window: QWidget, content: QMimeData) -> bool:
    """Drag something over the window; the event must not outlive its content."""
    event = QDragEnterEvent(QPoint(9, 9), BOTH, content, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop_on(window: QWidget, content: QMimeData) -> Qt.DropAction:
    """Drag something to the window, without which Qt knows no target, and let it go."""
    is_welcome(window, content)
    event = QDropEvent(QPointF(9, 9), BOTH, content, LEFT, NONE)
    QApplication.sendEvent(window, event)
    return event.dropAction()


@pytest.fixture
def intake(qtbot: QtBot) -> Intake:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    made = Intake(window)
    window.show()
    qtbot.waitExposed(window)
    return made


def window_of(intake: Intake) -> QWidget:
    window = intake.parent()
    assert isinstance(window, QWidget)
    return window


def test_a_drop_is_announced_and_taken_as_a_copy(qtbot: QtBot, intake: Intake, tmp_path: Path) -> None:
    paths = [tmp_path / "a b#1%.mp4", tmp_path / "영상 폴더"]
    assert is_welcome(window_of(intake), files(*paths))
    assert intake.overlay.isVisible()
    with qtbot.waitSignal(intake.arrived) as arrived:
        action = drop_on(window_of(intake), files(*paths))
    assert arrived.args == [paths]
    assert action is Qt.DropAction.CopyAction
    assert not intake.overlay.isVisible()


def test_what_is_no_file_is_turned_away(intake: Intake) -> None:
    content = QMimeData()
    content.setText("just words")
    assert not is_welcome(window_of(intake), content)
    assert not intake.overlay.isVisible()


def test_the_overlay_goes_with_the_drag(intake: Intake, tmp_path: Path) -> None:
    is_welcome(window_of(intake), files(tmp_path))
    QApplication.sendEvent(window_of(intake), QDragLeaveEvent())
    assert not intake.overlay.isVisible()


def test_web_addresses_are_not_files() -> None:
    content = QMimeData()
    content.setUrls([QUrl("https://example.org/a.mp4")])
    assert paths_in(content) == []


def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    assert paths_in(files(tmp_path, tmp_path)) == [tmp_path]


def test_pasted_paths_may_be_quoted_or_urls(tmp_path: Path) -> None:
    first, second = tmp_path / "a b.mp4", tmp_path / "c.mp4"
    text = f'"{first}"\n{QUrl.fromLocalFile(str(second)).toString()}\n\n'
    assert paths_in_text(text) == [first, second]


@pytest.mark.parametrize("text", ["", "a.mp4", "hello\nworld", "file:", "/a\0b"])
def test_words_are_not_paths(text: str) -> None:
    assert paths_in_text(text) == []


@given(st.text())
def test_any_text_can_be_pasted(text: str) -> None:
    assert all(path.is_absolute() for path in paths_in_text(text))


def test_a_mixed_text_is_not_taken_in_part(tmp_path: Path) -> None:
    assert paths_in_text(f"{tmp_path}\nand some words") == []


def test_paste_takes_files_from_the_clipboard(qtbot: QtBot, intake: Intake, tmp_path: Path) -> None:
    QApplication.clipboard().setMimeData(files(tmp_path))
    with qtbot.waitSignal(intake.arrived) as arrived:
        intake.paste()
    assert arrived.args == [[tmp_path]]
    QApplication.clipboard().setText("just words")
    with qtbot.assertNotEmitted(intake.arrived):
        intake.paste()


def test_a_picture_alone_is_a_question(qtbot: QtBot, intake: Intake, tmp_path: Path) -> None:
    picture = tmp_path / "at the lake.JPG"
    assert is_welcome(window_of(intake), files(picture))
    assert "looks like" in intake.overlay.title.text()
    with qtbot.assertNotEmitted(intake.arrived), qtbot.waitSignal(intake.picture_arrived) as got:
        drop_on(window_of(intake), files(picture))
    assert got.args == [picture]


def test_beside_videos_a_picture_is_left_out_and_that_is_said(
    qtbot: QtBot, intake: Intake, tmp_path: Path
) -> None:
    video, one, two = tmp_path / "a.mp4", tmp_path / "a.png", tmp_path / "b.png"
    told: list[str] = []
    intake.said.connect(told.append)
    assert is_welcome(window_of(intake), files(one, video))
    assert "videos" in intake.overlay.title.text()
    with qtbot.assertNotEmitted(intake.picture_arrived), qtbot.waitSignal(intake.arrived) as arrived:
        drop_on(window_of(intake), files(one, video))
    assert arrived.args == [[video]]
    with qtbot.assertNotEmitted(intake.picture_arrived):
        drop_on(window_of(intake), files(one, video, two))
    assert [sentence.split(" left")[0] for sentence in told] == ["“a.png” was", "2 pictures were"]


def test_of_several_pictures_the_first_is_looked_for(qtbot: QtBot, intake: Intake, tmp_path: Path) -> None:
    with qtbot.waitSignals([intake.picture_arrived, intake.said]):
        drop_on(window_of(intake), files(tmp_path / "a.png", tmp_path / "b.png"))


def test_pixels_of_another_program_are_a_picture(qtbot: QtBot, intake: Intake) -> None:
    content = QMimeData()
    content.setImageData(pixels())
    assert is_welcome(window_of(intake), content)
    with qtbot.waitSignal(intake.picture_arrived) as got:
        drop_on(window_of(intake), content)
    assert got.args
    assert got.args[0] == pixels()


def test_a_picture_that_comes_encoded_is_taken_as_it_is() -> None:
    content = QMimeData()
    content.setData("image/webp", b"what a file would hold")
    content.setHtml('<img src="https://example.org/a.webp">')
    assert offering_in(content) == Offering(pictures=(b"what a file would hold",))


def test_an_address_of_a_picture_is_said_to_be_too_little(qtbot: QtBot, intake: Intake) -> None:
    content = QMimeData()
    content.setUrls([QUrl("https://example.org/lake.jpeg")])
    assert is_welcome(window_of(intake), content)
    with qtbot.assertNotEmitted(intake.picture_arrived), qtbot.waitSignal(intake.said) as told:
        drop_on(window_of(intake), content)
    assert told.args
    assert "only the address" in told.args[0]
    content.setUrls([QUrl("https://example.org/page.html")])
    assert not is_welcome(window_of(intake), content)


def choose(open_dialog: Callable[[], None], *names: str) -> tuple[Path, list[str]]:
    """Open a dialog, choose what has these names, and return where it began and the kinds it offered."""
    told: list[tuple[Path, list[str]]] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(10, answer)
            return
        told.append((Path(dialog.directory().absolutePath()), dialog.nameFilters()))
        for name in names:
            dialog.selectFile(name)
        dialog.accept() if names else dialog.reject()

    QTimer.singleShot(0, answer)
    open_dialog()
    return told[0]


def test_the_dialog_offers_videos_first_whatever_the_case_of_their_names(intake: Intake) -> None:
    _, kinds = choose(intake.choose_files)
    assert len(kinds) == 2
    for extension in ("mp4", "MP4", "mkv", "MTS"):
        assert f"*.{extension}" in kinds[0].removeprefix("Videos (").removesuffix(")").split()
    assert kinds[1] == "All files (*)"


def test_the_first_dialog_begins_where_films_are_and_the_next_where_it_ended(
    qtbot: QtBot, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = tmp_path / "films"
    (films / "trip").mkdir(parents=True)
    (films / "trip" / "a.mp4").touch()
    monkeypatch.setattr("heimdex_desktop.ui.intake.films_folder", lambda: films)
    with qtbot.waitSignal(intake.arrived) as arrived:
        began, _ = choose(intake.choose_folder, "trip")
    assert (began, arrived.args) == (films, [[films / "trip"]])
    with qtbot.waitSignal(intake.arrived) as arrived:
        began, _ = choose(intake.choose_files, str(films / "trip" / "a.mp4"))
    assert (began, arrived.args) == (films, [[films / "trip" / "a.mp4"]])
    began, _ = choose(intake.choose_files)
    assert began == films / "trip"


def test_without_a_folder_for_films_a_dialog_begins_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert films_folder().is_dir()

"""Colours that can be read, light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMessageBox,
    QProxyStyle,
    QStyle,
    QToolButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.people_events import PersonId
from heimdex_desktop.ui.icons import IconSet, app_icon, icon_folder
from heimdex_desktop.ui.people_seam import Looked
from heimdex_desktop.ui.photo_dialog import PhotoDialog
from heimdex_desktop.ui.theme import DARK, LIGHT, Tones, apply_theme, palette_of, style_sheet, tones_for
from tests.ui.people_in_memory import look_with


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    ink = QColor(colour)
    shares = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (ink.redF(), ink.greenF(), ink.blueF())
    ]
    return 0.2126 * shares[0] + 0.7152 * shares[1] + 0.0722 * shares[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground(tones: Tones) -> None:
    for ground in (tones.window, tones.side, tones.surface, tones.selection, tones.hover):
        assert contrast(tones.text, ground) >= 7
        assert contrast(tones.dim, ground) >= 4.5, ground
    for ink in (tones.bad, tones.warn):
        assert contrast(ink, tones.side) >= 4.5
    assert contrast(tones.on_mark, tones.mark) >= 4.5
    assert contrast(tones.on_accent, tones.accent) >= 4.5


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_a_painter_finds_the_colours_of_its_palette(qapp: QApplication, tones: Tones) -> None:
    assert tones_for(palette_of(tones)) is tones


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_has_no_hole(tones: Tones) -> None:
    rules = style_sheet(tones)
    assert "{{" not in rules
    assert rules.count("{") == rules.count("}")


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    icons = IconSet()
    names = {path.stem for path in icon_folder().glob("*.svg")} - {"heimdex"}
    assert len(names) > 10
    for name in names:
        image = icons.pixmap(name, "#ff0000", size_px=24, ratio=2.0).toImage()
        assert image.width() == 48
        inked = {
            image.pixelColor(x, y).name()
            for x in range(48)
            for y in range(48)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert inked == {"#ff0000"}, name


def test_the_program_has_an_icon(qapp: QApplication) -> None:
    assert not app_icon().pixmap(64, 64).isNull()


@pytest.fixture
def app_to_dress(qapp: QApplication) -> Iterator[QApplication]:
    style, palette = qapp.style().name(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setStyle(style)
    qapp.setPalette(palette)


@pytest.fixture
def dialog(qtbot: QtBot, app_to_dress: QApplication, tmp_path: Path) -> QFileDialog:
    """A dialog as Qt draws it where the desktop has none of its own."""
    (tmp_path / "film.mp4").touch()
    made = QFileDialog(None, "Add videos", str(tmp_path))
    made.setOption(QFileDialog.Option.DontUseNativeDialog)
    made.setViewMode(QFileDialog.ViewMode.Detail)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
def test_the_chosen_file_of_a_dialog_stands_on_its_own_ground(
    qtbot: QtBot, app_to_dress: QApplication, dialog: QFileDialog, tones: Tones
) -> None:
    apply_theme(app_to_dress, tones)
    dialog.show()
    files = dialog.findChild(QTreeView, "treeView")
    assert files
    qtbot.waitUntil(lambda: files.model().rowCount(files.rootIndex()) == 1)
    chosen = files.model().index(0, 0, files.rootIndex())
    files.setCurrentIndex(chosen)
    row = files.viewport().grab(files.visualRect(chosen)).toImage()
    seen = {row.pixelColor(x, y).name() for x in range(row.width()) for y in range(row.height())}
    assert tones.accent in seen


def test_the_buttons_of_a_dialog_show_their_icons(
    qtbot: QtBot, app_to_dress: QApplication, dialog: QFileDialog
) -> None:
    apply_theme(app_to_dress, LIGHT)
    dialog.show()
    buttons = dialog.findChildren(QToolButton)
    assert buttons
    for button in buttons:
        with_icon = button.grab().toImage()
        button.setIcon(QIcon())
        assert button.grab().toImage() != with_icon, button.objectName()


class _IconsOnButtons(QProxyStyle):
    """Puts icons on standard buttons, as some desktops do and this one may not."""

    def styleHint(  # noqa: N802
        self,
        hint: QStyle.StyleHint,
        option: object = None,
        widget: object = None,
        returnData: object = None,  # noqa: N803
    ) -> int:
        return int(hint is QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons)


def test_all_buttons_under_a_question_look_alike(qtbot: QtBot, app_to_dress: QApplication) -> None:
    apply_theme(app_to_dress, LIGHT)
    app_to_dress.setStyle(_IconsOnButtons())
    box = QMessageBox()
    qtbot.addWidget(box)
    box.addButton("Delete all", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Close)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.show()
    assert [button.text() for button in box.buttons() if not button.icon().isNull()] == []


@pytest.mark.parametrize("count", [1, 3, 4, 6])
def test_the_faces_of_a_photo_are_seen_without_scrolling(
    qtbot: QtBot, app_to_dress: QApplication, count: int
) -> None:
    apply_theme(app_to_dress, LIGHT)
    asked = PhotoDialog(Looked(PersonId("anna"), "two.jpg", look_with(*[""] * count)), "Anna")
    qtbot.addWidget(asked)
    asked.show()
    assert asked.faces.verticalScrollBar().maximum() == 0

"""Colours that can be read, light and dark."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from heimdex_desktop.ui.icons import IconSet, app_icon, icon_folder
from heimdex_desktop.ui.theme import DARK, LIGHT, Tones, palette_of, style_sheet, tones_for


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

"""Gives the window its colours, light or dark as the system is, and a small style sheet."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of the window, each named after what it is for."""

    window: str
    side: str
    surface: str
    hover: str
    text: str
    dim: str
    line: str
    accent: str
    on_accent: str
    selection: str
    mark: str
    on_mark: str
    good: str
    bad: str
    warn: str


LIGHT = Tones(
    window="#f7f8fa",
    side="#eef0f4",
    surface="#ffffff",
    hover="#e4e8ee",
    text="#1b2027",
    dim="#586270",
    line="#d9dee5",
    accent="#3457d5",
    on_accent="#ffffff",
    selection="#dbe3fb",
    mark="#ffe59a",
    on_mark="#3a2c00",
    good="#1c7c4a",
    bad="#b3261e",
    warn="#8a5a00",
)
DARK = Tones(
    window="#15181d",
    side="#101317",
    surface="#1e2228",
    hover="#2a3038",
    text="#e8ebef",
    dim="#9ba6b3",
    line="#2e343d",
    accent="#7f9cff",
    on_accent="#0c1230",
    selection="#26335e",
    mark="#6b5310",
    on_mark="#ffecb0",
    good="#62c894",
    bad="#ff8a80",
    warn="#f0bd5e",
)


def tones_for(palette: QPalette) -> Tones:
    """Return the colours that belong to a palette: a painter asks this with the palette it is given.

    The text decides: a style sheet with a transparent background leaves no background colour to go by.
    """
    is_dark = palette.color(QPalette.ColorRole.WindowText).lightness() > 128
    return DARK if is_dark else LIGHT


def palette_of(tones: Tones) -> QPalette:
    """Build the palette every widget is painted with."""
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: tones.window,
        role.WindowText: tones.text,
        role.Base: tones.surface,
        role.AlternateBase: tones.side,
        role.Text: tones.text,
        role.Button: tones.surface,
        role.ButtonText: tones.text,
        role.BrightText: tones.bad,
        role.PlaceholderText: tones.dim,
        role.Highlight: tones.accent,
        role.HighlightedText: tones.on_accent,
        role.Accent: tones.accent,
        role.Link: tones.accent,
        role.Mid: tones.line,
        role.ToolTipBase: tones.surface,
        role.ToolTipText: tones.text,
    }
    for colour_role, colour in colours.items():
        palette.setColor(colour_role, QColor(colour))
    for disabled in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, disabled, QColor(tones.dim))
    return palette


def apply_theme(app: QApplication, tones: Tones) -> None:
    """Dress the whole application in these colours."""
    app.setStyle("Fusion")
    app.setPalette(palette_of(tones))
    app.setStyleSheet(style_sheet(tones))


def follow_system(app: QApplication) -> None:
    """Dress the application as the system is, now and whenever the system changes."""
    hints = app.styleHints()

    def dress(scheme: Qt.ColorScheme) -> None:
        apply_theme(app, DARK if scheme is Qt.ColorScheme.Dark else LIGHT)

    scheme = hints.colorScheme()
    if scheme is Qt.ColorScheme.Unknown and tones_for(app.palette()) is DARK:
        scheme = Qt.ColorScheme.Dark
    dress(scheme)
    hints.colorSchemeChanged.connect(dress)


def style_sheet(tones: Tones) -> str:
    """Write the few rules the palette cannot express.

    Dialogs that Qt draws itself obey it too: a rule for the inside of a view or a tool button names ours.
    """
    return _FRAMES.format_map(_named(tones)) + _CONTROLS.format_map(_named(tones))


def _named(tones: Tones) -> dict[str, str]:
    return {name: getattr(tones, name) for name in Tones.__dataclass_fields__}


_FRAMES = """
QMainWindow, #centre, #whyDialog, #peoplePage {{ background: {window}; }}
#topBar, #statusLine {{ background: {window}; }}
#topBar {{ border-bottom: 1px solid {line}; }}
#questionChip {{ background: {selection}; border: 1px solid {line}; border-radius: 10px; }}
#fadersBar {{ background: {window}; border-bottom: 1px solid {line}; }}
#statusLine {{ border-top: 1px solid {line}; }}
#side, #side QTreeView, #player {{ background: {side}; }}
#player {{ border-left: 1px solid {line}; }}
#centre QListView, #side QTreeView {{ border: none; outline: none; }}
#centre QListView, #peoplePage QListView {{ background: {window}; }}
#peoplePage QListView {{ border: none; outline: none; }}
#peoplePage QTabWidget::pane {{ border: none; border-top: 1px solid {line}; }}
#peoplePage QTabBar::tab {{
    background: transparent; color: {dim}; padding: 7px 12px;
    border: none; border-bottom: 2px solid transparent;
}}
#peoplePage QTabBar::tab:hover {{ color: {text}; }}
#peoplePage QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
#peoplePage QTabBar:focus {{ outline: none; }}
#peoplePage QTabBar::tab:selected:focus {{ background: {selection}; }}
#side QTreeView::item, #side QTreeView::item:hover, #side QTreeView::item:selected, #side QTreeView::branch {{
    background: transparent; border: none;
}}
#side #saved::item {{ padding: 4px 10px 4px 14px; }}
#side #saved::item:hover {{ background: {hover}; }}
#side #saved::item:selected {{ background: {selection}; color: {text}; }}
QMainWindow QSplitter::handle {{ background: transparent; }}
#noticeBar {{ background: {selection}; border-top: 1px solid {line}; }}
QFrame[kind="card"] {{ background: {surface}; border: 1px solid {line}; border-radius: 10px; }}
QFrame[kind="banner"] {{ background: {selection}; border: none; border-radius: 10px; }}
#dropOverlay {{ background: {surface}; border: 2px dashed {accent}; border-radius: 16px; }}
*[tone="dim"] {{ color: {dim}; }}
*[tone="good"] {{ color: {good}; }}
*[tone="bad"] {{ color: {bad}; }}
*[tone="warn"] {{ color: {warn}; }}
QLabel[tone="title"] {{ font-size: 20px; font-weight: 600; }}
QLabel[tone="head"] {{ font-weight: 600; }}
QLabel[tone="lead"] {{ font-size: 15px; }}
#verdict {{ color: {warn}; padding: 2px 0; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMessageBox #qt_msgbox_label {{ font-size: 15px; font-weight: 600; }}
QMessageBox #qt_msgbox_informativelabel {{ min-width: 340px; }}
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {line}; padding: 4px; }}
#photoFaces {{
    background: {window}; border: 1px solid {line}; border-radius: 8px; padding: 4px; outline: none;
}}
#photoFaces::item {{ border-radius: 8px; border: 2px solid transparent; }}
#photoFaces::item:selected {{ background: {selection}; border: 2px solid {accent}; }}
#completions {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 8px;
    padding: 4px; outline: none;
}}
#completions::item {{ padding: 5px 8px; border-radius: 5px; }}
#completions::item:selected, #completions::item:hover {{ background: {selection}; color: {text}; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {line}; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 14px; border-radius: 5px; }}
QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu::item:disabled {{ color: {dim}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 5px 8px; }}
"""

_CONTROLS = """
QLineEdit#searchField {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 10px;
    padding: 8px 12px; font-size: 15px; selection-background-color: {accent}; selection-color: {on_accent};
}}
QLineEdit#searchField:focus {{ border: 2px solid {accent}; padding: 7px 11px; }}
QLineEdit[kind="field"], QPlainTextEdit[kind="field"] {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 8px; padding: 6px 10px;
    selection-background-color: {accent}; selection-color: {on_accent};
}}
QLineEdit[kind="field"]:focus, QPlainTextEdit[kind="field"]:focus {{
    border: 2px solid {accent}; padding: 5px 9px;
}}
QPushButton {{
    background: {surface}; color: {text}; border: 1px solid {line}; border-radius: 8px; padding: 7px 14px;
}}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 6px 13px; }}
QPushButton[kind="primary"] {{
    background: {accent}; color: {on_accent}; border: 1px solid {accent}; font-weight: 600;
}}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton:disabled {{ color: {dim}; background: transparent; }}
QPushButton[kind="quiet"], QToolButton[kind="quiet"] {{
    background: transparent; border: 1px solid transparent; padding: 5px;
}}
QPushButton[kind="quiet"] {{ color: {accent}; padding: 4px 8px; }}
QPushButton[kind="quiet"]:disabled {{ color: {dim}; }}
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover {{ background: {hover}; }}
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus {{ border: 1px solid {accent}; }}
QCheckBox::indicator:unchecked {{ background: {surface}; border: 1px solid {dim}; border-radius: 3px; }}
QRadioButton::indicator {{
    background: {surface}; border: 1px solid {dim}; border-radius: 7px; width: 12px; height: 12px;
}}
QRadioButton::indicator:checked {{ border: 4px solid {accent}; width: 6px; height: 6px; }}
#player QPlainTextEdit {{ background: transparent; color: {text}; border: none; }}
QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: 4px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line}; border-radius: 4px; min-height: 36px; margin: 2px; }}
QScrollBar::handle:vertical:hover {{ background: {dim}; }}
QScrollBar::handle:vertical:disabled {{ background: transparent; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
    background: transparent; height: 0;
}}
QSlider::groove:horizontal {{ background: {line}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; height: 4px; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {accent}; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}}
QSlider::handle:horizontal:focus {{ background: {text}; }}
"""

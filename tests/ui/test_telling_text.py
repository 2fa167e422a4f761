"""The text that shows why a scene matched: what is said, or what is on screen."""

from dataclasses import replace

from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.search import Channel, Hit, Reason
from heimdex_desktop.ui.telling_text import telling_text, whole_text
from heimdex_desktop.ui.transcript_marks import show_transcript
from tests.ui.fakes import hit

_SAID = Reason(Channel.SAID, "exact words", ("lighthouse",))
_WRITTEN = Reason(Channel.TEXT, "exact words", ("Exit",))
_SIMILAR = Reason(Channel.TEXT, "similar spelling", ("Harb0ur",))
_TAG = Reason(Channel.TAGS, "tag", ("night",))


def _hit(*because: Reason, said: str = "we saw the lighthouse", screen: str = "Exit 4\nHarb0ur") -> Hit:
    found = hit(1, said=said)
    return replace(found, scene=replace(found.scene, screen_text=screen), because=because)


def test_what_is_said_comes_first() -> None:
    assert telling_text(_hit(_SAID, _WRITTEN)) == ("we saw the lighthouse", ("lighthouse",))
    assert telling_text(_hit(_TAG)) == ("we saw the lighthouse", ())


def test_where_only_the_screen_matched_it_is_shown() -> None:
    assert telling_text(_hit(_WRITTEN, _SIMILAR, _TAG)) == ("Exit 4 · Harb0ur", ("Exit", "Harb0ur"))


def test_a_scene_that_neither_says_nor_matched_by_its_screen_shows_no_text() -> None:
    assert telling_text(_hit(_TAG, said="")) == ("", ())


def test_the_whole_text_holds_both() -> None:
    text, words = whole_text(_hit(_SAID, _WRITTEN))
    assert text == "we saw the lighthouse\n\nOn screen:\nExit 4\nHarb0ur"
    assert words == ("lighthouse", "Exit")
    assert whole_text(_hit(said="", screen="Exit 4"))[0] == "On screen:\nExit 4"
    assert whole_text(_hit(screen=""))[0] == "we saw the lighthouse"


def test_the_words_on_screen_are_marked_beside_the_player(qtbot: QtBot) -> None:
    view = QPlainTextEdit()
    qtbot.addWidget(view)
    show_transcript(view, _hit(_SAID, _SIMILAR))
    marked = [selection.cursor.selectedText() for selection in view.extraSelections()]  # pyright: ignore[reportAttributeAccessIssue]
    assert marked == ["lighthouse", "Harb0ur"]

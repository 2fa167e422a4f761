"""The question that stands, and asking it again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.query import parse
from heimdex_desktop.domain.scene import SceneId
from heimdex_desktop.domain.search import Answer, LikeScene, Verdict
from heimdex_desktop.ui.standing_query import StandingQuery
from tests.ui.fakes import answer


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[tuple[StandingQuery, list[str]]]:
    standing = StandingQuery()
    questions: list[str] = []

    def note(text: str, _: object) -> None:
        questions.append(text)

    standing.asked.connect(note)
    yield standing, questions
    standing.stop()


def test_a_burst_of_news_asks_once_more_and_only_after_a_rest(
    qtbot: QtBot, asked: tuple[StandingQuery, list[str]]
) -> None:
    standing, questions = asked
    standing.ask("sea")
    for _ in range(20):
        standing.ask_again()
    assert questions == ["sea"]
    qtbot.waitUntil(lambda: questions == ["sea", "sea"])


def test_an_empty_question_asks_for_whatever_there_is(asked: tuple[StandingQuery, list[str]]) -> None:
    standing, questions = asked
    standing.ask("sea")
    standing.ask("   ")
    assert questions == ["sea", ""]
    assert standing.is_answered_by(answer(""))
    assert not standing.is_answered_by(answer("sea"))


@pytest.mark.parametrize(
    ("text", "belongs"), [("the sea", True), ("  The  SEA ", True), ("the se", False), ("", False)]
)
def test_an_answer_belongs_to_its_question(
    asked: tuple[StandingQuery, list[str]], text: str, belongs: bool
) -> None:
    standing, _ = asked
    standing.ask("the sea")
    assert standing.is_answered_by(answer(text)) is belongs


@pytest.mark.parametrize("typed", ['"ask not" now', "“ask not”", '"ask no', "sea -rain", "tag:night"])
def test_an_answer_belongs_to_a_question_with_more_than_words(
    asked: tuple[StandingQuery, list[str]], typed: str
) -> None:
    standing, _ = asked
    standing.ask(typed)
    assert standing.is_answered_by(Answer(parse(typed), 12, Verdict.GOOD))
    assert not standing.is_answered_by(Answer(parse("sea"), 12, Verdict.GOOD))


def test_what_is_pointed_at_stands_until_it_is_left(asked: tuple[StandingQuery, list[str]]) -> None:
    standing, questions = asked
    scene = LikeScene(SceneId("one"))
    standing.ask("old words")
    standing.point(scene)
    assert (standing.text, standing.beside) == ("", scene)
    standing.ask("night")
    assert standing.beside == scene
    assert standing.is_answered_by(replace(answer("night"), beside=LikeScene(SceneId("one"))))
    assert not standing.is_answered_by(replace(answer("night"), beside=LikeScene(SceneId("two"))))
    assert not standing.is_answered_by(answer("night"))
    standing.leave()
    assert standing.is_answered_by(answer("night"))
    assert questions == ["old words", "", "night", "night"]

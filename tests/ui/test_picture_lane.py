"""Questions by a picture go to the encoders' process; whatever breaks there, words are still found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.scene import TEXT, VISION
from heimdex_desktop.domain.search import Answer, Beside, LikePicture, Verdict
from heimdex_desktop.index.schema import VectorColumn
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.store import SceneStore
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.pipeline.query_encoder import QueryEncoders
from heimdex_desktop.pipeline.worker_process import ChildWorker, Jobs
from heimdex_desktop.ui.search_lane import SearchLane
from tests.index.samples import Said, record_of
from tests.pipeline.workshop import SPACE
from tests.ui import encoder_jobs
from tests.ui.encoder_jobs import LOOKS, look

MakeLane = Callable[[Callable[[], Jobs]], SearchLane]
_SAID = ("the harbour", "two onions", "", "", "", "")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty scenes that look like anything, and the third of a film that looks like number 1."""
    folder = tmp_path_factory.mktemp("looks")
    column = VectorColumn(VISION, LOOKS)
    store = SceneStore(folder, [column])
    others = record_of("anything", [Said()] * 60)
    film = record_of("film", [Said(text) for text in _SAID])
    for record, first in ((others, 10), (film, 0)):
        looks = {scene.id: look(first + n, seed=first + n) for n, scene in enumerate(record.scenes)}
        store.publish(record, {column: looks}, {}, "once")
    return folder


@pytest.fixture
def make_lane(library: Path) -> Iterator[MakeLane]:
    made: list[SearchLane] = []

    def make(build: Callable[[], Jobs]) -> SearchLane:
        encoders = QueryEncoders(
            ChildWorker("encoder", build, patient=False), {TEXT: [SPACE], VISION: [LOOKS]}
        )
        made.append(
            SearchLane(
                lambda texts, pictures: Searcher(library, texts, TagWords({}), pictures=pictures), encoders
            )
        )
        return made[-1]

    yield make
    for lane in made:
        lane.close()


def picture(number: int) -> LikePicture:
    return LikePicture(np.full((8, 8, 3), number, np.uint8))


def asked(qtbot: QtBot, lane: SearchLane, text: str, beside: Beside | None = None) -> Answer:
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask(text, beside)
    assert got.args
    answer: Answer = got.args[0]
    return answer


def test_scenes_that_look_like_a_picture_come_first(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.willing)
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    answer = asked(qtbot, lane, "", picture(1))
    assert answer.trouble is None
    assert answer.hits[0].scene.span.start_ms == 10_000
    assert answer.hits[0].scene.transcript == "two onions"


def test_while_the_encoders_are_loaded_a_picture_is_said_to_wait(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.never_ready)
    lane.warm_up()
    answer = asked(qtbot, lane, "", picture(1))
    assert answer.trouble
    assert "being loaded" in answer.trouble.sentence


def test_a_picture_that_came_too_early_is_answered_though_the_encoders_break(
    qtbot: QtBot, make_lane: MakeLane
) -> None:
    lane = make_lane(encoder_jobs.dies_at_once)
    answers: list[Answer] = []
    lane.answered.connect(answers.append)
    with qtbot.waitSignal(lane.failed):
        lane.warm_up()
        lane.ask("", picture(1))
    qtbot.waitUntil(lambda: bool(answers) and "loaded" not in str(answers[-1].trouble))
    assert answers[-1].trouble


def test_a_picture_that_breaks_its_encoder_takes_nothing_from_words(
    qtbot: QtBot, make_lane: MakeLane
) -> None:
    lane = make_lane(encoder_jobs.dies_at_a_picture)
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    with qtbot.assertNotEmitted(lane.failed):
        answer = asked(qtbot, lane, "harbour", picture(1))
        again = asked(qtbot, lane, "harbour")
    assert answer.trouble
    assert (answer.verdict, answer.query.asked, answer.beside) == (Verdict.NONE, "harbour", answer.beside)
    assert again.trouble is None
    assert again.hits[0].scene.transcript == "the harbour"


def test_without_a_picture_model_it_is_said_which_is_missing(qtbot: QtBot, library: Path) -> None:
    lane = SearchLane(lambda texts, pictures: Searcher(library, texts, TagWords({}), pictures=pictures), None)
    with qtbot.assertNotEmitted(lane.failed):
        answer = asked(qtbot, lane, "", picture(1))
    lane.close()
    assert answer.trouble
    assert "picture model" in answer.trouble.sentence
    assert answer.trouble.advice

"""Search has a thread of its own, the newest query wins, and a dead encoder costs meaning, not search."""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from heimdex_desktop.domain.contracts import Purpose, TextEncoder
from heimdex_desktop.domain.errors import NoAccess
from heimdex_desktop.domain.filters import OfVideo
from heimdex_desktop.domain.query_completion import Offer, Offers, complete
from heimdex_desktop.domain.scene import TEXT, SceneId
from heimdex_desktop.domain.search import Answer, Beside, Channel, Hit, LikeScene, Reason, SavedSearch
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.index.alike import PictureEncoders
from heimdex_desktop.index.fusion import AS_IT_IS, Faders
from heimdex_desktop.index.likeness import Encoders
from heimdex_desktop.index.search import Searcher
from heimdex_desktop.index.tag_words import TagWords
from heimdex_desktop.pipeline.query_encoder import QueryEncoders
from heimdex_desktop.pipeline.worker_process import ChildWorker, Jobs
from heimdex_desktop.services import resource
from heimdex_desktop.ui.language_names import with_names
from heimdex_desktop.ui.seam import Expected
from heimdex_desktop.ui.search_lane import SearchLane
from heimdex_desktop.ui.search_trouble import BROKE
from tests.pipeline.workshop import SPACE, Workshop, write_video
from tests.ui import encoder_jobs

MakeLane = Callable[..., SearchLane]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    shop = Workshop(folder / "library")
    write_video(folder / "films" / "trip.mp4")
    shop.add(folder / "films")
    shop.close()
    return shop.places.lancedb


class Gate:
    """Makes searchers that wait at a gate, and notes on which threads they search."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self.opened = threading.Event()
        self.opened.set()
        self.threads: set[int] = set()
        self.asked: list[str] = []
        self.loaded_on: set[int] = set()
        self.offered_on: set[int] = set()
        self._asks: list[Encoders] = []

    def encoders(self) -> list[TextEncoder | None]:
        """Return what each searcher would find by meaning with now."""
        return [ask(TEXT, [SPACE]) for ask in self._asks]

    def __call__(self, encoders: Encoders, pictures: PictureEncoders) -> Searcher:
        gate = self
        self._asks.append(encoders)

        class Waiting(Searcher):
            def search(
                self,
                text: str,
                beside: Beside | None = None,
                *,
                limit: int = 50,
                faders: Faders = AS_IT_IS,
            ) -> Answer:
                gate.opened.wait(100)
                gate.asked.append(text)
                gate.threads.add(threading.get_ident())
                return super().search(text, beside, limit=limit, faders=faders)

            def load(self) -> Generator[int]:
                yield from super().load()
                gate.loaded_on.add(threading.get_ident())

            def offers(self) -> Offers:
                gate.offered_on.add(threading.get_ident())
                return super().offers()

        return Waiting(self._library, encoders, TagWords.load(resource("appearance_tags.toml")))


@pytest.fixture
def gate(library: Path) -> Gate:
    return Gate(library)


@pytest.fixture
def make_lane(gate: Gate) -> Iterator[MakeLane]:
    made: list[SearchLane] = []

    def make(build: Callable[[], Jobs] | None = None) -> SearchLane:
        worker = ChildWorker("encoder", build, patient=False) if build else None
        made.append(SearchLane(gate, QueryEncoders(worker, {TEXT: [SPACE]}) if worker else None))
        return made[-1]

    yield make
    gate.opened.set()
    for lane in made:
        lane.close()


def test_answers_come_from_another_thread(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("onions")
    assert got.args
    assert "onions" in got.args[0].hits[0].scene.transcript
    assert threading.get_ident() not in gate.threads


def test_the_newest_query_wins(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    answers: list[Answer] = []
    lane.answered.connect(answers.append)
    gate.opened.clear()
    for text in ("o", "on", "oni", "onions"):
        lane.ask(text)
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(answers))
    lane.close()
    assert [answer.query.text for answer in answers] == ["onions"]
    assert len(gate.asked) <= 2, "what was overtaken before its turn is not even asked"


def test_faders_rank_the_answer_anew_without_asking_again(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered) as first:
        lane.ask("two onions and a little patience, dark")
    with qtbot.waitSignal(lane.answered) as mixed:
        lane.turn({Channel.SAID: 0.0})
    assert first.args
    assert mixed.args
    assert "onions" in first.args[0].hits[0].scene.transcript
    assert "night" in mixed.args[0].hits[0].scene.tags
    assert len(gate.asked) == 1


def test_faders_stay_as_they_are_for_the_next_question(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    lane.turn({Channel.SAID: 0.0})
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("two onions and a little patience, dark")
    assert got.args
    assert "night" in got.args[0].hits[0].scene.tags
    assert len(gate.asked) == 1


def test_a_fader_turned_at_once_does_not_lose_the_answer(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane()
    answers: list[Answer] = []
    lane.answered.connect(answers.append)
    gate.opened.clear()
    lane.ask("onions")
    lane.turn({Channel.SEEN: 2.0})
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert [answer.query.text for answer in answers] == ["onions"]
    lane.ask("")
    lane.turn({})
    qtbot.waitUntil(lambda: answers[-1].query.is_empty)


def test_the_index_is_read_beside_the_searches(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.loaded):
        lane.warm_up()
    assert gate.loaded_on
    with qtbot.waitSignal(lane.answered):
        lane.ask("onions")
    assert gate.loaded_on.isdisjoint({threading.get_ident(), *gate.threads})


def test_meaning_comes_in_when_the_encoder_is_warm(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane(encoder_jobs.willing)
    with qtbot.waitSignal(lane.answered):
        lane.ask("onions")
    assert gate.encoders() == [None]
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    (encoder,) = gate.encoders()
    assert encoder
    assert encoder.encode(["onions"], Purpose.QUERY).shape == (1, SPACE.dimensions)
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("onions")
    assert got.args
    assert got.args[0].hits


def test_an_encoder_that_dies_costs_the_meaning_only(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.dies_at_a_query)
    told: list[str] = []
    lane.failed.connect(told.append)
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    for word in ("onions", "harbour"):
        with qtbot.waitSignal(lane.answered) as got:
            lane.ask(f"show me the {word} please")
        assert got.args
        assert word in got.args[0].hits[0].scene.transcript
    assert len(told) == 1
    assert told[0].startswith("Search by meaning is off until the next start")


def first_hit(qtbot: QtBot, lane: SearchLane, typed: str) -> Hit:
    """Return the best hit once meaning counts too."""
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask(typed)
    assert got.args
    hit: Hit = got.args[0].hits[0]
    return hit


def test_the_moment_of_a_hit_is_found(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.willing)
    hit = first_hit(qtbot, lane, "peel two of the onions")
    with qtbot.waitSignal(lane.placed) as told:
        lane.place(hit)
    assert told.args
    asked, placed = told.args
    assert asked is hit
    assert placed.scene == hit.scene
    assert hit.scene.span.contains(placed.at_ms)


def test_a_moment_that_cannot_be_found_is_the_one_that_is_known(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.dies_at_a_line)
    hit = replace(first_hit(qtbot, lane, "onions"), because=(Reason(Channel.SAID, "similar meaning"),))
    with qtbot.waitSignal(lane.placed) as told:
        lane.place(hit)
    assert told.args
    assert told.args[1] == hit


def test_a_bug_while_a_moment_is_looked_for_is_in_the_log(
    qtbot: QtBot, make_lane: MakeLane, caplog: pytest.LogCaptureFixture
) -> None:
    lane = make_lane(encoder_jobs.breaks_at_a_line)
    hit = replace(first_hit(qtbot, lane, "onions"), because=(Reason(Channel.SAID, "similar meaning"),))
    with qtbot.waitSignal(lane.placed) as told:
        lane.place(hit)
    assert told.args == [hit, hit]
    assert [record.getMessage() for record in caplog.records] == ["an encoder broke"]
    caplog.clear()


def test_an_encoder_that_cannot_start_is_told_and_words_are_found(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.dies_at_once)
    with qtbot.waitSignal(lane.failed):
        lane.warm_up()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("onions")
    assert got.args
    assert got.args[0].hits


def test_an_index_that_cannot_be_read_is_told(qtbot: QtBot) -> None:
    def refuse(_: Encoders, pictures: PictureEncoders) -> Searcher:
        raise NoAccess("The index cannot be read.", "Check its folder.")

    lane = SearchLane(refuse, None)
    with qtbot.waitSignal(lane.failed) as got:
        lane.ask("onions")
    assert got.args == ["The index cannot be read. Check its folder."]
    lane.close()


def test_closing_does_not_wait_for_an_encoder_that_loads(qtbot: QtBot, make_lane: MakeLane) -> None:
    lane = make_lane(encoder_jobs.never_ready)
    failed: list[str] = []
    lane.failed.connect(failed.append)
    lane.warm_up()
    # Long enough for the child to be at it, and a fraction of what it would take.
    qtbot.wait(1_000)
    with qtbot.assertNotEmitted(lane.encoder_ready):
        lane.close()
    assert failed == []


def test_what_there_is_to_choose_from_is_read_beside_the_searches(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate, library: Path
) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.offers_known) as got:
        lane.look_for_offers()
    assert got.args
    offers: Offers = got.args[0]
    assert "night" in [offer.value for offer in offers.tags]
    assert str(library.parents[1] / "films") in [offer.value for offer in offers.folders]
    assert gate.offered_on.isdisjoint({threading.get_ident(), *gate.threads})


def test_a_broken_index_offers_nothing_and_says_nothing(qtbot: QtBot) -> None:
    def refuse(_: Encoders, pictures: PictureEncoders) -> Searcher:
        raise NoAccess("The index cannot be read.", "Check its folder.")

    lane = SearchLane(refuse, None)
    with qtbot.assertNotEmitted(lane.failed), qtbot.assertNotEmitted(lane.offers_known):
        lane.look_for_offers()
        lane.close()


def test_a_language_is_found_by_its_names() -> None:
    offers = with_names(Offers(languages=(Offer.of("ko"), Offer.of("pt-BR"), Offer.of("no tag"))))
    assert complete("lang:korean", 11, offers).candidates == ("lang:ko",)
    assert complete("lang:한국", 7, offers).candidates == ("lang:ko",)
    assert complete("lang:port", 9, offers).candidates == ("lang:pt-BR",)
    assert [offer.value for offer in offers.languages] == ["ko", "pt-BR", "no tag"]


def test_saved_searches_are_counted_after_what_a_person_asks(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane()
    counts: dict[str, int] = {}
    lane.counted.connect(counts.update)
    gate.opened.clear()
    lane.ask("patience")
    lane.count(
        [SavedSearch("food", "onions"), SavedSearch("none", "zeppelin"), SavedSearch("dark", "tag:night")]
    )
    lane.ask("harbour")
    gate.opened.set()
    qtbot.waitUntil(lambda: len(counts) == 3)
    assert counts["food"] == 1
    assert counts["none"] == 0
    assert counts["dark"] >= 1
    assert gate.asked[-4:] == ["harbour", "onions", "zeppelin", "tag:night"]


def test_counting_leaves_the_answer_that_stands_to_be_ranked_anew(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered):
        lane.ask("two onions and a little patience, dark")
    with qtbot.waitSignal(lane.counted):
        lane.count([SavedSearch("sea", "harbour")])
    with qtbot.waitSignal(lane.answered):
        lane.turn({Channel.SAID: 0.0})
    assert len(gate.asked) == 2, "the question itself, and the one counted"


def test_only_the_newest_counting_is_gone_on_with(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    counts: dict[str, int] = {}
    lane.counted.connect(counts.update)
    gate.opened.clear()
    lane.ask("patience")
    lane.count([SavedSearch("old", "onions")])
    lane.count([SavedSearch("new", "onions")])
    gate.opened.set()
    qtbot.waitUntil(lambda: bool(counts))
    assert list(counts) == ["new"]


def test_a_scene_that_is_gone_is_told_and_the_encoders_stay(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane(encoder_jobs.willing)
    with qtbot.waitSignal(lane.encoder_ready):
        lane.warm_up()
    with qtbot.assertNotEmitted(lane.failed), qtbot.waitSignal(lane.answered) as got:
        lane.ask("boat", LikeScene(SceneId("gone")))
    assert got.args
    trouble = got.args[0].trouble
    assert trouble.sentence == "The scene that others should be like is not in the library."
    assert trouble.advice == "Choose another one."
    assert (got.args[0].query.asked, got.args[0].hits) == ("boat", ())
    assert gate.encoders() != [None]


def test_a_scene_that_was_missed_is_explained_for_the_question_asked_last(
    qtbot: QtBot, make_lane: MakeLane, gate: Gate
) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("onions")
    assert got.args
    missed = Expected(got.args[0].hits[0].scene.video_id, 500)
    with qtbot.waitSignal(lane.explained) as told:
        lane.explain(missed)
    assert told.args
    found = told.args[0].found
    assert (told.args[0].expected, told.args[0].trouble) == (missed, "")
    assert "harbour" in found.scene.transcript
    assert found.score < found.best
    assert found.rank == 2
    with qtbot.waitSignal(lane.explained) as best:
        lane.explain(Expected(missed.video_id))
    assert best.args
    assert "onions" in best.args[0].found.scene.transcript
    assert threading.get_ident() not in gate.threads


@pytest.mark.parametrize(
    ("text", "told"), [("", "Nothing is asked"), ("tag:night", "conditions alone"), ("a >> b", "in order")]
)
def test_where_nothing_is_ranked_a_missed_scene_is_told_so(
    qtbot: QtBot, make_lane: MakeLane, text: str, told: str
) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask(text)
    with qtbot.waitSignal(lane.explained) as explained:
        lane.explain(Expected(VideoId("any"), 0))
    assert got.args
    assert explained.args
    assert told in explained.args[0].trouble


def test_faders_rank_what_was_pointed_at_anew(qtbot: QtBot, make_lane: MakeLane, gate: Gate) -> None:
    lane = make_lane()
    with qtbot.waitSignal(lane.answered) as got:
        lane.ask("onions")
    assert got.args
    video = OfVideo(got.args[0].hits[0].scene.video_id)
    with qtbot.waitSignal(lane.answered) as first:
        lane.ask("onions", video)
    with qtbot.waitSignal(lane.answered) as turned:
        lane.turn({Channel.SAID: 0.5})
    assert first.args
    assert turned.args
    assert turned.args[0].beside == first.args[0].beside == video
    assert turned.args[0].hits[0].score < first.args[0].hits[0].score
    assert gate.asked == ["onions", "onions"]


def test_a_bug_in_the_search_is_told_and_is_in_the_log(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(_: Encoders, pictures: PictureEncoders) -> Searcher:
        raise KeyError("a bug")

    lane = SearchLane(break_down, None)
    with qtbot.waitSignal(lane.failed) as told:
        lane.ask("onions")
    lane.close()
    assert told.args == [BROKE]
    assert [record.getMessage() for record in caplog.records] == ["a lane's job broke"]
    caplog.clear()

"""A task always ends in an outcome, and what it found is written where it belongs."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from heimdex_desktop.domain.errors import UnreadableVideo, WorkerCrashed
from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Ending, Lane, Task
from heimdex_desktop.library.drafts import SpeechDraft
from heimdex_desktop.pipeline.runner import WorkerPool
from heimdex_desktop.pipeline.stages import PROBE, PUBLISH, SCENES, STILLS
from heimdex_desktop.pipeline.worker_process import InlineWorker
from tests.pipeline.workshop import Workshop, write_video

FINGERPRINT = "a fingerprint"


@pytest.fixture
def video_id(shop: Workshop, films: Path) -> VideoId:
    return shop.catalogue.identify(write_video(films / "trip.mp4")).id


def task(video_id: VideoId, stage: str = PROBE) -> Task:
    return Task(1, video_id, stage, Lane.INDEX if stage == PUBLISH else Lane.MEDIA, FINGERPRINT)


def run(shop: Workshop, order: Task, report: Callable[[float], None] = lambda _: None) -> Ending:
    outcome = shop.runner.run(order, threading.Event(), report)
    assert outcome.task == order
    return outcome.ending


def test_a_result_goes_into_the_sidecar_under_its_fingerprint(shop: Workshop, video_id: VideoId) -> None:
    fractions: list[float] = []
    assert run(shop, task(video_id), fractions.append) is Ending.DONE
    video = shop.catalogue.video(video_id)
    assert video
    record = shop.sidecars.load(video)
    assert record
    assert record.stages[PROBE].fingerprint == FINGERPRINT
    assert record.video.media
    assert fractions
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert shop.catalogue.attempts(video_id) == {}


def test_a_draft_goes_only_once_its_result_is_in_the_sidecar(shop: Workshop, video_id: VideoId) -> None:
    half = SpeechDraft(60_000, "en")
    shop.shelf.drafts.save(video_id, FINGERPRINT, half)
    shop.trouble[PROBE] = UnreadableVideo("It cannot be read.")
    assert run(shop, task(video_id)) is Ending.FAILED
    assert shop.shelf.drafts.load(video_id, FINGERPRINT) == half
    shop.trouble.clear()
    assert run(shop, task(video_id)) is Ending.DONE
    assert shop.shelf.drafts.load(video_id, FINGERPRINT) is None


def test_the_draft_of_another_stage_stays(shop: Workshop, video_id: VideoId) -> None:
    shop.shelf.drafts.save(video_id, "of speech", SpeechDraft(60_000))
    assert run(shop, task(video_id)) is Ending.DONE
    assert shop.shelf.drafts.load(video_id, "of speech")
    shop.runner.forget(video_id)
    assert shop.shelf.drafts.load(video_id, "of speech") is None


def test_stills_are_remembered_in_the_library_only(shop: Workshop, video_id: VideoId) -> None:
    assert run(shop, task(video_id, STILLS)) is Ending.DONE
    assert set(shop.catalogue.local_records(video_id)) == {STILLS}
    assert not list(shop.catalogue.videos()[0].home.parent.glob("*.heimdex.json"))


def test_publishing_makes_it_findable(shop: Workshop, video_id: VideoId) -> None:
    for stage in (PROBE, SCENES, PUBLISH):
        assert run(shop, task(video_id, stage)) is Ending.DONE
    assert shop.publisher.video_ids() == {video_id}
    published = shop.publisher.record_of(video_id)
    assert published
    assert published.fingerprint == FINGERPRINT


@pytest.mark.parametrize(
    ("error", "attempts"),
    [(UnreadableVideo("It cannot be read."), {}), (WorkerCrashed("It died."), {PROBE: 1})],
)
def test_only_a_crash_keeps_its_attempt(
    error: Exception, attempts: dict[str, int], shop: Workshop, video_id: VideoId
) -> None:
    shop.trouble[PROBE] = error
    assert run(shop, task(video_id)) is Ending.FAILED
    assert shop.catalogue.attempts(video_id) == attempts


def test_a_stop_is_no_failure_and_leaves_no_attempt(shop: Workshop, video_id: VideoId) -> None:
    stop = threading.Event()
    shop.meanwhile[PROBE] = lambda _: stop.set()
    outcome = shop.runner.run(task(video_id), stop, lambda _: None)
    assert (outcome.ending, outcome.failure) == (Ending.STOPPED, None)
    assert shop.catalogue.attempts(video_id) == {}
    outcome = shop.runner.run(task(video_id), stop, lambda _: None)
    assert (outcome.ending, shop.ran) == (Ending.STOPPED, [PROBE]), "what was stopped before is not begun"


@pytest.mark.parametrize(("folder_too", "told"), [(False, "not in its folder"), (True, "drive or folder")])
def test_a_file_that_is_gone_is_told(
    folder_too: bool, told: str, shop: Workshop, video_id: VideoId, films: Path
) -> None:
    (films / "trip.mp4").unlink()
    if folder_too:
        films.rename(films.with_name("elsewhere"))
    outcome = shop.runner.run(task(video_id), threading.Event(), lambda _: None)
    assert outcome.failure
    assert told in outcome.failure.sentence
    assert "trip.mp4" in outcome.failure.sentence


def test_a_video_the_library_does_not_know_fails_once(shop: Workshop, video_id: VideoId) -> None:
    shop.catalogue.remove_video(video_id)
    assert run(shop, task(video_id)) is Ending.FAILED


def test_a_catalogue_that_refuses_everything_still_gives_an_outcome(
    shop: Workshop, video_id: VideoId
) -> None:
    shop.lock_catalogue()
    outcome = shop.runner.run(task(video_id), threading.Event(), lambda _: None)
    assert outcome.failure
    assert outcome.failure.kind == "NoAccess"


def test_workers_are_lent_to_one_thread_at_a_time_and_the_warm_one_first() -> None:
    first, second = InlineWorker(dict), InlineWorker(dict)
    pool = WorkerPool([first, second])
    with pool.lend() as one:
        assert one is first
        with pool.lend() as another:
            assert another is second
    with pool.lend() as again:
        assert again is first


def test_what_a_worker_tells_while_it_works_can_be_taken_once(shop: Workshop, films: Path) -> None:
    write_video(films / "trip.mp4")
    shop.meanwhile[SCENES] = lambda _: shop.notices.tell("The batch was halved.")
    shop.add(films)
    assert shop.runner.take_notices() == ("The batch was halved.",)
    assert shop.runner.take_notices() == ()

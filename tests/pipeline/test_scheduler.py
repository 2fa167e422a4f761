"""The scheduler as a state machine: whatever a person and the lanes do, no work is lost or doubled."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from heimdex_desktop.domain.video import VideoId
from heimdex_desktop.domain.work import Ending, Task
from heimdex_desktop.pipeline.plan import Standing
from heimdex_desktop.pipeline.scheduler import Scheduler
from heimdex_desktop.pipeline.stage import Facts
from tests.pipeline.samples import SLOTS, SPECS, outcome, video_id

VIDEOS = st.integers(0, 5).map(video_id)


class SchedulerMachine(RuleBasedStateMachine):
    """Plays a person who adds, removes, cancels, retries and pauses, and lanes that end tasks anyhow."""

    @initialize()
    def begin(self) -> None:
        self.at_work: dict[int, Task] = {}
        self.stopped: set[int] = set()
        self.on_disk: dict[VideoId, Facts] = {}
        self.scheduler = Scheduler(SPECS, SLOTS, start=self._start, stop=self._stop)

    def _start(self, task: Task) -> None:
        assert not any(other.video_id == task.video_id for other in self.at_work.values())
        self.at_work[task.number] = task

    def _stop(self, task: Task) -> None:
        self.stopped.add(task.number)

    def _end(self, task: Task, ending: Ending) -> None:
        del self.at_work[task.number]
        facts = self.on_disk.get(task.video_id, Facts())
        result = outcome(task, facts, ending)
        if result.known:
            self.on_disk[task.video_id] = Facts(result.known.records)
        self.scheduler.ended(result)

    @rule(video=VIDEOS)
    def add(self, video: VideoId) -> None:
        self.scheduler.add(video, self.on_disk.get(video, Facts()))

    @rule(video=VIDEOS)
    def remove(self, video: VideoId) -> None:
        self.scheduler.remove(video)

    @rule(video=VIDEOS)
    def cancel(self, video: VideoId) -> None:
        self.scheduler.cancel(video)

    @rule()
    def pause(self) -> None:
        self.scheduler.pause()

    @rule()
    def resume(self) -> None:
        self.scheduler.resume()

    @precondition(lambda self: self.at_work)
    @rule(data=st.data(), ending=st.sampled_from(Ending))
    def end_a_task(self, data: st.DataObject, ending: Ending) -> None:
        self._end(self.at_work[data.draw(st.sampled_from(sorted(self.at_work)))], ending)

    @invariant()
    def lanes_are_not_overfull(self) -> None:
        for lane, slots in SLOTS.items():
            assert sum(task.lane is lane for task in self.at_work.values()) <= slots

    @invariant()
    def a_free_lane_has_nothing_to_do(self) -> None:
        if self.scheduler.paused:
            return
        for lane, slots in SLOTS.items():
            if sum(task.lane is lane for task in self.at_work.values()) == slots:
                continue
            names = {spec.name for spec in SPECS if spec.lane is lane}
            for video, wanted in self.scheduler.wanted.items():
                if wanted.cancelled or video in self.scheduler.running:
                    continue
                assert not any(wanted.standing[name] is Standing.DUE for name in names)

    @invariant()
    def what_was_paused_or_cancelled_is_being_stopped(self) -> None:
        for video, running in self.scheduler.running.items():
            wanted = self.scheduler.wanted.get(video)
            if self.scheduler.paused or (wanted and wanted.cancelled):
                assert running.task.number in self.stopped

    def teardown(self) -> None:
        """Let the lanes finish everything: each video that is still wanted must end settled or failed."""
        if not hasattr(self, "scheduler"):
            return
        self.scheduler.resume()
        for _ in range(500):
            if not self.at_work:
                break
            task = self.at_work[min(self.at_work)]
            self._end(task, Ending.STOPPED if task.number in self.stopped else Ending.DONE)
        assert self.scheduler.is_idle
        for wanted in self.scheduler.wanted.values():
            if not wanted.cancelled:
                assert Standing.DUE not in wanted.standing.values()


SchedulerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestScheduler = SchedulerMachine.TestCase


def test_a_video_removed_and_added_while_its_task_runs_is_not_lost() -> None:
    started: list[Task] = []
    scheduler = Scheduler(SPECS, SLOTS, start=started.append, stop=lambda _: None)
    scheduler.add(video_id(1), Facts())
    scheduler.remove(video_id(1))
    scheduler.add(video_id(1), Facts())
    assert len(started) == 1, "the old task still runs"
    scheduler.ended(outcome(started[0], Facts(), Ending.STOPPED))
    assert [task.stage for task in started] == ["look", "look"]


def test_what_was_found_is_searchable_first_and_early_videos_finish_early() -> None:
    started: list[Task] = []
    scheduler = Scheduler(SPECS, dict.fromkeys(SLOTS, 1), start=started.append, stop=lambda _: None)
    for number in range(3):
        scheduler.add(video_id(number), Facts())
    facts = Facts()
    result = outcome(started[0], facts, Ending.DONE)
    scheduler.ended(result)
    steps = [(task.video_id, task.stage) for task in started]
    assert steps == [(video_id(0), "look"), (video_id(0), "publish"), (video_id(1), "look")]
    assert result.known
    scheduler.ended(outcome(started[1], Facts(result.known.records), Ending.DONE))
    scheduler.ended(outcome(started[2], Facts(), Ending.DONE))
    assert (started[-1].video_id, started[-1].stage) == (video_id(0), "stills")


def test_a_failure_that_only_this_run_knows_is_not_tried_again_by_itself() -> None:
    started: list[Task] = []
    scheduler = Scheduler(SPECS, SLOTS, start=started.append, stop=lambda _: None)
    scheduler.add(video_id(1), Facts())
    on_disk = Facts()
    failed = 0
    while started:
        task = started.pop()
        ending = Ending.FAILED if task.stage == "words" else Ending.DONE
        failed += task.stage == "words"
        result = outcome(task, on_disk, ending)
        if result.known:
            on_disk = Facts(result.known.records)
        scheduler.ended(result)
    assert failed == 1
    scheduler.add(video_id(1), on_disk)
    assert [task.stage for task in started] == ["words"]
